use std::cell::RefCell;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{DirEntry, Disk, FileKind, Files, Source};

use super::{WorkspaceProject, WorkspaceScan, scan_for, scan_workspace};
use crate::model::Castfile;
use crate::parse;

/// The disk, and the directories that were read.
#[derive(Default)]
struct Watched(RefCell<Vec<Utf8PathBuf>>);

impl Files for Watched {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        Disk.read(path)
    }

    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        Disk.kind(path)
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        self.0.borrow_mut().push(dir.to_owned());
        Disk.list(dir)
    }

    fn list_with_leaves(&self, dir: &Utf8Path) -> io::Result<Vec<(DirEntry, bool)>> {
        self.0.borrow_mut().push(dir.to_owned());
        Disk.list_with_leaves(dir)
    }
}

/// A workspace on the disk, with these files below it.
fn workspace(files: &[&str]) -> (tempfile::TempDir, Castfile) {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap();
    for file in files {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, "tasks: {}\n").unwrap();
    }
    let text = "workspace: {aliases: {mail: apps/post}, exclude: [old]}\n";
    let castfile = parse(&Source::new("castfile", text), root.join("castfile"));
    (dir, castfile.into_result().unwrap())
}

const FILES: &[&str] = &[
    "castfile",
    "apps/castfile",
    "apps/web/castfile",
    "apps/web/prod/compose.yaml",
    "apps/web/test/castfile",
    "apps/post/castfile",
    "apps/wiki/castfile",
    "apps/wiki/prod/.env",
    "apps/wiki/prod/deep/er/Castfile",
    "apps/mail/castfile",
    "more/WIKI/cast.yaml",
    "more/web/castfile",
    "more/test/notes",
    "old/gone/castfile",
];

#[test]
fn looking_for_one_name_finds_what_the_whole_scan_has_under_it() {
    let (_dir, root) = workspace(FILES);
    let all = scan_workspace(&Disk, &root, None).unwrap();
    let mut names: Vec<_> = FILES.iter().flat_map(|file| file.split('/')).collect();
    names.extend(["apps/web", "more/WIKI", "nothing"]);
    for name in names {
        let same = |project: &&WorkspaceProject| {
            let last = project.path.file_name().unwrap_or_default();
            project.explicit || last.eq_ignore_ascii_case(name) || project.path == name
        };
        let expected: Vec<_> = all.projects.iter().filter(same).cloned().collect();
        let WorkspaceScan { projects, .. } = scan_for(&Disk, &root, None, name).unwrap();
        assert_eq!(projects.len(), expected.len(), "{name}");
        for (found, expected) in projects.iter().zip(&expected) {
            assert_eq!(found.castfile, expected.castfile, "{name}");
            if found.path != name {
                assert_eq!(found.alias, expected.alias, "{name}");
            }
        }
    }
}

#[test]
fn a_search_by_name_reads_no_more_directories_than_the_whole_scan() {
    let (_dir, root) = workspace(FILES);
    let read = |scan: &dyn Fn(&Watched)| {
        let files = Watched::default();
        scan(&files);
        let mut dirs = files.0.into_inner();
        dirs.sort();
        dirs
    };
    let all = read(&|files| {
        scan_workspace(files, &root, None).unwrap();
    });
    let some = read(&|files| {
        scan_for(files, &root, None, "web").unwrap();
    });
    assert!(some.iter().all(|dir| all.contains(dir)));
    assert!(some.contains(&root.dir().join("apps/web")));
}

#[cfg(target_os = "linux")]
#[test]
fn directories_without_directories_are_passed_over_where_links_are_counted() {
    use std::os::unix::fs::MetadataExt as _;
    let (_dir, root) = workspace(FILES);
    let dir = root.dir().join("apps/web");
    let leaves = Disk.list_with_leaves(&dir).unwrap();
    let leaf = |name: &str| {
        leaves
            .iter()
            .any(|(entry, leaf)| entry.name == name && *leaf)
    };
    // Two directories inside: two links more than a directory has anyway.
    let counts = std::fs::metadata(&dir).unwrap().nlink() == 4;
    assert_eq!(leaf("prod"), counts);
    assert_eq!(leaf("test"), counts);
    assert!(!leaf("castfile"));
    let above = Disk.list_with_leaves(&root.dir().join("apps")).unwrap();
    let is_leaf = |name: &str| {
        above
            .iter()
            .any(|(entry, leaf)| entry.name == name && *leaf)
    };
    assert!(!is_leaf("web") && !is_leaf("wiki"));
    assert_eq!(is_leaf("post"), counts);
}
