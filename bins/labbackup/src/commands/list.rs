//! `labbackup list`.

use serde_json::json;

use super::{dumps, size};
use crate::args::ListArgs;
use crate::exit;
use crate::world::World;

pub(crate) fn list(args: &ListArgs, world: &mut World<'_, '_>) -> u8 {
    let services = match world.written() {
        Ok(services) => services,
        Err(code) => return code,
    };
    let (all, _) = match dumps(world, &services, &args.services) {
        Ok(found) => found,
        Err(code) => return code,
    };
    if world.args.json {
        let list: Vec<_> = all
            .iter()
            .map(|one| json!({ "path": one.path, "stamp": one.stamp(), "manifest": one.manifest }))
            .collect();
        world
            .io
            .data(super::json(&json!({ "version": 1, "dumps": list })));
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
    exit::DONE
}
