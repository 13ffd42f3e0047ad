//! `env`, `dotenv` and `paths` in their many shapes.

use yaml_tree::{Diagnostic, Mapping, Node, Severity, Spanned};

use super::fields::{self, Reader, first_line};
use crate::model::{DotenvRef, EnvEntry, PathEntry};

const ENV_KEYS: &[&str] = &["name", "value", "secret"];
const DOTENV_KEYS: &[&str] = &["path", "os", "contexts"];
const PATH_KEYS: &[&str] = &[
    "path", "value", "os", "append", "windows", "win", "win32", "linux", "unix", "mac", "macos",
    "darwin", "osx",
];

/// `env`: a mapping of names to values or `{value, secret}`, or a list of `NAME=value`,
/// `NAME:value` (a secret) and `{name, value, secret}`.
pub(super) fn read_env(reader: &mut Reader, node: &Node) -> Vec<EnvEntry> {
    if let Some(mapping) = node.as_mapping() {
        let mut entries = Vec::new();
        for entry in mapping.entries() {
            let Some(name) = reader.key(entry) else {
                continue;
            };
            entries.extend(match entry.value.as_mapping() {
                Some(_) => read_item(reader, &entry.value, Some(name)),
                None => value_text(reader, &entry.value, &name.value).map(|value| EnvEntry {
                    name,
                    value,
                    secret: false,
                }),
            });
        }
        return named(reader, entries);
    }
    if node.is_null(super::SCHEMA) {
        return Vec::new();
    }
    let Some(items) = node.as_sequence() else {
        reader.wrong_kind(node, "`env`", "a mapping or a list");
        return Vec::new();
    };
    let entries = items
        .iter()
        .filter_map(|item| match item.as_mapping() {
            Some(_) => read_item(reader, item, None),
            None => read_pair(reader, item),
        })
        .collect();
    named(reader, entries)
}

/// The entries that an operating system takes: their names are not empty and hold no `=` and no
/// NUL.
fn named(reader: &mut Reader, mut entries: Vec<EnvEntry>) -> Vec<EnvEntry> {
    entries.retain(|entry| {
        let fits = !entry.name.value.is_empty() && !entry.name.value.contains(['=', '\0']);
        if !fits {
            let message = if entry.name.value.is_empty() {
                "the name of a variable is empty".to_owned()
            } else {
                let name = entry.name.value.escape_debug();
                format!("`{name}` cannot be the name of a variable")
            };
            reader.push(
                Diagnostic::error("castfile::wrong-value", message)
                    .primary(entry.name.span.clone(), "")
                    .help("use letters, digits and `_`"),
            );
        }
        fits
    });
    entries
}

/// A value keeps its literal text: `1.10` stays `1.10`, `null` stays `null`.
fn value_text(reader: &mut Reader, node: &Node, name: &str) -> Option<Spanned<String>> {
    let found = fields::text(node);
    if found.is_none() {
        reader.wrong_kind(node, &format!("the value of `{name}`"), "a single value");
    }
    found
}

fn read_item(reader: &mut Reader, node: &Node, name: Option<Spanned<String>>) -> Option<EnvEntry> {
    let mut name = name;
    let named_by_key = name.is_some();
    if let (false, Some([only])) = (named_by_key, node.as_mapping().map(Mapping::entries))
        && let (Some(key), Some(value)) = (only.key.as_text(), only.value.as_text())
        && !ENV_KEYS.contains(&key)
    {
        // `- NAME: value` where `- NAME=value` is meant.
        reader.push(
            Diagnostic::error(
                "castfile::wrong-kind",
                format!("`{key}: …` in a list of `env` is a mapping without `name`"),
            )
            .primary(first_line(node), "")
            .help(format!(
                "write `{key}={value}`, or take the `- ` away to make `env` a mapping"
            )),
        );
        return None;
    }
    let mut value = None;
    let mut secret = false;
    let before = reader.errors();
    for entry in node.as_mapping()?.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        match key.as_str() {
            "name" if !named_by_key => name = reader.text(&entry.value, "name"),
            "value" => value = value_text(reader, &entry.value, "value"),
            "secret" => secret = reader.boolean(&entry.value, "secret").unwrap_or(false),
            _ => {
                let known = if named_by_key {
                    &ENV_KEYS[1..]
                } else {
                    ENV_KEYS
                };
                reader.unknown_key(&key, "an `env` entry", known, Severity::Error);
            }
        }
    }
    let Some(name) = name else {
        if reader.errors() == before {
            reader.push(
                Diagnostic::error("castfile::missing-key", "the `env` entry has no `name`")
                    .primary(first_line(node), ""),
            );
        }
        return None;
    };
    let value = value.unwrap_or_else(|| Spanned::new(String::new(), node.site().clone()));
    Some(EnvEntry {
        name,
        value,
        secret,
    })
}

