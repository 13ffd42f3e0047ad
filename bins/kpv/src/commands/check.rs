//! `kpv check`: which secrets files need, and what is wrong with them.

mod needs;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use serde_json::json;
use vault::{AuditOptions, Naming, Problem, Request, Vault};

use super::audit::kind;
use crate::args::CheckArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;
use needs::{Need, Wanted};

/// One thing that is wrong with a secret.
struct Found {
    /// In one word.
    problem: &'static str,
    /// The key, or the variable if there is no key for it.
    name: String,
    message: String,
    files: Vec<String>,
}

/// Prints what is missing, unused, weak, used twice or expired, and no value; ends with 1 when
/// there is such a thing.
pub(crate) fn check(args: &CheckArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let needs = needs::gather(&session.world.dir, &args.paths)?;
    let main = session.path()?;
    let mut vaults: BTreeMap<Utf8PathBuf, Vault> = BTreeMap::new();
    let mut used: BTreeMap<(Utf8PathBuf, String), BTreeSet<String>> = BTreeMap::new();
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let names_vault =
        |need: &Need| matches!(&need.wanted, Wanted::Call(call) if call.vault.is_some());
    if needs.is_empty() || !needs.iter().all(names_vault) {
        vaults.insert(main.clone(), session.open_at(&main, ui)?);
    }
    let variables = vaults.get(&main).map(|vault| variables(vault, args.naming));
    for need in needs {
        let file = need.file;
        match need.wanted {
            Wanted::Variable(name) => {
                let keys = variables.as_ref().and_then(|known| known.get(&name));
                match keys {
                    Some(keys) => {
                        for key in keys {
                            used.entry((main.clone(), key.clone()))
                                .or_default()
                                .insert(file.clone());
                        }
                    }
                    None if sounds_secret(&name) => {
                        missing.entry(name).or_default().insert(file);
                    }
                    None => {}
                }
            }
            Wanted::Key(key) => {
                let Some(vault) = vaults.get(&main) else {
                    continue;
                };
                match entry_of(vault, &key)? {
                    Some(key) => {
                        used.entry((main.clone(), key)).or_default().insert(file);
                    }
                    None => {
                        missing.entry(key).or_default().insert(file);
                    }
                }
            }
            Wanted::Call(call) => {
                let path = match &call.vault {
                    Some(name) => session.locate(Some(name))?,
                    None => main.clone(),
                };
                if !vaults.contains_key(&path) {
                    vaults.insert(path.clone(), session.open_at(&path, ui)?);
                }
                let vault = &vaults[&path];
                let (key, is_optional) = match &call.request {
                    // made when it is asked for
                    Request::Ensure {
                        key,
                        rules: Some(_),
                    } => (key, true),
                    Request::Get { key }
                    | Request::Field { key, .. }
                    | Request::Ensure { key, .. } => (key, call.fallback.is_some()),
                    _ => continue,
                };
                match entry_of(vault, key)? {
                    Some(key) => {
                        used.entry((path, key)).or_default().insert(file);
                    }
                    None if is_optional => {}
                    None => {
                        missing.entry(key.clone()).or_default().insert(file);
                    }
                }
            }
        }
    }
    let mut found: Vec<Found> = missing
        .into_iter()
        .map(|(name, files)| Found {
            problem: "missing",
            message: "there is no such secret".to_owned(),
            name,
            files: files.into_iter().collect(),
        })
        .collect();
    for (path, vault) in &vaults {
        for finding in vault::audit(vault, &AuditOptions::at(session.world.now)) {
            let Some(files) = used.get(&(path.clone(), finding.key.clone())) else {
                continue;
            };
            if matches!(finding.problem, Problem::Old { .. }) {
                continue;
            }
            found.push(Found {
                problem: kind(&finding),
                message: message(&finding.problem),
                name: finding.key,
                files: files.iter().cloned().collect(),
            });
        }
        if !args.no_unused {
            let unused = vault.entries().filter(|entry| !entry.password().is_empty());
            let unused = unused.map(|entry| entry.key().to_string());
            found.extend(
                unused
                    .filter(|key| !used.contains_key(&(path.clone(), key.clone())))
                    .map(|key| Found {
                        problem: "unused",
                        message: "no file asks for it".to_owned(),
                        name: key,
                        files: Vec::new(),
                    }),
            );
        }
    }
    print(&found, used.len(), args.json, ui);
    Ok(if found.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

/// What the word before it does not say yet.
fn message(problem: &Problem) -> String {
    let text = problem.to_string();
    for known in ["weak: ", "expired "] {
        if let Some(rest) = text.strip_prefix(known) {
            return rest.to_owned();
        }
    }
    text
}

fn print(found: &[Found], used: usize, as_json: bool, ui: &mut Ui<'_, '_>) {
    if as_json {
        let list: Vec<_> = found
            .iter()
            .map(|found| {
                json!({
                    "problem": found.problem,
                    "name": found.name,
                    "message": found.message,
                    "files": found.files,
                })
            })
            .collect();
        ui.io
            .line(json!({"version": 1, "used": used, "findings": list}).to_string());
        return;
    }
    for found in found {
        let files = if found.files.is_empty() {
            String::new()
        } else {
            format!(" ({})", found.files.join(", "))
        };
        ui.io.line(format!(
            "{}: {}: {}{files}",
            found.problem, found.name, found.message
        ));
    }
    ui.note(format!(
        "\n{} findings; {used} secrets are used",
        found.len()
    ));
}

/// The keys behind each variable that a vault could fill.
fn variables(vault: &Vault, naming: Option<Naming>) -> BTreeMap<String, Vec<String>> {
    let rules = match naming {
        Some(naming) => vec![naming],
        None => vec![Naming::Path, Naming::Leaf],
    };
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in vault.entries().filter(|entry| !entry.password().is_empty()) {
        let key = entry.key().to_string();
        for rule in &rules {
            if let Ok(name) = rule.of(entry) {
                let keys = known.entry(name.to_string()).or_default();
                if !keys.contains(&key) {
                    keys.push(key.clone());
                }
            }
        }
    }
    known
}

/// The entry whose password or field a key means; one without a password is none.
fn entry_of(vault: &Vault, key: &str) -> Result<Option<String>> {
    if let Some(entry) = vault.find(key)? {
        return Ok((!entry.password().is_empty()).then(|| entry.key().to_string()));
    }
    let Some((owner, field)) = key.rsplit_once('/') else {
        return Ok(None);
    };
    let entry = vault
        .find(owner)?
        .filter(|entry| entry.field_named(field).is_some());
    Ok(entry.map(|entry| entry.key().to_string()))
}

/// Whether a variable of this name should come from a vault. A path to a secret is none.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_path = ["_FILE", "_PATH", "_DIR"]
        .iter()
        .any(|end| name.ends_with(end));
    let words: Vec<&str> = name.split('_').collect();
    let is_secret = |word: &&str| {
        [
            "PASS",
            "PASSWD",
            "PASSPHRASE",
            "PWD",
            "SECRET",
            "TOKEN",
            "CREDENTIALS",
            "APIKEY",
        ]
        .contains(word)
            || word.ends_with("PASSWORD")
    };
    let ends_in_key = words.len() > 1
        && words.last() == Some(&"KEY")
        && !words.iter().any(|word| *word == "PUBLIC" || *word == "PUB");
    !is_path && (words.iter().any(is_secret) || ends_in_key) && name != "PWD" && name != "OLDPWD"
}

#[cfg(test)]
mod tests {
    use super::sounds_secret;

    #[test]
    fn names_that_sound_like_secrets() {
        for name in [
            "POSTGRES_PASSWORD",
            "DBPASSWORD",
            "CF_DNS_API_TOKEN",
            "SECRET_KEY_BASE",
            "API_KEY",
        ] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in [
            "PWD",
            "POSTGRES_PASSWORD_FILE",
            "MNT_DIR",
            "SSH_PUBLIC_KEY",
            "KEY",
            "PASSENGER_APP",
        ] {
            assert!(!sounds_secret(name), "{name}");
        }
    }
}
