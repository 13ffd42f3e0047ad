//! The command `labelgen`: proxy labels made from routes, decoded, checked, converted and
//! explained; each verb a thin layer on `proxy-labels`.

mod args;
mod commands;
mod input;
mod print;
mod report;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser as _;
use common::{Io, exit};

use args::{Cli, Command};

/// Runs the program in the real world; `words` are the whole command line, the program's name
/// first.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    let code = match current_dir() {
        Ok(dir) => {
            let env = std::env::vars_os().filter_map(|(name, value)| {
                Some((name.into_string().ok()?, value.into_string().ok()?))
            });
            run_in(&dir, &env.collect(), words, &mut std::io::stdin(), io)
        }
        Err(message) => {
            io.message(format!("error: {message}\n"));
            exit::FAILED
        }
    };
    ExitCode::from(code)
}

fn current_dir() -> Result<Utf8PathBuf, String> {
    let dir = std::env::current_dir()
        .map_err(|error| format!("cannot find the current directory: {error}"))?;
    Utf8PathBuf::from_path_buf(dir)
        .map_err(|dir| format!("the current directory `{}` is not UTF-8", dir.display()))
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
    match io.take_error() {
        Some(error) => {
            io.message(format!("error: cannot write the output: {error}\n"));
            exit::FAILED
        }
        None => code,
    }
}

fn dispatch(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    words: Vec<OsString>,
    stdin: &mut dyn std::io::Read,
    io: &mut Io<'_>,
) -> u8 {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            io.message(error.render().to_string());
            return exit::USAGE;
        }
        Err(help) => {
            io.data(help.render().to_string());
            return exit::DONE;
        }
    };
    let mut world = commands::World {
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
