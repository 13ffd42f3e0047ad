//! Finding programs in a task's `PATH`.

use std::os::unix::fs::PermissionsExt as _;

use camino::{Utf8Path, Utf8PathBuf};

/// What is searched when `PATH` is not set at all.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Finds the executable that `name` means for a task.
///
/// `path` is the value of the task's `PATH`, `None` if it is not set (then the system's usual
/// directories are searched). Relative entries such as `./bin`, and empty ones, are taken from
/// `cwd`, the task's absolute working directory; so is a `name` with a slash, which is not searched
/// for. The result is absolute if `cwd` is. Returns `None` when there is no such executable file.
///
/// frostyeti/cast v0.3.2 searches its own `PATH` for `uses: shell`, so that a castfile's `paths:`
/// are not found; here the task's own always counts.
pub fn find_program(name: &str, path: Option<&str>, cwd: &Utf8Path) -> Option<Utf8PathBuf> {
    if name.is_empty() {
        return None;
    }
    if name.contains('/') {
        let file = cwd.join(name);
        return is_executable(&file).then_some(file);
    }
    path.unwrap_or(DEFAULT_PATH)
        .split(':')
        .map(|entry| {
            cwd.join(entry.strip_prefix("./").unwrap_or(entry))
                .join(name)
        })
        .find(|file| is_executable(file))
}

/// Whether `file` is a regular file that somebody may execute. Whether *we* may is left to the
/// kernel, which also knows access control lists.
fn is_executable(file: &Utf8Path) -> bool {
    std::fs::metadata(file)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn executable(file: &Utf8Path, mode: u32) {
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        fs_err::write(file, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn searches_the_given_path_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let cwd = Utf8Path::from_path(dir.path()).unwrap();
        executable(&cwd.join("one/plain"), 0o644);
        executable(&cwd.join("two/plain"), 0o755);
        executable(&cwd.join("bin/local"), 0o755);
        executable(&cwd.join("here"), 0o700);
        fs_err::create_dir_all(cwd.join("one/dir")).unwrap();

        let absolute = format!("{cwd}/one:{cwd}/two");
        let find = |name: &str, path: &str| find_program(name, Some(path), cwd);
        // a file without the bit is passed over, as is a directory
        assert_eq!(find("plain", &absolute), Some(cwd.join("two/plain")));
        assert_eq!(find("dir", &absolute), None);
        // relative and empty entries start at the task's directory
        assert_eq!(find("local", "./bin"), Some(cwd.join("bin/local")));
        assert_eq!(find("local", "bin"), Some(cwd.join("bin/local")));
        assert_eq!(find("here", "/nowhere:"), Some(cwd.join("here")));
        // a slash is not searched for
        assert_eq!(
            find("./bin/local", "/nowhere"),
            Some(cwd.join("./bin/local"))
        );
        assert_eq!(find("bin/local", "/nowhere"), Some(cwd.join("bin/local")));
        assert_eq!(find("two/missing", &absolute), None);
        assert_eq!(find("", &absolute), None);
        assert_eq!(find("local", &absolute), None);
    }

    #[test]
    fn falls_back_to_the_usual_directories() {
        assert!(find_program("sh", None, Utf8Path::new("/")).is_some());
        assert_eq!(
            find_program("sh", Some("/nowhere"), Utf8Path::new("/")),
            None
        );
    }
}
