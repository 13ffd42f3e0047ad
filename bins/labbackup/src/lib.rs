//! The command `labbackup`: plans, dumps, restores and drills, each verb a thin layer on `backup`.

mod args;
mod commands;
pub mod exit;
mod progress;
mod secrets;
mod store;
mod tell;
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
/// [`exit`].
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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            io.message(format!("error: cannot start: {error}\n"));
            return exit::FAILED;
        }
    };
    let mut world = World::new(dir, env, cli.common, io);
    let code = runtime.block_on(async {
        match cli.command {
            Command::Plan(args) => commands::plan::plan(&args, &mut world).await,
            Command::Run(args) => commands::run::run(&args, &mut world).await,
            Command::List(args) => commands::list::list(&args, &mut world).await,
            Command::Restore(args) => commands::restore::restore(&args, &mut world).await,
            Command::Drill(args) => commands::drill::drill(&args, &mut world).await,
            Command::Check(args) => commands::check::check(&args, &mut world).await,
            Command::Prune(args) => commands::prune::prune(&args, &mut world).await,
            Command::Schedule(args) => commands::schedule::schedule(&args, &mut world),
            Command::Init => commands::doctor::init(&mut world).await,
            Command::Doctor => commands::doctor::doctor(&mut world).await,
            Command::Labels => commands::labels::labels(&mut world),
        }
    });
    // Something that blocks, such as a read of a dead disk, must not hold up the end.
    runtime.shutdown_background();
    code
}
