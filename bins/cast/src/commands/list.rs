//! Listing tasks and jobs.

use std::rc::Rc;

use castfile::{Error, Project, ProjectTask, scan_workspace};
use common::exit;
use serde_json::{Value, json};

use crate::args::ListArgs;
use crate::invocation::Invocation;
use crate::show;
use crate::ui::Ui;
use crate::world::World;

/// `cast list`.
pub(crate) fn list(invocation: &Invocation<'_>, args: ListArgs, ui: &mut Ui<'_, '_>) -> u8 {
    match try_list(invocation, args, ui) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    }
}

fn try_list(invocation: &Invocation<'_>, args: ListArgs, ui: &mut Ui<'_, '_>) -> Result<u8, Error> {
    let selected = invocation.select()?;
    let project = selected.project()?;
    project.require_dotenv(&selected.session(&project, None))?;
    ui.warnings(project.warnings());
    if !args.all {
        return Ok(self::project(&project, invocation.world, args, ui));
    }
    let home = selected
        .loader
        .dirs()
        .home
        .as_deref()
        .map(camino::Utf8Path::as_str);
    let scan = scan_workspace(selected.loader.files(), project.castfile(), home)?;
    let mut projects = vec![(".".to_owned(), project)];
    for found in scan.projects {
        let name = found.alias.unwrap_or_else(|| found.path.to_string());
        projects.push((name, Rc::new(selected.loader.project(&found.castfile)?)));
    }
    if args.json {
        let all: Vec<_> = projects
            .iter()
            .map(|(name, project)| as_json(name, project, args))
            .collect();
        ui.io
            .line(json!({"version": 1, "projects": all}).to_string());
        return Ok(exit::DONE);
    }
    for (at, (name, project)) in projects.iter().enumerate() {
        if at > 0 {
            ui.io.line("");
        }
        let header = if name == "." {
            "here".to_owned()
        } else {
            format!("@{name}")
        };
        let header = ui.bold_data(&header);
        ui.io.line(header);
        self::project(project, invocation.world, args, ui);
    }
    Ok(exit::DONE)
}

/// The tasks of one project.
pub(crate) fn project(project: &Project, world: &World, args: ListArgs, ui: &mut Ui<'_, '_>) -> u8 {
    if args.json {
        ui.io.line(as_json(".", project, args).to_string());
        return exit::DONE;
    }
    let shown: Vec<_> = project
        .tasks()
        .iter()
        .filter(|task| !(args.hide_hooks && task.is_hook()))
        .collect();
    let width = shown
        .iter()
        .map(|task| task.id().as_str().chars().count())
        .max();
    let width = width.unwrap_or_default().max(7);
    let mut first = true;
    let own = shown.iter().filter(|task| task.module.is_none());
    for task in own {
        line(project, task, width, ui);
        first = false;
    }
    for (at, module) in project.modules().iter().enumerate() {
        let mut tasks = shown
            .iter()
            .filter(|task| task.module == Some(at))
            .peekable();
        if tasks.peek().is_none() {
            continue;
        }
        if !first {
            ui.io.line("");
        }
        first = false;
        let file = show::path(&module.castfile.path, &world.dir);
        let header = format!(
            "{} {}",
            ui.bold_data(&module.name),
            ui.dim_data(&format!("({file})"))
        );
        ui.io.line(header);
        for task in tasks {
            line(project, task, width, ui);
        }
    }
    if shown.is_empty() {
        let names: Vec<_> = declared_projects(project)
            .map(|name| format!("@{name}"))
            .collect();
        if !names.is_empty() {
            ui.note(format!(
                "no tasks here; the projects are {}",
                names.join(", ")
            ));
        }
    }
    exit::DONE
}

fn line(project: &Project, task: &ProjectTask, width: usize, ui: &mut Ui<'_, '_>) {
    let desc = task
        .task
        .desc
        .as_ref()
        .map(|desc| show::one_line(&desc.value));
    let replaced = task.shadowed.first().and_then(|shadowed| shadowed.module);
    let replaced = replaced.and_then(|module| project.modules().get(module));
    let note = match replaced {
        Some(module) if task.module.is_none() => format!("(replaces {}'s)", module.name),
        _ => String::new(),
    };
    let parts = [desc.unwrap_or_default(), ui.dim_data(&note)];
    let text = parts
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    ui.io
        .line(format!("{:<width$}  {text}", task.id().as_str()).trim_end());
}

fn declared_projects(project: &Project) -> impl Iterator<Item = &str> {
    let castfile = project.castfile();
    let aliases = castfile
        .workspace
        .iter()
        .flat_map(|workspace| &workspace.aliases);
    castfile
        .projects
        .iter()
        .chain(aliases)
        .map(|reference| reference.name.value.as_str())
}

/// A project as documented in `docs/cast.md`, version 1.
fn as_json(name: &str, project: &Project, args: ListArgs) -> Value {
    let tasks: Vec<_> = project
        .tasks()
        .iter()
        .filter(|task| !(args.hide_hooks && task.is_hook()))
        .map(|task| {
            let text = |value: &Option<yaml_tree::Spanned<String>>| {
                value.as_ref().map(|value| value.value.clone())
            };
            let position = task.task.name.span.position();
            let needs: Vec<_> = task.task.needs.iter().map(|need| &need.id.value).collect();
            json!({
                "id": task.id().as_str(),
                "name": task.display_name(),
                "desc": text(&task.task.desc),
                "help": text(&task.task.help),
                "uses": text(&task.task.uses),
                "needs": needs,
                "hook": task.is_hook(),
                "module": project.module_of(task).map(|module| &module.name),
                "file": project.file_of(task).path.as_str(),
                "line": position.line,
                "column": position.column,
            })
        })
        .collect();
    let jobs: Vec<_> = project
        .castfile()
        .jobs
        .iter()
        .map(|job| {
            json!({
                "id": job.id.as_str(),
                "desc": job.desc.as_ref().map(|desc| desc.value.clone()),
                "cron": job.cron.as_ref().map(|cron| cron.value.clone()),
            })
        })
        .collect();
    json!({
        "version": 1,
        "project": name,
        "castfile": project.castfile().path.as_str(),
        "tasks": tasks,
        "jobs": jobs,
        "projects": declared_projects(project).collect::<Vec<_>>(),
    })
}

/// `cast job list`.
pub(crate) fn jobs(invocation: &Invocation<'_>, ui: &mut Ui<'_, '_>) -> u8 {
    let project = match invocation.select().and_then(|selected| selected.project()) {
        Ok(project) => project,
        Err(error) => return ui.fail(&error),
    };
    let jobs = &project.castfile().jobs;
    let width = jobs
        .iter()
        .map(|job| job.id.as_str().chars().count())
        .max()
        .unwrap_or_default();
    let width = width.max(7);
    for job in jobs {
        let desc = job
            .desc
            .as_ref()
            .map(|desc| show::one_line(&desc.value))
            .unwrap_or_default();
        ui.io
            .line(format!("{:<width$}  {desc}", job.id.as_str()).trim_end());
    }
    exit::DONE
}
