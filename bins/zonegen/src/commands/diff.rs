//! `zonegen diff`: what differs between two zone files.

use common::exit;

use super::World;
use crate::args::DiffArgs;
use crate::report;

/// Prints the records that differ; fails if there are any.
pub(crate) fn diff(args: &DiffArgs, world: &mut World<'_, '_>) -> u8 {
    let origin = args.origin.clone().unwrap_or_else(dns_zone::Name::root);
    let mut zones = Vec::new();
    for path in [&args.old, &args.new] {
        let loaded = match world.load(path, &origin) {
            Ok(loaded) => loaded,
            Err(message) => return world.fail(&message),
        };
        report::show(&loaded.diagnostics(), world);
        if !loaded.is_complete() {
            return world.fail(&format!(
                "cannot compare: entries of `{path}` could not be read"
            ));
        }
        zones.push(loaded.zone);
    }
    let diff = zones[0].diff(&zones[1]);
    for record in &diff.removed {
        world.io.line(format!("-{record}"));
    }
    for record in &diff.added {
        world.io.line(format!("+{record}"));
    }
    for (old, record) in &diff.changed_ttl {
        world.io.line(format!("~{record} ; ttl was {old}"));
    }
    if diff.is_serial_only()
        && let (Some(old), Some(new)) = diff.serials
    {
        world
            .io
            .message(format!("only the serial differs: {old} and {new}\n"));
    }
    if diff.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    }
}
