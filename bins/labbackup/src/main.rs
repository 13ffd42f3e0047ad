//! Backups of a homelab that are complete, and restores that are proven.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    labbackup::run(words, &mut common::Io::standard())
}
