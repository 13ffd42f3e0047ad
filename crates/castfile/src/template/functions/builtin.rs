//! The functions of text/template itself.

use super::super::evaluated::describe;
use super::super::printf;
use super::{Arguments, Context, Function, MANY, Outcome, Run, function};
use crate::template::error::TemplateErrorKind;
use crate::value::Value;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "and",
        least: 1,
        most: MANY,
        run: Run::Logical { stops_at: false },
    },
    Function {
        name: "or",
        least: 1,
        most: MANY,
        run: Run::Logical { stops_at: true },
    },
    function("not", 1, 1, |_, mut arguments| {
        Ok(arguments.next().is_empty().into())
    }),
    function("len", 1, 1, len),
    function("index", 1, MANY, index),
    function("slice", 1, 4, slice),
    function("print", 0, MANY, |_, arguments| {
        Ok(printf::print(&arguments.rest()).into())
    }),
    function("println", 0, MANY, |_, arguments| {
        Ok(printf::println(&arguments.rest()).into())
    }),
    function("printf", 1, MANY, |context, mut arguments| {
        let format = arguments.text()?;
        printf::printf(&format, &arguments.rest(), |amount| context.charge(amount)).map(Value::Str)
    }),
    function("html", 1, MANY, |context, arguments| {
        let text = printf::print(&arguments.rest());
        context.charge(text.len() * 6)?;
        Ok(html(&text).into())
    }),
    function("urlquery", 1, MANY, |context, arguments| {
        let text = printf::print(&arguments.rest());
        context.charge(text.len() * 3)?;
        Ok(urlquery(&text).into())
    }),
    function("eq", 2, MANY, eq),
    function("ne", 2, 2, |context, arguments| {
        match eq(context, arguments)? {
            Value::Bool(equal) => Ok((!equal).into()),
            other => Ok(other),
        }
    }),
    function("lt", 2, 2, |_, arguments| {
        Ok(order(arguments)?.is_lt().into())
    }),
    function("le", 2, 2, |_, arguments| {
        Ok(order(arguments)?.is_le().into())
    }),
    function("gt", 2, 2, |_, arguments| {
        Ok(order(arguments)?.is_gt().into())
    }),
    function("ge", 2, 2, |_, arguments| {
        Ok(order(arguments)?.is_ge().into())
    }),
];

/// The length in elements; of a text in bytes, as in Go.
fn len(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    Ok(match arguments.next() {
        Value::Str(text) => text.len(),
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        other => return arguments.wants("a string, list or map", &other),
    }
    .into())
}

/// `index x 1 "a"` is `x[1]["a"]`.
fn index(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut value = arguments.next();
    while arguments.len() > 0 {
        let key = arguments.next();
        value = match (value, key) {
            (Value::Map(mut map), Value::Str(key)) => match map.remove(&key) {
                Some(value) => value,
                None => map.absent(),
            },
            (Value::List(mut items), Value::Int(index)) => match usize::try_from(index) {
                Ok(position) if position < items.len() => items.swap_remove(position),
                _ => {
                    return Err(TemplateErrorKind::OutOfRange {
                        index,
                        length: items.len(),
                    });
                }
            },
            (Value::Map(_), key) => return arguments.wants("a string for a map", &key),
            (Value::List(_), key) => return arguments.wants("an integer for a list", &key),
            (other, _) => return arguments.wants("a list or map", &other),
        };
    }
    Ok(value)
}

/// `slice x 1 3` is `x[1:3]`, for lists and texts; texts are counted in characters. A further
/// argument limits the capacity in Go and means nothing here.
fn slice(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    let length = match &value {
        Value::List(items) => items.len(),
        Value::Str(text) => text.chars().count(),
        other => return arguments.wants("a list or string", other),
    };
    let mut bound = |default: usize, least: usize| {
        if arguments.len() == 0 {
            return Ok(default);
        }
        let index = arguments.int()?;
        match usize::try_from(index) {
            Ok(bound) if (least..=length).contains(&bound) => Ok(bound),
            _ => Err(TemplateErrorKind::OutOfRange { index, length }),
        }
    };
    let start = bound(0, 0)?;
    let end = bound(length, start)?;
    Ok(match value {
        Value::List(mut items) => {
            items.truncate(end);
            items.drain(..start);
            Value::List(items)
        }
        Value::Str(text) => text
            .chars()
            .skip(start)
            .take(end - start)
            .collect::<String>()
            .into(),
        other => other,
    })
}

/// Whether the first argument equals any of the others.
fn eq(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let first = arguments.next();
    while arguments.len() > 0 {
        let other = arguments.next();
        let equal = match (&first, &other) {
            (Value::Null, _) | (_, Value::Null) => first == other,
            (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)) => {
                return incomparable(&arguments, &first, &other);
            }
            _ if first.kind() != other.kind() => {
                return incomparable(&arguments, &first, &other);
            }
            _ => first == other,
        };
        if equal {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

fn order(mut arguments: Arguments) -> Result<Ordering, TemplateErrorKind> {
    let (left, right) = (arguments.next(), arguments.next());
    let order = match (&left, &right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        _ => None,
    };
    order.map_or_else(|| incomparable(&arguments, &left, &right), Ok)
}

fn incomparable<T>(
    arguments: &Arguments,
    left: &Value,
    right: &Value,
) -> Result<T, TemplateErrorKind> {
    Err(TemplateErrorKind::Incomparable {
        function: arguments.function,
        left: describe(left),
        right: describe(right),
    })
}

fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\0' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

fn urlquery(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(byte.into());
            }
            b' ' => escaped.push('+'),
            byte => escaped.extend(format!("%{byte:02X}").chars()),
        }
    }
    escaped
}
