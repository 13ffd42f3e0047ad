//! Files replaced as a whole.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "test helpers")]

use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use camino::{Utf8Path, Utf8PathBuf};
use common::replace::{Access, Replaced, Staged, replace};
use tempfile::TempDir;

fn place() -> (TempDir, Utf8PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = Utf8Path::from_path(dir.path()).unwrap().join("file");
    (dir, path)
}

fn mode(path: &Utf8Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o777
}

fn set_mode(path: &Utf8Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn names(dir: &TempDir) -> usize {
    std::fs::read_dir(dir.path()).unwrap().count()
}

#[test]
fn the_mode_stays_unless_the_owner_alone_may_read() {
    let (_dir, path) = place();
    assert_eq!(
        replace(&path, b"one", Access::AsBefore).unwrap(),
        Replaced::Written
    );
    assert_eq!(mode(&path) & 0o600, 0o600);
    set_mode(&path, 0o750);
    assert_eq!(
        replace(&path, b"two", Access::AsBefore).unwrap(),
        Replaced::Written
    );
    assert_eq!(mode(&path), 0o750);
    assert_eq!(
        replace(&path, b"two", Access::Owner).unwrap(),
        Replaced::Written,
        "others could read it"
    );
    assert_eq!(mode(&path), 0o600);
    let before = std::fs::metadata(&path).unwrap();
    assert_eq!(
        replace(&path, b"two", Access::Owner).unwrap(),
        Replaced::Unchanged
    );
    let after = std::fs::metadata(&path).unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
}

#[test]
fn a_new_file_of_the_owner_is_closed_to_others() {
    let (_dir, path) = place();
    assert_eq!(
        replace(&path, b"one", Access::Owner).unwrap(),
        Replaced::Written
    );
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_link_stays_one() {
    let (dir, path) = place();
    let link = path.with_file_name("link");
    fs_err::write(&path, "one").unwrap();
    std::os::unix::fs::symlink("file", &link).unwrap();
    assert_eq!(
        replace(&link, b"two", Access::AsBefore).unwrap(),
        Replaced::Written
    );
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs_err::read(&path).unwrap(), b"two");
    assert_eq!(names(&dir), 2);
    std::fs::remove_file(&path).unwrap();
    replace(&link, b"three", Access::AsBefore).unwrap_err();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&dir), 1);
}

#[test]
fn what_cannot_be_replaced_stays_and_nothing_lies_beside_it() {
    let (dir, path) = place();
    fs_err::write(&path, "one").unwrap();
    set_mode(&path, 0o444);
    let error = replace(&path, b"two", Access::AsBefore).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    assert_eq!(
        replace(&path, b"one", Access::AsBefore).unwrap(),
        Replaced::Unchanged
    );
    let parent = path.parent().unwrap();
    let error = replace(parent, b"two", Access::AsBefore).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    let nowhere = path.join("below");
    replace(&nowhere, b"two", Access::AsBefore).unwrap_err();
    assert_eq!(names(&dir), 1);
}

#[test]
fn staged_files_are_gone_unless_they_are_put() {
    let (dir, path) = place();
    fs_err::write(&path, "one").unwrap();
    let staged = Staged::new(&path, b"two", Access::AsBefore)
        .unwrap()
        .unwrap();
    assert_eq!(names(&dir), 2);
    drop(staged);
    assert_eq!(names(&dir), 1);
    assert_eq!(fs_err::read(&path).unwrap(), b"one");
}

#[test]
fn what_is_no_file_is_written_to() {
    let (mut reader, writer) = io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer));
    assert_eq!(
        replace(path.as_str().into(), b"two", Access::AsBefore).unwrap(),
        Replaced::Written
    );
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "two");
}
