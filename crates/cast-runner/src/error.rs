//! What can go wrong outside the castfile: programs, files, processes.

use std::io;

use camino::Utf8PathBuf;

/// The outside world did not do what a task needed.
///
/// The text is one line and tells the fact; [`Error::help`] adds advice where there is some.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `uses` names a runner nobody knows. The known names are [`Uses::NAMES`](crate::Uses::NAMES).
    #[error("no runner is called `{name}`")]
    UnknownRunner {
        /// The name as written, without surrounding blanks.
        name: String,
    },

    /// `uses` names something the original knows and this crate does not run.
    #[error("`uses: {uses}` is a {kind} task, which is not supported")]
    NotSupported {
        /// `docker`, `ssh`, `scp`, or `remote` for a reference to a task definition elsewhere.
        kind: &'static str,
        /// The value of `uses`.
        uses: String,
    },

    /// There is nothing to run.
    #[error("the script is empty")]
    EmptyScript,

    /// The program a runner needs was not found.
    #[error(
        "runner `{runner}` needs the program `{program}`, which was not found; PATH is `{path}`"
    )]
    MissingProgram {
        /// The runner as named by `uses`.
        runner: &'static str,
        /// The program that was looked for.
        program: String,
        /// The task's `PATH` that was searched.
        path: String,
        /// How to get the program, in one line.
        advice: String,
    },

    /// A command of an `xplat` script was not found.
    #[error("command `{command}` was not found; PATH is `{path}`")]
    MissingCommand {
        /// The command that was looked for.
        command: String,
        /// The task's `PATH` that was searched.
        path: String,
    },

    /// The file of `with.script` cannot be read as text.
    #[error("cannot read the script `{path}`")]
    ReadScript {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },

    /// A script has to be handed over as a file, and that file cannot be written.
    #[error("cannot write a temporary script in `{dir}`")]
    WriteScript {
        /// The directory tried last.
        dir: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },

    /// An `xplat` script has a line that means nothing.
    #[error("line {line} of the script: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// An expansion in an `xplat` script failed.
    #[error("cannot expand `{text}`: {message}")]
    Expand {
        /// The expansion as written.
        text: String,
        /// Why, as the expander says.
        message: String,
    },

    /// The working directory of a task does not exist.
    #[error("the working directory `{cwd}` does not exist")]
    MissingDirectory {
        /// The directory.
        cwd: Utf8PathBuf,
    },

    /// A script's first line asks for an interpreter that does not exist.
    #[error(
        "cannot start `{program}`: its first line asks for `{interpreter}`, which does not exist"
    )]
    MissingInterpreter {
        /// The script.
        program: Utf8PathBuf,
        /// What stands after `#!`.
        interpreter: String,
    },

    /// The operating system refused to start a program.
    #[error("cannot start `{program}`")]
    Start {
        /// The program.
        program: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },

    /// A started program cannot be followed.
    #[error("cannot wait for `{program}`")]
    Wait {
        /// The program.
        program: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },

    /// A program that had to be ended cannot be, for example because it runs as another user.
    #[error("cannot end the process group {group}")]
    Kill {
        /// The group's number.
        group: i32,
        /// Why.
        #[source]
        source: io::Error,
    },

    /// The process cannot listen for signals.
    #[error("cannot listen for signals")]
    Signals {
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// What the user can do about it, in one line, where that is known.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::MissingProgram { advice, .. } => Some(advice),
            _ => None,
        }
    }
}
