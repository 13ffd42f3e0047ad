//! Everything in a vault, as it is read.

use std::io::Read as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::Secret;
use crate::document::{Document, Id, ROOT, seconds_since_year_one, to_unix};
use crate::entry::{Attachment, Entry, Field, Uuid, split_tags};
use crate::kdbx::{Binary, Fault};

/// Everything in a vault. It is made from the document in one go; when the vault is edited, single
/// entries are replaced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Contents {
    /// Those of a group in file order, then those of the groups in it; the recycle bin included.
    pub(crate) entries: Vec<Entry>,
    /// The groups, the root excluded, from the outermost on.
    pub(crate) groups: Vec<Arc<[String]>>,
    pub(crate) name: String,
    pub(crate) generator: String,
}

type Pool = Vec<(String, bool, Arc<Zeroizing<Vec<u8>>>)>;

impl Contents {
    pub(crate) fn read(document: &Document<'_>, binaries: &[Binary]) -> Result<Self, Fault> {
        let damaged = Fault::Damaged("its XML document");
        if document.name(ROOT) != "KeePassFile" {
            return Err(damaged);
        }
        let root = document.at(&["Root", "Group"]).ok_or(damaged)?;
        let meta = document.at(&["Meta"]);
        let setting = |name| meta.map_or("", |meta| document.child_text(meta, name));
        let recycle_bin = uuid(setting("RecycleBinUUID")).filter(|id| *id != [0; 16]);
        let mut reading = Reading {
            document,
            pool: pool(document, binaries)?,
            recycle_bin,
            contents: Self {
                name: setting("DatabaseName").to_owned(),
                generator: setting("Generator").to_owned(),
                ..Self::default()
            },
        };
        reading.group(root, &Arc::from([]), false)?;
        Ok(reading.contents)
    }

    pub(crate) fn position(&self, id: Uuid) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
    }

    /// Takes over an entry as it is now.
    pub(crate) fn put(&mut self, entry: Entry) {
        for depth in 1..=entry.groups.len() {
            let group = &entry.groups[..depth];
            if !self.groups.iter().any(|known| **known == *group) {
                self.groups.push(group.into());
            }
        }
        let position = self.position(entry.id);
        match position.filter(|at| self.entries[*at].groups == entry.groups) {
            Some(at) => self.entries[at] = entry,
            None => {
                self.remove(entry.id);
                let mut entries = self.entries.iter();
                let last_of_group = entries.rposition(|other| other.groups == entry.groups);
                let at = last_of_group.map_or(self.entries.len(), |last| last + 1);
                self.entries.insert(at, entry);
            }
        }
    }

    pub(crate) fn remove(&mut self, id: Uuid) {
        self.entries.retain(|entry| entry.id != id);
    }

    /// Whether two vaults say the same, in whatever order.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        fn entries(contents: &Contents) -> Vec<&Entry> {
            let mut entries: Vec<&Entry> = contents.entries.iter().collect();
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

struct Reading<'d, 'a> {
    document: &'d Document<'a>,
    pool: Pool,
    recycle_bin: Option<Uuid>,
    contents: Contents,
}

impl Reading<'_, '_> {
    fn group(&mut self, id: Id, path: &Arc<[String]>, is_recycled: bool) -> Result<(), Fault> {
        let document = self.document;
        let children = |name| {
            document
                .children(id)
                .filter(move |child| document.name(*child) == name)
        };
        for child in children("Entry") {
            let entry = self.entry(child, path, is_recycled)?;
            self.contents.entries.push(entry);
        }
        for child in children("Group") {
            let name = document.child_text(child, "Name").to_owned();
            let below: Arc<[String]> = path.iter().cloned().chain([name]).collect();
            let id = uuid(document.child_text(child, "UUID"));
            let is_recycled = is_recycled || id.is_some() && id == self.recycle_bin;
            self.contents.groups.push(below.clone());
            self.group(child, &below, is_recycled)?;
        }
        Ok(())
    }

    fn entry(&self, id: Id, groups: &Arc<[String]>, is_recycled: bool) -> Result<Entry, Fault> {
        let document = self.document;
        let mut entry = Entry {
            id: uuid(document.child_text(id, "UUID")).ok_or(Fault::Damaged("an entry"))?,
            groups: groups.clone(),
            fields: Vec::new(),
            tags: Vec::new(),
            created: None,
            modified: None,
            expires: None,
            attachments: Vec::new(),
            history: Vec::new(),
            is_recycled,
            folded: String::new(),
        };
        for child in document.children(id) {
            match document.name(child) {
                "String" => {
                    let value = document.child(child, "Value");
                    let text = value.map_or("", |value| document.text(value));
                    entry.fields.push(Field {
                        name: document.child_text(child, "Key").to_owned(),
                        value: Secret::from(text),
                        is_protected: value.is_some_and(|value| document.is_protected(value)),
                    });
                }
                "Tags" => entry.tags = split_tags(document.text(child)),
                "Times" => self.times(child, &mut entry),
                "Binary" => {
                    let value = document.child(child, "Value");
                    let reference = value.and_then(|value| document.attribute(value, "Ref"));
                    let found = self
                        .pool
                        .iter()
                        .find(|item| Some(item.0.as_str()) == reference);
                    if let Some((_, is_protected, data)) = found {
                        entry.attachments.push(Attachment {
                            name: document.child_text(child, "Key").to_owned(),
                            is_protected: *is_protected,
                            data: data.clone(),
                        });
                    }
                }
                "History" => {
                    for version in document.children(child) {
                        entry
                            .history
                            .push(self.entry(version, groups, is_recycled)?);
                    }
                }
                _ => {}
            }
        }
        Ok(entry.settle())
    }

    fn times(&self, id: Id, entry: &mut Entry) {
        let time = |name| seconds_since_year_one(self.document.child_text(id, name)).map(to_unix);
        entry.created = time("CreationTime");
        entry.modified = time("LastModificationTime");
        let expires = self.document.child_text(id, "Expires");
        // one that expires at no time is taken as the crate `keepass` takes it
        let expiry = time("ExpiryTime").or(Some(0));
        entry.expires = expiry.filter(|_| expires.eq_ignore_ascii_case("true"));
    }
}

/// The attachments under the names by which entries refer to them.
fn pool(document: &Document<'_>, binaries: &[Binary]) -> Result<Pool, Fault> {
    let mut pool: Pool = (0_usize..)
        .zip(binaries)
        .map(|(at, binary)| {
            (
                at.to_string(),
                binary.protected,
                Arc::new(binary.data.clone()),
            )
        })
        .collect();
    let damaged = Fault::Damaged("an attachment");
    let inside = document.at(&["Meta", "Binaries"]);
    for binary in inside.into_iter().flat_map(|pool| document.children(pool)) {
        let text = document.text(binary).trim();
        let mut data = Zeroizing::new(STANDARD.decode(text).map_err(|_| damaged.clone())?);
        let is_compressed = document
            .attribute(binary, "Compressed")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if is_compressed && !data.is_empty() {
            let mut plain = Zeroizing::new(Vec::new());
            flate2::read::GzDecoder::new(data.as_slice())
                .take(1 << 30)
                .read_to_end(&mut plain)
                .map_err(|_| damaged.clone())?;
            data = plain;
        }
        let id = document.attribute(binary, "ID").unwrap_or_default();
        pool.push((id.to_owned(), document.is_protected(binary), Arc::new(data)));
    }
    Ok(pool)
}

/// An identity as a document has it.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    bytes.as_slice().try_into().ok()
}
