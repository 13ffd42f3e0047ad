//! `cast check`: everything wrong or doubtful in the project and all it reaches.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use cast_runner::Uses;
use castfile::{Error, scan_workspace};
use common::exit;
use yaml_tree::{Diagnostic, Severity};

use crate::invocation::Invocation;
use crate::session::Selected;
use crate::ui::Ui;

/// Checks the selected project and, through aliases, sub-projects and workspaces, every other.
pub(crate) fn check(invocation: &Invocation<'_>, ui: &mut Ui<'_, '_>) -> u8 {
    let selected = match invocation.select() {
        Ok(selected) => selected,
        Err(error) => return ui.fail(&error),
    };
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![selected.castfile.clone()];
    while let Some(castfile) = open.pop() {
        if !seen.insert(castfile.clone()) {
            continue;
        }
        match one(&selected, &castfile, &mut found) {
            Ok(reached) => open.extend(reached.into_iter().rev()),
            Err(error) => extend(&mut found, error.diagnostics()),
        }
    }
    ui.findings(&found);
    let count = |severity| {
        found
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    ui.note(format!(
        "checked {}: {}, {}",
        plural(seen.len(), "castfile"),
        plural(errors, "error"),
        plural(warnings, "warning")
    ));
    if errors > 0 { exit::FAILED } else { exit::DONE }
}

/// Checks one project; returns the castfiles it leads to.
fn one(
    selected: &Selected<'_>,
    castfile: &Utf8Path,
    found: &mut Vec<Diagnostic>,
) -> Result<Vec<Utf8PathBuf>, Error> {
    let project = selected.loader.project(castfile)?;
    let session = selected.session(&project, None);
    extend(found, project.check(&session, Uses::NAMES));
    let home = selected.loader.dirs().home.as_deref().map(Utf8Path::as_str);
    let scan = scan_workspace(selected.loader.files(), project.castfile(), home)?;
    let declared = project
        .castfile()
        .workspace
        .iter()
        .flat_map(|workspace| &workspace.aliases);
    for reference in declared.chain(&project.castfile().projects) {
        let words = [reference.name.value.as_str()];
        // Says so if there is nothing at the end of it.
        if let Err(error) = selected
            .loader
            .select(project.dir(), Some(castfile.as_str()), &words)
        {
            extend(found, error.diagnostics());
        }
    }
    Ok(scan
        .projects
        .into_iter()
        .map(|project| project.castfile)
        .collect())
}

/// A module that many projects import is wrong once.
fn extend(found: &mut Vec<Diagnostic>, new: Vec<Diagnostic>) {
    for diagnostic in new {
        let same = |known: &Diagnostic| {
            known.code == diagnostic.code
                && known.message == diagnostic.message
                && known.location().map(ToString::to_string)
                    == diagnostic.location().map(ToString::to_string)
        };
        if !found.iter().any(same) {
            found.push(diagnostic);
        }
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}
