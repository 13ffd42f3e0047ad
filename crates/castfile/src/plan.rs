//! Which tasks run, in which order: decided before anything happens.

use std::collections::HashMap;

use yaml_tree::{Diagnostic, Span, Spanned};

use crate::expr::Expr;
use crate::model::Need;
use crate::project::{Project, ProjectTask, explain_left_out};
use crate::{Error, TaskId, duration};

/// Needs deeper than this are refused: no castfile means it, and the stack is not endless.
const MAX_CHAIN: usize = 200;

/// The order of a run. It borrows nothing: tasks are named by their index in
/// [`Project::tasks`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The context the tasks were chosen for.
    pub context: String,
    /// The tasks in the order in which they run one after the other.
    pub steps: Vec<Step>,
}

/// A task in a [`Plan`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// Index into [`Project::tasks`].
    pub task: usize,
    /// Why it is in the plan.
    pub reason: Reason,
    /// Steps that must have ended before, by their place in [`Plan::steps`]. What is not named
    /// may run side by side.
    pub after: Vec<usize>,
}

/// Why a task is in a [`Plan`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// It was asked for.
    Target,
    /// Another task needs it.
    NeededBy(TaskId),
    /// It is the hook before another task.
    Before(TaskId),
    /// It is the hook after another task.
    After(TaskId),
}

impl Plan {
    /// Whether the step at `at` was asked for by name; only these get the arguments.
    pub fn is_target(&self, at: usize) -> bool {
        self.steps
            .get(at)
            .is_some_and(|step| step.reason == Reason::Target)
    }
}

impl Project {
    /// Plans a run of `targets` in `context`.
    ///
    /// As in frostyeti/cast v0.3.2, for each target: the variant for the context (`up:prod`) if
    /// there is one, else the task; first what it needs, then its before-hooks, the task, its
    /// after-hooks; each task once. Different: hooks bring what they need, circles are found
    /// along the way that is taken, and a task that is missing is named with the place.
    ///
    /// ```
    /// use castfile::{Loader, MemoryFiles, UserDirs};
    /// let files = MemoryFiles::from([(
    ///     "/lab/castfile",
    ///     "tasks:\n  up: {run: up, needs: [net], hooks: true}\n  up:before: mkdir\n  net: net\n",
    /// )]);
    /// let project = Loader::new(&files, UserDirs::default()).project("/lab/castfile".as_ref())?;
    /// let plan = project.plan(&["up"], "default")?;
    /// let order: Vec<_> =
    ///     plan.steps.iter().map(|step| project.tasks()[step.task].id().as_str()).collect();
    /// assert_eq!(order, ["net", "up:before", "up"]);
    /// # Ok::<(), castfile::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownTask`] for a target; [`Error::Invalid`] with every unknown need, circle,
    /// malformed duration and malformed expression of the tasks in the plan.
    pub fn plan(&self, targets: &[&str], context: &str) -> Result<Plan, Error> {
        let mut planner = Planner {
            project: self,
            context,
            steps: Vec::new(),
            planned: HashMap::new(),
            chain: Vec::new(),
            found: Vec::new(),
            too_deep: false,
            barrier: Vec::new(),
        };
        for target in targets {
            let Some(at) = self.in_context(target, context, None) else {
                return Err(self.unknown_task(target));
            };
            // Targets run one after the other, whatever may run side by side for each.
            let ends = planner.add(at, Reason::Target);
            planner.barrier.extend(ends);
            dedupe(&mut planner.barrier);
        }
        let Planner {
            steps, mut found, ..
        } = planner;
        for step in &steps {
            found.extend(self.tasks()[step.task].value_errors());
        }
        if found.is_empty() {
            Ok(Plan {
                context: context.to_owned(),
                steps,
            })
        } else {
            Err(Error::Invalid(found))
        }
    }

