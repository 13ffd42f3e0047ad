//! Secrets as JSON: export, import, sync.
//!
//! The document is an object from keys to secrets. A secret is a text, or an object with `value`
//! and, as far as there are any, `username`, `url`, `notes`, `strings`, `tags` and `binaries`; for
//! import and sync also `ensure` with the rules of generation, and for sync `delete`.

mod parse;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::change::Change;
use crate::entry::fields;
use crate::vault::{Edited, Missing, Removal};
use crate::{Entry, Error, GenerateError, Random, Rules, Secret, Vault};

pub use parse::{ExchangeError, Item, parse_exchange};

/// The secrets of a vault, or those of them that `include` wants, as JSON.
///
/// Keys are paths with `/`; of two entries with one path the later counts.
pub fn export(vault: &Vault, pretty: bool, include: impl Fn(&Entry) -> bool) -> Secret {
    let entries = vault.entries().filter(|entry| include(entry));
    let object: Map<String, Value> = entries
        .map(|entry| (entry.key().to_string(), to_json(entry)))
        .collect();
    let text = if pretty {
        serde_json::to_string_pretty(&object)
    } else {
        serde_json::to_string(&object)
    };
    let mut text = text.unwrap_or_default();
    wipe(Value::Object(object));
    text.push('\n');
    Secret::from(text)
}

fn to_json(entry: &Entry) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            object.insert(name.to_owned(), text.into());
        }
    };
    put("username", entry.username());
    put("url", entry.url());
    put("notes", entry.notes());
    object.shift_insert(0, "value".to_owned(), entry.password().expose().into());
    // the user name as the Go kpv keeps it is in `username` already
    let is_username = |name: &str| {
        name == fields::KPV_USERNAME
            && entry
                .field(fields::USERNAME)
                .is_none_or(|field| field.value.is_empty())
    };
    let strings: Map<String, Value> = entry
        .custom_fields()
        .filter(|field| !is_username(&field.name))
        .map(|field| {
            let text = json!({ "value": field.value.expose(), "encrypted": field.is_protected });
            (field.name.clone(), text)
        })
        .collect();
    let tags: Map<String, Value> = entry
        .tags()
        .iter()
        .map(|tag| (tag.clone(), "".into()))
        .collect();
    let binaries: Map<String, Value> = entry
        .attachments()
        .iter()
        .map(|file| {
            let data = STANDARD.encode(file.data());
            let file_json = json!({ "value": data, "encrypted": file.is_protected() });
            (file.name().to_owned(), file_json)
        })
        .collect();
    for (name, part) in [("strings", strings), ("tags", tags), ("binaries", binaries)] {
        if !part.is_empty() {
            object.insert(name.to_owned(), Value::Object(part));
        }
    }
    Value::Object(object)
}

/// Overwrites the texts of a document that is not needed any more.
fn wipe(value: Value) {
    use zeroize::Zeroize as _;
    match value {
        Value::String(mut text) => text.zeroize(),
        Value::Array(values) => values.into_iter().for_each(wipe),
        Value::Object(object) => object.into_iter().for_each(|(_, value)| wipe(value)),
        _ => {}
    }
}

/// What became of one secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was made.
    Created,
    /// It has a new version.
    Updated,
    /// It is in the recycle bin, or gone.
    Deleted,
    /// It was so already, or was not to be touched.
    Unchanged,
    /// Nothing was done for it.
    Failed(ImportError),
}

/// Why nothing was done for a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// There is neither a value nor leave to make one.
    #[error("it has neither `value` nor `ensure`")]
    NoValue,
    /// None could be made.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The vault did not take it.
    #[error(transparent)]
    Vault(#[from] Error),
}

/// Puts secrets into a vault, in memory: saving it, or not for a dry run, is the caller's. Each
/// outcome stands with its key, in the order of the document.
///
/// A secret with `ensure` that is there already is left alone as a whole. One without a value and
/// without `ensure` fails, and so does one of `null`.
pub fn import(
    vault: &mut Vault,
    items: Vec<Item>,
    random: &mut dyn Random,
) -> Vec<(String, Outcome)> {
    each(vault, items, |vault, item| {
        if item.ensure && has_value(vault, &item.key)? {
            return Ok(Outcome::Unchanged);
        }
        if item.value.is_none() && !item.ensure {
            return Err(ImportError::NoValue);
        }
        put(vault, item, random)
    })
}

/// Brings secrets of a vault to what the document says, in memory, as [`import`] does; what the
/// document does not mention stays, and so does what is `null` in it. `delete` moves a secret into
/// the recycle bin. A secret that is not there and gets no value needs `ensure`.
pub fn sync(
    vault: &mut Vault,
    items: Vec<Item>,
    random: &mut dyn Random,
) -> Vec<(String, Outcome)> {
    each(vault, items, |vault, mut item| {
        if item.is_null {
            return Ok(Outcome::Unchanged);
        }
        let found = vault.find(&item.key)?.is_some();
        if item.delete {
            if !found {
                return Ok(Outcome::Unchanged);
            }
            vault.remove(&item.key, Removal::RecycleBin)?;
            return Ok(Outcome::Deleted);
        }
        let has_value = has_value(vault, &item.key)?;
        if has_value && item.ensure {
            item.ensure = false;
            item.value = None;
        }
        if !found && item.value.is_none() && !item.ensure {
            return Err(ImportError::NoValue);
        }
        put(vault, item, random)
    })
}

fn each(
    vault: &mut Vault,
    items: Vec<Item>,
    mut work: impl FnMut(&mut Vault, Item) -> Result<Outcome, ImportError>,
) -> Vec<(String, Outcome)> {
    let done = items.into_iter().map(|item| {
        let key = item.key.clone();
        let outcome = work(vault, item).unwrap_or_else(Outcome::Failed);
        (key, outcome)
    });
    done.collect()
}

fn has_value(vault: &Vault, key: &str) -> Result<bool, Error> {
    let entry = vault.find(key)?;
    Ok(entry.is_some_and(|entry| !entry.password().is_empty()))
}

fn put(vault: &mut Vault, item: Item, random: &mut dyn Random) -> Result<Outcome, ImportError> {
    let mut changes = item.changes;
    match item.value {
        Some(value) => changes.insert(0, Change::password(value)),
        None if item.ensure => {
            let value = item.rules.generate(random)?;
            changes.insert(0, Change::password(value));
        }
        None => {}
    }
    Ok(match vault.edit(&item.key, changes, Missing::Create)? {
        Edited::Created => Outcome::Created,
        Edited::Updated => Outcome::Updated,
        Edited::Unchanged => Outcome::Unchanged,
    })
}

impl Rules {
    /// As import and sync make secrets: of 32 characters.
    pub(crate) fn for_import() -> Self {
        Self::default().size(32)
    }
}
