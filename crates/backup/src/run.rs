//! A plan carried out.
//!
//! Group by group: what is to be stopped or paused is, in order; hooks and dumps follow; then
//! everything that ran before runs again, and nothing else, whatever happened in between. What came
//! of it is a [`Report`].
//!
//! What is stopped is written down first (`.labbackup-stopped.json` in the target directory), so
//! that the next run starts it again if this one is killed.

mod quiesce;
mod report;

use std::collections::BTreeSet;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Command, Engine};

use crate::Error;
use crate::archive::SQLITE_ENDS;
use crate::dump::{self, Cancel, Context};
use crate::lock::{self, Lock};
use crate::plan::{Dump, Group, How, Plan};
use crate::restic::Restic;
use crate::store::{SnapshotStore, Source, pattern};

pub use quiesce::{Stopped, recover};
pub use report::{DumpReport, Outcome, Report};

/// How long a hook may take.
const HOOK_LIMIT: Duration = Duration::from_secs(30 * 60);

/// The tag of snapshots of dumps.
pub const DUMPS: &str = "dumps";

/// The tag of snapshots of a group's directories.
#[must_use]
pub fn group_tag(group: &str) -> String {
    // A comma would make two tags of it.
    format!("group {}", group.replace(',', " "))
}

/// Hears what happens while it does.
pub trait Observer: Sync {
    /// Something happens.
    fn event(&self, event: &Event<'_>);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _event: &Event<'_>) {}
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A container is stopped or paused.
    Quiesced {
        /// Its name.
        container: &'e str,
    },
    /// A container runs again.
    Resumed {
        /// Its name.
        container: &'e str,
    },
    /// A dump begins.
    Begins {
        /// Of what.
        what: &'e str,
        /// How many bytes are expected.
        expected: Option<u64>,
    },
    /// A dump has come to its end.
    Ends {
        /// What came of it.
        report: &'e DumpReport,
    },
}

/// A store for directories and volumes, and for the dumps themselves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Snapshots<'s, S> {
    /// The store.
    pub store: &'s S,
    /// The name of this machine in it.
    pub host: String,
}

impl<'s, S: SnapshotStore> Snapshots<'s, S> {
    /// Snapshots of this machine.
    pub fn new(store: &'s S, host: impl Into<String>) -> Self {
        Self {
            store,
            host: host.into(),
        }
    }
}

/// Carries a plan out that has no need of a snapshot store.
///
/// # Errors
/// As [`run_with`].
pub async fn run(
    engine: &Engine,
    plan: &Plan,
    context: &Context,
    observer: &dyn Observer,
) -> Result<Report, Error> {
    run_with::<Restic>(engine, plan, context, observer, None).await
}

/// Carries a plan out. Directories that the plan gives to the store become a snapshot of their group
/// while it is stopped; the dumps become one at the end.
///
/// # Errors
/// [`Error::Locked`] and the like, when nothing could be begun. What went wrong after that is in the
/// report.
pub async fn run_with<S: SnapshotStore>(
    engine: &Engine,
    plan: &Plan,
    context: &Context,
    observer: &dyn Observer,
    snapshots: Option<&Snapshots<'_, S>>,
) -> Result<Report, Error> {
    let mut report = Report::begin(context);
    // Every target once, in a fixed order, so that two runs cannot wait for each other.
    let targets: BTreeSet<Utf8PathBuf> = targets(plan).collect();
    let mut locks = Vec::new();
    for target in &targets {
        locks.push(Lock::take(target, lock::RUN)?);
        for (container, result) in recover(engine, target).await? {
            let left = format!("`{container}` was left stopped by an earlier run");
            match result {
                Ok(()) => report.warnings.push(format!("{left}: it is started again")),
                // No reason to make no backup of the others.
                Err(error) => report
                    .errors
                    .push(format!("{left} and does not start: {error}")),
            }
        }
        for what in dump::end_left(engine, target).await? {
            report.warnings.push(format!(
                "{what} was left running by an earlier run: it is ended"
            ));
        }
        for path in dump::sweep(target)? {
            report.warnings.push(format!(
                "`{path}` was left by a run that was killed: it is removed"
            ));
        }
    }
    for group in &plan.groups {
        if context.cancel.is_cancelled() {
            break;
        }
        self::group(engine, group, context, observer, snapshots, &mut report).await;
    }
    if let Some(snapshots) = snapshots
        && !context.cancel.is_cancelled()
    {
        let source = Source {
            paths: targets.iter().map(|target| target.clone().into()).collect(),
            tags: vec![DUMPS.to_owned()],
            excludes: [".labbackup*", ".*.partial", ".*.running"]
                .map(str::to_owned)
                .to_vec(),
            ..Source::default()
        };
        let what = "the dumps";
        snapshot(snapshots, source, what, context, observer, &mut report).await;
    }
    report.end(context);
    drop(locks);
    Ok(report)
}

