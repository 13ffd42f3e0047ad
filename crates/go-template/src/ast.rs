//! The tree of a template.

use std::ops::Range;

use crate::constant::Constant;
use crate::functions::Function;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipeline),
    /// `if` or `with`, its `else if`/`else with` branches, and what stands behind `else`.
    Branches {
        branches: Vec<Branch>,
        otherwise: Vec<Self>,
    },
    Range {
        pipeline: Pipeline,
        body: Vec<Self>,
        otherwise: Vec<Self>,
    },
    Template {
        name: String,
        range: Range<usize>,
        argument: Option<Pipeline>,
    },
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// `with` makes the value its `.`.
    pub(super) with: bool,
    pub(super) pipeline: Pipeline,
    pub(super) body: Vec<Node>,
}

#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    pub(super) range: Range<usize>,
    /// The variables before `:=` or `=`.
    pub(super) variables: Vec<String>,
    /// `=`: the variables exist already.
    pub(super) assign: bool,
    pub(super) commands: Vec<Command>,
}

#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) range: Range<usize>,
    /// At least one. Only a function has further ones.
    pub(super) operands: Vec<Operand>,
}

#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) range: Range<usize>,
    pub(super) term: Term,
    /// `.a.b` behind the term.
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Term {
    Dot,
    /// The name with its `$`; `$` alone is the data.
    Variable(String),
    Function(Callee),
    Nil,
    Literal(Constant),
    Pipeline(Box<Pipeline>),
}

/// A function as it is called in a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Callee {
    pub(super) name: &'static str,
    pub(super) function: Named,
}

/// Whose function it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    Known(&'static Function),
    /// One of the caller's, by its place among them.
    Own(usize),
}
