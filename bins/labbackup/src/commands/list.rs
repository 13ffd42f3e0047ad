//! `labbackup list`.

use backup::store::{SnapshotStore as _, Which};
use serde_json::json;

use super::{dumps, short, size};
use crate::args::ListArgs;
use crate::exit;
use crate::store;
use crate::world::World;

pub(crate) async fn list(args: &ListArgs, world: &mut World<'_, '_>) -> u8 {
    let services = match world.written() {
        Ok(services) => services,
        Err(code) => return code,
    };
    let (all, _) = match dumps(world, &services, &args.services) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let snapshots = match store::open(world).await {
        None => Vec::new(),
        Some(Err(code)) => return code,
        Some(Ok(restic)) => match restic.snapshots(&Which::default()).await {
            Ok(snapshots) => snapshots,
            Err(error) => {
                world.wrong(&error.to_string(), error.help().as_deref());
                return exit::FAILED;
            }
        },
    };
    if world.args.json {
        let list: Vec<_> = all
            .iter()
            .map(|one| json!({ "path": one.path, "stamp": one.stamp(), "manifest": one.manifest }))
            .collect();
        let stored: Vec<_> = snapshots
            .iter()
            .map(|one| {
                json!({ "id": one.id, "time": one.time, "host": one.host, "tags": one.tags, "paths": one.paths })
            })
            .collect();
        world.io.data(super::json(
            &json!({ "version": 1, "dumps": list, "snapshots": stored }),
        ));
        return exit::DONE;
    }
    if all.is_empty() {
        world.note("there are no dumps");
    }
    let rows: Vec<[String; 6]> = all
        .iter()
        .map(|one| {
            let manifest = &one.manifest;
            let rows: u64 = manifest
                .databases
                .values()
                .flatten()
                .map(|(_, count)| count.rows)
                .sum();
            [
                manifest.service.clone(),
                manifest.part.clone(),
                one.stamp().to_owned(),
                size(manifest.compressed.bytes),
                format!("{rows} rows"),
                match &manifest.verified {
                    Some(time) => format!("verified {time}"),
                    None => "not verified".to_owned(),
                },
            ]
        })
        .collect();
    let widths: Vec<usize> = (0..6)
        .map(|at| {
            rows.iter()
                .map(|row| row[at].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        world.io.line(cells.join("  ").trim_end());
    }
    for one in &snapshots {
        let (tags, paths) = (one.tags.join(", "), one.paths.join(" "));
        let id = short(&one.id);
        let time = &one.time;
        world.io.line(format!(
            "snapshot {id}  {time}  {}  {tags}: {paths}",
            one.host
        ));
    }
    exit::DONE
}
