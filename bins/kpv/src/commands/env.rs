//! `kpv env`: secrets as variables.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use vault::{Export, Format, OsRandom};

use crate::args::EnvArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::select;
use crate::session::Session;
use crate::ui::Ui;

/// Prints all secrets, or those chosen, for a shell to evaluate; nothing at all if one of them
/// cannot be said.
pub(crate) fn env(args: &EnvArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let vault = session.open(ui)?;
    let exports = select::chosen(&vault, &args.selection, &args.globs, &args.names, ui)?;
    if exports.is_empty() {
        ui.warn(format!("`{}` has no secrets to print", vault.path()));
    }
    print(args.format, &exports, session, ui)?;
    Ok(exit::DONE)
}

/// Prints secrets in a format; what belongs into a file of the build service goes there, after the
/// masks have been printed.
pub(crate) fn print(
    format: Format,
    exports: &[Export],
    session: &Session<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<()> {
    let rendered = format.render(exports, &mut OsRandom)?;
    let Some(appended) = &rendered.appended else {
        ui.secret(&rendered.stdout);
        return Ok(());
    };
    let variable = appended.variable;
    let path = session.world.var(variable).ok_or_else(|| {
        Failure::new(format!(
            "the format `{format}` writes to the file that {variable} names, and it is not set"
        ))
        .help("the build service sets it; elsewhere use another format")
    })?;
    let path = session.world.dir.join(path);
    let failed = |error: std::io::Error| {
        Failure::new(format!("cannot write `{path}` ({variable}): {error}"))
    };
    // open before anything is printed
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    ui.secret(&rendered.stdout);
    file.write_all(appended.text.expose().as_bytes())
        .map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(())
}
