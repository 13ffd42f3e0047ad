//! The rule language of Traefik v3: parsed with places, checked, printed.
//!
//! A rule is a Go expression: calls of matchers with string literals, `&&`, `||`, `!` and
//! parentheses. As in Go, a line may end after an operator or an opening parenthesis, not before
//! one.
//!
//! ```
//! use proxy_labels::rule;
//! use proxy_labels::traefik::Protocol;
//!
//! let parsed = rule::parse("Host(`a.example`) && (Path(\"/x\") || !Method(`POST`))")?;
//! assert_eq!(parsed.to_string(), "Host(`a.example`) && (Path(`/x`) || !Method(`POST`))");
//! assert_eq!(parsed.hosts(), ["a.example"]);
//! assert!(rule::check(&parsed, Protocol::Http).is_empty());
//!
//! let error = rule::parse("Host('a.example')").unwrap_err();
//! assert_eq!((error.span.start, error.span.end), (5, 16));
//! # Ok::<(), proxy_labels::rule::RuleError>(())
//! ```

mod check;
mod lexer;
mod matches;
mod parser;
mod print;

use std::ops::Range;

pub use check::{Matcher, Problem, check, matchers};
pub(crate) use check::{is_address_range, needs_tls};
pub use matches::{Answer, Request};
pub use parser::{RuleError, RuleErrorKind, parse};
pub(crate) use print::literal;

/// A parsed rule, or a part of one, with its place in the text.
///
/// Equality does not look at places and parentheses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// What an [`Expression`] is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ExpressionKind {
    /// A matcher.
    Call(Call),
    /// What does not match.
    Not(Box<Expression>),
    /// All of them, two or more.
    And(Vec<Expression>),
    /// Any of them, two or more.
    Or(Vec<Expression>),
    /// Parentheses.
    Group(Box<Expression>),
}

/// A matcher with its arguments, such as ``Host(`a.example`)``.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The name as written.
    pub name: String,
    /// Where the name stands.
    pub name_span: Range<usize>,
    /// The arguments.
    pub arguments: Vec<Argument>,
}

/// An argument: a string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// The text it stands for.
    pub value: String,
    /// Where the literal stands, its quotes included.
    pub span: Range<usize>,
}

impl Expression {
    /// All matchers in it, in order.
    pub fn calls(&self) -> Vec<&Call> {
        let mut calls = Vec::new();
        let mut open = vec![self];
        while let Some(expression) = open.pop() {
            match &expression.kind {
                ExpressionKind::Call(call) => calls.push(call),
                ExpressionKind::Not(inner) | ExpressionKind::Group(inner) => open.push(inner),
                ExpressionKind::And(parts) | ExpressionKind::Or(parts) => {
                    open.extend(parts.iter().rev());
                }
            }
        }
        calls
    }

    /// The names in its `Host` and `HostSNI` matchers: what Traefik asks certificates for.
    pub fn hosts(&self) -> Vec<&str> {
        let calls = self.calls().into_iter();
        calls
            .filter(|call| call.is("Host") || call.is("HostSNI"))
            .flat_map(|call| {
                call.arguments
                    .iter()
                    .map(|argument| argument.value.as_str())
            })
            .collect()
    }

    /// The expression inside any parentheses around it.
    pub fn inner(&self) -> &Self {
        let mut expression = self;
        while let ExpressionKind::Group(inner) = &expression.kind {
            expression = inner;
        }
        expression
    }
}

impl Call {
    /// Whether this is the matcher of that name. Traefik knows four spellings of each.
    pub fn is(&self, name: &str) -> bool {
        check::spelled(&self.name, name)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        match (&self.inner().kind, &other.inner().kind) {
            (ExpressionKind::Call(one), ExpressionKind::Call(other)) => {
                let values = |call: &Call| -> Vec<String> {
                    call.arguments.iter().map(|a| a.value.clone()).collect()
                };
                one.name == other.name && values(one) == values(other)
            }
            (ExpressionKind::Not(one), ExpressionKind::Not(other)) => one == other,
            (ExpressionKind::And(one), ExpressionKind::And(other))
            | (ExpressionKind::Or(one), ExpressionKind::Or(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Expression {}
