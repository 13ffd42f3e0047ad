//! What a program reads of the world when it starts.

use std::collections::BTreeMap;
use std::ffi::OsString;

use camino::Utf8PathBuf;

use crate::{Io, exit};

/// The current directory, absolute.
///
/// # Errors
/// A message if it is gone or its name is not UTF-8.
pub fn current_dir() -> Result<Utf8PathBuf, String> {
    let dir = std::env::current_dir()
        .map_err(|error| format!("cannot find the current directory: {error}"))?;
    Utf8PathBuf::from_path_buf(dir)
        .map_err(|dir| format!("the current directory `{}` is not UTF-8", dir.display()))
}

/// The environment, without what is not UTF-8.
pub fn environment() -> BTreeMap<String, String> {
    let vars = std::env::vars_os();
    vars.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads the command line, the program's name first.
///
/// # Errors
/// The exit code when there is nothing more to do: help or the version was asked for, or what was
/// typed makes no sense; `io` was told.
pub fn parse<C: clap::Parser>(words: Vec<OsString>, io: &mut Io<'_>) -> Result<C, u8> {
    C::try_parse_from(words).map_err(|error| {
        let text = error.render().to_string();
        if error.use_stderr() {
            io.message(text);
            return exit::USAGE;
        }
        io.data(text);
        exit::DONE
    })
}
