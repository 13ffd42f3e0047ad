//! Amounts of memory.

use std::fmt;
use std::str::FromStr;

use crate::go;

/// A number of bytes, as `mem_limit`, `shm_size` and the like have it; -1 stands for no limit.
///
/// It reads whole numbers, and numbers of 0 and more with a unit: `b`, `k`, `m`, `g`, `t` or `p`,
/// powers of 1024, with `b` or `ib` behind them if wished, in any case, with a space in front if
/// wished. A fraction of a byte is dropped. It prints the number, as Docker Compose does.
///
/// What does not fit is [`i64::MIN`], as in Compose on most machines.
///
/// ```
/// use compose_model::ByteSize;
///
/// assert_eq!("1.5 GiB".parse::<ByteSize>()?.to_string(), "1610612736");
/// assert_eq!("64m".parse::<ByteSize>()?.get(), 64 * 1024 * 1024);
/// # Ok::<(), compose_model::ByteSizeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(i64);

/// A text that is no [`ByteSize`]. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteSizeError(Problem);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Size(String),
    Suffix(String),
    Number(go::NumberError),
}

impl ByteSize {
    /// That many bytes.
    pub const fn new(bytes: i64) -> Self {
        Self(bytes)
    }

    /// How many bytes.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    fn from_str(text: &str) -> Result<Self, ByteSizeError> {
        if let Ok(number) = go::parse_int(text, 10) {
            return Ok(Self(number));
        }
        parse(text).map(Self).map_err(ByteSizeError)
    }
}

fn parse(text: &str) -> Result<i64, Problem> {
    let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let Some(last) = last else {
        return Err(Problem::Size(text.to_owned()));
    };
    let suffix = &text[last + 1..];
    let number = match text.as_bytes()[last] {
        b' ' => &text[..last],
        _ => &text[..=last],
    };
    let number = go::parse_float(number).map_err(Problem::Number)?;
    if number < 0.0 {
        return Err(Problem::Size(text.to_owned()));
    }
    // Compose shows a suffix that could be one in lower case.
    if suffix.len() > 3 {
        return Err(Problem::Suffix(suffix.to_owned()));
    }
    let suffix = suffix.to_lowercase();
    let (unit, ending) = suffix.split_at(suffix.chars().next().map_or(0, char::len_utf8));
    let power = match unit {
        "" => 0,
        "b" if ending.is_empty() => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return Err(Problem::Suffix(suffix)),
    };
    if !matches!(ending, "" | "b" | "ib") {
        return Err(Problem::Suffix(suffix));
    }
    Ok(truncate(number * 1024_f64.powi(power)))
}

/// Go's `int64(number)` on x86: the least integer for all that does not fit.
#[expect(clippy::cast_possible_truncation, reason = "the fraction goes")]
fn truncate(number: f64) -> i64 {
    // 2^63, the first number that does not fit.
    let limit = 9_223_372_036_854_775_808.0;
    if number >= -limit && number < limit {
        number as i64
    } else {
        i64::MIN
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ByteSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::Size(text) => write!(f, "invalid size: '{text}'"),
            Problem::Suffix(text) => write!(f, "invalid suffix: '{text}'"),
            Problem::Number(error) => write!(f, "strconv.ParseFloat: {error}"),
        }
    }
}

impl std::error::Error for ByteSizeError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ByteSize;

    fn parse(text: &str) -> Result<i64, String> {
        let size = text.parse::<ByteSize>();
        size.map(ByteSize::get).map_err(|error| error.to_string())
    }

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("1", 1),
            ("-1", -1),
            ("-2", -2),
            ("+1", 1),
            ("0", 0),
            ("1B", 1),
            ("1k", 1024),
            ("1KB", 1024),
            ("1KiB", 1024),
            ("1m", 1 << 20),
            ("1g", 1 << 30),
            ("1t", 1 << 40),
            ("1p", 1 << 50),
            ("1 kb", 1024),
            ("1 ", 1),
            ("1.5k", 1536),
            ("1.5", 1),
            ("0.9b", 0),
            (".5k", 512),
            ("5.k", 5120),
            ("1e3", 1000),
            ("1E3k", 1_024_000),
            ("1_000k", 1_024_000),
            ("+1k", 1024),
            ("0x1p4", 16),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", i64::MIN),
            ("99999p", i64::MIN),
            ("Inf k", i64::MIN),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn errors() {
        for (text, expected) in [
            ("", "invalid size: ''"),
            ("k", "invalid size: 'k'"),
            ("inf", "invalid size: 'inf'"),
            ("-1k", "invalid size: '-1k'"),
            ("-1.5", "invalid size: '-1.5'"),
            ("1X", "invalid suffix: 'x'"),
            ("1e", "invalid suffix: 'e'"),
            ("1ek", "invalid suffix: 'ek'"),
            ("1bb", "invalid suffix: 'bb'"),
            ("1ki", "invalid suffix: 'ki'"),
            ("1kbi", "invalid suffix: 'kbi'"),
            ("1KIBB", "invalid suffix: 'KIBB'"),
            ("1é", "invalid suffix: 'é'"),
            ("1\tk", "invalid suffix: '\tk'"),
            ("1  k", "strconv.ParseFloat: parsing \"1 \": invalid syntax"),
            ("1k ", "strconv.ParseFloat: parsing \"1k\": invalid syntax"),
            (
                "0x10k",
                "strconv.ParseFloat: parsing \"0x10\": invalid syntax",
            ),
            (
                "1e400",
                "strconv.ParseFloat: parsing \"1e400\": value out of range",
            ),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "([0-9.kmgib _xpe+-]|.){0,12}") {
            drop(parse(&text));
        }

        #[test]
        fn what_is_printed_reads_the_same(bytes: i64) {
            prop_assert_eq!(parse(&ByteSize::new(bytes).to_string()), Ok(bytes));
        }
    }
}
