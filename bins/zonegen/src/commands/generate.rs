//! `zonegen generate`: zone files from what services and the config file declare.

use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8PathBuf;
use common::exit;
use yaml_tree::{Diagnostic, Source};

use crate::args::{ConfigArgs, GenerateArgs, SourceArgs};
use crate::config::{self, Config, Environment};
use crate::generate::{Outcome, choose, lock, prepare, write};
use crate::plan::{Rules, explain};
use crate::report;
use crate::source::{Collected, compose, engine};
use crate::world::World;

/// Writes the zone files that differ, or says what it would do.
pub(crate) fn generate(args: &GenerateArgs, world: &mut World<'_, '_>) -> u8 {
    let config = match load_config(&args.config, world) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let environments = match environments(&config, &args.source) {
        Ok(environments) => environments,
        Err(message) => return world.fail(&message),
    };
    let shell = shell(environments.len());
    let mut collected = Vec::new();
    for environment in &environments {
        let mut all = from_compose(environment, &config, &args.source, shell, world);
        if environment.engine.is_some()
            && let Err(error) = from_engine(environment, &config, world, &mut all)
        {
            all.found.push(*error);
        }
        collected.push((environment, all));
    }
    let output = output(&config, &args.source, world);
    let only_look = args.dry_run || args.diff || args.expect_no_changes;
    let _lock = if only_look {
        None
    } else {
        match lock(&output) {
            Ok(lock) => Some(lock),
            Err(message) => return world.fail(&message),
        }
    };
    let rules = rules(&config, &args.source);
    let outcome = prepare(&config, &collected, &output, &rules, world.dir);
    report::show(&outcome.found, world);
    if outcome.has_errors() {
        report::summary(&outcome.found, world);
        return world.fail("no zone file was written");
    }
    tell(&outcome, args, world);
    if only_look {
        let changes = outcome.changed().next().is_some();
        return if args.expect_no_changes && changes {
            exit::FAILED
        } else {
            exit::DONE
        };
    }
    match write(&outcome) {
        Ok(()) => exit::DONE,
        Err(message) => world.fail(&message),
    }
}

fn tell(outcome: &Outcome, args: &GenerateArgs, world: &mut World<'_, '_>) {
    for change in &outcome.changes {
        if args.diff {
            let before = change.before.as_deref();
            if change.is_change() {
                world.io.data(explain::unified(
                    change.path.as_str(),
                    before,
                    &change.after,
                ));
            }
        } else {
            world.io.data(explain::records(change));
        }
    }
}

/// Reads the config file, telling what is wrong with it.
pub(crate) fn load_config(args: &ConfigArgs, world: &mut World<'_, '_>) -> Result<Config, u8> {
    let path = world.dir.join(&args.config);
    let bytes = match fs_err::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            return Err(world.fail(&format!("cannot read `{}`: {}", args.config, error.kind())));
        }
    };
    let dir = path
        .parent()
        .map_or_else(|| world.dir.to_owned(), yaml_tree::normalize_path);
    let parsed = Source::from_bytes(args.config.as_str(), bytes)
        .map(|source| config::parse(&source, &dir))
        .map_err(|found| vec![*found]);
    let (value, found) = match parsed {
        Ok(parsed) => (parsed.value, parsed.diagnostics),
        Err(found) => (None, found),
    };
    report::show(&found, world);
    match value {
        Some(config) if !found.iter().any(Diagnostic::is_error) => Ok(config),
        _ => {
            report::summary(&found, world);
            Err(exit::FAILED)
        }
    }
}

/// The environments of the run. Compose files of the command line belong to the only one.
pub(crate) fn environments(config: &Config, args: &SourceArgs) -> Result<Vec<Environment>, String> {
    let chosen: Vec<Environment> = choose(config, &args.environments)?
        .into_iter()
        .cloned()
        .collect();
    if !args.files.is_empty() && chosen.len() != 1 {
        return Err("`--file` needs to know the environment: name one with `--env`".to_owned());
    }
    Ok(chosen)
}

/// Whose variables count first when so many environments are looked at.
pub(crate) fn shell(environments: usize) -> compose::Shell {
    if environments > 1 {
        compose::Shell::Last
    } else {
        compose::Shell::First
    }
}

/// What the Compose files of an environment want.
pub(crate) fn from_compose(
    environment: &Environment,
    config: &Config,
    args: &SourceArgs,
    shell: compose::Shell,
    world: &World<'_, '_>,
) -> Collected {
    let mut collected = Collected::default();
    let mut projects = compose::files(environment, &config.dir, &mut collected.found);
    for file in &args.files {
        let files: Vec<Utf8PathBuf> = vec![yaml_tree::normalize_path(&world.dir.join(file))];
        if !projects.contains(&files) {
            projects.push(files);
        }
    }
    compose::collect(
        &projects,
        environment,
        config,
        world.dir,
        (world.env, shell),
        &mut collected,
    );
    collected
}

/// What the containers of an environment want now.
fn from_engine(
    environment: &Environment,
    config: &Config,
    world: &World<'_, '_>,
    collected: &mut Collected,
) -> Result<(), Box<Diagnostic>> {
    let Some(wanted) = &environment.engine else {
        return Ok(());
    };
    let failed = |error: &::engine::Error| {
        let found = Diagnostic::error("zonegen::no-engine", error.to_string())
            .primary(environment.span.clone(), "its containers are wanted");
        Box::new(match error.help() {
            Some(help) => found.help(help),
            None => found,
        })
    };
    let endpoint = endpoint(wanted, world).map_err(|error| failed(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Diagnostic::error("zonegen::no-engine", format!("cannot start: {error}")))
        .map_err(Box::new)?;
    let containers = runtime.block_on(async {
        let connected = ::engine::Engine::connect(&endpoint).await?;
        connected.containers(&engine::filter(wanted)).await
    });
    let containers = containers.map_err(|error| failed(&error))?;
    engine::collect(&containers, environment, config, collected);
    Ok(())
}

/// Where the engine of an environment is.
pub(crate) fn endpoint(
    wanted: &config::EngineConfig,
    world: &World<'_, '_>,
) -> Result<::engine::Endpoint, ::engine::Error> {
    match &wanted.host {
        Some(host) => host.parse(),
        None => ::engine::Endpoint::find(world.env),
    }
}

/// Where zone files are.
pub(crate) fn output(config: &Config, args: &SourceArgs, world: &World<'_, '_>) -> Utf8PathBuf {
    match &args.output {
        Some(dir) => yaml_tree::normalize_path(&world.dir.join(dir)),
        None => yaml_tree::normalize_path(&config.output),
    }
}

/// What the run may do.
pub(crate) fn rules(config: &Config, args: &SourceArgs) -> Rules {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Rules {
        serial: config.serial,
        now: now.map(|since| since.as_secs()).unwrap_or_default(),
        max_delete: args.max_delete.or(config.max_delete).unwrap_or_default(),
        pointers: config.zones.iter().any(|zone| zone.network.is_some()),
        allow_empty: args.allow_empty,
        overwrite_edits: args.overwrite_edits,
    }
}
