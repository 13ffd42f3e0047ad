//! `extends`: the gaps of a task filled from another.

use std::collections::HashMap;
use std::sync::Arc;

use yaml_tree::{Diagnostic, Spanned};

use super::ProjectTask;
use crate::Error;
use crate::model::{EnvEntry, Task};

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
) -> Result<(), Error> {
    let mut state = vec![State::Open; tasks.len()];
    let mut found = Vec::new();
    for at in 0..tasks.len() {
        if tasks[at].task.extends.is_some() {
            resolve(at, tasks, index, &mut state, &mut Vec::new(), &mut found);
        }
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(found))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Busy,
    Done,
}

fn resolve(
    at: usize,
    tasks: &mut [ProjectTask],
    index: &HashMap<String, usize>,
    state: &mut [State],
    chain: &mut Vec<Spanned<String>>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(wanted) = tasks[at].task.extends.clone() else {
        return;
    };
    match state[at] {
        State::Done => return,
        State::Busy => {
            let names: Vec<_> = chain.iter().map(|hop| format!("`{}`", hop.value)).collect();
            let mut cycle = Diagnostic::error(
                "castfile::extends-cycle",
                format!("`extends` runs in a circle: {}", names.join(" -> ")),
            );
            for hop in chain.iter() {
                cycle = cycle.primary(hop.span.clone(), "");
            }
            found.push(cycle);
            return;
        }
        State::Open => {}
    }
    state[at] = State::Busy;
    let base = match base_of(at, &wanted, tasks, index) {
        Base::Shadowed(base) => Some(base),
        Base::Task(other) => {
            chain.push(wanted.clone());
            // A chain longer than this is a mistake, and the stack is not endless.
            if chain.len() <= tasks.len() {
                resolve(other, tasks, index, state, chain, found);
            }
            chain.pop();
            (other != at).then(|| Arc::clone(&tasks[other].task))
        }
        Base::Unknown => {
            let message = format!(
                "task `{}` extends `{}`, which is not defined",
                tasks[at].id, wanted.value
            );
            let diagnostic = Diagnostic::error("castfile::unknown-task", message).primary(
                wanted.span.clone(),
                "no task of this name in this file or its imports",
            );
            let known = tasks.iter().map(|task| task.id.as_str());
            found.push(match yaml_tree::nearest(&wanted.value, known) {
                Some(near) => {
                    diagnostic.fix(format!("did you mean `{near}`?"), wanted.span.clone(), near)
                }
                None => diagnostic,
            });
            None
        }
    };
    if let Some(base) = base {
        let task = Arc::make_mut(&mut tasks[at].task);
        inherit(task, &base);
    }
    state[at] = State::Done;
}

enum Base {
    Task(usize),
    Shadowed(Arc<Task>),
    Unknown,
}

fn base_of(
    at: usize,
    wanted: &Spanned<String>,
    tasks: &[ProjectTask],
    index: &HashMap<String, usize>,
) -> Base {
    let find = |name: &str| {
        index
            .get(name)
            .or_else(|| index.get(&name.to_lowercase()))
            .copied()
    };
    let in_namespace = tasks[at]
        .namespace
        .as_ref()
        .and_then(|namespace| find(&format!("{}-{}", namespace.to_lowercase(), wanted.value)));
    let found = in_namespace.or_else(|| find(&wanted.value)).or_else(|| {
        // `d:up` for the task whose id is `d-up`.
        let (namespace, name) = wanted.value.split_once(':')?;
        let at = find(&format!("{namespace}-{name}"))?;
        (tasks[at].namespace.as_deref() == Some(namespace)).then_some(at)
    });
    match found {
        Some(other) if other == at => match tasks[at].shadowed.first() {
            Some(shadowed) => Base::Shadowed(Arc::clone(&shadowed.task)),
            None => Base::Task(at),
        },
        Some(other) => Base::Task(other),
        None => Base::Unknown,
    }
}

fn inherit(task: &mut Task, base: &Task) {
    fn fill<T: Clone>(own: &mut Option<T>, base: &Option<T>) {
        if own.is_none() {
            own.clone_from(base);
        }
    }
    fill(&mut task.desc, &base.desc);
    fill(&mut task.uses, &base.uses);
    fill(&mut task.cwd, &base.cwd);
    fill(&mut task.run, &base.run);
    fill(&mut task.help, &base.help);
    fill(&mut task.timeout, &base.timeout);
    fill(&mut task.template, &base.template);
    fill(&mut task.hooks, &base.hooks);
    fill(&mut task.force, &base.force);
    if task.needs.is_empty() {
        task.needs.clone_from(&base.needs);
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