fn read_pair(reader: &mut Reader, node: &Node) -> Option<EnvEntry> {
    let text = reader.text(node, "an item of `env`")?;
    let Some(at) = text.value.find(['=', ':']) else {
        reader.push(
            Diagnostic::error(
                "castfile::wrong-value",
                format!("`{}` is no `NAME=value`", text.value),
            )
            .primary(text.span, "")
            .help("write `NAME=value`, or `NAME:value` for a secret"),
        );
        return None;
    };
    let secret = text.value.as_bytes().get(at) == Some(&b':');
    let name = Spanned::new(text.value[..at].trim().to_owned(), text.part(0, at));
    let value = Spanned::new(
        text.value[at + 1..].to_owned(),
        text.part(at + 1, text.value.len()),
    );
    Some(EnvEntry {
        name,
        value,
        secret,
    })
}

/// The top-level `dotenv`: one or a list of paths and `{path, os, contexts}`.
pub(super) fn read_dotenv(reader: &mut Reader, node: &Node) -> Vec<DotenvRef> {
    let mut entries = Vec::new();
    for item in reader.items(node, "dotenv") {
        let Some(mapping) = item.as_mapping() else {
            if let Some(text) = reader.text(item, "an item of `dotenv`") {
                let (path, optional) = optional_mark(text);
                entries.push(DotenvRef {
                    path,
                    optional,
                    os: None,
                    contexts: Vec::new(),
                });
            }
            continue;
        };
        let mut path = None;
        let mut os = None;
        let mut contexts = Vec::new();
        let before = reader.errors();
        for entry in mapping.entries() {
            let Some(key) = reader.key(entry) else {
                continue;
            };
            match key.as_str() {
                "path" => path = reader.text(&entry.value, "path"),
                "os" => os = reader.text(&entry.value, "os"),
                "contexts" => contexts = reader.texts(&entry.value, "contexts"),
                _ => {
                    reader.unknown_key(&key, "a `dotenv` entry", DOTENV_KEYS, Severity::Error);
                }
            }
        }
        match path {
            Some(path) => {
                let (path, optional) = optional_mark(path);
                entries.push(DotenvRef {
                    path,
                    optional,
                    os,
                    contexts,
                });
            }
            None if reader.errors() > before => {}
            None => reader.push(
                Diagnostic::error("castfile::missing-key", "the `dotenv` entry has no `path`")
                    .primary(first_line(item), ""),
            ),
        }
    }
    entries
}

/// `?.env` and `.env?` may be missing.
pub(super) fn optional_mark(text: Spanned<String>) -> (Spanned<String>, bool) {
    let value = text.value.trim();
    let bare = value.strip_prefix('?').unwrap_or(value);
    let bare = bare.strip_suffix('?').unwrap_or(bare);
    if bare.len() == value.len() {
        return (text, false);
    }
    let start = text.value.find(bare).unwrap_or(0);
    let span = text.part(start, start + bare.len());
    (Spanned::new(bare.to_owned(), span), true)
}

/// `paths`: a list of directories, `{path, os, append}` or `{linux: dir}`.
pub(super) fn read_paths(reader: &mut Reader, node: &Node) -> Vec<PathEntry> {
    let mut entries = Vec::new();
    for item in reader.items(node, "paths") {
        let Some(mapping) = item.as_mapping() else {
            if let Some(path) = reader.text(item, "an item of `paths`") {
                entries.push(PathEntry {
                    path,
                    os: None,
                    append: false,
                });
            }
            continue;
        };
        let mut append = false;
        let mut os = None;
        // Each path with the system that its own key names.
        let mut found = Vec::new();
        let before = reader.errors();
        for entry in mapping.entries() {
            let Some(key) = reader.key(entry) else {
                continue;
            };
            match key.as_str() {
                "path" | "value" => {
                    let path = reader.text(&entry.value, &key.value);
                    found.extend(path.map(|path| (path, None)));
                }
                "os" => os = reader.text(&entry.value, "os"),
                "append" => append = reader.boolean(&entry.value, "append").unwrap_or(false),
                name => match go_os(name) {
                    Some(name) => {
                        let path = reader.text(&entry.value, &key.value);
                        let own = Spanned::new(name.to_owned(), key.span);
                        found.extend(path.map(|path| (path, Some(own))));
                    }
                    None => {
                        reader.unknown_key(&key, "a `paths` entry", PATH_KEYS, Severity::Error);
                    }
                },
            }
        }
        if found.is_empty() && reader.errors() == before {
            reader.push(
                Diagnostic::error("castfile::missing-key", "the `paths` entry has no `path`")
                    .primary(first_line(item), ""),
            );
        }
        entries.extend(found.into_iter().map(|(path, own)| PathEntry {
            path,
            os: own.or_else(|| os.clone()),
            append,
        }));
    }
    entries
}

/// The Go name of an operating system from one of the keys `paths` knows.
fn go_os(key: &str) -> Option<&'static str> {
    match key {
        "windows" | "win" | "win32" => Some("windows"),
        "linux" | "unix" => Some("linux"),
        "mac" | "macos" | "darwin" | "osx" => Some("darwin"),
        _ => None,
    }
}
