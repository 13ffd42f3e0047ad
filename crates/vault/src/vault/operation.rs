//! Edits, made on the vault as it is and again on the vault as someone else left it.

use camino::Utf8PathBuf;

use super::{Edited, Missing, Removal, Vault};
use crate::change::Change;
use crate::contents::{Contents, Found};
use crate::entry::{Uuid, fields, unix};
use crate::kdbx::Inner;
use crate::store::Store;
use crate::{Error, KeyPath, Secret, resolve};

/// An edit, in a form that can be made again on another state of the vault.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Edit {
        key: KeyPath,
        id: Option<Uuid>,
        changes: Vec<Change>,
        missing: Missing,
    },
    /// Makes an entry unless there is one with a password.
    Ensure {
        key: KeyPath,
        value: Secret,
    },
    Remove {
        key: KeyPath,
        id: Uuid,
        removal: Removal,
    },
    Relocate {
        key: KeyPath,
        id: Uuid,
        to: KeyPath,
    },
    Undo {
        key: KeyPath,
        id: Uuid,
    },
}

impl Vault {
    /// Makes an edit on the vault as it is now.
    pub(crate) fn apply(&mut self, operation: &Operation) -> Result<Edited, Error> {
        self.prepare()?;
        let failed = |path: &Utf8PathBuf, what| Error::NotVerified {
            path: path.clone(),
            what,
        };
        let now = unix(self.options.now);
        let (contents, path) = (&mut self.contents, &self.path);
        let Some(store) = &mut self.state.store else {
            return Ok(Edited::Unchanged);
        };
        let refresh = |contents: &mut Contents, store: &Store, id| match store.entry(id) {
            Some(entry) => contents.put(entry),
            None => contents.remove(id),
        };
        match operation {
            Operation::Edit {
                key,
                id,
                changes,
                missing,
            } => {
                let found = locate(contents, key, *id).map(Found::id);
                if found.is_none() && *missing == Missing::Fail {
                    return Err(resolve::not_found(contents, &key.to_string()));
                }
                let id = found.unwrap_or_else(|| store.create(key.groups(), key.title(), now));
                let is_different = store
                    .change(id, changes, now, found.is_some())
                    .map_err(|what| failed(path, what))?;
                refresh(contents, store, id);
                Ok(match found {
                    None => Edited::Created,
                    Some(_) if is_different => Edited::Updated,
                    Some(_) => Edited::Unchanged,
                })
            }
            Operation::Ensure { key, value } => {
                let found = locate(contents, key, None);
                if found.is_some_and(|found| !found.entry().password().is_empty()) {
                    return Ok(Edited::Unchanged);
                }
                let found = found.map(Found::id);
                let id = found.unwrap_or_else(|| store.create(key.groups(), key.title(), now));
                let changes = [Change::password(value.clone())];
                store
                    .change(id, &changes, now, found.is_some())
                    .map_err(|what| failed(path, what))?;
                refresh(contents, store, id);
                Ok(found.map_or(Edited::Created, |_| Edited::Updated))
            }
            Operation::Remove { key, id, removal } => {
                let Some(id) = locate(contents, key, Some(*id)).map(Found::id) else {
                    // someone else was faster
                    return Ok(Edited::Unchanged);
                };
                let is_in_bin = *removal == Removal::RecycleBin
                    && store.recycle(id, now).map_err(|what| failed(path, what))?;
                if !is_in_bin {
                    store.delete(id, now);
                }
                refresh(contents, store, id);
                Ok(Edited::Updated)
            }
            Operation::Relocate { key, id, to } => {
                let found = locate(contents, key, Some(*id))
                    .ok_or_else(|| resolve::not_found(contents, &key.to_string()))?;
                let id = found.id();
                let folded = to.to_string().to_lowercase();
                if contents
                    .live()
                    .any(|entry| entry.id() != id && entry.is_at(&folded))
                {
                    let key = to.to_string();
                    return Err(Error::Taken { key });
                }
                let moved = store.relocate(id, to.groups(), now).and_then(|()| {
                    // nothing if it is the same
                    store.change(id, &[Change::field(fields::TITLE, to.title())], now, true)
                });
                moved.map_err(|what| failed(path, what))?;
                refresh(contents, store, id);
                Ok(Edited::Updated)
            }
            Operation::Undo { key, id } => {
                let id = locate(contents, key, Some(*id))
                    .map(Found::id)
                    .ok_or_else(|| resolve::not_found(contents, &key.to_string()))?;
                let is_undone = store.undo(id, now);
                refresh(contents, store, id);
                if is_undone {
                    Ok(Edited::Updated)
                } else {
                    let key = key.to_string();
                    Err(Error::NoHistory { key })
                }
            }
        }
    }

    /// Makes it ready for editing, unless that would lose something.
    fn prepare(&mut self) -> Result<(), Error> {
        let (None, Some(source)) = (&self.state.store, &self.contents.source) else {
            return Ok(());
        };
        let losses = source.document.losses();
        if !losses.is_empty() {
            let path = self.path.clone();
            return Err(Error::WouldLose { path, losses });
        }
        let store = Store::load(&source.document).map_err(|what| {
            let path = self.path.clone();
            Error::NotVerified { path, what }
        })?;
        self.state.store = Some(store);
        Ok(())
    }

    /// What goes into the file.
    pub(crate) fn take_inner(&mut self) -> Result<Inner, Error> {
        self.prepare()?;
        let inner = self.state.store.as_mut().map(Store::take_inner);
        inner
            .unwrap_or_else(|| Err("there is nothing to write".to_owned()))
            .map_err(|what| Error::NotVerified {
                path: self.path.clone(),
                what,
            })
    }
}

/// The entry that is meant: the same one, even if it was renamed meanwhile, else one of this key.
fn locate<'c>(contents: &'c Contents, key: &KeyPath, id: Option<Uuid>) -> Option<Found<'c>> {
    let same = contents.live().find(|entry| Some(entry.id()) == id);
    let folded = key.to_string().to_lowercase();
    same.or_else(|| contents.live().find(|entry| entry.is_at(&folded)))
}
