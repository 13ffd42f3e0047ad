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
mod report;
mod server;
mod smoke;
mod stored;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Engine, Filter};

use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::Context;
use crate::labels;
use crate::lock::{self, Lock};
use crate::manifest::{Databases, Listed};
use crate::report::full_name;
use crate::restic::Restic;
use crate::restore::{self, refuse_overlap};
use crate::run::Snapshots;
use crate::store::SnapshotStore;

pub use report::{Check, Outcome, Report, Role, ServiceReport};

use copy::Original;
use place::Place;
use server::Server;
use stored::Stored;

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
/// As [`drill`], and [`Error::Store`] when the store cannot be asked.
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
    let stored = match snapshots {
        Some(snapshots) => {
            Some(Stored::look(snapshots, &options.directory, &options.target).await?)
        }
        None => None,
    };
    let drill = Drill {
        stored,
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

/// What all parts of a drill need.
struct Drill<'d, S> {
    stored: Option<Stored<'d, S>>,
    engine: Option<&'d Engine>,
    all: &'d [Listed],
    context: &'d Context,
    options: &'d Options,
}

/// The dumps of one server.
struct Dumped<'d> {
    project: &'d str,
    name: &'d str,
    dumps: Vec<&'d Listed>,
}

impl<'d, S: SnapshotStore> Drill<'d, S> {
    /// Everything of one project: its files, its databases, and the applications on top of them.
    async fn project(&self, project: &'d str, dumps: Vec<&'d Listed>) -> Vec<ServiceReport> {
        let (files, servers): (Vec<&Listed>, Vec<&Listed>) = dumps
            .into_iter()
            .partition(|dump| matches!(dump.manifest.kind, None | Some(Kind::Sqlite)));
        let servers = by_service(&servers);
        let restored = |service: &Service| servers.iter().any(|one| one.name == service.name);
        let has_files = |service: &Service| {
            let mut names = files.iter().map(|dump| dump.manifest.service.as_str());
            names.any(|name| name == service.name)
        };
        let options = self.options;
        let (services, named) = (&options.services, &options.only);
        let applications = application::chosen(services, project, named, restored, has_files);
        let mut reports = Vec::new();
        for dump in &files {
            reports.push((self.file(dump).await, vec![*dump]));
        }
        if applications.is_empty() {
            for dumped in &servers {
                reports.push((self.alone(dumped).await, dumped.dumps.clone()));
            }
        } else {
            let together = self.together(servers, &applications, &files).await;
            reports.extend(together);
        }
        for (one, _) in &mut reports {
            one.conclude();
        }
        let stands = reports
            .iter()
            .all(|(one, _)| one.role != Role::Application || one.verified);
        let mut finished = Vec::new();
        for (mut one, dumps) in reports {
            if one.verified && self.options.mark && !self.context.cancel.is_cancelled() {
                if stands {
                    one.mark(&dumps, self.context);
                } else if one.role != Role::Application {
                    one.notes.push(
                        "it is not marked as verified: an application on top of it is not well"
                            .to_owned(),
                    );
                }
            }
            finished.push(one);
        }
        finished
    }

