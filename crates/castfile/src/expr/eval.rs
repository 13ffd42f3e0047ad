//! The tree to a value.

use super::ast::{Binary, Kind, Node, Unary};
use super::error::{ExprError, ExprErrorKind};
use super::functions::{Function, Predicate};
use super::{call, operators};
use crate::value::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

/// How much work one evaluation may do: about one unit per node evaluated and per byte produced.
const MAX_WORK: usize = 5_000_000;

/// Why an evaluation stopped.
pub(super) enum Stop {
    /// Boxed since every step of the evaluation returns one of these.
    Error(Box<ExprError>),
    /// A `?.` found nil: the chain around it is nil.
    Nil,
}

impl From<ExprError> for Stop {
    fn from(error: ExprError) -> Self {
        Self::Error(Box::new(error))
    }
}

/// Values of the scope are borrowed, all others owned.
pub(super) type Evaluated<'s> = Result<Cow<'s, Value>, Stop>;

pub(super) fn eval(root: &Node, names: &Map) -> Result<Value, ExprError> {
    let mut evaluator = Evaluator {
        names,
        elements: Vec::new(),
        variables: Vec::new(),
        work: MAX_WORK,
    };
    match evaluator.node(root) {
        Ok(value) => Ok(value.into_owned()),
        Err(Stop::Nil) => Ok(Value::Null),
        Err(Stop::Error(error)) => Err(*error),
    }
}

pub(super) fn fail<T>(kind: ExprErrorKind, range: &Range<usize>) -> Result<T, Stop> {
    Err(ExprError::new(kind, range.clone()).into())
}

pub(super) struct Evaluator<'s> {
    names: &'s Map,
    /// The elements of the predicates around, the innermost last.
    elements: Vec<Value>,
    /// Set by `let`, the innermost last.
    variables: Vec<(String, Value)>,
    work: usize,
}

