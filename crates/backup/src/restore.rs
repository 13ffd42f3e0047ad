//! Dumps back into their databases.
//!
//! A dump is loaded by the programs of the container that it goes into, which had better be of the
//! image that the manifest names, or a later one. What the dump holds replaces what is there;
//! databases that the dump does not know stay. The caller makes a dump of what is there first.

mod load;
mod place;
mod snapshot;

use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;

use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::Context;
use crate::manifest::{self, Listed};

pub(crate) use load::{Into, load};
pub use place::refuse_overlap;
pub(crate) use place::{contents, unpack, unpack_sqlite};
pub use snapshot::{FromSnapshot, fetch, from_snapshot, run_from_snapshot, stored};

/// Which dump is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The service, by its directory below the target, its name, or `project/name`.
    pub service: String,
    /// One part of it: `all`, or the name of a database; none means every part.
    pub part: Option<String>,
    /// The point in time, by the beginning of its stamp (`20260131`); none means the newest.
    pub point: Option<String>,
}

/// The dumps that a choice means, one for each part, from those below a target directory.
///
/// # Errors
/// [`Error::NoDump`], which names what there is instead.
pub fn choose(all: &[Listed], choice: &Choice) -> Result<Vec<Listed>, Error> {
    let of_service = |one: &&Listed| {
        let manifest = &one.manifest;
        let directory = one
            .path
            .parent()
            .and_then(Utf8Path::file_name)
            .unwrap_or_default();
        choice.service == manifest.service
            || choice.service == directory
            || choice.service == format!("{}/{}", manifest.project, manifest.service)
    };
    let found: Vec<&Listed> = all.iter().filter(of_service).collect();
    if found.is_empty() {
        let mut names: Vec<&str> = all
            .iter()
            .map(|one| one.manifest.service.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let what = if names.is_empty() {
            "there are no dumps at all".to_owned()
        } else {
            format!(
                "there is no dump of `{}`, only of: {}",
                choice.service,
                names.join(", ")
            )
        };
        return Err(Error::NoDump { what });
    }
    let wanted = |one: &&Listed| {
        let manifest = &one.manifest;
        choice
            .part
            .as_ref()
            .is_none_or(|part| *part == manifest.part || Some(part) == manifest.database.as_ref())
    };
    let parts: Vec<&Listed> = found.iter().copied().filter(wanted).collect();
    if parts.is_empty() {
        let mut names: Vec<&str> = found.iter().map(|one| one.manifest.part.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let part = choice.part.as_deref().unwrap_or_default();
        return Err(Error::NoDump {
            what: format!(
                "`{}` has no part `{part}`, only: {}",
                choice.service,
                names.join(", ")
            ),
        });
    }
    let at = |one: &&Listed| {
        choice
            .point
            .as_ref()
            .is_none_or(|point| one.stamp().starts_with(point.as_str()))
    };
    let mut points: Vec<&Listed> = parts.iter().copied().filter(at).collect();
    if points.is_empty() {
        let stamps: Vec<&str> = parts.iter().map(|one| one.stamp()).collect();
        let point = choice.point.as_deref().unwrap_or_default();
        return Err(Error::NoDump {
            what: format!(
                "`{}` has no dump of `{point}`, only of: {}",
                choice.service,
                stamps.join(", ")
            ),
        });
    }
    // The newest of each part. Roles come before the databases that belong to them.
    points.reverse();
    let mut chosen: Vec<Listed> = Vec::new();
    for one in points {
        if !chosen.iter().any(|other| {
            other.manifest.part == one.manifest.part
                && other.manifest.service == one.manifest.service
        }) {
            chosen.push(one.clone());
        }
    }
    // And SQLite files after the archive of their directory.
    chosen.sort_by_key(|one| {
        let manifest = &one.manifest;
        let late = manifest.kind == Some(Kind::Sqlite);
        (manifest.part != "globals", late, manifest.part.clone())
    });
    Ok(chosen)
}

/// What a restore is going to do, for people to agree to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Restore {
    /// The dump.
    pub listed: Listed,
    /// The container it goes into, or whose files it replaces.
    pub container: String,
    /// What happens, one sentence a line.
    pub steps: Vec<String>,
    /// What is odd about it.
    pub warnings: Vec<String>,
    service: Service,
    file: Option<Utf8PathBuf>,
}

/// Plans a restore of one dump into a service.
///
/// # Errors
/// [`Error::NotRunning`], [`Error::Refused`] when the service is of another kind.
pub fn plan(listed: &Listed, service: &Service) -> Result<Restore, Error> {
    let manifest = &listed.manifest;
    let Some(running) = &service.container else {
        return Err(Error::NotRunning {
            what: service.full_name(),
        });
    };
    let mut steps = vec![format!(
        "read `{}` to its end, and compare it with its manifest",
        listed.path
    )];
    let mut warnings = Vec::new();
    let mut file = None;
    match manifest.kind {
        Some(Kind::Sqlite) => {
            let target = manifest.target.clone().unwrap_or_default();
            let path = place::on_host(service, &target).ok_or_else(|| Error::Refused {
                why: format!(
                    "`{target}` of {} is below no directory of this machine",
                    service.full_name()
                ),
            })?;
            steps.push(format!("stop `{}` if it runs", running.name));
            steps.push(format!(
                "put the file in the place of `{path}`, and remove its `-wal` and `-shm`"
            ));
            steps.push(format!("start `{}` if it ran", running.name));
            file = Some(path);
        }
        None => {
            let target = manifest.target.clone().unwrap_or_default();
            steps.push(format!("stop `{}` if it runs", running.name));
            steps.push(format!(
                "unpack over `{target}` in it; files that the archive does not have stay"
            ));
            steps.push(format!("start `{}` if it ran", running.name));
        }
        Some(kind) => {
            if running.state != engine::State::Running {
                return Err(Error::NotRunning {
                    what: service.full_name(),
                });
            }
            let names: Vec<&str> = manifest
                .databases
                .keys()
                .map(String::as_str)
                .filter(|name| load::is_replaced(kind, name))
                .collect();
            match kind {
                Kind::Redis => steps.push("replace all keys".to_owned()),
                _ if names.is_empty() => {}
                _ => steps.push(format!(
                    "drop these databases, and whatever they hold now: {}",
                    names.join(", ")
                )),
            }
            steps.push(format!(
                "load the dump with the programs in `{}`",
                running.name
            ));
            if running.image_id != manifest.image_id && !manifest.image_id.is_empty() {
                warnings.push(format!(
                    "the dump was made with another image, `{}`: this one has to be as new at least",
                    manifest.image
                ));
            }
        }
    }
    if manifest.verified.is_none() {
        warnings.push("no drill has verified this dump yet".to_owned());
    }
    Ok(Restore {
        listed: listed.clone(),
        container: running.name.clone(),
        steps,
        warnings,
        service: service.clone(),
        file,
    })
}

/// Carries a restore out.
///
/// # Errors
/// A damaged dump changes nothing. What goes wrong after that leaves the database as far as the load
/// came.
pub async fn run(engine: &Engine, restore: &Restore, context: &Context) -> Result<(), Error> {
    let listed = restore.listed.clone();
    tokio::task::spawn_blocking(move || crate::dump::check(&listed))
        .await
        .map_err(|_| Error::Cancelled)??;
    let manifest = &restore.listed.manifest;
    let running = restore.service.container.as_ref();
    let Some(running) = running else {
        return Err(Error::NotRunning {
            what: restore.service.full_name(),
        });
    };
    let kind = match manifest.kind {
        Some(kind) if kind != Kind::Sqlite => kind,
        _ => {
            return place::files(
                engine,
                &running.id,
                restore.file.as_deref(),
                &restore.listed,
            )
            .await;
        }
    };
    let into = Into {
        engine,
        container: &running.id,
        service: &restore.service,
        drill: false,
    };
    load(&into, kind, &restore.listed, context).await
}

/// Notes in the manifest of a dump that a drill has found all of it.
///
/// # Errors
/// [`Error::File`].
pub fn mark_verified(listed: &Listed, time: &str) -> Result<(), Error> {
    let mut manifest = manifest::read(&listed.path)?;
    manifest.verified = Some(time.to_owned());
    manifest::write(&listed.path, &manifest)
}
