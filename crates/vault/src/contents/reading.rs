//! From the document to what is in it.

use std::io::Read as _;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Contents, Slot, uuid};
use crate::Secret;
use crate::document::{Document, Id, ROOT, seconds_since_year_one, to_unix};
use crate::entry::{Attachment, Entry, Field, Uuid, split_tags};
use crate::kdbx::{Fault, Inner};

/// What contents are read from.
pub(crate) struct Source {
    pub(crate) document: Document,
    pool: Pool,
}

/// The attachments under the names by which entries refer to them.
type Pool = Vec<(String, bool, Arc<Zeroizing<Vec<u8>>>)>;

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.document.fmt(f)
    }
}

impl Contents {
    /// Of what an envelope holds. What is wrong with it is found now, not when an entry is read.
    pub(crate) fn read(inner: Inner) -> Result<Self, Fault> {
        let damaged = Fault::Damaged("its XML document");
        let document = Document::parse(inner)?;
        if document.name(ROOT) != "KeePassFile" {
            return Err(damaged);
        }
        let root = document.at(&["Root", "Group"]).ok_or(damaged)?;
        let meta = document.at(&["Meta"]);
        let setting = |name| meta.map_or("", |meta| document.child_text(meta, name));
        let mut reading = Reading {
            document: &document,
            recycle_bin: uuid(setting("RecycleBinUUID")).filter(|id| *id != [0; 16]),
            contents: Self {
                name: setting("DatabaseName").to_owned(),
                generator: setting("Generator").to_owned(),
                ..Self::default()
            },
        };
        reading.group(root, &Arc::from([]), false)?;
        let mut contents = reading.contents;
        let pool = pool(&document)?;
        contents.source = Some(Arc::new(Source { document, pool }));
        Ok(contents)
    }
}

struct Reading<'d> {
    document: &'d Document,
    recycle_bin: Option<Uuid>,
    contents: Contents,
}

impl Reading<'_> {
    fn group(&mut self, id: Id, path: &Arc<[String]>, is_recycled: bool) -> Result<(), Fault> {
        let document = self.document;
        let children = |name| {
            document
                .children(id)
                .filter(move |child| document.name(*child) == name)
        };
        for child in children("Entry") {
            self.contents.slots.push(Slot {
                id: identity(document, child)?,
                groups: path.clone(),
                is_recycled,
                at: Some(child),
                entry: OnceLock::new(),
            });
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
}

/// The identity of an entry; its earlier versions have one too.
fn identity(document: &Document, entry: Id) -> Result<Uuid, Fault> {
    let id = uuid(document.child_text(entry, "UUID")).ok_or(Fault::Damaged("an entry"))?;
    for child in document.children(entry) {
        if document.name(child) == "History" {
            for version in document.children(child) {
                identity(document, version)?;
            }
        }
    }
    Ok(id)
}

impl Source {
    pub(super) fn entry(&self, id: Id, groups: &Arc<[String]>, is_recycled: bool) -> Entry {
        let document = &self.document;
        let mut entry = Entry {
            id: uuid(document.child_text(id, "UUID")).unwrap_or_default(),
            groups: groups.clone(),
            fields: Vec::new(),
            tags: Vec::new(),
            created: None,
            modified: None,
            expires: None,
            attachments: Vec::new(),
            history: Vec::new(),
            is_recycled,
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
                "Binary" => entry.attachments.extend(self.attachment(child)),
                "History" => {
                    let versions = document.children(child);
                    let versions = versions.map(|version| self.entry(version, groups, is_recycled));
                    entry.history.extend(versions);
                }
                _ => {}
            }
        }
        entry.settle()
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

    fn attachment(&self, id: Id) -> Option<Attachment> {
        let value = self.document.child(id, "Value")?;
        let reference = self.document.attribute(value, "Ref")?;
        let (_, is_protected, data) = self.pool.iter().find(|item| item.0 == reference)?;
        Some(Attachment {
            name: self.document.child_text(id, "Key").to_owned(),
            is_protected: *is_protected,
            data: data.clone(),
        })
    }
}

fn pool(document: &Document) -> Result<Pool, Fault> {
    let in_front = (0_usize..).zip(&document.binaries);
    let mut pool: Pool = in_front
        .map(|(at, binary)| (at.to_string(), binary.protected, binary.data.clone()))
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
