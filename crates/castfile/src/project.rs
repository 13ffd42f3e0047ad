//! A castfile with its modules: the tasks that can be run, each knowing where it is from.

mod extends;
mod load;

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use yaml_tree::{Diagnostic, Span, Spanned};

use crate::model::{Castfile, Task};
use crate::{Env, Error, TaskId};

/// A project: a castfile, the modules it imports, and the tasks of all of them merged.
#[derive(Clone, Debug)]
pub struct Project {
    pub(crate) castfile: Arc<Castfile>,
    pub(crate) modules: Vec<Module>,
    pub(crate) tasks: Vec<ProjectTask>,
    pub(crate) index: HashMap<String, usize>,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// A task of a module that `tasks:` of an import does not take.
#[derive(Clone, Debug)]
pub(crate) struct LeftOut {
    /// Index into [`Project::modules`].
    pub(crate) module: usize,
    /// Its id in the module.
    pub(crate) id: TaskId,
    /// Where the import stands.
    pub(crate) site: Span,
}

/// Adds to the finding that the task `name` is unknown that an import left it out.
pub(crate) fn explain_left_out(
    found: Diagnostic,
    left_out: &[LeftOut],
    module: Option<usize>,
    name: &str,
) -> Option<Diagnostic> {
    let id = TaskId::derive(name);
    let cause = left_out
        .iter()
        .find(|cause| Some(cause.module) == module && cause.id == id)?;
    Some(
        found
            .secondary(cause.site.clone(), "this import does not take it")
            .help(format!("add `{id}` to `tasks` of the import")),
    )
}

/// A module that a project imports, directly or through another module.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Module {
    /// The module's file.
    pub castfile: Arc<Castfile>,
    /// The name it was imported under: `docker` for `imports: [docker]`.
    pub name: String,
    /// Where the import stands that brought it in.
    pub imported_at: Span,
}

/// A task of a project, merged and with `extends` applied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProjectTask {
    pub(crate) id: TaskId,
    /// The task. Fields taken over by `extends` keep the place where they are written.
    pub task: Arc<Task>,
    /// Index into [`Project::modules`] of the module it comes from; `None` for the project's own.
    pub module: Option<usize>,
    /// The namespace it was imported under.
    pub namespace: Option<String>,
    /// Definitions of the same id that this one replaced, the latest first.
    pub shadowed: Vec<Shadowed>,
}

/// A definition of a task that a later one replaced.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Shadowed {
    /// The task as it was.
    pub task: Arc<Task>,
    /// Index of its module; `None` for the project's own.
    pub module: Option<usize>,
    /// The namespace it was imported under.
    pub namespace: Option<String>,
}

impl ProjectTask {
    /// How the task is addressed in the project: with its namespace, if it has one.
    pub fn id(&self) -> &TaskId {
        &self.id
    }

    /// The name to show: `namespace:name` or the name alone.
    pub fn display_name(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}:{}", self.task.name.value),
            None => self.task.name.value.clone(),
        }
    }

    /// Whether the task's id ends like a hook's (`up:before`, `up:after`).
    pub fn is_hook(&self) -> bool {
        matches!(
            self.id.as_str().rsplit_once(':'),
            Some((_, "before" | "after"))
        )
    }
}

impl Project {
    /// The project's own castfile.
    pub fn castfile(&self) -> &Castfile {
        &self.castfile
    }

    /// The directory of the project: where its tasks run.
    pub fn dir(&self) -> &Utf8Path {
        self.castfile.dir()
    }

    /// The modules in the order of import, those a module needs before it.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The tasks: imported ones in the order of import, then the project's own; a task that
    /// replaces another stands in that one's place.
    pub fn tasks(&self) -> &[ProjectTask] {
        &self.tasks
    }

    /// Warnings met while loading.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The castfile or module file in which `task` is written.
    pub fn file_of(&self, task: &ProjectTask) -> &Castfile {
        self.module_of(task)
            .map_or(&self.castfile, |module| &module.castfile)
    }

    /// The module `task` comes from.
    pub fn module_of(&self, task: &ProjectTask) -> Option<&Module> {
        task.module.and_then(|index| self.modules.get(index))
    }

    /// The task called `name`: by id, then by `namespace:id`, then ignoring case, then by the
    /// name as it is shown.
    pub fn task(&self, name: &str) -> Option<&ProjectTask> {
        self.find(name).map(|at| &self.tasks[at])
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.index
            .get(name)
            .or_else(|| self.index.get(&name.to_lowercase()))
            .copied()
            .or_else(|| {
                self.tasks
                    .iter()
                    .position(|task| task.display_name() == name)
            })
    }

    /// The context when none is given: `config.context`, else `default`.
    pub fn default_context(&self) -> &str {
        let config = self.castfile.config.as_ref();
        match config.and_then(|config| config.context.as_ref()) {
            Some(context) if !context.value.is_empty() => &context.value,
            _ => "default",
        }
    }

    /// The known task that is most like `name`.
    pub fn nearest_task(&self, name: &str) -> Option<&str> {
        let id = TaskId::derive(name);
        yaml_tree::nearest(id.as_str(), self.tasks.iter().map(|task| task.id.as_str()))
    }

    /// The error for a task that is not there.
    pub(crate) fn unknown_task(&self, name: &str) -> Error {
        let sub_projects = self.castfile.projects.iter();
        let aliases = self
            .castfile
            .workspace
            .iter()
            .flat_map(|workspace| &workspace.aliases);
        Error::UnknownTask {
            name: name.to_owned(),
            castfile: self.castfile.source.name().into(),
            suggestion: self.nearest_task(name).map(str::to_owned),
            elsewhere: sub_projects
                .chain(aliases)
                .filter(|project| project.name.value == name)
                .map(|project| project.name.value.clone())
                .collect(),
        }
    }
}

impl Project {
    /// The runner of `task`: its `uses`, else `config.shell`, else the variable
    /// `CAST_DEFAULT_SHELL`, else `shell`, with the place that says so.
    pub fn runner_of(&self, task: &ProjectTask, env: &Env) -> Spanned<String> {
        if let Some(uses) = &task.task.uses {
            return uses.clone();
        }
        let config = self.castfile.config.as_ref();
        if let Some(shell) = config.and_then(|config| config.shell.as_ref())
            && !shell.value.is_empty()
        {
            return shell.clone();
        }
        let default = env
            .get("CAST_DEFAULT_SHELL")
            .filter(|shell| !shell.is_empty());
        Spanned::new(
            default.unwrap_or("shell").to_owned(),
            task.task.name.span.clone(),
        )
    }

    /// Whether `uses: shell` means the mini-shell of the original (`config.shell_mode: cast`)
    /// instead of a POSIX shell.
    pub fn uses_mini_shell(&self) -> bool {
        let config = self.castfile.config.as_ref();
        config
            .and_then(|config| config.shell_mode.as_ref())
            .is_some_and(|mode| mode.value == "cast")
    }
}
