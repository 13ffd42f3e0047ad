//! A vault that is being edited, as the crate `keepass` holds it. Nothing else knows that crate.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime};
use keepass::config::InnerCipherConfig;
use keepass::db::{EntryId, EntryRef, GroupId, History, Value};
use keepass::{Database, DatabaseKey};
use zeroize::Zeroizing;

use crate::Secret;
use crate::change::{Change, needs_protection};
use crate::document::{Document, from_unix, to_unix};
use crate::entry::{Attachment, Entry, Field, Uuid, fields, split_tags, unix};
use crate::kdbx::{self, Inner, Seal};

/// The password of the seal which protects nothing.
const TRANSIT: &str = "transit";

/// The number of the icon of a waste-paper basket.
const RECYCLE_BIN_ICON: usize = 43;

/// How much history there is where a vault does not say: as in KeePass.
const HISTORY_ITEMS: isize = 10;
const HISTORY_SIZE: isize = 6 << 20;

pub(crate) struct Store(Database);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({} entries)", self.0.num_entries())
    }
}

impl Store {
    /// An empty vault.
    pub(crate) fn new(name: &str, now: i64) -> Self {
        let mut database = Database::new();
        let now = Some(time(now));
        database.meta.database_name = Some(name.to_owned());
        database.meta.database_name_changed = now;
        database.meta.master_key_changed = now;
        database.meta.recyclebin_enabled = Some(true);
        database.meta.history_max_items = Some(HISTORY_ITEMS);
        database.meta.history_max_size = Some(HISTORY_SIZE);
        database.meta.memory_protection = Some(keepass::db::MemoryProtection::default());
        let mut root = database.root_mut();
        "Root".clone_into(&mut root.name);
        root.set_icon_builtin(48);
        Self(database)
    }

