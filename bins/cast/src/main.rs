//! The task runner of the homelab toolkit.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    cast::run(words, &mut common::Io::standard())
}
