//! What the functions do.

use super::error::ExprErrorKind;
use super::eval::{Evaluator, Stop, argument, fail};
use super::functions::Function;
use super::operators::{order, to_float};
use crate::value::Value;
use std::ops::Range;

struct Call<'r> {
    function: Function,
    range: &'r Range<usize>,
}

/// The value of `function`; the number of `arguments` has been checked.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    function: Function,
    arguments: Vec<Value>,
    range: &Range<usize>,
) -> Result<Value, Stop> {
    let call = Call { function, range };
    let mut rest = arguments.into_iter();
    let first = rest.next().unwrap_or_default();
    Ok(match function {
        Function::Len => match &first {
            Value::Str(text) => text.chars().count().into(),
            Value::List(items) => items.len().into(),
            Value::Map(map) => map.len().into(),
            other => return call.wants("a string, list or map", other),
        },
        Function::Lower => call.text(first)?.to_lowercase().into(),
        Function::Upper => call.text(first)?.to_uppercase().into(),
        Function::Trim => {
            let text = call.text(first)?;
            match rest.next() {
                None => text.trim().into(),
                Some(set) => {
                    let set = call.text(set)?;
                    text.trim_matches(|c| set.contains(c)).into()
                }
            }
        }
        Function::TrimPrefix => {
            let (text, part) = (call.text(first)?, call.next_text(&mut rest)?);
            text.strip_prefix(part.as_str()).unwrap_or(&text).into()
        }
        Function::TrimSuffix => {
            let (text, part) = (call.text(first)?, call.next_text(&mut rest)?);
            text.strip_suffix(part.as_str()).unwrap_or(&text).into()
        }
        Function::Split => {
            let (text, by) = (call.text(first)?, call.next_text(&mut rest)?);
            let most = rest.next().map(|most| call.integer(&most)).transpose()?;
            evaluator.charge(text.len() * 16, range)?;
            split(&text, &by, most)
        }
        Function::Join => {
            let by = rest.next().map_or(Ok(String::new()), |by| call.text(by))?;
            let mut texts = Vec::new();
            for item in call.list(first)? {
                let Value::Str(text) = item else {
                    return call.wants("strings", &item);
                };
                evaluator.charge(by.len(), range)?;
                texts.push(text);
            }
            texts.join(&by).into()
        }
        Function::Replace => {
            let text = call.text(first)?;
            let (from, to) = (call.next_text(&mut rest)?, call.next_text(&mut rest)?);
            evaluator.charge(text.matches(from.as_str()).count() * to.len(), range)?;
            text.replace(from.as_str(), &to).into()
        }
        Function::Repeat => {
            let text = call.text(first)?;
            let times = rest.next().unwrap_or_default();
            let Ok(times) = usize::try_from(call.integer(&times)?) else {
                return call.wants("a number which is not negative", &times);
            };
            evaluator.charge(text.len().saturating_mul(times), range)?;
            text.repeat(times).into()
        }
        Function::IndexOf | Function::LastIndexOf => {
            let (text, part) = (call.text(first)?, call.next_text(&mut rest)?);
            let found = match function {
                Function::IndexOf => text.find(part.as_str()),
                _ => text.rfind(part.as_str()),
            };
            found.map_or(Value::Int(-1), |found| text[..found].chars().count().into())
        }
        Function::HasPrefix => {
            let (text, part) = (call.text(first)?, call.next_text(&mut rest)?);
            text.starts_with(part.as_str()).into()
        }
        Function::HasSuffix => {
            let (text, part) = (call.text(first)?, call.next_text(&mut rest)?);
            text.ends_with(part.as_str()).into()
        }
        Function::Int => call.to_int(&first)?,
        Function::Float => match &first {
            Value::Str(text) => match text.trim().parse::<f64>() {
                Ok(value) if value.is_finite() => value.into(),
                _ => return call.wants_number(text),
            },
            other => call.number(other)?.into(),
        },
        Function::String => first.to_string().into(),
        Function::Abs => match first {
            Value::Int(value) => match value.checked_abs() {
                Some(value) => value.into(),
                None => return call.overflow(),
            },
            other => call.number(&other)?.abs().into(),
        },
        Function::Floor => call.number(&first)?.floor().into(),
        Function::Ceil => call.number(&first)?.ceil().into(),
        Function::Round => call.number(&first)?.round().into(),
        Function::Min | Function::Max => {
            let mut items = match first {
                Value::List(items) => items,
                other => vec![other],
            };
            items.extend(rest);
            let mut best: Option<Value> = None;
            for item in items {
                call.number(&item)?;
                let better = match &best {
                    None => true,
                    Some(best) => match order(&item, best) {
                        Some(order) if function == Function::Min => order.is_lt(),
                        Some(order) => order.is_gt(),
                        None => false,
                    },
                };
                if better {
                    best = Some(item);
                }
            }
            best.unwrap_or_default()
        }
        Function::Sum => {
            let mut sum = Value::Int(0);
            for item in call.list(first)? {
                sum = match (&sum, &item) {
                    (Value::Int(sum), Value::Int(item)) => match sum.checked_add(*item) {
                        Some(sum) => sum.into(),
                        None => return call.overflow(),
                    },
                    _ => (call.number(&sum)? + call.number(&item)?).into(),
                };
            }
            sum
        }
        Function::First => call.list(first)?.into_iter().next().unwrap_or_default(),
        Function::Last => call.list(first)?.pop().unwrap_or_default(),
        Function::Take => {
            let mut items = call.list(first)?;
            let count = rest.next().unwrap_or_default();
            let Ok(count) = usize::try_from(call.integer(&count)?) else {
                return call.wants("a number which is not negative", &count);
            };
            items.truncate(count);
            Value::List(items)
        }
        Function::Reverse => {
            let mut items = call.list(first)?;
            items.reverse();
            Value::List(items)
        }
        Function::Keys => match first {
            Value::Map(map) => map.into_iter().map(|(key, _)| key).collect(),
            other => return call.wants("a map", &other),
        },
        Function::Values => match first {
            Value::Map(map) => map.into_iter().map(|(_, value)| value).collect(),
            other => return call.wants("a map", &other),
        },
        Function::Type => match first {
            Value::Null => "nil",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "map",
            Value::Time(_) => "time.Time",
        }
        .into(),
        Function::ToJson => format!("{:#}", serde_json::Value::from(&first)).into(),
    })
}

