//! Dumps that are complete or are not there.
//!
//! A dump is written to a hidden file, brought to the disk, read again, and only then given its
//! name; its manifest is written last. It has its name only if all of this holds: the dumper ended
//! with 0, its stream did not break off, the dump has the end that a complete one has, it is not much
//! smaller than the one before, and what was read back is what was written. Otherwise nothing is
//! left of it, and the one before is as it was.

mod archive;
mod before;
mod cancel;
mod check;
mod count;
mod job;
mod left;
mod live;
mod pipeline;
mod read_back;
mod sqlite;
mod stream;

use std::fmt;
use std::time::SystemTime;

use engine::Engine;
use jiff::Timestamp;

use crate::Error;
use crate::discovery::Kind;
use crate::manifest::{Listed, Manifest, Owner};
use crate::plan;

pub use archive::archive;
pub use cancel::{Cancel, Canceller};
pub use left::{end_left, sweep};

pub(crate) use count::MYSQL_OWN;
pub(crate) use live::{Access, counts};
pub(crate) use sqlite::look_into_sqlite;

use archive::Entered;
use job::Job;
use pipeline::Sink;
use stream::{of_the_container, stream};

/// What a run gives to each of its dumps.
#[derive(Clone)]
#[non_exhaustive]
pub struct Context {
    /// Names the run, in manifests.
    pub run: String,
    /// The clock.
    pub now: fn() -> SystemTime,
    /// Tells when to end.
    pub cancel: Cancel,
    /// A dump with less than so many percent of the bytes of the one before fails; 0 to allow any.
    pub fail_below: u64,
    /// A dump with less than so many percent of the bytes of the one before is warned of.
    pub warn_below: u64,
    /// Is told of bytes as they pass.
    pub progress: Option<std::sync::Arc<dyn Fn(u64) + Send + Sync>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("run", &self.run)
            .field("fail_below", &self.fail_below)
            .field("warn_below", &self.warn_below)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// A run of this name that nothing ends: below 10 % of the last dump fails, below 50 % warns.
    pub fn new(run: impl Into<String>) -> Self {
        Self {
            run: run.into(),
            now: SystemTime::now,
            cancel: Cancel::never(),
            fail_below: 10,
            warn_below: 50,
            progress: None,
        }
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        Timestamp::try_from((self.now)()).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A dump that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dumped {
    /// Where it is, and what it holds.
    pub listed: Listed,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// Makes one dump.
///
/// # Errors
/// Every way in which a dump can fail to be complete; then nothing of it is left. The dumper inside
/// the container has ended when this returns, or was told to.
pub async fn dump(engine: &Engine, dump: &plan::Dump, context: &Context) -> Result<Dumped, Error> {
    let what = match &dump.database {
        Some(database) => format!("`{database}` of {}", dump.full_name()),
        None => dump.full_name(),
    };
    let job = Job::begin(what, &dump.directory, &dump.part, &dump.extension, context)?;
    let mut manifest = Manifest {
        project: dump.project.clone(),
        service: dump.service.clone(),
        image: dump.image.clone(),
        kind: Some(dump.kind),
        database: dump.database.clone(),
        argv: dump.argv.clone(),
        variables: dump
            .details
            .service
            .variables
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
            .collect(),
        smoke: dump.smoke.clone(),
        ..job.manifest(context)
    };
    let running = dump.details.running.as_ref();
    if let Some(running) = running {
        manifest.container.clone_from(&running.id);
        manifest.image_id.clone_from(&running.image_id);
        let image = engine.image(&running.image_id).await;
        manifest.image_digest = image
            .ok()
            .and_then(|image| image.digests.into_iter().next());
    }
    if let Some(source) = &dump.source {
        manifest.target.clone_from(&dump.database);
        manifest.owner = Owner::of(source);
        manifest.tool_version = Some(sqlite::version());
        return sqlite::dump(job, source, manifest, dump.timeout, context).await;
    }
    let (Some(running), Some(check), Some(counting)) =
        (running, dump.details.check, dump.details.counting)
    else {
        return Err(Error::NotRunning {
            what: dump.full_name(),
        });
    };
    if !matches!(running.state, engine::State::Running) {
        return Err(Error::NotRunning {
            what: dump.full_name(),
        });
    }
    let access = Access {
        engine,
        container: &running.id,
        kind: dump.kind,
        service: &dump.details.service,
        settings: &dump.details.settings,
    };
    (manifest.tool_version, manifest.server_version) =
        live::versions(&access, dump.details.tool).await;
    let database = dump.database.as_deref();
    let counted_before = if is_counted_beside(dump) {
        Some(access.beside(database).await)
    } else {
        None
    };

    // First, as a dumper that nobody reads from would hold its locks.
    let path = job.directory.join(&job.name);
    let mut sink = Sink::open(
        &path,
        check,
        counting,
        dump.details.least,
        dump.details.compressed_inside,
        &job.what,
    )?;
    let streamed = stream(
        engine,
        &running.id,
        dump,
        &path,
        &mut sink,
        context,
        &job.what,
    );
    match streamed.await {
        Ok(ended) => {
            manifest.exit_code = ended.code;
            manifest.stderr = ended.stderr;
        }
        // What was written has to be gone before anybody is told.
        Err(error) => {
            let error = sink.failure(error).await;
            return Err(of_the_container(engine, &running.id, error).await);
        }
    }
    let (partial, written) = sink.finish().await?;
    manifest.databases = match counted_before {
        Some(before) => live::together(before, access.beside(database).await),
        None => live::told(dump.kind, &manifest.stderr),
    };
    job.complete(partial, written, manifest, context)
}

/// Whether a dump is what its manifest says, read from its first byte to its last.
///
/// # Errors
/// [`Error::Damaged`], [`Error::File`].
pub fn check(listed: &Listed) -> Result<(), Error> {
    let manifest = &listed.manifest;
    let mut listing = manifest.entries.is_some().then(Entered::default);
    let found = match &mut listing {
        Some(listing) => read_back::read_back(&listed.path, Some(listing))?,
        None => read_back::read_back(&listed.path, None)?,
    };
    if found.compressed != manifest.compressed || found.raw.bytes != manifest.raw.bytes {
        return Err(Error::Damaged {
            path: listed.path.clone(),
            why: "it is not the file that its manifest describes".to_owned(),
        });
    }
    if let Some(listing) = listing
        && listing.filter.entries() != manifest.entries
    {
        return Err(Error::Damaged {
            path: listed.path.clone(),
            why: "what is in it is not what its manifest lists".to_owned(),
        });
    }
    Ok(())
}

/// Whether the programs in the container tell what is in the database, before and after the dump:
/// where it cannot be seen in the dump itself.
fn is_counted_beside(dump: &plan::Dump) -> bool {
    match dump.kind {
        Kind::Redis | Kind::MsSql => true,
        Kind::PostgreSql => dump.extension == "dump.zst",
        _ => false,
    }
}
