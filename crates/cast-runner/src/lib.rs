//! Executes what a castfile plans: shells and script runners, process groups, timeouts, signals.
//!
//! The crate `castfile` decides which tasks run, in which order, with which variables; this one runs
//! them. It finds the programs in the task's own `PATH`, puts each task into a process group of its
//! own, forwards signals and the terminal, ends the whole group when time is up, carries values from
//! one task to the next, and tells an [`Observer`] what happens. It prints nothing, decides nothing
//! about colours or exit codes of a command line, and does not run `docker`, `ssh`, `scp` and remote
//! tasks: those end with [`StepOutcome::NotSupported`]. It is for Unix.
//!
//! ```
//! use camino::Utf8Path;
//! use cast_runner::{Commands, Control, Event, Observer, Run, execute};
//! use castfile::{Env, Host, Loader, MemoryFiles, Session, UserDirs};
//!
//! /// Keeps the names of the tasks that were started.
//! #[derive(Default)]
//! struct Started(Vec<String>);
//!
//! impl Observer for Started {
//!     fn event(&mut self, event: &Event<'_>) {
//!         if let Event::Started { task } = event {
//!             self.0.push(task.display_name());
//!         }
//!     }
//! }
//!
//! // The tasks run in a directory of the disk; where the castfile comes from is another matter.
//! let temporary = tempfile::tempdir()?;
//! let dir = Utf8Path::from_path(temporary.path()).unwrap();
//! let files = MemoryFiles::from([(
//!     dir.join("castfile"),
//!     concat!(
//!         "tasks:\n",
//!         "  version: echo 'tag=1.2' >> \"$CAST_OUTPUTS\"\n",
//!         "  up:\n",
//!         "    needs: [version]\n",
//!         "    run: echo \"$OUTPUTS_VERSION_TAG $1\" > out; exit 3\n",
//!     ),
//! )]);
//! let project = Loader::new(&files, UserDirs::default()).project(&dir.join("castfile"))?;
//! let plan = project.plan(&["up"], "default")?;
//!
//! let commands = Commands::new(project.dir());
//! let inputs = Session {
//!     files: &files,
//!     process: &std::env::vars().collect::<Env>(),
//!     invocation_dir: dir,
//!     context: "default",
//!     host: &Host::default(),
//!     commands: Some(&commands),
//!     dotenv: &[],
//!     vars: &[],
//! };
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let mut started = Started::default();
//! let report = runtime.block_on(async {
//!     let control = Control::new()?;
//!     let mut run = Run::new(&project, &plan, &inputs, &control);
//!     let args = ["--detach".to_owned()];
//!     run.args = &args;
//!     Ok::<_, Box<dyn std::error::Error>>(execute(&run, &mut started).await?)
//! })?;
//!
//! assert_eq!(started.0, ["version", "up"]);
//! assert_eq!(report.code(), 3);
//! assert_eq!(std::fs::read_to_string(dir.join("out"))?, "1.2 --detach\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Main types
//!
//! - [`execute`] runs a [`Run`]: a plan with what it was made from. It tells an [`Observer`] each
//!   [`Event`] and returns a [`Report`].
//! - [`Control`] holds the signals and the terminal of this process, once for everything it runs.
//! - [`run`] and [`run_pipeline`] run programs, without any castfile: an [`Invocation`] with
//!   [`Options`] gives an [`Outcome`].
//! - [`prepare`] makes an [`Invocation`] of a [`Script`] and a [`Runner`]; [`Uses`] reads the name
//!   that a castfile has for it. [`run_xplat`] is the mini-shell that needs no shell.
//! - [`Commands`] runs the `$(…)` in values of the environment; a [`SecretSource`] answers those that
//!   ask for a secret without starting a program.
//! - [`find_program`], [`is_root`], [`home_of`], [`signal_name`]: facts about the system.
//!
//! Everything asynchronous needs a tokio runtime with I/O and time enabled; one thread is enough.
//!
//! # Errors
//!
//! What a castfile is to blame for is a [`Diagnostic`](yaml_tree::Diagnostic) with the place, told by
//! [`Event::Refused`]; the codes of this crate begin with `cast::`. Below the level of tasks there is
//! [`Error`], about programs, files and processes. Neither contains a value marked as secret.
//! Nothing here panics, whatever castfiles and tasks do.
//!
//! # Compatibility
//!
//! Follows frostyeti/cast v0.3.2 in what castfiles mean. What differs, and where to read more:
//!
//! - `uses: shell` runs a POSIX shell. The original's own mini-shell is `uses: xplat`, or
//!   `config.shell_mode: cast` ([`run_xplat`]).
//! - Exit codes are those of the tasks; a timeout is 2 as there, a task that is not supported 3
//!   ([`Report::code`]).
//! - Programs read standard input, are stopped as a group, and get `$0` apart from their arguments
//!   ([`run`], [`prepare`]).
//! - Steps can run side by side, values are handed on per task, `cwd` works, failures of `uses: cast`
//!   count, secrets are masked ([`execute`]).
//! - `uses: tmpl` renders text, not HTML, relative to the task's directory, and all files or none.

mod account;
mod commands;
mod diagnostics;
mod error;
mod execute;
mod process;
mod program;
mod runners;
mod secrets;

pub use account::{home_of, is_root};
pub use commands::{Commands, SecretSource};
pub use error::Error;
pub use execute::{Event, Observer, Report, Run, SkipReason, StepOutcome, StepReport, execute};
pub use process::{
    Control, Line, Options, Outcome, Output, Status, Stdin, Stream, Vars, raw_vars, run,
    run_pipeline, run_substitution, signal_name,
};
pub use program::find_program;
pub use runners::{Invocation, Runner, Script, Uses, prepare, run_xplat};
