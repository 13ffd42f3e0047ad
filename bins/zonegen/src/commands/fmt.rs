//! `zonegen fmt`: a zone file in one form.

use common::exit;
use common::replace::{Access, replace};

use crate::args::{FmtArgs, FmtForm};
use crate::report::{self, unwritten};
use crate::world::World;

/// Prints the file, or writes it back.
pub(crate) fn fmt(args: &FmtArgs, world: &mut World<'_, '_>) -> u8 {
    let loaded = match world.load(&args.file, &args.origin) {
        Ok(loaded) => loaded,
        Err(message) => return world.fail(&message),
    };
    report::show(&loaded.diagnostics(), world);
    if !loaded.is_complete() {
        return world.fail("nothing was written: entries could not be read");
    }
    let text = match args.format {
        FmtForm::Canonical => loaded.zone.to_canonical().into_bytes(),
        FmtForm::Pretty => loaded.zone.files()[0].to_pretty(),
    };
    if !args.write {
        world.io.data(text);
        return exit::DONE;
    }
    let path = world.dir.join(&args.file);
    match replace(&path, &text, Access::AsBefore) {
        Ok(_) => exit::DONE,
        Err(error) => world.fail(&unwritten(&path)(error)),
    }
}
