//! `kpv get`: secrets by their keys.

use vault::{Export, Format, Secret};

use super::env::print;
use crate::args::GetArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::select;
use crate::session::Session;
use crate::ui::Ui;

/// Prints the secrets in the order in which they are named, or nothing if one is not there.
pub(crate) fn get(args: &GetArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let keys = args.keys.all();
    if keys.is_empty() {
        return Err(Failure::usage("no key is named").help("`kpv ls` shows all keys"));
    }
    let vault = session.open(ui)?;
    if matches!(args.format, Format::Text | Format::Null) {
        let values: Vec<Secret> = keys
            .iter()
            .map(|key| match &args.field {
                Some(field) => vault.get_field(key, field),
                None => vault.get(key),
            })
            .collect::<Result<_, _>>()?;
        let end = if args.format == Format::Null {
            "\0"
        } else {
            "\n"
        };
        let last = values.len() - 1;
        for (at, value) in values.iter().enumerate() {
            if args.format == Format::Null && value.expose().contains('\0') {
                return Err(Failure::new(format!(
                    "the value of `{}` has a NUL in it",
                    keys[at]
                )));
            }
            ui.io.data(value.expose());
            if !(args.no_newline && at == last) {
                ui.io.data(end);
            }
        }
        return Ok(exit::DONE);
    }
    let mut exports: Vec<Export> = select::named(&vault, &keys, &args.names)?;
    if let Some(field) = &args.field {
        for export in &mut exports {
            export.value = vault.get_field(&export.key, field)?;
        }
    }
    print(args.format, &exports, session, ui)?;
    Ok(exit::DONE)
}
