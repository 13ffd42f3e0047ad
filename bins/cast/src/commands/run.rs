//! Running tasks.

use cast_runner::{Commands, Control, Run, execute};
use castfile::{Error, Project, Subcommand};
use common::exit;

use crate::args::ListArgs;
use crate::command_line::Targets;
use crate::commands::{dry_run, list};
use crate::invocation::Invocation;
use crate::progress::Progress;
use crate::secrets::Vaults;
use crate::show;
use crate::ui::Ui;

/// Runs the tasks that `words` name, the first of them a plain word.
pub(crate) fn run(invocation: &Invocation<'_>, words: &[String], ui: &mut Ui<'_, '_>) -> u8 {
    match try_run(invocation, words, ui) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    }
}

fn try_run(
    invocation: &Invocation<'_>,
    words: &[String],
    ui: &mut Ui<'_, '_>,
) -> Result<u8, Error> {
    let mut targets = Targets::parse(words);
    if let Some(option) = &targets.without_value {
        let help = "name the context behind it, or write `--` before it if it is for the task";
        ui.error(
            "cast::missing-value",
            format!("`{option}` is the last word, and it takes a context"),
            &[help],
        );
        return Ok(exit::FAILED);
    }
    if targets.names.iter().any(|name| name.trim().is_empty()) {
        let help = "an empty argument for a task stands behind `--`: `cast TASK -- ''`";
        ui.error("cast::empty-name", "a task has an empty name", &[help]);
        return Ok(exit::FAILED);
    }
    let mut selected = invocation.select_with(&targets.aliases)?;
    selected.set_context(targets.context.take());
    let project = selected.project()?;
    ui.warnings(project.warnings());
    if targets.names.is_empty() {
        if project.task("default").is_none() {
            return Ok(list::project(
                &project,
                invocation.world,
                ListArgs::default(),
                ui,
            ));
        }
        targets.names.push("default".to_owned());
    }
    match project.subcommand(&targets.names) {
        Some(Subcommand::Task { id, words }) => {
            // What follows the name of a subcommand is for the task, with or without dashes.
            let rest = targets.names.split_off(words);
            targets.args.splice(0..0, rest);
            targets.names = vec![id.to_string()];
        }
        Some(Subcommand::Group { help, children, .. }) => {
            group(help.as_deref(), &children, ui);
            return Ok(exit::DONE);
        }
        _ if unknown_in_group(&project, &targets.names, ui) => return Ok(exit::FAILED),
        _ => {}
    }
    if targets.help && targets.names.len() == 1 {
        let context = selected.context(&project);
        return help(&project, &targets.names[0], context, ui);
    }
    if targets.help {
        targets.args.insert(0, "--help".to_owned());
    }
    let jobs = match &invocation.global.jobs {
        None => 1,
        Some(text) => match text.parse::<usize>() {
            Ok(jobs) if jobs > 0 => jobs,
            _ => {
                let help = "`-j` takes a number of tasks; jobs are named by `--job`";
                ui.error(
                    "cast::bad-jobs",
                    format!("`{text}` is no number of tasks"),
                    &[help],
                );
                return Ok(exit::FAILED);
            }
        },
    };
    let names: Vec<_> = targets.names.iter().map(String::as_str).collect();
    let plan = project.plan(&names, selected.context(&project))?;
    if invocation.global.dry_run || targets.dry_run {
        let inputs = selected.session(&project, None);
        dry_run::show(&project, &plan, &inputs, &targets.args, ui)?;
        return Ok(exit::DONE);
    }
    let vaults = Vaults::new(invocation.world);
    let commands = Commands::new(project.dir()).with_secrets(Some(&vaults));
    let inputs = selected.session(&project, Some(&commands));
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.error("cast::runtime", format!("cannot start: {error}"), &[]);
            return Ok(exit::FAILED);
        }
    };
    runtime.block_on(async {
        let control = match Control::new() {
            Ok(control) => control,
            Err(error) => {
                ui.error("cast::signals", error.to_string(), &[]);
                return Ok(exit::FAILED);
            }
        };
        let mut run = Run::new(&project, &plan, &inputs, &control);
        run.args = &targets.args;
        run.jobs = jobs;
        run.raw_vars = &invocation.world.raw_vars;
        run.secrets = Some(&vaults);
        let report = execute(&run, &mut Progress::new(ui)).await?;
        Ok(u8::try_from(report.code()).unwrap_or(exit::FAILED))
    })
}

/// What there is behind the words of a subcommand.
fn group(help: Option<&str>, children: &[(String, String)], ui: &mut Ui<'_, '_>) {
    if let Some(help) = help {
        return ui.io.line(help.trim_end());
    }
    let width = children.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default().max(7);
    for (name, desc) in children {
        let desc = show::one_line(desc);
        ui.io.line(format!("{name:<width$}  {desc}").trim_end());
    }
}

/// Says which word leads nowhere, if the words before it are those of a subcommand.
fn unknown_in_group(project: &Project, words: &[String], ui: &mut Ui<'_, '_>) -> bool {
    let Some(first) = words.first() else {
        return false;
    };
    if project.task(first).is_some() {
        return false;
    }
    for known in (1..words.len()).rev() {
        let (prefix, rest) = words.split_at(known);
        if let Some(Subcommand::Group { children, .. }) = project.subcommand(prefix) {
            let prefix = prefix.join(" ");
            let names = children.iter().map(|(name, _)| name.as_str());
            let help = match yaml_tree::nearest(&rest[0], names) {
                Some(near) => format!("did you mean `cast {prefix} {near}`?"),
                None => format!("`cast {prefix}` shows what there is"),
            };
            let message = format!("`{prefix}` has no subcommand `{}`", rest[0]);
            ui.error("cast::unknown-subcommand", message, &[&help]);
            return true;
        }
    }
    false
}

/// `cast TASK --help`: the task's help, else its description, else its name.
fn help(project: &Project, name: &str, context: &str, ui: &mut Ui<'_, '_>) -> Result<u8, Error> {
    // Planning finds the variant for the context and says what is wrong with the name.
    let plan = project.plan(&[name], context)?;
    let target = plan
        .steps
        .iter()
        .enumerate()
        .find(|(at, _)| plan.is_target(*at));
    let Some(task) = target.and_then(|(_, step)| project.tasks().get(step.task)) else {
        return Ok(exit::FAILED);
    };
    let text = task.task.help.as_ref().or(task.task.desc.as_ref());
    ui.io
        .line(text.map_or(task.id().as_str(), |text| text.value.trim_end()));
    Ok(exit::DONE)
}
