//! `kpv doctor`: what is wrong with a vault, and what can be put right.

use std::os::unix::fs::PermissionsExt as _;

use camino::Utf8Path;
use vault::{Change, Entry, Missing, Removal, Vault, fields};

use crate::args::DoctorArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Prints what it finds; with `--fix` it puts right what it can. Ends with 1 when something is
/// left.
///
/// The Go kpv wrote a secret `group/name` as `name` into the root group. Where both are there, the
/// one in the root group is found by itself; where only that is left, its key has to be named.
pub(crate) fn doctor(args: &DoctorArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let mut vault = session.open(ui)?;
    let mut left = 0;
    let mut is_fixed = false;
    for key in &args.keys {
        let root = misplaced(&vault, key)?;
        if args.fix {
            vault.relocate(&root, key)?;
            ui.io.line(format!("fixed: `{root}` is `{key}` now"));
            is_fixed = true;
        } else {
            ui.io.line(format!(
                "misplaced: `{root}` in the root group is meant for `{key}`"
            ));
            left += 1;
        }
    }
    for (root, key) in shadows(&vault) {
        if args.fix {
            let value = vault.get(&root)?;
            vault.set(&key, value)?;
            vault.remove(&format!("/{root}"), Removal::RecycleBin)?;
            ui.io.line(format!(
                "fixed: `{key}` has the newer value of `{root}`, which is in the recycle bin"
            ));
            is_fixed = true;
        } else {
            ui.io.line(format!("misplaced: `{root}` in the root group is newer than `{key}`, which the Go kpv meant to write"));
            left += 1;
        }
    }
    for key in old_usernames(&vault) {
        if args.fix {
            let value = vault.entry(&key)?.username().to_owned();
            let changes = vec![
                Change::field(fields::USERNAME, value),
                Change::remove_field("Username"),
            ];
            vault.edit(&key, changes, Missing::Fail)?;
            ui.io.line(format!(
                "fixed: the user name of `{key}` is where KeePass looks for it"
            ));
            is_fixed = true;
        } else {
            ui.io.line(format!(
                "user name: that of `{key}` is in the field `Username`, where KeePass does not look"
            ));
            left += 1;
        }
    }
    if is_fixed {
        session.save(&mut vault, ui)?;
    }
    let mut say = |text: String| {
        ui.io.line(text);
        left += 1;
    };
    if vault.kdf().is_weak() {
        say(format!(
            "key derivation: {} is cheap to attack; raise it in KeePassXC: Database settings, Security",
            vault.kdf()
        ));
    }
    for loss in vault.losses() {
        say(format!("cannot be changed here: saving would lose {loss}"));
    }
    for file in [
        vault.path().to_owned(),
        vault.path().with_extension("key"),
        stored_key(session, vault.path()),
    ] {
        if let Some(mode) = readable_by_others(&file) {
            say(format!(
                "permissions: `{file}` can be read by others (mode {mode:03o}): chmod 600 {file}"
            ));
        }
    }
    ui.note(if left == 0 {
        "\nNothing is wrong".to_owned()
    } else if args.fix {
        format!("\n{left} findings are left")
    } else {
        format!("\n{left} findings; `kpv doctor --fix` puts right what can be")
    });
    Ok(if left == 0 { exit::DONE } else { exit::FAILED })
}

/// The title of the entry in the root group that is meant for this key.
fn misplaced(vault: &Vault, key: &str) -> Result<String> {
    let wanted: vault::KeyPath = key.parse().map_err(vault::Error::from)?;
    if wanted.groups().is_empty() {
        return Err(Failure::usage(format!(
            "`{key}` has no group: nothing can be misplaced"
        )));
    }
    let is_there = vault.entries().any(|entry| entry.key() == wanted);
    if is_there {
        return Err(Failure::new(format!("`{key}` is there already"))
            .help("without a key, doctor finds those that are there twice"));
    }
    let in_root = vault.entries().find(|entry| {
        entry.groups().is_empty() && entry.title().eq_ignore_ascii_case(wanted.title())
    });
    in_root
        .map(|entry| entry.title().to_owned())
        .ok_or_else(|| {
            Failure::new(format!(
                "there is no `{}` in the root group",
                wanted.title()
            ))
            .code(exit::NOT_FOUND)
        })
}

/// Entries of the root group that were written later than the one entry of the same title in a
/// group.
fn shadows(vault: &Vault) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for root in vault.entries().filter(|entry| entry.groups().is_empty()) {
        let same = |entry: &&Entry| {
            !entry.groups().is_empty() && entry.title().eq_ignore_ascii_case(root.title())
        };
        let mut inner = vault.entries().filter(same);
        let (Some(entry), None) = (inner.next(), inner.next()) else {
            continue;
        };
        if root.modified() > entry.modified() && root.password() != entry.password() {
            found.push((root.title().to_owned(), entry.key().to_string()));
        }
    }
    found
}

fn old_usernames(vault: &Vault) -> Vec<String> {
    let is_old = |entry: &&Entry| {
        let filled = |name: &str| {
            entry
                .field(name)
                .is_some_and(|field| !field.value.is_empty())
        };
        filled("Username") && !filled(fields::USERNAME)
    };
    vault
        .entries()
        .filter(is_old)
        .map(|entry| entry.key().to_string())
        .collect()
}

fn stored_key(session: &Session<'_>, path: &Utf8Path) -> camino::Utf8PathBuf {
    session
        .places
        .data
        .join(format!("{}.key", path.file_stem().unwrap_or("vault")))
}

/// The mode of a file that is there and that others can read.
fn readable_by_others(file: &Utf8Path) -> Option<u32> {
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}
