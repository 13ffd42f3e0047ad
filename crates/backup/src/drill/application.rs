//! Applications on top of restored databases: copies that have to come up and to answer.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::copy::{self, Original};
use super::place::Place;
use super::report::{Check, Role, ServiceReport};
use super::smoke;
use super::stored::Stored;
use crate::Error;
use crate::discovery::Service;
use crate::labels::{self, HttpCheck};
use crate::manifest::Listed;
use crate::store::SnapshotStore;

/// How long an application may take to come up.
const READY: Duration = Duration::from_secs(300);

/// How long one without a health check has to stay up.
const STEADY: Duration = Duration::from_secs(2);

/// The services of a project that a drill starts, who is needed before who needs it. `named` are those
/// that were asked for by name; `restored` says which services are databases that the drill restores,
/// `dumped` which have dumps of any kind: to name one of those need not mean to start it.
pub(super) fn chosen<'s>(
    services: &'s [Service],
    project: &str,
    named: &[String],
    restored: impl Fn(&Service) -> bool,
    dumped: impl Fn(&Service) -> bool,
) -> Vec<&'s Service> {
    let all: Vec<&Service> = services
        .iter()
        .filter(|service| service.project == project && !restored(service))
        .collect();
    let wants = |service: &Service| {
        let is_named = named
            .iter()
            .any(|name| *name == service.name || *name == service.full_name());
        let (settings, _) = labels::read(&service.name, &service.labels);
        let asked = settings
            .smoke
            .iter()
            .any(|question| HttpCheck::parse(question).is_some());
        match settings.start {
            Some(start) => start && (named.is_empty() || is_named),
            None if named.is_empty() => asked,
            None => is_named && (asked || !dumped(service)),
        }
    };
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for service in all.iter().filter(|service| wants(service)) {
        visit(service, &all, &mut seen, &mut order);
    }
    order
}

fn visit<'s>(
    service: &'s Service,
    all: &[&'s Service],
    seen: &mut BTreeSet<&'s str>,
    order: &mut Vec<&'s Service>,
) {
    if !seen.insert(&service.name) {
        return;
    }
    for need in &service.depends_on {
        if let Some(other) = all.iter().find(|other| other.name == *need) {
            visit(other, all, seen, order);
        }
    }
    order.push(service);
}

/// Starts a copy of a service with its restored files, waits until it is up, and asks what its labels
/// say.
pub(super) async fn prove<S: SnapshotStore>(
    place: &Place<'_>,
    service: &Service,
    dumps: &[&Listed],
    stored: Option<&Stored<'_, S>>,
) -> ServiceReport {
    let mut report = ServiceReport::begin(&service.full_name(), Role::Application, dumps);
    let brought = match stored {
        Some(stored) => stored.of(service, dumps).await,
        None => Ok(BTreeMap::new()),
    };
    let done = match brought {
        Ok(brought) => {
            let files = copy::Files {
                dumps,
                brought: &brought,
            };
            started(place, service, files, &mut report).await
        }
        Err(error) => Err(error),
    };
    report.error = done.err().map(|error| error.to_string());
    report
}

async fn started(
    place: &Place<'_>,
    service: &Service,
    files: copy::Files<'_>,
    report: &mut ServiceReport,
) -> Result<(), Error> {
    let original = Original::of(place.engine, service).await?;
    let image = original.details.image_id.clone();
    let notes = &mut report.notes;
    let container = copy::make(place, &original, &image, files, |_| false, notes).await?;
    place.engine.start(&container).await?;
    let up = up(place, &container, &service.name).await?;
    let is_up = up.passed;
    report.checks.push(up);
    if !is_up {
        return Ok(());
    }
    let (settings, _) = labels::read(&service.name, &service.labels);
    for question in &settings.smoke {
        report.checks.push(if HttpCheck::parse(question).is_some() {
            smoke::http(place, &container, &service.name, question).await
        } else {
            Check::failed(
                question.as_str(),
                "an answer",
                "this service is no database that was restored: SQL belongs on the one that is",
            )
        });
    }
    Ok(())
}

/// Waits until a container is well: by its health check, or by staying up. One that has done its work
/// and ended with 0 is well.
async fn up(place: &Place<'_>, container: &str, name: &str) -> Result<Check, Error> {
    let begun = Instant::now();
    loop {
        let details = place.engine.details(container).await?;
        let waited = begun.elapsed();
        let found = if !details.running {
            if details.exit_code == 0 {
                return Ok(Check::passed(format!("`{name}` does its work and ends")));
            }
            format!("it has ended with code {}", details.exit_code)
        } else if details.has_health_check {
            match details.health.as_str() {
                "healthy" => {
                    return Ok(Check::passed(format!(
                        "`{name}` starts, and its health check passes"
                    )));
                }
                "unhealthy" => "its health check fails".to_owned(),
                _ if waited > READY => {
                    format!("its health check has not passed in {} s", READY.as_secs())
                }
                _ => String::new(),
            }
        } else if waited > STEADY {
            return Ok(Check::passed(format!("`{name}` starts and stays up")));
        } else {
            String::new()
        };
        if !found.is_empty() {
            let said = place.last_words(container).await;
            let said = said.map_or(String::new(), |said| format!("; it says: {said}"));
            return Ok(Check::failed(
                format!("`{name}` starts"),
                if details.has_health_check {
                    "healthy"
                } else {
                    "running"
                },
                format!("{found}{said}"),
            ));
        }
        sleep(Duration::from_millis(300)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Label;

    fn service(name: &str, needs: &[&str], labels: &[(&str, &str)]) -> Service {
        let mut service = Service::new("shop", name);
        service.depends_on = needs.iter().map(|&need| need.to_owned()).collect();
        for (key, value) in labels {
            service.labels.insert((*key).to_owned(), Label::new(*value));
        }
        service
    }

    #[test]
    fn who_is_asked_is_started_after_those_it_needs() {
        let ask = ("backup.restore.smoke", "http://web:8080/");
        let services = [
            service("api", &["db", "cache"], &[]),
            service("cache", &[], &[]),
            service("db", &[], &[("backup.restore.smoke", "SELECT 1")]),
            service("off", &[], &[ask, ("backup.restore.start", "false")]),
            service("on", &["web"], &[("backup.restore.start", "true")]),
            service("other", &[], &[]),
            service("web", &["api", "web"], &[ask]),
            Service::new("elsewhere", "web"),
        ];
        let names = |named: &[&str]| {
            let named: Vec<String> = named.iter().map(|&name| name.to_owned()).collect();
            let is_db = |service: &Service| service.name == "db";
            chosen(&services, "shop", &named, is_db, |one| one.name == "api")
                .iter()
                .map(|service| service.name.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["cache", "api", "web", "on"]);
        assert_eq!(names(&["db"]), [""; 0]);
        assert_eq!(names(&["shop/other"]), ["other"]);
        assert_eq!(names(&["off"]), [""; 0]);
        assert_eq!(names(&["api"]), [""; 0], "its files are meant");
    }
}
