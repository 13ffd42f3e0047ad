//! The command `zonegen`: zones generated, checked, formatted and compared; what is known of zones is
//! in `dns-zone`, of containers in `proxy-labels`, `compose-model` and `engine`.

mod args;
mod client;
mod commands;
mod config;
mod generate;
mod import;
mod plan;
mod report;
mod servers;
mod source;
mod watch;
mod world;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use camino::Utf8Path;
use common::Io;

use args::{Cli, Command};
use world::World;

/// Runs the program in the real world; `words` are the whole command line, the program's name
/// first.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    common::start(io, |dir, env, io| run_in(dir, &env, words, io))
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
    let mut world = World {
        dir,
        env,
        io,
        format: cli.message_format,
        findings_are_data: matches!(
            cli.command,
            Command::Check(_) | Command::Corefile(args::CorefileCommand::Check(_))
        ),
    };
    match cli.command {
        Command::Generate(args) => commands::generate::generate(&args, &mut world),
        Command::Corefile(command) => commands::corefile::corefile(&command, &mut world),
        Command::Query(args) => commands::query::query(&args, &mut world),
        Command::Import(command) => commands::import::import(&command, &mut world),
        Command::Watch(args) => commands::watch::watch(&args, &mut world),
        Command::Check(args) => commands::check::check(&args, &mut world),
        Command::Fmt(args) => commands::fmt::fmt(&args, &mut world),
        Command::Diff(args) => commands::diff::diff(&args, &mut world),
    }
}
