//! `tasks` and `jobs`.

use std::collections::{HashMap, HashSet};

use yaml_tree::{Diagnostic, Entry, Node, Severity, Span, Spanned};

use super::env::{optional_mark, read_env};
use super::fields::{self, Reader};
use crate::TaskId;
use crate::model::{Hooks, Job, JobStep, Need, Task, TaskDotenv, TemplateKind};

pub(crate) const TASK_KEYS: &[&str] = &[
    "id",
    "name",
    "desc",
    "description",
    "help",
    "uses",
    "use",
    "run",
    "args",
    "env",
    "dotenv",
    "envfile",
    "env-file",
    "cwd",
    "timeout",
    "needs",
    "deps",
    "dependencies",
    "with",
    "input",
    "inputs",
    "hosts",
    "if",
    "predicate",
    "force",
    "hooks",
    "extends",
    "template",
];

const JOB_KEYS: &[&str] = &[
    "id",
    "name",
    "desc",
    "description",
    "needs",
    "steps",
    "env",
    "dotenv",
    "if",
    "timeout",
    "cwd",
    "extends",
    "cron",
];

/// Reads a `tasks` block behind the tasks that an earlier block gave.
pub(super) fn read_tasks(reader: &mut Reader, node: &Node, tasks: &mut Vec<Task>) {
    let Some(mapping) = reader.mapping(node, "tasks") else {
        return;
    };
    let mut index: HashMap<TaskId, usize> = tasks
        .iter()
        .enumerate()
        .map(|(at, task)| (task.id.clone(), at))
        .collect();
    let mut in_this_block = HashSet::new();
    for entry in mapping.entries() {
        let Some(name) = reader.key(entry) else {
            continue;
        };
        let Some(task) = read_task(reader, name, &entry.value) else {
            continue;
        };
        let first_here = in_this_block.insert(task.id.clone());
        match index.get(&task.id).copied() {
            None => {
                index.insert(task.id.clone(), tasks.len());
                tasks.push(task);
            }
            // The later of two `tasks:` blocks wins; within one block the first, as in the
            // original, where the second is lost without a word.
            Some(at) if first_here => tasks[at] = task,
            Some(at) => reader.push(
                Diagnostic::warning(
                    "castfile::same-id",
                    format!(
                        "`{}` and `{}` have the same id `{}`; the second is not used",
                        tasks[at].name.value, task.name.value, task.id
                    ),
                )
                .primary(task.name.span, "not used")
                .secondary(tasks[at].name.span.clone(), "used")
                .help("rename one, or give it an `id`"),
            ),
        }
    }
}

/// Reads one task: a script alone, or a mapping.
fn read_task(reader: &mut Reader, name: Spanned<String>, node: &Node) -> Option<Task> {
    let mut task = Task::new(TaskId::derive(&name.value), name);
    if node.as_scalar().is_some() {
        task.run = fields::text(node).filter(|_| !node.is_null(super::SCHEMA));
        return Some(task);
    }
    let Some(mapping) = node.as_mapping() else {
        let what = format!("task `{}`", task.name.value);
        reader.wrong_kind(node, &what, "a script or a mapping");
        return None;
    };
    for entry in mapping.entries() {
        read_field(reader, &mut task, entry);
    }
    Some(task)
}

