//! The exit codes of `kpv`.
//!
//! | Code | Meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | understood, and failed; `check`, `audit` and `doctor` found something |
//! | 2 | wrong usage |
//! | 3 | there is no such vault, secret, field or setting |
//! | 4 | the vault cannot be unlocked: no password, a wrong one, a wrong key file |
//! | 5 | the vault is being written by another process |
//! | 6 | the file is no vault, or of a kind that cannot be read |
//! | 7 | the file is cut short |
//! | 8 | the file is damaged |
//! | 9 | opening the file would cost more than is allowed |
//!
//! `exec` ends with the code of the program: 128 + n if signal n ended it, 127 if it was not found,
//! 126 if it could not be started.

use vault::Error;

pub use common::exit::{DONE, FAILED, USAGE};

/// There is no such vault, secret, field or setting.
pub const NOT_FOUND: u8 = 3;
/// The vault cannot be unlocked.
pub const LOCKED_OUT: u8 = 4;
/// The vault is being written by another process.
pub const BUSY: u8 = 5;
/// The file is no vault, or of a kind that cannot be read.
pub const NOT_A_VAULT: u8 = 6;
/// The file is cut short.
pub const TRUNCATED: u8 = 7;
/// The file is damaged.
pub const DAMAGED: u8 = 8;
/// Opening the file would cost more than is allowed.
pub const TOO_COSTLY: u8 = 9;
/// A program could not be started.
pub const NOT_EXECUTABLE: u8 = 126;
/// A program was not found.
pub const NO_PROGRAM: u8 = 127;

/// The code for what a vault says.
pub(crate) fn of(error: &Error) -> u8 {
    match error {
        Error::NoVault { .. }
        | Error::NotFound { .. }
        | Error::NoField { .. }
        | Error::NoHistory { .. } => NOT_FOUND,
        Error::WrongPassword { .. }
        | Error::WrongKeyFile { .. }
        | Error::WrongPasswordOrKeyFile { .. }
        | Error::KeyFile { .. } => LOCKED_OUT,
        Error::Locked { .. } => BUSY,
        Error::NotKdbx { .. } | Error::Unsupported { .. } => NOT_A_VAULT,
        Error::Truncated { .. } => TRUNCATED,
        Error::Damaged { .. } => DAMAGED,
        Error::KdfOverLimit { .. } => TOO_COSTLY,
        _ => FAILED,
    }
}
