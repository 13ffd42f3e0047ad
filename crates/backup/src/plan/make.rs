//! From services to a plan.

mod databases;
mod files;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, nearest};

use super::{Dump, Estimate, Group, Look, Options, Plan, Quiesce, Skipped, file_name};
use crate::discovery::{Service, classify};
use crate::labels::{self, Settings, Stop};

/// Why something is left out that only a container can give.
pub const NO_CONTAINER: &str = "it has no container on this engine";

/// Decides what is backed up, how, and in which order, and says what is wrong with what services
/// ask for. With an error among the findings the plan is not to be carried out.
pub fn plan(services: Vec<Service>, options: &Options, look: &dyn Look) -> (Plan, Vec<Diagnostic>) {
    let mut maker = Maker {
        options,
        look,
        found: Vec::new(),
        skipped: Vec::new(),
        groups: BTreeMap::new(),
        taken: BTreeSet::new(),
        names: BTreeMap::new(),
    };
    let known: Vec<String> = services
        .iter()
        .map(|service| service.name.clone())
        .collect();
    let mut wanted: BTreeSet<&str> = options.only.iter().map(String::as_str).collect();
    let chosen = |service: &Service| {
        let full = service.full_name();
        options.only.is_empty()
            || options
                .only
                .iter()
                .any(|name| *name == full || *name == service.name)
    };
    for service in services.iter().filter(|service| chosen(service)) {
        *maker
            .names
            .entry((service.root.clone(), service.name.clone()))
            .or_default() += 1;
    }
    for service in services {
        let full = service.full_name();
        wanted.remove(full.as_str());
        wanted.remove(service.name.as_str());
        if chosen(&service) {
            maker.service(service);
        }
    }
    for name in wanted {
        let message = format!("there is no service `{name}`");
        let found = Diagnostic::error("backup::no-service", message);
        maker
            .found
            .push(match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => found.help(format!("did you mean `{near}`?")),
                None => found.help("`labbackup plan` shows which there are"),
            });
    }
    let groups = maker.groups.into_values().map(ordered);
    let groups = groups.filter(|group| !group.dumps.is_empty() || !group.files.is_empty());
    let plan = Plan {
        version: 1,
        groups: groups.collect(),
        skipped: maker.skipped,
    };
    (plan, maker.found)
}

#[derive(Default)]
struct Draft {
    group: Group,
    order: Vec<(i64, Service)>,
}

/// Who needs something stops before it, unless numbers say otherwise.
fn ordered(draft: Draft) -> Group {
    let Draft { mut group, order } = draft;
    let depth = |service: &Service| {
        // How many services of the group are behind this one.
        let mut seen = BTreeSet::from([service.name.as_str()]);
        let mut stack: Vec<&Service> = vec![service];
        while let Some(one) = stack.pop() {
            for need in &one.depends_on {
                if seen.insert(need)
                    && let Some((_, other)) = order
                        .iter()
                        .find(|(_, other)| other.name == *need && other.project == one.project)
                {
                    stack.push(other);
                }
            }
        }
        seen.len()
    };
    let rank = |quiesce: &Quiesce| {
        let found = order
            .iter()
            .find(|(_, service)| service.full_name() == quiesce.service);
        found.map(|(number, service)| (*number, std::cmp::Reverse(depth(service))))
    };
    group.quiesce.sort_by_key(rank);
    group
}

struct Maker<'o> {
    options: &'o Options,
    look: &'o dyn Look,
    found: Vec<Diagnostic>,
    skipped: Vec<Skipped>,
    groups: BTreeMap<String, Draft>,
    /// Mounts that another service has had already.
    taken: BTreeSet<String>,
    /// How many services of one name share a target directory.
    names: BTreeMap<(Option<Utf8PathBuf>, String), usize>,
}

