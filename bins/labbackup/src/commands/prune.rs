//! `labbackup prune`.

use std::collections::BTreeMap;

use backup::labels;
use backup::manifest::Listed;
use backup::retention::{self, Policy};
use backup::store::{SnapshotStore as _, Which};
use serde_json::json;

use super::dumps;
use crate::args::PruneArgs;
use crate::exit;
use crate::store;
use crate::world::World;

/// Removes dumps and snapshots that have had their time.
pub(crate) async fn prune(args: &PruneArgs, world: &mut World<'_, '_>) -> u8 {
    let services = match world.written() {
        Ok(services) => services,
        Err(code) => return code,
    };
    let (all, targets) = match dumps(world, &services, &args.services) {
        Ok(found) => found,
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
    for one in &removals {
        world.note(&format!("remove {}", one.path));
    }
    if world.args.json {
        let paths: Vec<_> = removals.iter().map(|one| &one.path).collect();
        world.io.data(super::json(
            &json!({ "version": 1, "dry_run": args.dry_run, "removed": paths }),
        ));
    }
    if !args.dry_run {
        for target in &targets {
            if !removals.iter().any(|one| one.path.starts_with(target)) {
                continue;
            }
            if let Err(error) = backup::prune::prune(target, &removals) {
                return world.error(&error);
            }
        }
    }
    match store::open(world).await {
        None => exit::DONE,
        Some(Err(code)) => code,
        Some(Ok(restic)) => {
            let which = Which {
                host: Some(store::host(world)),
                ..Which::default()
            };
            let forgotten = restic.forget(&which, &default, &[], args.dry_run).await;
            let pruned = match forgotten {
                Ok(forgotten) => {
                    for snapshot in &forgotten.removed {
                        world.note(&format!("forget snapshot {}", snapshot.id));
                    }
                    if args.dry_run {
                        Ok(())
                    } else {
                        restic.prune().await
                    }
                }
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
    }
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
