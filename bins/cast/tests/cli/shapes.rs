//! The shapes that keys may have, ids and how tasks are found by them.

use crate::support::{Test, report};

/// A castfile, a command line, the exact output.
#[track_caller]
fn prints(castfile: &str, args: &[&str], stdout: &str) {
    Test::new()
        .castfile(castfile)
        .args(args.iter().copied())
        .stdout(stdout)
        .run();
}

#[test]
fn files_without_tasks_list_nothing() {
    for castfile in [
        "",
        "tasks:\n",
        "tasks: {}\n",
        "# a comment\n",
        "name: x\n",
        "unknown: 1\n",
    ] {
        prints(castfile, &["list"], "");
    }
}

#[test]
fn a_task_is_a_script_or_a_mapping() {
    let castfile = "
        tasks:
          a: echo a
          b: {run: echo b}
          c:
            desc: Third
            run: |
              echo c1
              echo c2
          d: {uses: bash, run: 'echo $BASH_VERSION | grep -c .'}
          e: {use: sh, run: echo e}
        ";
    prints(castfile, &["a", "b", "c", "d", "e"], "a\nb\nc1\nc2\n1\ne\n");
}

#[test]
fn aliases_of_keys_mean_the_same() {
    for key in ["needs", "deps", "dependencies"] {
        let castfile = format!("tasks:\n  a: {{run: echo a, {key}: [b]}}\n  b: echo b\n");
        prints(&castfile, &["a"], "b\na\n");
    }
    for key in ["desc", "description"] {
        let castfile = format!("tasks:\n  a: {{run: echo a, {key}: Words}}\n");
        prints(&castfile, &["list"], "a        Words\n");
    }
    for key in ["with", "input", "inputs"] {
        let castfile = format!("tasks:\n  a: {{uses: bash, {key}: {{script: s.sh}}}}\n");
        Test::new()
            .castfile(&castfile)
            .file("s.sh", "echo script")
            .args(["a"])
            .stdout("script\n")
            .run();
    }
    for key in ["import", "imports", "modules"] {
        let castfile = format!("{key}: ./m.yaml\n");
        Test::new()
            .castfile(&castfile)
            .file("m.yaml", "tasks: {m: echo m}")
            .args(["m"])
            .stdout("m\n")
            .run();
    }
    for key in ["dotenv", "envfile", "env-file"] {
        let castfile = format!("tasks:\n  a: {{run: 'echo $X', {key}: [.env]}}\n");
        Test::new()
            .castfile(&castfile)
            .file(".env", "X=1")
            .args(["a"])
            .stdout("1\n")
            .run();
    }
    for key in ["subcmds", "subcommands"] {
        let castfile = format!("{key}: [db]\ntasks: {{'db:dump': echo dump}}\n");
        prints(&castfile, &["db", "dump"], "dump\n");
    }
}

#[test]
fn needs_is_a_word_or_a_list_of_words_and_mappings() {
    prints(
        "tasks: {a: {run: echo a, needs: b}, b: echo b}",
        &["a"],
        "b\na\n",
    );
    prints(
        "tasks: {a: {run: echo a, needs: [b, {id: c, parallel: true}]}, b: echo b, c: echo c}",
        &["a"],
        "b\nc\na\n",
    );
}

#[test]
fn env_is_a_mapping_or_a_list() {
    for env in [
        "{A: 1, B: two}",
        "{A: {value: 1}, B: {value: two, secret: true}}",
        "[A=1, B=two]",
        "[A=1, 'B:two']",
        "[{name: A, value: 1}, {name: B, value: two, secret: true}]",
    ] {
        prints(
            &format!("env: {env}\ntasks: {{t: echo $A $B}}\n"),
            &["t"],
            "1 two\n",
        );
        prints(
            &format!("tasks: {{t: {{run: echo $A $B, env: {env}}}}}\n"),
            &["t"],
            "1 two\n",
        );
    }
}