impl Maker<'_> {
    fn skip(&mut self, service: &Service, what: impl Into<String>, why: impl Into<String>) {
        self.skipped.push(Skipped {
            service: service.full_name(),
            what: what.into(),
            why: why.into(),
        });
    }

    fn report(&mut self, service: &Service, found: Diagnostic) {
        self.found.push(match &service.site {
            Some(site) => found.primary(site.clone(), ""),
            None => found,
        });
    }

    fn service(&mut self, service: Service) {
        let (settings, found) = labels::read(&service.name, &service.labels);
        self.found.extend(found);
        if settings.enable == Some(false) {
            self.skip(&service, "the service", "`backup.enable=false`");
            return;
        }
        let database = classify(&service, &settings);
        let mut drafts = self.databases(&service, &settings, database.as_ref());
        let mut files = self.files(&service, &settings, database.as_ref(), &drafts);
        let group = settings.group.clone().unwrap_or_else(|| {
            if service.project.is_empty() {
                service.name.clone()
            } else {
                service.project.clone()
            }
        });
        let stop = self.quiesce(&service, &settings, &drafts);
        if !(drafts.is_empty() && files.is_empty()) && self.directory(&service).is_none() {
            let message = format!(
                "nobody says where the dumps of `{}` go",
                service.full_name()
            );
            self.report(
                &service,
                Diagnostic::error("backup::no-target", message)
                    .help("set `MNT_DIR`, which must not be empty, or give `--target DIRECTORY`"),
            );
            return;
        }
        let draft = self.groups.entry(group.clone()).or_default();
        draft.group.name = group;
        draft.group.dumps.append(&mut drafts);
        draft.group.files.append(&mut files);
        draft.group.quiesce.extend(stop);
        draft.order.push((settings.group_order, service));
    }

    /// Leaves out what has no container. If it had one, that is no matter of course.
    fn absent(&mut self, service: &Service, what: String, directory: &Utf8Path) {
        if self.look.owner(directory).as_ref() == Some(&service.project) {
            let message = format!(
                "{what} of `{}` is left out: {NO_CONTAINER}, and there are dumps of it",
                service.full_name()
            );
            self.report(
                service,
                Diagnostic::warning("backup::no-container", message)
                    .help("make its container again, or leave it out with `backup.enable=false`"),
            );
        }
        self.skip(service, what, NO_CONTAINER);
    }

    /// How large something is going to be: as the last dump of it, if it becomes one, or as its data.
    fn estimate(
        &self,
        last: Option<(&Utf8Path, &str)>,
        data: impl FnOnce() -> Option<u64>,
    ) -> Option<Estimate> {
        if self.options.without_estimates {
            return None;
        }
        if let Some(bytes) = last.and_then(|(directory, part)| self.look.last(directory, part)) {
            return Some(Estimate {
                bytes,
                from: "the last dump",
            });
        }
        Some(Estimate {
            bytes: data()?,
            from: "the data, uncompressed",
        })
    }

    /// Where the dumps of a service go.
    fn directory(&self, service: &Service) -> Option<Utf8PathBuf> {
        let base = match &self.options.target {
            Some(target) => target.clone(),
            None => service
                .root
                .as_ref()
                .filter(|root| !root.as_str().is_empty())?
                .join("backups"),
        };
        let plain = base.join(file_name(&service.name));
        if service.project.is_empty() {
            return Some(plain);
        }
        // Two projects may have a `db` each. Who has a directory keeps it, whoever comes later.
        let long = base.join(file_name(&format!("{}-{}", service.project, service.name)));
        if self.look.owner(&long).as_ref() == Some(&service.project) {
            return Some(long);
        }
        let shared = self
            .names
            .get(&(service.root.clone(), service.name.clone()));
        Some(match self.look.owner(&plain) {
            Some(owner) if owner == service.project => plain,
            Some(_) => long,
            None if shared.is_some_and(|count| *count > 1) => long,
            None => plain,
        })
    }

    fn quiesce(
        &mut self,
        service: &Service,
        settings: &Settings,
        dumps: &[Dump],
    ) -> Option<Quiesce> {
        let how = settings.stop?;
        if dumps.iter().any(|dump| dump.source.is_none()) {
            let message = format!(
                "`{}` is to be {}, but is dumped by a program that runs in it",
                service.full_name(),
                match how {
                    Stop::Stop => "stopped",
                    Stop::Pause => "paused",
                }
            );
            self.report(
                service,
                Diagnostic::warning("backup::stop", message)
                    .help("it keeps running: put `backup.stop` on the services that write to it"),
            );
            return None;
        }
        let label = match settings
            .aliases
            .iter()
            .find(|alias| alias.contains("stop-during-backup"))
        {
            Some(alias) if !service.labels.contains_key("backup.stop") => alias,
            _ => "backup.stop",
        };
        Some(Quiesce {
            service: service.full_name(),
            container: service
                .container
                .as_ref()
                .map(|container| container.name.clone()),
            how,
            why: format!("the label `{label}` asks for it"),
            running: service.container.clone(),
        })
    }
}
