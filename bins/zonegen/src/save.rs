//! Files replaced as a whole.

use std::io::{self, Write as _};
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saved {
    /// It has these octets already and was not touched.
    Unchanged,
    /// It was written.
    Written,
}

/// Puts `content` in the place of a file: written beside it, synced, then renamed over it, so that
/// whoever opens the file sees the old octets or the new ones. The mode of the old file is kept, a
/// symbolic link stays one. A file that has these octets already keeps its time too.
///
/// The name of the file beside it begins with `.zonegen-` and ends with `.tmp`: no pattern for zone
/// files such as CoreDNS's `db\.(.*)` anchored at the start matches it.
pub(crate) fn save(path: &Utf8Path, content: &[u8]) -> Result<Saved, String> {
    match stage(path, content)? {
        None => Ok(Saved::Unchanged),
        Some(staged) => staged.put().map(|()| Saved::Written),
    }
}

/// Several files replaced: all are written and synced before the first is put in its place, so that a
/// full disk or a directory that cannot be written to leaves every one of them as it was.
pub(crate) fn save_all(files: &[(Utf8PathBuf, &[u8])]) -> Result<(), String> {
    let mut staged = Vec::new();
    for (path, content) in files {
        staged.extend(stage(path, content)?);
    }
    staged.into_iter().try_for_each(Staged::put)
}

/// A file written beside the one it is going to replace.
struct Staged {
    path: Utf8PathBuf,
    target: PathBuf,
    file: NamedTempFile,
}

fn failed(path: &Utf8Path) -> impl Fn(io::Error) -> String {
    move |error| format!("cannot write `{path}`: {error}")
}

/// `None` if the file has these octets already.
fn stage(path: &Utf8Path, content: &[u8]) -> Result<Option<Staged>, String> {
    let target = fs_err::canonicalize(path).unwrap_or_else(|_| path.as_std_path().to_owned());
    match fs_err::read(&target) {
        Ok(old) if old == content => return Ok(None),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.to_string()),
    }
    let old = std::fs::metadata(&target);
    if old.as_ref().is_ok_and(|old| old.permissions().readonly()) {
        return Err(format!("cannot write `{path}`: it is read-only"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zonegen-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Zone files are read by a server under another account. The umask still counts.
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(dir(&target)).map_err(failed(path))?;
    file.write_all(content).map_err(failed(path))?;
    if let Ok(old) = old {
        file.as_file()
            .set_permissions(old.permissions())
            .map_err(failed(path))?;
    }
    file.as_file().sync_all().map_err(failed(path))?;
    Ok(Some(Staged {
        path: path.to_owned(),
        target,
        file,
    }))
}

impl Staged {
    fn put(self) -> Result<(), String> {
        let Self { path, target, file } = self;
        file.persist(&target)
            .map_err(|error| failed(&path)(error.error))?;
        // The name is safe once the directory is; a file system that cannot do that has done its best.
        if let Ok(dir) = std::fs::File::open(dir(&target)) {
            dir.sync_all().ok();
        }
        Ok(())
    }
}

fn dir(target: &std::path::Path) -> &std::path::Path {
    match target.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => std::path::Path::new("."),
    }
}
