//! `$(kpv …)` answered in this process, with one key derivation for all of them.

use camino::Utf8PathBuf;
use vault::{
    Call, CallError, Edited, Given, OpenOptions, OsRandom, Request, SaveOptions, Secret, Vault,
    locate, parse_call,
};

use crate::failure::{Failure, Result};
use crate::session::{Disk, must_exist, no_password, read_config, unlock};
use crate::world::World;

/// Vaults that were opened to answer calls, each of them once.
///
/// A call is answered as the program would answer it, with two differences: nobody is asked for a
/// password, and what follows `||` counts only for a secret that is not there. A vault that cannot
/// be opened is an error, so that no empty password goes into a service.
#[derive(Debug, Default)]
pub struct Answers {
    vault: Option<String>,
    given: Given,
    opened: Vec<Opened>,
}

/// The call that words taken apart already make, as the expansion of castfiles has them:
/// `2>/dev/null` and `||` are words of their own there.
///
/// # Errors
/// What is more than a question to a vault.
pub fn call(words: &[String]) -> Result<Call, CallError> {
    let mut command = String::new();
    for word in words {
        let is_redirection = matches!(word.as_str(), "2>/dev/null" | "2>" | "/dev/null" | "||");
        if is_redirection {
            command.push_str(word);
        } else {
            command.extend(["'", &word.replace('\'', "'\\''"), "'"]);
        }
        command.push(' ');
    }
    parse_call(&command)
}

#[derive(Debug)]
struct Opened {
    path: Utf8PathBuf,
    given: Given,
    vault: Vault,
}

impl Answers {
    /// No vault is open yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a vault and a master password for calls that name none.
    pub(crate) fn with(vault: Option<String>, given: Given) -> Self {
        Self {
            vault,
            given,
            opened: Vec::new(),
        }
    }

    /// What the call would have printed, without the line end. Saves a secret that was made.
    ///
    /// # Errors
    /// Why there is no answer. Nothing is written then.
    pub fn answer(&mut self, call: &Call, world: &World) -> Result<Secret, Failure> {
        let at = self.open(call, world)?;
        self.stage(at, call)?;
        self.commit()?;
        self.value(at, call)
    }

    /// The answers to several calls, in their order. Secrets are made and saved only if all calls
    /// can be answered.
    ///
    /// # Errors
    /// Which call has no answer, and why.
    pub(crate) fn answer_all(
        &mut self,
        calls: &[&Call],
        world: &World,
    ) -> Result<Vec<Secret>, (usize, Failure)> {
        let mut places = Vec::with_capacity(calls.len());
        for (index, call) in calls.iter().enumerate() {
            let staged = self.open(call, world).and_then(|at| {
                self.stage(at, call)?;
                self.value(at, call)?;
                Ok(at)
            });
            places.push(staged.map_err(|failure| (index, failure))?);
        }
        self.commit().map_err(|failure| (0, failure))?;
        let values = std::iter::zip(calls, places).enumerate();
        values
            .map(|(index, (call, at))| self.value(at, call).map_err(|failure| (index, failure)))
            .collect()
    }

    /// Opens the vault that a call means, unless it is open.
    fn open(&mut self, call: &Call, world: &World) -> Result<usize> {
        let places = world.places()?;
        let config = read_config(&places)?;
        let name = call
            .vault
            .as_deref()
            .or(self.vault.as_deref())
            .or(world.var("KPV_VAULT"));
        let path = locate(name, &places, &config, &|path| path.exists())?;
        let given = self.given(call);
        let known = self
            .opened
            .iter()
            .position(|it| it.path == path && it.given == given);
        if let Some(at) = known {
            return Ok(at);
        }
        must_exist(&path)?;
        let found = unlock(world, &places, &config, &Disk::WITHOUT_INPUT, &given, &path)?;
        let credentials = found.ok_or_else(|| no_password(&path))?.credentials;
        let vault = Vault::open(&path, credentials, OpenOptions::at(world.now))?;
        self.opened.push(Opened { path, given, vault });
        Ok(self.opened.len() - 1)
    }

    fn given(&self, call: &Call) -> Given {
        let mut given = self.given.clone();
        if call.password.is_some() || call.password_file.is_some() || call.os_secret.is_some() {
            given.password.clone_from(&call.password);
            given.password_file.clone_from(&call.password_file);
            given.os_secret.clone_from(&call.os_secret);
        }
        given
    }

