//! `$(…)` in values, run for real.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{CommandSubstitution, Env, Substitute};

use crate::secrets::Mask;
use crate::{Vars, run_substitution};

/// Answers calls of a secrets program in `$(…)` without starting it.
///
/// A homelab has dozens of `$(kpv …)` in its `.env` files, and each would open the vault again,
/// which is slow on purpose. What answers them in this process opens it once.
///
/// Its `Debug` shows no secret.
pub trait SecretSource: fmt::Debug {
    /// What the call `words` would have printed, if it is one that this source answers; `None`
    /// lets the program be run. `words` are the program and its arguments, `env` the variables it
    /// would see, `dir` (absolute) the directory it would run in.
    ///
    /// # Errors
    /// Why there is no answer, as a fragment for a message and without a secret in it.
    fn answer(
        &self,
        words: &[String],
        env: &Env,
        dir: &Utf8Path,
    ) -> Option<Result<Substitute, String>>;
}

/// Runs the commands of `$(…)` in a directory, without a shell; see [`run_substitution`].
///
/// It goes into [`Session::commands`](castfile::Session::commands).
#[derive(Clone, Debug)]
pub struct Commands<'s> {
    dir: Utf8PathBuf,
    secrets: Option<&'s dyn SecretSource>,
}

impl<'s> Commands<'s> {
    /// Runs them in `dir`, an absolute path: usually the directory of the project.
    pub fn new(dir: impl AsRef<Utf8Path>) -> Self {
        Self {
            dir: dir.as_ref().to_owned(),
            secrets: None,
        }
    }

    /// Asks `secrets` first.
    #[must_use]
    pub fn with_secrets(self, secrets: Option<&'s dyn SecretSource>) -> Self {
        Self { secrets, ..self }
    }
}

impl CommandSubstitution for Commands<'_> {
    /// Answers or runs one command with the variables of `env`.
    ///
    /// # Errors
    /// As for [`run_substitution`], with the secrets of `env` masked: what a failing program says
    /// may well repeat the password it did not like.
    fn run(&self, words: &[String], env: &Env) -> Result<Substitute, String> {
        let answer = self
            .secrets
            .and_then(|secrets| secrets.answer(words, env, &self.dir));
        if let Some(answer) = answer {
            return answer;
        }
        let vars: Vars = env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()))
            .collect();
        run_substitution(words, &vars, &self.dir)
            .map(Substitute::from)
            .map_err(|message| Mask::of(env).text(&message).into_owned())
    }
}
