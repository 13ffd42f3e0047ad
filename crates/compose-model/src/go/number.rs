//! Numbers as Go's `strconv` reads them.

use std::fmt;

/// Why a text is no number. `Display` is what `strconv` prints behind the name of its function:
/// `parsing "x": invalid syntax`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumberError {
    text: String,
    out_of_range: bool,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = if self.out_of_range {
            "value out of range"
        } else {
            "invalid syntax"
        };
        write!(f, "parsing {}: {problem}", super::quote(&self.text))
    }
}

impl std::error::Error for NumberError {}

/// Go's `ParseInt(text, radix, 64)`: an optional sign and digits, no prefix, no underscores.
pub(crate) fn parse_int(text: &str, radix: u32) -> Result<i64, NumberError> {
    let error = |out_of_range| NumberError {
        text: text.to_owned(),
        out_of_range,
    };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(error(false));
    }
    i64::from_str_radix(text, radix).map_err(|_| error(true))
}

/// Go's `ParseFloat(text, 64)`: decimal and hexadecimal floats, underscores between digits,
/// infinity and not-a-number in any case.
pub(crate) fn parse_float(text: &str) -> Result<f64, NumberError> {
    let error = |out_of_range| NumberError {
        text: text.to_owned(),
        out_of_range,
    };
    if let Some(special) = special(text) {
        return Ok(special);
    }
    if text.contains('_') && !underscores_fit(text) {
        return Err(error(false));
    }
    let plain = text.replace('_', "");
    let number = match hexadecimal(&plain) {
        Some(number) => number,
        None if is_decimal(&plain) => plain.parse().map_err(|_| error(false))?,
        None => return Err(error(false)),
    };
    if number.is_finite() {
        Ok(number)
    } else {
        Err(error(true))
    }
}

fn special(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is = |name: &str| unsigned.eq_ignore_ascii_case(name);
    match text.as_bytes().first()? {
        b'-' if is("inf") || is("infinity") => Some(f64::NEG_INFINITY),
        _ if is("inf") || is("infinity") => Some(f64::INFINITY),
        _ if text.eq_ignore_ascii_case("nan") => Some(f64::NAN),
        _ => None,
    }
}

/// `[+-]? ( digits [. digits] | . digits ) ( e [+-]? digits )?`
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    exponent && digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0
}

/// `0x` with a mantissa and the obligatory power of two behind `p`.
fn hexadecimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.strip_prefix(['0'])?.strip_prefix(['x', 'X'])?;
    let (mantissa, exponent) = digits.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let unsigned_exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if whole.len() + fraction.len() == 0
        || unsigned_exponent.is_empty()
        || !unsigned_exponent.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    // Beyond this every value is zero or too large.
    let extreme = if exponent.starts_with('-') {
        i32::MIN
    } else {
        i32::MAX
    };
    let mut exponent = exponent.parse::<i32>().unwrap_or(extreme / 2);
    let mut number = 0.0;
    for (at, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        number = number * 16.0 + f64::from(digit.to_digit(16)?);
        if at >= whole.len() {
            exponent = exponent.saturating_sub(4);
        }
    }
    let number = if number == 0.0 {
        0.0
    } else {
        // In two steps, lest the power alone be out of range.
        let half = exponent.clamp(-4000, 4000) / 2;
        number * 2_f64.powi(half) * 2_f64.powi(exponent.clamp(-4000, 4000) - half)
    };
    Some(if text.starts_with('-') {
        -number
    } else {
        number
    })
}

/// Whether every underscore stands between digits, a prefix such as `0x` counting as one.
fn underscores_fit(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bytes = text.as_bytes();
    let (prefixed, hexadecimal) = match bytes {
        [b'0', b'x' | b'X', ..] => (true, true),
        [b'0', b'b' | b'B' | b'o' | b'O', ..] => (true, false),
        _ => (false, false),
    };
    let digit = |byte: &u8| {
        if hexadecimal {
            byte.is_ascii_hexdigit()
        } else {
            byte.is_ascii_digit()
        }
    };
    bytes.iter().enumerate().all(|(at, byte)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        *byte != b'_'
            || (before.is_some_and(digit) || prefixed && at == 2)
                && bytes.get(at + 1).is_some_and(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::{parse_float, parse_int};

    #[test]
    fn integers() {
        assert_eq!(parse_int("+1", 10), Ok(1));
        assert_eq!(parse_int("-9223372036854775808", 10), Ok(i64::MIN));
        assert_eq!(parse_int("0777", 8), Ok(0o777));
        for text in ["", "+", "1x", "0x1", "1_0", " 1", "1 ", "٣"] {
            let expected = format!("parsing \"{text}\": invalid syntax");
            assert_eq!(parse_int(text, 10).unwrap_err().to_string(), expected);
        }
        assert_eq!(
            parse_int("99999999999999999999", 10)
                .unwrap_err()
                .to_string(),
            "parsing \"99999999999999999999\": value out of range"
        );
    }

    #[test]
    fn floats() {
        for (text, expected) in [
            ("1", 1.0),
            ("+1.5", 1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e2", 100.0),
            ("1E-2", 0.01),
            ("1_000.5", 1000.5),
            ("0x1p4", 16.0),
            ("0x_1.8p1", 3.0),
            ("-0X.8p0", -0.5),
            ("0x0p99999999999", 0.0),
            ("0x1p-99999999999", 0.0),
            ("-inf", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
        ] {
            assert_eq!(parse_float(text), Ok(expected), "{text}");
        }
        assert!(parse_float("NaN").unwrap().is_nan());
        for text in [
            "", "x", "0x1", "0x10", "1 ", " 1", "1_", "_1", "1__0", "1_.5", "+nan", "1e", "1e+",
            ".", "infx", "0xp1", "0x1p", "1,5", "0b1", "0o17", "1e1.5",
        ] {
            assert!(parse_float(text).is_err(), "{text}");
        }
        for text in ["1e400", "0x1p5000"] {
            let error = parse_float(text).unwrap_err().to_string();
            assert_eq!(error, format!("parsing \"{text}\": value out of range"));
        }
    }
}
