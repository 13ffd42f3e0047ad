//! The command `cast`: reads the command line, calls the libraries, prints what they say.
//!
//! [`run`] is the whole program. What a castfile means is the business of the crate `castfile`,
//! how tasks are executed that of `cast-runner`.

mod args;
mod command_line;
mod commands;
mod dispatch;
mod invocation;
mod progress;
mod secrets;
mod session;
mod show;
mod ui;
mod world;

use std::ffi::OsString;
use std::process::ExitCode;

use common::Io;

pub use world::World;

/// The version that `cast --version` prints.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs the program in the real world.
///
/// `words` are the words after the program's name; everything it prints goes to `io`, except what
/// tasks write themselves.
pub fn run(words: Vec<OsString>, io: &mut Io<'_>) -> ExitCode {
    let code = match World::read() {
        Ok(world) => run_in(&world, words, io),
        Err(message) => {
            io.message(format!("error: {message}\n"));
            common::exit::FAILED
        }
    };
    ExitCode::from(code)
}

/// Runs the program in a world given as a value; returns the exit code (see [`common::exit`]).
pub fn run_in(world: &World, words: Vec<OsString>, io: &mut Io<'_>) -> u8 {
    let mut known = Vec::with_capacity(words.len());
    for word in words {
        match word.into_string() {
            Ok(word) => known.push(word),
            Err(word) => {
                let shown = word.to_string_lossy();
                io.message(format!("error: the argument `{shown}` is not UTF-8\n"));
                return common::exit::USAGE;
            }
        }
    }
    let code = dispatch::dispatch(world, &known, io);
    io.end(code)
}
