//! `extends`: the gaps of a task filled from another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use yaml_tree::{Diagnostic, Spanned};

use super::{LeftOut, ProjectTask, explain_left_out};
use crate::model::{EnvEntry, Need, Task};
use crate::{Error, TaskId};

/// Longer chains of `extends` are refused: no castfile means them, and the stack is not endless.
const MAX_CHAIN: usize = 200;

/// Applies `extends` to all tasks, whatever their order.
///
/// As frostyeti/cast v0.3.2: `desc`, `uses`, `cwd`, `run`, `help`, `timeout`, `template`, `needs`,
/// `hooks` and `force` are taken where they are unset; `hosts` and `dotenv` are joined, the base's
/// first; `env` and `with` are merged, the task's own winning; `if` and `args` are not taken.
/// Different: a base may stand anywhere (there only earlier), and a task that extends its own name
/// extends the imported one it replaces (there itself, which leaves it empty).
pub(super) fn apply(
    tasks: &mut [ProjectTask],
    index: &HashMap<String, usize>,
    left_out: &[LeftOut],
) -> Result<(), Error> {
    let mut extender = Extender {
        tasks,
        index,
        left_out,
        done: HashSet::new(),
        chain: Vec::new(),
        found: Vec::new(),
    };
    for task in 0..extender.tasks.len() {
        extender.extend(Definition { task, age: 0 });
    }
    if extender.found.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(extender.found))
    }
}

/// One definition of a task: the one that counts, or one that it replaced.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Definition {
    task: usize,
    /// 0 counts; 1 is the one it replaced, and so on.
    age: usize,
}

struct Extender<'a> {
    tasks: &'a mut [ProjectTask],
    index: &'a HashMap<String, usize>,
    left_out: &'a [LeftOut],
    done: HashSet<Definition>,
    /// Definitions being extended, each with its `extends`.
    chain: Vec<(Definition, Spanned<String>)>,
    found: Vec<Diagnostic>,
}

impl Extender<'_> {
    fn extend(&mut self, at: Definition) {
        let Some(wanted) = self.task(at).extends.clone() else {
            return;
        };
        if self.done.contains(&at) {
            return;
        }
        if let Some(start) = self.chain.iter().position(|(known, _)| *known == at) {
            let circle = self.circle(start);
            self.found.push(circle);
            return;
        }
        if self.chain.len() == MAX_CHAIN {
            self.found.push(
                Diagnostic::error(
                    "castfile::extends-depth",
                    format!("tasks extend each other more than {MAX_CHAIN} levels deep"),
                )
                .primary(wanted.span, ""),
            );
            return;
        }
        match self.base_of(at, &wanted.value) {
            None => {
                let unknown = self.unknown(at, &wanted);
                self.found.push(unknown);
            }
            Some(base) => {
                self.chain.push((at, wanted));
                self.extend(base);
                self.chain.pop();
                let from = Arc::clone(self.task(base));
                let needs = self.needs_for(at, base, &from.needs);
                inherit(self.task_mut(at), &from, needs);
            }
        }
        self.done.insert(at);
    }

    fn task(&self, at: Definition) -> &Arc<Task> {
        let task = &self.tasks[at.task];
        match at.age.checked_sub(1) {
            None => &task.task,
            Some(replaced) => &task.shadowed[replaced].task,
        }
    }

    fn task_mut(&mut self, at: Definition) -> &mut Task {
        let task = &mut self.tasks[at.task];
        Arc::make_mut(match at.age.checked_sub(1) {
            None => &mut task.task,
            Some(replaced) => &mut task.shadowed[replaced].task,
        })
    }

    fn namespace(&self, at: Definition) -> Option<&str> {
        let task = &self.tasks[at.task];
        match at.age.checked_sub(1) {
            None => task.namespace.as_deref(),
            Some(replaced) => task.shadowed[replaced].namespace.as_deref(),
        }
    }

    fn module(&self, at: Definition) -> Option<usize> {
        let task = &self.tasks[at.task];
        match at.age.checked_sub(1) {
            None => task.module,
            Some(replaced) => task.shadowed[replaced].module,
        }
    }

    /// What `name` means in a definition: its own id is what it replaced, any other is the
    /// definition that counts.
    fn base_of(&self, at: Definition, name: &str) -> Option<Definition> {
        let find = |name: &str| {
            self.index
                .get(name)
                .or_else(|| self.index.get(&name.to_lowercase()))
                .copied()
        };
        let inside = self
            .namespace(at)
            .and_then(|namespace| find(TaskId::derive(name).in_namespace(namespace).as_str()));
        let task = inside.or_else(|| find(name))?;
        if task != at.task {
            return Some(Definition { task, age: 0 });
        }
        let replaced = self.tasks[task].shadowed.len() > at.age;
        Some(Definition {
            task,
            age: at.age + usize::from(replaced),
        })
    }

    /// The needs of a base as the extending task must write them: a base inside another namespace
    /// means the tasks there.
    fn needs_for(&self, at: Definition, base: Definition, needs: &[Need]) -> Vec<Need> {
        let mut needs = needs.to_vec();
        let Some(namespace) = self
            .namespace(base)
            .filter(|inside| self.namespace(at) != Some(*inside))
        else {
            return needs;
        };
        for need in &mut needs {
            let id = TaskId::derive(&need.id.value).in_namespace(namespace);
            let variant = format!("{id}:");
            let known = self.index.contains_key(id.as_str())
                || self.index.keys().any(|known| known.starts_with(&variant));
            if known {
                id.as_str().clone_into(&mut need.id.value);
            }
        }
        needs
    }

    fn circle(&self, start: usize) -> Diagnostic {
        let hops = &self.chain[start..];
        let mut names: Vec<_> = hops
            .iter()
            .map(|(at, _)| format!("`{}`", self.tasks[at.task].id))
            .collect();
        names.extend(names.first().cloned());
        let message = if hops.len() == 1 {
            let name = &names[0];
            format!("task {name} extends itself, and no import has a task of this name")
        } else {
            format!("`extends` runs in a circle: {}", names.join(" -> "))
        };
        let mut found = Diagnostic::error("castfile::extends-cycle", message);
        for (_, site) in hops {
            found = found.primary(site.span.clone(), "");
        }
        found
    }

    fn unknown(&self, at: Definition, wanted: &Spanned<String>) -> Diagnostic {
        let message = format!(
            "task `{}` extends `{}`, which is not defined",
            self.tasks[at.task].id, wanted.value
        );
        let found = Diagnostic::error("castfile::unknown-task", message).primary(
            wanted.span.clone(),
            "no task of this name in this file or its imports",
        );
        let module = self.module(at);
        if let Some(found) = explain_left_out(found.clone(), self.left_out, module, &wanted.value) {
            return found;
        }
        let known = self.tasks.iter().map(|task| task.id.as_str());
        match yaml_tree::nearest(&wanted.value, known) {
            Some(near) => found.fix(format!("did you mean `{near}`?"), wanted.span.clone(), near),
            None => found,
        }
    }
}