    /// The variant of `name` for the context, else the task itself. Names written in a module
    /// that was imported under a namespace are looked up there first.
    fn in_context(&self, name: &str, context: &str, namespace: Option<&str>) -> Option<usize> {
        let inside = namespace.and_then(|namespace| {
            let id = TaskId::derive(name).in_namespace(namespace);
            self.variant(id.as_str(), context)
        });
        inside.or_else(|| self.variant(name, context))
    }

    fn variant(&self, name: &str, context: &str) -> Option<usize> {
        let variant = if context.is_empty() {
            None
        } else {
            self.find(&format!("{name}:{context}"))
        };
        variant.or_else(|| self.find(name))
    }
}

impl ProjectTask {
    /// What is wrong with the values of the task that are read only when it runs: `timeout`,
    /// `if`, `force`.
    pub fn value_errors(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some(timeout) = &self.task.timeout
            && !timeout.value.contains('{')
            && let Err(error) = duration::parse(timeout.value.trim())
        {
            let mut diagnostic = Diagnostic::error("castfile::bad-duration", error.to_string())
                .primary(timeout.span.clone(), "");
            if let Some(help) = error.help() {
                diagnostic = diagnostic.help(help);
            }
            found.push(diagnostic);
        }
        for expression in [&self.task.condition, &self.task.force]
            .into_iter()
            .flatten()
        {
            if let Err(error) = Expr::parse(&expression.value) {
                found.push(expression_error(expression, &error));
            }
        }
        found
    }
}

/// A malformed expression at its place.
pub(crate) fn expression_error(
    expression: &Spanned<String>,
    error: &crate::expr::ExprError,
) -> Diagnostic {
    let place = expression.part(error.start, error.end);
    let mut found =
        Diagnostic::error("castfile::bad-expression", error.to_string()).primary(place, "");
    if let Some(help) = error.kind.help() {
        found = found.help(help);
    }
    found
}

struct Planner<'p> {
    project: &'p Project,
    context: &'p str,
    steps: Vec<Step>,
    /// Where each task stands in `steps`.
    planned: HashMap<usize, usize>,
    /// Tasks being added, from the target to the one at hand, with the place that led to each.
    chain: Vec<(usize, Span)>,
    found: Vec<Diagnostic>,
    /// Whether a chain that is too long has been reported.
    too_deep: bool,
    /// The last steps of the targets before this one.
    barrier: Vec<usize>,
}

