//! From a key as people write it to the entry it means.

use crate::contents::{Contents, Found, is_folded};
use crate::entry::{Entry, fields};
use crate::{Error, Secret};

/// As many suggestions as fit in a line.
const SUGGESTIONS: usize = 3;

/// The entry that a key means; `None` when there is none.
///
/// In this order: the path with `/` alone; the whole title, in whatever group; the path separated
/// by any of `/ \ . :`, as the Go kpv reads it, or its field `BEARZ_PATH`. Case is ignored unless
/// that makes two of one. The recycle bin is not looked into.
pub(crate) fn find<'c>(contents: &'c Contents, key: &str) -> Result<Option<&'c Entry>, Error> {
    let key = trim(key);
    let folded = key.to_lowercase();
    if folded.is_empty() {
        return Ok(None);
    }
    let by_path = contents.live().filter(|entry| entry.is_at(&folded));
    if let Some(entry) = one(key, by_path, |entry| entry.entry().key().to_string() == key)? {
        return Ok(Some(entry));
    }
    let by_title = contents
        .live()
        .filter(|entry| is_folded(&folded, entry.title()));
    if let Some(entry) = one(key, by_title, |entry| entry.title() == key)? {
        return Ok(Some(entry));
    }
    let Some(segments) = kpv_segments(&folded) else {
        return Ok(None);
    };
    let by_segments = contents.live().filter(|entry| {
        is_at(*entry, &segments)
            || entry
                .field(fields::KPV_PATH)
                .is_some_and(|path| is_folded(&folded, path))
    });
    one(key, by_segments, |entry| {
        kpv_segments(key).is_some_and(|exact| {
            let own = entry
                .groups()
                .iter()
                .map(String::as_str)
                .chain([entry.title()]);
            own.eq(exact)
        })
    })
}

/// Separators at the ends say nothing.
fn trim(key: &str) -> &str {
    let key = key.strip_prefix('/').unwrap_or(key);
    key.strip_suffix('/').unwrap_or(key)
}

fn is_at(entry: Found<'_>, segments: &[&str]) -> bool {
    let Some((title, groups)) = segments.split_last() else {
        return false;
    };
    entry.groups().len() == groups.len()
        && is_folded(title, entry.title())
        && std::iter::zip(entry.groups(), groups).all(|(group, segment)| is_folded(segment, group))
}

/// The segments as the Go kpv separates them; `None` when one is empty.
fn kpv_segments(key: &str) -> Option<Vec<&str>> {
    let separators = ['/', '\\', '.', ':'];
    let key = key.strip_suffix(separators).unwrap_or(key);
    let segments: Vec<_> = key.split(separators).collect();
    (!segments.iter().any(|segment| segment.is_empty())).then_some(segments)
}

/// The only one found, or the only one of them that is written exactly so.
fn one<'c>(
    key: &str,
    found: impl Iterator<Item = Found<'c>>,
    is_exact: impl Fn(Found<'_>) -> bool,
) -> Result<Option<&'c Entry>, Error> {
    let found: Vec<_> = found.collect();
    if let [] | [_] = found.as_slice() {
        return Ok(found.first().map(|entry| entry.entry()));
    }
    let exact: Vec<_> = found
        .iter()
        .copied()
        .filter(|entry| is_exact(*entry))
        .collect();
    if let [entry] = exact.as_slice() {
        return Ok(Some(entry.entry()));
    }
    Err(Error::Ambiguous {
        key: key.to_owned(),
        candidates: found
            .iter()
            .map(|entry| entry.entry().key().to_string())
            .collect(),
    })
}

/// The value that a key means: the password of an entry, or, as `entry/field`, another field.
pub(crate) fn value(contents: &Contents, key: &str) -> Result<Secret, Error> {
    if let Some(entry) = find(contents, key)? {
        return Ok(entry.password());
    }
    if let Some((owner, name)) = trim(key).rsplit_once('/')
        && let Some(entry) = find(contents, owner)?
        && let Some(field) = entry.field_named(name)
    {
        return Ok(field.value.clone());
    }
    Err(not_found(contents, key))
}

/// The error for a key that means nothing, with what may have been meant.
pub(crate) fn not_found(contents: &Contents, key: &str) -> Error {
    let folded = trim(key).to_lowercase();
    let leaf = folded.rsplit('/').next().unwrap_or_default();
    let mut near: Vec<(usize, String)> = contents
        .live()
        .filter_map(|entry| {
            // the same name in another group is near, whatever the groups are called
            let distance = if is_folded(leaf, entry.title()) {
                0
            } else {
                strsim::damerau_levenshtein(&folded, &entry.entry().folded())
            };
            let limit = (folded.chars().count() / 3).max(2);
            (distance <= limit).then(|| (distance, entry.entry().key().to_string()))
        })
        .collect();
    near.sort();
    near.truncate(SUGGESTIONS);
    let misplaced = contents
        .live()
        .find(|entry| folded != leaf && entry.groups().is_empty() && is_folded(leaf, entry.title()))
        .map(|entry| entry.title().to_owned());
    Error::NotFound {
        key: key.to_owned(),
        nearest: near.into_iter().map(|(_, key)| key).collect(),
        misplaced,
    }
}
