//! Constants in templates: numbers and texts as Go writes them.

use super::data::Data;
use crate::escape::escape;

/// A constant. What a number is depends on where it is used.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Bool(bool),
    Number {
        int: Option<i64>,
        float: Option<f64>,
        /// Written as a whole number.
        whole: bool,
    },
    Text(String),
}

impl Constant {
    /// What it is where anything is taken.
    pub(super) fn ideal(&self) -> Result<Data, String> {
        Ok(match self {
            Self::Bool(flag) => Data::Bool(*flag),
            Self::Text(text) => Data::Text(text.clone()),
            Self::Number {
                int: Some(int),
                whole: true,
                ..
            } => Data::Int(*int),
            Self::Number {
                float: Some(float), ..
            } if !self.is_whole() => Data::Float(*float),
            Self::Number { .. } => return Err("integer overflow".to_owned()),
        })
    }

    fn is_whole(&self) -> bool {
        matches!(self, Self::Number { whole: true, .. })
    }
}

/// A number as Go writes it.
pub(super) fn number(text: &str) -> Option<Constant> {
    let hexadecimal = text.trim_start_matches(['+', '-']).to_lowercase();
    let hexadecimal = hexadecimal.starts_with("0x");
    let whole = !text.contains(['.', 'p', 'P']) && (hexadecimal || !text.contains(['e', 'E']));
    if whole {
        let int = integer(text, 0);
        // Too large for a signed number.
        let unsigned = int.is_none() && text.trim_start_matches('+').parse::<u64>().is_ok();
        if int.is_none() && !unsigned {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
        let float = int.map(|int| int as f64);
        return Some(Constant::Number { int, float, whole });
    }
    let plain = text.replace('_', "");
    let float = if hexadecimal {
        hexadecimal_float(&plain)?
    } else {
        plain
            .parse::<f64>()
            .ok()
            .filter(|float| float.is_finite())?
    };
    #[expect(clippy::cast_possible_truncation, reason = "compared with what it was")]
    let cut = float as i64;
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "whether nothing was lost"
    )]
    let int = (cut as f64 == float).then_some(cut);
    Some(Constant::Number {
        int,
        float: Some(float),
        whole,
    })
}

fn hexadecimal_float(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.trim_start_matches('+')),
    };
    let (mantissa, exponent) = rest[2..].split_once(['p', 'P'])?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(part.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let exponent: i32 = exponent.parse().ok()?;
    let shift = exponent - 4 * i32::try_from(part.len()).ok()?;
    Some(sign * value * 2.0_f64.powi(shift)).filter(|float| float.is_finite())
}

/// As Go's `strconv.ParseInt` reads it; base 0 means that the text says.
pub(super) fn integer(text: &str, base: u32) -> Option<i64> {
    let (negative, mut digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut base = base;
    let plain;
    if base == 0 {
        base = 10;
        let mut prefixed = false;
        for (prefix, its) in [
            ("0x", 16),
            ("0X", 16),
            ("0b", 2),
            ("0B", 2),
            ("0o", 8),
            ("0O", 8),
        ] {
            if let Some(rest) = digits.strip_prefix(prefix) {
                (base, digits, prefixed) = (its, rest, true);
                break;
            }
        }
        if base == 10 && digits.len() > 1 && digits.starts_with('0') {
            (base, digits, prefixed) = (8, &digits[1..], true);
        }
        let misplaced = digits.ends_with('_')
            || digits.contains("__")
            || (digits.starts_with('_') && !prefixed);
        if misplaced {
            return None;
        }
        plain = digits.replace('_', "");
        digits = &plain;
    }
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(digits, base).ok()?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// The text of a literal with its quotes, of any of the three kinds.
pub(super) fn unquote(literal: &str) -> Option<String> {
    let quote = *literal.as_bytes().first()?;
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if quote == b'`' {
        return Some(inner.replace('\r', ""));
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(character) = inner[at..].chars().next() {
        if character == '\\' {
            at += escape(&inner[at..], quote, &mut bytes)?;
        } else {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            at += character.len_utf8();
        }
    }
    // Bytes that are no text are nothing that a label could hold.
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A character between single quotes: its number.
pub(super) fn character(literal: &str) -> Option<Constant> {
    let text = unquote(literal)?;
    let mut characters = text.chars();
    let code = u32::from(characters.next()?);
    if characters.next().is_some() {
        return None;
    }
    Some(Constant::Number {
        int: Some(i64::from(code)),
        float: Some(f64::from(code)),
        whole: true,
    })
}
