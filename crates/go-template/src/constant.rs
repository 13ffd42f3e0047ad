//! Constants in templates: numbers and texts as Go writes them.

use go_std::strconv::{integer, unquote};

use crate::Data;

/// A constant. What a number is depends on where it is used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Bool(bool),
    Number {
        int: Option<i64>,
        float: f64,
        /// Written as a whole number.
        whole: bool,
    },
    Text(String),
}

impl Constant {
    /// What it is where anything is taken.
    pub(crate) fn ideal(&self) -> Data {
        match self {
            Self::Bool(flag) => Data::Bool(*flag),
            Self::Text(text) => Data::Text(text.clone()),
            Self::Number {
                int: Some(int),
                whole: true,
                ..
            } => Data::Int(*int),
            Self::Number { float, .. } => Data::Float(*float),
        }
    }
}

/// A number as Go writes it.
pub(crate) fn number(text: &str) -> Option<Constant> {
    let hexadecimal = text.trim_start_matches(['+', '-']).to_lowercase();
    let hexadecimal = hexadecimal.starts_with("0x");
    let whole = !text.contains(['.', 'p', 'P']) && (hexadecimal || !text.contains(['e', 'E']));
    if whole {
        // Go reads larger ones, and then has no use for them.
        let int = integer(text, 0)?;
        #[expect(clippy::cast_precision_loss, reason = "as Go converts it")]
        let float = int as f64;
        let int = Some(int);
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
    Some(Constant::Number { int, float, whole })
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

/// A character between single quotes: its number.
pub(crate) fn character(literal: &str) -> Option<Constant> {
    let text = unquote(literal)?;
    let mut characters = text.chars();
    let code = u32::from(characters.next()?);
    if characters.next().is_some() {
        return None;
    }
    Some(Constant::Number {
        int: Some(i64::from(code)),
        float: f64::from(code),
        whole: true,
    })
}