/// At most `most` parts, unless negative; an empty separator splits between all characters.
fn split(text: &str, by: &str, most: Option<i64>) -> Value {
    let most = match most.map(usize::try_from) {
        None | Some(Err(_)) => usize::MAX,
        Some(Ok(most)) => most,
    };
    if most == 0 {
        return Value::List(Vec::new());
    }
    if !by.is_empty() {
        return text.splitn(most, by).collect();
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if parts.len() + 1 == most {
            break;
        }
        let (part, after) = rest.split_at(c.len_utf8());
        parts.push(part);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts.into()
}

impl Call<'_> {
    fn wants<T>(&self, expected: &'static str, found: &Value) -> Result<T, Stop> {
        argument(self.function.name(), expected, found, self.range)
    }

    fn wants_number<T>(&self, found: &str) -> Result<T, Stop> {
        let function = self.function.name();
        let found = go_std::strconv::quote(found);
        fail(
            ExprErrorKind::Argument {
                function,
                expected: "a number",
                found,
            },
            self.range,
        )
    }

    fn overflow<T>(&self) -> Result<T, Stop> {
        fail(
            ExprErrorKind::Overflow {
                operator: self.function.name(),
            },
            self.range,
        )
    }

    fn text(&self, value: Value) -> Result<String, Stop> {
        match value {
            Value::Str(text) => Ok(text),
            other => self.wants("a string", &other),
        }
    }

    fn next_text(&self, rest: &mut impl Iterator<Item = Value>) -> Result<String, Stop> {
        self.text(rest.next().unwrap_or_default())
    }

    fn list(&self, value: Value) -> Result<Vec<Value>, Stop> {
        match value {
            Value::List(items) => Ok(items),
            other => self.wants("a list", &other),
        }
    }

    fn integer(&self, value: &Value) -> Result<i64, Stop> {
        match value {
            Value::Int(value) => Ok(*value),
            other => self.wants("an integer", other),
        }
    }

    fn number(&self, value: &Value) -> Result<f64, Stop> {
        match value {
            Value::Int(value) => Ok(to_float(*value)),
            Value::Float(value) => Ok(*value),
            other => self.wants("a number", other),
        }
    }

    /// Floats lose their fraction.
    fn to_int(&self, value: &Value) -> Result<Value, Stop> {
        match value {
            Value::Int(value) => Ok((*value).into()),
            #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
            Value::Float(value) if value.abs() < 9.2e18 => Ok((*value as i64).into()),
            Value::Float(_) => self.overflow(),
            Value::Str(text) => match text.trim().parse::<i64>() {
                Ok(value) => Ok(value.into()),
                Err(_) => self.wants_number(text),
            },
            other => self.wants("a number or string", other),
        }
    }
}