    /// Makes a secret in memory, if the call wants one and it is not there.
    fn stage(&mut self, at: usize, call: &Call) -> Result<Edited> {
        match &call.request {
            Request::Ensure {
                key,
                rules: Some(rules),
            } => {
                let vault = &mut self.opened[at].vault;
                Ok(vault.ensure(key, || rules.generate(&mut OsRandom))?)
            }
            _ => Ok(Edited::Unchanged),
        }
    }

    /// Writes what was made.
    fn commit(&mut self) -> Result<()> {
        for opened in &mut self.opened {
            opened.vault.save(&SaveOptions::default())?;
        }
        Ok(())
    }

    fn value(&self, at: usize, call: &Call) -> Result<Secret> {
        let vault = &self.opened[at].vault;
        let value = match &call.request {
            Request::Get { key } => vault.get(key),
            Request::Field { key, field } => vault.get_field(key, field),
            Request::Ensure { key, .. } => vault.get(key),
            _ => return Err(Failure::new("this call of `kpv` is not answered here")),
        };
        match (value, &call.fallback) {
            (Ok(value), _) => Ok(value),
            (Err(error), Some(fallback)) if is_absent(&error) => {
                Ok(Secret::from(fallback.as_str()))
            }
            (Err(error), _) => Err(error.into()),
        }
    }
}

fn is_absent(error: &vault::Error) -> bool {
    matches!(
        error,
        vault::Error::NotFound { .. } | vault::Error::NoField { .. }
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use camino::Utf8Path;
    use vault::{Credentials, Kdf, Settings};

    use super::*;

    fn world(home: &Utf8Path) -> World {
        let vars = [("HOME", home.as_str()), ("KPV_PASSWORD", "master")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        World {
            env: BTreeMap::from(vars),
            raw_vars: Vec::new(),
            dir: home.to_owned(),
            now: std::time::SystemTime::now(),
            is_interactive: false,
        }
    }

    fn words(command: &str) -> Vec<String> {
        command.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn many_calls_cost_one_derivation() {
        let dir = tempfile::tempdir().unwrap();
        let home = Utf8Path::from_path(dir.path()).unwrap();
        let world = world(home);
        let path = home.join(".local/share/kpv/default.kdbx");
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        let settings = Settings::new("test").kdf(Kdf::Aes { rounds: 1 });
        let credentials = Credentials::password(Secret::from("master"));
        let options = OpenOptions::at(world.now);
        let mut vault = Vault::create(&path, credentials, settings, options).unwrap();
        vault.save(&SaveOptions::default()).unwrap();

        let mut answers = Answers::new();
        let mut ask = |command: &str| {
            let call = call(&words(command)).unwrap();
            answers
                .answer(&call, &world)
                .map(|value| value.expose().to_owned())
        };
        let made = ask("kpv secrets ensure --key default/x --size 20 -S").unwrap();
        assert_eq!(made.len(), 20);
        for command in [
            "kpv get default/x",
            "kpv ensure default/x",
            "kpv -V default get x",
        ] {
            assert_eq!(ask(command).unwrap(), made);
        }
        assert_eq!(
            ask("kpv get nope 2>/dev/null || echo 'fallback'").unwrap(),
            "'fallback'"
        );
        assert_eq!(
            ask("kpv get nope").unwrap_err().to_string(),
            "no secret `nope`"
        );
        for at in 0..30 {
            ask(&format!("kpv ensure many/{at}")).unwrap();
        }
        assert_eq!(answers.opened.len(), 1);
        assert_eq!(answers.opened[0].vault.derivations(), 1);
    }

    #[test]
    fn a_vault_that_cannot_be_opened_is_no_reason_to_fall_back() {
        let dir = tempfile::tempdir().unwrap();
        let world = world(Utf8Path::from_path(dir.path()).unwrap());
        let call = call(&words("kpv get a || echo")).unwrap();
        let error = Answers::new().answer(&call, &world).unwrap_err();
        assert!(
            error.to_string().starts_with("there is no vault at"),
            "{error}"
        );
    }

    #[test]
    fn words_are_taken_as_they_are() {
        let list = ["kpv", "get", "it's $HOME \\ `x`"].map(str::to_owned);
        let expected = Request::Get {
            key: "it's $HOME \\ `x`".to_owned(),
        };
        assert_eq!(call(&list).unwrap().request, expected);
        assert!(call(&["kpv", "rm", "x"].map(str::to_owned)).is_err());
    }
}
