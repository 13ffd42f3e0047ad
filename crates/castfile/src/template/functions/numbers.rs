//! sprig's functions for numbers.

use super::{Arguments, Context, Function, MANY, Outcome, function};
use crate::template::error::TemplateErrorKind;
use crate::value::Value;

/// Greatest length of the lists of `until` and its like.
const MAX_RANGE: u64 = 1_000_000;

pub(super) const FUNCTIONS: &[Function] = &[
    function("int", 1, 1, |_, mut arguments| {
        Ok(to_int(&arguments.next()).into())
    }),
    function("int64", 1, 1, |_, mut arguments| {
        Ok(to_int(&arguments.next()).into())
    }),
    function("atoi", 1, 1, |_, mut arguments| {
        Ok(to_int(&arguments.text()?.into()).into())
    }),
    function("float64", 1, 1, |_, mut arguments| {
        Ok(to_float(&arguments.next()).into())
    }),
    function("toDecimal", 1, 1, |_, mut arguments| {
        let text = arguments.next().to_string();
        Ok(i64::from_str_radix(&text, 8).unwrap_or(0).into())
    }),
    function("add", 0, MANY, |_, arguments| {
        fold(arguments, Some(0), i64::checked_add)
    }),
    function("add1", 1, 1, |_, arguments| {
        fold(arguments, Some(1), i64::checked_add)
    }),
    function("sub", 2, 2, |_, arguments| {
        fold(arguments, None, i64::checked_sub)
    }),
    function("mul", 1, MANY, |_, arguments| {
        fold(arguments, None, i64::checked_mul)
    }),
    function("div", 2, 2, |_, arguments| {
        divide(arguments, i64::checked_div)
    }),
    function("mod", 2, 2, |_, arguments| {
        divide(arguments, |a, b| Some(a.wrapping_rem(b)))
    }),
    function("max", 1, MANY, |_, arguments| {
        fold(arguments, None, |a, b| Some(a.max(b)))
    }),
    function("biggest", 1, MANY, |_, arguments| {
        fold(arguments, None, |a, b| Some(a.max(b)))
    }),
    function("min", 1, MANY, |_, arguments| {
        fold(arguments, None, |a, b| Some(a.min(b)))
    }),
    function("abs", 1, 1, |_, mut arguments| {
        let value = to_int(&arguments.next()).checked_abs();
        value.map(Value::Int).ok_or_else(|| arguments.overflow())
    }),
    function("addf", 0, MANY, |_, arguments| {
        float_fold(arguments, Some(0.0), |a, b| a + b)
    }),
    function("add1f", 1, 1, |_, arguments| {
        float_fold(arguments, Some(1.0), |a, b| a + b)
    }),
    function("subf", 1, MANY, |_, arguments| {
        float_fold(arguments, None, |a, b| a - b)
    }),
    function("mulf", 1, MANY, |_, arguments| {
        float_fold(arguments, None, |a, b| a * b)
    }),
    function("divf", 1, MANY, |_, arguments| {
        float_fold(arguments, None, |a, b| a / b)
    }),
    function("maxf", 1, MANY, |_, arguments| {
        float_fold(arguments, None, f64::max)
    }),
    function("minf", 1, MANY, |_, arguments| {
        float_fold(arguments, None, f64::min)
    }),
    function("floor", 1, 1, |_, mut arguments| {
        Ok(to_float(&arguments.next()).floor().into())
    }),
    function("ceil", 1, 1, |_, mut arguments| {
        Ok(to_float(&arguments.next()).ceil().into())
    }),
    function("round", 2, 3, round),
    function("until", 1, 1, |context, mut arguments| {
        let stop = arguments.int()?;
        numbers(context, 0, stop, if stop < 0 { -1 } else { 1 }).map(Value::from)
    }),
    function("untilStep", 3, 3, |context, mut arguments| {
        let (start, stop, step) = (arguments.int()?, arguments.int()?, arguments.int()?);
        numbers(context, start, stop, step).map(Value::from)
    }),
    function("seq", 0, MANY, seq),
];

