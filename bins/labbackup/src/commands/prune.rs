//! `labbackup prune`.

use std::collections::BTreeMap;

use backup::discovery::Service;
use backup::labels;
use backup::manifest::Listed;
use backup::prune::Protected;
use backup::restic::Restic;
use backup::retention::{self, Policy};
use backup::store::{Forgotten, SnapshotStore as _, Which};
use serde_json::json;

use super::{dumps, short};
use crate::args::PruneArgs;
use crate::exit;
use crate::store;
use crate::world::World;

/// Removes dumps and snapshots that have had their time, after it has said which.
pub(crate) async fn prune(args: &PruneArgs, world: &mut World<'_, '_>) -> u8 {
    let services = match world.written() {
        Ok(services) => services,
        Err(code) => return code,
    };
    let (all, targets) = match dumps(world, &services, &args.services) {
        Ok(found) => found,
        Err(code) => return code,
    };
    // Snapshots hold the dumps of all services.
    let every = match dumps(world, &services, &[]) {
        Ok((every, _)) => every,
        Err(code) => return code,
    };
    let default = match policy(&args.keep) {
        Ok(policy) => policy,
        Err(wrong) => {
            world.wrong(&format!("`--keep {}`: {wrong}", args.keep), None);
            return exit::USAGE;
        }
    };
    let mut own: BTreeMap<(String, String), Policy> = BTreeMap::new();
    for service in &services {
        let (settings, _) = labels::read(&service.name, &service.labels);
        let Some(text) = settings.retain else {
            continue;
        };
        match policy(&text) {
            Ok(policy) => {
                own.insert((service.project.clone(), service.name.clone()), policy);
            }
            Err(wrong) => {
                world.wrong(
                    &format!(
                        "`{}` has `backup.retain={text}`: {wrong}",
                        service.full_name()
                    ),
                    None,
                );
                return exit::WRONG;
            }
        }
    }
    let of = |one: &Listed| {
        let key = (one.manifest.project.clone(), one.manifest.service.clone());
        own.get(&key).unwrap_or(&default).clone()
    };
    let now = jiff::Timestamp::now().to_string();
    let removals = match backup::prune::plan(&all, &now, of) {
        Ok(removals) => removals,
        Err(error) => {
            world.wrong(&error.to_string(), None);
            return exit::FAILED;
        }
    };
    let restic = match store::open(world).await {
        None => None,
        Some(Ok(restic)) => Some(restic),
        Some(Err(code)) => return code,
    };
    let snapshots = match &restic {
        Some(restic) => match forgettable(restic, &every, &services, &default, world).await {
            Ok(snapshots) => Some(snapshots),
            Err(error) => return world.error(&error),
        },
        None => None,
    };
    show(&removals, snapshots.as_ref(), args.dry_run, world);
    if args.dry_run {
        return exit::DONE;
    }
    for target in &targets {
        if !removals.iter().any(|one| one.path.starts_with(target)) {
            continue;
        }
        if let Err(error) = backup::prune::prune(target, &removals) {
            return world.error(&error);
        }
    }
    let (Some(restic), Some(snapshots)) = (restic, snapshots) else {
        return exit::DONE;
    };
    let which = of_this_machine(world);
    let ids = snapshots.ids();
    let forgotten = restic.forget(&which, &default, &ids, false).await;
    let pruned = match forgotten {
        Ok(_) => restic.prune().await,
        Err(error) => Err(error),
    };
    match pruned {
        Ok(()) => exit::DONE,
        Err(error) => {
            world.wrong(&error.to_string(), error.help().as_deref());
            exit::FAILED
        }
    }
}

/// What is going to be forgotten in the store, and what stays whatever the policy says.
struct Snapshots {
    protected: Vec<Protected>,
    forgotten: Forgotten,
}

impl Snapshots {
    fn ids(&self) -> Vec<String> {
        let ids = self.protected.iter();
        ids.map(|one| one.snapshot.clone()).collect()
    }
}

/// The snapshots of this machine.
fn of_this_machine(world: &World<'_, '_>) -> Which {
    Which {
        host: Some(store::host(world)),
        ..Which::default()
    }
}

/// Asks restic what the policy would forget, without what a drill has proven.
async fn forgettable(
    restic: &Restic,
    all: &[Listed],
    services: &[Service],
    policy: &Policy,
    world: &World<'_, '_>,
) -> Result<Snapshots, backup::Error> {
    let group = |one: &Listed| {
        let manifest = &one.manifest;
        let service = services.iter().find(|service| {
            service.project == manifest.project && service.name == manifest.service
        });
        let settings = service.map(|service| labels::read(&service.name, &service.labels).0);
        let own = settings.and_then(|settings| settings.group);
        own.unwrap_or_else(|| {
            let project = &manifest.project;
            let name = if project.is_empty() {
                &manifest.service
            } else {
                project
            };
            name.clone()
        })
    };
    let which = of_this_machine(world);
    let protected = backup::prune::protected(restic, &which, all, group).await?;
    let mut snapshots = Snapshots {
        protected,
        forgotten: Forgotten::default(),
    };
    let ids = snapshots.ids();
    snapshots.forgotten = restic.forget(&which, policy, &ids, true).await?;
    Ok(snapshots)
}

/// What is going to happen, before it does.
fn show(
    removals: &[Listed],
    snapshots: Option<&Snapshots>,
    dry_run: bool,
    world: &mut World<'_, '_>,
) {
    for one in removals {
        world.note(&format!("remove {}", one.path));
    }
    if let Some(snapshots) = snapshots {
        for one in &snapshots.protected {
            world.note(&format!(
                "keep snapshot {}: {}",
                short(&one.snapshot),
                one.why
            ));
        }
        for snapshot in &snapshots.forgotten.removed {
            let of = snapshot.tags.join(", ");
            world.note(&format!(
                "forget snapshot {} of {} ({of})",
                short(&snapshot.id),
                snapshot.time
            ));
        }
    }
    if !world.args.json {
        return;
    }
    let paths: Vec<_> = removals.iter().map(|one| &one.path).collect();
    let mut report = json!({ "version": 1, "dry_run": dry_run, "removed": paths });
    if let Some(snapshots) = snapshots {
        let removed: Vec<_> = snapshots
            .forgotten
            .removed
            .iter()
            .map(|one| &one.id)
            .collect();
        let protected = snapshots.protected.iter();
        let protected: Vec<_> = protected
            .map(|one| json!({ "id": one.snapshot, "why": one.why }))
            .collect();
        report["snapshots"] = json!({ "removed": removed, "protected": protected });
    }
    world.io.data(super::json(&report));
}

/// `last=3,daily=7`
fn policy(text: &str) -> Result<Policy, String> {
    let mut rules = BTreeMap::new();
    for rule in text
        .split(',')
        .map(str::trim)
        .filter(|rule| !rule.is_empty())
    {
        let Some((name, value)) = rule.split_once('=') else {
            return Err(format!("`{rule}` is no rule; one is written as `daily=7`"));
        };
        rules.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    let policy = retention::policy(&rules).map_err(|wrong| wrong.join("; "))?;
    if policy.is_empty() {
        return Err("it keeps nothing".to_owned());
    }
    Ok(policy)
}
