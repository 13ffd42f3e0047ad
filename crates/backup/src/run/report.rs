//! What came of a run.

use serde::Serialize;

use super::{Event, Observer};
use crate::Error;
use crate::dump::{Context, Dumped};
use crate::plan::{Dump, Files};
use crate::report::{Course, full_name};
use crate::restic;
use crate::store::Made;

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// Which run, and when.
    #[serde(flatten)]
    pub course: Course,
    /// Whether everything was done.
    pub outcome: Outcome,
    /// The dumps and archives, in their order.
    pub dumps: Vec<DumpReport>,
    /// Containers that were stopped or paused.
    pub quiesced: Vec<String>,
    /// What else went wrong.
    pub errors: Vec<String>,
    /// What is odd.
    pub warnings: Vec<String>,
}

/// Whether everything was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// Everything.
    #[default]
    Done,
    /// Something failed; what succeeded is there.
    Failed,
    /// It was told to end.
    Interrupted,
}

/// What came of one dump.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DumpReport {
    /// The service, `project/name`.
    pub service: String,
    /// What of it.
    pub part: String,
    /// The file; `None` if it failed.
    pub file: Option<String>,
    /// Bytes before compression.
    pub raw_bytes: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Tables and the like.
    pub tables: usize,
    /// Rows and the like.
    pub rows: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// What can be done about it.
    pub help: Option<String>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

impl Report {
    pub(super) fn begin(context: &Context) -> Self {
        Self {
            course: Course::begin(context),
            ..Self::default()
        }
    }

    pub(super) fn end(&mut self, context: &Context) {
        self.course.end(context);
        let failed = !self.errors.is_empty() || self.dumps.iter().any(|dump| dump.error.is_some());
        self.outcome = if self.course.interrupted {
            Outcome::Interrupted
        } else if failed {
            Outcome::Failed
        } else {
            Outcome::Done
        };
    }

    pub(super) fn done(&mut self, dump: &Dump, done: Dumped, observer: &dyn Observer) {
        self.push(
            DumpReport::done(dump.full_name(), dump.part.clone(), done),
            observer,
        );
    }

    pub(super) fn failed(&mut self, dump: &Dump, error: &Error, observer: &dyn Observer) {
        self.push(
            DumpReport::failed(dump.full_name(), dump.part.clone(), error),
            observer,
        );
    }

    pub(super) fn files(
        &mut self,
        files: &Files,
        result: Result<Dumped, Error>,
        observer: &dyn Observer,
    ) {
        let service = full_name(&files.project, &files.service);
        let part = files.part.clone();
        let report = match result {
            Ok(done) => DumpReport::done(service, part, done),
            Err(error) => DumpReport::failed(service, part, &error),
        };
        self.push(report, observer);
    }

    pub(super) fn snapshot(
        &mut self,
        what: &str,
        result: Result<Made, restic::Error>,
        observer: &dyn Observer,
    ) {
        let base = DumpReport {
            service: what.to_owned(),
            part: "snapshot".to_owned(),
            ..DumpReport::default()
        };
        let report = match result {
            Ok(made) => DumpReport {
                file: Some(format!("snapshot {}", made.id.unwrap_or_default())),
                raw_bytes: made.bytes,
                bytes: made.bytes_added,
                ..base
            },
            Err(error) => DumpReport {
                error: Some(error.to_string()),
                help: error.help(),
                ..base
            },
        };
        self.push(report, observer);
    }

    fn push(&mut self, report: DumpReport, observer: &dyn Observer) {
        observer.event(&Event::Ends { report: &report });
        self.dumps.push(report);
    }

    pub(super) fn has_failed(&self, service: &str) -> bool {
        self.dumps
            .iter()
            .any(|dump| dump.service == service && dump.error.is_some())
    }
}

impl DumpReport {
    fn done(service: String, part: String, done: Dumped) -> Self {
        let manifest = done.listed.manifest;
        let tables = || {
            manifest
                .databases
                .values()
                .flat_map(|tables| tables.values())
        };
        Self {
            service,
            part,
            file: Some(done.listed.path.to_string()),
            raw_bytes: manifest.raw.bytes,
            bytes: manifest.compressed.bytes,
            tables: tables().count(),
            rows: tables().map(|count| count.rows).sum(),
            warnings: done.warnings,
            ..Self::default()
        }
    }

    fn failed(service: String, part: String, error: &Error) -> Self {
        Self {
            service,
            part,
            error: Some(error.to_string()),
            help: error.help(),
            ..Self::default()
        }
    }
}
