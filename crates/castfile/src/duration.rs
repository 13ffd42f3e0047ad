//! Durations as Go writes them: `500ms`, `1m30s`, `1.5h`.

use std::time::Duration;

/// Largest duration, as in Go: 2⁶³ − 1 nanoseconds, about 292 years.
const MAX_NANOS: u128 = i64::MAX as u128;

/// Why a text is not a duration. The texts of the first four are those of Go's `time` package
/// without its prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// Not a number followed by a unit.
    #[error("invalid duration {text:?}")]
    Invalid {
        /// The whole text.
        text: String,
    },
    /// A number has no unit.
    #[error("missing unit in duration {text:?}")]
    MissingUnit {
        /// The whole text.
        text: String,
    },
    /// The unit after a number is none of Go's.
    #[error("unknown unit {unit:?} in duration {text:?}")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// The whole text.
        text: String,
    },
    /// More than about 292 years.
    #[error("duration {text:?} is too long")]
    TooLong {
        /// The whole text.
        text: String,
    },
    /// A minus sign.
    #[error("duration {text:?} is negative")]
    Negative {
        /// The whole text.
        text: String,
    },
}

impl DurationError {
    /// What to write instead, when that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::MissingUnit { text } => {
                let number = text.trim_start_matches('+');
                // `1m30` lacks only the last unit
                Some(format!(
                    "write the unit, for example `{number}s` for seconds"
                ))
            }
            Self::UnknownUnit { unit, .. } => Some(match unit.as_str() {
                "d" | "day" | "days" => "there is no unit for days; write hours, `24h`".to_owned(),
                _ => "the units are `ns`, `us`, `ms`, `s`, `m` and `h`".to_owned(),
            }),
            Self::Invalid { .. } => {
                Some("write a number and a unit, for example `90s` or `1m30s`".to_owned())
            }
            Self::TooLong { .. } | Self::Negative { .. } => None,
        }
    }
}

/// Reads a duration in Go's syntax: one or more decimal numbers, each with a unit (`ns`, `us` or
/// `µs`, `ms`, `s`, `m`, `h`), optionally after a `+`. A bare `0` needs no unit.
///
/// # Errors
///
/// [`DurationError`] as Go's `time.ParseDuration`, and also for a negative duration, which makes no
/// sense as a timeout.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let whole = || text.to_owned();
    let invalid = || DurationError::Invalid { text: whole() };
    if text.starts_with('-') {
        return Err(DurationError::Negative { text: whole() });
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let (integer, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if integer.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let scale: u128 = match unit {
            "" => return Err(DurationError::MissingUnit { text: whole() }),
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => {
                return Err(DurationError::UnknownUnit {
                    unit: unit.to_owned(),
                    text: whole(),
                });
            }
        };
        let too_long = || DurationError::TooLong { text: whole() };
        let integer: u64 = match integer.trim_start_matches('0') {
            "" => 0,
            significant => significant.parse().map_err(|_| too_long())?,
        };
        total += u128::from(integer) * scale + fraction_nanos(fraction, scale);
        if total > MAX_NANOS {
            return Err(too_long());
        }
        rest = after;
    }
    u64::try_from(total)
        .map(Duration::from_nanos)
        .map_err(|_| DurationError::TooLong { text: whole() })
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    )
}

/// `0.fraction` of `scale`, rounded down. Digits beyond the 18th are below one nanosecond of any
/// unit.
fn fraction_nanos(fraction: &str, scale: u128) -> u128 {
    let mut value: u128 = 0;
    let mut divisor: u128 = 1;
    for digit in fraction.bytes().take(18) {
        value = value * 10 + u128::from(digit - b'0');
        divisor *= 10;
    }
    value * scale / divisor
}

/// Writes a duration as Go's `Duration.String` does: `1m30s`, `1h0m0s`, `1.5s`, `500ms`, `0s`; one
/// that is too long for Go as the longest there.
///
/// [`parse`] reads it back.
pub fn format(duration: Duration) -> String {
    let nanos = i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    go_std::duration::format(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_go_durations() {
        let cases = [
            ("0", 0),
            ("0s", 0),
            ("500ms", 500_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("+5s", 5_000_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("1us", 1_000),
            ("1µs", 1_000),
            ("1μs", 1_000),
            ("3h2m1.001s", 10_921_001_000_000),
            ("0.3333333333333333333h", 1_199_999_999_999),
            ("9223372036854775807ns", 9_223_372_036_854_775_807),
            ("000000000000000000000001s", 1_000_000_000),
        ];
        for (text, nanos) in cases {
            assert_eq!(parse(text).unwrap(), Duration::from_nanos(nanos), "{text}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        let cases = [
            ("", "invalid duration \"\""),
            ("5", "missing unit in duration \"5\""),
            ("1m30", "missing unit in duration \"1m30\""),
            ("5d", "unknown unit \"d\" in duration \"5d\""),
            ("5 s", "unknown unit \" s\" in duration \"5 s\""),
            ("s", "invalid duration \"s\""),
            (".s", "invalid duration \".s\""),
            ("+", "invalid duration \"+\""),
            ("-5s", "duration \"-5s\" is negative"),
            ("2562048h", "duration \"2562048h\" is too long"),
            (
                "99999999999999999999s",
                "duration \"99999999999999999999s\" is too long",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
        assert_eq!(
            parse("5").unwrap_err().help().unwrap(),
            "write the unit, for example `5s` for seconds"
        );
    }

    #[test]
    fn writes_as_go_does() {
        let cases = [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (3_300_000_000, "3.3s"),
            (90_000_000_000, "1m30s"),
            (245_001_000_000, "4m5.001s"),
            (3_600_000_000_000, "1h0m0s"),
            (18_367_001_000_000, "5h6m7.001s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(format(Duration::from_nanos(nanos)), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(nanos in 0..i64::MAX) {
            let duration = Duration::from_nanos(nanos.unsigned_abs());
            prop_assert_eq!(parse(&format(duration)), Ok(duration));
        }

        #[test]
        fn never_panics(text in "[0-9.smhnuµ+-]{0,30}|.*", secs: u64) {
            drop(parse(&text));
            format(Duration::from_secs(secs));
        }
    }
}
