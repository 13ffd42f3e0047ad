//! The command `zonegen`: zones checked, formatted and compared; each verb a thin layer on
//! `dns-zone`.

mod args;
mod commands;
mod report;
mod save;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use camino::Utf8Path;
use common::{Io, exit};

use args::{Cli, Command};

/// Runs the program in the real world; `words` are the whole command line, the program's name
/// first.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    let code = match common::current_dir() {
        Ok(dir) => run_in(&dir, &common::environment(), words, io),
        Err(message) => {
            io.message(format!("error: {message}\n"));
            exit::FAILED
        }
    };
    ExitCode::from(code)
}

/// Runs the program in `dir` (absolute) with the environment `env`; returns the exit code, see
/// [`common::exit`].
pub fn run_in(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    words: Vec<OsString>,
    io: &mut Io<'_>,
) -> u8 {
    let code = dispatch(dir, env, words, io);
    io.end(code)
}

fn dispatch(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    words: Vec<OsString>,
    io: &mut Io<'_>,
) -> u8 {
    let cli: Cli = match common::parse(words, io) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut world = commands::World {
        dir,
        env,
        io,
        format: cli.message_format,
        findings_are_data: matches!(cli.command, Command::Check(_)),
    };
    match cli.command {
        Command::Check(args) => commands::check::check(&args, &mut world),
        Command::Fmt(args) => commands::fmt::fmt(&args, &mut world),
        Command::Diff(args) => commands::diff::diff(&args, &mut world),
    }
}
