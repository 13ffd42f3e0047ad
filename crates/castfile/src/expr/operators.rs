//! What the operators do.

use super::ast::{Binary, Unary};
use super::error::ExprErrorKind;
use super::eval::{Evaluated, Evaluator, Stop, argument, describe, fail};
use crate::value::Value;
use go_std::regexp::Pattern;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// Greatest length of `a..b`, as in expr-lang.
const MAX_RANGE: u64 = 1_000_000;

/// `base[key]` and `base.key`.
pub(super) fn member<'s>(base: Cow<'s, Value>, key: &Value, range: &Range<usize>) -> Evaluated<'s> {
    match (&*base, key) {
        (Value::Map(map), Value::Str(name)) if !map.contains_key(name) => {
            Ok(Cow::Owned(map.absent()))
        }
        (Value::Map(_), Value::Str(name)) => Ok(match base {
            Cow::Borrowed(Value::Map(map)) => {
                map.get(name).map_or(Cow::Owned(Value::Null), Cow::Borrowed)
            }
            Cow::Owned(Value::Map(mut map)) => Cow::Owned(map.remove(name).unwrap_or_default()),
            _ => Cow::Owned(Value::Null),
        }),
        (Value::List(items), Value::Int(index)) => {
            let Some(position) = position(*index, items.len()) else {
                let kind = ExprErrorKind::OutOfRange {
                    index: *index,
                    length: items.len(),
                };
                return fail(kind, range);
            };
            Ok(match base {
                Cow::Borrowed(Value::List(items)) => Cow::Borrowed(&items[position]),
                Cow::Owned(Value::List(mut items)) => Cow::Owned(items.swap_remove(position)),
                _ => Cow::Owned(Value::Null),
            })
        }
        (Value::List(_), _) => argument("[]", "an integer for a list", key, range),
        (Value::Map(_), _) => argument("[]", "a string for a map", key, range),
        (other, _) => {
            let kind = ExprErrorKind::Fetch {
                member: key.to_string(),
                kind: other.kind(),
            };
            fail(kind, range)
        }
    }
}

/// The position in a list of `length`; negative ones count from the end.
fn position(index: i64, length: usize) -> Option<usize> {
    let index = if index < 0 {
        index.checked_add(i64::try_from(length).ok()?)?
    } else {
        index
    };
    usize::try_from(index).ok().filter(|index| *index < length)
}

/// `base[from:to]`; bounds outside are moved to the ends, as in expr-lang.
pub(super) fn slice(
    base: &Value,
    from: Option<i64>,
    to: Option<i64>,
    range: &Range<usize>,
) -> Result<Value, Stop> {
    let bounds = |length: usize| {
        let signed = i64::try_from(length).unwrap_or(i64::MAX);
        let clamp = |bound: i64| {
            let bound = if bound < 0 {
                bound.saturating_add(signed)
            } else {
                bound
            };
            usize::try_from(bound.clamp(0, signed)).unwrap_or(0)
        };
        let to = to.map_or(length, clamp);
        from.map_or(0, clamp).min(to)..to
    };
    match base {
        Value::List(items) => Ok(Value::List(items[bounds(items.len())].to_vec())),
        Value::Str(text) => {
            let bounds = bounds(text.chars().count());
            let part = text
                .chars()
                .skip(bounds.start)
                .take(bounds.len())
                .collect::<String>();
            Ok(part.into())
        }
        other => argument("[:]", "a list or string", other, range),
    }
}

pub(super) fn unary(operator: Unary, operand: &Value, range: &Range<usize>) -> Result<Value, Stop> {
    Ok(match (operator, operand) {
        (Unary::Not, Value::Bool(value)) => Value::Bool(!value),
        (Unary::Plus, Value::Int(_) | Value::Float(_)) => operand.clone(),
        (Unary::Minus, Value::Float(value)) => Value::Float(-value),
        (Unary::Minus, Value::Int(value)) => match value.checked_neg() {
            Some(value) => Value::Int(value),
            None => return fail(ExprErrorKind::Overflow { operator: "-" }, range),
        },
        _ => {
            let operands = describe(operand);
            return fail(
                ExprErrorKind::Operands {
                    operator: operator.text(),
                    operands,
                },
                range,
            );
        }
    })
}

