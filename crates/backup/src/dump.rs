//! Dumps that are complete or are not there.
//!
//! A dump is written to a hidden file, brought to the disk, read again, and only then given its
//! name; its manifest is written last. It has its name only if all of this holds: the dumper ended
//! with 0, its stream did not break off, the dump has the end that a complete one has, it is not much
//! smaller than the one before, and what was read back is what was written. Otherwise nothing is
//! left of it, and the one before is as it was.

mod check;
mod count;
mod live;
mod pipeline;
mod recipe;
mod sqlite;

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Command, Engine};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::Error;
use crate::archive::{self, Filter};
use crate::discovery::Kind;
use crate::manifest::{self, Listed, Manifest, Owner};
use crate::plan::{self, Files};

pub(crate) use count::MYSQL_OWN;
pub(crate) use live::{Access, counts};
pub(crate) use recipe::{Check, Counting, Part, libpq, prelude, quoted, recipe};
pub(crate) use sqlite::look_into_sqlite;

use pipeline::{Sink, Written};

/// How long a dumper may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// How long the engine may take to notice that a container has ended whose programs have.
const NOTICED: Duration = Duration::from_secs(1);

/// Tells that what goes on shall end. Cloning gives another view of the same.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Receiver<bool>);

/// The other end of a [`Cancel`].
#[derive(Debug)]
pub struct Canceller(watch::Sender<bool>);

impl Cancel {
    /// Both ends.
    pub fn pair() -> (Canceller, Self) {
        let (sender, receiver) = watch::channel(false);
        (Canceller(sender), Self(receiver))
    }

    /// One that never tells.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Whether it has told.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it tells.
    pub async fn cancelled(&mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Nobody is left to tell.
            std::future::pending::<()>().await;
        }
    }
}

impl Canceller {
    /// Tells.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

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
    /// How much room a dump leaves on the disk, in bytes, before it begins; 0 to look at nothing.
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

/// `20260101T000000Z`
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A time for the name of a new dump: later than all that are there, even if the clock went back.
fn next_stamp(now: Timestamp, existing: &[Listed], warnings: &mut Vec<String>) -> String {
    let wanted = stamp(now);
    let Some(last) = existing.iter().map(Listed::stamp).max() else {
        return wanted;
    };
    if wanted.as_str() > last {
        return wanted;
    }
    let parsed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", last)
        .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC));
    match parsed {
        Ok(time) => {
            let later = time.timestamp() + Duration::from_secs(1);
            if later.duration_since(now).as_secs() > 5 {
                warnings.push(format!(
                    "the clock is behind the last dump ({last}): this one is named as if it came after"
                ));
            }
            stamp(later)
        }
        Err(_) => wanted,
    }
}

/// What a dump is about to become.
struct Job<'j> {
    what: String,
    directory: &'j Utf8Path,
    part: &'j str,
    extension: &'j str,
    before: Option<u64>,
    name: String,
    warnings: Vec<String>,
    started: Timestamp,
}

impl<'j> Job<'j> {
    fn begin(
        what: String,
        directory: &'j Utf8Path,
        part: &'j str,
        extension: &'j str,
        context: &Context,
    ) -> Result<Self, Error> {
        crate::lock::make_directory(directory)?;
        let existing =
            manifest::list(directory).map_err(|error| Error::file("read", directory, error))?;
        let started = context.timestamp();
        let mut warnings = Vec::new();
        let stamp = next_stamp(started, &existing, &mut warnings);
        let same = existing.iter().rev().find(|one| one.manifest.part == part);
        Ok(Self {
            what,
            directory,
            part,
            extension,
            before: same.map(|one| one.manifest.raw.bytes),
            name: format!("{stamp}-{part}.{extension}"),
            warnings,
            started,
        })
    }

    fn manifest(&self, context: &Context) -> Manifest {
        Manifest {
            version: 1,
            run: context.run.clone(),
            project: String::new(),
            service: String::new(),
            container: String::new(),
            image: String::new(),
            image_id: String::new(),
            image_digest: None,
            kind: None,
            database: None,
            part: self.part.to_owned(),
            target: None,
            server_version: None,
            tool_version: None,
            argv: Vec::new(),
            started: self.started.to_string(),
            ended: String::new(),
            raw: manifest::Sum::default(),
            compressed: manifest::Sum::default(),
            exit_code: 0,
            stderr: String::new(),
            databases: manifest::Databases::default(),
            entries: None,
            owner: None,
            variables: std::collections::BTreeMap::new(),
            smoke: Vec::new(),
            verified: None,
        }
    }

