//! Functions over numbers. Whole numbers come out as `int64`, which `upstreams` takes for no port.

use go_std::duration;
use go_std::strconv::integer;

use super::{Function, takes, takes_more};
use crate::options::Param::{Any, Float, Int, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Item, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["atoi"], &[Text], |_, a| {
        let text = a[0].as_text();
        Ok(Data::Int(
            integer(text, 10).unwrap_or_else(|| nearest(text)),
        ))
    }),
    takes(&["int"], &[Any], |_, a| Ok(Data::Int(int(&a[0])))),
    takes(&["int64"], &[Any], |_, a| Ok(Data::Long(int(&a[0])))),
    takes(&["float64"], &[Any], |_, a| Ok(Data::Float(float(&a[0])))),
    takes(&["toDecimal"], &[Any], |_, a| {
        let text = a[0].to_string();
        Ok(Data::Long(integer(&text, 8).unwrap_or(0)))
    }),
    takes(&["add1"], &[Any], |_, a| {
        Ok(Data::Long(int(&a[0]).wrapping_add(1)))
    }),
    takes_more(&["add"], &[], Any, |_, a| {
        Ok(Data::Long(a.iter().map(int).fold(0, i64::wrapping_add)))
    }),
    takes(&["sub"], &[Any, Any], |_, a| {
        Ok(Data::Long(int(&a[0]).wrapping_sub(int(&a[1]))))
    }),
    takes_more(&["mul"], &[Any], Any, |_, a| {
        Ok(Data::Long(a.iter().map(int).fold(1, i64::wrapping_mul)))
    }),
    takes(&["div"], &[Any, Any], |_, a| match int(&a[1]) {
        0 => Err(Trouble::DivisionByZero),
        by => Ok(Data::Long(int(&a[0]).wrapping_div(by))),
    }),
    takes(&["mod"], &[Any, Any], |_, a| match int(&a[1]) {
        0 => Err(Trouble::DivisionByZero),
        by => Ok(Data::Long(int(&a[0]).wrapping_rem(by))),
    }),
    takes_more(&["max", "biggest"], &[Any], Any, |_, a| {
        Ok(Data::Long(a.iter().map(int).fold(i64::MIN, i64::max)))
    }),
    takes_more(&["min"], &[Any], Any, |_, a| {
        Ok(Data::Long(a.iter().map(int).fold(i64::MAX, i64::min)))
    }),
    takes_more(&["maxf"], &[Any], Any, |_, a| {
        Ok(Data::Float(
            a.iter().map(float).fold(f64::NEG_INFINITY, f64::max),
        ))
    }),
    takes_more(&["minf"], &[Any], Any, |_, a| {
        Ok(Data::Float(
            a.iter().map(float).fold(f64::INFINITY, f64::min),
        ))
    }),
    takes(&["floor"], &[Any], |_, a| {
        Ok(Data::Float(float(&a[0]).floor()))
    }),
    takes(&["ceil"], &[Any], |_, a| {
        Ok(Data::Float(float(&a[0]).ceil()))
    }),
    takes_more(&["round"], &[Any, Int], Float, |_, a| {
        Ok(Data::Float(round(a)))
    }),
    takes(&["add1f"], &[Any], |_, a| {
        Ok(decimal(&[a[0].clone(), Data::Int(1)], Decimal::plus))
    }),
    takes_more(&["addf"], &[], Any, |_, a| {
        let all: Vec<Data> = std::iter::once(Data::Int(0))
            .chain(a.iter().cloned())
            .collect();
        Ok(decimal(&all, Decimal::plus))
    }),
    takes_more(&["subf"], &[Any], Any, |_, a| {
        Ok(decimal(a, Decimal::minus))
    }),
    takes_more(&["mulf"], &[Any], Any, |_, a| {
        Ok(decimal(a, Decimal::times))
    }),
    takes_more(&["divf"], &[Any], Any, |_, a| {
        if a[1..].iter().any(|by| float(by) == 0.0) {
            return Err(Trouble::DivisionByZero);
        }
        Ok(decimal(a, Decimal::over))
    }),
    takes(&["until"], &[Int], |meter, a| {
        let count = a[0].as_int();
        steps(meter, 0, count, if count < 0 { -1 } else { 1 }).map(list)
    }),
    takes(&["untilStep"], &[Int, Int, Int], |meter, a| {
        steps(meter, a[0].as_int(), a[1].as_int(), a[2].as_int()).map(list)
    }),
    takes_more(&["seq"], &[], Int, seq),
    takes(&["duration"], &[Any], |_, a| {
        let seconds = match &a[0] {
            Data::Text(text) => integer(text, 10).unwrap_or(0),
            Data::Long(number) => *number,
            _ => 0,
        };
        let nanos = seconds.wrapping_mul(1_000_000_000);
        Ok(Data::Text(duration::format(nanos)))
    }),
    takes(&["durationRound"], &[Any], |_, a| {
        Ok(Data::from(round_duration(&a[0])))
    }),
];

/// Numbers that are too large are the largest there is; what is none is 0.
fn nearest(text: &str) -> i64 {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        0
    } else if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    }
}

fn list(numbers: Vec<i64>) -> Data {
    Data::List(Item::Int, numbers.into_iter().map(Data::Int).collect())
}

