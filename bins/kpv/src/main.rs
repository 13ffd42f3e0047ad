//! Secrets of a homelab in KeePass vaults.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    kpv::run(words, &mut common::Io::standard())
}
