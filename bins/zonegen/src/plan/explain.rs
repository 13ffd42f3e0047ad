//! A change told to people before it is made.

use std::fmt::Write as _;

use dns_zone::Record;
use similar::TextDiff;

use super::Change;
use crate::source::Origin;

/// What a change does to the records, and why.
pub(crate) fn records(change: &Change) -> String {
    let mut out = String::new();
    let state = match (&change.before, change.is_change()) {
        (_, false) => "no change".to_owned(),
        (None, true) => "new file".to_owned(),
        (Some(_), true) => match change.diff.serials {
            (Some(old), Some(_)) => format!("serial after {old}"),
            _ => "changed".to_owned(),
        },
    };
    let _infallible = writeln!(out, "{} in {}: {state}", change.zone, change.path);
    if !change.is_change() {
        return out;
    }
    let mut line = |sign: char, record: &Record, why: &str| {
        let _infallible = writeln!(out, "  {sign} {record}  ; {why}");
    };
    for record in &change.diff.removed {
        let replaced = change
            .diff
            .added
            .iter()
            .any(|added| added.owner == record.owner && added.kind() == record.kind());
        line(
            '-',
            record,
            if replaced {
                "is replaced"
            } else {
                "nothing wants it any more"
            },
        );
    }
    for record in &change.diff.added {
        line('+', record, &why(change, record));
    }
    for (ttl, record) in &change.diff.changed_ttl {
        line(
            '~',
            record,
            &format!("time to live was {ttl}; {}", why(change, record)),
        );
    }
    out
}

fn why(change: &Change, record: &Record) -> String {
    let found = change
        .why
        .iter()
        .find(|(other, _)| other.owner == record.owner && other.data == record.data);
    let origins = found.map(|(_, origins)| origins.iter().map(Origin::shown).collect::<Vec<_>>());
    match origins {
        Some(origins) if !origins.is_empty() => origins.join("; "),
        _ => "written by hand".to_owned(),
    }
}

/// The change as a unified diff.
pub(crate) fn unified(path: &str, before: Option<&[u8]>, after: &[u8]) -> String {
    let old = String::from_utf8_lossy(before.unwrap_or_default()).into_owned();
    let new = String::from_utf8_lossy(after).into_owned();
    let diff = TextDiff::from_lines(&old, &new);
    let from = if before.is_some() { path } else { "/dev/null" };
    diff.unified_diff()
        .context_radius(3)
        .header(from, path)
        .to_string()
}
