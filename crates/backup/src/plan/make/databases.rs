//! Which databases are dumped, and how.

use std::time::Duration;

use camino::Utf8PathBuf;
use yaml_tree::Diagnostic;

use super::Maker;
use crate::discovery::{Found, Kind, Service};
use crate::labels::{Compress, Format, Settings, Sqlite};
use crate::plan::{Details, Dump, Hooks, file_name};
use crate::recipe::{Part, recipe};

const TIMEOUT: Duration = Duration::from_secs(6 * 3600);
const STALL_TIMEOUT: Duration = Duration::from_secs(600);

impl Maker<'_> {
    pub(super) fn databases(
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
        let directory = self.directory(service).unwrap_or_default();
        if service.container.is_none() && !self.options.without_engine {
            self.absent(service, format!("the {} database", found.kind), &directory);
            return None;
        }
        let data = || {
            let sizes = service.mounts.iter().filter(|mount| {
                found.kind.owns(&mount.target) && !mount.source.as_str().is_empty()
            });
            let sizes: Vec<u64> = sizes
                .filter_map(|mount| self.look.size(&mount.source))
                .collect();
            // One database is a part of them.
            (!sizes.is_empty() && name.is_none()).then(|| sizes.iter().sum())
        };
        let estimate = self.estimate(Some((&directory, &part)), data);
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
            let estimate = self.estimate(Some((&directory, &part)), || Some(file.size));
            let why = format!("`{}` starts as a SQLite file does", file.path);
            dumps.push(Dump {
                database: Some(file.target.clone()),
                part,
                source: Some(file.path.clone()),
                extension: "sqlite.zst".to_owned(),
                credentials: "none needed".to_owned(),
                consistency: "one point in time, by the online backup of SQLite".to_owned(),
                estimate,
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