/// As sprig converts: texts and booleans too, 0 for what is no number.
fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(value) => *value,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "drops the fraction, as sprig does"
        )]
        Value::Float(value) => *value as i64,
        Value::Bool(value) => (*value).into(),
        Value::Str(text) => text.trim().parse().unwrap_or(0),
        _ => 0,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest float, as sprig converts"
)]
fn to_float(value: &Value) -> f64 {
    match value {
        Value::Float(value) => *value,
        Value::Str(text) => text.trim().parse().unwrap_or(0.0),
        other => to_int(other) as f64,
    }
}

/// Combines all arguments from the left, starting with `start` or the first of them.
fn fold(
    mut arguments: Arguments,
    start: Option<i64>,
    combine: impl Fn(i64, i64) -> Option<i64>,
) -> Outcome {
    let mut value = start.unwrap_or_else(|| to_int(&arguments.next()));
    while arguments.len() > 0 {
        let next = to_int(&arguments.next());
        value = combine(value, next).ok_or_else(|| arguments.overflow())?;
    }
    Ok(value.into())
}

fn divide(mut arguments: Arguments, combine: impl Fn(i64, i64) -> Option<i64>) -> Outcome {
    let (left, right) = (to_int(&arguments.next()), to_int(&arguments.next()));
    if right == 0 {
        return Err(TemplateErrorKind::DivisionByZero);
    }
    combine(left, right)
        .map(Value::Int)
        .ok_or_else(|| arguments.overflow())
}

fn float_fold(
    mut arguments: Arguments,
    start: Option<f64>,
    combine: impl Fn(f64, f64) -> f64,
) -> Outcome {
    let mut value = start.unwrap_or_else(|| to_float(&arguments.next()));
    while arguments.len() > 0 {
        value = combine(value, to_float(&arguments.next()));
    }
    // sprig calculates with decimals: 0.1 + 0.2 is 0.3
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded.to_string().len() + 3 <= value.to_string().len() {
        value = rounded;
    }
    if value.is_finite() {
        Ok(value.into())
    } else {
        Err(arguments.overflow())
    }
}

/// `round value places [from]`: up from this fraction on, .5 unless given.
fn round(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (value, places) = (to_float(&arguments.next()), arguments.int()?);
    let from = if arguments.len() > 0 {
        to_float(&arguments.next())
    } else {
        0.5
    };
    let power = 10_f64.powi(i32::try_from(places).map_err(|_| arguments.overflow())?);
    let shifted = power * value;
    let rounded = if shifted.fract() >= from {
        shifted.ceil()
    } else {
        shifted.floor()
    } / power;
    if rounded.is_finite() {
        Ok(rounded.into())
    } else {
        Err(arguments.overflow())
    }
}

/// From `start` up or down to, without, `stop`; nothing when `step` leads away from it.
fn numbers(
    context: &mut Context<'_>,
    start: i64,
    stop: i64,
    step: i64,
) -> Result<Vec<i64>, TemplateErrorKind> {
    if step == 0 || (stop > start) != (step > 0) {
        return Ok(Vec::new());
    }
    let count = stop.abs_diff(start).div_ceil(step.unsigned_abs());
    if count > MAX_RANGE {
        return Err(TemplateErrorKind::TooMuchWork);
    }
    context.charge(
        usize::try_from(count)
            .unwrap_or(usize::MAX)
            .saturating_mul(16),
    )?;
    let mut numbers = Vec::new();
    let mut number = start;
    while if step > 0 {
        number < stop
    } else {
        number > stop
    } {
        numbers.push(number);
        match number.checked_add(step) {
            Some(next) => number = next,
            None => break,
        }
    }
    Ok(numbers)
}

/// `seq end`, `seq start end`, `seq start step end`: the numbers with blanks between, including
/// the end.
fn seq(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let count = arguments.len();
    if !(1..=3).contains(&count) {
        return Ok("".into());
    }
    let start = if count == 1 { 1 } else { arguments.int()? };
    let step = if count == 3 {
        Some(arguments.int()?)
    } else {
        None
    };
    let end = arguments.int()?;
    let towards = if end < start { -1 } else { 1 };
    let stop = end
        .checked_add(towards)
        .ok_or_else(|| arguments.overflow())?;
    let numbers = numbers(context, start, stop, step.unwrap_or(towards))?;
    context.charge(numbers.len().saturating_mul(20))?;
    Ok(numbers
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(" ")
        .into())
}
