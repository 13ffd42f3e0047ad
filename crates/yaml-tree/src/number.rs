//! Numbers as plain scalars.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Resolved;

/// The integers and floats of the YAML 1.2 core schema.
pub(crate) fn core(text: &str) -> Option<Resolved<'static>> {
    if let Some(special) = special(text) {
        return Some(Resolved::Float(special));
    }
    let prefixed = text
        .strip_prefix("0o")
        .map(|digits| (digits, 8))
        .or_else(|| text.strip_prefix("0x").map(|digits| (digits, 16)));
    if let Some((digits, radix)) = prefixed {
        return whole(false, digits, radix)
            .or_else(|| all_digits(digits, radix).then(|| Resolved::Float(big(digits, radix))));
    }
    let (negative, digits) = sign(text);
    whole(negative, digits, 10).or_else(|| decimal(text).map(Resolved::Float))
}

/// The integers and floats that Go's YAML library sees, found in the order in which it looks.
pub(crate) fn go(text: &str) -> Option<Resolved<'static>> {
    if let Some(special) = special(text) {
        return Some(Resolved::Float(special));
    }
    if text.starts_with('.') {
        let plain = separated(text)?;
        return finite(decimal(&plain)?);
    }
    let plain: Cow<'_, str> = if text.contains('_') {
        text.replace('_', "").into()
    } else {
        text.into()
    };
    if plain == "-0" {
        // v4 keeps the sign of exactly this text.
        return Some(Resolved::Float(-0.0));
    }
    let (negative, digits) = sign(&plain);
    let (radix, rest) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // An unsigned integer has no sign at all.
    let signed = plain.len() != digits.len();
    match whole(negative, rest, radix) {
        Some(Resolved::UInt(_)) if signed => {}
        Some(number) => return Some(number),
        None => {}
    }
    finite(decimal(&plain)?)
}

/// Go's `ParseFloat` fails on what is too large, and the text stays a string.
fn finite(number: f64) -> Option<Resolved<'static>> {
    number.is_finite().then_some(Resolved::Float(number))
}

fn special(text: &str) -> Option<f64> {
    let (negative, rest) = sign(text);
    match rest {
        ".inf" | ".Inf" | ".INF" if negative => Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if rest.len() == text.len() => Some(f64::NAN),
        _ => None,
    }
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn all_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_digit(radix))
}

/// The integer of these digits, if they are digits and it fits 64 bits.
fn whole(negative: bool, digits: &str, radix: u32) -> Option<Resolved<'static>> {
    if !all_digits(digits, radix) {
        return None;
    }
    let number = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(number).map(Resolved::Int);
    }
    Some(i64::try_from(number).map_or(Resolved::UInt(number), Resolved::Int))
}

/// An integer that does not fit, nearly.
fn big(digits: &str, radix: u32) -> f64 {
    let digits = digits
        .chars()
        .filter_map(|character| character.to_digit(radix));
    digits.fold(0.0, |number, digit| {
        number * f64::from(radix) + f64::from(digit)
    })
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn decimal(text: &str) -> Option<f64> {
    let (_, rest) = sign(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(sign(&rest[at + 1..]).1)),
        None => (rest, None),
    };
    let fits = match mantissa.split_once('.') {
        Some(("", fraction)) => all_digits(fraction, 10),
        Some((whole, "")) => all_digits(whole, 10),
        Some((whole, fraction)) => all_digits(whole, 10) && all_digits(fraction, 10),
        None => all_digits(mantissa, 10),
    };
    if !fits || exponent.is_some_and(|digits| !all_digits(digits, 10)) {
        return None;
    }
    text.parse().ok()
}

/// Without the underscores, which must stand between digits.
fn separated(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(text.into());
    }
    let bytes = text.as_bytes();
    let between = |at: usize| {
        let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1))
    };
    text.match_indices('_')
        .all(|(at, _)| between(at))
        .then(|| text.replace('_', "").into())
}

/// A float as Go's `%v` prints it: the shortest digits that read back the same, with an exponent
/// if that is below -4 or above 5.
pub(crate) fn go_float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let mut text = mantissa.to_owned();
    let sign = if exponent < 0 { '-' } else { '+' };
    // Writing to a string cannot fail.
    let _ = write!(text, "e{sign}{:02}", exponent.unsigned_abs());
    text
}
