//! One run at a time.

use std::io::{Read as _, Seek as _, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::{File, OpenOptions};

use crate::Error;

/// The lock of runs.
pub(crate) const RUN: &str = ".labbackup.lock";
/// The lock of drills, which read dumps alone and may go on beside a run.
pub(crate) const DRILL: &str = ".labbackup-drill.lock";

/// Held while dumps are made below a directory. The system gives it back when the process ends,
/// however that comes about.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Unlocks it itself: a child that is being started may hold a copy of the descriptor for a moment.
    fn drop(&mut self) {
        self.file.file().unlock().ok();
    }
}

impl Lock {
    /// Takes the lock of a directory, which is made if it is missing.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process has it; [`Error::File`].
    pub(crate) fn take(directory: &Utf8Path, name: &str) -> Result<Self, Error> {
        make_directory(directory)?;
        let path: Utf8PathBuf = directory.join(name);
        let failed = |action| {
            let path = path.clone();
            move |error| Error::file(action, path, error)
        };
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed("open the lock"))?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text).ok();
                let pid = text.trim().parse::<u32>().ok();
                let holder = pid.map_or(String::new(), |pid| format!(" (process {pid})"));
                return Err(Error::Locked { path, holder });
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(failed("lock")(error)),
        }
        // Who it is, for the message of the next one.
        file.set_len(0).map_err(failed("write"))?;
        file.rewind().map_err(failed("write"))?;
        writeln!(file, "{}", std::process::id()).map_err(failed("write"))?;
        Ok(Self { file })
    }
}

/// Makes a directory for the owner alone: dumps hold everything.
pub(crate) fn make_directory(path: &Utf8Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(path);
    made.map_err(|error| Error::file("make the directory", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap().join("backups");
        let first = Lock::take(&dir, RUN).unwrap();
        let second = Lock::take(&dir, RUN).unwrap_err();
        assert!(matches!(second, Error::Locked { .. }));
        assert!(
            second
                .to_string()
                .contains(&format!("process {}", std::process::id()))
        );
        drop(first);
        Lock::take(&dir, RUN).unwrap();
    }
}
