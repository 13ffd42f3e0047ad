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

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Error;
use crate::lock::{self, Lock};
use crate::manifest::{Listed, path_of};
use crate::retention::{BadTime, Item, Policy, apply};

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
