//! One project: its files, its databases, and the applications on top of them.

use std::collections::BTreeMap;

use camino::Utf8Path;
use engine::Engine;

use super::copy::Original;
use super::place::Place;
use super::server::Server;
use super::stored::Stored;
use super::{Check, Options, Role, ServiceReport, application, compare};
use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::Context;
use crate::labels;
use crate::lock;
use crate::manifest::{Databases, Listed};
use crate::report::full_name;
use crate::restore;
use crate::run::Snapshots;
use crate::store::SnapshotStore;

/// What all parts of a drill need.
pub(super) struct Drill<'d, S> {
    pub(super) snapshots: Option<&'d Snapshots<'d, S>>,
    pub(super) engine: Option<&'d Engine>,
    pub(super) all: &'d [Listed],
    pub(super) context: &'d Context,
    pub(super) options: &'d Options,
}

/// The dumps of one server.
struct Dumped<'d> {
    project: &'d str,
    name: &'d str,
    dumps: Vec<&'d Listed>,
}

impl<'d, S: SnapshotStore> Drill<'d, S> {
    /// Everything of one project: its files, its databases, and the applications on top of them.
    pub(super) async fn project(
        &self,
        project: &'d str,
        dumps: Vec<&'d Listed>,
    ) -> Vec<ServiceReport> {
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
        self.interruptible(Box::pin(self.server(&place, dumped, false, &mut report)))
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
        let mut missing: BTreeMap<&str, String> = BTreeMap::new();
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
                if found.is_empty() {
                    let why = format!(
                        "it is not started: `backup.restore.with` names `{name}`, and there is no dump of such a database"
                    );
                    missing.insert(&service.name, why);
                }
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
        let stored = self.stored().await.map_err(|error| error.to_string());
        let mut reached = 0;
        let work = async {
            for (one, (report, _)) in servers.iter().zip(&mut reports) {
                Box::pin(self.server(&place, one, true, report)).await;
                report.conclude();
                reached += 1;
            }
            let well = reports[..servers.len()]
                .iter()
                .all(|(report, _)| report.verified);
            for (service, (report, _)) in applications.iter().zip(&mut reports[servers.len()..]) {
                if let Some(why) = missing.get(&*service.name).or(stored.as_ref().err()) {
                    report.error = Some(why.clone());
                } else if well {
                    let own: Vec<&Listed> = files
                        .iter()
                        .copied()
                        .filter(|dump| dump.manifest.service == service.name)
                        .collect();
                    let stored = stored.as_ref().ok().and_then(Option::as_ref);
                    let proven = application::prove(&place, service, &own, stored);
                    *report = Box::pin(proven).await;
                } else {
                    report.error = Some(
                        "it is not started: a database it may need did not come back".to_owned(),
                    );
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

    /// What is in the store of snapshots, if there is one.
    async fn stored(&self) -> Result<Option<Stored<'d, S>>, Error> {
        let Some(snapshots) = self.snapshots else {
            return Ok(None);
        };
        let (directory, target) = (&self.options.directory, &self.options.target);
        Ok(Some(Stored::look(snapshots, directory, target).await?))
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

fn sqlite(listed: &Listed, path: &Utf8Path) -> Result<Databases, Error> {
    restore::unpack_sqlite(listed, path)?;
    crate::dump::look_into_sqlite(path)
}
