//! `labbackup check`.

use backup::store::{SnapshotStore as _, Subset};
use serde_json::json;

use super::dumps;
use crate::args::ListArgs;
use crate::exit;
use crate::store;
use crate::world::World;

pub(crate) async fn check(args: &ListArgs, world: &mut World<'_, '_>) -> u8 {
    let services = match world.written() {
        Ok(services) => services,
        Err(code) => return code,
    };
    let (all, _) = match dumps(world, &services, &args.services) {
        Ok(found) => found,
        Err(code) => return code,
    };
    if all.is_empty() {
        world.note("there are no dumps");
    }
    let mut results = Vec::new();
    let mut code = exit::DONE;
    for one in &all {
        let listed = one.clone();
        let result = tokio::task::spawn_blocking(move || backup::dump::check(&listed)).await;
        let why = match result {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the check has ended early".to_owned()),
        };
        if let Some(why) = &why {
            world.wrong(why, None);
            code = exit::FAILED;
        } else {
            world.note(&format!("ok  {}", one.path));
        }
        results.push(json!({ "path": one.path, "error": why }));
    }
    match store::open(world).await {
        None => {}
        Some(Err(wrong)) => code = wrong,
        Some(Ok(restic)) => {
            // Every week another quarter: all of it once a month.
            let week = jiff::Zoned::now().date().iso_week_date().week();
            let part = u32::from(week.unsigned_abs()) % 4 + 1;
            match restic.check(Subset::Part { part, of: 4 }).await {
                Ok(()) => world.note(&format!("ok  {}", restic.repository())),
                Err(error) => {
                    world.wrong(&error.to_string(), error.help().as_deref());
                    code = exit::FAILED;
                }
            }
        }
    }
    if world.args.json {
        world
            .io
            .data(super::json(&json!({ "version": 1, "dumps": results })));
    }
    code
}
