//! Go's `text/template` with the functions of sprig.
//!
//! Text, actions with trimming (`{{-`), comments, fields, variables, pipelines, parentheses, `if`,
//! `with` and `range` with `else`, `break`, `continue`, `define`, `template` and `block`; the
//! functions of `text/template` and of [sprig](https://masterminds.github.io/sprig/). What a
//! template gives is what Go 1.24 gives, and what it refuses is refused here. Missing are methods,
//! complex numbers, other delimiters, and bytes that are no text.
//!
//! ```
//! use go_template::{Data, Options, Own, Param, Sprig, Template};
//!
//! let mut options = Options::new(Sprig::V3_3);
//! let host = |_: &mut _, arguments: &[Data]| Ok(Data::Text(format!("{}.example", arguments[0])));
//! options.own.push(Own::new("host", &[Param::Text], host));
//!
//! let text = "{{ range .names }}{{ host . | quote }} {{ end }}{{ .none }}";
//! let template = Template::parse("hosts", text, &options)?;
//! let data = Data::dict([("names".to_owned(), Data::texts(["a", "b"]))]);
//! assert_eq!(template.render(&data, &options)?, r#""a.example" "b.example" <no value>"#);
//!
//! let error = Template::parse("bad", "a {{ nope }}", &options).unwrap_err();
//! assert_eq!(error.to_string(), "unknown function `nope`");
//! assert_eq!((error.start, error.end), (5, 9));
//! # Ok::<(), go_template::TemplateError>(())
//! ```
//!
//! - [`Data`] has the types that Go tells apart, since functions do: `repeat (add 1 2) "a"` fails,
//!   because `add` gives an `int64` and `repeat` wants an `int`.
//! - An absent key prints `<no value>` and has no fields, as with `missingkey=default`; an absent
//!   field of a [record](Data::Record) is an error.
//! - [`Options`] say which sprig there is, which functions the caller adds, and how much a rendering
//!   may do. Nothing is read from outside: a function whose result depends on the clock, on chance
//!   or on the machine is the caller's, or ends in an error of its own.
//! - [`TemplateError`] has the place in the text.
//!
//! Maps are walked and printed by key, also by `keys` and `values`, where Go has no order.

mod ast;
mod call;
mod constant;
mod error;
mod eval;
mod format;
mod functions;
mod lexer;
mod options;
mod parser;
mod printf;
mod value;

use std::collections::BTreeMap;

pub use error::{TemplateError, TemplateErrorKind};
pub use options::{Limits, Meter, Options, Outcome, Own, Param, Run, Sprig, Trouble};
pub use value::{Data, Dict, Foreign, Item, Record, Records};

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
    /// variables.
    pub fn parse(name: &str, text: &str, options: &Options<'_>) -> Result<Self, TemplateError> {
        parser::parse(name, text, options)
    }

    /// The names of the templates that it defines.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.defined.keys().map(String::as_str)
    }

    /// The body of the template of this name.
    fn body(&self, name: &str) -> Option<&[ast::Node]> {
        match self.defined.get(name) {
            Some(body) => Some(body),
            None => (name == self.name).then_some(&self.root),
        }
    }

    /// Renders the template with `data` as its `.` and `$`, and the options it was read with.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] when a function does not fit its arguments or reports a failure, a field
    /// is taken from something without fields, a template is not defined, or the output or the work
    /// for it exceeds the limits.
    pub fn render(&self, data: &Data, options: &Options<'_>) -> Result<String, TemplateError> {
        eval::render(self, data, options)
    }
}

#[cfg(test)]
mod tests;