/// All binary operators which need both operands.
pub(super) fn binary(
    evaluator: &mut Evaluator<'_>,
    operator: Binary,
    left: &Value,
    right: &Value,
    range: &Range<usize>,
) -> Result<Value, Stop> {
    // comparing and searching take as long as the operands are large
    evaluator.charge((left.weight().size + right.weight().size) / 16, range)?;
    let wrong = || {
        let operands = format!("{} and {}", describe(left), describe(right));
        fail(
            ExprErrorKind::Operands {
                operator: operator.text(),
                operands,
            },
            range,
        )
    };
    let value = match (operator, left, right) {
        (Binary::Equal, ..) => equal(left, right),
        (Binary::NotEqual, ..) => !equal(left, right),
        (Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual, ..) => {
            let Some(order) = order(left, right) else {
                return wrong();
            };
            match operator {
                Binary::Less => order.is_lt(),
                Binary::LessOrEqual => order.is_le(),
                Binary::Greater => order.is_gt(),
                _ => order.is_ge(),
            }
        }
        (Binary::In, _, Value::List(items)) => items.iter().any(|item| equal(left, item)),
        (Binary::In, Value::Str(key), Value::Map(map)) => map.contains_key(key),
        (Binary::In, _, Value::Null) => false,
        (Binary::Contains, Value::Str(text), Value::Str(part)) => text.contains(part.as_str()),
        (Binary::StartsWith, Value::Str(text), Value::Str(part)) => text.starts_with(part.as_str()),
        (Binary::EndsWith, Value::Str(text), Value::Str(part)) => text.ends_with(part.as_str()),
        (Binary::Matches, Value::Str(text), Value::Str(pattern)) => {
            evaluator.charge(1000 + pattern.len() * 10 + text.len(), range)?;
            match Pattern::within(pattern, 1 << 20) {
                Ok(regex) => regex.is_match(text),
                Err(message) => {
                    let pattern = pattern.clone();
                    return fail(ExprErrorKind::Pattern { pattern, message }, range);
                }
            }
        }
        (Binary::Add, Value::Str(left), Value::Str(right)) => {
            evaluator.charge(left.len() + right.len(), range)?;
            return Ok(format!("{left}{right}").into());
        }
        (Binary::Range, Value::Int(from), Value::Int(to)) => {
            if to < from {
                return Ok(Value::List(Vec::new()));
            }
            if to.abs_diff(*from) >= MAX_RANGE {
                return fail(ExprErrorKind::TooMuchWork, range);
            }
            return Ok(Value::List((*from..=*to).map(Value::Int).collect()));
        }
        _ => return arithmetic(operator, left, right, range).unwrap_or_else(wrong),
    };
    Ok(Value::Bool(value))
}

/// `None` when the operands are no numbers.
fn arithmetic(
    operator: Binary,
    left: &Value,
    right: &Value,
    range: &Range<usize>,
) -> Option<Result<Value, Stop>> {
    let overflow = || {
        fail(
            ExprErrorKind::Overflow {
                operator: operator.text(),
            },
            range,
        )
    };
    let integer = |value: Option<i64>| value.map_or_else(overflow, |value| Ok(Value::Int(value)));
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        let value = match operator {
            Binary::Add => left.checked_add(*right),
            Binary::Subtract => left.checked_sub(*right),
            Binary::Multiply => left.checked_mul(*right),
            Binary::Remainder if *right == 0 => {
                return Some(fail(ExprErrorKind::DivisionByZero, range));
            }
            Binary::Remainder => Some(left.wrapping_rem(*right)),
            _ => return Some(floats(operator, to_float(*left), to_float(*right), range)),
        };
        return Some(integer(value));
    }
    let (left, right) = (as_float(left)?, as_float(right)?);
    // the remainder of floats does not exist in expr-lang either
    (operator != Binary::Remainder).then(|| floats(operator, left, right, range))
}

fn floats(operator: Binary, left: f64, right: f64, range: &Range<usize>) -> Result<Value, Stop> {
    let value = match operator {
        Binary::Add => left + right,
        Binary::Subtract => left - right,
        Binary::Multiply => left * right,
        Binary::Divide if right == 0.0 => return fail(ExprErrorKind::DivisionByZero, range),
        Binary::Divide => left / right,
        Binary::Power => left.powf(right),
        _ => {
            let operands = "numbers with a fraction".to_owned();
            return fail(
                ExprErrorKind::Operands {
                    operator: operator.text(),
                    operands,
                },
                range,
            );
        }
    };
    if value.is_finite() {
        Ok(Value::Float(value))
    } else {
        fail(
            ExprErrorKind::Overflow {
                operator: operator.text(),
            },
            range,
        )
    }
}

/// The nearest float.
#[expect(clippy::cast_precision_loss, reason = "as expr-lang converts")]
pub(super) fn to_float(value: i64) -> f64 {
    value as f64
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(to_float(*value)),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

/// Equality as of `==`: numbers by value, everything else only within its kind.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| equal(a, b))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(a, b)| a.0 == b.0 && equal(a.1, b.1))
        }
        _ => match (as_float(left), as_float(right)) {
            #[expect(clippy::float_cmp, reason = "exact, as in expr-lang")]
            (Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

/// `None` when the two cannot be ordered.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
        _ => as_float(left)?.partial_cmp(&as_float(right)?),
    }
}
