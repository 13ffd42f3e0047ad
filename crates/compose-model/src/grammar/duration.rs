//! Spans of time.

use std::fmt;
use std::str::FromStr;

/// A span of time in nanoseconds, which may be negative.
///
/// It reads numbers with units, one after the other: `ns`, `us` (`µs`), `ms`, `s`, `m`, `h`, `d`
/// (24 hours) and `w` (7 days); fractions and a sign in front are fine, a number without unit is
/// not, except `0`. It prints as Go and Docker Compose do: `1m30s`, `24h0m0s`, `1.5ms`, `0s`.
///
/// ```
/// use compose_model::Duration;
///
/// let interval: Duration = "1d12h".parse()?;
/// assert_eq!(interval.to_string(), "36h0m0s");
/// assert_eq!(interval.to_std(), Some(std::time::Duration::from_secs(36 * 3600)));
/// # Ok::<(), compose_model::DurationError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

/// A text that is no [`Duration`]. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// Empty, without digits, or too long for 64 bits.
    #[error("time: invalid duration \"{0}\"")]
    Invalid(String),
    /// A number without a unit.
    #[error("time: missing unit in duration \"{0}\"")]
    MissingUnit(String),
    /// A unit that is none.
    #[error("time: unknown unit \"{unit}\" in duration \"{text}\"")]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
}

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000 * MICROSECOND;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

impl Duration {
    /// That many nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// How many nanoseconds.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// The duration of the standard library; `None` if this one is negative.
    pub fn to_std(self) -> Option<std::time::Duration> {
        let nanos = u64::try_from(self.0).ok()?;
        Some(std::time::Duration::from_nanos(nanos))
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let invalid = || DurationError::Invalid(text.to_owned());
        let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0_i64;
        while !rest.is_empty() {
            let (whole, after) = digits(rest);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => digits(after),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(invalid());
            }
            // A number that is too large is reported before its unit is looked at.
            let whole: i64 = match whole {
                "" => 0,
                _ => whole.parse().map_err(|_| invalid())?,
            };
            let end = after.find(|c: char| c == '.' || c.is_ascii_digit());
            let (unit, next) = after.split_at(end.unwrap_or(after.len()));
            if unit.is_empty() {
                return Err(DurationError::MissingUnit(text.to_owned()));
            }
            let nanos = unit_nanos(unit).ok_or_else(|| DurationError::UnknownUnit {
                unit: unit.to_owned(),
                text: text.to_owned(),
            })?;
            total = whole
                .checked_mul(nanos)
                .and_then(|whole| whole.checked_add(part(fraction, nanos)))
                .and_then(|nanos| total.checked_add(nanos))
                .ok_or_else(invalid)?;
            rest = next;
        }
        Ok(Self(if text.starts_with('-') { -total } else { total }))
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

fn unit_nanos(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        // Both the micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => MICROSECOND,
        "ms" => MILLISECOND,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => 24 * HOUR,
        "w" => 168 * HOUR,
        _ => return None,
    })
}

/// The nanoseconds of a fraction of a unit. Digits that 64 bits do not hold are ignored.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "computed in floating point upstream, which decides the last digit"
)]
fn part(fraction: &str, unit: i64) -> i64 {
    let mut number = 0_i64;
    let mut scale = 1.0_f64;
    for digit in fraction.bytes().map(|byte| i64::from(byte - b'0')) {
        let Some(next) = number.checked_mul(10).and_then(|n| n.checked_add(digit)) else {
            break;
        };
        number = next;
        scale *= 10.0;
    }
    (number as f64 * (unit as f64 / scale)) as i64
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&go_std::duration::format(self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Duration;

    fn printed(text: &str) -> Result<String, String> {
        let duration = text.parse::<Duration>();
        duration
            .map(|duration| duration.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn durations_print_as_go_prints_them() {
        for (text, expected) in [
            ("0", "0s"),
            ("-0", "0s"),
            ("0s", "0s"),
            ("1s", "1s"),
            ("+1s", "1s"),
            ("90s", "1m30s"),
            ("59m60s", "1h0m0s"),
            ("1d", "24h0m0s"),
            ("1w", "168h0m0s"),
            ("1.5d", "36h0m0s"),
            ("1w2d3h4m5s6ms7us8ns", "219h4m5.006007008s"),
            ("1us", "1\u{b5}s"),
            ("1\u{b5}s", "1\u{b5}s"),
            ("1\u{3bc}s", "1\u{b5}s"),
            ("1500us", "1.5ms"),
            ("1234567ns", "1.234567ms"),
            ("999ns", "999ns"),
            ("10ms", "10ms"),
            ("1500ms", "1.5s"),
            ("1.s", "1s"),
            (".5s", "500ms"),
            ("-1h1m", "-1h1m0s"),
            ("1h1h", "2h0m0s"),
            ("1h0.5s", "1h0m0.5s"),
            ("0.5ns", "0s"),
            ("1.23456789012345678901234567890s", "1.23456789s"),
            ("3.000000001h", "3h0m0.0000036s"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
            ("9223372036854775.807us", "2562047h47m16.854775807s"),
            ("15250w", "2562000h0m0s"),
        ] {
            assert_eq!(printed(text).as_deref(), Ok(expected), "{text}");
        }
        let least = Duration::from_nanos(i64::MIN);
        assert_eq!(least.to_string(), "-2562047h47m16.854775808s");
        assert_eq!(least.to_std(), None);
    }

    #[test]
    fn errors() {
        for text in [
            "",
            "-",
            "--1s",
            "s",
            "..s",
            " 1s",
            "9223372036854775808ns",
            "9223372037s",
            "15251w",
            "-9223372036854775808ns",
        ] {
            let expected = format!("time: invalid duration \"{text}\"");
            assert_eq!(printed(text), Err(expected));
        }
        for text in ["1", "1.5", "1.5.5s"] {
            let expected = format!("time: missing unit in duration \"{text}\"");
            assert_eq!(printed(text), Err(expected));
        }
        for (text, unit) in [
            ("1 s", " s"),
            ("1s ", "s "),
            ("1S", "S"),
            ("1y", "y"),
            ("1h-1m", "h-"),
            ("1e3s", "e"),
            ("1min", "min"),
            ("1\"s", "\"s"),
            ("1:30", ":"),
        ] {
            let expected = format!("time: unknown unit \"{unit}\" in duration \"{text}\"");
            assert_eq!(printed(text), Err(expected));
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[+-]?([0-9.]{0,20}([nuµm]?s|[mhdw]|.?)){0,4}") {
            drop(printed(&text));
        }

        #[test]
        fn what_is_printed_reads_the_same(nanos in -i64::MAX..) {
            let duration = Duration::from_nanos(nanos);
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
        }
    }
}