    /// Of a document in the form that the crate reads.
    pub(crate) fn load(document: &Document) -> Result<Self, String> {
        let inner = Inner::plain(document.binaries.clone(), document.emit());
        let bytes =
            kdbx::seal(&Seal::transit(TRANSIT), &inner).map_err(|error| error.to_string())?;
        let bytes = Zeroizing::new(bytes);
        let key = DatabaseKey::new().with_password(TRANSIT);
        Database::parse(&bytes, key)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// What goes into the file.
    pub(crate) fn take_inner(&mut self) -> Result<Inner, String> {
        self.0.remove_unused_attachments();
        let config = &mut self.0.config;
        config.version = keepass::config::DatabaseVersion::KDB4(1);
        config.outer_cipher_config = keepass::config::OuterCipherConfig::ChaCha20;
        config.compression_config = keepass::config::CompressionConfig::None;
        config.inner_cipher_config = InnerCipherConfig::ChaCha20;
        config.kdf_config = keepass::config::KdfConfig::Aes { rounds: 0 };
        config.public_custom_data = None;
        self.0.meta.generator = Some("kpv".to_owned());
        let mut bytes = Zeroizing::new(Vec::new());
        let key = DatabaseKey::new().with_password(TRANSIT);
        self.0
            .save(&mut *bytes, key)
            .map_err(|error| error.to_string())?;
        let opened = kdbx::reopen(&bytes, &Seal::transit(TRANSIT), None);
        opened
            .map(|opened| opened.inner)
            .map_err(|fault| format!("{fault:?}"))
    }

    pub(crate) fn entry(&self, id: Uuid) -> Option<Entry> {
        self.0.entry(entry_id(id)).map(|entry| self.view(&entry))
    }

    fn view(&self, entry: &EntryRef<'_>) -> Entry {
        let (mut groups, mut is_recycled) = (Vec::new(), false);
        let bin = self.0.meta.recyclebin_uuid;
        let mut id = Some(entry.parent().id());
        while let Some(group) = id.and_then(|id| self.0.group(id)) {
            is_recycled |= Some(group.id().uuid()) == bin;
            id = group.parent().map(|parent| parent.id());
            if id.is_some() {
                groups.push(group.name.clone());
            }
        }
        groups.reverse();
        let groups: Arc<[String]> = groups.into();
        let mut view = version(entry, &groups, is_recycled);
        let versions = entry
            .history
            .as_ref()
            .map_or(0, |history| history.get_entries().len());
        view.history = (0..versions)
            .filter_map(|at| entry.historical(at))
            .map(|old| version(&old, &groups, is_recycled))
            .collect();
        view.settle()
    }

    /// A new entry with a title in a group, which is made if it is not there.
    pub(crate) fn create(&mut self, groups: &[String], title: &str, now: i64) -> Uuid {
        let group = self.group(groups, now);
        let mut group = self
            .0
            .group_mut(group)
            .expect("it was found or made just now");
        let mut entry = group.add_entry();
        entry.set_unprotected(fields::TITLE, title);
        for name in [fields::USERNAME, fields::URL, fields::NOTES] {
            entry.set_unprotected(name, "");
        }
        entry.set_protected(fields::PASSWORD, "");
        set_all_times(&mut entry.times, now);
        entry.id().uuid().into_bytes()
    }

    /// The group of this path outside the recycle bin, made if necessary; case is ignored unless
    /// that makes two of one.
    fn group(&mut self, path: &[String], now: i64) -> GroupId {
        let bin = self.0.meta.recyclebin_uuid;
        let mut at = self.0.root().id();
        for name in path {
            let group = self.0.group(at).expect("every step is an existing group");
            let candidates: Vec<_> = group
                .groups()
                .filter(|group| Some(group.id().uuid()) != bin)
                .map(|group| (group.id(), group.name.clone()))
                .collect();
            let exact = candidates.iter().find(|group| group.1 == *name);
            let folded = || {
                let name = name.to_lowercase();
                candidates
                    .iter()
                    .find(|group| group.1.to_lowercase() == name)
            };
            at = match exact.or_else(folded) {
                Some((id, _)) => *id,
                None => {
                    let mut group = self.0.group_mut(at).expect("as above");
                    let mut new = group.add_group();
                    new.name.clone_from(name);
                    new.set_icon_builtin(48);
                    set_all_times(&mut new.times, now);
                    new.id()
                }
            };
        }
        at
    }

    /// Applies changes as one new version. `false` when nothing is different afterwards.
    ///
    /// `keep` says whether the version before goes into the history: not for an entry made just now.
    pub(crate) fn change(
        &mut self,
        id: Uuid,
        changes: &[Change],
        now: i64,
        keep: bool,
    ) -> Result<bool, String> {
        let uuid = entry_id(id);
        let Some(before) = self.0.entry(uuid).map(|entry| (*entry).clone()) else {
            return Ok(false);
        };
        // A file that is replaced or removed goes at the end and by way of the document: the crate
        // would take its content away from the earlier versions too.
        let mut detach = Vec::new();
        let view = self.entry(id).expect("it was there just now");
        let mut is_different = false;
        for change in changes {
            let Some(mut entry) = self.0.entry_mut(uuid) else {
                return Ok(false);
            };
            match change {
                Change::Field {
                    name, value: None, ..
                } => {
                    if fields::STANDARD.contains(&name.as_str()) {
                        let value = Value::unprotected("");
                        let old = entry.fields.insert(name.clone(), value);
                        is_different |= old.is_some_and(|old| !old.get().is_empty());
                    } else {
                        is_different |= entry.fields.remove(name).is_some();
                    }
                }
                Change::Field {
                    name,
                    value: Some(value),
                    is_protected,
                } => {
                    let old = entry.fields.get(name);
                    let protect = is_protected.unwrap_or_else(|| {
                        old.map_or(name == fields::PASSWORD, Value::is_protected)
                    });
                    let protect =
                        protect || name == fields::PASSWORD || needs_protection(value.expose());
                    let new: Value<String> = if protect {
                        Value::protected(value.expose())
                    } else {
                        Value::unprotected(value.expose())
                    };
                    is_different |=
                        entry.fields.insert(name.clone(), new.clone()).as_ref() != Some(&new);
                }
                Change::Tags(tags) => {
                    is_different |= clean(&entry.tags) != *tags;
                    entry.tags.clone_from(tags);
                }
                Change::AddTags(tags) => {
                    let mut all = clean(&entry.tags);
                    all.extend(tags.iter().filter(|tag| !entry.tags.contains(tag)).cloned());
                    is_different |= all != clean(&entry.tags);
                    entry.tags = all;
                }
                Change::Expires(when) => {
                    let was = entry.times.expires == Some(true);
                    let expiry = when.map(|when| time(unix(when)));
                    is_different |= was != when.is_some()
                        || expiry.is_some_and(|expiry| entry.times.expiry != expiry);
                    entry.times.expires = Some(when.is_some());
                    entry.times.expiry = expiry.unwrap_or(entry.times.expiry);
                }
                Change::Attach { name, .. } | Change::Detach { name } => {
                    let old = view.attachments.iter().find(|file| file.name == *name);
                    let is_same = match change {
                        Change::Attach { data, .. } => old.is_some_and(|old| *old.data == data.0),
                        _ => old.is_none(),
                    };
                    if !is_same {
                        is_different = true;
                        detach.push(change.clone());
                    }
                }
            }
        }
        if !is_different {
            if let Some(mut entry) = self.0.entry_mut(uuid) {
                *entry = before;
            }
            return Ok(false);
        }
        if keep {
            self.remember(uuid, before);
            let mut entry = self.0.entry_mut(uuid).expect("it was there just now");
            touch(&mut entry.times, now);
        }
        for change in detach {
            self.change_file(id, change)?;
        }
        self.trim(uuid);
        Ok(true)
    }

    fn change_file(&mut self, id: Uuid, change: Change) -> Result<(), String> {
        match change {
            Change::Detach { name } => self.detach(id, &name),
            Change::Attach {
                name,
                data,
                is_protected,
            } => {
                self.detach(id, &name)?;
                let mut entry = self.0.entry_mut(entry_id(id)).ok_or("the entry is gone")?;
                let data = data.0.to_vec();
                let data = if is_protected {
                    Value::protected(data)
                } else {
                    Value::unprotected(data)
                };
                entry.add_attachment(name, data);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes a file off an entry and leaves its earlier versions theirs.
    fn detach(&mut self, id: Uuid, name: &str) -> Result<(), String> {
        let entry = self.0.entry(entry_id(id));
        if entry.is_none_or(|entry| entry.attachment_by_name(name).is_none()) {
            return Ok(());
        }
        self.round_trip(|document| document.remove_attachment(id, name))
    }

    /// Takes the vault out of the crate and puts it in again, changed on the way.
    fn round_trip(&mut self, change: impl FnOnce(&mut Document)) -> Result<(), String> {
        let inner = self.take_inner()?;
        let mut document = Document::parse(inner).map_err(|fault| format!("{fault:?}"))?;
        change(&mut document);
        *self = Self::load(&document)?;
        Ok(())
    }

    /// Puts a version into the history, which is kept oldest first, as all other programs do.
    fn remember(&mut self, id: EntryId, version: keepass::db::Entry) {
        let Some(mut entry) = self.0.entry_mut(id) else {
            return;
        };
        let mut versions = sorted(entry.history.as_ref());
        versions.push(version);
        entry.history = Some(history(versions));
    }

    /// Keeps the history within the limits of the vault: from the oldest on, versions go.
    fn trim(&mut self, id: EntryId) {
        let items = self.0.meta.history_max_items.unwrap_or(HISTORY_ITEMS);
        let size = self.0.meta.history_max_size.unwrap_or(HISTORY_SIZE);
        let Some(entry) = self.0.entry(id) else {
            return;
        };
        let count = entry
            .history
            .as_ref()
            .map_or(0, |history| history.get_entries().len());
        let mut versions: Vec<(usize, keepass::db::Entry)> = (0..count)
            .filter_map(|at| entry.historical(at))
            .map(|version| (weight(&version), (*version).clone()))
            .collect();
        versions.sort_by_key(|(_, version)| version.times.last_modification);
        // negative means no limit
        if let Ok(items) = usize::try_from(items) {
            versions.drain(..count.saturating_sub(items));
        }
        if let Ok(size) = usize::try_from(size) {
            let mut total: usize = versions.iter().map(|(weight, _)| weight).sum();
            while total > size && !versions.is_empty() {
                total -= versions.remove(0).0;
            }
        }
        if versions.len() < count
            && let Some(mut entry) = self.0.entry_mut(id)
        {
            let versions = versions.into_iter().map(|(_, version)| version).collect();
            entry.history = Some(history(versions));
            self.0.remove_unused_attachments();
        }
    }

    /// Puts the newest earlier version in the place of the current one, which becomes the newest
    /// earlier one: doing it twice changes nothing. `false` when there is no earlier version.
    pub(crate) fn undo(&mut self, id: Uuid, now: i64) -> bool {
        let uuid = entry_id(id);
        let Some(entry) = self.0.entry(uuid) else {
            return false;
        };
        let current = (*entry).clone();
        let mut versions = sorted(entry.history.as_ref());
        let Some(mut restored) = versions.pop() else {
            return false;
        };
        let (expires, expiry) = (restored.times.expires, restored.times.expiry);
        restored.times = current.times.clone();
        restored.times.expires = expires;
        restored.times.expiry = expiry;
        touch(&mut restored.times, now);
        versions.push(current);
        restored.history = Some(history(versions));
        if let Some(mut entry) = self.0.entry_mut(uuid) {
            *entry = restored;
        }
        self.trim(uuid);
        true
    }

    /// Moves an entry into the recycle bin. `false` when the vault has none by its owner's choice.
    pub(crate) fn recycle(&mut self, id: Uuid, now: i64) -> Result<bool, String> {
        if self.0.meta.recyclebin_enabled == Some(false) {
            return Ok(false);
        }
        let bin = match self.0.recycle_bin() {
            Some(bin) => bin.id(),
            None => {
                let mut root = self.0.root_mut();
                let mut bin = root.add_group();
                "Recycle Bin".clone_into(&mut bin.name);
                bin.set_icon_builtin(RECYCLE_BIN_ICON);
                bin.enable_autotype = Some(false);
                bin.enable_searching = Some(false);
                set_all_times(&mut bin.times, now);
                let bin = bin.id();
                let meta = &mut self.0.meta;
                meta.recyclebin_enabled = Some(true);
                meta.recyclebin_uuid = Some(bin.uuid());
                meta.recyclebin_changed = Some(time(now));
                bin
            }
        };
        self.move_to(id, bin, now)?;
        Ok(true)
    }

    /// Moves an entry into the group of this path, which is made if it is not there.
    pub(crate) fn relocate(&mut self, id: Uuid, groups: &[String], now: i64) -> Result<(), String> {
        let group = self.group(groups, now);
        self.move_to(id, group, now)
    }

    fn move_to(&mut self, id: Uuid, group: GroupId, now: i64) -> Result<(), String> {
        let mut entry = self.0.entry_mut(entry_id(id)).ok_or("the entry is gone")?;
        entry.move_to(group).map_err(|error| error.to_string())?;
        entry.times.location_changed = Some(time(now));
        // versions remember the group they were in: read again they are all where the entry is
        self.round_trip(|_| {})
    }

    /// Removes an entry for good, and leaves the record that keeps it from coming back when files
    /// are merged.
    pub(crate) fn delete(&mut self, id: Uuid, now: i64) {
        let id = entry_id(id);
        if let Some(entry) = self.0.entry_mut(id) {
            entry.remove();
            self.0.deleted_objects.insert(id.uuid(), Some(time(now)));
        }
    }
}

fn version(entry: &EntryRef<'_>, groups: &Arc<[String]>, is_recycled: bool) -> Entry {
    let fields = entry.fields.iter().map(|(name, value)| Field {
        name: name.clone(),
        value: Secret::from(value.get().as_str()),
        is_protected: value.is_protected(),
    });
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by(|left, right| left.name.cmp(&right.name));
    let attachments = entry.attachments_named().map(|(name, file)| Attachment {
        name: name.to_owned(),
        is_protected: file.data.is_protected(),
        data: Arc::new(Zeroizing::new(file.data.get().clone())),
    });
    let mut attachments: Vec<_> = attachments.collect();
    attachments.sort_by(|left, right| left.name.cmp(&right.name));
    let times = &entry.times;
    Entry {
        id: entry.id().uuid().into_bytes(),
        groups: groups.clone(),
        fields,
        tags: clean(&entry.tags),
        created: times.creation.map(|time| seconds(&time)),
        modified: times.last_modification.map(|time| seconds(&time)),
        expires: (times.expires == Some(true)).then(|| seconds(&times.expiry)),
        attachments,
        history: Vec::new(),
        is_recycled,
    }
    .settle()
}

/// The versions, the oldest first, in whatever order some program left them.
fn sorted(history: Option<&History>) -> Vec<keepass::db::Entry> {
    let mut versions = history.map_or_else(Vec::new, |history| history.get_entries().clone());
    versions.sort_by_key(|version| version.times.last_modification);
    versions
}

/// About how many bytes a version takes: its texts, its files, and what is around them.
fn weight(version: &EntryRef<'_>) -> usize {
    let texts = version
        .fields
        .iter()
        .map(|(name, value)| name.len() + value.get().len());
    let files = version.attachments().map(|file| file.data.get().len());
    texts.chain(files).sum::<usize>() + 128
}

/// A history in this order. The crate adds each version in front of the others.
fn history(versions: Vec<keepass::db::Entry>) -> History {
    let mut history = History::default();
    for version in versions.into_iter().rev() {
        history.add_entry(version);
    }
    history
}

fn clean(tags: &[String]) -> Vec<String> {
    split_tags(&tags.join(";"))
}

fn entry_id(id: Uuid) -> EntryId {
    EntryId::from(uuid::Uuid::from_bytes(id))
}

fn time(unix: i64) -> NaiveDateTime {
    let unix = to_unix(from_unix(unix));
    let time = DateTime::from_timestamp(unix, 0).expect("the range fits");
    time.naive_utc()
}

fn seconds(time: &NaiveDateTime) -> i64 {
    time.and_utc().timestamp()
}

fn set_all_times(times: &mut keepass::db::Times, now: i64) {
    let now = time(now);
    times.creation = Some(now);
    times.last_modification = Some(now);
    times.last_access = Some(now);
    times.location_changed = Some(now);
    times.expiry = now;
    times.expires = Some(false);
    times.usage_count = Some(0);
}

/// A later time than the version before has, even within one second: programs tell versions apart
/// by it when they merge.
fn touch(times: &mut keepass::db::Times, now: i64) {
    let before = times.last_modification.map(|time| seconds(&time));
    let now = before.map_or(now, |before| now.max(before.saturating_add(1)));
    times.last_modification = Some(time(now));
    times.last_access = Some(time(now));
}

#[cfg(test)]
mod tests;
