//! What a killed run has left: parts of dumps, and dumpers.
//!
//! A dumper whose reader is gone waits without end and keeps its locks in the database; the engine
//! does not end it. So it is written down while it runs, and the next run ends what is left.

use camino::{Utf8Path, Utf8PathBuf};
use engine::{Engine, ExecHandle, Trace};
use serde::{Deserialize, Serialize};

use super::pipeline::PARTIAL;
use super::stream::GRACE;
use crate::Error;
use crate::whole::write_whole;

/// How the names of these files end.
const SUFFIX: &str = ".running";

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    what: String,
    trace: Trace,
}

/// A dumper that is written down. Dropping it keeps the note.
#[derive(Debug)]
#[must_use]
pub(super) struct Note(Utf8PathBuf);

impl Note {
    /// Writes a dumper down beside the dump that it makes.
    pub(super) fn write(dump: &Utf8Path, what: &str, exec: &ExecHandle) -> Result<Self, Error> {
        let name = dump.file_name().unwrap_or_default();
        let path = dump.with_file_name(format!(".{name}{SUFFIX}"));
        let entry = Entry {
            what: what.to_owned(),
            trace: exec.trace(),
        };
        let text = serde_json::to_vec(&entry).expect("plain data");
        write_whole(&path, &text)?;
        Ok(Self(path))
    }

    /// It has ended.
    pub(super) fn forget(self) {
        fs_err::remove_file(&self.0).ok();
    }
}

/// Ends the dumpers that earlier runs have left in containers, and says of what they were. One whose
/// container is paused stays written down. Needs the lock.
///
/// # Errors
/// [`Error::File`] when the target cannot be read.
pub async fn end_left(engine: &Engine, target: &Utf8Path) -> Result<Vec<String>, Error> {
    let mut ended = Vec::new();
    for path in hidden(target, SUFFIX)? {
        let text = fs_err::read(&path).unwrap_or_default();
        // Without an entry there is nothing that anybody could find a process by.
        if let Ok(entry) = serde_json::from_slice::<Entry>(&text) {
            match engine.end_traced(&entry.trace, GRACE).await {
                Ok(true) => ended.push(format!("the dumper of {}", entry.what)),
                Ok(false) => {}
                Err(_) => continue,
            }
        }
        fs_err::remove_file(&path).ok();
    }
    Ok(ended)
}

/// Removes what killed runs have written below a target directory, and says which files that were.
/// Needs the lock.
///
/// # Errors
/// [`Error::File`] when the target cannot be read.
pub fn sweep(target: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Error> {
    let mut left = hidden(target, PARTIAL)?;
    left.retain(|path| fs_err::remove_file(path).is_ok());
    Ok(left)
}

/// The hidden files in the directories below a target whose names end so.
fn hidden(target: &Utf8Path, end: &str) -> Result<Vec<Utf8PathBuf>, Error> {
    let failed = |error| Error::file("read", target, error);
    let mut found = Vec::new();
    for directory in target.read_dir_utf8().map_err(failed)? {
        let directory = directory.map_err(failed)?.into_path();
        let Ok(entries) = directory.read_dir_utf8() else {
            continue;
        };
        let names = entries.flatten().filter(|entry| {
            let name = entry.file_name();
            name.starts_with('.') && name.ends_with(end)
        });
        found.extend(names.map(camino::Utf8DirEntry::into_path));
    }
    Ok(found)
}
