//! `lab config`.

use std::collections::BTreeMap;

use camino::Utf8Path;
use common::replace::{Access, replace};
use common::{ColorChoice, Io, Renderer, exit};
use compose_model::{Disk, FileArg, Options, Project, load};
use yaml_tree::Diagnostic;

use super::variables;
use crate::args::{ConfigArgs, Format};

/// More findings than this are counted, not shown: nobody reads them.
const MAX_SHOWN: usize = 50;

/// Loads the project, shows what is wrong with it, prints what was asked for.
pub(crate) fn config(
    args: &ConfigArgs,
    dir: &Utf8Path,
    env: BTreeMap<String, String>,
    io: &mut Io<'_>,
) -> u8 {
    let color =
        ColorChoice::Auto.decide(io.err_is_terminal, |name| env.get(name).map(String::as_str));
    let renderer = Renderer::new(color);
    let show = |io: &mut Io<'_>, found: &[Diagnostic]| {
        for one in found.iter().take(MAX_SHOWN) {
            io.message(renderer.render(one));
        }
        if found.len() > MAX_SHOWN {
            io.message(format!(
                "... and {} more findings\n",
                found.len() - MAX_SHOWN
            ));
        }
    };
    let options = match options(args, dir, env, io) {
        Ok(options) => options,
        Err(message) => {
            io.message(format!("error: {message}\n"));
            return exit::FAILED;
        }
    };
    let project = match load(&Disk, &options) {
        Ok(project) => project,
        Err(found) => {
            show(io, &found);
            return exit::FAILED;
        }
    };
    show(io, &project.warnings);
    if args.quiet {
        return exit::DONE;
    }
    let text = match output(args, &project) {
        Ok(text) => text,
        Err(message) => {
            io.message(format!("error: {message}\n"));
            return exit::FAILED;
        }
    };
    let code = match &args.output {
        None => {
            io.data(text);
            exit::DONE
        }
        Some(path) => match replace(&dir.join(path), text.as_bytes(), Access::AsBefore) {
            Ok(_) => exit::DONE,
            Err(error) => {
                io.message(format!("error: cannot write `{path}`: {error}\n"));
                exit::FAILED
            }
        },
    };
    // The process is about to end: taking a large project apart piece by piece would only cost time.
    std::mem::forget(project);
    code
}

fn options(
    args: &ConfigArgs,
    dir: &Utf8Path,
    env: BTreeMap<String, String>,
    io: &mut Io<'_>,
) -> Result<Options, String> {
    let mut options = Options::new(dir, env);
    for file in &args.files {
        options.files.push(if file == "-" {
            let text = io.read_input();
            FileArg::Stdin(text.map_err(|error| format!("cannot read standard input: {error}"))?)
        } else {
            FileArg::Path(file.clone())
        });
    }
    options.env_files.clone_from(&args.env_files);
    options.profiles.clone_from(&args.profiles);
    options
        .project_directory
        .clone_from(&args.project_directory);
    options.project_name.clone_from(&args.project_name);
    // What services and profiles there are is asked of the whole project.
    if !args.services && !args.list_profiles {
        options.services.clone_from(&args.names);
    }
    // What variables there are is asked of the files as they are written.
    options.interpolate = !args.no_interpolate && !args.variables;
    options.normalize = !args.no_normalize;
    options.resolve_paths = !args.no_path_resolution;
    options.resolve_env = !args.no_env_resolution;
    options.check_consistency = !args.no_consistency;
    Ok(options)
}

fn output(args: &ConfigArgs, project: &Project) -> Result<String, String> {
    let names = |section: &str| {
        let map = project
            .model
            .get(section)
            .and_then(compose_model::Value::as_map);
        lines(
            map.into_iter()
                .flat_map(compose_model::Map::keys)
                .map(|key| &**key),
        )
    };
    if args.services {
        return Ok(lines(project.service_names_in_order()));
    }
    for (wanted, section) in [(args.volumes, "volumes"), (args.networks, "networks")] {
        if wanted {
            return Ok(names(section));
        }
    }
    if args.models {
        return Ok(lines(models(project).iter().map(String::as_str)));
    }
    if args.images {
        return Ok(lines(project.images().iter().map(String::as_str)));
    }
    if args.list_profiles {
        return Ok(lines(project.profiles().iter().map(String::as_str)));
    }
    if args.environment {
        let vars = project
            .env
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"));
        return Ok(vars.collect());
    }
    if args.variables {
        let variables = project.variables();
        return match args.format {
            Format::Yaml => Ok(variables::table(&variables)),
            Format::Json => variables::json(&variables).map_err(|error| error.to_string()),
        };
    }
    if let Some(wanted) = &args.hash {
        return hashes(project, wanted);
    }
    match args.format {
        Format::Yaml => Ok(project.to_yaml()),
        Format::Json => project.to_json().map_err(|error| error.to_string()),
    }
}

/// What the models of a project run.
fn models(project: &Project) -> Vec<String> {
    let models = project.model.get("models");
    let models = models.and_then(compose_model::Value::as_map);
    models
        .into_iter()
        .flat_map(compose_model::Map::values)
        .filter_map(|model| model.get("model")?.as_str().map(str::to_owned))
        .collect()
}

fn lines<'t>(names: impl Iterator<Item = &'t str>) -> String {
    names.flat_map(|name| [name, "\n"]).collect()
}

fn hashes(project: &Project, wanted: &str) -> Result<String, String> {
    let mut names: Vec<String> = if wanted == "*" {
        project.service_names().map(str::to_owned).collect()
    } else {
        wanted.split(',').map(str::to_owned).collect()
    };
    names.sort();
    names
        .iter()
        .map(|name| match project.service_hash(name) {
            Some(hash) => Ok(format!("{name} {hash}\n")),
            None => Err(format!("no such service: {name}")),
        })
        .collect()
}
