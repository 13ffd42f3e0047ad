//! The projects of a workspace, found by walking the tree.

use std::io;

use camino::Utf8Path;
use castfile::{DirEntry, FileKind, Files, MemoryFiles, WorkspaceScan, scan_workspace};

use crate::support::{lab, loader, report};

fn try_scan(files: &dyn Files) -> Result<WorkspaceScan, castfile::Error> {
    let root = loader(files).castfile("/lab/castfile".into())?;
    scan_workspace(files, &root, Some("/home/me"))
}

/// `alias -> path`, one per line; `!` after an alias that is written in the castfile.
fn scan(files: &dyn Files) -> String {
    match try_scan(files) {
        Ok(found) => {
            let mut lines: Vec<_> = found
                .projects
                .iter()
                .map(|project| {
                    let alias = project.alias.as_deref().unwrap_or("-");
                    let mark = if project.explicit { "!" } else { "" };
                    format!("{alias}{mark} -> {}", project.path)
                })
                .collect();
            lines.extend(
                found
                    .unreadable
                    .iter()
                    .map(|dir| format!("unreadable {dir}")),
            );
            lines.join("\n")
        }
        Err(error) => report(&error),
    }
}

fn tree(castfile: &str) -> MemoryFiles {
    lab([
        ("castfile", castfile),
        ("services/web/castfile", ""),
        ("services/db/.castfile", ""),
        ("services/db/backup/castfile.yml", ""),
        ("eng/cast.yaml", ""),
        ("Top/CASTFILE", ""),
        ("docs/readme", ""),
    ])
}

#[test]
fn every_directory_with_a_castfile_is_a_project() {
    insta::assert_snapshot!(scan(&tree("workspace: true\n")), @r"
    Top -> Top
    eng -> eng
    db -> services/db
    backup -> services/db/backup
    web -> services/web
    ");
}

#[test]
fn without_workspace_only_what_is_declared() {
    assert_eq!(scan(&tree("tasks: {}\n")), "");
    assert_eq!(
        scan(&tree("workspace: false\nmodules: {w: services/web}\n")),
        "w! -> services/web"
    );
}

#[test]
fn the_first_of_several_names_in_one_directory() {
    let files = lab([
        ("castfile", "workspace: true\n"),
        ("a/cast.yml", ""),
        ("a/castfile.yaml", ""),
        ("a/castfile.yml", ""),
    ]);
    let found = try_scan(&files).unwrap();
    assert_eq!(found.projects.len(), 1);
    assert_eq!(found.projects[0].castfile, "/lab/a/castfile.yaml");
}

#[test]
fn some_directories_are_never_entered() {
    let files = lab([
        ("castfile", "workspace: true\n"),
        ("node_modules/a/castfile", ""),
        ("x/node_modules/b/castfile", ""),
        ("x/bin/castfile", ""),
        ("x/obj/castfile", ""),
        ("x/.git/castfile", ""),
        (".cast/modules/docker/castfile", ""),
        ("x/.hidden/castfile", ""),
        ("x/binary/castfile", ""),
    ]);
    insta::assert_snapshot!(scan(&files), @r"
    .hidden -> x/.hidden
    binary -> x/binary
    ");
}

#[test]
fn exclude_takes_patterns_of_directories() {
    for (pattern, left) in [
        ("services/**", "Top eng"),
        ("services", "Top eng"),
        ("./services/", "Top eng"),
        ("services/*", "Top eng"),
        ("services/db", "Top eng web"),
        ("services/db/*", "Top eng db web"),
        ("**/backup", "Top eng db web"),
        // `*` goes across `/`.
        ("*backup", "Top eng db web"),
        ("{eng,Top}", "db backup web"),
        ("web", "Top eng db backup web"),
    ] {
        let found = try_scan(&tree(&format!("workspace: {{exclude: ['{pattern}']}}\n"))).unwrap();
        let names: Vec<_> = found
            .projects
            .iter()
            .filter_map(|p| p.alias.as_deref())
            .collect();
        assert_eq!(names.join(" "), left, "{pattern}");
    }
}

#[test]
fn include_filters_projects() {
    // In the original it must match every directory on the way, so that this finds nothing.
    for (pattern, taken) in [
        ("services/**", "db backup web"),
        ("services/*", "db backup web"),
        ("services/db", "db"),
        ("services/db/**", "db backup"),
        ("**", "Top eng db backup web"),
        ("**/web", "web"),
        ("./eng", "eng"),
        ("s*b", "db web"),
        ("nothing/**", ""),
    ] {
        let found = try_scan(&tree(&format!("workspace: {{include: ['{pattern}']}}\n"))).unwrap();
        let names: Vec<_> = found
            .projects
            .iter()
            .filter_map(|p| p.alias.as_deref())
            .collect();
        assert_eq!(names.join(" "), taken, "{pattern}");
    }
    let both = tree("workspace: {include: ['services/**', eng], exclude: services/db/backup}\n");
    assert_eq!(try_scan(&both).unwrap().projects.len(), 3);
}

#[test]
fn include_prunes_what_cannot_match() {
    struct Watched(MemoryFiles);
    impl Files for Watched {
        fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
            self.0.read(path)
        }
        fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
            self.0.kind(path)
        }
        fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
            assert!(
                dir == "/lab" || dir.starts_with("/lab/services"),
                "{dir} is walked"
            );
            self.0.list(dir)
        }
    }
    let files = Watched(tree("workspace: {include: 'services/*'}\n"));
    assert_eq!(try_scan(&files).unwrap().projects.len(), 3);
}

