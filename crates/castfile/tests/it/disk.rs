//! The disk behind the trait: links, permissions, missing files.

use std::io::Write as _;

use camino::Utf8Path;
use castfile::{Disk, FileKind, Files as _, Loader, UserDirs, find_upward, scan_workspace};

use crate::support::ids;

/// A directory with these files, and its path without links.
fn temp(files: &[(&str, &str)]) -> (tempfile::TempDir, camino::Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = camino::Utf8PathBuf::try_from(dir.path().canonicalize().unwrap()).unwrap();
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
    (dir, root)
}

#[test]
fn a_project_is_loaded_from_the_disk() {
    let (_dir, root) = temp(&[
        (
            "castfile",
            "imports: [docker]\nworkspace: true\ntasks: {hello: x}\n",
        ),
        (".cast/modules/docker/castfile", "tasks: {up: x}\n"),
        ("web/castfile", "imports: [docker]\n"),
        ("web/deep/er/file", ""),
    ]);
    let loader = Loader::new(&Disk, UserDirs::default());
    let selected = loader.select(&root.join("web/deep/er"), None, &[]).unwrap();
    assert_eq!(selected.castfile, root.join("web/castfile"));
    assert_eq!(ids(&loader.project(&selected.castfile).unwrap()), ["up"]);
    let selected = loader.select(&root, None, &["@web"]).unwrap();
    assert_eq!(selected.castfile, root.join("web/castfile"));
    assert_eq!(
        find_upward(&Disk, &root.join("web/deep")).unwrap(),
        root.join("web/castfile")
    );
}

#[test]
fn what_stands_at_a_path() {
    let (_dir, root) = temp(&[("a/file", "x")]);
    let kind = |path: &str| Disk.kind(&root.join(path)).unwrap();
    assert_eq!(kind("a"), Some(FileKind::Directory));
    assert_eq!(kind("a/file"), Some(FileKind::File));
    assert_eq!(kind("b"), None);
    // Below a file there is nothing.
    assert_eq!(kind("a/file/b"), None);
    assert!(Disk.read(&root.join("b")).is_err());
    assert!(Disk.list(&root.join("a/file")).is_err());
}

#[cfg(unix)]
#[test]
fn links_to_directories_are_not_walked() {
    let (_dir, root) = temp(&[
        ("castfile", "workspace: true\n"),
        ("a/castfile", ""),
        ("real", ""),
    ]);
    std::os::unix::fs::symlink(&root, root.join("a/loop")).unwrap();
    std::os::unix::fs::symlink(root.join("a"), root.join("b")).unwrap();
    std::fs::create_dir(root.join("c")).unwrap();
    std::os::unix::fs::symlink(root.join("real"), root.join("c/castfile")).unwrap();
    let loader = Loader::new(&Disk, UserDirs::default());
    let castfile = loader.castfile(&root.join("castfile")).unwrap();
    let found = scan_workspace(&Disk, &castfile, None).unwrap();
    let paths: Vec<_> = found
        .projects
        .iter()
        .map(|project| project.path.as_str())
        .collect();
    // A castfile may be a link itself.
    assert_eq!(paths, ["a", "c"]);
    // A link that is named is followed.
    let selected = loader.select(&root, None, &["@b"]).unwrap();
    assert_eq!(selected.castfile, root.join("b/castfile"));
}

#[cfg(unix)]
#[test]
fn a_directory_without_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_dir, root) = temp(&[
        ("castfile", "workspace: true\n"),
        ("a/castfile", ""),
        ("b/castfile", ""),
    ]);
    let mode = |dir: &Utf8Path, mode| {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&root.join("a"), 0o000);
    // For the administrator nothing is closed.
    let closed = std::fs::read_dir(root.join("a")).is_err();
    let loader = Loader::new(&Disk, UserDirs::default());
    let castfile = loader.castfile(&root.join("castfile")).unwrap();
    let found = scan_workspace(&Disk, &castfile, None).unwrap();
    let error = loader.select(&root, None, &["@a"]);
    mode(&root.join("a"), 0o755);
    if closed {
        assert_eq!(found.unreadable, [root.join("a")]);
        assert_eq!(found.projects.len(), 1);
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot read `{}`", root.join("a"))
        );
    }
}
