//! A fixture taken through this crate.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::{FileArg, Files, Options, Project, load};
use yaml_tree::{Diagnostic, DirEntry, FileKind};

use super::fixture::Fixture;

/// The directory of the project; outputs show it.
pub(crate) const PROJECT: &str = "/lab";
/// The home directory.
pub(crate) const HOME: &str = "/home/me";

/// What came of a project.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What is printed; none if the project is refused.
    pub(crate) printed: Option<Printed>,
    /// Warnings, `PLACE: MESSAGE` a line.
    pub(crate) warned: String,
    /// Errors in the same form.
    pub(crate) refused: String,
    /// Files that were read.
    pub(crate) read: BTreeSet<Utf8PathBuf>,
}

/// A project in both forms.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) yaml: String,
    pub(crate) json: String,
}

/// Files in memory that remember which of them were read.
#[derive(Default)]
struct Recorded {
    files: BTreeMap<Utf8PathBuf, String>,
    read: RefCell<BTreeSet<Utf8PathBuf>>,
}

impl Files for Recorded {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let text = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        self.read.borrow_mut().insert(path.to_owned());
        Ok(text.clone().into_bytes())
    }

    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        Ok(self.files.contains_key(path).then_some(FileKind::File))
    }

    fn list(&self, _dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        unreachable!("projects are found by the names of files")
    }
}

/// What a project is, or what is wrong with it.
pub(crate) type Loaded = Result<Project, Vec<Diagnostic>>;

/// Loads the project of a fixture; the second are the files that were read.
pub(crate) fn project(fixture: &Fixture) -> (Loaded, BTreeSet<Utf8PathBuf>) {
    let mut files = Recorded::default();
    for (path, text, _) in fixture.files() {
        files.files.insert(absolute(path), text.to_owned());
    }
    let loaded = load(&files, &options(fixture));
    (loaded, files.read.into_inner())
}

/// Loads and prints the project of a fixture.
pub(crate) fn run(fixture: &Fixture) -> Outcome {
    let mut outcome = Outcome::default();
    let (loaded, read) = project(fixture);
    let found = match loaded {
        Ok(project) => {
            outcome.printed = Some(Printed {
                yaml: project.to_yaml(),
                json: project.to_json().unwrap_or_else(|error| error.to_string()),
            });
            project.warnings
        }
        Err(found) => found,
    };
    for one in found {
        let lines = if one.is_error() {
            &mut outcome.refused
        } else {
            &mut outcome.warned
        };
        lines.push_str(&line(&one));
    }
    outcome.read = read;
    outcome
}

/// The absolute path of a file of a fixture.
pub(crate) fn absolute(path: &str) -> Utf8PathBuf {
    let mut absolute = Utf8PathBuf::from(PROJECT);
    for part in path.split('/') {
        if part == ".." {
            absolute.pop();
        } else {
            absolute.push(part);
        }
    }
    absolute
}

fn line(found: &Diagnostic) -> String {
    format!("{}\n", found.to_string().replace('\n', "\n    "))
}

fn options(fixture: &Fixture) -> Options {
    let env = fixture
        .environment()
        .chain([("HOME", HOME)])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let directory = fixture.section("directory").unwrap_or_default().trim();
    let mut options = Options::new(absolute(directory), env);
    let mut words = fixture.options();
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("an option with a value").to_owned();
        match word {
            "-f" => options.files.push(match value().as_str() {
                "-" => FileArg::Stdin(fixture.section("stdin").unwrap_or_default().into()),
                path => FileArg::Path(path.into()),
            }),
            "-p" => options.project_name = Some(value()),
            "--env-file" => options.env_files.push(value().into()),
            "--profile" => options.profiles.push(value()),
            "--project-directory" => options.project_directory = Some(value().into()),
            "--no-interpolate" => options.interpolate = false,
            "--no-normalize" => options.normalize = false,
            "--no-path-resolution" => options.resolve_paths = false,
            "--no-env-resolution" => options.resolve_env = false,
            "--no-consistency" => options.check_consistency = false,
            option if option.starts_with('-') => {
                panic!("{}: unknown option {option}", fixture.name)
            }
            service => options.services.push(service.to_owned()),
        }
    }
    options
}
