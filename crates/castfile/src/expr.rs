//! The expressions of `if:` and `force:`: a subset of the expr-lang language.
//!
//! - literals: `1`, `0x2a`, `1.5`, `"text"`, `'text'`, `` `raw` ``, `true`, `false`, `nil`,
//!   `[1, 2]`, `{a: 1, "b": 2}`
//! - names: `env.HOME`, `outputs["build"].TAG`, `a?.b`, `list[-1]`, `list[1:3]`, `$env["os"]`; a name
//!   which is not defined is nil, an absent key too, but in a map of strings it is `""`
//! - `and` `&&`, `or` `||`, `not` `!`, `== != < <= > >=`, `in`, `contains`, `startsWith`,
//!   `endsWith`, `matches` (each also after `not`), `+ - * / % **`, `a..b`, `??`, `c ? x : y`,
//!   `x | f(y)`, `let x = 1; x + 1`
//! - `len lower upper trim trimPrefix trimSuffix split join replace repeat indexOf lastIndexOf
//!   hasPrefix hasSuffix int float string abs min max floor ceil round sum first last take reverse
//!   keys values type toJSON`
//! - `all any none one filter map find findIndex count`, whose second argument is an expression
//!   evaluated for each element: `any(args, # startsWith "-")`, `filter(list, {.size > 1})`
//!
//! As in expr-lang, `/` and `**` give floats, `and`, `or`, `not` and `?:` want booleans, values of
//! different kinds are unequal but cannot be ordered, and reading a member of nil is an error.
//! Different from it: integers do not wrap around, division by zero is an error, positions in
//! strings count characters, and there are no dates, structs or further functions.

mod ast;
mod call;
mod error;
mod eval;
mod functions;
mod lexer;
mod operators;
mod parser;

use crate::value::{Map, Value};

pub use error::{ExprError, ExprErrorKind};

/// The names an expression can use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    names: Map,
}

impl Scope {
    /// A scope without names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name`, or replaces its value.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.names.insert(name, value);
    }

    /// The value of `name`, if it is defined.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.names.get(name)
    }
}

impl From<Map> for Scope {
    fn from(names: Map) -> Self {
        Self { names }
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Scope {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(names: I) -> Self {
        Self {
            names: names.into_iter().collect(),
        }
    }
}

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    root: ast::Node,
}

impl Expr {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// [`ExprError`] with the bytes of `text` it is about; also for unknown functions, a wrong
    /// number of arguments and `${{ … }}` around the expression.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        Ok(Self {
            root: parser::parse(text)?,
        })
    }

    /// The value of the expression.
    ///
    /// # Errors
    ///
    /// [`ExprError`] when an operation does not fit its operands, a number overflows, or the
    /// evaluation takes too long.
    pub fn eval(&self, scope: &Scope) -> Result<Value, ExprError> {
        eval::eval(&self.root, &scope.names)
    }

    /// The names the expression takes from its scope, sorted, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.names(&mut names);
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whether a result counts as true: only the boolean does. Any other kind of value, `"true"` and `1`
/// included, counts as false, as upstream.
pub fn truth(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

#[cfg(test)]
mod tests;