#[test]
fn scalars_in_env_keep_their_text() {
    prints(
        "env: {A: 0777, B: yes, C: 1_000, D: 1.50, E: null, F: ~, G: 0x1F}\ntasks: {t: 'echo $A $B $C $D [$E] [$F] $G'}\n",
        &["t"],
        "0777 yes 1_000 1.50 [null] [~] 0x1F\n",
    );
}

#[test]
fn dotenv_is_a_path_or_a_list_of_paths_and_mappings() {
    for (dotenv, out) in [
        ("a.env", "a\n"),
        ("[a.env, b.env]", "b\n"),
        ("[a.env, {path: b.env}]", "b\n"),
        ("[a.env, {path: b.env, contexts: [prod]}]", "a\n"),
        ("[a.env, {path: b.env, contexts: ['*']}]", "b\n"),
        ("[a.env, {path: b.env, os: plan9}]", "a\n"),
        ("[a.env, {path: b.env, os: '*'}]", "b\n"),
        ("[a.env, missing.env?, '?missing.env']", "a\n"),
    ] {
        Test::new()
            .castfile(&format!("dotenv: {dotenv}\ntasks: {{t: echo $X}}\n"))
            .file("a.env", "X=a")
            .file("b.env", "X=b")
            .args(["t"])
            .stdout(out)
            .run();
    }
}

#[test]
fn paths_are_words_or_mappings_with_a_system() {
    let tool = "#!/bin/sh\necho tool of $0\n";
    for (paths, out) in [
        ("[./tools]", "tool of [DIR]/tools/mytool\n"),
        ("[{path: ./tools}]", "tool of [DIR]/tools/mytool\n"),
        ("[{value: ./tools}]", "tool of [DIR]/tools/mytool\n"),
        ("[{linux: ./tools}]", "tool of [DIR]/tools/mytool\n"),
        (
            "[{unix: ./tools}, {windows: ./other}]",
            "tool of [DIR]/tools/mytool\n",
        ),
        ("[./tools, ./other]", "tool of [DIR]/other/mytool\n"),
        (
            "[./tools, {path: ./other, append: true}]",
            "tool of [DIR]/tools/mytool\n",
        ),
        (
            "[./tools, {path: ./other, os: windows}]",
            "tool of [DIR]/tools/mytool\n",
        ),
    ] {
        Test::new()
            .castfile(&format!("paths: {paths}\ntasks: {{t: mytool}}\n"))
            .exe("tools/mytool", tool)
            .exe("other/mytool", tool)
            .args(["t"])
            .stdout(out)
            .run();
    }
}

#[test]
fn anchors_and_merge_keys_work() {
    prints(
        "
        x-base: &base {uses: bash, env: {A: base}}
        tasks:
          a: {<<: *base, run: echo $A}
          b: {<<: *base, run: echo $A, env: {A: own}}
        ",
        &["a", "b"],
        "base\nown\n",
    );
}

#[test]
fn unknown_top_level_keys_are_ignored_and_unknown_task_keys_are_not() {
    prints(
        "version: 3\nx-cast: {a: 1}\nanything: [1]\ntasks: {t: echo t}\n",
        &["t"],
        "t\n",
    );
    for (kind, castfile) in [
        ("a task", "tasks: {t: {run: echo, cmds: []}}"),
        ("a job", "jobs: {j: {steps: [], cmds: []}}"),
        ("an import", "imports: [{from: ./m, cmds: []}]"),
        ("a dotenv entry", "dotenv: [{path: .env, cmds: []}]"),
        ("a path entry", "paths: [{path: ./bin, cmds: []}]"),
        ("an env entry", "env: {A: {value: 1, cmds: []}}"),
    ] {
        let said = report(castfile, ["list"]);
        assert!(
            said.contains("castfile::unknown-key") && said.contains("cmds"),
            "{kind}: {said}"
        );
        assert!(said.ends_with("---- status 1"), "{kind}: {said}");
    }
}

