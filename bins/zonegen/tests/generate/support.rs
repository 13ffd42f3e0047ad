//! A directory to run `zonegen` in.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use common::Io;
use tempfile::TempDir;

/// A directory with files, and an environment.
pub(crate) struct Place {
    dir: TempDir,
    env: BTreeMap<String, String>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let place = Self {
            dir: TempDir::new().unwrap(),
            env: BTreeMap::new(),
        };
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    pub(crate) fn path(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.dir.path()).unwrap().to_owned()
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn run(&self, words: &str) -> Outcome {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = std::iter::once("zonegen")
            .chain(words.split(' '))
            .map(Into::into);
        let code = zonegen::run_in(
            &self.path(),
            &self.env,
            words.collect(),
            &mut Io::new(&mut out, &mut err),
        );
        let (out, err) = (
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        );
        Outcome { code, out, err }
    }

    /// Runs and expects that all went well without a word on standard error.
    pub(crate) fn good(&self, words: &str) -> String {
        let outcome = self.run(words);
        assert_eq!(
            (outcome.code, outcome.err.as_str()),
            (0, ""),
            "{words}\n{}",
            outcome.out
        );
        outcome.out
    }

    /// Runs and expects this code in a finding, and failure.
    pub(crate) fn bad(&self, words: &str, code: &str) -> String {
        let outcome = self.run(words);
        assert_eq!(outcome.code, 1, "{words}: {outcome:?}");
        assert!(
            outcome.err.contains(&format!("[{code}]")),
            "{words}: {}",
            outcome.err
        );
        outcome.err
    }

    /// The lines of the blocks of a zone file: records without class and time to live.
    pub(crate) fn records(&self, file: &str) -> Vec<String> {
        let text = self.read(file);
        let lines = text
            .lines()
            .filter(|line| !line.starts_with(['$', ';', '@', ' ']) && !line.is_empty());
        lines
            .map(|line| {
                let words: Vec<&str> = line.splitn(5, ' ').collect();
                format!("{} {} {}", words[0], words[3], words[4])
            })
            .collect()
    }
}