fn read_field(reader: &mut Reader, task: &mut Task, entry: &Entry) {
    let Some(key) = reader.key(entry) else { return };
    let node = &entry.value;
    match key.as_str() {
        "id" => {
            if let Some(id) = reader.text(node, "id") {
                task.id = TaskId::derive(&id.value);
            }
        }
        // The original reads it and puts the map's key in its place.
        "name" => drop(reader.text(node, "name")),
        "desc" | "description" => task.desc = reader.text(node, &key.value),
        "help" => task.help = reader.text(node, "help"),
        "uses" | "use" => {
            task.uses = reader
                .text(node, &key.value)
                .map(|uses| uses.map(|text| text.trim().to_owned()))
                .filter(|uses| !uses.value.is_empty());
        }
        "run" => task.run = reader.text(node, "run"),
        "args" => task.args = reader.list_of_texts(node, "args"),
        "env" => task.env = read_env(reader, node),
        "dotenv" | "envfile" | "env-file" => {
            task.dotenv
                .extend(read_task_dotenv(reader, node, &key.value));
        }
        "cwd" => task.cwd = reader.text(node, "cwd"),
        "timeout" => task.timeout = reader.text(node, "timeout"),
        "needs" | "deps" | "dependencies" => {
            task.needs.extend(read_needs(reader, node, &key.value));
        }
        "with" | "input" | "inputs" => {
            if let Some(mapping) = reader.mapping(node, &key.value) {
                for input in mapping.entries() {
                    if let Some(name) = reader.key(input) {
                        task.with.push((name, input.value.clone()));
                    }
                }
            }
        }
        "hosts" => task.hosts = reader.texts(node, "hosts"),
        "if" | "predicate" => task.condition = reader.text(node, &key.value),
        "force" => task.force = reader.text(node, "force"),
        "hooks" => {
            task.hooks = read_hooks(reader, &key.span, node);
            task.refuses_hooks = fields::boolean(node) == Some(false);
        }
        "extends" => task.extends = reader.text(node, "extends"),
        "template" => {
            task.template = read_template(reader, node);
            task.refuses_template = fields::boolean(node) == Some(false);
        }
        _ => {
            let place = format!("task `{}`", task.name.value);
            reader.unknown_key(&key, &place, TASK_KEYS, Severity::Error);
        }
    }
}

fn read_task_dotenv(reader: &mut Reader, node: &Node, what: &str) -> Vec<TaskDotenv> {
    reader
        .texts(node, what)
        .into_iter()
        .map(|text| {
            let (path, optional) = optional_mark(text);
            TaskDotenv { path, optional }
        })
        .collect()
}

fn read_needs(reader: &mut Reader, node: &Node, what: &str) -> Vec<Need> {
    let mut needs = Vec::new();
    for item in reader.items(node, what) {
        let Some(mapping) = item.as_mapping() else {
            needs.extend(
                reader
                    .text(item, &format!("an item of `{what}`"))
                    .map(|id| Need {
                        id,
                        parallel: false,
                    }),
            );
            continue;
        };
        let mut id = None;
        let mut parallel = false;
        let before = reader.errors();
        for entry in mapping.entries() {
            let Some(key) = reader.key(entry) else {
                continue;
            };
            match key.as_str() {
                "id" => id = reader.text(&entry.value, "id"),
                "parallel" => {
                    parallel = reader.boolean(&entry.value, "parallel").unwrap_or(false);
                }
                _ => {
                    let place = format!("an item of `{what}`");
                    reader.unknown_key(&key, &place, &["id", "parallel"], Severity::Error);
                }
            }
        }
        match id {
            Some(id) => needs.push(Need { id, parallel }),
            None if reader.errors() > before => {}
            None => reader.push(
                Diagnostic::error(
                    "castfile::missing-key",
                    format!("the item of `{what}` has no `id`"),
                )
                .primary(fields::first_line(item), ""),
            ),
        }
    }
    needs
}

fn read_hooks(reader: &mut Reader, key: &Span, node: &Node) -> Option<Hooks> {
    if node.is_null(super::SCHEMA) {
        return None;
    }
    let standard = |name: &str| vec![Spanned::new(name.to_owned(), key.clone())];
    let Some(mapping) = node.as_mapping() else {
        if node.as_sequence().is_some() {
            reader.wrong_kind(
                node,
                "`hooks`",
                "`true` or a mapping with `before` and `after`",
            );
            return None;
        }
        return reader.boolean(node, "hooks")?.then(|| Hooks {
            span: key.clone(),
            before: standard("before"),
            after: standard("after"),
            explicit: false,
        });
    };
    let mut hooks = Hooks {
        span: key.clone(),
        before: Vec::new(),
        after: Vec::new(),
        explicit: true,
    };
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        match key.as_str() {
            "before" => hooks.before = reader.texts(&entry.value, "hooks.before"),
            "after" => hooks.after = reader.texts(&entry.value, "hooks.after"),
            _ => {
                let known = &["before", "after"];
                reader.unknown_key(&key, "`hooks`", known, Severity::Warning);
            }
        }
    }
    Some(hooks)
}