impl Planner<'_> {
    /// Adds a task with all it brings along, unless it is there; returns the steps that end it.
    fn add(&mut self, at: usize, reason: Reason) -> Vec<usize> {
        if let Some(known) = self.planned.get(&at).copied() {
            if reason == Reason::Target {
                self.steps[known].reason = Reason::Target;
            }
            return self.ends_of(known);
        }
        let task = &self.project.tasks()[at];
        let mut after = self.barrier.clone();
        for need in &task.task.needs {
            after.extend(self.need(at, task, need));
        }
        let hooks = task.task.hooks.as_ref();
        for suffix in hooks.iter().flat_map(|hooks| &hooks.before) {
            let ends = self.hook(at, task, suffix, &after, Reason::Before(task.id().clone()));
            after.extend(ends);
        }
        dedupe(&mut after);
        let own = self.steps.len();
        self.planned.insert(at, own);
        self.steps.push(Step {
            task: at,
            reason,
            after,
        });
        let mut ends = vec![own];
        for suffix in hooks.iter().flat_map(|hooks| &hooks.after) {
            let after = ends.clone();
            ends.extend(self.hook(at, task, suffix, &after, Reason::After(task.id().clone())));
        }
        dedupe(&mut ends);
        ends
    }

    /// The step itself and the hooks after it.
    fn ends_of(&self, step: usize) -> Vec<usize> {
        let id = self.project.tasks()[self.steps[step].task].id();
        let after = self.steps.iter().enumerate();
        let hooks = after.filter(|(_, other)| other.reason == Reason::After(id.clone()));
        std::iter::once(step)
            .chain(hooks.map(|(at, _)| at))
            .collect()
    }

    fn need(&mut self, at: usize, task: &ProjectTask, need: &Need) -> Vec<usize> {
        let namespace = task.namespace.as_deref();
        let Some(needed) = self
            .project
            .in_context(&need.id.value, self.context, namespace)
        else {
            let found = self.unknown_need(task, need);
            self.found.push(found);
            return Vec::new();
        };
        self.enter(
            at,
            needed,
            need.id.span.clone(),
            Reason::NeededBy(task.id().clone()),
        )
    }

    fn hook(
        &mut self,
        at: usize,
        task: &ProjectTask,
        suffix: &Spanned<String>,
        after: &[usize],
        reason: Reason,
    ) -> Vec<usize> {
        let id = task.id().with_suffix(&suffix.value);
        let Some(hook) = self.project.find(id.as_str()) else {
            return Vec::new();
        };
        let outer = std::mem::replace(&mut self.barrier, after.to_vec());
        let ends = self.enter(at, hook, suffix.span.clone(), reason);
        self.barrier = outer;
        ends
    }

    /// Goes from one task to another, unless that closes a circle.
    fn enter(&mut self, from: usize, to: usize, site: Span, reason: Reason) -> Vec<usize> {
        // A task that has its place already is no circle, also on the way back from its own
        // after-hooks.
        if self.planned.contains_key(&to) {
            return self.add(to, reason);
        }
        self.chain.push((from, site));
        let circle = self.chain.iter().position(|(task, _)| *task == to);
        let ends = match circle {
            Some(start) => {
                let found = self.circle(start);
                self.found.push(found);
                Vec::new()
            }
            None if self.chain.len() > MAX_CHAIN => {
                if !self.too_deep {
                    self.too_deep = true;
                    let message =
                        format!("tasks need each other more than {MAX_CHAIN} levels deep");
                    let found = Diagnostic::error("castfile::needs-depth", message);
                    let (_, site) = &self.chain[MAX_CHAIN];
                    self.found.push(found.primary(site.clone(), ""));
                }
                Vec::new()
            }
            None => self.add(to, reason),
        };
        self.chain.pop();
        ends
    }

    fn circle(&self, start: usize) -> Diagnostic {
        let hops = &self.chain[start..];
        let id = |task: usize| self.project.tasks()[task].id();
        let mut names: Vec<_> = hops
            .iter()
            .map(|(task, _)| format!("`{}`", id(*task)))
            .collect();
        names.push(names[0].clone());
        let mut found = Diagnostic::error(
            "castfile::needs-cycle",
            format!("tasks need each other in a circle: {}", names.join(" -> ")),
        );
        for (at, (task, site)) in hops.iter().enumerate() {
            let next = hops.get(at + 1).map_or(hops[0].0, |(task, _)| *task);
            let message = format!("`{}` leads to `{}`", id(*task), id(next));
            found = if at + 1 == hops.len() {
                found.primary(site.clone(), message)
            } else {
                found.secondary(site.clone(), message)
            };
        }
        found.help("take one of these out")
    }

    fn unknown_need(&self, task: &ProjectTask, need: &Need) -> Diagnostic {
        let message = format!(
            "task `{}` needs `{}`, which is not defined",
            task.id(),
            need.id.value
        );
        let span = &need.id.span;
        let found = Diagnostic::error("castfile::unknown-task", message).primary(
            span.clone(),
            "no task of this name in this file or its imports",
        );
        let left_out = &self.project.left_out;
        if let Some(found) = explain_left_out(found.clone(), left_out, task.module, &need.id.value)
        {
            return found;
        }
        let Some(near) = self.project.nearest_task(&need.id.value) else {
            return found;
        };
        let found = match self.project.task(near) {
            Some(other) => found.secondary(
                other.task.name.span.clone(),
                "a task with a similar name is defined here",
            ),
            None => found,
        };
        found.fix(format!("did you mean `{near}`?"), span.clone(), near)
    }
}

fn dedupe(steps: &mut Vec<usize>) {
    steps.sort_unstable();
    steps.dedup();
}
