//! `lab config` run as a program, in a project of its own.

use std::io::Write as _;
use std::process::Stdio;

use camino::Utf8PathBuf;
use homelab_tests::{Outcome, Sandbox};

/// A directory with a project.
pub(crate) struct Lab(Sandbox);

impl Lab {
    pub(crate) fn new<const N: usize>(files: [(&str, &str); N]) -> Self {
        let sandbox = Sandbox::new();
        for (path, text) in files {
            sandbox.file(format!("lab/{path}"), text);
        }
        Self(sandbox)
    }

    /// The project that most tests ask.
    pub(crate) fn usual() -> Self {
        Self::new([
            (
                "compose.yaml",
                "\
services:
  web:
    image: nginx:${TAG:-1.27}
    build: ./web
    env_file: web.env
    ports: ['8080:80']
    depends_on: [db]
    volumes: ['files:/files']
  db:
    image: postgres
    command: serve -p $PORT
    networks: [back]
    models: [m]
  debug:
    image: debug
    profiles: [dev, test]
networks:
  back:
volumes:
  files:
models:
  m: {model: ai/m}
",
            ),
            (".env", "PORT=5432\n"),
            ("web.env", "A=1\n"),
            ("other.env", "PORT=1\nTAG=2\n"),
            ("more.yaml", "services:\n  web: {hostname: more}\n"),
        ])
    }

    /// The path of a file of the project.
    pub(crate) fn path(&self, file: &str) -> Utf8PathBuf {
        self.0.path().join("lab").join(file)
    }

    /// Writes a file of the project.
    pub(crate) fn file(&self, file: &str, text: &str) {
        self.0.file(self.path(file), text);
    }

    /// A text with the paths of a project in `/lab`.
    pub(crate) fn shown(&self, text: &str) -> String {
        text.replace(self.0.path().as_str(), "")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, "")
    }

    /// Runs `lab config`; paths are shown as if the project were in `/lab`.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Outcome {
        let mut child = self
            .0
            .command(env!("CARGO_BIN_EXE_lab"))
            .arg("config")
            .args(args)
            .current_dir(self.0.path().join("lab"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        // A program that does not read its input closes it.
        let _written = { stdin }.write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| self.shown(&String::from_utf8(bytes).unwrap());
        Outcome {
            command: format!("lab config {}", args.join(" ")),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Standard output of a run that has nothing to complain about.
    #[track_caller]
    pub(crate) fn prints(&self, args: &[&str]) -> String {
        let outcome = self.run(args).success();
        assert_eq!(outcome.stderr, "", "{}", outcome.command);
        outcome.stdout
    }

    /// Standard error of a run that prints nothing and ends with `code`.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        let outcome = self.run(args).expect_code(code);
        assert_eq!(outcome.stdout, "", "{}", outcome.command);
        outcome.stderr
    }
}

/// The lines of a text that hold one of the words.
pub(crate) fn lines_with(text: &str, words: &[&str]) -> String {
    let lines = text
        .lines()
        .filter(|line| words.iter().any(|word| line.contains(word)));
    lines.collect::<Vec<_>>().join("\n")
}
