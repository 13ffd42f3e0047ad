//! A restore into a throw-away place, compared with what was dumped.
//!
//! For each service the newest dumps are loaded into a fresh container of the image that their
//! manifests name, on an internal network of its own: nothing is published, no label of a proxy is
//! set, and nothing can be reached from there. Tables and rows are compared with the manifest, and the
//! database is asked what its labels say.
//!
//! Where services of the project are to be asked by HTTP, or are to be started by their labels, copies
//! of their containers follow on the same network: with the environment of the originals, which finds
//! the restored databases under the names it knows; with throw-away volumes that hold what was dumped;
//! without labels, ports and anything of the machine. They have to come up, pass their health checks,
//! and answer.
//!
//! Everything is taken down again, whatever happened. What a killed drill has left is removed at the
//! start of the next.

mod application;
mod compare;
mod copy;
mod place;
mod project;
mod report;
mod server;
mod smoke;
mod stored;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Engine, Filter};

use crate::Error;
use crate::discovery::Service;
use crate::dump::Context;
use crate::lock::{self, Lock};
use crate::manifest::Listed;
use crate::restic::Restic;
use crate::restore::refuse_overlap;
use crate::run::Snapshots;
use crate::store::SnapshotStore;

pub use report::{Check, Outcome, Report, Role, ServiceReport};

use project::Drill;

/// The label of everything that belongs to a drill. Its value is the target directory of the dumps:
/// who holds the lock of that knows that what it finds there is left over.
pub const LABEL: &str = "labbackup.drill";

/// What a caller chooses.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// A directory for files that are restored; it must not lie in, or around, one of `production`.
    pub directory: Utf8PathBuf,
    /// Directories of data in use, and of the dumps.
    pub production: Vec<Utf8PathBuf>,
    /// The target directory of the dumps, for the lock.
    pub target: Utf8PathBuf,
    /// Whether to note in the manifests what was verified.
    pub mark: bool,
    /// The services there are, with their containers: what applications are started from. Without
    /// any, dumps alone are looked at.
    pub services: Vec<Service>,
    /// Services that were asked for by name; with any, no other application is started.
    pub only: Vec<String>,
}

/// Restores dumps into a throw-away place and compares.
///
/// # Errors
/// [`Error::Refused`] when the place is too near to data in use, [`Error::Locked`] when another
/// drill goes on, [`Error::Engine`] when nothing can be begun. What is found out about the dumps is
/// in the report.
pub async fn drill(
    engine: Option<&Engine>,
    dumps: &[Listed],
    context: &Context,
    options: &Options,
) -> Result<Report, Error> {
    drill_with::<Restic>(engine, dumps, context, options, None).await
}

/// Restores and compares as [`drill`] does; what applications write to comes from the newest snapshots
/// where it is not in an archive.
///
/// # Errors
/// As [`drill`]. That the store cannot be asked is in the report of the applications, if there are any.
pub async fn drill_with<S: SnapshotStore>(
    engine: Option<&Engine>,
    dumps: &[Listed],
    context: &Context,
    options: &Options,
    snapshots: Option<&Snapshots<'_, S>>,
) -> Result<Report, Error> {
    for production in &options.production {
        refuse_overlap(&options.directory, production)?;
    }
    let _lock = Lock::take(&options.target, lock::DRILL)?;
    let mut report = Report::begin(context);
    if let Some(engine) = engine {
        report.swept = sweep(engine, &options.target).await?;
    }
    let drill = Drill {
        snapshots,
        engine,
        all: dumps,
        context,
        options,
    };
    let mut projects: BTreeMap<&str, Vec<&Listed>> = BTreeMap::new();
    for service in &options.services {
        projects.entry(&service.project).or_default();
    }
    for dump in dumps {
        projects
            .entry(&dump.manifest.project)
            .or_default()
            .push(dump);
    }
    for (project, dumps) in projects {
        if context.cancel.is_cancelled() {
            break;
        }
        report.services.extend(drill.project(project, dumps).await);
    }
    report.end(context);
    Ok(report)
}

/// Removes what drills of a target directory have left, and returns the names.
///
/// # Errors
/// Those of the engine.
pub async fn sweep(engine: &Engine, target: &Utf8Path) -> Result<Vec<String>, Error> {
    let label = format!("{LABEL}={target}");
    let mut swept = Vec::new();
    for container in engine
        .containers(&Filter::default().stopped().label(&label))
        .await?
    {
        engine.remove(&container.id).await?;
        swept.push(container.name);
    }
    for volume in engine.volumes(&[&label]).await? {
        engine.remove_volume(&volume.name).await?;
        swept.push(volume.name);
    }
    for network in engine.networks().await? {
        if network.labels.get(LABEL).is_some_and(|of| *of == *target) {
            engine.remove_network(&network.id).await?;
            swept.push(network.name);
        }
    }
    Ok(swept)
}
