//! A home directory with a vault in it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{Outcome, Sandbox};

pub(crate) const PASSWORD: &str = "master pässword 'x'";

/// A sandbox with `kpv` in front of `PATH`. The vault `default` is there unless it was made
/// [`empty`](Self::empty); its password is [`PASSWORD`], in `KPV_PASSWORD`.
pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
}

impl Lab {
    pub(crate) fn empty() -> Self {
        let mut sandbox = Sandbox::new();
        sandbox.prepend_path(Utf8Path::new(env!("CARGO_BIN_EXE_kpv")).parent().unwrap());
        Self { sandbox }
    }

    pub(crate) fn new() -> Self {
        let mut lab = Self::empty();
        lab.sandbox.set("KPV_PASSWORD", PASSWORD);
        lab.init(&[]);
        lab
    }

    /// With these secrets, given through standard input.
    pub(crate) fn with(secrets: &[(&str, &str)]) -> Self {
        let lab = Self::new();
        lab.put(secrets);
        lab
    }

    pub(crate) fn put(&self, secrets: &[(&str, &str)]) {
        let object: serde_json::Map<_, _> = secrets
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).into()))
            .collect();
        let json = serde_json::Value::Object(object).to_string();
        self.fed(&["import", "--json", "--stdin"], &json).success();
    }

    /// `kpv init` at the least cost there is.
    pub(crate) fn init(&self, args: &[&str]) -> Outcome {
        let cheap = [
            "init",
            "--kdf-memory",
            "1",
            "--kdf-iterations",
            "1",
            "--kdf-parallelism",
            "1",
        ];
        self.kpv(&[&cheap, args].concat()).success()
    }

    pub(crate) fn kpv(&self, args: &[&str]) -> Outcome {
        self.sandbox.run(env!("CARGO_BIN_EXE_kpv"), args)
    }

    /// The same with a text on standard input.
    pub(crate) fn fed(&self, args: &[&str], input: &str) -> Outcome {
        self.program(env!("CARGO_BIN_EXE_kpv"), args, input)
    }

    /// Another program with a text on standard input.
    pub(crate) fn program(&self, name: impl AsRef<OsStr>, args: &[&str], input: &str) -> Outcome {
        let mut command = self.sandbox.command(name);
        command.args(args);
        feed(&mut command, input)
    }

    /// A script of a POSIX shell.
    pub(crate) fn sh(&self, script: &str) -> Outcome {
        self.sandbox.run("sh", ["-c", script])
    }

    pub(crate) fn home(&self) -> Utf8PathBuf {
        self.sandbox.path().parent().unwrap().join("home")
    }

    /// Where vaults without a directory are.
    pub(crate) fn data(&self) -> Utf8PathBuf {
        self.home().join(".local/share/kpv")
    }

    pub(crate) fn vault(&self) -> Utf8PathBuf {
        self.data().join("default.kdbx")
    }

    /// All files with their contents, to see that nothing was written.
    pub(crate) fn everything(&self) -> Vec<(Utf8PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.sandbox.path().parent().unwrap(), &mut files);
        files.sort();
        files
    }
}

/// Runs a command with a text on standard input.
pub(crate) fn feed(command: &mut Command, input: &str) -> Outcome {
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // a program that fails early reads nothing
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Outcome {
        command: format!("{command:?}"),
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn collect(dir: &Utf8Path, files: &mut Vec<(Utf8PathBuf, Vec<u8>)>) {
    for entry in dir.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            collect(entry.path(), files);
        } else {
            // the lock that writers take is no content
            let is_lock = entry.path().extension() == Some("lock");
            if !is_lock {
                files.push((
                    entry.path().to_owned(),
                    fs_err::read(entry.path()).unwrap_or_default(),
                ));
            }
        }
    }
}
