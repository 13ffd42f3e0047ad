//! Times to live, and other times in seconds.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How long a record may be kept, in seconds: 0 to 2,147,483,647 (RFC 2181 section 8).
///
/// `Display` is the number. [`FromStr`] reads it also with the units of master files:
///
/// ```
/// use dns_zone::Ttl;
/// assert_eq!("1h30m".parse::<Ttl>()?.as_secs(), 5_400);
/// assert_eq!(Ttl::from_secs(86_400)?.to_string(), "86400");
/// # Ok::<(), dns_zone::TtlError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ttl(u32);

/// Why a text or a number is no time to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TtlError {
    /// Not digits, nor numbers with the units w, d, h, m, s.
    #[error("not a number of seconds, nor numbers with the units w, d, h, m, s")]
    NotANumber,
    /// More than 2,147,483,647 seconds.
    #[error("more than 2147483647 seconds")]
    TooLong,
}

impl Ttl {
    /// The longest.
    pub const MAX: Self = Self(i32::MAX.unsigned_abs());

    /// So many seconds.
    ///
    /// # Errors
    /// [`TtlError::TooLong`].
    pub fn from_secs(seconds: u32) -> Result<Self, TtlError> {
        if seconds > Self::MAX.0 {
            return Err(TtlError::TooLong);
        }
        Ok(Self(seconds))
    }

    /// The number of seconds.
    pub fn as_secs(self) -> u32 {
        self.0
    }

    pub(crate) fn from_octets(text: &[u8]) -> Result<Self, TtlError> {
        Self::from_secs(seconds(text)?)
    }

    /// Whatever a message says; longer ones count as zero (RFC 2181 section 8).
    pub fn from_message(seconds: u32) -> Self {
        Self::from_secs(seconds).unwrap_or_default()
    }
}

/// A number of seconds, perhaps with units: `3600`, `1h30m`, `2W`.
pub(crate) fn seconds(text: &[u8]) -> Result<u32, TtlError> {
    if !text.first().is_some_and(u8::is_ascii_digit) {
        return Err(TtlError::NotANumber);
    }
    let mut total = 0_u64;
    let mut number: Option<u64> = None;
    for byte in text {
        if byte.is_ascii_digit() {
            let next = number.unwrap_or(0) * 10 + u64::from(byte - b'0');
            if next > u64::from(u32::MAX) {
                return Err(rest_is_time(text));
            }
            number = Some(next);
            continue;
        }
        let unit = unit(*byte).ok_or(TtlError::NotANumber)?;
        total += number.take().ok_or(TtlError::NotANumber)? * unit;
        if total > u64::from(u32::MAX) {
            return Err(rest_is_time(text));
        }
    }
    if let Some(number) = number {
        // Digits without a unit stand alone.
        if text.iter().any(|b| !b.is_ascii_digit()) {
            return Err(TtlError::NotANumber);
        }
        total = number;
    }
    u32::try_from(total).map_err(|_| TtlError::TooLong)
}

fn unit(byte: u8) -> Option<u64> {
    Some(match byte.to_ascii_lowercase() {
        b'w' => 604_800,
        b'd' => 86_400,
        b'h' => 3_600,
        b'm' => 60,
        b's' => 1,
        _ => return None,
    })
}

/// A number too large is still no number if letters follow that are no units.
fn rest_is_time(text: &[u8]) -> TtlError {
    if text
        .iter()
        .all(|b| b.is_ascii_digit() || unit(*b).is_some())
    {
        TtlError::TooLong
    } else {
        TtlError::NotANumber
    }
}

impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Ttl {
    type Err = TtlError;

    fn from_str(text: &str) -> Result<Self, TtlError> {
        Self::from_octets(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_units() {
        for (text, seconds) in [
            ("0", 0),
            ("1h30m", 5_400),
            ("2W", 1_209_600),
            ("1d2s", 86_402),
        ] {
            assert_eq!(text.parse(), Ttl::from_secs(seconds), "{text}");
        }
        for text in [
            "",
            "h",
            "1hh",
            "-1",
            "+1",
            "1.5",
            "1x",
            "1d2",
            "99999999999x",
        ] {
            assert_eq!(text.parse::<Ttl>(), Err(TtlError::NotANumber), "{text}");
        }
        for text in ["2147483648", "4294967296", "9999w", "99999999999999999999"] {
            assert_eq!(text.parse::<Ttl>(), Err(TtlError::TooLong), "{text}");
        }
    }
}
