//! Commands over the whole homelab repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    lab::run(words, &mut common::Io::standard())
}
