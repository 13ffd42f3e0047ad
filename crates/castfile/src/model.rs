//! One castfile as written: every value with its place, nothing resolved.

mod inventory;
mod task;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Node, Source, Span, Spanned};

pub use inventory::{Host, HostOs, Inventory};
pub use task::{Hooks, Job, JobStep, Need, Task, TaskDotenv, TemplateKind};

/// A castfile or module file after parsing.
///
/// Unknown top-level keys are not here; those beginning with `x-` are kept in
/// [`extensions`](Self::extensions).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Castfile {
    /// Where the file was read from, absolute.
    pub path: Utf8PathBuf,
    /// Its text.
    pub source: Source,
    /// `id`.
    pub id: Option<Spanned<String>>,
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
    /// `description` or `desc`.
    pub description: Option<Spanned<String>>,
    /// `import`, `imports` and the list form of `modules`, in the order of the file.
    pub imports: Vec<Import>,
    /// Sub-projects: the mapping form of `modules`/`imports`, and `includes`.
    pub projects: Vec<ProjectRef>,
    /// `env`.
    pub env: Vec<EnvEntry>,
    /// `dotenv`.
    pub dotenv: Vec<DotenvRef>,
    /// `paths`.
    pub paths: Vec<PathEntry>,
    /// `config`.
    pub config: Option<Config>,
    /// `defaults.shell`: the shell of composite remote tasks, not the default of `uses`.
    pub default_shell: Option<Spanned<String>>,
    /// `workspace`, unless it is absent or false.
    pub workspace: Option<Workspace>,
    /// `tasks`, in the order of the file, without those that a later one of the same id replaces.
    pub tasks: Vec<Task>,
    /// `jobs`.
    pub jobs: Vec<Job>,
    /// `inventory`.
    pub inventory: Inventory,
    /// `inventories`: names of or paths to inventory files.
    pub inventories: Vec<Spanned<String>>,
    /// `subcmds` or `subcommands`: prefixes offered as subcommands.
    pub subcommands: Vec<Spanned<String>>,
    /// `meta`, visible to expressions as `cast.meta`.
    pub meta: Option<Node>,
    /// `on`: schedules and webhooks.
    pub on: Option<Node>,
    /// `trusted_sources` in its three spellings; empty trusts every source.
    pub trusted_sources: Vec<Spanned<String>>,
    /// Top-level keys that begin with `x-`, such as `x-cast`.
    pub extensions: Vec<(Spanned<String>, Node)>,
}

impl Castfile {
    /// The directory of the file: where its tasks run and its relative paths start.
    pub fn dir(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(Utf8Path::new("/"))
    }

    /// Whether other projects are reached through this one: it has `workspace:` or sub-projects.
    pub fn is_workspace(&self) -> bool {
        self.workspace.is_some() || !self.projects.is_empty()
    }
}

/// An entry of `imports`: a module whose tasks become part of the project.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Import {
    /// What to import: a name looked up in `.cast/modules`, a path or a remote address.
    pub from: Spanned<String>,
    /// Prefix put before the ids of the imported tasks.
    pub namespace: Option<Spanned<String>>,
    /// The only tasks to take; `None` takes all.
    pub tasks: Option<Vec<Spanned<String>>>,
}

/// A sub-project reached as `@name`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProjectRef {
    /// The name after `@`.
    pub name: Spanned<String>,
    /// Directory or castfile, relative to the file that declares it.
    pub path: Spanned<String>,
}

/// A variable of an `env` block.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnvEntry {
    /// The variable's name.
    pub name: Spanned<String>,
    /// Its value before expansion.
    pub value: Spanned<String>,
    /// Whether it is marked secret.
    pub secret: bool,
}

/// An entry of the top-level `dotenv`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DotenvRef {
    /// The file, before expansion, without the optional mark.
    pub path: Spanned<String>,
    /// Whether a missing file is skipped (`?` before or after the path).
    pub optional: bool,
    /// Only on this operating system, in Go's names; `*` is any.
    pub os: Option<Spanned<String>>,
    /// Only in these contexts; empty means the default context alone.
    pub contexts: Vec<Spanned<String>>,
}

impl DotenvRef {
    /// Whether the entry is read in `context` on `os` (a Go name such as `linux`).
    ///
    /// An entry without contexts is read when the context is empty, `*` or `default`; one with
    /// contexts when they name the context or `*`.
    pub fn applies(&self, context: &str, os: &str) -> bool {
        let in_context = if self.contexts.is_empty() {
            matches!(context, "" | "*" | "default")
        } else {
            self.contexts
                .iter()
                .any(|c| c.value == context || c.value == "*")
        };
        in_context && applies_to_os(self.os.as_ref(), os)
    }
}

/// An entry of `paths`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PathEntry {
    /// The directory, before expansion.
    pub path: Spanned<String>,
    /// Only on this operating system, in Go's names.
    pub os: Option<Spanned<String>>,
    /// Whether it goes behind the entries that are there, not before them.
    pub append: bool,
}

impl PathEntry {
    /// Whether the entry counts on `os` (a Go name such as `linux`).
    pub fn applies(&self, os: &str) -> bool {
        applies_to_os(self.os.as_ref(), os)
    }
}

fn applies_to_os(wanted: Option<&Spanned<String>>, os: &str) -> bool {
    wanted.is_none_or(|wanted| wanted.value == os || wanted.value == "*")
}

/// The `config` block.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// Where the block stands.
    pub span: Span,
    /// The context when none is given.
    pub context: Option<Spanned<String>>,
    /// The contexts there are, for completion and checks.
    pub contexts: Vec<Spanned<String>>,
    /// The default of a task's `uses`.
    pub shell: Option<Spanned<String>>,
    /// `shell_mode`: how `uses: shell` reads its script.
    pub shell_mode: Option<Spanned<String>>,
    /// Whether `$(…)` in values is run; on unless set to false.
    pub substitution: bool,
    /// `config.env`, one layer below the top-level `env`.
    pub env: Vec<EnvEntry>,
    /// `config.dotenv`, one layer below the top-level `dotenv`.
    pub dotenv: Vec<DotenvRef>,
    /// Every entry as written, for `cast config get`.
    pub values: Vec<(Spanned<String>, Node)>,
}

/// The `workspace` block.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Workspace {
    /// Where the key stands.
    pub span: Span,
    /// Patterns of project directories to take; empty takes all.
    pub include: Vec<Spanned<String>>,
    /// Patterns of directories to leave out, beside the built-in ones.
    pub exclude: Vec<Spanned<String>>,
    /// Name to directory or castfile.
    pub aliases: Vec<ProjectRef>,
}
