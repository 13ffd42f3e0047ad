//! `cast workspace ls`.

use castfile::{Error, scan_workspace};
use common::exit;

use crate::invocation::Invocation;
use crate::show;
use crate::ui::Ui;

/// Lists the projects of the workspace, as the original does: those with an alias, then those
/// reached by their path alone.
pub(crate) fn list(invocation: &Invocation<'_>, ui: &mut Ui<'_, '_>) -> u8 {
    match try_list(invocation, ui) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    }
}

fn try_list(invocation: &Invocation<'_>, ui: &mut Ui<'_, '_>) -> Result<u8, Error> {
    let selected = invocation.select()?;
    let castfile = selected.loader.castfile(&selected.castfile)?;
    let home = selected
        .loader
        .dirs()
        .home
        .as_deref()
        .map(camino::Utf8Path::as_str);
    let scan = scan_workspace(selected.loader.files(), &castfile, home)?;
    for dir in &scan.unreadable {
        ui.note(format!(
            "note: cannot read `{}`; skipped",
            show::path(dir, &invocation.world.dir)
        ));
    }
    if scan.projects.is_empty() {
        ui.io.line("No workspace projects found");
        return Ok(exit::DONE);
    }
    let named: Vec<_> = scan
        .projects
        .iter()
        .filter_map(|project| project.alias.as_ref().map(|alias| (alias, &project.path)))
        .collect();
    let unnamed: Vec<_> = scan
        .projects
        .iter()
        .filter(|project| project.alias.is_none())
        .collect();
    if !named.is_empty() {
        ui.io.line("ALIASES");
        let width = named
            .iter()
            .map(|(alias, _)| alias.chars().count())
            .max()
            .unwrap_or_default();
        let width = width + 2;
        for (alias, path) in &named {
            ui.io.line(format!("{alias:<width$}{path}"));
        }
    }
    if !unnamed.is_empty() {
        if !named.is_empty() {
            ui.io.line("");
        }
        ui.io.line("PATHS");
        for project in unnamed {
            ui.io.line(&project.path);
        }
    }
    Ok(exit::DONE)
}
