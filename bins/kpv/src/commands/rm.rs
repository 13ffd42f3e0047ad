//! `kpv rm`: secrets into the recycle bin.

use vault::Removal;

use crate::args::RmArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Removes all secrets that are named, or none of them.
pub(crate) fn rm(args: &RmArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let keys = args.keys.all();
    if keys.is_empty() {
        return Err(Failure::usage("no key is named").help("`kpv ls` shows all keys"));
    }
    let mut vault = session.open(ui)?;
    let mut found = Vec::new();
    for key in &keys {
        let key = vault.entry(key)?.key().to_string();
        if !found.contains(&key) {
            found.push(key);
        }
    }
    if !args.yes {
        let names: Vec<_> = found.iter().map(|key| format!("`{key}`")).collect();
        let for_good = if args.permanent { " for good" } else { "" };
        if !ui.confirm(&format!("Remove {}{for_good}?", names.join(", ")))? {
            return Err(Failure::new("nothing is removed").help("`--yes` does not ask"));
        }
    }
    let removal = if args.permanent {
        Removal::Permanent
    } else {
        Removal::RecycleBin
    };
    for key in &found {
        vault.remove(key, removal)?;
    }
    session.save(&mut vault, ui)?;
    for key in &found {
        ui.ok(format!("{key} removed"));
    }
    Ok(exit::DONE)
}