/// The target directories of a plan: those above the directories of services.
fn targets(plan: &Plan) -> impl Iterator<Item = Utf8PathBuf> {
    let dumps = plan.dumps().map(|dump| &dump.directory);
    let files = plan.groups.iter().flat_map(|group| &group.files);
    let files = files
        .filter(|files| files.how == How::Archive)
        .map(|files| &files.directory);
    dumps
        .chain(files)
        .filter_map(|directory| directory.parent().map(Utf8Path::to_owned))
}

async fn group<S: SnapshotStore>(
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
        let live = stored.iter().flat_map(|files| &files.exclude);
        let source = Source {
            paths: stored
                .iter()
                .map(|files| files.source.clone().into())
                .collect(),
            tags: vec![group_tag(&group.name)],
            // A SQLite file is three while it is in use.
            excludes: live
                .flat_map(|file| SQLITE_ENDS.map(|end| pattern(&format!("{file}{end}"))))
                .collect(),
            ..Source::default()
        };
        snapshot(snapshots, source, &group.name, context, observer, report).await;
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

async fn snapshot<S: SnapshotStore>(
    snapshots: &Snapshots<'_, S>,
    source: Source,
    what: &str,
    context: &Context,
    observer: &dyn Observer,
    report: &mut Report,
) {
    let source = Source {
        host: snapshots.host.clone(),
        ..source
    };
    let shown = format!("snapshot of {what}");
    observer.event(&Event::Begins {
        what: &shown,
        expected: None,
    });
    let mut cancel = context.cancel.clone();
    let mut before = 0;
    let mut progress = |now: crate::store::Progress| {
        if let Some(progress) = &context.progress {
            progress(now.bytes_done.saturating_sub(before));
        }
        before = now.bytes_done;
    };
    let result = tokio::select! {
        biased;
        // The command is ended when it is dropped.
        () = cancel.cancelled() => return,
        result = snapshots.store.backup(&source, &mut progress) => result,
    };
    report.snapshot(what, result, observer);
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

async fn hook(
    engine: &Engine,
    dump: &Dump,
    name: &'static str,
    command: &str,
    cancel: &Cancel,
) -> Result<(), Error> {
    let Some(running) = &dump.details.running else {
        return Err(Error::NotRunning {
            what: dump.full_name(),
        });
    };
    let mut program = Command::new(["sh", "-c", command]);
    if let Some(user) = &dump.hooks.user {
        program = program.user(user);
    }
    let exec = engine.exec(&running.id, &program).await?;
    let handle = exec.handle();
    let what = format!("the hook `{name}` of {}", dump.full_name());
    let end = async |error| {
        handle.cancel(Duration::from_secs(5)).await.ok();
        Err(error)
    };
    let mut cancel = cancel.clone();
    let ended = tokio::select! {
        biased;
        () = cancel.cancelled() => return end(Error::Cancelled).await,
        ended = tokio::time::timeout(HOOK_LIMIT, exec.finish()) => ended,
    };
    let Ok(ended) = ended else {
        let after = HOOK_LIMIT;
        return end(Error::TimedOut { what, after }).await;
    };
    let ended = ended?;
    if ended.code == 0 {
        return Ok(());
    }
    Err(Error::Hook {
        hook: name,
        service: dump.full_name(),
        code: ended.code,
        stderr: ended.stderr,
    })
}
