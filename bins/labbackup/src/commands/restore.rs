//! `labbackup restore`.

use backup::plan::{self, Options};
use backup::restore::{self, Choice};
use backup::run;
use std::sync::atomic::Ordering;

use super::dumps;
use crate::args::RestoreArgs;
use crate::exit;
use crate::progress::Progress;
use crate::world::{World, signals};

pub(crate) async fn restore(args: &RestoreArgs, world: &mut World<'_, '_>) -> u8 {
    let found = match world.services(true).await {
        Ok(found) => found,
        Err(code) => return code,
    };
    let Some(engine) = &found.engine else {
        return exit::NO_ENGINE;
    };
    let (all, _) = match dumps(world, &found.services, &[]) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let mut choice = Choice::default();
    choice.service.clone_from(&args.service);
    choice.part.clone_from(&args.part);
    choice.point.clone_from(&args.at);
    let chosen = match restore::choose(&all, &choice) {
        Ok(chosen) => chosen,
        Err(error) => return world.error(&error),
    };
    let mut plans = Vec::new();
    for listed in &chosen {
        let full = format!("{}/{}", listed.manifest.project, listed.manifest.service);
        let wanted = args.into.as_ref();
        let service = found.services.iter().find(|service| match wanted {
            Some(name) => service.full_name() == *name || service.name == *name,
            None => {
                service.full_name() == full
                    || listed.manifest.project.is_empty() && service.name == listed.manifest.service
            }
        });
        let Some(service) = service else {
            let name = wanted.unwrap_or(&full);
            world.wrong(
                &format!("there is no service `{name}`"),
                Some("start it, or name another with `--into`"),
            );
            return exit::FAILED;
        };
        match restore::plan(listed, service) {
            Ok(plan) => plans.push((plan, service.clone())),
            Err(error) => return world.error(&error),
        }
    }
    for (plan, _) in &plans {
        world.io.message(format!("restore {}\n", plan.listed.path));
        for step in &plan.steps {
            world.io.message(format!("  {step}\n"));
        }
        for warning in &plan.warnings {
            world.io.message(format!("warning: {warning}\n"));
        }
    }
    if !args.no_safety_dump {
        world
            .io
            .message("before that, what is there now is dumped\n");
    }
    if args.dry_run {
        return exit::DONE;
    }
    if !args.yes {
        if !world.io.err_is_terminal {
            world.wrong(
                "a restore replaces data, and nobody is there to agree",
                Some("give `--yes`"),
            );
            return exit::REFUSED;
        }
        if !world.agrees("Go on?") {
            return exit::REFUSED;
        }
    }
    let (cancel, signal) = signals();
    let progress = Progress::new(world.io.err_is_terminal && !world.args.quiet && !world.args.json);
    let mut context = World::context(cancel);
    // What is there may well be damaged: that is why it is restored.
    context.fail_below = 0;
    context.warn_below = 0;
    context.progress = progress.bytes();
    if !args.no_safety_dump {
        let mut options = Options::default();
        options.target = world.target();
        options.only = plans
            .iter()
            .map(|(_, service)| service.full_name())
            .collect();
        let (plan, _) = plan::plan(
            found.services.clone(),
            &options,
            super::plan::look(Some(engine)),
        );
        let report = match run::run(engine, &plan, &context, &progress).await {
            Ok(report) => report,
            Err(error) => {
                progress.finish();
                return world.error(&error);
            }
        };
        if report.outcome != run::Outcome::Done {
            progress.finish();
            let why = report.dumps.iter().find_map(|dump| dump.error.clone());
            world.wrong(
                &format!(
                    "what is there now cannot be dumped: {}",
                    why.unwrap_or_default()
                ),
                Some("nothing was changed; `--no-safety-dump` restores all the same"),
            );
            return exit::FAILED;
        }
    }
    for (plan, _) in &plans {
        if let Err(error) = restore::run(engine, plan, &context).await {
            progress.finish();
            let code = world.error(&error);
            return if matches!(error, backup::Error::Cancelled) {
                signal.load(Ordering::Relaxed)
            } else {
                code
            };
        }
        world.note(&format!("restored {}", plan.listed.path));
    }
    progress.finish();
    exit::DONE
}
