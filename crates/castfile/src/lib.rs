//! Castfiles: read, resolved and planned, never run.
//!
//! A castfile lists the tasks of a directory. This crate reads one, finds the modules it imports
//! and the projects it leads to, merges their tasks, layers the environment and decides which tasks
//! run in which order. It starts no process, reads no environment and needs no async runtime, so
//! that editors, linters and other tools can use it as well as a runner. To execute a plan there is
//! the crate `cast-runner`.
//!
//! ```
//! use castfile::{Env, Host, Loader, MemoryFiles, Session, UserDirs};
//!
//! let files = MemoryFiles::from([
//!     ("/lab/castfile", "modules:\n  web: ./web\n"),
//!     ("/lab/.cast/modules/docker/castfile", concat!(
//!         "tasks:\n",
//!         "  up:\n",
//!         "    desc: Start the service\n",
//!         "    hooks: true\n",
//!         "    run: docker compose up -d\n",
//!     )),
//!     ("/lab/web/castfile", concat!(
//!         "imports: [docker]\n",
//!         "env:\n",
//!         "  MNT_DIR: \"${MNT_DIR:-../.mnt}\"\n",
//!         "tasks:\n",
//!         "  up:before: mkdir -p \"$MNT_DIR/data/web\"\n",
//!     )),
//! ]);
//! let loader = Loader::new(&files, UserDirs::default());
//!
//! // Which project does `cast @web` mean, and what can it do?
//! let selection = loader.select("/lab".as_ref(), None, &["@web"])?;
//! let project = loader.project(&selection.castfile)?;
//! let up = project.task("up").unwrap();
//! assert_eq!(up.task.desc.as_ref().unwrap().value, "Start the service");
//! assert_eq!(project.module_of(up).unwrap().name, "docker");
//!
//! // What would run, in which order?
//! let plan = project.plan(&["up"], "default")?;
//! let order: Vec<_> = plan.steps.iter().map(|step| project.tasks()[step.task].id()).collect();
//! assert_eq!(order.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["up:before", "up"]);
//!
//! // Where does a variable come from?
//! let session = Session {
//!     files: &files,
//!     process: &Env::new(),
//!     invocation_dir: "/lab".as_ref(),
//!     context: "default",
//!     host: &Host::default(),
//!     commands: None,
//!     dotenv: &[],
//!     vars: &[],
//! };
//! let env = project.base_env(&session)?;
//! assert_eq!(env.get("MNT_DIR"), Some("../.mnt"));
//! # Ok::<(), castfile::Error>(())
//! ```
//!
//! # Main types
//!
//! - [`parse()`] reads one file into a [`Castfile`]: every value with its place, all errors at once.
//! - [`Loader`] finds ([`select`](Loader::select)) and loads ([`project`](Loader::project)); files
//!   come through [`Files`], with [`Disk`] and [`MemoryFiles`] ready.
//! - [`Project`] has the merged tasks ([`ProjectTask`]), gives the environment
//!   ([`base_env`](Project::base_env), [`task_env`](Project::task_env)), a [`Plan`]
//!   ([`plan`](Project::plan)) and what is doubtful ([`check`](Project::check)).
//! - [`Scope`] evaluates what is known only in a run: `if`, `timeout`, `cwd`, templates.
//! - The languages stand alone: [`expand`], [`dotenv`], [`expr`], [`template`], [`duration`],
//!   [`words`].
//!
//! # Errors
//!
//! A mistake in a file is a [`Diagnostic`](yaml_tree::Diagnostic) with the place, advice and often a
//! fix; [`Error::diagnostics`] gives every error in that form. No input makes this crate panic.
//!
//! # Compatibility
//!
//! Follows frostyeti/cast v0.3.2. What differs is said where it differs; in short: what real
//! repositories contain and the original rejects is accepted (merge keys, two `tasks:` blocks,
//! `modules:` as a mapping, `includes:`), `cwd` and the filters of imports work, `@a @b` is read
//! from left to right, circles are found and shown, and nothing that is unset, unknown or missing
//! is silently empty. Extensions live under `x-` keys, so that a castfile stays readable to the
//! original.

mod check;
mod discover;
pub mod dotenv;
pub mod duration;
mod edit;
mod env;
mod error;
mod evaluate;
pub mod expand;
pub mod expr;
mod layers;
mod loader;
pub mod model;
mod module;
mod parse;
mod paths;
mod plan;
mod project;
mod route;
mod subcommand;
mod task_id;
pub mod template;
pub mod value;
pub mod words;

pub use discover::{CASTFILE_NAMES, WorkspaceProject, WorkspaceScan, find_upward, scan_workspace};
pub use env::{Env, Origin, Var};
pub use error::Error;
pub use evaluate::{Scope, handed_on_env, handed_on_outputs, output_variable, prepend_path};
pub use expand::{CommandSubstitution, Substitute};
pub use layers::{Host, Session};
pub use loader::Loader;
pub use model::Castfile;
pub use parse::{MAX_BYTES, parse, parse_inventory};
pub use paths::UserDirs;
pub use plan::{Plan, Reason, Step};
pub use project::{Module, Project, ProjectTask, Shadowed};
pub use route::Selection;
pub use subcommand::Subcommand;
pub use task_id::TaskId;
pub use yaml_tree::{DirEntry, Disk, FileKind, Files, MemoryFiles};
