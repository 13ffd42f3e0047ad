//! SQLite files, copied by SQLite itself while others write.

use std::io::Read as _;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::pipeline::Sink;
use super::{Cancel, Context, Dumped, Job};
use crate::Error;
use crate::manifest::{Count, Databases, Manifest};
use crate::recipe::{Check, Counting};

/// Pages copied at once. A writer in between starts the copy anew, so few steps are better.
const PAGES: i32 = 4_096;

pub(super) fn version() -> String {
    format!("SQLite {}", rusqlite::version())
}

pub(super) async fn dump(
    job: Job<'_>,
    source: &Utf8Path,
    mut manifest: Manifest,
    timeout: Duration,
    context: &Context,
) -> Result<Dumped, Error> {
    let copy = Copy(job.directory.join(format!(".{}.copy.partial", job.name)));
    let (from, to, cancel) = (source.to_owned(), copy.0.clone(), context.cancel.clone());
    let work = tokio::task::spawn_blocking(move || take(&from, &to, timeout, &cancel));
    let databases = work.await.map_err(|_| Error::Cancelled)??;
    let sink = Sink::open(
        &job.directory.join(&job.name),
        Check::Head(b"SQLite format 3\0"),
        Counting::Nothing,
        512,
        false,
        &job.what,
    )?;
    let failed = |error| Error::file("read", &copy.0, error);
    let mut file = fs_err::File::open(&copy.0).map_err(failed)?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0
            || !sink
                .push(bytes::Bytes::copy_from_slice(&buffer[..read]))
                .await
        {
            break;
        }
    }
    let (partial, written) = sink.finish().await?;
    manifest.databases = databases;
    job.complete(partial, written, manifest, context)
}

/// The copy, gone when it is not needed any more.
struct Copy(Utf8PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            fs_err::remove_file(format!("{}{end}", self.0)).ok();
        }
    }
}

fn take(
    from: &Utf8Path,
    to: &Utf8Path,
    timeout: Duration,
    cancel: &Cancel,
) -> Result<Databases, Error> {
    let failed = |action: &'static str| {
        move |error: rusqlite::Error| Error::Sqlite {
            action,
            path: from.to_owned(),
            why: error.to_string(),
        }
    };
    let end = Instant::now() + timeout;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags).map_err(failed("open"))?;
    source
        .busy_timeout(Duration::from_secs(30))
        .map_err(failed("open"))?;
    let mut copy = private(to).map_err(failed("copy"))?;
    {
        let backup = Backup::new(&source, &mut copy).map_err(failed("copy"))?;
        loop {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if Instant::now() > end {
                return Err(Error::TimedOut {
                    what: format!("the copy of `{from}`"),
                    after: timeout,
                });
            }
            match backup.step(PAGES).map_err(failed("copy"))? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
    // A copy of a database in WAL mode is one as well; a file by itself must not be.
    copy.pragma_update(None, "journal_mode", "DELETE")
        .map_err(failed("copy"))?;
    check(&copy, from)?;
    let counts = count(&copy).map_err(failed("count the rows of"))?;
    copy.close().map_err(|(_, error)| failed("copy")(error))?;
    Ok(counts)
}

/// Makes the copy with nobody else reading it.
fn private(path: &Utf8Path) -> rusqlite::Result<Connection> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    made.map_err(|_| rusqlite::Error::InvalidPath(path.as_std_path().to_owned()))?;
    Connection::open(path)
}

/// Whether a database is sound.
fn check(database: &Connection, path: &Utf8Path) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| Error::Sqlite {
        action: "check",
        path: path.to_owned(),
        why: error.to_string(),
    };
    let verdict: String = database
        .query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))
        .map_err(failed)?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(Error::Sqlite {
        action: "dump",
        path: path.to_owned(),
        why: format!("it is damaged: {verdict}"),
    })
}

/// The rows of all tables.
fn count(database: &Connection) -> rusqlite::Result<Databases> {
    let mut list = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )?;
    let names = list.query_map((), |row| row.get::<_, String>(0))?;
    let mut tables = std::collections::BTreeMap::new();
    for name in names {
        let name = name?;
        let query = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows: i64 = database.query_row(&query, (), |row| row.get(0))?;
        tables.insert(name, Count::exact(u64::try_from(rows).unwrap_or_default()));
    }
    Ok(Databases::from([("main".to_owned(), tables)]))
}

/// Checks a file that nobody writes to, and counts its rows.
pub(crate) fn look_into_sqlite(path: &Utf8Path) -> Result<Databases, Error> {
    let failed = |error: rusqlite::Error| Error::Sqlite {
        action: "read",
        path: path.to_owned(),
        why: error.to_string(),
    };
    let database = Connection::open(path).map_err(failed)?;
    check(&database, path)?;
    count(&database).map_err(failed)
}
