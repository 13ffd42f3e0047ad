//! `kpv ls`: keys.

use vault::Entry;

use crate::args::LsArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Prints the keys of all secrets or of those that fit, one a line, in file order.
pub(crate) fn ls(args: &LsArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let vault = session.open(ui)?;
    let is_shown = |entry: &&Entry| !args.root_only || entry.groups().is_empty();
    let all: Vec<&Entry> = if args.recycled {
        vault.recycled().collect()
    } else {
        vault.entries().filter(is_shown).collect()
    };
    let shown: Vec<&Entry> = match &args.glob {
        Some(glob) => vault.glob(glob)?.into_iter().filter(is_shown).collect(),
        None => all.clone(),
    };
    for entry in &shown {
        let key = entry.key().to_string();
        // a key of one line, whatever another program put into the title
        ui.io.line(key.replace(|char: char| char.is_control(), " "));
    }
    match &args.glob {
        Some(glob) => ui.note(format!(
            "\nShowing {} of {} secrets (filtered by: {glob})",
            shown.len(),
            all.len()
        )),
        None => ui.note(format!("\nTotal secrets: {}", all.len())),
    }
    Ok(exit::DONE)
}
