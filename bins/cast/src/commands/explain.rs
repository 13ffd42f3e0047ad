//! `cast explain`: where each part of a task comes from.

use castfile::model::TemplateKind;
use castfile::{Error, Origin, Project, ProjectTask, Shadowed};
use common::exit;
use serde_json::json;
use yaml_tree::{Span, Spanned};

use crate::args::TaskArg;
use crate::invocation::Invocation;
use crate::show;
use crate::ui::Ui;

/// A part of a task with the place it is written at.
struct Part {
    name: &'static str,
    value: String,
    place: Span,
}

/// Explains a task: its definition and what that replaces, every field with its place, and its
/// environment with the origin of each value, secrets masked.
pub(crate) fn explain(invocation: &Invocation<'_>, args: &TaskArg, ui: &mut Ui<'_, '_>) -> u8 {
    match try_explain(invocation, args, ui) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    }
}

fn try_explain(
    invocation: &Invocation<'_>,
    args: &TaskArg,
    ui: &mut Ui<'_, '_>,
) -> Result<u8, Error> {
    let selected = invocation.select()?;
    let project = selected.project()?;
    // Planning finds the variant for the context and says what is wrong with the name.
    let plan = project.plan(&[&args.task], selected.context(&project))?;
    let target = plan
        .steps
        .iter()
        .enumerate()
        .find(|(at, _)| plan.is_target(*at));
    let Some(task) = target.and_then(|(_, step)| project.tasks().get(step.task)) else {
        return Ok(exit::FAILED);
    };
    // `$(…)` is not run for an explanation.
    let inputs = selected.session(&project, None);
    let base = project.base_env(&inputs)?;
    let env = project.task_env(&base, task, &inputs)?;
    let parts = parts(task);
    let runner = project.runner_of(task, &env).value;
    let order: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|step| project.tasks().get(step.task))
        .map(|task| task.id().as_str())
        .collect();
    let shown: Vec<_> = env
        .iter()
        .filter(|(_, var)| !matches!(var.origin, Origin::Process | Origin::Builtin))
        .map(|(name, var)| (name, show::value(name, var), show::origin(&var.origin)))
        .collect();
    if args.json {
        let fields: serde_json::Map<_, _> = parts
            .iter()
            .map(|part| {
                let place = part.place.to_string();
                (
                    part.name.to_owned(),
                    json!({"value": part.value, "place": place}),
                )
            })
            .collect();
        let env: serde_json::Map<_, _> = shown
            .iter()
            .map(|(name, value, origin)| {
                (
                    (*name).to_owned(),
                    json!({"value": value, "origin": origin}),
                )
            })
            .collect();
        let document = json!({
            "version": 1,
            "id": task.id().as_str(),
            "module": project.module_of(task).map(|module| &module.name),
            "defined": task.task.name.span.to_string(),
            "replaces": task.shadowed.iter().map(|shadowed| shadowed.task.name.span.to_string())
                .collect::<Vec<_>>(),
            "runner": runner,
            "order": order,
            "fields": fields,
            "env": env,
        });
        ui.io.line(document.to_string());
        return Ok(exit::DONE);
    }
    let from = match project.module_of(task) {
        Some(module) => format!(" (module {})", module.name),
        None => String::new(),
    };
    ui.io
        .line(format!("{}{from}", ui.bold_data(task.id().as_str())));
    let row = |ui: &mut Ui<'_, '_>, name: &str, value: &str, place: &str| {
        let place = ui.dim_data(place);
        ui.io
            .line(format!("  {name:<9} {value}  {place}").trim_end());
    };
    row(ui, "defined", &task.task.name.span.to_string(), "");
    for shadowed in &task.shadowed {
        row(
            ui,
            "replaces",
            &shadowed.task.name.span.to_string(),
            &module_name(&project, shadowed),
        );
    }
    row(ui, "runner", &runner, "");
    row(ui, "order", &order.join(" → "), "");
    for part in &parts {
        row(
            ui,
            part.name,
            &show::one_line(&part.value),
            &part.place.to_string(),
        );
    }
    if !shown.is_empty() {
        ui.io.line("");
        ui.io.line(ui.bold_data("environment"));
        for (name, value, origin) in shown {
            let value = value.replace('\n', "\\n");
            ui.io
                .line(format!("  {name}={value}  {}", ui.dim_data(&origin)));
        }
    }
    Ok(exit::DONE)
}

fn module_name(project: &Project, shadowed: &Shadowed) -> String {
    let module = shadowed
        .module
        .and_then(|module| project.modules().get(module));
    module
        .map(|module| format!("module {}", module.name))
        .unwrap_or_default()
}

fn parts(task: &ProjectTask) -> Vec<Part> {
    let task = &task.task;
    let mut parts = Vec::new();
    let mut add = |name: &'static str, value: &Option<Spanned<String>>| {
        if let Some(value) = value {
            parts.push(Part {
                name,
                value: value.value.clone(),
                place: value.span.clone(),
            });
        }
    };
    add("desc", &task.desc);
    add("uses", &task.uses);
    add("run", &task.run);
    add("cwd", &task.cwd);
    add("timeout", &task.timeout);
    add("if", &task.condition);
    add("force", &task.force);
    add("extends", &task.extends);
    if let Some(template) = &task.template {
        let name = match &template.value {
            TemplateKind::GoTemplate => "gotmpl".to_owned(),
            TemplateKind::Other(name) => name.clone(),
            _ => String::new(),
        };
        parts.push(Part {
            name: "template",
            value: name,
            place: template.span.clone(),
        });
    }
    for need in &task.needs {
        let place = need.id.span.clone();
        parts.push(Part {
            name: "needs",
            value: need.id.value.clone(),
            place,
        });
    }
    if let Some(hooks) = &task.hooks {
        let names: Vec<_> = hooks
            .before
            .iter()
            .chain(&hooks.after)
            .map(|hook| hook.value.as_str())
            .collect();
        let value = names.join(", ");
        parts.push(Part {
            name: "hooks",
            value,
            place: hooks.span.clone(),
        });
    }
    for file in &task.dotenv {
        let value = file.path.value.clone();
        parts.push(Part {
            name: "dotenv",
            value,
            place: file.path.span.clone(),
        });
    }
    parts
}