    /// A SQLite file, or an archive.
    async fn file(&self, dump: &Listed) -> ServiceReport {
        let manifest = &dump.manifest;
        let service = full_name(&manifest.project, &manifest.service);
        let mut report = ServiceReport::begin(&service, Role::Files, &[dump]);
        let (listed, directory) = (dump.clone(), self.options.directory.clone());
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
                    None => match &dump.manifest.entries {
                        Some(entries) => report.checks.push(Check::passed(format!(
                            "the archive: {} files, {} directories",
                            entries.files, entries.directories
                        ))),
                        None => report.notes.push(
                            "the manifest does not list what is in the archive: that it can be read is all that is known"
                                .to_owned(),
                        ),
                    },
                }
            }
            Ok(Err(error)) => report.error = Some(error.to_string()),
            Err(_) => report.error = Some("the check has ended early".to_owned()),
        }
        report
    }

    /// A server in a place of its own.
    async fn alone(&self, dumped: &Dumped<'_>) -> ServiceReport {
        let full = full_name(dumped.project, dumped.name);
        let mut report = ServiceReport::begin(&full, Role::Database, &dumped.dumps);
        let Some(engine) = self.engine else {
            report.error = Some("no container engine answers".to_owned());
            return report;
        };
        let place = match Place::make(engine, &self.options.target).await {
            Ok(place) => place,
            Err(error) => {
                report.error = Some(error.to_string());
                return report;
            }
        };
        self.interruptible(self.server(&place, dumped, false, &mut report))
            .await;
        if self.context.cancel.is_cancelled() {
            report.error = Some(Error::Cancelled.to_string());
        }
        let others = self.options.services.iter().filter(|service| {
            service.project == dumped.project
                && service.depends_on.iter().any(|need| need == dumped.name)
        });
        let others: Vec<&str> = others.map(|service| service.name.as_str()).collect();
        if !others.is_empty() && self.options.only.is_empty() {
            report.notes.push(format!(
                "what needs it is not started: `backup.restore.smoke` or `backup.restore.start` says so, on {}",
                others.join(", ")
            ));
        }
        report.torn_down = place.take_down().await;
        report
    }

    /// All servers of a project in one place, and applications on top of them.
    async fn together(
        &self,
        mut servers: Vec<Dumped<'d>>,
        applications: &[&'d Service],
        files: &[&'d Listed],
    ) -> Vec<(ServiceReport, Vec<&'d Listed>)> {
        let own = servers.len();
        for service in applications {
            let (settings, _) = labels::read(&service.name, &service.labels);
            for name in &settings.with {
                let of = |dump: &&Listed| {
                    let manifest = &dump.manifest;
                    manifest.kind.is_some_and(|kind| kind != Kind::Sqlite)
                        && (*name == manifest.service
                            || *name == full_name(&manifest.project, &manifest.service))
                };
                let found: Vec<&Listed> = self.all.iter().filter(of).collect();
                for one in by_service(&found) {
                    let is_there =
                        |other: &Dumped<'_>| (other.project, other.name) == (one.project, one.name);
                    if !servers.iter().any(is_there) {
                        servers.push(one);
                    }
                }
            }
        }
        let mut reports: Vec<(ServiceReport, Vec<&Listed>)> = servers
            .iter()
            .map(|one| {
                let full = full_name(one.project, one.name);
                let report = ServiceReport::begin(&full, Role::Database, &one.dumps);
                (report, one.dumps.clone())
            })
            .collect();
        reports.extend(applications.iter().map(|service| {
            let full = service.full_name();
            let report = ServiceReport::begin(&full, Role::Application, &[]);
            (report, Vec::new())
        }));
        let place = match self.engine {
            Some(engine) => Place::make(engine, &self.options.target)
                .await
                .map_err(|error| error.to_string()),
            None => Err("no container engine answers".to_owned()),
        };
        let place = match place {
            Ok(place) => place,
            Err(why) => {
                for (report, _) in &mut reports {
                    report.error = Some(why.clone());
                }
                return reports;
            }
        };
        let mut reached = 0;
        let work = async {
            for (one, (report, _)) in servers.iter().zip(&mut reports) {
                self.server(&place, one, true, report).await;
                report.conclude();
                reached += 1;
            }
            let well = reports[..servers.len()]
                .iter()
                .all(|(report, _)| report.verified);
            for (service, (report, _)) in applications.iter().zip(&mut reports[servers.len()..]) {
                if !well {
                    report.error = Some(
                        "it is not started: a database it may need did not come back".to_owned(),
                    );
                } else {
                    let own: Vec<&Listed> = files
                        .iter()
                        .copied()
                        .filter(|dump| dump.manifest.service == service.name)
                        .collect();
                    *report = application::prove(&place, service, &own, self.stored.as_ref()).await;
                }
                reached += 1;
            }
        };
        self.interruptible(work).await;
        for (report, _) in &mut reports[reached..] {
            report.error = Some(Error::Cancelled.to_string());
        }
        let torn_down = place.take_down().await;
        for (report, _) in &mut reports {
            report.torn_down = torn_down;
        }
        // Those of other projects have reports there.
        let mut at = 0;
        reports.retain(|(report, _)| {
            at += 1;
            at <= own || at > servers.len() || report.error.is_some()
        });
        reports
    }

    /// Until it is done, or it shall end.
    async fn interruptible(&self, work: impl Future<Output = ()>) {
        let mut cancel = self.context.cancel.clone();
        tokio::select! {
            biased;
            () = cancel.cancelled() => {}
            () = work => {}
        }
    }

    /// One server: started, loaded, compared.
    async fn server(
        &self,
        place: &Place<'_>,
        dumped: &Dumped<'_>,
        for_applications: bool,
        report: &mut ServiceReport,
    ) {
        let manifest = &dumped.dumps[0].manifest;
        let known = self
            .options
            .services
            .iter()
            .find(|service| service.project == dumped.project && service.name == dumped.name);
        let original = match known.filter(|_| for_applications) {
            Some(service) => Original::of(place.engine, service).await.ok(),
            None => None,
        };
        let notes = &mut report.notes;
        let started = if let Some(original) = &original {
            Server::copy(place, original, manifest, notes).await
        } else {
            if for_applications {
                notes.push(
                    "it has no container to copy: applications do not know its password".to_owned(),
                );
            }
            let mut service = Service::new(dumped.project, dumped.name);
            for (name, value) in &manifest.variables {
                service.set_variable(name, Some(value));
            }
            Server::fresh(place, service, manifest).await
        };
        let server = match started {
            Ok(server) => server,
            Err(error) => {
                report.error = Some(error.to_string());
                return;
            }
        };
        let container = server.container.clone();
        match server.prove(&dumped.dumps, self.context, notes).await {
            Ok(checks) => report.checks = checks,
            Err(error) => {
                let said = place.last_words(&container).await;
                report.error = Some(match said {
                    Some(said) => format!("{error}; the container says: {said}"),
                    None => error.to_string(),
                });
            }
        }
    }
}

/// Dumps of servers, by project and service.
fn by_service<'d>(dumps: &[&'d Listed]) -> Vec<Dumped<'d>> {
    let mut all: BTreeMap<(&str, &str), Vec<&Listed>> = BTreeMap::new();
    for dump in dumps {
        let manifest = &dump.manifest;
        all.entry((&manifest.project, &manifest.service))
            .or_default()
            .push(dump);
    }
    let each = all.into_iter().map(|((project, name), mut dumps)| {
        // Roles before what belongs to them.
        dumps.sort_by_key(|dump| (dump.manifest.part != "globals", dump.manifest.part.clone()));
        Dumped {
            project,
            name,
            dumps,
        }
    });
    each.collect()
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

fn sqlite(listed: &Listed, path: &Utf8Path) -> Result<Databases, Error> {
    restore::unpack_sqlite(listed, path)?;
    crate::dump::look_into_sqlite(path)
}
