//! Snapshots in a repository of [restic](https://restic.net), by its program.
//!
//! Follows restic 0.14 to 0.19: its `--json` messages, its exit codes where they say enough (0.17 and
//! later) and its texts where they do not. Repositories may be local, `rest:`, `s3:`, `sftp:` and
//! whatever else the program knows.
//!
//! The password goes through a pipe; it is neither an argument nor in the environment. Keys of S3 and
//! the like go through the environment, as there is no other way.
//!
//! ```no_run
//! use std::collections::BTreeMap;
//! use backup::restic::{Restic, Settings};
//! use backup::store::{Secret, SnapshotStore as _, Source};
//!
//! # async fn example() -> Result<(), backup::restic::Error> {
//! let mut settings = Settings::new("/mnt/backups/restic");
//! settings.password = backup::restic::Password::File("/etc/backup/password".into());
//! let restic = Restic::open(settings, &BTreeMap::<String, Secret>::new()).await?;
//! restic.init().await?;
//! let source = Source {
//!     paths: vec!["/mnt/docker".into()],
//!     host: "homelab".into(),
//!     ..Source::default()
//! };
//! let made = restic.backup(&source, &mut |_| ()).await?;
//! println!("{:?}", made.id);
//! # Ok(())
//! # }
//! ```

mod commands;
mod error;
mod fault;
mod lock;
mod message;
mod process;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use self::fault::{Fault, classify};
use self::process::{Outcome, name};
use crate::store::{Secret, SecretSource};

pub use self::error::Error;
pub use self::lock::Lock;

/// The oldest version that works.
const OLDEST: Version = Version(0, 14, 0);

/// A version of restic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Where the password of a repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Password {
    /// What is in a file, without space at its ends, as restic reads it.
    File(PathBuf),
    /// A secret of the source, by its name.
    Named(String),
    /// The password itself.
    Known(Secret),
}

/// A repository and how to work on it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The program: `restic`, found in `PATH`, or a path.
    pub program: PathBuf,
    /// The address as restic takes it. It may have a password in it, and is shown without.
    pub repository: Secret,
    /// Its password.
    pub password: Password,
    /// The environment the program gets: `PATH`, `HOME`, proxies, `RESTIC_CACHE_DIR`,
    /// `RESTIC_COMPRESSION` and the like. What would change the repository, the password or the
    /// machine's name is left out.
    pub env: BTreeMap<String, String>,
    /// Variables whose values are secrets of the source: `AWS_SECRET_ACCESS_KEY` to the name of the
    /// secret.
    pub keys: BTreeMap<String, String>,
    /// How long a lock of someone else is waited for; not at all by default.
    pub lock_wait: Duration,
    /// How long one command may take; no limit if `None`.
    pub limit: Option<Duration>,
}

impl Settings {
    /// A repository with the password named `RESTIC_PASSWORD` and an empty environment.
    pub fn new(repository: impl Into<String>) -> Self {
        Self {
            program: "restic".into(),
            repository: Secret::new(repository),
            password: Password::Named("RESTIC_PASSWORD".to_owned()),
            env: BTreeMap::new(),
            keys: BTreeMap::new(),
            lock_wait: Duration::ZERO,
            limit: None,
        }
    }
}

/// A repository of restic, through the program.
#[derive(Clone, Debug)]
pub struct Restic {
    settings: Settings,
    version: Version,
    shown: String,
    password: Secret,
    secrets: BTreeMap<String, Secret>,
    env: BTreeMap<String, String>,
}

impl Restic {
    /// Looks for the program and takes the secrets from their source. The repository is not touched.
    ///
    /// # Errors
    /// [`Error::NoProgram`], [`Error::TooOld`], [`Error::NotRestic`], [`Error::NoPassword`].
    pub async fn open(settings: Settings, source: &dyn SecretSource) -> Result<Self, Error> {
        let shown = shown(settings.repository.reveal());
        let missing = |why| Error::NoPassword {
            repository: shown.clone(),
            why,
        };
        let named = |wanted: &str| match source.secret(wanted) {
            Ok(Some(secret)) if secret.reveal().is_empty() => {
                Err(missing(format!("the secret `{wanted}` is empty")))
            }
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(missing(format!("there is no secret `{wanted}`"))),
            Err(why) => Err(missing(format!(
                "the secret `{wanted}` cannot be had: {why}"
            ))),
        };
        let password = match &settings.password {
            Password::Known(secret) => secret.clone(),
            Password::Named(wanted) => named(wanted)?,
            Password::File(path) => {
                let text =
                    fs_err::read_to_string(path).map_err(|error| missing(error.to_string()))?;
                let line = text.trim();
                if line.is_empty() {
                    return Err(missing(format!("`{}` is empty", path.display())));
                }
                Secret::new(line)
            }
        };
        let mut secrets = BTreeMap::new();
        for (variable, wanted) in &settings.keys {
            secrets.insert(variable.clone(), named(wanted)?);
        }
        let mut env = settings.env.clone();
        env.retain(|name, _| {
            !(name.starts_with("RESTIC_PASSWORD")
                || name.starts_with("RESTIC_REPOSITORY")
                || name.starts_with("RESTIC_FROM_")
                || name.starts_with("RESTIC_KEY_HINT")
                || name == "RESTIC_HOST")
        });
        let mut restic = Self {
            settings,
            version: OLDEST,
            shown,
            password,
            secrets,
            env,
        };
        restic.version = restic.probe().await?;
        Ok(restic)
    }

