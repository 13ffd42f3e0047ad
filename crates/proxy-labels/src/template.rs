//! Go's `text/template` with the functions of sprig, as both proxies use it.
//!
//! Text, actions with trimming, fields, variables, pipelines, parentheses, `if`, `with`, `range`
//! with `else`, `break`, `continue`, `define`, `template`, `block`; the builtin functions and those
//! of sprig. Types are told apart as Go does, since a function that gets a value of another type
//! fails. Functions whose result cannot be foretold (the clock, chance, the environment, keys) are
//! known, and calling one is an error of its own kind.

mod constant;
mod data;
mod format;
mod functions;
mod lexer;
mod parser;
mod printf;
mod render;

use std::fmt;

pub(crate) use data::Data;
pub(crate) use functions::Param;

/// A parsed template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    parsed: parser::Parsed,
}

/// Why a template cannot be read or rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    pub(crate) message: String,
    /// Where, in bytes of the template.
    pub(crate) at: usize,
    /// The real program renders it, but with a result that nobody can foretell.
    pub(crate) unknowable: bool,
}

impl TemplateError {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
            unknowable: false,
        }
    }

    fn unknowable(at: usize, function: &str) -> Self {
        Self {
            message: format!("what `{function}` gives cannot be foretold"),
            at,
            unknowable: true,
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A function that the caller adds.
pub(crate) struct Own<'f> {
    pub(crate) name: &'static str,
    /// The types of its arguments.
    pub(crate) params: &'static [Param],
    /// The type of any more arguments.
    pub(crate) rest: Option<Param>,
    pub(crate) run: &'f dyn Fn(&[Data]) -> Result<Data, String>,
}

impl Own<'_> {
    fn function(&self) -> functions::Function {
        functions::Function {
            params: self.params,
            rest: self.rest,
            run: |_| Ok(Data::Nil),
        }
    }
}

impl Template {
    /// Reads a template. The names of functions are looked at when they are called.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let parsed = parser::parse(text)?;
        Ok(Self { parsed })
    }

    /// Whether all functions are known here or among `own`: Go refuses a template before it runs
    /// otherwise.
    pub(crate) fn check(&self, own: &[Own<'_>]) -> Result<(), TemplateError> {
        let known =
            |name: &str| own.iter().any(|own| own.name == name) || functions::find(name).is_some();
        match self
            .parsed
            .functions()
            .into_iter()
            .find(|name| !known(name))
        {
            Some(name) => {
                let message = format!("function \"{name}\" not defined");
                Err(TemplateError::new(0, message))
            }
            None => Ok(()),
        }
    }

    /// The template with `data` as its dot.
    pub(crate) fn render(&self, data: &Data, own: &[Own<'_>]) -> Result<String, TemplateError> {
        render::render(&self.parsed, data, own)
    }
}

/// Whether a text has any template in it: others need not be parsed.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.contains("{{")
}

#[cfg(test)]
mod tests;
