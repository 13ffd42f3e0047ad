//! What goes into a store of snapshots: the directories of a group, and the dumps.

use camino::Utf8PathBuf;

use super::{Event, Observer, Report};
use crate::archive::SQLITE_ENDS;
use crate::dump::Context;
use crate::plan::Files;
use crate::store::{Progress, SnapshotStore, Source, pattern};

/// The tag of snapshots of dumps.
pub const DUMPS: &str = "dumps";

/// The tag of snapshots of a group's directories.
#[must_use]
pub fn group_tag(group: &str) -> String {
    // A comma would make two tags of it.
    format!("group {}", group.replace(',', " "))
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

    /// The directories of a group.
    pub(super) async fn group(
        &self,
        name: &str,
        stored: &[&Files],
        context: &Context,
        observer: &dyn Observer,
        report: &mut Report,
    ) {
        let live = stored.iter().flat_map(|files| &files.exclude);
        let source = Source {
            paths: stored
                .iter()
                .map(|files| files.source.clone().into())
                .collect(),
            tags: vec![group_tag(name)],
            // A SQLite file is three while it is in use.
            excludes: live
                .flat_map(|file| SQLITE_ENDS.map(|end| pattern(&format!("{file}{end}"))))
                .collect(),
            ..Source::default()
        };
        self.take(source, name, context, observer, report).await;
    }

    /// The directories of dumps.
    pub(super) async fn dumps(
        &self,
        targets: &[Utf8PathBuf],
        context: &Context,
        observer: &dyn Observer,
        report: &mut Report,
    ) {
        let source = Source {
            paths: targets.iter().map(|target| target.clone().into()).collect(),
            tags: vec![DUMPS.to_owned()],
            excludes: [".labbackup*", ".*.partial", ".*.running"]
                .map(str::to_owned)
                .to_vec(),
            ..Source::default()
        };
        self.take(source, "the dumps", context, observer, report)
            .await;
    }

    async fn take(
        &self,
        source: Source,
        what: &str,
        context: &Context,
        observer: &dyn Observer,
        report: &mut Report,
    ) {
        let source = Source {
            host: self.host.clone(),
            ..source
        };
        let shown = format!("snapshot of {what}");
        observer.event(&Event::Begins {
            what: &shown,
            expected: None,
        });
        let mut cancel = context.cancel.clone();
        let mut before = 0;
        let mut progress = |now: Progress| {
            if let Some(progress) = &context.progress {
                progress(now.bytes_done.saturating_sub(before));
            }
            before = now.bytes_done;
        };
        let result = tokio::select! {
            biased;
            // The command is ended when it is dropped.
            () = cancel.cancelled() => return,
            result = self.store.backup(&source, &mut progress) => result,
        };
        report.snapshot(what, result, observer);
    }
}
