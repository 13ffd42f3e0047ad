//! The command `kpv`: secrets of a homelab in KeePass vaults, read, made, rotated and handed to
//! programs. What a vault is and does is the business of the crate `vault`.
//!
//! [`run`] is the whole program; [`Answers`] is the part of it that another program takes in to
//! answer `$(kpv …)` without starting it.

mod answers;
mod args;
mod commands;
mod envfile;
pub mod exit;
mod failure;
mod file;
mod keyring;
mod select;
mod session;
mod template;
mod ui;
mod world;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory as _;
use common::Io;

use args::Cli;
use session::Session;
use ui::Ui;

pub use answers::{Answers, call};
pub use failure::Failure;
pub use world::World;

/// Runs the program in the real world; `words` are the whole command line, the program's name
/// first.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    let code = match World::read() {
        Ok(world) => run_in(&world, words, io),
        Err(message) => {
            io.message(format!("[error]: {message}\n"));
            exit::FAILED
        }
    };
    ExitCode::from(code)
}

/// Runs the program in a world given as a value; returns the exit code, see [`exit`].
pub fn run_in(world: &World, words: Vec<OsString>, io: &mut Io<'_>) -> u8 {
    let code = dispatch(world, words, io);
    match io.take_error() {
        Some(error) => {
            io.message(format!("[error]: cannot write the output: {error}\n"));
            exit::FAILED
        }
        None => code,
    }
}

fn dispatch(world: &World, words: Vec<OsString>, io: &mut Io<'_>) -> u8 {
    let cli: Cli = match common::parse(words, io) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut ui = Ui::new(world, &cli.global, io);
    let Some(command) = cli.command else {
        ui.io.data(Cli::command().render_help().to_string());
        return exit::DONE;
    };
    let session = match Session::new(world, &cli.global) {
        Ok(session) => session,
        Err(failure) => return ui.fail(&failure),
    };
    match commands::run(command, &session, &mut ui) {
        Ok(code) => code,
        Err(failure) => ui.fail(&failure),
    }
}
