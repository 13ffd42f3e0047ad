//! What the words of a command line mean: options, targets, arguments, help.

use crate::support::{Test, report};

/// Tasks that print their arguments, one in brackets each.
const ARGS: &str = r#"
    tasks:
      show: {desc: Show the arguments, run: 'printf "[%s]" "$@"; echo'}
      multi:
        run: |
          printf "<%s>" "$@"
          echo
      two: {desc: Two, help: "Help of two.\nOn two lines.", run: echo two}
      bare: echo bare
      needy: {run: 'printf "[%s]" "$@"; echo', needs: [show]}
      single: printf '%s\n'
    "#;

#[track_caller]
fn prints(args: &[&str], stdout: &str) {
    Test::new()
        .castfile(ARGS)
        .args(args.iter().copied())
        .stdout(stdout)
        .run();
}

#[test]
fn arguments_reach_the_task() {
    for (args, out) in [
        (&["show", "--", "a", "b c"][..], "[a][b c]\n"),
        (&["show", "-x", "a"], "[-x][a]\n"),
        (&["show", "--long=1", "--", "-y"], "[--long=1][-y]\n"),
        (&["show", "--", ""], "[]\n"),
        (&["show", "--", "", "a", ""], "[][a][]\n"),
        (&["show", "--", "run"], "[run]\n"),
        (&["show", "--", "r", "run", "r"], "[r][run][r]\n"),
        (
            &["show", "--", "*", "$HOME", "a'b\"c"],
            "[*][$HOME][a'b\"c]\n",
        ),
        (&["show", "--", "--", "-c"], "[--][-c]\n"),
        (&["show", "--", "@svc"], "[@svc]\n"),
        (&["show", "--", "--dry-run"], "[--dry-run]\n"),
        (&["show", "--", "--help"], "[--help]\n"),
        (&["multi", "--", "a", "b"], "<a><b>\n"),
        (&["run", "show", "--", "a"], "[a]\n"),
        (&["r", "show", "-x"], "[-x]\n"),
        (&["task", "run", "show", "-x", "run"], "[-x][run]\n"),
        // A script on one line gets them appended.
        (&["single", "--", "a b", "c"], "a b\nc\n"),
    ] {
        prints(args, out);
    }
}

#[test]
fn every_target_gets_the_arguments_and_what_it_needs_does_not() {
    prints(&["show", "multi", "-x"], "[-x]\n<-x>\n");
    prints(&["needy", "-x"], "[]\n[-x]\n");
}

#[test]
fn words_are_targets_until_a_dash() {
    prints(&["bare", "two"], "bare\ntwo\n");
    Test::new()
        .castfile(ARGS)
        .args(["bare", "x", "y"])
        .status(1)
        .run();
}

