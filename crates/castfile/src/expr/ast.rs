//! The tree of an expression.

use super::functions::{Function, Predicate};
use crate::value::Value;
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Literal(Value),
    Name(String),
    /// `$env`: all names.
    AllNames,
    /// `#`: the element a predicate is evaluated for.
    Element,
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// `base[key]`, `base.key`; with `?.` the chain ends in nil when the base is nil.
    Member {
        base: Box<Node>,
        key: Box<Node>,
        optional: bool,
    },
    /// `base[from:to]`.
    Slice {
        base: Box<Node>,
        from: Option<Box<Node>>,
        to: Option<Box<Node>>,
    },
    /// What a `?.` inside may end early.
    Chain(Box<Node>),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    /// `c ? x : y`; `c ?: y` has no `then` and gives the condition itself.
    Conditional {
        condition: Box<Node>,
        then: Option<Box<Node>>,
        otherwise: Box<Node>,
    },
    Let {
        name: String,
        value: Box<Node>,
        body: Box<Node>,
    },
    Call(Function, Vec<Node>),
    Predicate {
        function: Predicate,
        list: Box<Node>,
        body: Option<Box<Node>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unary {
    Not,
    Minus,
    Plus,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Coalesce,
}

impl Binary {
    /// The operator as written, with how tightly it binds.
    pub(super) fn from_text(text: &str) -> Option<(Self, u8)> {
        Some(match text {
            "or" | "||" => (Self::Or, 10),
            "and" | "&&" => (Self::And, 15),
            "==" => (Self::Equal, 20),
            "!=" => (Self::NotEqual, 20),
            "<" => (Self::Less, 20),
            "<=" => (Self::LessOrEqual, 20),
            ">" => (Self::Greater, 20),
            ">=" => (Self::GreaterOrEqual, 20),
            "in" => (Self::In, 20),
            "contains" => (Self::Contains, 20),
            "startsWith" => (Self::StartsWith, 20),
            "endsWith" => (Self::EndsWith, 20),
            "matches" => (Self::Matches, 20),
            ".." => (Self::Range, 25),
            "+" => (Self::Add, 30),
            "-" => (Self::Subtract, 30),
            "*" => (Self::Multiply, 60),
            "/" => (Self::Divide, 60),
            "%" => (Self::Remainder, 60),
            "**" | "^" => (Self::Power, 100),
            "??" => (Self::Coalesce, 120),
            _ => return None,
        })
    }

    /// Whether `not` may stand before it.
    pub(super) fn is_negatable(self) -> bool {
        matches!(
            self,
            Self::In | Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches
        )
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Matches => "matches",
            Self::Range => "..",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "**",
            Self::Coalesce => "??",
        }
    }
}

impl Node {
    /// The names used which no `let` defines.
    pub(super) fn names<'n>(&'n self, names: &mut Vec<&'n str>) {
        let mut inner = |node: &'n Self| node.names(names);
        match &self.kind {
            Kind::Name(name) => names.push(name),
            Kind::Literal(_) | Kind::AllNames | Kind::Element => {}
            Kind::List(nodes) | Kind::Call(_, nodes) => nodes.iter().for_each(inner),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    inner(key);
                    inner(value);
                }
            }
            Kind::Member { base, key, .. } => [base, key].into_iter().for_each(|node| inner(node)),
            Kind::Slice { base, from, to } => {
                inner(base);
                from.iter().chain(to).for_each(|node| inner(node));
            }
            Kind::Chain(node) | Kind::Unary(_, node) => inner(node),
            Kind::Binary(_, left, right) => [left, right].into_iter().for_each(|node| inner(node)),
            Kind::Conditional {
                condition,
                then,
                otherwise,
            } => {
                [condition, otherwise]
                    .into_iter()
                    .chain(then)
                    .for_each(|node| inner(node));
            }
            Kind::Let { name, value, body } => {
                inner(value);
                let mut used = Vec::new();
                body.names(&mut used);
                names.extend(used.into_iter().filter(|used| used != name));
            }
            Kind::Predicate { list, body, .. } => {
                inner(list);
                if let Some(body) = body {
                    inner(body);
                }
            }
        }
    }
}
