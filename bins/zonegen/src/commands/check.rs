//! `zonegen check`: what is wrong with a zone file.

use std::sync::Arc;

use common::exit;
use dns_zone::CheckOptions;
use yaml_tree::Diagnostic;

use crate::args::CheckArgs;
use crate::report;
use crate::world::World;

/// Shows all findings; fails if one of them is an error.
pub(crate) fn check(args: &CheckArgs, world: &mut World<'_, '_>) -> u8 {
    let loaded = match world.load(&args.file, &args.origin) {
        Ok(loaded) => loaded,
        Err(message) => return world.fail(&message),
    };
    let mut options = CheckOptions::default();
    if let Some(path) = &args.previous {
        match world.load(path, &args.origin) {
            Ok(previous) => options.previous = Some(Arc::new(previous.zone)),
            Err(message) => return world.fail(&message),
        }
    }
    let found = dns_zone::check(&loaded, &options);
    report::show(&found, world);
    report::summary(&found, world);
    if found.iter().any(Diagnostic::is_error) {
        return exit::FAILED;
    }
    exit::DONE
}