impl<'s> Evaluator<'s> {
    /// Takes `amount` of the work left.
    pub(super) fn charge(&mut self, amount: usize, range: &Range<usize>) -> Result<(), Stop> {
        match self.work.checked_sub(amount) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => fail(ExprErrorKind::TooMuchWork, range),
        }
    }

    pub(super) fn node(&mut self, node: &Node) -> Evaluated<'s> {
        self.charge(1, &node.range)?;
        let value = self.kind(node)?;
        if let Cow::Owned(value) = &value {
            self.charge(value.weight().size, &node.range)?;
        }
        Ok(value)
    }

    // Each kind has a function of its own, so that a deep tree needs little stack.
    fn kind(&mut self, node: &Node) -> Evaluated<'s> {
        let range = &node.range;
        match &node.kind {
            Kind::Literal(value) => owned(value.clone()),
            Kind::Name(name) => self.name(name),
            Kind::AllNames => owned(Value::Map(self.names.clone())),
            Kind::Element => owned(self.elements.last().cloned().unwrap_or_default()),
            Kind::List(nodes) => self
                .nodes(nodes)
                .map(|items| Cow::Owned(Value::List(items))),
            Kind::Map(entries) => self.map(entries),
            Kind::Member {
                base,
                key,
                optional,
            } => self.member(base, key, *optional),
            Kind::Slice { base, from, to } => {
                self.slice(base, from.as_deref(), to.as_deref(), range)
            }
            Kind::Chain(inner) => match self.node(inner) {
                Err(Stop::Nil) => owned(Value::Null),
                other => other,
            },
            Kind::Unary(operator, operand) => self.unary(*operator, operand, range),
            Kind::Binary(..) => self.binary(node),
            Kind::Conditional {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then.as_deref(), otherwise),
            Kind::Let { name, value, body } => self.variable(name, value, body),
            Kind::Call(function, arguments) => self.call(*function, arguments, range),
            Kind::Predicate {
                function,
                list,
                body,
            } => self
                .predicate(*function, list, body.as_deref())
                .map(Cow::Owned),
        }
    }

    fn name(&self, name: &str) -> Evaluated<'s> {
        if let Some((_, value)) = self.variables.iter().rev().find(|(set, _)| set == name) {
            return owned(value.clone());
        }
        Ok(self
            .names
            .get(name)
            .map_or(Cow::Owned(Value::Null), Cow::Borrowed))
    }

    fn map(&mut self, entries: &[(Node, Node)]) -> Evaluated<'s> {
        let mut map = Map::new();
        for (key, value) in entries {
            let name = match self.node(key)?.into_owned() {
                Value::Str(name) => name,
                other => return argument("{…}", "strings as keys", &other, &key.range),
            };
            map.insert(name, self.node(value)?.into_owned());
        }
        owned(Value::Map(map))
    }

    fn member(&mut self, base: &Node, key: &Node, optional: bool) -> Evaluated<'s> {
        let base = self.node(base)?;
        if optional && *base == Value::Null {
            return Err(Stop::Nil);
        }
        let at = &key.range;
        let key = self.node(key)?;
        operators::member(base, &key, at)
    }

    fn slice(
        &mut self,
        base: &Node,
        from: Option<&Node>,
        to: Option<&Node>,
        range: &Range<usize>,
    ) -> Evaluated<'s> {
        let base = self.node(base)?;
        let mut bound = |node: Option<&Node>| match node {
            None => Ok(None),
            Some(node) => match self.node(node)?.as_ref() {
                Value::Int(value) => Ok(Some(*value)),
                other => argument("[:]", "integers", other, &node.range),
            },
        };
        let (from, to) = (bound(from)?, bound(to)?);
        operators::slice(&base, from, to, range).map(Cow::Owned)
    }

    fn unary(&mut self, operator: Unary, operand: &Node, range: &Range<usize>) -> Evaluated<'s> {
        let operand = self.node(operand)?;
        operators::unary(operator, &operand, range).map(Cow::Owned)
    }

    fn conditional(
        &mut self,
        condition: &Node,
        then: Option<&Node>,
        otherwise: &Node,
    ) -> Evaluated<'s> {
        let value = self.node(condition)?;
        let Value::Bool(truth) = *value else {
            return argument("?:", "a boolean", &value, &condition.range);
        };
        match (truth, then) {
            (true, Some(then)) => self.node(then),
            (true, None) => Ok(value),
            (false, _) => self.node(otherwise),
        }
    }

    fn variable(&mut self, name: &str, value: &Node, body: &Node) -> Evaluated<'s> {
        let value = self.node(value)?.into_owned();
        self.variables.push((name.to_owned(), value));
        let result = self.node(body);
        self.variables.pop();
        result
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Node],
        range: &Range<usize>,
    ) -> Evaluated<'s> {
        let arguments = self.nodes(arguments)?;
        call::call(self, function, arguments, range).map(Cow::Owned)
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Vec<Value>, Stop> {
        nodes
            .iter()
            .map(|node| {
                let value = self.node(node)?;
                if let Cow::Borrowed(value) = &value {
                    self.charge(value.weight().size, &node.range)?;
                }
                Ok(value.into_owned())
            })
            .collect()
    }

    /// `a + b - c` is a tree leaning to the left. It is walked down first and then calculated
    /// upwards, without recursion.
    fn binary(&mut self, node: &Node) -> Evaluated<'s> {
        let mut spine = Vec::new();
        let mut innermost = node;
        while let Kind::Binary(operator, left, right) = &innermost.kind {
            spine.push((*operator, left, right, &innermost.range));
            innermost = left;
        }
        let mut value = self.node(innermost)?;
        while let Some((operator, left, right, range)) = spine.pop() {
            self.charge(1, range)?;
            value = match operator {
                Binary::Coalesce if *value == Value::Null => self.node(right)?,
                Binary::Coalesce => value,
                Binary::And | Binary::Or => {
                    let first = logical(operator, &value, left)?;
                    let result = if first == (operator == Binary::Or) {
                        first
                    } else {
                        logical(operator, &*self.node(right)?, right)?
                    };
                    Cow::Owned(Value::Bool(result))
                }
                _ => {
                    let other = self.node(right)?;
                    let result = operators::binary(self, operator, &value, &other, range)?;
                    self.charge(result.weight().size, range)?;
                    Cow::Owned(result)
                }
            };
        }
        Ok(value)
    }

    fn predicate(
        &mut self,
        function: Predicate,
        list: &Node,
        body: Option<&Node>,
    ) -> Result<Value, Stop> {
        let items = match self.node(list)?.into_owned() {
            Value::List(items) => items,
            other => return argument(function.name(), "a list", &other, &list.range),
        };
        let mut kept = Vec::new();
        let mut count = 0_usize;
        for (index, item) in items.iter().enumerate() {
            self.charge(item.weight().size, &list.range)?;
            let result = match body {
                None => item.clone(),
                Some(body) => {
                    self.elements.push(item.clone());
                    let result = self.node(body).map(Cow::into_owned);
                    self.elements.pop();
                    result?
                }
            };
            if function == Predicate::Map {
                kept.push(result);
                continue;
            }
            let Value::Bool(truth) = result else {
                let at = body.unwrap_or(list);
                return argument(
                    function.name(),
                    "a boolean for each element",
                    &result,
                    &at.range,
                );
            };
            count += usize::from(truth);
            match (function, truth) {
                (Predicate::All, false) | (Predicate::None, true) => return Ok(false.into()),
                (Predicate::Any, true) => return Ok(true.into()),
                (Predicate::Find, true) => return Ok(item.clone()),
                (Predicate::FindIndex, true) => return Ok(index.into()),
                (Predicate::Filter, true) => kept.push(item.clone()),
                _ => {}
            }
        }
        Ok(match function {
            Predicate::Map | Predicate::Filter => Value::List(kept),
            Predicate::Count => count.into(),
            Predicate::One => (count == 1).into(),
            Predicate::Any => false.into(),
            Predicate::All | Predicate::None => true.into(),
            Predicate::Find => Value::Null,
            Predicate::FindIndex => (-1).into(),
        })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside what may fail")]
fn owned<'s>(value: Value) -> Evaluated<'s> {
    Ok(Cow::Owned(value))
}

/// An operand of `and` or `or`.
fn logical(operator: Binary, value: &Value, node: &Node) -> Result<bool, Stop> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        other => {
            let operands = describe(other);
            fail(
                ExprErrorKind::Operands {
                    operator: operator.text(),
                    operands,
                },
                &node.range,
            )
        }
    }
}

/// A value for a message: its kind, with an article.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Int(_) => "an integer".to_owned(),
        other => format!("a {}", other.kind()),
    }
}

pub(super) fn argument<T>(
    function: &'static str,
    expected: &'static str,
    found: &Value,
    range: &Range<usize>,
) -> Result<T, Stop> {
    let found = describe(found);
    fail(
        ExprErrorKind::Argument {
            function,
            expected,
            found,
        },
        range,
    )
}

impl Unary {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::Minus => "-",
            Self::Plus => "+",
        }
    }
}
