//! Which project a command line means: `-p`, `@name` words, and the directory it is typed in.

use std::io;

use camino::Utf8Path;
use castfile::{DirEntry, Error, FileKind, Files, MemoryFiles};

use crate::support::{lab, loader, report};

/// The castfile that is selected, below `/lab`, with its context; or the report.
fn select(files: &dyn Files, cwd: &str, project: Option<&str>, words: &[&str]) -> String {
    match loader(files).select(&Utf8Path::new("/lab").join(cwd), project, words) {
        Ok(found) => {
            let castfile = found
                .castfile
                .strip_prefix("/lab")
                .unwrap_or(&found.castfile);
            match found.context {
                Some(context) => format!("{castfile} in {context}"),
                None => castfile.to_string(),
            }
        }
        Err(error) => report(&error),
    }
}

/// A repository like the ones people have: a root that lists sub-projects, services below one.
fn homelab() -> MemoryFiles {
    lab([
        (
            "castfile",
            "workspace: {aliases: {dns: ./net/dns, ENG: ./eng}}\nmodules: {compose: {path: ./compose}}\n",
        ),
        ("compose/castfile", "tasks: {up: x}\n"),
        ("compose/setup/castfile", ""),
        ("compose/web/castfile.yaml", ""),
        ("compose/db/castfile", ""),
        ("net/dns/castfile", ""),
        ("net/db/castfile", ""),
        ("eng/castfile", ""),
        ("old/cast.yaml", ""),
        ("docs/readme", ""),
    ])
}

#[test]
fn without_words_the_nearest_castfile_upward() {
    let files = homelab();
    for (cwd, castfile) in [
        ("", "castfile"),
        ("compose", "compose/castfile"),
        ("compose/web", "compose/web/castfile.yaml"),
        ("docs", "castfile"),
        ("compose/web/prod/deep", "compose/web/castfile.yaml"),
    ] {
        assert_eq!(select(&files, cwd, None, &[]), castfile, "{cwd}");
    }
}

#[test]
fn every_name_of_a_castfile_in_order() {
    let names = ["castfile", ".castfile", "castfile.yaml", "castfile.yml"];
    for first in 0..names.len() {
        let mut files = MemoryFiles::default();
        for name in &names[first..] {
            files.insert(format!("/lab/{name}"), "");
        }
        assert_eq!(select(&files, "", None, &[]), names[first]);
    }
}

