//! `$(…)` in values, run for real.

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{CommandSubstitution, Env};

use crate::{Vars, run_substitution};

/// Runs the commands of `$(…)` in a directory, without a shell.
#[derive(Clone, Debug)]
pub struct Commands {
    dir: Utf8PathBuf,
}

impl Commands {
    /// Runs them in `dir`, an absolute path.
    pub fn new(dir: impl AsRef<Utf8Path>) -> Self {
        Self {
            dir: dir.as_ref().to_owned(),
        }
    }
}

impl CommandSubstitution for Commands {
    fn run(&self, words: &[String], env: &Env) -> Result<String, String> {
        let vars: Vars = env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()))
            .collect();
        run_substitution(words, &vars, &self.dir)
    }
}
