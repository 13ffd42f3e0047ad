//! Everything in a vault, as it is read.

mod reading;

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::document::Id;
use crate::entry::{Entry, Uuid, fields};
pub(crate) use reading::Source;

/// Everything in a vault. The document is looked through in one go; each entry is read when it is
/// asked for, and when the vault is edited, single entries are replaced.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Those of a group in file order, then those of the groups in it; the recycle bin included.
    slots: Vec<Slot>,
    /// The groups, the root excluded, from the outermost on.
    pub(crate) groups: Vec<Arc<[String]>>,
    pub(crate) name: String,
    pub(crate) generator: String,
    /// What it was read from; none for a vault that is new.
    pub(crate) source: Option<Arc<Source>>,
}

/// The place of an entry.
#[derive(Debug)]
struct Slot {
    id: Uuid,
    groups: Arc<[String]>,
    is_recycled: bool,
    /// Where it stands in the document.
    at: Option<Id>,
    entry: OnceLock<Entry>,
}

impl From<Entry> for Slot {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            groups: entry.groups.clone(),
            is_recycled: entry.is_recycled,
            at: None,
            entry: OnceLock::from(entry),
        }
    }
}

/// An entry that need not have been read yet.
#[derive(Clone, Copy)]
pub(crate) struct Found<'c> {
    contents: &'c Contents,
    slot: &'c Slot,
}

impl Contents {
    /// All entries, read.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.all().map(Found::entry)
    }

    /// Those outside the recycle bin.
    pub(crate) fn live(&self) -> impl Iterator<Item = Found<'_>> {
        self.all().filter(|found| !found.slot.is_recycled)
    }

    fn all(&self) -> impl Iterator<Item = Found<'_>> {
        let contents = self;
        self.slots.iter().map(move |slot| Found { contents, slot })
    }

    /// Takes over an entry as it is now.
    pub(crate) fn put(&mut self, entry: Entry) {
        for depth in 1..=entry.groups.len() {
            let group = &entry.groups[..depth];
            if !self.groups.iter().any(|known| **known == *group) {
                self.groups.push(group.into());
            }
        }
        let position = self.slots.iter().position(|slot| slot.id == entry.id);
        match position.filter(|at| self.slots[*at].groups == entry.groups) {
            Some(at) => self.slots[at] = entry.into(),
            None => {
                self.remove(entry.id);
                let mut slots = self.slots.iter();
                let last_of_group = slots.rposition(|other| other.groups == entry.groups);
                let at = last_of_group.map_or(self.slots.len(), |last| last + 1);
                self.slots.insert(at, entry.into());
            }
        }
    }

    pub(crate) fn remove(&mut self, id: Uuid) {
        self.slots.retain(|slot| slot.id != id);
    }

    /// Whether two vaults say the same, in whatever order.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        fn entries(contents: &Contents) -> Vec<&Entry> {
            let mut entries: Vec<&Entry> = contents.entries().collect();
            entries.sort_by_key(|entry| entry.id);
            entries
        }
        let groups = |contents: &Self| {
            let mut groups = contents.groups.clone();
            groups.sort();
            groups
        };
        let (left, right) = (entries(self), entries(other));
        left.len() == right.len()
            && std::iter::zip(left, right).all(|(left, right)| left.is_same(right))
            && groups(self) == groups(other)
    }
}

impl<'c> Found<'c> {
    /// The entry itself.
    pub(crate) fn entry(self) -> &'c Entry {
        let slot = self.slot;
        slot.entry.get_or_init(|| {
            let (source, at) = self
                .contents
                .source
                .as_deref()
                .zip(slot.at)
                .expect("an entry that is not there yet is one of the document");
            source.entry(at, &slot.groups, slot.is_recycled)
        })
    }

    pub(crate) fn id(self) -> Uuid {
        self.slot.id
    }

    pub(crate) fn groups(self) -> &'c [String] {
        &self.slot.groups
    }

    /// The text of a field, the first of this name.
    pub(crate) fn field(self, name: &str) -> Option<&'c str> {
        if let Some(entry) = self.slot.entry.get() {
            return entry.field(name).map(|field| field.value.expose());
        }
        let (source, at) = self.contents.source.as_deref().zip(self.slot.at)?;
        source.document.field(at, name)
    }

    pub(crate) fn title(self) -> &'c str {
        self.field(fields::TITLE).unwrap_or_default()
    }

    /// Whether the key is this one, case ignored; `folded` is in lower case.
    pub(crate) fn is_at(self, folded: &str) -> bool {
        let mut rest = folded;
        for group in self.groups() {
            let Some(below) = after_folded(rest, group).and_then(|rest| rest.strip_prefix('/'))
            else {
                return false;
            };
            rest = below;
        }
        is_folded(rest, self.title())
    }
}

/// Whether a text is `folded` in lower case.
pub(crate) fn is_folded(folded: &str, text: &str) -> bool {
    after_folded(folded, text) == Some("")
}

/// What stands in `folded` behind a text in lower case.
fn after_folded<'f>(folded: &'f str, text: &str) -> Option<&'f str> {
    if !text.is_ascii() {
        return folded.strip_prefix(&text.to_lowercase());
    }
    let (front, rest) = folded.split_at_checked(text.len())?;
    front.eq_ignore_ascii_case(text).then_some(rest)
}

/// An identity as a document has it.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    let mut bytes = [0; 18];
    let length = STANDARD.decode_slice(text.trim(), &mut bytes).ok()?;
    bytes[..length].try_into().ok()
}
