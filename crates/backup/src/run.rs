//! A plan carried out.
//!
//! Group by group: what is to be stopped or paused is, in order; hooks and dumps follow; then
//! everything that ran before runs again, and nothing else, whatever happened in between. What came
//! of it is a [`Report`].
//!
//! What is stopped is written down first (`.labbackup-stopped.json` in the target directory), so
//! that the next run starts it again if this one is killed.

mod group;
mod hook;
mod quiesce;
mod report;
mod snapshots;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;

use crate::Error;
use crate::dump::{self, Context};
use crate::lock::{self, Lock};
use crate::plan::{How, Plan};
use crate::restic::Restic;
use crate::store::SnapshotStore;

pub use quiesce::{Stopped, recover};
pub use report::{DumpReport, Outcome, Report};
pub use snapshots::{DUMPS, Snapshots, group_tag};

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
    let mut locks = Vec::new();
    for target in &targets(plan, |_| true) {
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
        group::run(engine, group, context, observer, snapshots, &mut report).await;
    }
    let dumps: Vec<_> = targets(plan, |how| how == How::Archive)
        .into_iter()
        .collect();
    if let Some(snapshots) = snapshots
        && !(dumps.is_empty() || context.cancel.is_cancelled())
    {
        snapshots
            .dumps(&dumps, context, observer, &mut report)
            .await;
    }
    report.end(context);
    drop(locks);
    Ok(report)
}

/// The directories above those of services, in order: of dumps, and of files that are stored so.
fn targets(plan: &Plan, stored: impl Fn(How) -> bool) -> BTreeSet<Utf8PathBuf> {
    let dumps = plan.dumps().map(|dump| &dump.directory);
    let files = plan.groups.iter().flat_map(|group| &group.files);
    let files = files
        .filter(|files| stored(files.how))
        .map(|files| &files.directory);
    dumps
        .chain(files)
        .filter_map(|directory| directory.parent().map(Utf8Path::to_owned))
        .collect()
}