fn inherit(task: &mut Task, base: &Task, needs: Vec<Need>) {
    fn fill<T: Clone>(own: &mut Option<T>, base: Option<&T>) {
        if own.is_none() {
            *own = base.cloned();
        }
    }
    fill(&mut task.desc, base.desc.as_ref());
    fill(&mut task.uses, base.uses.as_ref());
    fill(&mut task.cwd, base.cwd.as_ref());
    fill(&mut task.run, base.run.as_ref());
    fill(&mut task.help, base.help.as_ref());
    fill(&mut task.timeout, base.timeout.as_ref());
    fill(&mut task.force, base.force.as_ref());
    if !task.refuses_template {
        fill(&mut task.template, base.template.as_ref());
    }
    if !task.refuses_hooks {
        fill(&mut task.hooks, base.hooks.as_ref());
    }
    if task.needs.is_empty() {
        task.needs = needs;
    }
    let own = std::mem::replace(&mut task.hosts, base.hosts.clone());
    for host in own {
        if !task.hosts.iter().any(|known| known.value == host.value) {
            task.hosts.push(host);
        }
    }
    let own = std::mem::replace(&mut task.dotenv, base.dotenv.clone());
    for file in own {
        if !task
            .dotenv
            .iter()
            .any(|known| known.path.value == file.path.value)
        {
            task.dotenv.push(file);
        }
    }
    task.env = merged_env(&base.env, &task.env);
    for (name, node) in &base.with {
        if !task.with.iter().any(|(known, _)| known.value == name.value) {
            task.with.push((name.clone(), node.clone()));
        }
    }
}

/// The base's variables, each replaced in its place by the task's own, then the task's others.
fn merged_env(base: &[EnvEntry], own: &[EnvEntry]) -> Vec<EnvEntry> {
    let mut merged: Vec<EnvEntry> = base
        .iter()
        .map(|entry| {
            let replaced = own.iter().find(|own| own.name.value == entry.name.value);
            replaced.unwrap_or(entry).clone()
        })
        .collect();
    for entry in own {
        if !base
            .iter()
            .any(|known| known.name.value == entry.name.value)
        {
            merged.push(entry.clone());
        }
    }
    merged
}
