//! Go's `fmt` for the values of templates.

use super::error::TemplateErrorKind;
use crate::value::{Value, escaped, quoted};
use std::fmt::Write as _;

/// Greatest width and precision, as in Go.
const MAX_WIDTH: usize = 1_000_000;

/// `fmt.Sprint`: a blank between two arguments of which neither is a string.
pub(super) fn print(values: &[Value]) -> String {
    let mut text = String::new();
    let mut before_is_text = true;
    for value in values {
        let is_text = matches!(value, Value::Str(_));
        if !before_is_text && !is_text {
            text.push(' ');
        }
        text.push_str(&value.to_string());
        before_is_text = is_text;
    }
    text
}

/// `fmt.Sprintln`: blanks between all, a line end behind.
pub(super) fn println(values: &[Value]) -> String {
    let texts: Vec<String> = values.iter().map(Value::to_string).collect();
    texts.join(" ") + "\n"
}

#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// `fmt.Sprintf`. Wrong verbs and arguments are written into the text as Go does: `%!d(string=x)`.
/// `charge` is told how much is about to be written.
pub(super) fn printf(
    format: &str,
    values: &[Value],
    mut charge: impl FnMut(usize) -> Result<(), TemplateErrorKind>,
) -> Result<String, TemplateErrorKind> {
    let mut text = String::new();
    let mut arguments = Taken {
        values,
        next: 0,
        reordered: false,
    };
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        text.push_str(&rest[..percent]);
        rest = &rest[percent + 1..];
        let mut spec = Spec::default();
        while let Some(flag) = rest.chars().next() {
            match flag {
                '-' => spec.minus = true,
                '+' => spec.plus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        // in Go, `%+v` is about the names of fields
        spec.plus &= !rest.starts_with('v');
        if !arguments.reorder(&mut rest) {
            text.push_str("%!(BADINDEX)");
        }
        spec.width = number(&mut rest);
        if let Some(after) = rest.strip_prefix('*') {
            rest = after;
            match arguments.take() {
                Some(Value::Int(width)) if width.unsigned_abs() <= MAX_WIDTH as u64 => {
                    spec.minus |= *width < 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                _ => text.push_str("%!(BADWIDTH)"),
            }
        }
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            if let Some(after) = rest.strip_prefix('*') {
                rest = after;
                match arguments.take() {
                    Some(Value::Int(precision @ 0..=1_000_000)) => {
                        spec.precision = usize::try_from(*precision).ok();
                    }
                    _ => text.push_str("%!(BADPREC)"),
                }
            } else {
                spec.precision = Some(number(&mut rest).unwrap_or(0));
            }
        }
        if !arguments.reorder(&mut rest) {
            text.push_str("%!(BADINDEX)");
        }
        let Some(verb) = rest.chars().next() else {
            text.push_str("%!(NOVERB)");
            break;
        };
        rest = &rest[verb.len_utf8()..];
        if verb == '%' {
            text.push('%');
            continue;
        }
        let Some(value) = arguments.take() else {
            let _ = write!(text, "%!{verb}(MISSING)");
            continue;
        };
        charge(spec.width.unwrap_or(0) + spec.precision.unwrap_or(0) + value.weight().size * 4)?;
        text.push_str(&one(value, verb, &spec));
    }
    text.push_str(rest);
    let extra: Vec<String> = std::iter::from_fn(|| arguments.take())
        .map(|value| format!("{}{value}", type_prefix(value)))
        .collect();
    if !extra.is_empty() && !arguments.reordered {
        let _ = write!(text, "%!(EXTRA {})", extra.join(", "));
    }
    Ok(text)
}

/// The arguments of one call, taken in turn or by number.
struct Taken<'v> {
    values: &'v [Value],
    next: usize,
    /// An explicit number was used: arguments left over are no mistake then.
    reordered: bool,
}

