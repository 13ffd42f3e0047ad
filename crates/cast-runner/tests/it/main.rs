//! Real programs, run through the public API.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests and their helpers"
)]

mod execute;
mod helper;
mod interpreters;
mod output;
mod processes;
mod signals;
mod substitution;
mod support;
mod terminal;
mod xplat;
