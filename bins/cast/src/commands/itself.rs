//! `cast self`: about this program.

use common::exit;

use crate::VERSION;
use crate::invocation::Invocation;
use crate::ui::Ui;

/// Version, program and directories.
pub(crate) fn show(invocation: &Invocation<'_>, ui: &mut Ui<'_, '_>) -> u8 {
    let world = invocation.world;
    let dirs = castfile::UserDirs::from_env(&world.env);
    ui.io.line(format!("version  {VERSION}"));
    let program = world.host.executable.clone().unwrap_or_default();
    let dir = |dir: Option<camino::Utf8PathBuf>| dir.map(String::from).unwrap_or_default();
    for (name, value) in [
        ("program", program),
        ("data", dir(dirs.data)),
        ("config", dir(dirs.config)),
        ("cache", dir(dirs.cache)),
    ] {
        ui.io.line(format!("{name:<7}  {value}").trim_end());
    }
    exit::DONE
}

/// The original replaces the running program with an unsigned download; this one does not.
pub(crate) fn upgrade(ui: &mut Ui<'_, '_>) -> u8 {
    let help = "install the new version the way you installed this one";
    ui.error("cast::no-upgrade", "cast does not replace itself", &[help]);
    exit::NOT_SUPPORTED
}
