//! Where a new value comes from.

use vault::Secret;

use crate::args::Source;
use crate::failure::{Failure, Result};
use crate::file;
use crate::session::Session;
use crate::ui::Ui;

/// The value that the options name; `None` when they name none.
///
/// Files and standard input are taken as they are, a line end at the end included. A variable that
/// is empty gives an empty value, and a warning.
pub(crate) fn of(
    source: &Source,
    session: &Session<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Option<Secret>> {
    if let Some(value) = &source.value {
        on_command_line(ui);
        return Ok(Some(Secret::from(value.as_str())));
    }
    if let Some(path) = &source.file {
        return text(file::bytes(session, path)?).map(Some);
    }
    if let Some(name) = &source.env {
        let value = session.world.env.get(name).ok_or_else(|| {
            Failure::new(format!(
                "the variable `{name}` is not set, or is not UTF-8 text"
            ))
        })?;
        if value.is_empty() {
            ui.warn(format!("the variable `{name}` is empty"));
        }
        return Ok(Some(Secret::from(value.as_str())));
    }
    if source.stdin {
        return text(file::input(session, ui)?).map(Some);
    }
    Ok(None)
}

/// Says that a value on the command line is not hidden.
pub(crate) fn on_command_line(ui: &mut Ui<'_, '_>) {
    ui.warn(
        "the value is on the command line, where every process on this machine can see it: \
         --stdin, --file and --env keep it out of sight",
    );
}

fn text(bytes: Vec<u8>) -> Result<Secret> {
    Ok(Secret::from_utf8(bytes)?)
}
