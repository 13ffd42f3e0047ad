//! `kpv totp`: a one-time password.

use crate::args::KeyArg;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Prints the code that is valid now, and on standard error for how long.
pub(crate) fn totp(args: &KeyArg, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let vault = session.open(ui)?;
    let password = vault.entry(args.one()?)?.totp(session.world.now)?;
    ui.io.data(password.code.expose());
    ui.io.data("\n");
    if ui.io.err_is_terminal {
        ui.note(format!("valid for {} s", password.valid_for.as_secs()));
    }
    Ok(exit::DONE)
}
