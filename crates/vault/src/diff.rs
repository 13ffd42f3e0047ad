//! What is different between two vaults, without a single value.

use std::fmt;

use crate::{Attachment, Entry, Field, Vault};

/// One entry that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Its key: in the newer vault, or in the older one if it is gone.
    pub key: String,
    /// How it is different.
    pub kind: DifferenceKind,
}

/// How an entry is different.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// It is new.
    Added,
    /// It is gone, or in the recycle bin.
    Removed,
    /// It has another key, or other content.
    Changed {
        /// The key before, if it is another one.
        from: Option<String>,
        /// What changed inside.
        parts: Vec<Part>,
    },
}

/// A part of an entry that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// A field there was not.
    FieldAdded(String),
    /// A field that is no more.
    FieldRemoved(String),
    /// A field with another text.
    FieldChanged(String),
    /// Other tags.
    Tags,
    /// Another time of expiry.
    Expiry,
    /// A file there was not.
    AttachmentAdded(String),
    /// A file that is no more.
    AttachmentRemoved(String),
    /// A file with another content.
    AttachmentChanged(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldAdded(name) => write!(f, "field `{name}` added"),
            Self::FieldRemoved(name) => write!(f, "field `{name}` removed"),
            Self::FieldChanged(name) => write!(f, "field `{name}` changed"),
            Self::Tags => f.write_str("tags changed"),
            Self::Expiry => f.write_str("expiry changed"),
            Self::AttachmentAdded(name) => write!(f, "attachment `{name}` added"),
            Self::AttachmentRemoved(name) => write!(f, "attachment `{name}` removed"),
            Self::AttachmentChanged(name) => write!(f, "attachment `{name}` changed"),
        }
    }
}

/// What changed from one vault to another, sorted by key. Entries are the same by their identity,
/// and where that is new, by their key.
pub fn diff(old: &Vault, new: &Vault) -> Vec<Difference> {
    let before: Vec<&Entry> = old.entries().collect();
    let mut is_matched = vec![false; before.len()];
    let mut found = Vec::new();
    // first those that are surely the same, so that a key that was reused does not take them
    let mut partners: Vec<(&Entry, Option<usize>)> = new
        .entries()
        .map(|entry| {
            let at = before.iter().position(|old| old.id == entry.id);
            if let Some(at) = at {
                is_matched[at] = true;
            }
            (entry, at)
        })
        .collect();
    for (entry, partner) in &mut partners {
        if partner.is_none() {
            let same_key = |at: &usize| !is_matched[*at] && before[*at].folded() == entry.folded();
            *partner = (0..before.len()).find(same_key);
            if let Some(at) = *partner {
                is_matched[at] = true;
            }
        }
    }
    for (entry, partner) in partners {
        let key = entry.key().to_string();
        let Some(old) = partner.map(|at| before[at]) else {
            let kind = DifferenceKind::Added;
            found.push(Difference { key, kind });
            continue;
        };
        let parts = parts(old, entry);
        let from = Some(old.key().to_string()).filter(|from| *from != key);
        if from.is_some() || !parts.is_empty() {
            let kind = DifferenceKind::Changed { from, parts };
            found.push(Difference { key, kind });
        }
    }
    let gone = before
        .iter()
        .zip(is_matched)
        .filter(|(_, is_matched)| !is_matched);
    found.extend(gone.map(|(old, _)| Difference {
        key: old.key().to_string(),
        kind: DifferenceKind::Removed,
    }));
    found.sort_by(|left, right| left.key.cmp(&right.key));
    found
}

fn parts(old: &Entry, new: &Entry) -> Vec<Part> {
    let mut parts = Vec::new();
    // an empty field and none are the same to everyone who looks; the title is in the key
    let shown = |field: &&Field| !field.value.is_empty() && field.name != crate::fields::TITLE;
    for field in new.fields().iter().filter(shown) {
        let name = field.name.clone();
        match old.field(&name).filter(shown) {
            None => parts.push(Part::FieldAdded(name)),
            Some(before) if before.value != field.value => parts.push(Part::FieldChanged(name)),
            Some(_) => {}
        }
    }
    for field in old.fields().iter().filter(shown) {
        if !new.field(&field.name).is_some_and(|field| shown(&field)) {
            parts.push(Part::FieldRemoved(field.name.clone()));
        }
    }
    if old.tags() != new.tags() {
        parts.push(Part::Tags);
    }
    if old.expires() != new.expires() {
        parts.push(Part::Expiry);
    }
    let file = |entry: &Entry, name: &str| {
        let mut files = entry.attachments.iter();
        files
            .find(|file| file.name == name)
            .map(|file| file.data.clone())
    };
    for attachment in new.attachments() {
        let name = attachment.name();
        match file(old, name) {
            None => parts.push(Part::AttachmentAdded(name.to_owned())),
            Some(data) if data != attachment.data => {
                parts.push(Part::AttachmentChanged(name.to_owned()));
            }
            Some(_) => {}
        }
    }
    let gone = old.attachments().iter().map(Attachment::name);
    let gone = gone.filter(|name| file(new, name).is_none());
    parts.extend(gone.map(|name| Part::AttachmentRemoved(name.to_owned())));
    parts
}

/// A vault as text for `git diff`, as a `textconv` filter gives it: every entry with its fields,
/// the time of its last change, and no values.
///
/// Not even checksums of values are in it: those of short passwords are soon found out.
pub fn describe(vault: &Vault) -> String {
    use fmt::Write as _;
    let mut text = String::new();
    let mut entries: Vec<&Entry> = vault.entries().collect();
    entries.sort_by_cached_key(|entry| entry.folded());
    for entry in entries {
        let _ = writeln!(text, "{}", entry.key());
        if let Some(modified) = entry.modified {
            let _ = writeln!(text, "  modified: {}", timestamp(modified));
        }
        let mut fields: Vec<_> = entry
            .fields()
            .iter()
            .filter(|field| !field.value.is_empty())
            .collect();
        fields.sort_by(|left, right| left.name.cmp(&right.name));
        for field in fields
            .iter()
            .filter(|field| field.name != crate::fields::TITLE)
        {
            let _ = writeln!(text, "  {}: ***", field.name);
        }
        if !entry.tags.is_empty() {
            let _ = writeln!(text, "  tags: {}", entry.tags.join(", "));
        }
        if let Some(expires) = entry.expires {
            let _ = writeln!(text, "  expires: {}", timestamp(expires));
        }
        for file in entry.attachments() {
            let _ = writeln!(
                text,
                "  attachment: {} ({} bytes)",
                file.name(),
                file.data().len()
            );
        }
        let _ = writeln!(text, "  earlier versions: {}", entry.history().len());
    }
    text
}

/// A time as text, in UTC.
fn timestamp(unix: i64) -> String {
    chrono::DateTime::from_timestamp(unix, 0)
        .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}
