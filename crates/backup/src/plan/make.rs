//! From services to a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use camino::Utf8PathBuf;
use yaml_tree::Diagnostic;

use super::{
    Details, Dump, Estimate, Files, Group, Hooks, How, Look, Options, Plan, Quiesce, Skipped,
    file_name,
};
use crate::discovery::{Found, Kind, Mount, Service, classify, is_system};
use crate::dump::{Part, recipe};
use crate::labels::{self, Compress, Format, Settings, Sqlite, Stop};

const TIMEOUT: Duration = Duration::from_secs(6 * 3600);
const STALL_TIMEOUT: Duration = Duration::from_secs(600);

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
        maker.found.push(Diagnostic::error(
            "backup::no-service",
            format!("there is no service `{name}`"),
        ));
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

    fn databases(
        &mut self,
        service: &Service,
        settings: &Settings,
        database: Option<&Found>,
    ) -> Vec<Dump> {
        let mut dumps = Vec::new();
        if let Some(found) = database.filter(|found| found.kind != Kind::Sqlite) {
            if !found.certain {
                let message = format!(
                    "`{}` is taken for {}: {}, and its image `{}` is not known",
                    service.full_name(),
                    found.kind,
                    found.why,
                    service.image
                );
                self.report(
                    service,
                    Diagnostic::warning("backup::unknown-image", message).help(format!(
                        "say so with the label `backup.engine={}`, or `backup.engine=none`",
                        found.kind.name()
                    )),
                );
            }
            if found.kind != Kind::PostgreSql && settings.format == Format::Custom {
                let message = format!(
                    "`{}` asks for `backup.format=custom`, which only PostgreSQL has",
                    service.full_name()
                );
                self.report(service, Diagnostic::error("backup::format", message));
            }
            let mut parts: Vec<(Option<&str>, Part<'_>)> = Vec::new();
            let parted = !matches!(found.kind, Kind::Redis | Kind::InfluxDb);
            if settings.databases.is_empty() || !parted {
                parts.push((None, Part::All));
            } else {
                if found.kind == Kind::PostgreSql {
                    parts.push((None, Part::Globals));
                }
                for name in &settings.databases {
                    parts.push((Some(name), Part::One(name)));
                }
            }
            for (name, part) in parts {
                dumps.extend(self.dump(service, settings, found, name, part));
            }
        }
        dumps.extend(self.sqlite(service, settings, database));
        dumps
    }

    fn dump(
        &mut self,
        service: &Service,
        settings: &Settings,
        found: &Found,
        name: Option<&str>,
        part: Part<'_>,
    ) -> Option<Dump> {
        let recipe = recipe(service, settings, found.kind, part)?;
        let part = match part {
            Part::All => "all".to_owned(),
            Part::Globals => "globals".to_owned(),
            Part::One(name) => file_name(name),
        };
        if service.container.is_none() && !self.options.without_engine {
            self.skip(
                service,
                format!("the {} database", found.kind),
                "it has no container on this engine",
            );
            return None;
        }
        let directory = self.directory(service).unwrap_or_default();
        let data = service
            .mounts
            .iter()
            .filter(|mount| found.kind.owns(&mount.target) && !mount.source.as_str().is_empty());
        let data: Vec<u64> = data
            .filter_map(|mount| self.look.size(&mount.source))
            .collect();
        let estimate = match self.look.last(&directory, &part) {
            Some(bytes) => Some(Estimate {
                bytes,
                from: "the last dump",
            }),
            None if data.is_empty() || name.is_some() => None,
            None => Some(Estimate {
                bytes: data.iter().sum(),
                from: "the data, uncompressed",
            }),
        };
        Some(Dump {
            database: name.map(str::to_owned),
            part,
            source: None,
            argv: vec!["sh".to_owned(), "-c".to_owned(), recipe.script],
            extension: format!("{}.zst", recipe.extension),
            credentials: recipe.credentials,
            consistency: recipe.consistency.to_owned(),
            estimate,
            details: Details {
                check: Some(recipe.check),
                counting: Some(recipe.counting),
                least: recipe.least,
                tool: recipe.tool,
                compressed_inside: settings.compress == Compress::Container
                    && found.kind != Kind::Redis,
                ..details(service, settings)
            },
            ..bare(service, settings, found.kind, directory, found.why.clone())
        })
    }

    fn sqlite(
        &mut self,
        service: &Service,
        settings: &Settings,
        database: Option<&Found>,
    ) -> Vec<Dump> {
        // A server's own directory is not searched.
        let server = database.is_some_and(|found| found.kind != Kind::Sqlite);
        let (files, cut) = match &settings.sqlite {
            Sqlite::Skip => return Vec::new(),
            Sqlite::Look if server => return Vec::new(),
            Sqlite::Look | Sqlite::Paths(_) => self.look.sqlite(&service.mounts),
        };
        let wanted = |target: &str| match &settings.sqlite {
            Sqlite::Paths(paths) => paths.iter().any(|path| path == target),
            _ => true,
        };
        if let Sqlite::Paths(paths) = &settings.sqlite {
            for path in paths {
                if !files.iter().any(|file| file.target == *path) {
                    let message = format!(
                        "`{}` has no SQLite file `{path}` below its mounts",
                        service.full_name()
                    );
                    self.report(service, Diagnostic::error("backup::no-sqlite", message));
                }
            }
        } else if cut {
            let message = format!(
                "not all directories of `{}` were searched for SQLite files",
                service.full_name()
            );
            self.report(
                service,
                Diagnostic::note("backup::sqlite-search", message)
                    .help("name the files in `backup.sqlite`, by their paths in the container"),
            );
        }
        let mut dumps = Vec::new();
        for file in files.iter().filter(|file| wanted(&file.target)) {
            if !self.taken.insert(file.path.to_string()) {
                continue;
            }
            let directory = self.directory(service).unwrap_or_default();
            let part = file_name(file.target.trim_start_matches('/'));
            let estimate = match self.look.last(&directory, &part) {
                Some(bytes) => Estimate {
                    bytes,
                    from: "the last dump",
                },
                None => Estimate {
                    bytes: file.size,
                    from: "the data, uncompressed",
                },
            };
            let why = format!("`{}` starts as a SQLite file does", file.path);
            dumps.push(Dump {
                database: Some(file.target.clone()),
                part,
                source: Some(file.path.clone()),
                extension: "sqlite.zst".to_owned(),
                credentials: "none needed".to_owned(),
                consistency: "one point in time, by the online backup of SQLite".to_owned(),
                estimate: Some(estimate),
                details: Details {
                    least: 512,
                    tool: "sqlite",
                    ..details(service, settings)
                },
                ..bare(service, settings, Kind::Sqlite, directory, why)
            });
        }
        dumps
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

    fn files(
        &mut self,
        service: &Service,
        settings: &Settings,
        database: Option<&Found>,
        dumps: &[Dump],
    ) -> Vec<Files> {
        let mut all = Vec::new();
        for mount in &service.mounts {
            let what = format!("the mount `{}`", mount.target);
            if let Err(why) = Self::wanted(mount, settings, database, dumps) {
                self.skip(service, what, why);
                continue;
            }
            if !self.taken.insert(mount.name().to_owned()) {
                self.skip(service, what, "another service has it as well");
                continue;
            }
            let here = !mount.source.as_str().is_empty();
            let how = if self.options.store && here {
                How::Snapshot
            } else {
                How::Archive
            };
            if how == How::Archive && service.container.is_none() && !self.options.without_engine {
                self.skip(service, what, "it has no container on this engine");
                continue;
            }
            let live = dumps.iter().filter_map(|dump| dump.source.clone());
            let exclude = live
                .filter(|file| here && file.starts_with(&mount.source))
                .collect();
            let directory = self.directory(service).unwrap_or_default();
            let part = file_name(mount.target.trim_start_matches('/'));
            let estimate = match self.look.last(&directory, &part) {
                Some(bytes) if how == How::Archive => Some(Estimate {
                    bytes,
                    from: "the last dump",
                }),
                _ if here => self.look.size(&mount.source).map(|bytes| Estimate {
                    bytes,
                    from: "the data, uncompressed",
                }),
                _ => None,
            };
            all.push(Files {
                project: service.project.clone(),
                service: service.name.clone(),
                container: service
                    .container
                    .as_ref()
                    .map(|container| container.name.clone()),
                source: mount.source.clone(),
                volume: mount.volume.clone(),
                target: mount.target.clone(),
                how,
                directory,
                part,
                exclude,
                why: if settings.volumes == Some(true) || !settings.include.is_empty() {
                    "a label asks for it".to_owned()
                } else {
                    "the service can write to it, and it holds no database server's files"
                        .to_owned()
                },
                estimate,
                running: service.container.clone(),
            });
        }
        all
    }

    /// Whether a mount is backed up as files; else why not.
    fn wanted(
        mount: &Mount,
        settings: &Settings,
        database: Option<&Found>,
        dumps: &[Dump],
    ) -> Result<(), String> {
        let named = |list: &[String]| {
            list.iter().any(|item| {
                mount.target == *item || mount.name() == item
                    // volumes are called `project_key` in the engine
                    || mount.volume.as_deref().is_some_and(|name| name.ends_with(&format!("_{item}")))
                    || mount.target.trim_end_matches('/').ends_with(&format!("/{}", item.trim_matches('/')))
            })
        };
        if settings.volumes == Some(false) {
            return Err("`backup.volumes=false`".to_owned());
        }
        if named(&settings.exclude) {
            return Err("a label leaves it out".to_owned());
        }
        if let Some(found) = database
            && found.kind.owns(&mount.target)
        {
            return Err(format!(
                "live files of {} are torn when they are copied: they are dumped",
                found.kind
            ));
        }
        if !settings.include.is_empty() {
            return if named(&settings.include) {
                Ok(())
            } else {
                Err("`backup.volumes.include` does not name it".to_owned())
            };
        }
        if is_system(&mount.source) && mount.volume.is_none() {
            return Err("it belongs to the system".to_owned());
        }
        if mount.read_only && settings.volumes != Some(true) {
            return Err("the service cannot write to it".to_owned());
        }
        let only_file = dumps
            .iter()
            .any(|dump| dump.source.as_ref() == Some(&mount.source));
        if only_file {
            return Err("it is a SQLite file, which is dumped".to_owned());
        }
        Ok(())
    }
}

fn details(service: &Service, settings: &Settings) -> Details {
    Details {
        service: service.clone(),
        settings: settings.clone(),
        running: service.container.clone(),
        ..Details::default()
    }
}

fn bare(
    service: &Service,
    settings: &Settings,
    kind: Kind,
    directory: Utf8PathBuf,
    why: String,
) -> Dump {
    Dump {
        project: service.project.clone(),
        service: service.name.clone(),
        container: service
            .container
            .as_ref()
            .map(|container| container.name.clone()),
        image: service.image.clone(),
        kind,
        database: None,
        part: String::new(),
        source: None,
        argv: Vec::new(),
        directory,
        extension: String::new(),
        why,
        credentials: String::new(),
        consistency: String::new(),
        estimate: None,
        timeout: settings.timeout.unwrap_or(TIMEOUT),
        stall_timeout: settings.stall_timeout.unwrap_or(STALL_TIMEOUT),
        hooks: Hooks {
            pre: settings.pre.clone(),
            post: settings.post.clone(),
            on_failure: settings.on_failure.clone(),
            user: settings.hook_user.clone(),
        },
        retain: settings.retain.clone(),
        smoke: settings.smoke.clone(),
        details: Details::default(),
    }
}