#[test]
fn two_mappings_of_tasks_are_merged_with_a_warning() {
    let castfile = "
        tasks:
          a: echo first a
          b: echo b
        tasks:
          a: echo second a
        ";
    let ran = Test::new().castfile(castfile).args(["a", "b"]).output();
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("second a\nb\n", 0),
        "{}",
        ran.all()
    );
    assert!(ran.stderr.starts_with("warning["), "{}", ran.stderr);
}

#[test]
fn ids_are_made_from_names() {
    let castfile = "
        tasks:
          Up Name: echo up name
          up:prod: echo prod
          a--b!c: echo dashes
          x/y.z_1: echo slash
        ";
    prints(castfile, &["list"], "up name\nup:prod\na-bc\nx/y.z_1\n");
    for (name, out) in [
        ("up name", "up name\n"),
        ("UP NAME", "up name\n"),
        ("Up Name", "up name\n"),
        ("UP:Prod", "prod\n"),
        ("a-bc", "dashes\n"),
        ("X/Y.Z_1", "slash\n"),
    ] {
        prints(castfile, &[name], out);
    }
}

#[test]
fn an_id_of_its_own_replaces_the_derived_one() {
    let castfile = "tasks: {Long Name: {id: short, run: echo short}}";
    prints(castfile, &["short"], "short\n");
    prints(castfile, &["list"], "short\n");
}

#[test]
fn tasks_win_over_short_commands_and_new_ones() {
    for name in [
        "x",
        "r",
        "ls",
        "ws",
        "list",
        "workspace",
        "check",
        "explain",
        "completion",
    ] {
        let castfile = format!("tasks:\n  {name}: echo the task\n  other: echo other\n");
        prints(&castfile, &[name], "the task\n");
        prints(&castfile, &["run", name], "the task\n");
        prints(&castfile, &["task", "run", name], "the task\n");
    }
    // Arguments stay the task's.
    let castfile = "tasks: {x: 'echo \"$@\"', check: 'echo \"$@\"', explain: 'echo \"$@\"'}";
    for name in ["x", "check", "explain"] {
        prints(castfile, &[name, "--", "a", "-b"], "a -b\n");
        prints(castfile, &[name, "--flag", "b"], "--flag b\n");
    }
    // `self` and `task` reach what a task hides.
    prints("tasks: {list: echo the task}", &["task", "list"], "list\n");
    let ran = Test::new()
        .castfile("tasks: {check: echo the task}")
        .args(["self", "check"])
        .output();
    assert!(ran.stderr.contains("checked 1 castfile"), "{}", ran.all());
    prints(
        "tasks: {x: echo the task}",
        &["exec", "echo", "exec"],
        "exec\n",
    );
}

#[test]
fn commands_of_the_original_hide_tasks_but_run_reaches_them() {
    for name in [
        "run", "exec", "task", "tasks", "job", "config", "context", "self", "ssh", "web",
    ] {
        let castfile = format!("tasks:\n  {name}: echo the task\n");
        prints(&castfile, &["run", name], "the task\n");
    }
}

#[test]
fn run_alone_runs_a_task_of_that_name() {
    prints(
        "tasks: {run: echo ran, default: echo default}",
        &["run"],
        "ran\n",
    );
    prints("tasks: {default: echo default}", &["run"], "default\n");
}

#[test]
fn a_mapping_of_modules_declares_projects() {
    Test::new()
        .castfile("modules: {compose: {path: ./deep/compose}, eng: ./eng}\n")
        .file("deep/compose/castfile", "tasks: {up: echo compose}")
        .file("eng/castfile", "tasks: {up: echo eng}")
        .args(["@compose", "up"])
        .stdout("compose\n")
        .run()
        .again()
        .args(["@eng", "up"])
        .stdout("eng\n")
        .run();
}
