//! Why a project could not be loaded or planned.

use std::io;

use camino::Utf8PathBuf;
use yaml_tree::Diagnostic;

/// What went wrong.
///
/// [`Error::diagnostics`] gives every kind in the form in which findings about a file are shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which one.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no castfile from a directory upward.
    #[error("no castfile in `{start}` or any directory above it")]
    NoCastfile {
        /// Where the search began.
        start: Utf8PathBuf,
    },
    /// What `-p` names is no project.
    #[error("no castfile in `{path}`")]
    NoCastfileIn {
        /// The directory named.
        path: Utf8PathBuf,
    },
    /// An `@name` is not known.
    #[error("no project `@{name}` from `{from}`")]
    UnknownProject {
        /// The name, without `@`.
        name: String,
        /// The castfile or directory it was looked up from.
        from: Utf8PathBuf,
        /// Everything that was tried, in order.
        searched: Vec<String>,
        /// The known name that is most like it.
        suggestion: Option<String>,
        /// All names that would have been found.
        known: Vec<String>,
    },
    /// An `@name` means more than one project.
    #[error("`@{name}` means more than one project")]
    AmbiguousProject {
        /// The name, without `@`.
        name: String,
        /// The paths that would reach one each.
        candidates: Vec<String>,
    },
    /// A task asked for is not there.
    #[error("no task `{name}` in `{castfile}`")]
    UnknownTask {
        /// The name asked for.
        name: String,
        /// The castfile it was looked up in.
        castfile: Utf8PathBuf,
        /// The known task that is most like it.
        suggestion: Option<String>,
        /// Where else a task of this name is: names of sub-projects.
        elsewhere: Vec<String>,
    },
    /// The text of the files is wrong.
    #[error("{}", summary(.0))]
    Invalid(Vec<Diagnostic>),
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors: Vec<_> = diagnostics
        .iter()
        .filter(|found| found.is_error())
        .collect();
    match errors.as_slice() {
        [] => "the castfile is not valid".to_owned(),
        [one] => one.to_string(),
        [first, _] => format!("{first} (and one more error)"),
        [first, others @ ..] => format!("{first} (and {} more errors)", others.len()),
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Invalid(vec![diagnostic])
    }
}

impl Error {
    /// The error as findings, with advice where there is any.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let error = |code: &'static str| Diagnostic::error(code, self.to_string());
        match self {
            Self::Invalid(found) => found.clone(),
            Self::Read { path, source } => {
                let message = format!("cannot read `{path}`: {}", reason(source));
                let found = Diagnostic::error("castfile::unreadable", message);
                vec![match source.kind() {
                    io::ErrorKind::PermissionDenied => {
                        found.help("let this user read it, or run as one who may")
                    }
                    _ => found,
                }]
            }
            Self::NoCastfile { .. } => vec![error("castfile::no-castfile").help(
                "create a file `castfile` with a `tasks:` block, or name a project with `-p`",
            )],
            Self::NoCastfileIn { .. } => vec![error("castfile::no-castfile").help(format!(
                "looked for {}",
                crate::discover::DIRECTORY_NAMES.join(", ")
            ))],
            Self::UnknownProject {
                searched,
                suggestion,
                known,
                ..
            } => {
                let mut found = error("castfile::unknown-project");
                if let Some(near) = suggestion {
                    found = found.help(format!("did you mean `@{near}`?"));
                } else if !known.is_empty() {
                    let known: Vec<_> = known.iter().map(|name| format!("`@{name}`")).collect();
                    found = found.help(format!("the projects here are {}", known.join(", ")));
                }
                vec![found.help(format!("looked at {}", searched.join("; ")))]
            }
            Self::AmbiguousProject { candidates, .. } => {
                let paths: Vec<_> = candidates.iter().map(|path| format!("`@{path}`")).collect();
                vec![
                    error("castfile::ambiguous-project")
                        .help(format!("write one of {}", paths.join(", "))),
                ]
            }
            Self::UnknownTask {
                suggestion,
                elsewhere,
                ..
            } => {
                let mut found = error("castfile::unknown-task");
                if let Some(near) = suggestion {
                    found = found.help(format!("did you mean `{near}`?"));
                }
                if let Some(project) = elsewhere.first() {
                    found = found.help(format!("`{project}` is a project: write `@{project}`"));
                }
                if suggestion.is_none() && elsewhere.is_empty() {
                    found = found.help("`cast list` shows the tasks");
                }
                vec![found]
            }
        }
    }
}

/// The cause of an I/O error in words, without the number of the operating system.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
