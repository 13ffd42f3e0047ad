//! Durations as Go writes and reads them.

use std::fmt;
use std::str::FromStr;

/// A length of time in nanoseconds, which may be negative.
///
/// `Display` writes it as Traefik does; parsing reads what a label may have, where a bare number
/// means seconds.
///
/// ```
/// use proxy_labels::traefik::Duration;
/// assert_eq!("90".parse::<Duration>().unwrap().to_string(), "1m30s");
/// assert_eq!("1h30m5ms".parse::<Duration>().unwrap().to_string(), "1h30m0.005s");
/// assert!("1d".parse::<Duration>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// So many milliseconds; more than fit into 292 years wrap around, as in Go.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.wrapping_mul(1_000_000))
    }

    /// In nanoseconds.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }
}

/// Not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DurationError;

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no duration; write seconds, or a number with ns, us, ms, s, m or h")
    }
}

impl std::error::Error for DurationError {}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(seconds) = text.parse::<i64>() {
            return Ok(Self(seconds.wrapping_mul(1_000_000_000)));
        }
        parse(text).map(Self).ok_or(DurationError)
    }
}

/// `[+-](digits[.digits]unit)+`, as Go reads it.
fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let limit = 1_u64 << 63;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_end = digits(rest);
        let whole: u64 = match &rest[..whole_end] {
            "" => 0,
            number => number.parse().ok().filter(|number| *number <= limit)?,
        };
        rest = &rest[whole_end..];
        let mut fraction = "";
        if let Some(after) = rest.strip_prefix('.') {
            let end = digits(after);
            fraction = &after[..end];
            rest = &after[end..];
        }
        if whole_end == 0 && fraction.is_empty() {
            return None;
        }
        let unit_end = rest
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(rest.len());
        let unit: u64 = match &rest[..unit_end] {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        rest = &rest[unit_end..];
        let mut value = whole.checked_mul(unit).filter(|value| *value <= limit)?;
        value = value.checked_add(part(fraction, unit))?;
        total = total.checked_add(value).filter(|total| *total <= limit)?;
    }
    if negative {
        return Some((total.wrapping_neg()).cast_signed());
    }
    i64::try_from(total).ok()
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// A fraction of a unit, cut off below the nanosecond; digits beyond what a number holds are
/// dropped, as in Go.
fn part(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1_u64);
    for digit in fraction.bytes() {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|next| *next < (1 << 63)) else {
            break;
        };
        let Some(wider) = scale.checked_mul(10) else {
            break;
        };
        (value, scale) = (next, wider);
    }
    let product = u128::from(value) * u128::from(unit) / u128::from(scale);
    u64::try_from(product).unwrap_or(u64::MAX)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if nanos == 0 {
            return f.write_str("0s");
        }
        for (unit, name) in [(1_000, "ns"), (1_000_000, "µs"), (1_000_000_000, "ms")] {
            if nanos < unit {
                return fraction(f, nanos, unit / 1_000, name);
            }
        }
        let seconds = nanos / 1_000_000_000;
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        fraction(f, nanos % 60_000_000_000, 1_000_000_000, "s")
    }
}

fn fraction(f: &mut fmt::Formatter<'_>, value: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", value / unit)?;
    let rest = value % unit;
    if rest > 0 {
        let width = unit.ilog10() as usize;
        let digits = format!("{rest:0width$}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    f.write_str(name)
}

#[cfg(test)]
mod tests {
    use super::Duration;

    fn shown(text: &str) -> String {
        text.parse::<Duration>()
            .map_or_else(|_| "error".to_owned(), |duration| duration.to_string())
    }

    #[test]
    fn as_the_real_program_shows_them() {
        for (written, expected) in [
            ("7", "7s"),
            ("0", "0s"),
            ("-1", "-1s"),
            ("1m30s", "1m30s"),
            ("1.5h", "1h30m0s"),
            (".5s", "500ms"),
            ("1µs", "1µs"),
            ("+1h", "1h0m0s"),
            ("100ns", "100ns"),
            ("1500us", "1.5ms"),
            ("300000h", "300000h0m0s"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
            ("999999999999", "1076616h40m18.684212736s"),
            ("1d", "error"),
            ("10 s", "error"),
            ("", "error"),
            ("1.5", "error"),
            (".s", "error"),
            ("-", "error"),
        ] {
            assert_eq!(shown(written), expected, "{written}");
        }
    }
}
