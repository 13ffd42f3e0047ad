//! Permissions of files.

use std::fmt;
use std::str::FromStr;

use crate::go;

/// The `mode` of a secret or config.
///
/// Text is octal (`0440` and `440` alike); a number in the YAML is that number. It prints as
/// Docker Compose does: octal with `0` in front.
///
/// ```
/// use compose_model::FileMode;
///
/// assert_eq!("440".parse::<FileMode>()?, FileMode::new(0o440));
/// assert_eq!(FileMode::new(288).to_string(), "0440");
/// # Ok::<(), compose_model::FileModeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(i64);

/// A text that is no octal number. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileModeError(go::NumberError);

impl FileMode {
    /// The mode with these bits.
    pub const fn new(bits: i64) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl FromStr for FileMode {
    type Err = FileModeError;

    fn from_str(text: &str) -> Result<Self, FileModeError> {
        go::parse_int(text, 8).map(Self).map_err(FileModeError)
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "0{sign}{:o}", self.0.unsigned_abs())
    }
}

impl fmt::Display for FileModeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.ParseInt: {}", self.0)
    }
}

impl std::error::Error for FileModeError {}

#[cfg(test)]
mod tests {
    use super::FileMode;

    #[test]
    fn modes() {
        for (text, expected) in [
            ("0440", "0440"),
            ("440", "0440"),
            ("0", "00"),
            ("+7", "07"),
            ("-1", "0-1"),
            ("37777777777", "037777777777"),
        ] {
            assert_eq!(text.parse::<FileMode>().unwrap().to_string(), expected);
        }
        assert_eq!(FileMode::new(440).to_string(), "0670");
        for text in [
            "",
            "8",
            "0o440",
            "0x1",
            " 7",
            "1_0",
            "rw",
            "99999999999999999999999",
        ] {
            assert_eq!(
                text.parse::<FileMode>().unwrap_err().to_string(),
                format!("strconv.ParseInt: parsing \"{text}\": invalid syntax")
            );
        }
    }
}
