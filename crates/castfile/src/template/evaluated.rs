//! Values during a rendering, borrowed where possible, and what is taken from them.

use super::ast::{Field, Pipeline};
use super::error::{TemplateError, TemplateErrorKind};
use crate::value::Value;
use std::borrow::Cow;
use std::ops::Range;

/// A value, borrowed from the data where possible.
#[derive(Clone, Debug)]
pub(super) enum Evaluated<'d> {
    /// What reading an absent key gives: no error when a field is taken from it.
    Absent,
    Value(Cow<'d, Value>),
}

impl<'d> Evaluated<'d> {
    pub(super) fn get(&self) -> &Value {
        match self {
            Self::Absent => &Value::Null,
            Self::Value(value) => value,
        }
    }

    pub(super) fn into_cow(self) -> Cow<'d, Value> {
        match self {
            Self::Absent => Cow::Owned(Value::Null),
            Self::Value(value) => value,
        }
    }
}

impl From<Value> for Evaluated<'_> {
    fn from(value: Value) -> Self {
        Self::Value(Cow::Owned(value))
    }
}

/// Boxed since every step returns one of these.
pub(super) type Failure = Box<TemplateError>;

pub(super) fn fail<T>(kind: TemplateErrorKind, range: &Range<usize>) -> Result<T, Failure> {
    Err(Box::new(TemplateError::new(kind, range.clone())))
}

/// What `range` walks.
pub(super) enum Items<'d> {
    List(Vec<(Value, Evaluated<'d>)>),
    /// The integers below this.
    Count(i64),
}

/// What `range` walks, with indexes or keys.
pub(super) fn items<'d>(value: Cow<'d, Value>, pipeline: &Pipeline) -> Result<Items<'d>, Failure> {
    let borrowed = |item| Evaluated::Value(Cow::Borrowed(item));
    let list: Vec<(Value, Evaluated<'d>)> = match value {
        Cow::Borrowed(Value::List(items)) => items
            .iter()
            .enumerate()
            .map(|(i, item)| (i.into(), borrowed(item)))
            .collect(),
        Cow::Borrowed(Value::Map(map)) => map
            .iter()
            .map(|(key, item)| (key.into(), borrowed(item)))
            .collect(),
        other => match other.into_owned() {
            Value::List(items) => items
                .into_iter()
                .enumerate()
                .map(|(i, item)| (i.into(), item.into()))
                .collect(),
            Value::Map(map) => map
                .into_iter()
                .map(|(key, item)| (key.into(), item.into()))
                .collect(),
            Value::Null => Vec::new(),
            Value::Int(count) if pipeline.variables.len() < 2 => {
                return Ok(Items::Count(count));
            }
            other => {
                let mut found = describe(&other);
                if matches!(other, Value::Int(_)) {
                    found.push_str(" with two variables");
                }
                return fail(TemplateErrorKind::NotIterable { found }, &pipeline.range);
            }
        },
    };
    Ok(Items::List(list))
}

/// The value under these fields.
pub(super) fn place<'v>(value: &'v mut Value, fields: &[Field]) -> Option<&'v mut Value> {
    fields.iter().try_fold(value, |value, field| match value {
        Value::Map(map) => map.get_mut(&field.name),
        _ => None,
    })
}

/// The size of what a copy of the value copies.
pub(super) fn owned_size(value: &Evaluated<'_>) -> usize {
    match value {
        Evaluated::Value(Cow::Owned(value)) => value.weight().size,
        _ => 0,
    }
}

/// The value under these fields, copied only at the end: what holds them may be large.
pub(super) fn fields<'d>(held: &Evaluated<'d>, names: &[Field]) -> Result<Evaluated<'d>, Failure> {
    let Evaluated::Value(Cow::Owned(value)) = held else {
        return names.iter().try_fold(held.clone(), field);
    };
    let mut value = value;
    for name in names {
        let Value::Map(map) = value else {
            return no_field(name, value);
        };
        let Some(inner) = map.get(&name.name) else {
            return Ok(Evaluated::Absent);
        };
        value = inner;
    }
    Ok(value.clone().into())
}

/// `.name` behind a value.
pub(super) fn field<'d>(value: Evaluated<'d>, field: &Field) -> Result<Evaluated<'d>, Failure> {
    let value = match value {
        Evaluated::Absent => return Ok(Evaluated::Absent),
        Evaluated::Value(value) => value,
    };
    match value {
        Cow::Borrowed(Value::Map(map)) => {
            Ok(map.get(&field.name).map_or(Evaluated::Absent, |inner| {
                Evaluated::Value(Cow::Borrowed(inner))
            }))
        }
        Cow::Owned(Value::Map(mut map)) => Ok(map
            .remove(&field.name)
            .map_or(Evaluated::Absent, Into::into)),
        other => no_field(field, &other),
    }
}

fn no_field<T>(field: &Field, value: &Value) -> Result<T, Failure> {
    let kind = TemplateErrorKind::Field {
        field: field.name.clone(),
        found: describe(value),
    };
    fail(kind, &field.range)
}

/// A value for a message: its kind, with an article.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Int(_) => "an integer".to_owned(),
        other => format!("a {}", other.kind()),
    }
}
