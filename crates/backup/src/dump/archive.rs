//! Directories and volumes as archives.

use std::collections::VecDeque;
use std::time::Duration;

use engine::Engine;

use super::pipeline::{Look, Sink};
use super::stream::{Limits, Pieces, pass};
use super::{Context, Dumped, Job};
use crate::Error;
use crate::archive::{self, Filter};
use crate::manifest::Manifest;
use crate::plan::Files;
use crate::recipe::{Check, Counting};

/// Makes an archive of a directory or volume.
///
/// # Errors
/// As [`dump`](super::dump()).
pub async fn archive(engine: &Engine, files: &Files, context: &Context) -> Result<Dumped, Error> {
    let what = format!("`{}` of {}", files.target, files.service);
    let mut job = Job::begin(what, &files.directory, &files.part, "tar.zst", context)?;
    let Some(running) = &files.running else {
        return Err(Error::NotRunning { what: job.what });
    };
    let mut manifest = Manifest {
        project: files.project.clone(),
        service: files.service.clone(),
        container: running.id.clone(),
        image_id: running.image_id.clone(),
        target: Some(files.target.clone()),
        ..job.manifest(context)
    };
    let live = archive::names(&files.exclude, &files.source, &files.target);
    let mut archive = Filtered {
        from: engine.archive(&running.id, &files.target),
        filter: Filter::without(live),
        ready: VecDeque::new(),
    };
    let mut sink = Sink::open(
        &job.directory.join(&job.name),
        Check::Tar,
        Counting::Nothing,
        1024,
        false,
        &job.what,
    )?;
    let limits = Limits {
        stall: Duration::from_secs(600),
        total: Duration::from_secs(24 * 3600),
    };
    if let Err(error) = pass(&mut archive, &mut sink, limits, context, &job.what).await {
        return Err(sink.failure(error).await);
    }
    let (partial, written) = sink.finish().await?;
    if let Some(first) = archive.filter.sqlite().first() {
        // Of one that does not run, or is frozen, a copy is as good as what it is of.
        let now = engine.details(&running.id).await;
        if now.is_ok_and(|now| now.running && !now.paused) {
            job.warnings.push(format!(
                "`{first}` in it is a SQLite file that is not dumped by itself, and may be torn: `backup.sqlite` or `backup.stop` helps"
            ));
        }
    }
    manifest.entries = archive.filter.entries();
    job.complete(partial, written, manifest, context)
}

/// An archive without what must not be in it.
struct Filtered {
    from: engine::Archive,
    filter: Filter,
    ready: VecDeque<bytes::Bytes>,
}

impl Pieces for Filtered {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, engine::Error> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            let Some(piece) = self.from.read().await? else {
                return Ok(None);
            };
            self.filter.push(piece, &mut self.ready);
        }
    }
}

/// Reads an archive entry by entry, and keeps nothing of it.
#[derive(Default)]
pub(super) struct Entered {
    pub(super) filter: Filter,
    passed: VecDeque<bytes::Bytes>,
}

impl Look for Entered {
    fn look(&mut self, bytes: &[u8]) {
        let piece = bytes::Bytes::copy_from_slice(bytes);
        self.filter.push(piece, &mut self.passed);
        self.passed.clear();
    }
}
