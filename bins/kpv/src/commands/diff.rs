//! `kpv diff`: what changed between two vaults, and a vault as text for git.

use vault::{Difference, DifferenceKind};

use crate::args::DiffArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Prints what is different, or describes the one vault that is named. No value is printed.
///
/// With `--vault` both are unlocked as that vault is: git hands out copies under other names.
pub(crate) fn diff(args: &DiffArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let given = session.given();
    let mut open = |name: &str, given: &vault::Given| {
        let path = session.locate(Some(name))?;
        // a name without a separator may be a file beside us, which git calls as it likes
        let here = session.world.dir.join(name);
        let path = if path.exists() || !here.exists() {
            path
        } else {
            here
        };
        let known_as = match &session.global.vault {
            Some(_) => session.path()?,
            None => path.clone(),
        };
        session.open_as(&path, &known_as, given, ui)
    };
    let Some(new) = &args.new else {
        let vault = open(&args.old, &given)?;
        ui.io.data(vault::describe(&vault));
        return Ok(exit::DONE);
    };
    let mut given_old = given.clone();
    if args.old_password_file.is_some() {
        given_old.password = None;
        given_old.password_file.clone_from(&args.old_password_file);
    }
    let old = open(&args.old, &given_old)?;
    let new = open(new, &given)?;
    let differences = vault::diff(&old, &new);
    for difference in &differences {
        for line in lines(difference) {
            ui.io.line(line);
        }
    }
    Ok(if args.exit_code && !differences.is_empty() {
        exit::FAILED
    } else {
        exit::DONE
    })
}

fn lines(difference: &Difference) -> Vec<String> {
    let key = &difference.key;
    match &difference.kind {
        DifferenceKind::Added => vec![format!("+ {key}")],
        DifferenceKind::Removed => vec![format!("- {key}")],
        DifferenceKind::Changed { from, parts } => {
            let first = match from {
                Some(from) => format!("~ {key} (was {from})"),
                None => format!("~ {key}"),
            };
            let parts = parts.iter().map(|part| format!("    {part}"));
            std::iter::once(first).chain(parts).collect()
        }
        _ => vec![format!("~ {key}")],
    }
}
