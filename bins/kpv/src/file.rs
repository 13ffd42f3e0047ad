//! Reading and writing files.

use camino::Utf8Path;
use common::replace::{Access, replace};
use vault::Secret;
use yaml_tree::{Diagnostic, Source};

use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// A file as it is; a secret maybe.
pub(crate) fn bytes(session: &Session<'_>, path: &Utf8Path) -> Result<Vec<u8>> {
    let path = session.world.dir.join(path);
    fs_err::read(&path).map_err(|error| Failure::new(error.to_string()))
}

/// All of standard input, unless the master password is to come from there.
pub(crate) fn input(session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<Vec<u8>> {
    if session.global.password_file.as_deref() == Some("-") {
        return Err(Failure::usage(
            "standard input cannot be the master password and something else as well",
        ));
    }
    ui.io
        .read_input()
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))
}

/// The text of a file that findings can point into; `-` is standard input.
pub(crate) fn source(
    session: &Session<'_>,
    path: &Utf8Path,
    ui: &mut Ui<'_, '_>,
) -> Result<Source> {
    let (name, bytes) = if path == "-" {
        ("<stdin>", input(session, ui)?)
    } else {
        (path.as_str(), bytes(session, path)?)
    };
    Source::from_bytes(name, bytes).map_err(|found: Box<Diagnostic>| Failure::found(vec![*found]))
}

/// Writes a file that its owner alone can read: whole, or not at all. A symbolic link stays one.
pub(crate) fn write(session: &Session<'_>, path: &Utf8Path, text: &Secret) -> Result<()> {
    let path = session.world.dir.join(path);
    let failed = |error: std::io::Error| Failure::new(format!("cannot write `{path}`: {error}"));
    replace(&path, text.expose().as_bytes(), Access::Owner).map_err(failed)?;
    Ok(())
}

/// Writes to a file, or to standard output where none is named.
pub(crate) fn deliver(
    session: &Session<'_>,
    path: Option<&Utf8Path>,
    text: &Secret,
    ui: &mut Ui<'_, '_>,
) -> Result<()> {
    match path {
        Some(path) if path != "-" => {
            write(session, path, text)?;
            ui.ok(format!("{path} written"));
        }
        _ => ui.secret(text),
    }
    Ok(())
}