#[test]
fn a_name_that_is_taken_or_there_twice_gives_no_alias() {
    let files = lab([
        ("castfile", "workspace: {aliases: {WEB: ./eng}}\n"),
        ("eng/castfile", ""),
        ("a/web/castfile", ""),
        ("a/db/castfile", ""),
        ("b/db/castfile", ""),
        ("b/one/castfile", ""),
    ]);
    insta::assert_snapshot!(scan(&files), @r"
    WEB! -> eng
    - -> a/db
    - -> a/web
    - -> b/db
    one -> b/one
    ");
}

#[test]
fn an_explicit_alias_replaces_the_one_from_the_directory() {
    let files = lab([
        (
            "castfile",
            "workspace: {aliases: {w: ./a/web, b: ./nowhere, f: a/db/castfile}}\nmodules: {m: ./c}\nincludes: [./c]\n",
        ),
        ("a/web/castfile", ""),
        ("b/web/castfile", ""),
        ("a/db/castfile", ""),
        ("c/castfile", ""),
    ]);
    insta::assert_snapshot!(scan(&files), @r"
    w! -> a/web
    f! -> a/db
    m! -> c
    c! -> c
    web -> b/web
    ");
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    insta::assert_snapshot!(scan(&tree("workspace: {exclude: ['a[', ok]}\n")), @r"
    error[castfile::wrong-value]: `a[` is no pattern: unclosed character class; missing ']'
      --> castfile:1:23
    ");
}

#[test]
fn a_directory_that_cannot_be_read_is_skipped() {
    // In the original it ends the walk.
    struct Locked(MemoryFiles);
    impl Files for Locked {
        fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
            self.0.read(path)
        }
        fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
            self.0.kind(path)
        }
        fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
            if dir == "/lab/services/db" {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            self.0.list(dir)
        }
    }
    insta::assert_snapshot!(scan(&Locked(tree("workspace: true\n"))), @r"
    Top -> Top
    eng -> eng
    web -> services/web
    unreadable /lab/services/db
    ");
}

#[test]
fn many_directories_are_quick() {
    let mut files = lab([("castfile", "workspace: true\n")]);
    for at in 0..1000 {
        files.insert(
            format!("/lab/compose/s{at}/castfile"),
            "tasks: [broken, and: not read]\n",
        );
        files.insert(format!("/lab/compose/s{at}/prod/compose.yaml"), "");
    }
    assert_eq!(try_scan(&files).unwrap().projects.len(), 1000);
}
