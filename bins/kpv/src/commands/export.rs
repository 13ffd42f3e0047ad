//! `kpv export`: secrets with all their fields as JSON.

use std::collections::HashSet;

use vault::Entry;

use crate::args::ExportArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;
use crate::{file, select};

/// Prints all secrets, or those chosen; or writes them to a file that only the user can read.
pub(crate) fn export(args: &ExportArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let vault = session.open(ui)?;
    let is_all = args.selection.keys.keys.is_empty() && args.selection.groups.is_empty();
    let chosen: Option<HashSet<String>> = if is_all {
        None
    } else {
        let mut keys = HashSet::new();
        for key in &args.selection.keys.keys {
            keys.insert(vault.entry(key)?.key().to_string());
        }
        let inside = select::in_groups(&vault, &args.selection.groups)?;
        keys.extend(inside.iter().map(|entry| entry.key().to_string()));
        Some(keys)
    };
    let include = |entry: &Entry| {
        (!args.root_only || entry.groups().is_empty())
            && chosen
                .as_ref()
                .is_none_or(|keys| keys.contains(&entry.key().to_string()))
    };
    let count = vault.entries().filter(|entry| include(entry)).count();
    let json = vault::export(&vault, args.pretty, include);
    file::deliver(session, args.file.as_deref(), &json, ui)?;
    ui.note(format!("Exported {count} secrets"));
    Ok(exit::DONE)
}