fn read_template(reader: &mut Reader, node: &Node) -> Option<Spanned<TemplateKind>> {
    let span = node.site().clone();
    let kind = match fields::boolean(node) {
        Some(true) => TemplateKind::GoTemplate,
        Some(false) => return None,
        None => match reader.text(node, "template")?.value.as_str() {
            "" => return None,
            "gotmpl" => TemplateKind::GoTemplate,
            other => TemplateKind::Other(other.to_owned()),
        },
    };
    Some(Spanned::new(kind, span))
}

/// Reads a `jobs` block.
pub(super) fn read_jobs(reader: &mut Reader, node: &Node, jobs: &mut Vec<Job>) {
    let Some(mapping) = reader.mapping(node, "jobs") else {
        return;
    };
    let mut known: HashSet<TaskId> = jobs.iter().map(|job| job.id.clone()).collect();
    for entry in mapping.entries() {
        let Some(name) = reader.key(entry) else {
            continue;
        };
        if let Some(job) = read_job(reader, name, &entry.value)
            && known.insert(job.id.clone())
        {
            jobs.push(job);
        }
    }
}

fn read_job(reader: &mut Reader, name: Spanned<String>, node: &Node) -> Option<Job> {
    let place = format!("job `{}`", name.value);
    let mapping = reader.mapping(node, &place)?;
    let mut job = Job {
        id: TaskId::derive(&name.value),
        name,
        desc: None,
        needs: Vec::new(),
        steps: Vec::new(),
        env: Vec::new(),
        dotenv: Vec::new(),
        condition: None,
        timeout: None,
        cwd: None,
        extends: None,
        cron: None,
    };
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        let node = &entry.value;
        match key.as_str() {
            "id" => {
                if let Some(id) = reader.text(node, "id") {
                    job.id = TaskId::derive(&id.value);
                }
            }
            "name" => {
                if let Some(name) = reader.text(node, "name") {
                    job.name = name;
                }
            }
            "desc" | "description" => job.desc = reader.text(node, &key.value),
            "needs" => job.needs = read_needs(reader, node, "needs"),
            "steps" => job.steps = read_steps(reader, node),
            "env" => job.env = read_env(reader, node),
            "dotenv" => job.dotenv = read_task_dotenv(reader, node, "dotenv"),
            "if" => job.condition = reader.text(node, "if"),
            "timeout" => job.timeout = reader.text(node, "timeout"),
            "cwd" => job.cwd = reader.text(node, "cwd"),
            "extends" => job.extends = reader.text(node, "extends"),
            "cron" => job.cron = reader.text(node, "cron"),
            _ => reader.unknown_key(&key, &place, JOB_KEYS, Severity::Error),
        }
    }
    Some(job)
}

fn read_steps(reader: &mut Reader, node: &Node) -> Vec<JobStep> {
    let mut steps = Vec::new();
    for item in reader.items(node, "steps") {
        let Some(mapping) = item.as_mapping() else {
            steps.extend(reader.text(item, "a step").map(JobStep::Task));
            continue;
        };
        if let Some(task) = mapping.get("task") {
            steps.extend(reader.text(task, "task").map(JobStep::Task));
            continue;
        }
        let name = Spanned::new("step".to_owned(), fields::first_line(item));
        if let Some(task) = read_task(reader, name, item) {
            steps.push(JobStep::Inline(Box::new(task)));
        }
    }
    steps
}
