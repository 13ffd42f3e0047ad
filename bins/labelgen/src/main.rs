//! Proxy labels for self-hosters.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    labelgen::run(words, &mut common::Io::standard())
}
