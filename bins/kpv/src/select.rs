//! Which secrets are meant, and which variables they become.

use std::collections::{HashMap, HashSet};

use vault::{Entry, EnvName, Export, NameClash, Vault};

use crate::args::{Names, Selection};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::ui::Ui;

/// Variables by which shells and the loader of programs work. An entry that happens to have such a
/// title does not change them, unless it is named.
const RESERVED: [&str; 12] = [
    "BASH_ENV",
    "COLUMNS",
    "ENV",
    "HOME",
    "IFS",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LINES",
    "PATH",
    "PWD",
    "SHELL",
    "USER",
];

/// Secrets by their keys, which have to be there, in the order in which they are named.
pub(crate) fn named(vault: &Vault, keys: &[String], names: &Names) -> Result<Vec<Export>> {
    let own = own_names(names)?;
    let mut exports: Vec<Export> = Vec::with_capacity(keys.len());
    for key in keys {
        exports.push(export(vault, key, &own, names)?);
    }
    unused_names(&own, &exports)?;
    check(&exports)?;
    Ok(exports)
}

/// The secrets that options, patterns and groups mean: all of them if there are none. Entries
/// without a password are no secrets, and are left out unless they are named.
pub(crate) fn chosen(
    vault: &Vault,
    selection: &Selection,
    globs: &[String],
    names: &Names,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Export>> {
    let is_all = selection.keys.keys.is_empty() && selection.groups.is_empty() && globs.is_empty();
    let mut entries = Vec::new();
    if is_all {
        entries.extend(vault.entries());
    }
    for glob in globs {
        let found = vault.glob(glob)?;
        if found.is_empty() {
            return Err(Failure::new(format!("no secret fits `{glob}`"))
                .help("`kpv ls` shows all keys")
                .code(exit::NOT_FOUND));
        }
        entries.extend(found);
    }
    entries.extend(in_groups(vault, &selection.groups)?);
    let own = own_names(names)?;
    let mut exports: Vec<Export> = Vec::new();
    let mut known = HashSet::new();
    for entry in entries {
        let value = entry.password();
        let key = entry.key().to_string();
        if value.is_empty() || !known.insert(key.clone()) {
            continue;
        }
        let name = match own_name(&own, &key) {
            Some(name) => name,
            None => match prefixed(names, names.naming.of(entry)) {
                Ok(name) if RESERVED.contains(&name.as_str()) => {
                    ui.warn(format!(
                        "`{key}` is left out: `{name}` is for the shell; give it another name by `--name`"
                    ));
                    continue;
                }
                Ok(name) => name,
                Err(failure) => {
                    ui.warn(format!(
                        "`{key}` is left out: {failure}; give it one by `--name`"
                    ));
                    continue;
                }
            },
        };
        exports.push(Export { key, name, value });
    }
    for key in &selection.keys.keys {
        if !known.insert(key.clone()) {
            continue;
        }
        exports.push(export(vault, key, &own, names)?);
    }
    unused_names(&own, &exports)?;
    check(&exports)?;
    Ok(exports)
}

/// The secret `key`, which has to be there, under the name that `own` or the rules give it.
fn export(vault: &Vault, key: &str, own: &[(String, EnvName)], names: &Names) -> Result<Export> {
    let value = vault.get(key)?;
    let name = match own_name(own, key) {
        Some(name) => name,
        None => prefixed(names, names.naming.name(key))?,
    };
    let key = key.to_owned();
    Ok(Export { key, name, value })
}

/// The secrets in groups and the groups in them.
pub(crate) fn in_groups<'v>(vault: &'v Vault, groups: &[String]) -> Result<Vec<&'v Entry>> {
    let mut entries = Vec::new();
    for group in groups {
        let wanted = group.trim_matches('/').to_lowercase();
        let before = entries.len();
        entries.extend(
            vault
                .entries()
                .filter(|entry| is_inside(entry.groups(), &wanted)),
        );
        if entries.len() == before {
            return Err(
                Failure::new(format!("there is no secret in a group `{group}`"))
                    .help("`kpv ls` shows all keys")
                    .code(exit::NOT_FOUND),
            );
        }
    }
    Ok(entries)
}

/// Whether groups lie in the group with this path, in lower case.
fn is_inside(groups: &[String], wanted: &str) -> bool {
    let own = groups.join("/").to_lowercase();
    own == wanted
        || own
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether all variables are different. One key may be named twice.
fn check(exports: &[Export]) -> Result<()> {
    let mut owners: HashMap<&EnvName, &str> = HashMap::with_capacity(exports.len());
    for export in exports {
        let first = *owners.entry(&export.name).or_insert(&export.key);
        if !first.eq_ignore_ascii_case(&export.key) {
            return Err(NameClash {
                name: export.name.clone(),
                first: first.to_owned(),
                second: export.key.clone(),
            }
            .into());
        }
    }
    Ok(())
}

fn prefixed(names: &Names, name: Result<EnvName, vault::InvalidEnvName>) -> Result<EnvName> {
    let name = name?;
    match &names.prefix {
        Some(prefix) => Ok(format!("{prefix}{name}").parse()?),
        None => Ok(name),
    }
}

/// `--name KEY=NAME`, taken apart.
fn own_names(names: &Names) -> Result<Vec<(String, EnvName)>> {
    let pairs = names.own.iter().map(|word| {
        let (key, name) = word.rsplit_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "`--name` takes KEY=NAME, and `{word}` is not like that"
            ))
        })?;
        Ok((key.trim_matches('/').to_owned(), name.parse()?))
    });
    pairs.collect()
}

fn own_name(own: &[(String, EnvName)], key: &str) -> Option<EnvName> {
    let key = key.trim_matches('/');
    let found = own
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(key));
    found.map(|(_, name)| name.clone())
}

/// A name for a secret that is not among those chosen is a mistake.
fn unused_names(own: &[(String, EnvName)], exports: &[Export]) -> Result<()> {
    let is_used = |key: &str| {
        exports
            .iter()
            .any(|it| it.key.trim_matches('/').eq_ignore_ascii_case(key))
    };
    match own.iter().find(|(key, _)| !is_used(key)) {
        Some((key, _)) => Err(Failure::new(format!(
            "`--name {key}=…` names a secret that is not among those asked for"
        ))),
        None => Ok(()),
    }
}