    /// Gives the dump its name, and writes the manifest.
    fn complete(
        mut self,
        sink: pipeline::Partial,
        written: Written,
        mut manifest: Manifest,
        context: &Context,
    ) -> Result<Dumped, Error> {
        let bytes = written.raw.bytes;
        if let Some(before) = self.before {
            let below =
                |percent: u64| u128::from(bytes) * 100 < u128::from(before) * u128::from(percent);
            if below(context.fail_below) {
                return Err(Error::Shrunk {
                    what: self.what,
                    bytes,
                    before,
                    percent: context.fail_below,
                });
            }
            if below(context.warn_below) {
                self.warnings.push(format!(
                    "the dump has {bytes} bytes, the one before had {before}: less than {} %",
                    context.warn_below
                ));
            }
        }
        if context.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        manifest.raw = written.raw;
        manifest.compressed = written.compressed;
        manifest.ended = context.timestamp().to_string();
        if manifest.databases.is_empty() {
            manifest.databases = written.databases;
        }
        debug_assert!(self.name.ends_with(self.extension));
        let path = self.directory.join(&self.name);
        sink.rename(&path)?;
        if let Err(error) = manifest::write(&path, &manifest) {
            // Without a manifest it is nothing that anybody could trust.
            fs_err::remove_file(&path).ok();
            return Err(error);
        }
        Ok(Dumped {
            listed: Listed { path, manifest },
            warnings: self.warnings,
        })
    }
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
    let mut sink = Sink::open(
        &job.directory.join(&job.name),
        check,
        counting,
        dump.details.least,
        dump.details.compressed_inside,
        &job.what,
    )?;
    match stream(engine, &running.id, dump, &mut sink, context, &job.what).await {
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

/// Runs the dumper to its end, which has to be a good one.
async fn stream(
    engine: &Engine,
    container: &str,
    dump: &plan::Dump,
    sink: &mut Sink,
    context: &Context,
    what: &str,
) -> Result<engine::Ended, Error> {
    let command = Command::new(dump.argv.iter().cloned());
    let mut exec = engine.exec(container, &command).await?;
    let limits = Limits {
        stall: dump.stall_timeout,
        total: dump.timeout,
    };
    if let Err(error) = pass(&mut exec, sink, limits, context, what).await {
        // The engine has no way to end it.
        exec.cancel(GRACE).await.ok();
        return Err(error);
    }
    let ended = exec.finish().await?;
    if ended.code == 0 {
        return Ok(ended);
    }
    Err(Error::Exit {
        what: format!("the dump of {what}"),
        code: ended.code,
        stderr: ended.stderr,
    })
}

/// A failure whose cause is that the container is not there any more says so: how the dumper in it
/// ended depends on who was killed first.
async fn of_the_container(engine: &Engine, container: &str, error: Error) -> Error {
    if matches!(error, Error::Cancelled | Error::File { .. }) {
        return error;
    }
    let end = Instant::now() + NOTICED;
    loop {
        let why = match engine.details(container).await {
            Ok(now) if now.running && now.paused => "the container is paused".to_owned(),
            Ok(now) if now.running && Instant::now() < end => {
                tokio::time::sleep(NOTICED / 10).await;
                continue;
            }
            Ok(now) if now.out_of_memory && !now.running => {
                "the container was killed for want of memory".to_owned()
            }
            Ok(now) if !now.running => {
                format!("the container has ended, with code {}", now.exit_code)
            }
            Err(engine::Error::NotFound { .. }) => "the container was removed".to_owned(),
            _ => return error,
        };
        return Error::Gone {
            why,
            source: Box::new(error),
        };
    }
}

/// Makes an archive of a directory or volume.
///
/// # Errors
/// As [`dump`].
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

/// Something that gives bytes, piece by piece.
trait Pieces {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, engine::Error>;
}

impl Pieces for engine::Exec {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, engine::Error> {
        self.read().await
    }
}

#[derive(Clone, Copy)]
struct Limits {
    stall: Duration,
    total: Duration,
}

/// Hands a stream on to its end. An error of the sink is `Cancelled` here; it knows better itself.
async fn pass(
    from: &mut impl Pieces,
    to: &mut Sink,
    limits: Limits,
    context: &Context,
    what: &str,
) -> Result<(), Error> {
    let end = Instant::now() + limits.total;
    let mut cancel = context.cancel.clone();
    let dump_of = || format!("the dump of {what}");
    loop {
        let piece = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::Cancelled),
            () = tokio::time::sleep_until(end) => {
                return Err(Error::TimedOut { what: dump_of(), after: limits.total });
            }
            piece = tokio::time::timeout(limits.stall, from.next()) => piece,
        };
        let Ok(piece) = piece else {
            return Err(Error::Stalled {
                what: dump_of(),
                after: limits.stall,
            });
        };
        let Some(piece) = piece? else { return Ok(()) };
        if let Some(progress) = &context.progress {
            progress(piece.len() as u64);
        }
        // The disk may be slow, or not there any more.
        let taken = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::Cancelled),
            () = tokio::time::sleep_until(end) => {
                return Err(Error::TimedOut { what: dump_of(), after: limits.total });
            }
            taken = to.push(piece) => taken,
        };
        if !taken {
            return Err(Error::Cancelled);
        }
    }
}

/// Removes what killed runs have left below a target directory: hidden files that end in `.partial`,
/// and dumps without a manifest. Needs the lock.
///
/// # Errors
/// [`Error::File`] when the target cannot be read.
pub fn sweep(target: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Error> {
    let failed = |error| Error::file("read", target, error);
    let mut removed = Vec::new();
    for directory in target.read_dir_utf8().map_err(failed)? {
        let directory = directory.map_err(failed)?.into_path();
        let Ok(entries) = directory.read_dir_utf8() else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.into_path();
            let name = path.file_name().unwrap_or_default();
            if name.starts_with('.')
                && name.ends_with(pipeline::PARTIAL)
                && fs_err::remove_file(&path).is_ok()
            {
                removed.push(path);
            }
        }
    }
    Ok(removed)
}

/// Whether a dump is what its manifest says, read from its first byte to its last.
///
/// # Errors
/// [`Error::Damaged`], [`Error::File`].
pub fn check(listed: &Listed) -> Result<(), Error> {
    let manifest = &listed.manifest;
    let mut listing = manifest.entries.is_some().then(Entered::default);
    let found = match &mut listing {
        Some(listing) => pipeline::read_back(&listed.path, Some(listing))?,
        None => pipeline::read_back(&listed.path, None)?,
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

/// Reads an archive entry by entry, and keeps nothing of it.
#[derive(Default)]
struct Entered {
    filter: Filter,
    passed: VecDeque<bytes::Bytes>,
}

impl pipeline::Look for Entered {
    fn look(&mut self, bytes: &[u8]) {
        let piece = bytes::Bytes::copy_from_slice(bytes);
        self.filter.push(piece, &mut self.passed);
        self.passed.clear();
    }
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
