//! Times.

use yaml_tree::{Resolved, go_display};

/// A timestamp, as written, in the form of RFC 3339 that Go's YAML and JSON libraries print.
pub(super) fn rfc3339(text: &str) -> String {
    // The date, the time with what is needed of its fraction, the offset and the zone.
    let display = go_display(&Resolved::Timestamp(text)).unwrap_or_default();
    let mut parts = display.split(' ');
    let (Some(date), Some(time), Some(offset)) = (parts.next(), parts.next(), parts.next()) else {
        return text.to_owned();
    };
    let zone = match (offset, offset.split_at_checked(3)) {
        ("+0000", _) | (_, None) => "Z".to_owned(),
        (_, Some((hours, minutes))) => format!("{hours}:{minutes}"),
    };
    format!("{date}T{time}{zone}")
}
