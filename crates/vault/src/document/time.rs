//! Times in a vault: seconds since the year one in base64, or as ISO 8601 in older files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// From 0001-01-01 to 1970-01-01.
const TO_UNIX: i64 = 62_135_596_800;

/// The latest time that can be written as text: the end of the year 9999.
const LATEST: i64 = 315_537_897_599;

/// The seconds since 0001-01-01T00:00:00Z of a time as it stands in a document; `None` when it is
/// not one.
pub(crate) fn seconds_since_year_one(text: &str) -> Option<i64> {
    let text = text.trim();
    let seconds = match text.as_bytes() {
        [_, _, _, _, b'-', ..] => iso(text)?,
        _ => {
            let bytes = STANDARD.decode(text).ok()?;
            i64::from_le_bytes(bytes.as_slice().try_into().ok()?)
        }
    };
    (0..=LATEST).contains(&seconds).then_some(seconds)
}

/// To seconds since 1970.
pub(crate) fn to_unix(seconds: i64) -> i64 {
    seconds - TO_UNIX
}

/// From seconds since 1970, brought into the range that can be written.
pub(crate) fn from_unix(seconds: i64) -> i64 {
    seconds.saturating_add(TO_UNIX).clamp(0, LATEST)
}

/// As it is written.
pub(super) fn encode(seconds: i64) -> String {
    STANDARD.encode(seconds.to_le_bytes())
}

/// `2023-10-05T12:34:56Z`.
fn iso(text: &str) -> Option<i64> {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    time.timestamp().checked_add(TO_UNIX)
}
