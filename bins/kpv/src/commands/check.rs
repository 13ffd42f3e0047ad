//! `kpv check`: which secrets files need, and what is wrong with them.

mod needs;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;
use vault::{AuditOptions, Call, Naming, Problem, Request, Vault};

use super::audit::kind;
use crate::args::CheckArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;
use needs::{Need, Place, Wanted};

/// One thing that is wrong with a secret.
struct Found {
    /// In one word.
    problem: &'static str,
    /// The key, or the variable if there is no key for it.
    name: String,
    message: String,
    places: Vec<Place>,
}

/// What the files need, held against the vaults.
struct Survey<'s, 'w> {
    session: &'s Session<'w>,
    /// The vault that is meant where none is named.
    main: Utf8PathBuf,
    vaults: BTreeMap<Utf8PathBuf, Vault>,
    /// The keys behind variables, in the main vault.
    variables: BTreeMap<String, Vec<String>>,
    /// Entries with the places that need them, by vault and key.
    used: BTreeMap<(Utf8PathBuf, String), BTreeSet<Place>>,
    /// Variables and keys with the places that need them.
    missing: BTreeMap<String, BTreeSet<Place>>,
}

/// Prints what is missing, unused, weak, used twice or expired, and no value; ends with 1 when
/// there is such a thing.
pub(crate) fn check(args: &CheckArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let needs = needs::gather(&session.world.dir, &args.paths)?;
    let mut survey = Survey {
        session,
        main: session.path()?,
        vaults: BTreeMap::new(),
        variables: BTreeMap::new(),
        used: BTreeMap::new(),
        missing: BTreeMap::new(),
    };
    let names_vault =
        |need: &Need| matches!(&need.wanted, Wanted::Call(call) if call.vault.is_some());
    if needs.is_empty() || !needs.iter().all(names_vault) {
        let vault = session.open_at(&survey.main, ui)?;
        survey.variables = variables(&vault, args.naming);
        survey.vaults.insert(survey.main.clone(), vault);
    }
    for need in needs {
        match need.wanted {
            Wanted::Variable(name) => survey.variable(name, &need.place),
            Wanted::Key(key) => survey.key(&survey.main.clone(), &key, false, need.place)?,
            Wanted::Call(call) => survey.call(&call, need.place, ui)?,
        }
    }
    let found = survey.findings(args.no_unused);
    print(&found, survey.used.len(), args.json, ui);
    Ok(if found.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

impl Survey<'_, '_> {
    fn use_key(&mut self, vault: &Utf8Path, key: String, place: Place) {
        let places = self.used.entry((vault.to_owned(), key)).or_default();
        places.insert(place);
    }

    fn variable(&mut self, name: String, place: &Place) {
        let main = self.main.clone();
        if let Some(keys) = self.variables.get(&name).cloned() {
            for key in keys {
                self.use_key(&main, key, place.clone());
            }
        } else if sounds_secret(&name) {
            self.missing.entry(name).or_default().insert(place.clone());
        }
    }

    fn key(&mut self, path: &Utf8Path, key: &str, is_optional: bool, place: Place) -> Result<()> {
        let Some(vault) = self.vaults.get(path) else {
            return Ok(());
        };
        match entry_of(vault, key)? {
            Some(key) => self.use_key(path, key, place),
            None if is_optional => {}
            None => {
                self.missing
                    .entry(key.to_owned())
                    .or_default()
                    .insert(place);
            }
        }
        Ok(())
    }

    fn call(&mut self, call: &Call, place: Place, ui: &mut Ui<'_, '_>) -> Result<()> {
        let path = match &call.vault {
            Some(name) => self.session.locate(Some(name))?,
            None => self.main.clone(),
        };
        if !self.vaults.contains_key(&path) {
            let vault = self.session.open_at(&path, ui)?;
            self.vaults.insert(path.clone(), vault);
        }
        match &call.request {
            // made when it is asked for
            Request::Ensure {
                key,
                rules: Some(_),
            } => self.key(&path, key, true, place),
            Request::Get { key } | Request::Field { key, .. } | Request::Ensure { key, .. } => {
                self.key(&path, key, call.fallback.is_some(), place)
            }
            _ => Ok(()),
        }
    }

    fn findings(&self, no_unused: bool) -> Vec<Found> {
        let missing = self.missing.iter().map(|(name, places)| Found {
            problem: "missing",
            message: "there is no such secret".to_owned(),
            name: name.clone(),
            places: places.iter().cloned().collect(),
        });
        let mut found: Vec<Found> = missing.collect();
        for (path, vault) in &self.vaults {
            for finding in vault::audit(vault, &AuditOptions::at(self.session.world.now)) {
                let entry = (path.clone(), finding.key.clone());
                if let Some(places) = self.used.get(&entry) {
                    found.push(Found {
                        problem: kind(&finding),
                        message: message(&finding.problem),
                        name: finding.key,
                        places: places.iter().cloned().collect(),
                    });
                }
            }
            if no_unused {
                continue;
            }
            let entries = vault.entries().filter(|entry| !entry.password().is_empty());
            let keys = entries.map(|entry| (path.clone(), entry.key().to_string()));
            let unused = keys.filter(|place| !self.used.contains_key(place));
            found.extend(unused.map(|(_, name)| Found {
                problem: "unused",
                message: "no file asks for it".to_owned(),
                name,
                places: Vec::new(),
            }));
        }
        found
    }
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
                    "places": found.places.iter().map(Place::to_string).collect::<Vec<_>>(),
                })
            })
            .collect();
        ui.io
            .line(json!({"version": 1, "used": used, "findings": list}).to_string());
        return;
    }
    for found in found {
        let places: Vec<_> = found.places.iter().map(Place::to_string).collect();
        let places = match places.as_slice() {
            [] => String::new(),
            places => format!(" ({})", places.join(", ")),
        };
        ui.io.line(format!(
            "{}: {}: {}{places}",
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
