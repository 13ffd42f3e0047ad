//! Numbers and booleans as the types of the original hold them.

use crate::go;
use crate::interpolation::word_for_boolean;
use crate::value::{Data, Value};

/// A boolean; a text is one as in the casts of interpolation.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(on) => Some(*on),
        Data::Str(text) => word_for_boolean(text).map(|(on, _)| on),
        _ => None,
    }
}

/// A number of 64 bits with a sign: fractions are cut off, what is too large wraps as in Go.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => Some(*number),
        Data::UInt(number) => Some(number.cast_signed()),
        Data::Float(number) => Some(cut(*number)),
        Data::Str(text) => go::parse_int(text, 10).ok(),
        _ => None,
    }
}

/// A number of 64 bits without a sign; `None` also for one that is negative.
pub(crate) fn unsigned(value: &Value) -> Option<u64> {
    match &value.data {
        Data::UInt(number) => Some(*number),
        Data::Float(number) if *number < 0.0 => None,
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range by the guard"
        )]
        Data::Float(number) if *number < 18_446_744_073_709_551_616.0 => Some(*number as u64),
        Data::Float(_) => Some(1 << 63),
        _ => integer(value)?.try_into().ok(),
    }
}

/// A number of 32 bits with a fraction, in the digits that tell it from its neighbours.
pub(crate) fn single(value: &Value) -> Option<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "what the original keeps of it"
    )]
    let number = match &value.data {
        Data::Int(number) => *number as f32,
        Data::UInt(number) => *number as f32,
        Data::Float(number) => *number as f32,
        Data::Str(text) => go::parse_float(text).ok()? as f32,
        _ => return None,
    };
    number.to_string().parse().ok()
}

#[expect(clippy::cast_possible_truncation, reason = "out of range is handled")]
fn cut(number: f64) -> i64 {
    if number.abs() < 9_223_372_036_854_775_808.0 {
        number as i64
    } else {
        i64::MIN
    }
}

#[cfg(test)]
mod tests {
    use super::{integer, single, truth, unsigned};
    use crate::value::{Data, Value};

    #[test]
    fn what_does_not_fit_wraps() {
        for (data, expected) in [
            (Data::Float(1.5), 1),
            (Data::Float(-1.5), -1),
            (Data::Float(1e20), i64::MIN),
            (Data::UInt(u64::MAX), -1),
            (Data::from("+3"), 3),
        ] {
            assert_eq!(integer(&Value::new(data)), Some(expected));
        }
        for (data, expected) in [
            (Data::Int(-1), None),
            (Data::Float(1e20), Some(1 << 63)),
            (Data::UInt(u64::MAX), Some(u64::MAX)),
        ] {
            assert_eq!(unsigned(&Value::new(data)), expected);
        }
    }

    #[test]
    fn half_the_digits() {
        for (data, expected) in [
            (Data::Float(0.123_456_789), 0.123_456_79),
            (Data::from("9223372036854775808"), 9.223_372e18),
            (Data::from("0.1"), 0.1),
        ] {
            assert_eq!(single(&Value::new(data)), Some(expected));
        }
    }

    #[test]
    fn words_for_booleans() {
        assert_eq!(truth(&Value::new("Yes")), Some(true));
        assert_eq!(truth(&Value::new("off")), Some(false));
        assert_eq!(truth(&Value::new("1")), None);
    }
}
