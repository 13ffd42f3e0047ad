//! What is to be started inside a container.

use std::collections::BTreeMap;
use std::fmt;

/// A program to run inside a container, with what it is given.
///
/// ```
/// let command = engine::Command::new(["pg_dumpall", "-U", "postgres"])
///     .env("PGAPPNAME", "backup")
///     .secret("PGPASSWORD", "hunter2")
///     .user("postgres");
/// assert!(!format!("{command:?}").contains("hunter2"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Command {
    pub(super) argv: Vec<String>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) secrets: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) directory: Option<String>,
    pub(super) stdin: bool,
}

impl Command {
    /// A program and its arguments. They are seen by everyone who lists processes or follows the
    /// engine's events: no secret may be among them.
    pub fn new<T: Into<String>>(argv: impl IntoIterator<Item = T>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            env: BTreeMap::new(),
            secrets: Vec::new(),
            user: None,
            directory: None,
            stdin: false,
        }
    }

    /// Sets a variable, beside those of the container.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Sets a variable whose value is a secret: it is not shown, and taken out of standard error.
    ///
    /// The engine does not tell the environment of an exec to anybody; inside the container the same
    /// user and root can read it.
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.secrets.push(value.clone());
        }
        self.env.insert(name.into(), value);
        self
    }

    /// Runs as this user, `user[:group]`, by name or number. The container's own user otherwise.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Runs in this directory. The container's own otherwise.
    pub fn directory(mut self, path: impl Into<String>) -> Self {
        self.directory = Some(path.into());
        self
    }

    /// Opens standard input, to be written by [`Exec::stdin`](crate::Exec::stdin). Without it the program reads nothing.
    pub fn stdin(mut self) -> Self {
        self.stdin = true;
        self
    }

    /// The program, without its arguments.
    pub fn program(&self) -> &str {
        self.argv.first().map_or("", String::as_str)
    }

    /// The program and its arguments.
    pub fn argv(&self) -> &[String] {
        &self.argv
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("argv", &self.argv)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("user", &self.user)
            .field("directory", &self.directory)
            .field("stdin", &self.stdin)
            .finish_non_exhaustive()
    }
}
