//! What a program reads of the world when it starts.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::{Io, exit};

/// Form of the messages of a program that has findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// For people, with the lines of the file
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, as one document
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// Runs a program where it was started: `run` gets the current directory (absolute) and the
/// environment, and returns the exit code.
///
/// Without a usable directory the code is [`exit::FAILED`], and `io` is told.
pub fn start(
    io: &mut Io<'_>,
    run: impl FnOnce(&Utf8Path, BTreeMap<String, String>, &mut Io<'_>) -> u8,
) -> ExitCode {
    let code = match current_dir() {
        Ok(dir) => run(&dir, environment(), io),
        Err(message) => {
            io.message(format!("error: {message}\n"));
            exit::FAILED
        }
    };
    ExitCode::from(code)
}

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
