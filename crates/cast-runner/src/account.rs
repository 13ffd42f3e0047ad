//! The user this process runs as.

use nix::unistd::{Uid, User};

/// Whether this process runs as root.
pub fn is_root() -> bool {
    Uid::effective().is_root()
}

/// The home directory of a user; `None` if there is no such user or its name is not UTF-8.
pub fn home_of(user: &str) -> Option<String> {
    let user = User::from_name(user).ok().flatten()?;
    user.dir.into_os_string().into_string().ok()
}
