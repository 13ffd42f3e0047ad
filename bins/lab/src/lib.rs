//! The command `lab`: verbs over the whole repository of a homelab, each a thin layer on a library.

mod args;
mod commands;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use camino::Utf8Path;
use common::Io;

use args::{Cli, Command};

/// Runs the program in the real world; `words` are the whole command line, the program's name
/// first.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    common::start(io, |dir, env, io| run_in(dir, env, words, io))
}

/// Runs the program in `dir` (absolute) with the environment `env`; returns the exit code, see
/// [`common::exit`].
pub fn run_in(
    dir: &Utf8Path,
    env: BTreeMap<String, String>,
    words: Vec<OsString>,
    io: &mut Io<'_>,
) -> u8 {
    let code = dispatch(dir, env, words, io);
    io.end(code)
}

fn dispatch(
    dir: &Utf8Path,
    env: BTreeMap<String, String>,
    words: Vec<OsString>,
    io: &mut Io<'_>,
) -> u8 {
    let cli: Cli = match common::parse(words, io) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match cli.command {
        Command::Config(args) => commands::config::config(&args, dir, env, io),
    }
}