/// The number, converted as sprig's `toInt64` does: what is none is 0.
pub(super) fn int(value: &Data) -> i64 {
    match value {
        // Anything too large is the smallest number there is, as on the processors in use.
        #[expect(clippy::cast_possible_truncation, reason = "in range")]
        Data::Float(number) if number.abs() < 2f64.powi(63) => *number as i64,
        Data::Float(_) => i64::MIN,
        Data::Bool(flag) => i64::from(*flag),
        Data::Text(text) => {
            // Zeros behind a point are dropped.
            let whole = match text.rsplit_once('.') {
                Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => {
                    whole
                }
                _ => text,
            };
            integer(whole, 0).unwrap_or(0)
        }
        other => other.as_int(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
fn float(value: &Data) -> f64 {
    match value {
        Data::Float(number) => *number,
        Data::Bool(flag) => f64::from(u8::from(*flag)),
        Data::Text(text) => text.parse().unwrap_or(0.0),
        other => other.as_int() as f64,
    }
}

fn round(arguments: &[Data]) -> f64 {
    let on = match arguments.get(2) {
        Some(Data::Float(on)) => *on,
        _ => 0.5,
    };
    let places = i32::try_from(arguments[1].as_int()).unwrap_or(0);
    let power = 10.0_f64.powi(places);
    let digit = power * float(&arguments[0]);
    let rounded = if digit.fract() >= on {
        digit.ceil()
    } else {
        digit.floor()
    };
    rounded / power
}

/// From `start` up or down to `stop`, which is not one of them.
fn steps(meter: &mut Meter, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, Trouble> {
    let mut numbers = Vec::new();
    if (stop < start) == (step >= 0) || step == 0 {
        return Ok(numbers);
    }
    let count = stop.abs_diff(start).div_ceil(step.unsigned_abs());
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    meter.charge(count.saturating_mul(16))?;
    let mut at = start;
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        numbers.push(at);
        let Some(next) = at.checked_add(step) else {
            break;
        };
        at = next;
    }
    Ok(numbers)
}

fn seq(meter: &mut Meter, arguments: &[Data]) -> Outcome {
    let number = |at: usize| arguments[at].as_int();
    let (start, end, step) = match arguments.len() {
        1 => (1, number(0), None),
        2 => (number(0), number(1), None),
        3 => (number(0), number(2), Some(number(1))),
        _ => return Ok(Data::from("")),
    };
    let by = if end < start { -1 } else { 1 };
    if end < start && step.is_some_and(|step| step > 0) {
        return Ok(Data::from(""));
    }
    let numbers = steps(meter, start, end.saturating_add(by), step.unwrap_or(by))?;
    let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Ok(Data::Text(texts.join(" ")))
}

/// A duration in its largest unit.
fn round_duration(value: &Data) -> String {
    let nanoseconds = match value {
        // Here a bare number is none.
        Data::Text(text) if text.parse::<i64>().is_err() => duration::parse(text).unwrap_or(0),
        Data::Long(number) => *number,
        _ => 0,
    };
    let amount = nanoseconds.unsigned_abs();
    let second = 1_000_000_000;
    let (hour, day) = (3600 * second, 24 * 3600 * second);
    for (unit, name) in [
        (365 * day, "y"),
        (30 * day, "mo"),
        (day, "d"),
        (hour, "h"),
        (60 * second, "m"),
        (second, "s"),
    ] {
        if amount > unit {
            return format!("{}{name}", amount / unit);
        }
    }
    "0s".to_owned()
}

/// A decimal number: `digits` × 10^`exponent`. Go computes with as many digits as it takes; here
/// there are 38, and beyond these floating point does.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn new(number: f64) -> Option<Self> {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let after = mantissa.split_once('.').map_or(0, |(_, part)| part.len());
        Some(Self {
            digits: mantissa.replace('.', "").parse().ok()?,
            exponent: exponent.parse::<i32>().ok()? - i32::try_from(after).ok()?,
        })
    }

    fn float(self) -> Option<f64> {
        format!("{}e{}", self.digits, self.exponent).parse().ok()
    }

    /// The same number with a smaller exponent.
    fn scaled(self, exponent: i32) -> Option<i128> {
        let power = u32::try_from(self.exponent - exponent).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(power)?)
    }

    fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let digits = self
            .scaled(exponent)?
            .checked_add(other.scaled(exponent)?)?;
        Some(Self { digits, exponent })
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self {
            digits: -other.digits,
            ..other
        })
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            digits: self.digits.checked_mul(other.digits)?,
            exponent: self.exponent + other.exponent,
        })
    }

    /// The quotient with 16 places, rounded.
    fn over(self, other: Self) -> Option<Self> {
        let shift = self.exponent - other.exponent + 16;
        let (mut above, mut below) = (self.digits, other.digits);
        let power = 10_i128.checked_pow(shift.unsigned_abs())?;
        if shift >= 0 {
            above = above.checked_mul(power)?;
        } else {
            below = below.checked_mul(power)?;
        }
        let (quotient, rest) = (above / below, above % below);
        let up = rest.unsigned_abs().checked_mul(2)? >= below.unsigned_abs();
        let away = if (above < 0) == (below < 0) { 1 } else { -1 };
        Some(Self {
            digits: quotient + if up { away } else { 0 },
            exponent: -16,
        })
    }
}

fn decimal(numbers: &[Data], operation: fn(Decimal, Decimal) -> Option<Decimal>) -> Data {
    let mut numbers = numbers.iter().map(|number| Decimal::new(float(number)));
    let first = numbers.next().flatten();
    let all = numbers.fold(first, |one, other| operation(one?, other?));
    Data::Float(all.and_then(Decimal::float).unwrap_or(f64::NAN))
}
