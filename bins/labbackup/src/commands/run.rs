//! `labbackup run`.

use std::sync::atomic::Ordering;

use backup::notify::{Level, Message};
use backup::plan::{self, Options, Plan, Skipped};
use backup::run::{self, Outcome, Report, Snapshots};

use super::json;
use crate::args::RunArgs;
use crate::exit;
use crate::progress::Progress;
use crate::store;
use crate::tell;
use crate::world::{World, signals};

pub(crate) async fn run(args: &RunArgs, world: &mut World<'_, '_>) -> u8 {
    let found = match world.services(true).await {
        Ok(found) => found,
        Err(code) => return code,
    };
    let Some(engine) = found.engine else {
        return exit::NO_ENGINE;
    };
    let mut options = Options::default();
    options.only.clone_from(&args.services);
    options.target = world.target();
    options.without_estimates = !args.dry_run;
    let restic = match store::open(world).await {
        None => None,
        Some(Ok(restic)) => Some(restic),
        Some(Err(code)) => return code,
    };
    options.store = restic.is_some();
    let (plan, findings) = plan::plan(found.services, &options, super::plan::look(Some(&engine)));
    if let Some(code) = world.show(&findings) {
        return code;
    }
    if args.dry_run {
        super::plan::print(&plan, world);
        return exit::DONE;
    }
    if plan.is_empty() {
        world.wrong("there is nothing to back up", Some(&advice(&plan)));
        return exit::FAILED;
    }
    let (cancel, signal) = signals();
    let progress = Progress::new(world.io.err_is_terminal && !world.args.quiet && !world.args.json);
    let mut context = World::context(cancel);
    context.fail_below = if args.accept_shrink {
        0
    } else {
        args.fail_below
    };
    context.warn_below = args.warn_below;
    context.progress = progress.bytes();
    let host = store::host(world);
    let snapshots = restic.as_ref().map(|restic| Snapshots::new(restic, host));
    let begun = std::time::Instant::now();
    let mut report =
        match run::run_with(&engine, &plan, &context, &progress, snapshots.as_ref()).await {
            Ok(report) => report,
            Err(error) => {
                progress.finish();
                let code = world.error(&error);
                let message = Message::new(
                    Level::Error,
                    "the backup could not begin",
                    error.to_string(),
                );
                tell::everybody(world, message).await;
                return code;
            }
        };
    progress.finish();
    for line in progress.lines() {
        world.note(&line);
    }
    for warning in report
        .warnings
        .iter()
        .chain(report.dumps.iter().flat_map(|dump| &dump.warnings))
    {
        world.io.message(format!("warning: {warning}\n"));
    }
    for dump in &report.dumps {
        if let Some(error) = &dump.error {
            world.wrong(
                &format!("{} ({}): {error}", dump.service, dump.part),
                dump.help.as_deref(),
            );
        }
    }
    for error in &report.errors {
        world.wrong(error, None);
    }
    // Shown above.
    let odd = findings.into_iter().filter(|one| !one.is_error());
    report.warnings.extend(odd.map(|one| one.message));
    told(&report, begun.elapsed(), world).await;
    if world.args.json {
        world.io.data(json(&report));
    }
    match report.outcome {
        Outcome::Done => exit::DONE,
        Outcome::Interrupted => signal.load(Ordering::Relaxed),
        _ => exit::FAILED,
    }
}

/// What to do when there is nothing to do.
fn advice(plan: &Plan) -> String {
    let absent = |one: &&Skipped| one.why == plan::NO_CONTAINER;
    match plan.skipped.iter().find(absent) {
        Some(one) => format!(
            "{} of {} has no container on this engine, nor has anything else: start the services first",
            one.what, one.service
        ),
        None => "`labbackup plan` says what was left out, and why".to_owned(),
    }
}

/// Figures and notifications.
async fn told(report: &Report, took: std::time::Duration, world: &mut World<'_, '_>) {
    let now = jiff::Timestamp::now().as_second();
    tell::figures(world, |figures| {
        let mut services: std::collections::BTreeMap<&str, (bool, u64)> =
            std::collections::BTreeMap::new();
        for dump in &report.dumps {
            let one = services.entry(&dump.service).or_insert((true, 0));
            one.0 &= dump.error.is_none();
            one.1 += dump.bytes;
        }
        for (service, (success, bytes)) in services {
            figures.entry(service.to_owned()).or_default().ran(
                now,
                took.as_secs_f64(),
                success,
                Some(bytes),
            );
        }
    });
    let failed: Vec<String> = report
        .dumps
        .iter()
        .filter_map(|dump| {
            Some(format!(
                "{} ({}): {}",
                dump.service,
                dump.part,
                dump.error.as_ref()?
            ))
        })
        .chain(report.errors.iter().cloned())
        .collect();
    let warnings: Vec<&String> = report
        .warnings
        .iter()
        .chain(report.dumps.iter().flat_map(|dump| &dump.warnings))
        .collect();
    let mut message = if !failed.is_empty() {
        Message::new(
            Level::Error,
            format!("backup: {} failed", failed.len()),
            failed.join("\n"),
        )
    } else if !warnings.is_empty() {
        let text: Vec<&str> = warnings.iter().map(|text| text.as_str()).collect();
        Message::new(
            Level::Warning,
            "backup: done, with warnings",
            text.join("\n"),
        )
    } else {
        Message::new(
            Level::Info,
            format!("backup: {} done", report.dumps.len()),
            "",
        )
    };
    message.report = serde_json::to_value(report).ok();
    tell::everybody(world, message).await;
}
