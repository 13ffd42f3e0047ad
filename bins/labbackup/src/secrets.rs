//! Secrets that variables name in the place of holding them.
//!
//! A value may be `kpv://KEY`, or have `$(kpv …)` in it as castfiles and `.env` files do. Both are
//! answered in this process: nothing is started, and a vault is opened once, when it is asked for
//! first.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::SystemTime;

use backup::store::{Secret, SecretSource};
use camino::Utf8Path;
use kpv::Answers;

const SCHEME: &str = "kpv://";

/// The variables of this process, with vaults behind them.
#[derive(Debug)]
pub(crate) struct Vaults {
    world: kpv::World,
    answers: Mutex<Answers>,
}

impl Vaults {
    /// None is open yet.
    pub(crate) fn new(dir: &Utf8Path, env: &BTreeMap<String, String>) -> Self {
        Self {
            world: kpv::World {
                env: env.clone(),
                raw_vars: Vec::new(),
                dir: dir.to_owned(),
                now: SystemTime::now(),
                is_interactive: false,
            },
            answers: Mutex::default(),
        }
    }

    /// Whether a value names a secret.
    pub(crate) fn is_reference(value: &str) -> bool {
        value.starts_with(SCHEME) || value.contains("$(")
    }

    /// What a value stands for: itself, if it names no secret.
    fn resolved(&self, value: &str) -> Result<Secret, String> {
        if let Some(key) = value.strip_prefix(SCHEME) {
            let words = ["kpv", "get", "--", key].map(str::to_owned);
            let call = kpv::call(&words).map_err(|error| error.to_string())?;
            return self
                .answer(&call)
                .map(|answer| Secret::new(answer.expose()));
        }
        let calls = vault::find_calls(value).map_err(|error| error.to_string())?;
        let mut text = zeroize::Zeroizing::new(String::new());
        let mut from = 0;
        for found in &calls {
            text.push_str(&value[from..found.range.start]);
            text.push_str(self.answer(&found.call)?.expose());
            from = found.range.end;
        }
        text.push_str(&value[from..]);
        Ok(Secret::new(text.as_str()))
    }

    fn answer(&self, call: &vault::Call) -> Result<vault::Secret, String> {
        let Ok(mut answers) = self.answers.lock() else {
            return Err("the vault is not to be used any more".to_owned());
        };
        let answer = answers.answer(call, &self.world);
        answer.map_err(|failure| match failure.advice() {
            [] => failure.to_string(),
            advice => format!("{failure} ({})", advice.join("; ")),
        })
    }
}

impl SecretSource for Vaults {
    /// What the variable of this name holds, or names; `None` if it is not set, or empty.
    fn secret(&self, name: &str) -> Result<Option<Secret>, String> {
        match self.world.env.get(name).filter(|value| !value.is_empty()) {
            None => Ok(None),
            Some(value) => self.resolved(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vaults(value: &str) -> Vaults {
        let env = BTreeMap::from([("A".to_owned(), value.to_owned())]);
        Vaults::new(Utf8Path::new("/nonexistent"), &env)
    }

    #[test]
    fn what_names_no_secret_stays_as_it_is() {
        for value in ["plain", "with $HOME and $(date)", "a://b"] {
            let secret = vaults(value).secret("A").unwrap().unwrap();
            assert_eq!(secret.reveal(), value);
        }
        assert_eq!(vaults("").secret("A"), Ok(None));
        assert_eq!(vaults("x").secret("B"), Ok(None));
    }

    #[test]
    fn a_vault_that_is_not_there_is_an_error() {
        for value in [
            "kpv://backup/restic",
            "s3:$(kpv get a)",
            "$(kpv secrets rm a)",
        ] {
            let error = vaults(value).secret("A").unwrap_err();
            assert!(!error.contains('\n') && !error.is_empty(), "{error}");
        }
    }
}
