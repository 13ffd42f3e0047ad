//! `--dry-run`: the plan, and nothing done.

use std::collections::BTreeMap;
use std::time::SystemTime;

use castfile::{Env, Error, Origin, Plan, Project, Reason, Scope, Session};

use crate::show;
use crate::ui::Ui;

/// Prints the order of the tasks, and for each its runner, directory, script and what its
/// environment adds. Commands of `$(…)` are not run: they stand as written.
pub(crate) fn show(
    project: &Project,
    plan: &Plan,
    inputs: &Session<'_>,
    args: &[String],
    ui: &mut Ui<'_, '_>,
) -> Result<(), Error> {
    let from = inputs.invocation_dir;
    let base = project.base_env(inputs)?;
    let file = show::path(&project.castfile().path, from);
    let count = plan.steps.len();
    let tasks = if count == 1 {
        "1 task".to_owned()
    } else {
        format!("{count} tasks")
    };
    ui.io.line(format!(
        "{file} (context {}): {tasks}, nothing is run",
        plan.context
    ));
    let shared = difference(inputs.process, &base);
    if !shared.is_empty() {
        ui.io.line("");
        ui.io.line(ui.bold_data("environment of every task"));
        for line in shared {
            ui.io.line(format!("  {line}"));
        }
    }
    let nothing = BTreeMap::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let Some(task) = project.tasks().get(step.task) else {
            continue;
        };
        let env = project.task_env(&base, task, inputs)?;
        let is_target = plan.is_target(at);
        let scope = Scope {
            project,
            session: inputs,
            env: &env,
            outputs: &nothing,
            args: if is_target { args } else { &[] },
            success: true,
            now: SystemTime::now(),
        };
        let reason = match &step.reason {
            Reason::NeededBy(id) => format!(", needed by {id}"),
            Reason::Before(id) => format!(", before {id}"),
            Reason::After(id) => format!(", after {id}"),
            _ => String::new(),
        };
        ui.io.line("");
        let name = ui.bold_data(&task.display_name());
        let runner = project.runner_of(task, &env).value;
        let dir = scope
            .working_dir(task)
            .map_err(|found| Error::from(*found))?;
        let dir = show::masked(show::path(&dir, from).as_str(), &env);
        ui.io
            .line(format!("{}. {name} ({runner} in {dir}{reason})", at + 1));
        for (label, expression) in [("if", &task.task.condition), ("force", &task.task.force)] {
            if let Some(expression) = expression {
                ui.io
                    .line(format!("   {label}: {}", show::one_line(&expression.value)));
            }
        }
        if let Some(timeout) = &task.task.timeout {
            ui.io.line(format!("   timeout: {}", timeout.value));
        }
        for line in difference(&base, &env) {
            ui.io.line(format!("   {line}"));
        }
        if is_target && !args.is_empty() {
            let args: Vec<_> = args.iter().map(|arg| castfile::words::quote(arg)).collect();
            let args = show::masked(&args.join(" "), &env);
            ui.io.line(format!("   arguments: {args}"));
        }
        // A template that reads outputs of earlier tasks can only be shown as it is written.
        let written = task
            .task
            .run
            .as_ref()
            .map(|run| run.value.clone())
            .unwrap_or_default();
        let script = scope.script(task).unwrap_or(written);
        show::masked(&script, &env)
            .trim_end()
            .lines()
            .for_each(|line| ui.io.line(format!("   | {line}").trim_end()));
    }
    Ok(())
}

/// What `new` sets otherwise than `old`, apart from what cast itself sets.
fn difference(old: &Env, new: &Env) -> Vec<String> {
    new.iter()
        .filter(|(name, var)| {
            let own = matches!(var.origin, Origin::Builtin | Origin::Process);
            !own && old.get(name) != Some(var.value.as_str())
        })
        .map(|(name, var)| format!("{name}={}", show::value(name, var).replace('\n', "\\n")))
        .collect()
}