#[test]
fn an_empty_word_is_no_task_and_no_panic() {
    insta::assert_snapshot!(report(ARGS, ["bare", ""]), @r#"
    ---- stderr
    error[cast::empty-name]: a task has an empty name
    help: an empty argument for a task stands behind `--`: `cast TASK -- ''`
    ---- status 1
    "#);
}

#[test]
fn without_a_target_the_default_runs_or_the_tasks_are_listed() {
    Test::new()
        .castfile("tasks: {default: echo default}")
        .stdout("default\n")
        .run();
    Test::new()
        .castfile("tasks: {default: echo default, 'default:prod': echo prod}")
        .args(["-c", "prod"])
        .stdout("prod\n")
        .run();
    Test::new()
        .castfile("tasks: {up: {desc: Bring up, run: echo up}}")
        .stdout("up       Bring up\n")
        .run();
}

#[test]
fn a_context_behind_the_task_is_ours_until_two_dashes() {
    let castfile = "
        tasks:
          up: 'echo plain \"$@\"'
          up:prod: 'echo prod \"$@\"'
        ";
    for (args, out) in [
        (&["up", "-c", "prod"][..], "prod\n"),
        (&["up", "--context", "prod"], "prod\n"),
        (&["up", "--context=prod"], "prod\n"),
        (&["-c", "prod", "up"], "prod\n"),
        (&["up", "-c", "prod", "-x"], "prod -x\n"),
        (&["up", "-x", "-c", "prod"], "prod -x\n"),
        (&["up", "--", "-c", "prod"], "plain -c prod\n"),
        (&["run", "-c", "prod", "up"], "prod\n"),
        (&["-c", "test", "run", "-c", "prod", "up"], "prod\n"),
        (&["task", "run", "-c", "prod", "up"], "prod\n"),
        (&["up:prod"], "prod\n"),
    ] {
        Test::new()
            .castfile(castfile)
            .args(args.iter().copied())
            .stdout(out)
            .run();
    }
}

#[test]
fn help_of_a_task_is_its_help_its_description_or_its_name() {
    for flag in ["--help", "-h"] {
        prints(&["two", flag], "Help of two.\nOn two lines.\n");
        prints(&["show", flag], "Show the arguments\n");
        prints(&["bare", flag], "bare\n");
        prints(&["run", "two", flag], "Help of two.\nOn two lines.\n");
        prints(
            &["task", "run", "two", flag],
            "Help of two.\nOn two lines.\n",
        );
    }
    // With several targets nobody asks for the help of one.
    prints(&["show", "multi", "--help"], "[--help]\n<--help>\n");
}

#[test]
fn help_of_a_task_is_that_of_its_variant() {
    Test::new()
        .castfile("tasks: {up: {help: Plain, run: 'true'}, 'up:prod': {help: Prod, run: 'true'}}")
        .args(["-c", "prod", "up", "--help"])
        .stdout("Prod\n")
        .run();
}

#[test]
fn unknown_options_are_refused_with_1() {
    for args in [
        &["--bogus"][..],
        &["--bogus", "show"],
        &["-Z", "show"],
        &["list", "--bogus"],
    ] {
        Test::new()
            .castfile(ARGS)
            .args(args.iter().copied())
            .status(1)
            .run();
    }
    insta::assert_snapshot!(report(ARGS, ["--dri-run", "show"]), @r#"
    ---- stderr
    error: unexpected argument '--dri-run' found

      tip: a similar argument exists: '--dry-run'

    Usage: cast [OPTIONS] [@PROJECT[:CONTEXT]]... TASK... [-- ARGS]
           cast [OPTIONS] [@PROJECT]... COMMAND

    For more information, try '--help'.
    ---- status 1
    "#);
}

#[test]
fn variables_and_dotenv_files_come_from_the_command_line() {
    let test = || {
        Test::new()
            .castfile(
                "
                dotenv: [.env]
                env: {A: castfile, FROM_FILE: $B}
                tasks: {t: {run: 'echo $A $B $FROM_FILE', env: {A: task}}, u: echo $A $B}
                ",
            )
            .file(".env", "B=castfile")
            .file("more.env", "B=more\nA=more")
            .file("sub/last.env", "B=last")
    };
    test().args(["t"]).stdout("task castfile castfile\n").run();
    // `-E` comes after the castfile's own files, before `env`; `-e` is the last word.
    test()
        .args(["-E", "more.env", "u"])
        .stdout("castfile more\n")
        .run();
    test()
        .args(["-E", "more.env", "-E", "sub/last.env", "u"])
        .stdout("castfile last\n")
        .run();
    test()
        .args(["--dotenv", "more.env", "t"])
        .stdout("task more more\n")
        .run();
    test()
        .args(["-e", "A=line", "t"])
        .stdout("line castfile castfile\n")
        .run();
    test()
        .args(["-e", "A=line", "--env", "B=x=y z", "t"])
        .stdout("line x=y z castfile\n")
        .run();
    test()
        .args(["-e", "A=", "t"])
        .stdout("castfile castfile\n")
        .run();
    test()
        .args(["run", "-e", "A=line", "t"])
        .stdout("line castfile castfile\n")
        .run();
    // Relative to where the user stands.
    test()
        .cwd("sub")
        .args(["-E", "last.env", "u"])
        .stdout("castfile last\n")
        .run();
}

#[test]
fn a_malformed_variable_is_not_shown() {
    let said = report(ARGS, ["-e", "hunter2", "show"]);
    assert!(!said.contains("hunter2"), "{said}");
    insta::assert_snapshot!(said, @r#"
    ---- stderr
    error[cast::bad-variable]: `-e` takes `NAME=VALUE`, and the word behind it is not like that
    help: it is not shown here, as it may be a secret
    ---- status 1
    "#);
}

#[test]
fn a_missing_dotenv_file_of_the_command_line_is_an_error() {
    insta::assert_snapshot!(report(ARGS, ["-E", "nope.env", "show"]), @r#"
    ---- stderr
    error[castfile::missing-dotenv]: the dotenv file `[DIR]/nope.env` is not there
    help: it was named on the command line with `-E`
    ---- status 1
    "#);
}

#[test]
fn an_option_without_its_value_is_an_error() {
    for option in ["-p", "-c", "-e", "-E", "-j", "--color"] {
        let ran = Test::new().castfile(ARGS).args([option]).output();
        assert_eq!(ran.status, 1, "{option}: {}", ran.all());
    }
    insta::assert_snapshot!(report(ARGS, ["show", "-c"]), @r#"
    ---- stderr
    error[cast::missing-value]: `-c` is the last word, and it takes a context
    help: name the context behind it, or write `--` before it if it is for the task
    ---- status 1
    "#);
}

#[test]
fn version_is_one_line() {
    let version = format!("cast {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["-v", "-V", "--version"] {
        Test::new().args([flag]).stdout(&version).run();
    }
}
