//! Go templates with the functions of sprig, as in `template: gotmpl`.
//!
//! This is the language of Go's `text/template`: actions in `{{ }}`, trimming with `{{-` and
//! `-}}`, comments, pipelines, variables, `if`, `with`, `range` (with `break` and `continue`),
//! `define`, `template` and `block`. Missing from it are methods, `call`, complex numbers and
//! alternative delimiters.
//!
//! The functions are those of text/template and most of sprig v3, see [`function_names`]. Left out are
//! cryptography beyond `sha256sum`, semantic versions, network access and parsing of dates.
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
//! - positions and lengths in strings (`trunc`, `substr`, `slice`) count characters, except `len`;
//! - integers do not wrap around, and `b64dec`, `fromJson` and the regular expressions report bad
//!   input instead of giving an empty text;
//! - the environment of `env` and `expandenv` is the map `env` of the data.

mod ast;
mod date;
mod error;
mod eval;
mod evaluated;
mod functions;
mod lexer;
mod parser;
mod printf;

use crate::value::Value;
use std::collections::BTreeMap;
use std::time::SystemTime;

pub use error::{TemplateError, TemplateErrorKind};
pub use functions::names as function_names;

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
pub struct Template {
    name: String,
    root: Vec<ast::Node>,
    defined: BTreeMap<String, Vec<ast::Node>>,
}

impl Template {
    /// Reads a template. `name` is what `{{ template }}` calls the whole text by.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] with the bytes of `text` it is about; also for unknown functions and
    /// variables, and for a wrong number of arguments.
    pub fn parse(name: &str, text: &str) -> Result<Self, TemplateError> {
        parser::parse(name, text)
    }

    /// The body of the template of this name.
    fn body(&self, name: &str) -> Option<&[ast::Node]> {
        match self.defined.get(name) {
            Some(body) => Some(body),
            None => (name == self.name).then_some(&self.root),
        }
    }

    /// Renders the template with `data` as its `.` and `$`.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] when a function does not fit its arguments or reports a failure, a field
    /// is taken from something without fields, a template is not defined, or the output or the work
    /// for it exceeds the limits.
    pub fn render(&self, data: &Value, options: &RenderOptions) -> Result<String, TemplateError> {
        eval::render(self, data, options)
    }
}

#[cfg(test)]
mod tests;
