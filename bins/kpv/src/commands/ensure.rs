//! `kpv ensure`: a secret, made if it is not there.

use vault::{OsRandom, Secret};

use super::init;
use crate::args::EnsureArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Prints the secret and nothing else. With `--size 0` none is made; then it ends with 1 if there is
/// none.
pub(crate) fn ensure(args: &EnsureArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let key = args.key.one()?;
    let value = if args.generation.size == Some(0) {
        let none = |error| Failure::from(error).code(exit::FAILED);
        session.open(ui)?.get(key).map_err(none)?
    } else {
        let rules = args.generation.rules();
        let mut vault = init::open_or_create(args.create, session, ui)?;
        vault.ensure(key, || rules.generate(&mut OsRandom))?;
        session.save(&mut vault, ui)?;
        // what counts is what is in the vault now: someone else may have been faster
        vault.get(key)?
    };
    print(&value, args.no_newline, ui);
    Ok(exit::DONE)
}

fn print(value: &Secret, no_newline: bool, ui: &mut Ui<'_, '_>) {
    ui.io.data(value.expose());
    if !no_newline {
        ui.io.data("\n");
    }
}
