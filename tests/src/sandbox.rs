//! A place of its own for one test.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// A temporary directory and an environment without anything of the calling one, but for `PATH`.
///
/// `HOME` and the `XDG_*` directories lie inside, `NO_COLOR=1`, `TZ=UTC` and `LC_ALL=C` are set. The
/// directory is removed when the value is dropped.
#[derive(Debug)]
pub struct Sandbox {
    // keeps the directory alive
    _dir: TempDir,
    work: Utf8PathBuf,
    env: BTreeMap<String, String>,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// Makes an empty one.
    ///
    /// # Panics
    ///
    /// When the temporary directory cannot be made or its path is not UTF-8.
    #[must_use]
    pub fn new() -> Self {
        let dir = TempDir::with_prefix("homelab-test-").expect("a temporary directory can be made");
        // programs report the resolved path, and on some systems the temporary directory is a link
        let root = fs_err::canonicalize(dir.path()).expect("the directory was just made");
        let root = Utf8PathBuf::from_path_buf(root).expect("the temporary directory is UTF-8");
        let (work, home) = (root.join("work"), root.join("home"));
        fs_err::create_dir(&work).expect("an empty directory takes a new one");
        fs_err::create_dir(&home).expect("an empty directory takes a new one");
        let env = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", home.to_string()),
            ("XDG_CACHE_HOME", home.join(".cache").into_string()),
            ("XDG_CONFIG_HOME", home.join(".config").into_string()),
            ("XDG_DATA_HOME", home.join(".local/share").into_string()),
            ("XDG_STATE_HOME", home.join(".local/state").into_string()),
            ("NO_COLOR", "1".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("LC_ALL", "C".to_owned()),
        ];
        let env = env
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self {
            _dir: dir,
            work,
            env,
        }
    }

    /// The directory commands start in: absolute, without symbolic links.
    #[must_use]
    pub fn path(&self) -> &Utf8Path {
        &self.work
    }

    /// Sets a variable for the commands to come.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Takes a variable away from the commands to come.
    pub fn unset(&mut self, name: &str) -> &mut Self {
        self.env.remove(name);
        self
    }

    /// Puts a directory in front of `PATH` for the commands to come.
    pub fn prepend_path(&mut self, dir: &Utf8Path) -> &mut Self {
        let path = self.env.entry("PATH".to_owned()).or_default();
        *path = format!("{dir}:{path}");
        self
    }

    /// Writes a file below [`Sandbox::path`], with the directories it needs, and returns its path.
    ///
    /// # Panics
    ///
    /// When the file cannot be written.
    pub fn file(&self, path: impl AsRef<Utf8Path>, text: &str) -> Utf8PathBuf {
        let path = self.work.join(path);
        if let Some(parent) = path.parent() {
            fs_err::create_dir_all(parent).expect("the sandbox is writable");
        }
        fs_err::write(&path, text).expect("the sandbox is writable");
        path
    }

    /// Copies a directory to `to` below [`Sandbox::path`] and returns the new path, without what running
    /// stacks have left in it: who tried the demo has a `.mnt` in the example. Modes are kept, symbolic
    /// links are copied as links.
    ///
    /// # Panics
    ///
    /// When something cannot be read or written.
    pub fn copy_tree(&self, from: &Utf8Path, to: &str) -> Utf8PathBuf {
        let to = self.work.join(to);
        copy_dir(from, &to).expect("the tree can be copied");
        to
    }

    /// A command with this environment, started in [`Sandbox::path`], without standard input.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.env)
            .current_dir(&self.work)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    ///
    /// When the program cannot be started.
    pub fn run<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        args: impl IntoIterator<Item = A>,
    ) -> Outcome {
        run(self.command(program).args(args))
    }
}

/// What a command left behind. Output which is not UTF-8 shows replacement characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The command as it was run, for messages.
    pub command: String,
    /// The exit code; `None` when a signal ended the command.
    pub code: Option<i32>,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
}

impl Outcome {
    /// This outcome, if the command ended with `code`.
    ///
    /// # Panics
    ///
    /// When it did not; the message holds everything it printed.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often the check is all that is wanted"
    )]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "{}\n--- stdout\n{}\n--- stderr\n{}",
            self.command,
            self.stdout,
            self.stderr
        );
        self
    }

    /// This outcome, if the command succeeded.
    ///
    /// # Panics
    ///
    /// When it did not; the message holds everything it printed.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often the check is all that is wanted"
    )]
    pub fn success(self) -> Self {
        self.expect_code(0)
    }
}

/// Runs a prepared command to its end.
///
/// # Panics
///
/// When the program cannot be started.
#[track_caller]
pub fn run(command: &mut Command) -> Outcome {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!("{command:?}: {error}"),
    };
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    Outcome {
        command: words.join(" "),
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn copy_dir(from: &Utf8Path, to: &Utf8Path) -> std::io::Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in from.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_name() == ".mnt" {
            continue;
        }
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_dir(entry.path(), &target)?;
        } else if kind.is_symlink() {
            fs_err::os::unix::fs::symlink(fs_err::read_link(entry.path())?, &target)?;
        } else {
            fs_err::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_cleared_and_complete() {
        let mut sandbox = Sandbox::new();
        sandbox.set("EXTRA", "1");
        let outcome = sandbox.run("env", [] as [&str; 0]).success();
        let names: Vec<_> = outcome
            .stdout
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "EXTRA",
                "HOME",
                "LC_ALL",
                "NO_COLOR",
                "PATH",
                "TZ",
                "XDG_CACHE_HOME",
                "XDG_CONFIG_HOME",
                "XDG_DATA_HOME",
                "XDG_STATE_HOME"
            ]
        );
    }

    #[test]
    fn trees_are_copied_with_modes_links_and_hidden_files() {
        let sandbox = Sandbox::new();
        sandbox.file("a/.hidden/x", "x");
        let script = sandbox.file("a/run", "#!/bin/sh\necho ran\n");
        sandbox.run("chmod", ["755", script.as_str()]).success();
        fs_err::os::unix::fs::symlink("run", sandbox.path().join("a/link")).unwrap();
        let copy = sandbox.copy_tree(&sandbox.path().join("a"), "b");
        assert_eq!(
            sandbox
                .run(copy.join("link"), [] as [&str; 0])
                .success()
                .stdout,
            "ran\n"
        );
        assert_eq!(fs_err::read_to_string(copy.join(".hidden/x")).unwrap(), "x");
    }
}
