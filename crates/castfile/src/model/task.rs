//! Tasks and jobs as written.

use yaml_tree::{Node, Span, Spanned};

use super::EnvEntry;
use crate::TaskId;

/// A task as written, or after `extends` has been applied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// How the task is addressed.
    pub id: TaskId,
    /// The key in `tasks`.
    pub name: Spanned<String>,
    /// `desc` or `description`: one line for listings.
    pub desc: Option<Spanned<String>>,
    /// `help`: the text for `--help`.
    pub help: Option<Spanned<String>>,
    /// `uses` or `use`: the runner.
    pub uses: Option<Spanned<String>>,
    /// `run`: the script.
    pub run: Option<Spanned<String>>,
    /// `args`.
    pub args: Vec<Spanned<String>>,
    /// `env`.
    pub env: Vec<EnvEntry>,
    /// `dotenv`, `envfile` or `env-file`.
    pub dotenv: Vec<TaskDotenv>,
    /// `cwd`: where it runs, relative to the project directory.
    pub cwd: Option<Spanned<String>>,
    /// `timeout`: a Go duration, or an expression that gives one.
    pub timeout: Option<Spanned<String>>,
    /// `needs`, `deps` or `dependencies`.
    pub needs: Vec<Need>,
    /// `with`, `input` or `inputs`: what the runner takes.
    pub with: Vec<(Spanned<String>, Node)>,
    /// `hosts`: names or tags of the inventory.
    pub hosts: Vec<Spanned<String>>,
    /// `if` or `predicate`: an expression; false skips the task.
    pub condition: Option<Spanned<String>>,
    /// `force`: an expression; true runs the task even after a failure.
    pub force: Option<Spanned<String>>,
    /// `hooks`.
    pub hooks: Option<Hooks>,
    /// `extends`: the task whose fields fill the gaps of this one.
    pub extends: Option<Spanned<String>>,
    /// `template`: how `run` is rendered first.
    pub template: Option<Spanned<TemplateKind>>,
    /// `hooks: false`: takes none from the task it extends either.
    pub(crate) refuses_hooks: bool,
    /// `template: false`, likewise.
    pub(crate) refuses_template: bool,
}

impl Task {
    /// A task without fields.
    pub(crate) fn new(id: TaskId, name: Spanned<String>) -> Self {
        Self {
            id,
            name,
            desc: None,
            help: None,
            uses: None,
            run: None,
            args: Vec::new(),
            env: Vec::new(),
            dotenv: Vec::new(),
            cwd: None,
            timeout: None,
            needs: Vec::new(),
            with: Vec::new(),
            hosts: Vec::new(),
            condition: None,
            force: None,
            hooks: None,
            extends: None,
            template: None,
            refuses_hooks: false,
            refuses_template: false,
        }
    }

    /// The `with` entry called `name`.
    pub fn input(&self, name: &str) -> Option<&Node> {
        self.with
            .iter()
            .find(|(key, _)| key.value == name)
            .map(|(_, node)| node)
    }
}

/// An entry of a task's `dotenv`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskDotenv {
    /// The file, before expansion, without the optional mark.
    pub path: Spanned<String>,
    /// Whether a missing file is skipped (`?` before or after the path).
    pub optional: bool,
}

/// An entry of `needs`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Need {
    /// The task needed.
    pub id: Spanned<String>,
    /// `parallel`: accepted; whether needs run side by side is chosen for a whole run.
    pub parallel: bool,
}

/// The `hooks` of a task: which suffixes name its hook tasks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hooks {
    /// Where `hooks` stands.
    pub span: Span,
    /// Suffixes run before the task.
    pub before: Vec<Spanned<String>>,
    /// Suffixes run after the task.
    pub after: Vec<Spanned<String>>,
    /// Whether the suffixes were written out (`hooks: true` means `before` and `after`).
    pub explicit: bool,
}

/// The value of `template`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateKind {
    /// `template: true` or `gotmpl`.
    GoTemplate,
    /// Any other name.
    Other(String),
}

/// A job as written. Jobs are parsed and listed; running them is not supported yet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Job {
    /// How it is addressed.
    pub id: TaskId,
    /// The key in `jobs`, or `name`.
    pub name: Spanned<String>,
    /// `desc` or `description`.
    pub desc: Option<Spanned<String>>,
    /// `needs`: other jobs.
    pub needs: Vec<Need>,
    /// `steps`.
    pub steps: Vec<JobStep>,
    /// `env`.
    pub env: Vec<EnvEntry>,
    /// `dotenv`.
    pub dotenv: Vec<TaskDotenv>,
    /// `if`.
    pub condition: Option<Spanned<String>>,
    /// `timeout`.
    pub timeout: Option<Spanned<String>>,
    /// `cwd`.
    pub cwd: Option<Spanned<String>>,
    /// `extends`.
    pub extends: Option<Spanned<String>>,
    /// `cron`.
    pub cron: Option<Spanned<String>>,
}

/// A step of a job.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum JobStep {
    /// The id of a task to run.
    Task(Spanned<String>),
    /// A step with a script of its own.
    Inline(Box<Task>),
}
