//! `$(kpv …)` in values, answered in this process: one key derivation for the whole run.

use std::cell::RefCell;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use cast_runner::{SecretSource, find_program};
use castfile::{Env, Substitute};
use kpv::Answers;

use crate::world::World;

/// The vaults of a run. None is open before a call asks for it.
#[derive(Debug)]
pub(crate) struct Vaults {
    /// Where this program is.
    directory: Option<Utf8PathBuf>,
    answers: RefCell<Answers>,
}

impl Vaults {
    pub(crate) fn new(world: &World) -> Self {
        let executable = world.host.executable.as_deref().map(Utf8Path::new);
        Self {
            directory: executable.and_then(directory_of),
            answers: RefCell::default(),
        }
    }

    /// Whether a program is the kpv that belongs to this cast: the one beside it, and where there
    /// is no program `kpv` at all, the one inside. Any other is run.
    fn is_ours(&self, name: &str, env: &Env, dir: &Utf8Path) -> bool {
        if Utf8Path::new(name).file_name() != Some("kpv") {
            return false;
        }
        match find_program(name, env.get("PATH"), dir) {
            Some(program) => self.directory.is_some() && directory_of(&program) == self.directory,
            None => name == "kpv",
        }
    }
}

impl SecretSource for Vaults {
    fn answer(
        &self,
        words: &[String],
        env: &Env,
        dir: &Utf8Path,
    ) -> Option<Result<Substitute, String>> {
        if !self.is_ours(words.first()?, env, dir) {
            return None;
        }
        let call = match kpv::call(words) {
            Ok(call) => call,
            // a program can do what is more than a question
            Err(_) if find_program(&words[0], env.get("PATH"), dir).is_some() => return None,
            Err(error) => return Some(Err(error.to_string())),
        };
        let vars = env
            .iter()
            .map(|(name, var)| (name.to_owned(), var.value.clone()));
        let world = kpv::World {
            env: vars.collect(),
            raw_vars: Vec::new(),
            dir: dir.to_owned(),
            now: SystemTime::now(),
            is_interactive: false,
        };
        let answer = self.answers.borrow_mut().answer(&call, &world);
        Some(match answer {
            Ok(secret) => Ok(Substitute {
                text: secret.expose().to_owned(),
                secret: true,
            }),
            Err(failure) => Err(match failure.advice() {
                [] => failure.to_string(),
                advice => format!("{failure} ({})", advice.join("; ")),
            }),
        })
    }
}

/// The directory of a program, links followed.
fn directory_of(program: &Utf8Path) -> Option<Utf8PathBuf> {
    let program = program.canonicalize_utf8().ok()?;
    program.parent().map(Utf8Path::to_owned)
}
