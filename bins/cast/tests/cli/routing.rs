//! `@name` words: which project they mean, from where.

use crate::support::{Test, report};

/// A lab as the seed has it: projects declared by mappings, `@compose @setup` nested.
fn lab() -> Test {
    let task = |name: &str| {
        format!(
            "tasks: {{where: echo {name} in $PWD, script: echo {name}, 'where:prod': echo {name} prod}}\n"
        )
    };
    Test::new()
        .castfile(&format!(
            "modules: {{compose: {{path: ./compose}}, eng: {{path: ./eng}}}}\n{}",
            task("root")
        ))
        .file(
            "compose/castfile",
            &format!(
                "modules: {{setup: {{path: ./setup}}, web: ./web}}\n{}",
                task("compose")
            ),
        )
        .file("compose/setup/castfile", &task("setup"))
        .file("compose/web/castfile", &task("web"))
        .file("compose/extra/castfile", &task("extra"))
        .file("eng/castfile", &task("eng"))
}

#[test]
fn words_are_followed_from_left_to_right_from_everywhere() {
    for (cwd, args, dir) in [
        ("", &["@compose", "where"][..], "compose"),
        ("", &["@compose", "@setup", "where"], "compose/setup"),
        ("", &["@compose", "@web", "where"], "compose/web"),
        // A child directory needs no declaration.
        ("", &["@compose", "@extra", "where"], "compose/extra"),
        ("", &["@compose/web", "where"], "compose/web"),
        ("", &["@eng", "where"], "eng"),
        ("", &["where", "@eng"], "eng"),
        ("", &["where", "@compose", "@setup"], "compose/setup"),
        ("", &["-p", "@compose", "@setup", "where"], "compose/setup"),
        ("", &["run", "@compose", "@setup", "where"], "compose/setup"),
        ("", &["@compose", "run", "@setup", "where"], "compose/setup"),
        ("", &["task", "run", "@eng", "where"], "eng"),
        ("compose", &["@setup", "where"], "compose/setup"),
        ("compose", &["@eng", "where"], "eng"),
        // Inside a member an explicit word still wins.
        ("compose/web", &["@eng", "where"], "eng"),
        ("compose/web", &["@setup", "where"], "compose/setup"),
        ("compose/web/deep", &["@setup", "where"], "compose/setup"),
        ("compose/web", &["where"], "compose/web"),
        ("compose/web/deep", &["where"], "compose/web"),
        // A path as the last resort.
        ("compose/web", &["@../../eng", "where"], "eng"),
    ] {
        let name = dir.rsplit('/').next().unwrap();
        lab()
            .cwd(cwd)
            .args(args.iter().copied())
            .stdout(&format!("{name} in [DIR]/{dir}\n"))
            .run();
    }
}

#[test]
fn a_word_may_carry_the_context() {
    lab()
        .args(["@compose", "@setup:prod", "where"])
        .stdout("setup prod\n")
        .run();
    lab()
        .args(["@compose:prod", "@setup", "where"])
        .stdout("setup prod\n")
        .run();
    lab().args(["@:prod", "where"]).stdout("root prod\n").run();
    lab()
        .args(["@eng:prod", "-c", "other", "where"])
        .stdout("eng prod\n")
        .run();
}

#[test]
fn two_targets_in_a_project() {
    lab()
        .args(["@eng", "script", "where"])
        .stdout("eng\neng in [DIR]/eng\n")
        .run();
}

#[test]
fn every_command_takes_the_words() {
    for (args, stdout) in [
        (
            &["@compose", "@setup", "list"][..],
            "where\nscript\nwhere:prod\n",
        ),
        (&["list", "-p", "@eng"], "where\nscript\nwhere:prod\n"),
        (&["-p", "eng", "list"], "where\nscript\nwhere:prod\n"),
        (&["@eng", "exec", "printenv", "CAST_DIR"], "[DIR]/eng\n"),
        (&["exec", "@eng", "printenv", "CAST_DIR"], "[DIR]/eng\n"),
        (&["@eng", "context", "get"], ""),
    ] {
        let ran = lab().args(args.iter().copied()).output();
        assert_eq!(ran.stdout, stdout, "{args:?}: {}", ran.all());
    }
}

#[test]
fn declared_aliases_of_a_workspace_and_discovered_ones() {
    let test = || {
        Test::new()
            .castfile("workspace: {aliases: {main: ./a/b}}\ntasks: {t: echo root}\n")
            .file("a/b/castfile", "tasks: {t: echo b}")
            .file("x/deep/Svc/castfile", "tasks: {t: echo svc}")
            .file("one/twin/castfile", "tasks: {t: echo twin one}")
            .file("two/twin/castfile", "tasks: {t: echo twin two}")
    };
    test().args(["@main", "t"]).stdout("b\n").run();
    test().args(["@MAIN", "t"]).stdout("b\n").run();
    test().args(["@Svc", "t"]).stdout("svc\n").run();
    test().args(["@svc", "t"]).stdout("svc\n").run();
    test().args(["@x/deep/Svc", "t"]).stdout("svc\n").run();
    test()
        .cwd("x/deep/Svc")
        .args(["@main", "t"])
        .stdout("b\n")
        .run();
    test().args(["@one/twin", "t"]).stdout("twin one\n").run();
    let ran = test().args(["@twin", "t"]).output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[castfile::ambiguous-project]: `@twin` means more than one project
    help: write one of `@one/twin`, `@two/twin`
    ---- status 1
    "#);
}

#[test]
fn an_alias_without_a_castfile_fails_only_when_it_is_used() {
    let test = || {
        Test::new()
            .castfile("workspace: {aliases: {bad: ./gone, good: ./good}}\n")
            .file("good/castfile", "tasks: {t: echo good}")
    };
    test().args(["@good", "t"]).stdout("good\n").run();
    insta::assert_snapshot!(test().args(["@bad", "t"]).output().all(), @r#"
    ---- stderr
    error[castfile::broken-alias]: `@bad` leads to `./gone`, where there is no castfile
     --> castfile:1:28
      |
    1 | workspace: {aliases: {bad: ./gone, good: ./good}}
      |                            ^^^^^^
      |
      = help: looked at `gone`
    ---- status 1
    "#);
}

#[test]
fn directories_need_no_castfile_above_them() {
    Test::new()
        .file("svc/castfile", "tasks: {t: echo svc in $PWD}")
        .args(["@svc", "t"])
        .stdout("svc in [DIR]/svc\n")
        .run();
    Test::new()
        .file("svc/castfile", "tasks: {t: echo svc in $PWD}")
        .args(["-p", "svc", "t"])
        .stdout("svc in [DIR]/svc\n")
        .run();
}

#[test]
fn an_unknown_project_names_every_place() {
    insta::assert_snapshot!(lab().args(["@compose", "@stup", "up"]).output().all(), @r#"
    ---- stderr
    error[castfile::unknown-project]: no project `@stup` from `compose/castfile`
    help: did you mean `@setup`?
    help: looked at the sub-projects of `compose/castfile`; the directory `compose/stup`; the sub-projects of `castfile`; the directory `stup`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks: {}", ["@nothing", "up"]), @r#"
    ---- stderr
    error[castfile::unknown-project]: no project `@nothing` from `castfile`
    help: looked at the directory `nothing`
    ---- status 1
    "#);
}

#[test]
fn a_project_named_like_a_task_is_pointed_out() {
    insta::assert_snapshot!(lab().args(["compose", "where"]).output().all(), @r#"
    ---- stderr
    error[castfile::unknown-task]: no task `compose` in `castfile`
    help: `compose` is a project: write `@compose`
    ---- status 1
    "#);
}
