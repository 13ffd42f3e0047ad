//! A restore into a throw-away place, compared with what was dumped.
//!
//! For each service the newest dumps are loaded into a fresh container of the image that their
//! manifests name, on an internal network of its own: nothing is published, no label of a proxy is
//! set, and nothing can be reached from there. Tables and rows are compared with the manifest, the
//! smoke checks of the service are asked, and everything is taken down again, whatever happened.
//! What a killed drill has left is removed at the start of the next.

mod compare;
mod place;
mod report;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Engine, Filter};

use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::{Access, Context, counts};
use crate::labels::Settings;
use crate::lock::{self, Lock};
use crate::manifest::{Databases, Listed};
use crate::restore::{self, refuse_overlap};

pub use report::{Check, Outcome, Report, ServiceReport};

use place::Place;

/// The label of everything that belongs to a drill. Its value is the target directory of the dumps:
/// who holds the lock of that knows that what it finds there is left over.
pub const LABEL: &str = "labbackup.drill";

/// What a caller chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    for production in &options.production {
        refuse_overlap(&options.directory, production)?;
    }
    let _lock = Lock::take(&options.target, lock::DRILL)?;
    let mut report = Report::begin(context);
    if let Some(engine) = engine {
        report.swept = sweep(engine, &options.target).await?;
    }
    let mut services: BTreeMap<(String, String), Vec<&Listed>> = BTreeMap::new();
    for dump in dumps {
        let manifest = &dump.manifest;
        services
            .entry((manifest.project.clone(), manifest.service.clone()))
            .or_default()
            .push(dump);
    }
    for ((project, name), mut dumps) in services {
        if context.cancel.is_cancelled() {
            report.interrupted = true;
            break;
        }
        // Roles before what belongs to them.
        dumps.sort_by_key(|dump| (dump.manifest.part != "globals", dump.manifest.part.clone()));
        let full = if project.is_empty() {
            name.clone()
        } else {
            format!("{project}/{name}")
        };
        let (files, servers): (Vec<&Listed>, Vec<&Listed>) = dumps
            .into_iter()
            .partition(|dump| matches!(dump.manifest.kind, None | Some(Kind::Sqlite)));
        for dump in files {
            let one = file(&full, dump, options).await;
            report.push(one, &[dump], context, options.mark);
        }
        if let Some(first) = servers.first() {
            let mut service = Service::new(project.clone(), name.clone());
            for (name, value) in &first.manifest.variables {
                service.set_variable(name, Some(value));
            }
            let one = match engine {
                Some(engine) => server(engine, service, &servers, context, &options.target).await,
                None => ServiceReport::failed(&full, &servers, "no container engine answers"),
            };
            report.push(one, &servers, context, options.mark);
        }
    }
    report.interrupted |= context.cancel.is_cancelled();
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

/// A SQLite file, or an archive.
async fn file(service: &str, dump: &Listed, options: &Options) -> ServiceReport {
    let mut report = ServiceReport::begin(service, &[dump]);
    let (listed, directory) = (dump.clone(), options.directory.clone());
    let work = tokio::task::spawn_blocking(move || -> Result<Option<Databases>, Error> {
        crate::dump::check(&listed)?;
        if listed.manifest.kind != Some(Kind::Sqlite) {
            return Ok(None);
        }
        lock::make_directory(&directory)?;
        let path = directory.join(format!("drill-{}.sqlite", std::process::id()));
        let found = sqlite(&listed, &path);
        fs_err::remove_file(&path).ok();
        found.map(Some)
    });
    match work.await {
        Ok(Ok(found)) => {
            report.checks.push(Check::passed(
                "the file is the one that the manifest describes",
            ));
            match found {
                Some(found) => report
                    .checks
                    .extend(compare::compare(&dump.manifest.databases, &found)),
                None => report.notes.push(
                    "an archive is read to its end; what is in it is not compared".to_owned(),
                ),
            }
        }
        Ok(Err(error)) => report.error = Some(error.to_string()),
        Err(_) => report.error = Some("the check has ended early".to_owned()),
    }
    report
}

fn sqlite(listed: &Listed, path: &Utf8Path) -> Result<Databases, Error> {
    restore::unpack_sqlite(listed, path)?;
    crate::dump::look_into_sqlite(path)
}

/// The dumps of one server.
async fn server(
    engine: &Engine,
    service: Service,
    dumps: &[&Listed],
    context: &Context,
    target: &Utf8Path,
) -> ServiceReport {
    let mut report = ServiceReport::begin(&service.full_name(), dumps);
    let place = match Place::make(engine, &service, &dumps[0].manifest, target).await {
        Ok(place) => place,
        Err((error, place)) => {
            report.error = Some(error.to_string());
            report.torn_down = place.take_down().await;
            return report;
        }
    };
    let mut cancel = context.cancel.clone();
    let work = async {
        for dump in dumps {
            // A dump that is not what it was is not loaded.
            let listed = (*dump).clone();
            tokio::task::spawn_blocking(move || crate::dump::check(&listed))
                .await
                .map_err(|_| Error::Cancelled)??;
        }
        place.ready().await?;
        let into = restore::Into {
            engine,
            container: place.container(),
            service: place.service(),
            drill: true,
        };
        for dump in dumps {
            let kind = dump.manifest.kind.expect("a server's dump has one");
            restore::load(&into, kind, dump, context).await?;
        }
        let settings = Settings::default();
        let kind = dumps[0].manifest.kind.expect("a server's dump has one");
        let access = Access {
            engine,
            container: place.container(),
            kind,
            service: place.service(),
            settings: &settings,
        };
        let found = counts(&access, &[]).await?;
        let mut expected = Databases::new();
        for dump in dumps {
            expected.extend(dump.manifest.databases.clone());
        }
        let mut checks = vec![Check::passed("the dump is loaded without an error")];
        checks.extend(compare::compare(&expected, &found));
        for smoke in dumps.iter().flat_map(|dump| &dump.manifest.smoke) {
            checks.push(compare::smoke(&access, &dumps[0].manifest, &expected, smoke).await);
        }
        if expected.values().all(BTreeMap::is_empty) {
            report.notes.push(
                "the manifest counts no tables: that the dump loads is all that is known"
                    .to_owned(),
            );
        }
        Ok::<_, Error>(checks)
    };
    let result = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::Cancelled),
        result = work => result,
    };
    match result {
        Ok(checks) => report.checks = checks,
        Err(error) => {
            let said = place.last_words().await;
            report.error = Some(match said {
                Some(said) => format!("{error}; the container says: {said}"),
                None => error.to_string(),
            });
        }
    }
    report.torn_down = place.take_down().await;
    report
}
