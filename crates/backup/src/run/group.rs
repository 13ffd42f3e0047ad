//! One group: hooks, what is stopped, dumps, snapshots, and everything as it was.

use std::collections::BTreeSet;

use camino::Utf8Path;
use engine::Engine;

use super::hook::hook;
use super::{Event, Observer, Report, Snapshots, Stopped};
use crate::dump::{self, Cancel, Context};
use crate::plan::{Dump, Group, How};
use crate::store::SnapshotStore;

pub(super) async fn run<S: SnapshotStore>(
    engine: &Engine,
    group: &Group,
    context: &Context,
    observer: &dyn Observer,
    snapshots: Option<&Snapshots<'_, S>>,
    report: &mut Report,
) {
    let target = group
        .dumps
        .first()
        .map(|dump| &dump.directory)
        .or(group.files.first().map(|files| &files.directory));
    let target = target
        .and_then(|directory| directory.parent())
        .unwrap_or(Utf8Path::new("."));
    // Hooks that come before must find their containers running.
    let mut failed_hooks: BTreeSet<String> = BTreeSet::new();
    for dump in first_of_each(&group.dumps) {
        if let Some(command) = &dump.hooks.pre
            && let Err(error) = hook(engine, dump, "pre", command, &context.cancel).await
        {
            failed_hooks.insert(dump.full_name());
            report.failed(dump, &error, observer);
        }
    }
    let mut stopped = Stopped::new(target);
    for quiesce in &group.quiesce {
        match stopped.add(engine, quiesce).await {
            Ok(true) => {
                let container = quiesce.container.as_deref().unwrap_or_default();
                observer.event(&Event::Quiesced { container });
                report.quiesced.push(container.to_owned());
            }
            Ok(false) => {}
            Err(error) => report.errors.push(error.to_string()),
        }
    }
    for dump in &group.dumps {
        if context.cancel.is_cancelled() {
            break;
        }
        if failed_hooks.contains(&dump.full_name()) {
            continue;
        }
        let what = described(dump);
        let expected = dump.estimate.as_ref().map(|estimate| estimate.bytes);
        observer.event(&Event::Begins {
            what: &what,
            expected,
        });
        match dump::dump(engine, dump, context).await {
            Ok(done) => report.done(dump, done, observer),
            Err(error) => report.failed(dump, &error, observer),
        }
    }
    for files in group.files.iter().filter(|files| files.how == How::Archive) {
        if context.cancel.is_cancelled() {
            break;
        }
        let what = format!("{} of {}", files.name(), files.service);
        let expected = files.estimate.as_ref().map(|estimate| estimate.bytes);
        observer.event(&Event::Begins {
            what: &what,
            expected,
        });
        let result = dump::archive(engine, files, context).await;
        report.files(files, result, observer);
    }
    let stored: Vec<_> = group
        .files
        .iter()
        .filter(|files| files.how == How::Snapshot)
        .collect();
    if let Some(snapshots) =
        snapshots.filter(|_| !stored.is_empty() && !context.cancel.is_cancelled())
    {
        snapshots
            .group(&group.name, &stored, context, observer, report)
            .await;
    }
    // Not to be interrupted: what ran before runs afterwards.
    for (container, result) in stopped.resume(engine).await {
        match result {
            Ok(()) => observer.event(&Event::Resumed {
                container: &container,
            }),
            Err(error) => report
                .errors
                .push(format!("`{container}` does not run again: {error}")),
        }
    }
    for dump in first_of_each(&group.dumps) {
        let failed = report.has_failed(&dump.full_name());
        let hooks = [
            ("post", dump.hooks.post.as_ref()),
            (
                "on-failure",
                dump.hooks.on_failure.as_ref().filter(|_| failed),
            ),
        ];
        for (name, command) in hooks {
            if let Some(command) = command
                && let Err(error) = hook(engine, dump, name, command, &Cancel::never()).await
            {
                report.errors.push(error.to_string());
            }
        }
    }
}

/// One dump of each service: its hooks run once.
fn first_of_each(dumps: &[Dump]) -> impl Iterator<Item = &Dump> {
    let mut seen = BTreeSet::new();
    dumps
        .iter()
        .filter(move |dump| seen.insert(dump.full_name()))
}

fn described(dump: &Dump) -> String {
    match &dump.database {
        Some(database) => format!("{} {database}", dump.full_name()),
        None => dump.full_name(),
    }
}
