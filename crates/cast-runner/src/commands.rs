//! `$(…)` in values, run for real.

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{CommandSubstitution, Env};

use crate::secrets::Mask;
use crate::{Vars, run_substitution};

/// Runs the commands of `$(…)` in a directory, without a shell; see [`run_substitution`].
///
/// It goes into [`Session::commands`](castfile::Session::commands).
#[derive(Clone, Debug)]
pub struct Commands {
    dir: Utf8PathBuf,
}

impl Commands {
    /// Runs them in `dir`, an absolute path: usually the directory of the project.
    pub fn new(dir: impl AsRef<Utf8Path>) -> Self {
        Self {
            dir: dir.as_ref().to_owned(),
        }
    }
}

impl CommandSubstitution for Commands {
    /// Runs one command with the variables of `env`.
    ///
    /// # Errors
    /// As for [`run_substitution`], with the secrets of `env` masked: what a failing program says
    /// may well repeat the password it did not like.
    fn run(&self, words: &[String], env: &Env) -> Result<String, String> {
        let vars: Vars = env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()))
            .collect();
        run_substitution(words, &vars, &self.dir)
            .map_err(|message| Mask::of(env).text(&message).into_owned())
    }
}