#[test]
fn two_more_names_where_a_directory_is_named() {
    let files = lab([("a/cast.yaml", ""), ("b/cast.yml", "")]);
    assert_eq!(select(&files, "", Some("a"), &[]), "a/cast.yaml");
    assert_eq!(select(&files, "", None, &["@b"]), "b/cast.yml");
    insta::assert_snapshot!(select(&files, "a", None, &[]), @r"
    error[castfile::no-castfile]: no castfile in `/lab/a` or any directory above it
      help: create a file `castfile` with a `tasks:` block, or name a project with `-p`
    ");
}

#[test]
fn a_member_of_a_workspace_is_found_from_its_directory() {
    let files = homelab();
    // `cast.yaml` is no castfile by itself, but the workspace takes it for one.
    assert_eq!(select(&files, "old", None, &[]), "old/cast.yaml");
    let files = lab([
        ("castfile", "workspace: {aliases: {web: web/tasks.yaml}}\n"),
        ("web/tasks.yaml", ""),
    ]);
    assert_eq!(select(&files, "web", None, &[]), "web/tasks.yaml");
}

#[test]
fn words_are_followed_from_left_to_right() {
    let files = homelab();
    for (words, castfile) in [
        (&["@compose"][..], "compose/castfile"),
        (&["@compose", "@setup"], "compose/setup/castfile"),
        (
            &["@compose", "@setup:prod"],
            "compose/setup/castfile in prod",
        ),
        (
            &["@compose:test", "@setup"],
            "compose/setup/castfile in test",
        ),
        (
            &["@compose:test", "@web:prod"],
            "compose/web/castfile.yaml in prod",
        ),
        (&["@setup"], "compose/setup/castfile"),
        (&["@eng", "@compose"], "compose/castfile"),
        (&["@web", "@db"], ""),
        (&["@compose", "@db"], "compose/db/castfile"),
        (&["@net/db"], "net/db/castfile"),
        (&["@compose/web"], "compose/web/castfile.yaml"),
        (&["@:prod"], "castfile in prod"),
        (&["@compose:"], "compose/castfile"),
    ] {
        if !castfile.is_empty() {
            assert_eq!(select(&files, "", None, words), castfile, "{words:?}");
        }
    }
    insta::assert_snapshot!(select(&files, "", None, &["@web", "@db"]), @r"
    error[castfile::ambiguous-project]: `@db` means more than one project
      help: write one of `@compose/db`, `@net/db`
    ");
}

#[test]
fn the_nested_form_needs_no_workspace() {
    // In the original `@compose @setup` is `@setup`, which only a workspace knows.
    let files = lab([
        ("castfile", "tasks: {}\n"),
        ("compose/castfile", ""),
        ("compose/setup/castfile", ""),
    ]);
    assert_eq!(select(&files, "", None, &["@compose"]), "compose/castfile");
    assert_eq!(
        select(&files, "", None, &["@compose", "@setup"]),
        "compose/setup/castfile"
    );
    insta::assert_snapshot!(select(&files, "", None, &["@compose", "@setpu"]), @r"
    error[castfile::unknown-project]: no project `@setpu` from `compose/castfile`
      help: did you mean `@setup`?
      help: looked at the directory `compose/setpu`; the path `setpu`
    ");
}

#[test]
fn the_first_step_that_knows_the_name_wins() {
    // One name, known to every step; the steps are taken away one by one.
    let mut files = lab([
        ("a-alias/castfile", ""),
        ("b-module/castfile", ""),
        ("x/castfile", ""),
        ("sub/deep/y/castfile", ""),
    ]);
    for (root, name, castfile) in [
        (
            "workspace: {aliases: {x: a-alias}}\nmodules: {x: b-module}\n",
            "@x",
            "a-alias/castfile",
        ),
        (
            "workspace: true\nmodules: {x: b-module}\n",
            "@x",
            "b-module/castfile",
        ),
        ("workspace: true\n", "@x", "x/castfile"),
        ("workspace: true\n", "@y", "sub/deep/y/castfile"),
    ] {
        files.insert("/lab/castfile", root);
        assert_eq!(select(&files, "", None, &[name]), castfile, "{root}");
    }
}

#[test]
fn the_workspaces_around_are_asked_then_the_path_from_here() {
    let files = lab([
        ("castfile", "workspace: {aliases: {eng: ./tools/eng}}\n"),
        ("tools/eng/castfile", ""),
        ("compose/castfile", "modules: {setup: ./setup}\n"),
        ("compose/setup/castfile", ""),
        ("compose/web/castfile", ""),
        ("compose/web/part/castfile", ""),
    ]);
    for (cwd, word, castfile) in [
        // A member's own `@` is not overridden by its membership, as the original has it.
        ("compose/web", "@eng", "tools/eng/castfile"),
        ("compose/web", "@setup", "compose/setup/castfile"),
        ("compose/web", "@part", "compose/web/part/castfile"),
        ("compose/web", "@../setup", "compose/setup/castfile"),
        ("compose/web", "@../../compose/castfile", "compose/castfile"),
        ("compose/web/part", "@..", "compose/web/castfile"),
    ] {
        assert_eq!(select(&files, cwd, None, &[word]), castfile, "{cwd} {word}");
    }
}

#[test]
fn a_path_from_here_needs_no_castfile_above() {
    let files = lab([("web/castfile", ""), ("tasks.yaml", "")]);
    assert_eq!(select(&files, "", None, &["@web"]), "web/castfile");
    assert_eq!(select(&files, "", None, &["@tasks.yaml"]), "tasks.yaml");
    assert_eq!(
        select(&files, "", None, &["@./web:prod"]),
        "web/castfile in prod"
    );
}

#[test]
fn case_counts_only_where_names_differ_by_it() {
    let files = homelab();
    for (word, castfile) in [
        ("@eng", "eng/castfile"),
        ("@ENG", "eng/castfile"),
        ("@DNS", "net/dns/castfile"),
        ("@Compose", "compose/castfile"),
        ("@SETUP", "compose/setup/castfile"),
    ] {
        assert_eq!(select(&files, "", None, &[word]), castfile, "{word}");
    }
    let files = lab([
        ("castfile", "workspace: {aliases: {dns: a, DNS: b}}\n"),
        ("a/castfile", ""),
        ("b/castfile", ""),
        ("c/Web/castfile", ""),
        ("c/web/castfile", ""),
    ]);
    assert_eq!(select(&files, "", None, &["@dns"]), "a/castfile");
    assert_eq!(select(&files, "", None, &["@DNS"]), "b/castfile");
    assert_eq!(select(&files, "", None, &["@Web"]), "c/Web/castfile");
    insta::assert_snapshot!(select(&files, "", None, &["@Dns"]), @r"
    error[castfile::ambiguous-project]: `@Dns` means more than one project
      help: write one of `@dns`, `@DNS`
    ");
    insta::assert_snapshot!(select(&files, "", None, &["@WEB"]), @r"
    error[castfile::ambiguous-project]: `@WEB` means more than one project
      help: write one of `@c/Web`, `@c/web`
    ");
}

#[test]
fn two_meanings_in_one_step_are_refused() {
    let files = homelab();
    insta::assert_snapshot!(select(&files, "", None, &["@db"]), @r"
    error[castfile::ambiguous-project]: `@db` means more than one project
      help: write one of `@compose/db`, `@net/db`
    ");
    let files = lab([
        ("castfile", "modules: {web: ./a}\nincludes: [b/web]\n"),
        ("a/castfile", ""),
        ("b/web/castfile", ""),
    ]);
    insta::assert_snapshot!(select(&files, "", None, &["@web"]), @r"
    error[castfile::ambiguous-project]: `@web` means more than one project
      help: write one of `@a`, `@b/web`
    ");
}

#[test]
fn one_project_declared_twice_is_one() {
    let files = lab([
        (
            "castfile",
            "modules: {compose: {path: ./compose}}\nincludes: [compose/castfile]\n",
        ),
        ("compose/castfile", ""),
    ]);
    assert_eq!(select(&files, "", None, &["@compose"]), "compose/castfile");
}

#[test]
fn a_missing_alias_matters_only_when_it_is_used() {
    // In the original it breaks every `@`.
    let files = lab([
        (
            "castfile",
            "workspace:\n  aliases: {bad: ./nowhere, good: ./good}\n",
        ),
        ("good/castfile", ""),
        ("more/castfile", ""),
    ]);
    assert_eq!(select(&files, "", None, &["@good"]), "good/castfile");
    assert_eq!(select(&files, "", None, &["@more"]), "more/castfile");
    insta::assert_snapshot!(select(&files, "", None, &["@bad"]), @r"
    error[castfile::broken-alias]: `@bad` leads to `./nowhere`, where there is no castfile
      --> castfile:2:18
      help: looked at `nowhere`
    ");
}

#[test]
fn aliases_may_be_files_or_below_home() {
    let files = lab([
        (
            "castfile",
            "workspace: {aliases: {f: ./x/tasks.yaml, h: ~/lab, a: /srv/lab}}\n",
        ),
        ("x/tasks.yaml", ""),
        ("/home/me/lab/castfile", ""),
        ("/srv/lab/cast.yml", ""),
    ]);
    for (word, castfile) in [
        ("@f", "x/tasks.yaml"),
        ("@h", "/home/me/lab/castfile"),
        ("@a", "/srv/lab/cast.yml"),
    ] {
        assert_eq!(select(&files, "", None, &[word]), castfile, "{word}");
    }
}

#[test]
fn an_unknown_name_lists_what_there_is() {
    let files = homelab();
    insta::assert_snapshot!(select(&files, "", None, &["@composer"]), @r"
    error[castfile::unknown-project]: no project `@composer` from `castfile`
      help: did you mean `@compose`?
      help: looked at the aliases of `castfile`; the sub-projects of `castfile`; the directory `composer`; the workspace of `castfile`
    ");
    insta::assert_snapshot!(select(&files, "", None, &["@nothing"]), @r"
    error[castfile::unknown-project]: no project `@nothing` from `castfile`
      help: the projects here are `@ENG`, `@compose`, `@dns`, `@eng`, `@old`, `@setup`, `@web`
      help: looked at the aliases of `castfile`; the sub-projects of `castfile`; the directory `nothing`; the workspace of `castfile`
    ");
    insta::assert_snapshot!(select(&files, "", None, &["@"]), @r"
    error[castfile::unknown-project]: no project `@` from `castfile`
      help: the projects here are `@ENG`, `@compose`, `@dns`, `@eng`, `@old`, `@setup`, `@web`
      help: looked at the aliases of `castfile`; the sub-projects of `castfile`; the directory `.`; the workspace of `castfile`
    ");
    insta::assert_snapshot!(select(&lab([("x", "")]), "", None, &["@nothing"]), @r"
    error[castfile::unknown-project]: no project `@nothing` from `/lab/`
      help: looked at the path `nothing`
    ");
}

#[test]
fn a_project_named_with_p() {
    let files = homelab();
    for (project, castfile) in [
        ("compose/castfile", "compose/castfile"),
        ("compose", "compose/castfile"),
        ("./old", "old/cast.yaml"),
        ("/lab/eng", "eng/castfile"),
        ("dns", "net/dns/castfile"),
        ("@dns", "net/dns/castfile"),
        ("setup", "compose/setup/castfile"),
        ("", "castfile"),
    ] {
        assert_eq!(
            select(&files, "", Some(project), &[]),
            castfile,
            "{project}"
        );
    }
    assert_eq!(
        select(&files, "compose", Some("@dns"), &[]),
        "net/dns/castfile"
    );
    assert_eq!(
        select(&files, "docs", Some("../compose"), &["@db"]),
        "compose/db/castfile"
    );
    // A directory without a castfile may still be an alias.
    let files = lab([
        ("castfile", "workspace: {aliases: {docs: ./eng}}\n"),
        ("eng/castfile", ""),
        ("docs/readme", ""),
    ]);
    assert_eq!(select(&files, "", Some("docs"), &[]), "eng/castfile");
    let files = homelab();
    insta::assert_snapshot!(select(&files, "", Some("docs"), &[]), @r"
    error[castfile::no-castfile]: no castfile in `docs`
      help: looked for castfile, .castfile, castfile.yaml, castfile.yml, cast.yaml, cast.yml
    ");
    insta::assert_snapshot!(select(&files, "", Some("nope"), &[]), @r"
    error[castfile::unknown-project]: no project `@nope` from `castfile`
      help: the projects here are `@ENG`, `@compose`, `@dns`, `@eng`, `@old`, `@setup`, `@web`
      help: looked at the aliases of `castfile`; the sub-projects of `castfile`; the directory `nope`; the workspace of `castfile`
    ");
}

#[test]
fn no_castfile_anywhere() {
    insta::assert_snapshot!(select(&lab([("docs/x", "")]), "docs", None, &[]), @r"
    error[castfile::no-castfile]: no castfile in `/lab/docs` or any directory above it
      help: create a file `castfile` with a `tasks:` block, or name a project with `-p`
    ");
}

#[test]
fn a_broken_castfile_on_the_way_is_reported() {
    let files = lab([("castfile", "tasks: [x]\n"), ("web/castfile", "")]);
    insta::assert_snapshot!(select(&files, "", None, &["@web"]), @r"
    error[castfile::wrong-kind]: `tasks` must be a mapping, found a sequence
      --> castfile:1:8
    ");
}

#[test]
fn an_explicit_alias_walks_no_tree() {
    struct NoList(MemoryFiles);
    impl Files for NoList {
        fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
            self.0.read(path)
        }
        fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
            self.0.kind(path)
        }
        fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
            panic!("{dir} is walked")
        }
    }
    let files = NoList(homelab());
    for (word, castfile) in [
        ("@dns", "net/dns/castfile"),
        ("@compose", "compose/castfile"),
        ("@old", "old/cast.yaml"),
        ("@compose/web", "compose/web/castfile.yaml"),
    ] {
        assert_eq!(select(&files, "", None, &[word]), castfile, "{word}");
    }
    assert_eq!(
        select(&files, "compose/web", None, &[]),
        "compose/web/castfile.yaml"
    );
}

#[test]
fn errors_say_what_they_are() {
    let files = homelab();
    let error = loader(&files)
        .select("/lab".into(), None, &["@composer"])
        .unwrap_err();
    let Error::UnknownProject {
        name, suggestion, ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        (name.as_str(), suggestion.as_deref()),
        ("composer", Some("compose"))
    );
}
