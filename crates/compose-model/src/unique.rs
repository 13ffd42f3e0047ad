//! Items that mean the same: a later one takes the place of an earlier one.

use std::borrow::Cow;
use std::collections::HashMap;

use yaml_tree::Diagnostic;

use crate::document::first_line;
use crate::grammar::VolumeSpec;
use crate::path::Path;
use crate::side_by_side::{MANY, in_parts_mut};
use crate::text::display;
use crate::value::{Data, Value};

/// Removes the items of sequences that a later item replaces, at every path where items have an
/// identity.
pub(crate) fn enforce(value: &mut Value, path: &Path<'_>, found: &mut Vec<Diagnostic>) {
    match &mut value.data {
        Data::Map(map) if path.with_parts(leads_to_items) => {
            if map.len() < MANY {
                for (key, inner) in map.iter_mut() {
                    enforce(inner, &path.key(key), found);
                }
                return;
            }
            let mut entries: Vec<_> = map.iter_mut().collect();
            let parts = in_parts_mut(&mut entries, |entries| {
                let mut found = Vec::new();
                for (key, inner) in entries {
                    enforce(inner, &path.key(key), &mut found);
                }
                found
            });
            found.extend(parts.into_iter().flatten());
        }
        Data::List(items) => {
            let Some(identity) = path.with_parts(identity) else {
                return;
            };
            if are_all_different(items, identity) {
                return;
            }
            let mut known: HashMap<String, usize> = HashMap::with_capacity(items.len());
            let mut kept: Vec<Value> = Vec::with_capacity(items.len());
            for (at, item) in std::mem::take(items).into_iter().enumerate() {
                let Some(key) = identity.of(&item).map(Cow::into_owned) else {
                    found.push(unfit(&item, &path.item(at)));
                    continue;
                };
                match known.get(&key) {
                    Some(place) => kept[*place] = item,
                    None => {
                        known.insert(key, kept.len());
                        kept.push(item);
                    }
                }
            }
            *items = kept;
        }
        _ => {}
    }
}

/// Whether there are few items, which all have an identity, and none has that of another: the
/// usual case, which needs neither a table nor copies of texts.
fn are_all_different(items: &[Value], identity: Identity) -> bool {
    const FEW: usize = 16;
    if items.len() > FEW {
        return false;
    }
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(items.len());
    items.iter().all(|item| match identity.of(item) {
        Some(key) if !keys.contains(&key) => {
            keys.push(key);
            true
        }
        _ => false,
    })
}

fn unfit(item: &Value, path: &Path<'_>) -> Diagnostic {
    let message = if item.as_map().is_some() {
        format!("{path} has no `target`")
    } else {
        format!("{path} has an unexpected kind of value")
    };
    let mut diagnostic = Diagnostic::error("compose::wrong-kind", message);
    if let Some(place) = item.place() {
        diagnostic = diagnostic.primary(first_line(place), "");
    }
    diagnostic
}

/// What makes two items the same.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Identity {
    /// The text before `=`.
    Key,
    /// The whole text.
    Text,
    /// Host address, published port, target and protocol.
    Port,
    /// Where a volume is mounted.
    Volume,
    /// Where a device appears.
    Device,
    /// The path of an env file.
    EnvFile,
    /// Where a secret or config is mounted; with the directory it has by default.
    Mount(&'static str),
}

/// Whether items with an identity can stand somewhere below a mapping at `path`: most mappings need
/// not be looked into.
fn leads_to_items(path: &[&str]) -> bool {
    matches!(
        path,
        [] | ["services" | "networks"]
            | ["services" | "networks", _]
            | ["services", _, "build" | "deploy" | "networks"]
            | ["services", _, "networks", _]
            | ["networks", _, "ipam"]
    )
}

/// The identity of the items at `path`. What is above them is in [`leads_to_items`].
fn identity(path: &[&str]) -> Option<Identity> {
    Some(match path {
        ["networks", _, "labels"] | ["networks", _, "ipam", "options"] => Identity::Key,
        ["services", _, rest @ ..] => match rest {
            [
                "annotations" | "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search"
                | "environment" | "labels" | "links" | "profiles" | "sysctls" | "tmpfs",
            ]
            | ["build", "args" | "additional_contexts" | "tags" | "labels"]
            | ["deploy", "labels"]
            | ["networks", _, "aliases" | "link_local_ips"] => Identity::Key,
            ["expose"] => Identity::Text,
            ["ports"] => Identity::Port,
            ["volumes"] => Identity::Volume,
            ["devices"] => Identity::Device,
            ["env_file"] => Identity::EnvFile,
            ["secrets"] => Identity::Mount("/run/secrets"),
            ["configs"] => Identity::Mount(""),
            _ => return None,
        },
        _ => return None,
    })
}

impl Identity {
    /// The identity of an item; `None` if it is of a kind that has none.
    fn of(self, item: &Value) -> Option<Cow<'_, str>> {
        let text = |key: &str| item.get(key).map(display);
        let is_map = item.as_map().is_some();
        match self {
            Self::Key => {
                let text = item.as_str()?;
                Some(text.split_once('=').map_or(text, |(key, _)| key).into())
            }
            Self::Text => match item.data {
                Data::Str(_) | Data::Int(_) => Some(display(item)),
                _ => None,
            },
            Self::Port if is_map => {
                let target = text("target")?;
                // A number is not the same as the text of it.
                let published = match item.get("published").map(|value| &value.data) {
                    Some(Data::Int(number)) => format!("int={number}").into(),
                    _ => text("published").unwrap_or_default(),
                };
                let host = text("host_ip").unwrap_or("0.0.0.0".into());
                let protocol = text("protocol").unwrap_or("tcp".into());
                Some(format!("{host}:{published}:{target}/{protocol}").into())
            }
            Self::Port => match item.data {
                Data::Str(_) | Data::Int(_) => Some(display(item)),
                _ => None,
            },
            Self::Volume if is_map => text("target"),
            // What cannot be read is reported where it is taken apart.
            Self::Volume => {
                let text = item.as_str()?;
                Some(VolumeSpec::as_written(text).map_or(text.into(), |spec| spec.target.into()))
            }
            Self::Device if is_map => text("target"),
            Self::Device => {
                let text = item.as_str()?;
                let mut parts = text.split(':');
                let first = parts.next().unwrap_or_default();
                Some(parts.next().unwrap_or(first).into())
            }
            Self::EnvFile if is_map => text("path"),
            Self::EnvFile => item.as_str().map(Cow::from),
            Self::Mount(dir) if is_map => Some(match text("target").filter(|t| !t.is_empty()) {
                Some(target) => target,
                None => format!("{dir}/{}", text("source").unwrap_or_default()).into(),
            }),
            Self::Mount(dir) => item.as_str().map(|text| format!("{dir}/{text}").into()),
        }
    }
}
