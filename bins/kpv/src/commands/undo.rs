//! `kpv undo`: the version before.

use crate::args::KeyArg;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Puts the version before in the place of the current one. Doing it twice changes nothing.
pub(crate) fn undo(args: &KeyArg, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let key = args.one()?;
    let mut vault = session.open(ui)?;
    vault.undo(key)?;
    session.save(&mut vault, ui)?;
    ui.ok(format!(
        "{key} is what it was before; `kpv undo {key}` takes that back"
    ));
    Ok(exit::DONE)
}
