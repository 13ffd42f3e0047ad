//! Go's `text/template`, as far as labels and default rules use it.
//!
//! Text, `{{ … }}` with and without trimming, fields, variables, pipelines, parentheses, `if`,
//! `else if`, `with`, `range`, `define`-less templates; the builtin functions and the common text
//! functions of sprig. A function that is not known here is an error, as one that Go does not know.

mod data;
mod functions;
mod lexer;
mod parser;
mod render;

use std::fmt;

pub(crate) use data::Data;

/// A parsed template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    nodes: Vec<parser::Node>,
}

/// Why a template cannot be read or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) message: String,
    /// Where, in bytes of the template.
    pub(crate) at: usize,
}

impl TemplateError {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { message, at }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A function the caller adds: `None` if it has none of that name.
pub(crate) type Extra<'f> = dyn FnMut(&str, &[Data]) -> Option<Result<Data, String>> + 'f;

impl Template {
    /// Reads a template. The names of functions are looked at when they are called.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let nodes = parser::parse(text)?;
        Ok(Self { nodes })
    }

    /// A function that is neither known here nor among `own`: Go refuses such a template before it
    /// runs.
    pub(crate) fn unknown_function(&self, own: &[&str]) -> Option<&str> {
        let mut names = Vec::new();
        parser::functions(&self.nodes, &mut names);
        names
            .into_iter()
            .find(|name| !own.contains(name) && !functions::is_known(name))
    }

    /// The template with `data` as its dot.
    pub(crate) fn render(
        &self,
        data: &Data,
        extra: &mut Extra<'_>,
    ) -> Result<String, TemplateError> {
        render::render(&self.nodes, data, extra)
    }
}

/// Whether a text has any template in it: others need not be parsed.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.contains("{{")
}

#[cfg(test)]
mod tests;
