//! Go templates with the functions of sprig, as in `template: gotmpl`.
//!
//! The language and most functions are those of the crate `go_template`: actions in `{{ }}`,
//! pipelines, variables, `if`, `with`, `range`, `define` and so on. [`function_names`] has all
//! functions. Left out are keys and certificates, semantic versions, network access, parsing of
//! dates, and `call`.
//!
//! Nothing is escaped: `frostyeti/cast` v0.3.2 uses `html/template`, which turns `'` into `&#39;`
//! even in scripts. A template which uses an unknown function is refused as a whole, since it is
//! most likely meant for another program: `{{upstreams 8000}}` must not become nothing.
//!
//! As in Go, an absent key prints `<no value>`, `if` takes nil, false, 0 and whatever is empty for
//! false, maps are walked by key, and `eq` compares only values of like kind. Different from Go:
//!
//! - `set`, `unset` and `merge` change the map only if it is held in a variable (`$d`, `$d.part`),
//!   and other variables which were given the same map keep the old one;
//! - positions and lengths in strings (`trunc`, `substr`, `abbrev`, `slice`) count characters;
//! - integers do not wrap around, and `b64dec`, `fromJson` and the regular expressions report bad
//!   input instead of giving an empty text;
//! - the environment of `env` and `expandenv` is the map `env` of the data.

mod date;
mod functions;

use crate::value::Value;
use go_template::Data;
use std::time::SystemTime;
use yaml_tree::nearest;

pub use functions::names as function_names;
pub use go_template::{TemplateError, TemplateErrorKind};

/// What a template takes from outside besides its data.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RenderOptions {
    /// The time of `now`.
    pub now: SystemTime,
    /// The name of the time zone `date` uses, as in the IANA database (`Europe/Zurich`). UTC when
    /// absent or not known to the system.
    pub time_zone: Option<String>,
}

impl RenderOptions {
    /// Options with the time of `now`, and UTC.
    pub fn new(now: SystemTime) -> Self {
        Self {
            now,
            time_zone: None,
        }
    }
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template(go_template::Template);

impl Template {
    /// Reads a template. `name` is what `{{ template }}` calls the whole text by.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] with the bytes of `text` it is about; also for unknown functions and
    /// variables, and for a wrong number of arguments.
    pub fn parse(name: &str, text: &str) -> Result<Self, TemplateError> {
        let render = RenderOptions::new(SystemTime::UNIX_EPOCH);
        let options = functions::options(&render, &Value::Null);
        let parsed = go_template::Template::parse(name, text, &options);
        parsed.map(Self).map_err(|mut error| {
            if let TemplateErrorKind::UnknownFunction {
                name, suggestion, ..
            } = &mut error.kind
            {
                *suggestion = nearest(name, function_names());
            }
            error
        })
    }

    /// Renders the template with `data` as its `.` and `$`.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] when a function does not fit its arguments or reports a failure, a field
    /// is taken from something without fields, a template is not defined, or the output or the work
    /// for it exceeds the limits.
    pub fn render(&self, data: &Value, options: &RenderOptions) -> Result<String, TemplateError> {
        let options = functions::options(options, data);
        let rendered = self.0.render(&to_data(data), &options);
        rendered.map_err(|mut error| {
            if let TemplateErrorKind::UnknownTemplate { name, suggestion } = &mut error.kind {
                *suggestion = nearest(name, self.0.names()).map(str::to_owned);
            }
            error
        })
    }
}

/// A value as templates have it.
fn to_data(value: &Value) -> Data {
    match value {
        Value::Null => Data::Nil,
        Value::Bool(flag) => Data::Bool(*flag),
        Value::Int(number) => Data::Int(*number),
        Value::Float(number) => Data::Float(*number),
        Value::Str(text) => Data::Text(text.clone()),
        Value::List(items) => Data::list(items.iter().map(to_data).collect()),
        Value::Map(map) => match map.texts() {
            Some(texts) => Data::text_map(texts),
            None => Data::dict(
                map.iter()
                    .map(|(key, value)| (key.to_owned(), to_data(value))),
            ),
        },
        Value::Time(time) => functions::time(*time),
    }
}

#[cfg(test)]
mod tests;
