//! Which mounts are backed up as files, and how.

use super::Maker;
use crate::discovery::{Found, Mount, Service, is_system};
use crate::labels::Settings;
use crate::plan::{Dump, Files, How, file_name};

impl Maker<'_> {
    pub(super) fn files(
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
            let directory = self.directory(service).unwrap_or_default();
            if how == How::Archive && service.container.is_none() && !self.options.without_engine {
                self.absent(service, what, &directory);
                continue;
            }
            let live = dumps.iter().filter_map(|dump| dump.source.clone());
            let exclude = live
                .filter(|file| here && file.starts_with(&mount.source))
                .collect();
            let part = file_name(mount.target.trim_start_matches('/'));
            let archive = (how == How::Archive).then_some((&*directory, &*part));
            let data = || here.then(|| self.look.size(&mount.source)).flatten();
            let estimate = self.estimate(archive, data);
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