impl<'v> Taken<'v> {
    fn take(&mut self) -> Option<&'v Value> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(value)
    }

    /// `[2]`: the argument to be taken next. False when there is no such argument.
    fn reorder(&mut self, rest: &mut &str) -> bool {
        let Some((index, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            return true;
        };
        *rest = after;
        self.reordered = true;
        match index.parse::<usize>() {
            Ok(index) if (1..=self.values.len()).contains(&index) => {
                self.next = index - 1;
                true
            }
            _ => false,
        }
    }
}

/// The digits at the start, at most [`MAX_WIDTH`].
fn number(rest: &mut &str) -> Option<usize> {
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    digits.parse().ok().filter(|number| *number <= MAX_WIDTH)
}

/// `int=` and its like; nothing for nil.
fn type_prefix(value: &Value) -> &'static str {
    match value {
        Value::Null => "",
        Value::Bool(_) => "bool=",
        Value::Int(_) => "int=",
        Value::Float(_) => "float64=",
        Value::Str(_) => "string=",
        Value::List(_) => "[]interface {}=",
        Value::Map(_) => "map[string]interface {}=",
        Value::Time(_) => "time.Time=",
    }
}

fn one(value: &Value, verb: char, spec: &Spec) -> String {
    match (verb, value) {
        ('T', _) => {
            let name = type_prefix(value).trim_end_matches('=');
            pad(if name.is_empty() { "<nil>" } else { name }, spec)
        }
        ('v', Value::Null) => pad("<nil>", spec),
        (_, Value::Null) => format!("%!{verb}(<nil>)"),
        ('v' | 't', Value::Bool(value)) => pad(&value.to_string(), spec),
        ('v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' | 'c' | 'q' | 'U', Value::Int(value)) => {
            integer(*value, verb, spec)
        }
        ('v' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G', Value::Float(value)) => float(*value, verb, spec),
        ('v' | 's' | 'x' | 'X' | 'q', Value::Str(value)) => string(value, verb, spec),
        (_, Value::List(items)) => {
            let texts: Vec<String> = items.iter().map(|item| element(item, verb, spec)).collect();
            format!("[{}]", texts.join(" "))
        }
        (_, Value::Map(map)) => {
            let texts: Vec<String> = map
                .iter()
                .map(|(key, item)| {
                    let key = element(&Value::from(key), verb, spec);
                    format!("{key}:{}", element(item, verb, spec))
                })
                .collect();
            format!("map[{}]", texts.join(" "))
        }
        ('v' | 's', Value::Time(_)) => pad(&value.to_string(), spec),
        _ => format!("%!{verb}({}{value})", type_prefix(value)),
    }
}

fn element(value: &Value, verb: char, spec: &Spec) -> String {
    if *value == Value::Null {
        "<nil>".to_owned()
    } else {
        one(value, verb, spec)
    }
}

fn integer(value: i64, verb: char, spec: &Spec) -> String {
    let character = || {
        u32::try_from(value)
            .ok()
            .and_then(char::from_u32)
            .unwrap_or('\u{fffd}')
    };
    let magnitude = value.unsigned_abs();
    let (prefix, mut digits) = match verb {
        'b' => ("0b", format!("{magnitude:b}")),
        'o' => ("0", format!("{magnitude:o}")),
        'O' => ("0o", format!("{magnitude:o}")),
        'x' => ("0x", format!("{magnitude:x}")),
        'X' => ("0X", format!("{magnitude:X}")),
        'c' => return pad(&character().to_string(), spec),
        'q' => {
            return pad(&format!("'{}'", escaped(character(), '\'')), spec);
        }
        'U' => return pad(&format!("U+{:04X}", value.cast_unsigned()), spec),
        _ => ("", magnitude.to_string()),
    };
    let sign = match (value < 0, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let shown = spec.sharp && (verb != 'o' || value != 0) || verb == 'O';
    let prefix = if shown { prefix } else { "" };
    let least = match (spec.precision, spec.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => {
            width.saturating_sub(sign.len() + prefix.len())
        }
        _ => 0,
    };
    if digits.len() < least {
        digits = "0".repeat(least - digits.len()) + &digits;
    }
    if spec.precision == Some(0) && value == 0 {
        digits.clear();
    }
    pad_with(&format!("{sign}{prefix}{digits}"), spec, ' ')
}

fn float(value: f64, verb: char, spec: &Spec) -> String {
    let magnitude = value.abs();
    let digits = match (verb.to_ascii_lowercase(), spec.precision) {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => "Inf".to_owned(),
        ('e', precision) => scientific(magnitude, precision.unwrap_or(6)),
        ('f', precision) => format!("{magnitude:.*}", precision.unwrap_or(6)),
        (_, Some(precision)) => general(magnitude, precision.max(1)),
        (_, None) => Value::Float(magnitude).to_string(),
    };
    let digits = if verb.is_uppercase() {
        digits.to_uppercase()
    } else {
        digits
    };
    let sign = match (
        value.is_sign_negative() && !value.is_nan(),
        spec.plus,
        spec.space,
    ) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    if let (Some(width), true, false) = (spec.width, spec.zero && value.is_finite(), spec.minus) {
        let zeros = width.saturating_sub(sign.len() + digits.len());
        return format!("{sign}{}{digits}", "0".repeat(zeros));
    }
    pad_with(&format!("{sign}{digits}"), spec, ' ')
}

/// `1.234500e+03`.
fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{exponent:0>2}")
}

/// `%.3g`: so many significant digits, without trailing zeros.
fn general(value: f64, precision: usize) -> String {
    let text = scientific(value, precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let strip = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    // as in Go: when all digits fit before the point, the limit is their number
    let digits = mantissa.replace('.', "").trim_end_matches('0').len().max(1);
    let limit = if precision > digits && i64::try_from(digits).is_ok_and(|d| d > exponent) {
        i64::try_from(digits).unwrap_or(i64::MAX)
    } else {
        i64::try_from(precision).unwrap_or(i64::MAX)
    };
    if exponent < -4 || exponent >= limit {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", strip(mantissa), exponent.unsigned_abs());
    }
    let places = i64::try_from(precision).unwrap_or(i64::MAX) - 1 - exponent;
    strip(&format!("{value:.*}", usize::try_from(places).unwrap_or(0)))
}

fn string(value: &str, verb: char, spec: &Spec) -> String {
    let shortened: String = match spec.precision {
        // for `%x` it counts bytes, below
        Some(precision) if !matches!(verb, 'x' | 'X') => value.chars().take(precision).collect(),
        _ => value.to_owned(),
    };
    match verb {
        'q' if spec.sharp && !shortened.contains(['`', '\r', '\u{7f}']) => {
            pad(&format!("`{shortened}`"), spec)
        }
        'q' => pad(&quoted(&shortened), spec),
        'x' | 'X' => {
            let bytes = shortened.bytes().take(spec.precision.unwrap_or(usize::MAX));
            let hex: Vec<String> = bytes
                .map(|byte| {
                    if verb == 'x' {
                        format!("{byte:02x}")
                    } else {
                        format!("{byte:02X}")
                    }
                })
                .collect();
            pad(&hex.join(if spec.space { " " } else { "" }), spec)
        }
        _ => pad(&shortened, spec),
    }
}

fn pad(text: &str, spec: &Spec) -> String {
    let fill = if spec.zero && !spec.minus { '0' } else { ' ' };
    pad_with(text, spec, fill)
}

fn pad_with(text: &str, spec: &Spec, fill: char) -> String {
    let missing = spec.width.unwrap_or(0).saturating_sub(text.chars().count());
    let padding: String = std::iter::repeat_n(fill, missing).collect();
    if spec.minus {
        format!("{text}{padding}")
    } else {
        format!("{padding}{text}")
    }
}
