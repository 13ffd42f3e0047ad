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
        go_std::duration::parse(text).map(Self).ok_or(DurationError)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&go_std::duration::format(self.0))
    }
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
