//! DNS zones for self-hosters.

use std::process::ExitCode;

// Records are many small values, which it hands out faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    zonegen::run(words, &mut common::Io::standard())
}
