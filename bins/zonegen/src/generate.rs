//! One run over all zones: read, plan, and what comes of it.

use std::fs::File;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use common::replace::{Access, Staged};
use yaml_tree::Diagnostic;

use crate::config::{Config, Environment};
use crate::plan::{Change, Desired, Rules, plan, pointers, update};
use crate::report::unwritten;
use crate::source::Collected;
use crate::world::InDir;

/// What a run comes to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What becomes of each file, in the order of the config file.
    pub(crate) changes: Vec<Change>,
    /// Everything found on the way; with an error nothing may be written.
    pub(crate) found: Vec<Diagnostic>,
}

impl Outcome {
    /// Whether there is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// The files that differ.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_change())
    }
}

/// Works out what becomes of the files in `output`, which messages call as seen from `dir`. Nothing is
/// written.
pub(crate) fn prepare(
    config: &Config,
    environments: &[(&Environment, Collected)],
    output: &Utf8Path,
    rules: &Rules,
    dir: &Utf8Path,
) -> Outcome {
    let mut outcome = Outcome::default();
    for (_, collected) in environments {
        outcome.found.extend(collected.found.iter().cloned());
    }
    // A source that cannot be read whole would look like one whose services are gone.
    if outcome.has_errors() {
        return outcome;
    }
    let desired = plan(config, environments, &mut outcome.found);
    if outcome.has_errors() {
        return outcome;
    }
    let (mut reverse, forward): (Vec<Desired<'_>>, Vec<Desired<'_>>) = desired
        .into_iter()
        .partition(|one| one.zone.network.is_some());
    step(&forward, output, rules, dir, &mut outcome);
    if outcome.has_errors() {
        return outcome;
    }
    pointers(&outcome.changes, &mut reverse);
    step(&reverse, output, rules, dir, &mut outcome);
    outcome
}

fn step(
    desired: &[Desired<'_>],
    output: &Utf8Path,
    rules: &Rules,
    dir: &Utf8Path,
    outcome: &mut Outcome,
) {
    for one in desired {
        let path = output.join(one.file());
        let before = match fs_err::read(&path) {
            Ok(text) => Some(text.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                outcome
                    .found
                    .push(Diagnostic::error("zonegen::unreadable", error.to_string()));
                continue;
            }
        };
        match update(one, shown(&path, dir), before, rules, &InDir { dir }) {
            Ok(mut change) => {
                outcome.found.append(&mut change.found);
                change.file = path;
                outcome.changes.push(change);
            }
            Err(found) => outcome.found.extend(found),
        }
    }
}

/// Writes the files that differ, all or none as far as a file system lets us.
pub(crate) fn write(outcome: &Outcome) -> Result<(), String> {
    let mut staged = Vec::new();
    for change in outcome.changed() {
        let failed = unwritten(&change.file);
        // All are written and synced before the first is put in its place, so that a full disk or a
        // directory that cannot be written to leaves every one of them as it was.
        if let Some(file) =
            Staged::new(&change.file, &change.after, Access::AsBefore).map_err(&failed)?
        {
            staged.push((file, failed));
        }
    }
    for (file, failed) in staged {
        file.put().map_err(failed)?;
    }
    Ok(())
}

/// Keeps other runs away from a directory for as long as the result lives.
pub(crate) fn lock(output: &Utf8Path) -> Result<File, String> {
    fs_err::create_dir_all(output).map_err(|error| error.to_string())?;
    let dir = File::open(output).map_err(|error| format!("cannot open `{output}`: {error}"))?;
    dir.lock()
        .map_err(|error| format!("cannot lock `{output}`: {error}"))?;
    Ok(dir)
}

/// The environments that a run is about: those named, else all.
pub(crate) fn choose<'c>(
    config: &'c Config,
    names: &[String],
) -> Result<Vec<&'c Environment>, String> {
    if names.is_empty() {
        return Ok(config.environments.iter().collect());
    }
    let find = |name: &String| {
        let found = config.environments.iter().find(|one| one.name == *name);
        found.ok_or_else(|| {
            let known: Vec<&str> = config
                .environments
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            match yaml_tree::nearest(name, known.iter().copied()) {
                Some(near) => format!(
                    "there is no environment `{name}` in the config file, did you mean `{near}`?"
                ),
                None => format!(
                    "there is no environment `{name}` in the config file; known are `{}`",
                    known.join("`, `")
                ),
            }
        })
    };
    names.iter().map(find).collect()
}

/// A path as the user would write it.
pub(crate) fn shown(path: &Utf8Path, dir: &Utf8Path) -> Utf8PathBuf {
    path.strip_prefix(dir).unwrap_or(path).to_owned()
}
