//! The exit codes of `labbackup`.
//!
//! | Code | Meaning |
//! |---|---|
//! | 0 | done, or verified |
//! | 1 | understood, and something failed: what succeeded is there, and the dumps before are as they were |
//! | 2 | wrong usage |
//! | 3 | no container engine answers, or not to this user |
//! | 4 | another run is going on |
//! | 5 | a drill found a difference, or could not restore |
//! | 6 | labels or Compose files are wrong; nothing was done |
//! | 7 | refused: what was asked would come too near to data in use, or nobody agreed to it |
//! | 130, 143 | ended by Ctrl-C or SIGTERM; what was stopped runs again |

use backup::Error;

/// Done.
pub const DONE: u8 = 0;
/// Something failed.
pub const FAILED: u8 = 1;
/// Wrong usage.
pub const USAGE: u8 = 2;
/// No engine.
pub const NO_ENGINE: u8 = 3;
/// Another run.
pub const LOCKED: u8 = 4;
/// A drill found a difference.
pub const MISMATCH: u8 = 5;
/// Labels or Compose files are wrong.
pub const WRONG: u8 = 6;
/// Refused.
pub const REFUSED: u8 = 7;
/// Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// The code for an error.
pub(crate) fn of(error: &Error) -> u8 {
    match error {
        Error::Engine(error) => of_engine(error),
        Error::Locked { .. } => LOCKED,
        Error::Refused { .. } => REFUSED,
        Error::Cancelled => INTERRUPTED,
        _ => FAILED,
    }
}

/// The code for an error of the engine.
pub(crate) fn of_engine(error: &engine::Error) -> u8 {
    match error {
        engine::Error::NoEngine { .. }
        | engine::Error::Permission { .. }
        | engine::Error::TooOld { .. }
        | engine::Error::TooNew { .. }
        | engine::Error::Address { .. }
        | engine::Error::Context { .. }
        | engine::Error::Settings { .. } => NO_ENGINE,
        _ => FAILED,
    }
}