    /// The version of the program.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The address of the repository, without a password.
    pub fn repository(&self) -> &str {
        &self.shown
    }

    /// Whether there is a repository, and the password opens it.
    ///
    /// # Errors
    /// Those of every command but [`Error::NoRepository`].
    pub async fn exists(&self) -> Result<bool, Error> {
        match self.text(&["cat", "config", "--no-lock"]).await {
            Ok(_) => Ok(true),
            Err(Error::NoRepository { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn probe(&self) -> Result<Version, Error> {
        let mut text = String::new();
        self.spawn(&["version".into()], None, &mut |line| text.push_str(line))
            .await?;
        let version = parse_version(&text);
        let Some(version) = version else {
            return Err(Error::NotRestic {
                program: self.settings.program.to_string_lossy().into_owned(),
                text: text.chars().take(80).collect(),
            });
        };
        if version < OLDEST {
            return Err(Error::TooOld {
                found: version,
                needed: OLDEST,
            });
        }
        Ok(version)
    }

    /// Runs a command that prints text, and returns it.
    async fn text(&self, args: &[&str]) -> Result<String, Error> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        self.printed(&args).await
    }

    async fn printed(&self, args: &[OsString]) -> Result<String, Error> {
        let mut text = String::new();
        let outcome = self
            .patiently(args, None, &mut |line| {
                text.push_str(line);
                text.push('\n');
            })
            .await?;
        self.succeeded(args, &outcome, &text)?;
        Ok(text)
    }

    fn succeeded(&self, args: &[OsString], outcome: &Outcome, stdout: &str) -> Result<(), Error> {
        if outcome.code == 0 {
            return Ok(());
        }
        Err(self.fault(&name(args), outcome, stdout))
    }

    fn fault(&self, command: &str, outcome: &Outcome, stdout: &str) -> Error {
        let mut said: Vec<&str> = outcome.troubles.iter().map(String::as_str).collect();
        said.extend(
            outcome
                .stderr
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty()),
        );
        // Some commands tell of errors on standard output.
        let whole = format!("{}\n{stdout}", said.join("\n"));
        let repository = self.shown.clone();
        let fault = classify(outcome.code, &whole);
        let message = || {
            let useful = said.iter().filter(|line| {
                !line.contains("returned error, retrying after")
                    && !line.starts_with("Is there a repository at")
            });
            let lines: Vec<&str> = useful.take(10).copied().collect();
            let text = self.redacted(&lines.join("; "));
            text.strip_prefix("Fatal: ")
                .map_or(text.clone(), str::to_owned)
        };
        match fault {
            Fault::NoRepository => Error::NoRepository { repository },
            Fault::Exists => Error::Exists { repository },
            Fault::WrongPassword => Error::WrongPassword { repository },
            Fault::Locked => Error::Locked {
                repository,
                locks: Vec::new(),
            },
            Fault::Access => Error::Access {
                repository,
                message: message(),
            },
            Fault::Unreachable => Error::Unreachable {
                repository,
                message: message(),
            },
            Fault::NoSpace => Error::NoSpace {
                repository,
                message: message(),
            },
            Fault::Damaged => Error::Damaged {
                repository,
                message: message(),
            },
            Fault::NothingThere => Error::NothingThere { message: message() },
            Fault::NoSnapshot => Error::NoSnapshot {
                repository,
                snapshot: String::new(),
            },
            Fault::Interrupted => Error::Interrupted {
                command: command.to_owned(),
            },
            Fault::Other => Error::Failed {
                command: command.to_owned(),
                code: outcome.code,
                message: message(),
            },
        }
    }

    /// A text without the secrets that went into the program.
    fn redacted(&self, text: &str) -> String {
        let mut text = text.replace(self.settings.repository.reveal(), &self.shown);
        for secret in self.secrets.values().chain([&self.password]) {
            if !secret.reveal().is_empty() {
                text = text.replace(secret.reveal(), "***");
            }
        }
        text
    }
}

/// The address without what is before `@` in it.
fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => format!("{scheme}://***{}", &rest[user.len()..]),
        None => address.to_owned(),
    }
}

fn parse_version(text: &str) -> Option<Version> {
    let number = text.strip_prefix("restic ")?.split_whitespace().next()?;
    let number = number.split(['-', '+']).next()?;
    let mut parts = number.split('.').map(str::parse);
    let mut next = || parts.next()?.ok();
    Some(Version(next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (text, version) in [
            (
                "restic 0.14.0 compiled with go1.19.8 on linux/amd64",
                Some(Version(0, 14, 0)),
            ),
            (
                "restic 0.19.1-dev (compiled manually) compiled with go1.25",
                Some(Version(0, 19, 1)),
            ),
            ("rustic 0.9.0", None),
            ("restic", None),
            ("", None),
        ] {
            assert_eq!(parse_version(text), version, "{text}");
        }
        assert!(Version(0, 9, 6) < OLDEST && Version(1, 0, 0) > Version(0, 19, 1));
    }

    #[test]
    fn addresses_are_shown_without_passwords() {
        for (address, expected) in [
            ("/mnt/repo", "/mnt/repo"),
            (
                "rest:https://u:p@host:8000/x",
                "rest:https://***@host:8000/x",
            ),
            ("rest:http://host/a@b", "rest:http://host/a@b"),
            (
                "s3:https://s3.example.org/bucket",
                "s3:https://s3.example.org/bucket",
            ),
            ("rest:https://u:p@ss@host/", "rest:https://***@host/"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }
}
