//! `zonegen diff`: what differs between two zone files.

use camino::Utf8Path;
use common::exit;
use dns_zone::{Name, RecordType, Zone};

use crate::args::DiffArgs;
use crate::report;
use crate::world::World;

/// Prints the records that differ; ends with 1 if there are any, with 2 if they cannot be compared.
pub(crate) fn diff(args: &DiffArgs, world: &mut World<'_, '_>) -> u8 {
    match run(args, world) {
        Ok(code) => code,
        Err(message) => {
            world.fail(&message);
            exit::USAGE
        }
    }
}

fn run(args: &DiffArgs, world: &mut World<'_, '_>) -> Result<u8, String> {
    let origin = match &args.origin {
        Some(origin) => origin.clone(),
        None => origin_of(&args.old, world)?,
    };
    let old = zone(&args.old, &origin, world)?;
    let new = zone(&args.new, &origin, world)?;
    let diff = old.diff(&new);
    for record in &diff.removed {
        world.io.line(format!("-{record}"));
    }
    for record in &diff.added {
        world.io.line(format!("+{record}"));
    }
    for (before, record) in &diff.changed_ttl {
        world.io.line(format!("~{record} ; ttl was {before}"));
    }
    if let (Some(old), Some(new)) = diff.serials
        && old != new
    {
        let only = if diff.is_empty() { "only the" } else { "the" };
        world
            .io
            .message(format!("{only} serial differs: {old}, then {new}\n"));
    }
    Ok(if diff.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

/// The owner of the SOA, where `$ORIGIN` says enough.
fn origin_of(path: &Utf8Path, world: &mut World<'_, '_>) -> Result<Name, String> {
    let root = Name::root();
    let loaded = world.load(path, &root)?;
    let soa = loaded
        .zone
        .records()
        .find(|record| record.kind() == RecordType::SOA);
    Ok(soa.map_or(root, |soa| soa.owner.clone()))
}

fn zone(path: &Utf8Path, origin: &Name, world: &mut World<'_, '_>) -> Result<Zone, String> {
    let loaded = world.load(path, origin)?;
    if !loaded.is_complete() {
        report::show(&loaded.diagnostics(), world);
        return Err(format!("entries of `{path}` could not be read"));
    }
    Ok(loaded.zone)
}
