//! `labbackup drill`.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use backup::discovery::Service;
use backup::drill::{self, Options, Outcome, Role};
use backup::labels::{self, HttpCheck};
use backup::manifest::Listed;
use backup::notify::{Level, Message};
use backup::run::Snapshots;
use camino::Utf8PathBuf;

use super::{dumps, is_of, json};
use crate::args::DrillArgs;
use crate::exit;
use crate::store;
use crate::tell;
use crate::world::{World, signals};

pub(crate) async fn drill(args: &DrillArgs, world: &mut World<'_, '_>) -> u8 {
    let found = match world.services(true).await {
        Ok(found) => found,
        Err(code) => return code,
    };
    let (services, Some(engine)) = (found.services, found.engine) else {
        return exit::NO_ENGINE;
    };
    let (all, targets) = match dumps(world, &services, &[]) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let all = match meant(all, &args.services, &services) {
        Ok(all) => all,
        Err(name) => {
            world.wrong(
                &format!("there is no dump of `{name}`, and no service"),
                Some("`labbackup list` shows what there is"),
            );
            return exit::FAILED;
        }
    };
    let newest = newest(all);
    if newest.is_empty() {
        world.wrong(
            "there are no dumps to restore",
            Some("`labbackup run` makes some"),
        );
        return exit::FAILED;
    }
    let temporary = world.variable("TMPDIR").unwrap_or("/tmp");
    let mut options = Options::default();
    options.directory = match &args.directory {
        Some(directory) => world.dir.join(directory),
        None => Utf8PathBuf::from(temporary).join("labbackup-drill"),
    };
    options.production = services
        .iter()
        .filter_map(|service| service.root.clone())
        .filter(|root| !root.as_str().is_empty())
        .collect();
    options.production.extend(targets.iter().cloned());
    options.production.sort();
    options.production.dedup();
    options.target.clone_from(&targets[0]);
    options.mark = !args.no_mark;
    options.services = services;
    options.only.clone_from(&args.services);
    let (cancel, signal) = signals();
    let context = World::context(cancel);
    let restic = match store::open(world).await {
        None => None,
        Some(Ok(restic)) => Some(restic),
        Some(Err(code)) => return code,
    };
    let host = store::host(world);
    let snapshots = restic.as_ref().map(|restic| Snapshots::new(restic, host));
    let (engine, stored) = (Some(&engine), snapshots.as_ref());
    let report = match drill::drill_with(engine, &newest, &context, &options, stored).await {
        Ok(report) => report,
        Err(error) => return world.error(&error),
    };
    for name in &report.swept {
        world.io.message(format!(
            "warning: `{name}` was left by an earlier drill: it is removed\n"
        ));
    }
    for one in &report.services {
        let verdict = if one.verified {
            "verified"
        } else {
            "NOT VERIFIED"
        };
        let quiet = one.verified && world.args.quiet;
        if quiet || world.args.json {
            continue;
        }
        let role = match one.role {
            Role::Application => " (started)",
            Role::Files => " (files)",
            _ => "",
        };
        world.io.line(format!("{verdict} {}{role}", one.service));
        for file in &one.files {
            world.io.line(format!("  of      {file}"));
        }
        for check in &one.checks {
            world.io.line(format!("  {check}"));
        }
        if let Some(error) = &one.error {
            world.io.line(format!("  failed  {error}"));
        }
        for note in &one.notes {
            world.io.line(format!("  note    {note}"));
        }
        if !one.torn_down {
            world
                .io
                .line("  note    something of it is left; the next drill removes it");
        }
    }
    let now = jiff::Timestamp::now().as_second();
    tell::figures(world, |figures| {
        // A service is well if all of it is: its files, its database, and itself.
        let mut services: BTreeMap<&str, bool> = BTreeMap::new();
        for one in &report.services {
            *services.entry(&one.service).or_insert(true) &= one.verified;
        }
        for (service, verified) in services {
            figures
                .entry(service.to_owned())
                .or_default()
                .drilled(now, verified);
        }
    });
    let bad: Vec<&str> = report
        .services
        .iter()
        .filter(|one| !one.verified)
        .map(|one| one.service.as_str())
        .collect();
    let mut message = if bad.is_empty() {
        Message::new(
            Level::Info,
            format!("drill: {} verified", report.services.len()),
            "",
        )
    } else {
        Message::new(
            Level::Error,
            "drill: not everything came back",
            bad.join("\n"),
        )
    };
    message.report = serde_json::to_value(&report).ok();
    tell::everybody(world, message).await;
    let text = json(&report);
    if world.args.json {
        world.io.data(&text);
    }
    if let Some(path) = &args.report {
        let path = world.dir.join(path);
        if let Err(error) = fs_err::write(&path, &text) {
            world.wrong(&error.to_string(), None);
            return exit::FAILED;
        }
    }
    match report.outcome {
        Outcome::Verified => exit::DONE,
        Outcome::Interrupted => signal.load(Ordering::Relaxed),
        _ => exit::MISMATCH,
    }
}

/// The dumps of those who were named, and of the projects of applications that were named: those run on
/// all of their databases. An error is the name of which there is nothing.
fn meant(all: Vec<Listed>, names: &[String], services: &[Service]) -> Result<Vec<Listed>, String> {
    if names.is_empty() {
        return Ok(all);
    }
    let mut projects: Vec<&str> = Vec::new();
    let mut others: Vec<String> = names.to_vec();
    for name in names {
        let service = services
            .iter()
            .find(|one| one.name == *name || one.full_name() == *name);
        let dumped = all.iter().any(|one| is_of(one, name));
        let Some(service) = service else {
            if dumped {
                continue;
            }
            return Err(name.clone());
        };
        let (settings, _) = labels::read(&service.name, &service.labels);
        let mut questions = settings.smoke.iter();
        let asked = questions.any(|question| HttpCheck::parse(question).is_some());
        if !dumped || settings.start.unwrap_or(asked) {
            projects.push(&service.project);
            others.extend(settings.with);
        }
    }
    let wanted = |one: &Listed| {
        projects.contains(&one.manifest.project.as_str())
            || others.iter().any(|name| is_of(one, name))
    };
    Ok(all.into_iter().filter(|one| wanted(one)).collect())
}

/// The newest dump of each part of each service. A part that the newest run did not make any more
/// belongs to another time, and is left out.
fn newest(all: Vec<Listed>) -> Vec<Listed> {
    let mut newest: Vec<Listed> = Vec::new();
    for one in all.into_iter().rev() {
        let same = |other: &Listed| {
            let (a, b) = (&other.manifest, &one.manifest);
            (&a.project, &a.service, &a.part) == (&b.project, &b.service, &b.part)
        };
        if !newest.iter().any(same) {
            newest.push(one);
        }
    }
    newest.reverse();
    newest
}
