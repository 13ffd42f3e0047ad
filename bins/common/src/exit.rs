//! The exit codes of the toolkit's programs.
//!
//! | Code | Meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | understood, and failed: a file is wrong, a lookup found nothing |
//! | 2 | wrong usage; for `cast`, also a task whose time was up |
//! | 3 | not supported yet |
//! | 128 + n | ended by signal n, so 130 after Ctrl-C |
//!
//! `cast` passes the exit code of a failed task on. A reader that closes the pipe ends a program
//! quietly, with 0.

/// Done.
pub const DONE: u8 = 0;
/// Understood, and failed.
pub const FAILED: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;
/// The time of a task was up (`cast`, as its original).
pub const TIMED_OUT: u8 = 2;
/// The castfile asks for something that is not supported yet.
pub const NOT_SUPPORTED: u8 = 3;
/// Interrupted by Ctrl-C.
pub const INTERRUPTED: u8 = 130;
