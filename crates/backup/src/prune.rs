//! Dumps that have had their time.
//!
//! ```no_run
//! use backup::{manifest, prune, retention};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let target = camino::Utf8Path::new("/mnt/docker/backups");
//! let rules = [("daily".to_owned(), "7".to_owned())].into();
//! let policy = retention::policy(&rules).map_err(|wrong| wrong.join("; "))?;
//! let removals = prune::plan(&manifest::list_all(target)?, "2026-01-01T00:00:00Z", |_| policy.clone())?;
//! prune::prune(target, &removals)?;
//! # Ok(())
//! # }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use crate::Error;
use crate::lock::{self, Lock};
use crate::manifest::{Listed, path_of};
use crate::report::full_name;
use crate::retention::{BadTime, Item, Policy, apply, instant};
use crate::run::{DUMPS, group_tag};
use crate::store::{Snapshot, SnapshotStore, Which};

/// The dumps that a policy does not keep, by directory and part. The last verified dump of a part
/// always stays, and with an empty policy all of them.
///
/// # Errors
/// When a manifest has a time that is none.
pub fn plan(
    all: &[Listed],
    now: &str,
    policy: impl Fn(&Listed) -> Policy,
) -> Result<Vec<Listed>, BadTime> {
    let mut parts: BTreeMap<(Option<&Utf8Path>, &str), Vec<&Listed>> = BTreeMap::new();
    for one in all {
        parts
            .entry((one.path.parent(), &one.manifest.part))
            .or_default()
            .push(one);
    }
    let mut removed = Vec::new();
    for dumps in parts.values() {
        let Some(last) = dumps.last() else { continue };
        let items: Vec<Item> = dumps
            .iter()
            .map(|one| {
                let mut item = Item::new(one.path.as_str(), one.manifest.started.clone());
                item.verified = one.manifest.verified.is_some();
                item
            })
            .collect();
        let decision = apply(&items, &policy(last), now)?;
        let gone = dumps
            .iter()
            .filter(|one| decision.removed.iter().any(|id| id == one.path.as_str()));
        removed.extend(gone.map(|one| (*one).clone()));
    }
    Ok(removed)
}

/// A snapshot that stays, whatever a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protected {
    /// Its identifier.
    pub snapshot: String,
    /// Why it stays, one line.
    pub why: String,
}

/// The snapshots that stay for what a drill has proven: for the last verified dump of each part the
/// newest snapshot that holds it, found by looking into them, and for each group the files that were
/// stored with it. `group` says of which group a dump is.
///
/// A dump that no snapshot holds is not among them: it lies in the target directory alone.
///
/// # Errors
/// Those of the store.
pub async fn protected<S: SnapshotStore>(
    store: &S,
    which: &Which,
    all: &[Listed],
    group: impl Fn(&Listed) -> String,
) -> Result<Vec<Protected>, Error> {
    let mut last: BTreeMap<(Option<&Utf8Path>, &str), &Listed> = BTreeMap::new();
    for one in all.iter().filter(|one| one.manifest.verified.is_some()) {
        last.insert((one.path.parent(), &one.manifest.part), one);
    }
    let snapshots = store.snapshots(which).await?;
    let tagged = |tag: &str| -> Vec<&Snapshot> {
        let has = |snapshot: &&Snapshot| snapshot.tags.iter().any(|other| other == tag);
        snapshots.iter().filter(has).collect()
    };
    let mut found = Vec::new();
    let mut left: Vec<&Listed> = last.values().copied().collect();
    for snapshot in tagged(DUMPS).into_iter().rev() {
        let may_hold = |one: &&Listed| {
            let mut paths = snapshot.paths.iter();
            paths.any(|path| one.path.starts_with(path))
                && instant(&snapshot.time) >= instant(&one.manifest.ended)
        };
        let wanted: Vec<&Listed> = left.iter().copied().filter(may_hold).collect();
        if wanted.is_empty() {
            continue;
        }
        let directories: BTreeSet<String> = wanted
            .iter()
            .filter_map(|one| Some(one.path.parent()?.to_string()))
            .collect();
        let directories: Vec<String> = directories.into_iter().collect();
        let stored = store.files(&snapshot.id, &directories).await?;
        let holds = |one: &&Listed| {
            stored.iter().any(|file| {
                one.path == file.path.as_str() && one.manifest.compressed.bytes == file.bytes
            })
        };
        let held: Vec<&Listed> = wanted.into_iter().filter(holds).collect();
        if held.is_empty() {
            continue;
        }
        left.retain(|one| !held.contains(one));
        let names: Vec<String> = held.iter().map(|one| described(one)).collect();
        found.push(Protected {
            snapshot: snapshot.id.clone(),
            why: format!("it holds the last verified dump of {}", names.join(", ")),
        });
    }
    for one in last.values() {
        // Files are stored after the dumps of their group, and before the next run.
        let of_group = tagged(&group_tag(&group(one)));
        let first = of_group
            .into_iter()
            .find(|snapshot| instant(&snapshot.time) >= instant(&one.manifest.started));
        let Some(snapshot) = first else { continue };
        if !found.iter().any(|other| other.snapshot == snapshot.id) {
            found.push(Protected {
                snapshot: snapshot.id.clone(),
                why: format!(
                    "it holds the files that belong to the last verified dump of {}",
                    described(one)
                ),
            });
        }
    }
    Ok(found)
}

fn described(one: &Listed) -> String {
    let manifest = &one.manifest;
    let service = full_name(&manifest.project, &manifest.service);
    format!("{service} ({})", manifest.part)
}

/// Removes dumps below a target directory, with their manifests, and returns their paths.
///
/// # Errors
/// [`Error::Locked`] while a run goes on; [`Error::File`].
pub fn prune(target: &Utf8Path, dumps: &[Listed]) -> Result<Vec<Utf8PathBuf>, Error> {
    let _lock = Lock::take(target, lock::RUN)?;
    let mut removed = Vec::new();
    for dump in dumps.iter().filter(|dump| dump.path.starts_with(target)) {
        let failed = |error| Error::file("remove", &dump.path, error);
        // A manifest without its dump is nothing to anybody.
        fs_err::remove_file(&dump.path).map_err(failed)?;
        fs_err::remove_file(path_of(&dump.path)).map_err(failed)?;
        removed.push(dump.path.clone());
    }
    Ok(removed)
}
