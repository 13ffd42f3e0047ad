//! The command `labelgen`: proxy labels made from routes, decoded, checked, converted and
//! explained; each verb a thin layer on `proxy-labels`.

mod args;
mod commands;
pub mod compose;
mod input;
mod print;
mod report;
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
    common::start(io, |dir, env, io| {
        run_in(dir, &env, words, &mut std::io::stdin(), io)
    })
}

/// Runs the program in `dir` (absolute) with the environment `env` and the standard input `stdin`;
/// returns the exit code, see [`common::exit`].
pub fn run_in(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    words: Vec<OsString>,
    stdin: &mut dyn std::io::Read,
    io: &mut Io<'_>,
) -> u8 {
    let code = dispatch(dir, env, words, stdin, io);
    io.end(code)
}

fn dispatch(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    words: Vec<OsString>,
    stdin: &mut dyn std::io::Read,
    io: &mut Io<'_>,
) -> u8 {
    let cli: Cli = match common::parse(words, io) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut world = World {
        dir,
        env,
        stdin,
        io,
        format: cli.message_format,
        findings_are_data: matches!(cli.command, Command::Check(_)),
    };
    match cli.command {
        Command::Decode(args) => commands::decode::decode(&args, &mut world),
        Command::Check(args) => commands::check::check(&args, &mut world),
        Command::Synth(args) => commands::synth::synth(&args, &mut world),
        Command::Convert(args) => commands::convert::convert(&args, &mut world),
        Command::Explain(args) => commands::explain::explain(&args, &mut world),
    }
}
