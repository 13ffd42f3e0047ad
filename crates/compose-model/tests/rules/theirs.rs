//! A fixture taken through the real Docker Compose.

use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use crate::fixture::Fixture;
use crate::ours::{HOME, PROJECT};

/// What Docker Compose says to a fixture in one of the two formats.
pub(crate) struct Answer {
    pub(crate) accepted: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The files of a fixture on the disk, below a root of their own.
pub(crate) struct Laid<'a> {
    fixture: &'a Fixture,
    program: &'a Utf8Path,
    root: Utf8PathBuf,
    _dir: tempfile::TempDir,
}

impl<'a> Laid<'a> {
    /// Writes the files.
    pub(crate) fn out(fixture: &'a Fixture, program: &'a Utf8Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        let laid = Self {
            fixture,
            program,
            root,
            _dir: dir,
        };
        fs_err::create_dir_all(laid.below(HOME)).unwrap();
        fs_err::create_dir_all(laid.below(PROJECT)).unwrap();
        for (path, text, _) in fixture.files() {
            let path = laid.below(crate::ours::absolute(path).as_str());
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        laid
    }

    fn below(&self, path: &str) -> Utf8PathBuf {
        format!("{}{path}", self.root).into()
    }

    /// Runs `docker compose config`; paths in the answer are those of a root `/`.
    pub(crate) fn ask(&self, format: &str) -> Answer {
        let directory = self.fixture.section("directory").unwrap_or_default().trim();
        let directory = self.below(PROJECT).join(directory);
        fs_err::create_dir_all(&directory).unwrap();
        let (mut before, mut after) = (Vec::new(), vec!["config", "--format", format]);
        let mut words = self.fixture.options();
        while let Some(word) = words.next() {
            match word {
                "-f" | "-p" | "--env-file" | "--profile" | "--project-directory" => {
                    before.extend([word, words.next().expect("an option with a value")]);
                }
                _ => after.push(word),
            }
        }
        let mut child = Command::new(self.program)
            .args(before)
            .args(after)
            .env_clear()
            .envs(self.fixture.environment())
            .env("HOME", self.below(HOME))
            .env("PWD", &directory)
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = self.fixture.section("stdin").unwrap_or_default();
        let stdin = child.stdin.take().unwrap();
        // A program that does not read its input closes it.
        let _written = { stdin }.write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(self.root.as_str(), "")
        };
        Answer {
            accepted: output.status.success(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}
