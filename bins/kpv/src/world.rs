//! The world outside, read once at the start and handed on as values.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::SystemTime;

use camino::Utf8PathBuf;
use vault::{Places, System};

use crate::failure::{Failure, Result};

/// The process as the commands see it.
#[derive(Clone)]
pub struct World {
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Variables that are not UTF-8: for child processes only.
    pub raw_vars: Vec<(OsString, OsString)>,
    /// The current directory, absolute.
    pub dir: Utf8PathBuf,
    /// The time.
    pub now: SystemTime,
    /// Whether somebody can be asked for a password.
    pub is_interactive: bool,
}

impl std::fmt::Debug for World {
    /// Without the values of the environment.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl World {
    /// Reads the real world.
    ///
    /// # Errors
    /// A message if the current directory is gone or its name is not UTF-8.
    pub fn read() -> Result<Self, String> {
        use std::io::IsTerminal as _;
        Ok(Self {
            env: common::environment(),
            raw_vars: cast_runner::raw_vars(std::env::vars_os()),
            dir: common::current_dir()?,
            now: SystemTime::now(),
            is_interactive: std::io::stdin().is_terminal(),
        })
    }

    /// A variable that is set and not empty.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        let value = self.env.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// Where vaults and the configuration are.
    pub(crate) fn places(&self) -> Result<Places> {
        let var = |name: &str| self.env.get(name).cloned();
        Places::from_env(System::THIS, self.dir.clone(), &var)
            .ok_or_else(|| Failure::new("there is no home directory: HOME is not set"))
    }

    /// The time as the calendar has it.
    pub(crate) fn timestamp(&self) -> jiff::Timestamp {
        jiff::Timestamp::try_from(self.now).unwrap_or_default()
    }
}
