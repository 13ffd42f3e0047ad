//! The other commands: `exec`, `config`, `context`, `self`, what is not there yet.

use crate::support::{Test, report};

#[test]
fn exec_runs_a_program_where_the_user_stands() {
    let test = || {
        Test::new()
            .castfile("env: {A: castfile, S: {value: hush, secret: true}}")
            .cwd("sub")
    };
    test().args(["exec", "pwd"]).stdout("[DIR]/sub\n").run();
    test()
        .args([
            "exec",
            "A=line",
            "B=b c",
            "sh",
            "-c",
            "echo $A $B \"$@\"",
            "_",
            "-x",
            "--",
            "y z",
        ])
        .stdout("line b c -x -- y z\n")
        .run();
    test()
        .args(["x", "printenv", "A"])
        .stdout("castfile\n")
        .stderr("printenv A\n")
        .run();
    test()
        .args(["task", "exec", "printenv", "A"])
        .stdout("castfile\n")
        .run();
    test()
        .args(["-e", "A=option", "exec", "printenv", "A"])
        .stdout("option\n")
        .run();
    test()
        .args(["-q", "exec", "printenv", "A"])
        .stdout("castfile\n")
        .stderr("")
        .run();
    test()
        .args(["exec", "--", "printenv", "A"])
        .stdout("castfile\n")
        .run();
    test()
        .args(["exec", "cat"])
        .stdin("through\n")
        .stdout("through\n")
        .run();
}

#[test]
fn exec_hands_the_exit_code_on() {
    Test::new()
        .castfile("")
        .args(["exec", "sh", "-c", "exit 7"])
        .status(7)
        .run();
    insta::assert_snapshot!(report("", ["exec", "nonexistent-program-xyz"]), @r#"
    ---- stderr
    error[cast::missing-program]: the program `nonexistent-program-xyz` was not found
    help: `cast exec printenv PATH` shows where programs are looked up in this project
    ---- status 127
    "#);
    insta::assert_snapshot!(report("", ["exec"]), @r#"
    ---- stderr
    error[cast::no-program]: there is no program to run
    help: write it behind the options: `cast exec docker ps`
    ---- status 1
    "#);
}

const CONFIG: &str = "# The lab.
config: # settings
    color:   'blue'   # why not
    context: \"test\"

# Tasks below.
tasks:
  t:   echo $CAST_CONTEXT
";

#[test]
fn config_is_read_and_changed_in_place() {
    let test = || Test::new().bytes("castfile", CONFIG.as_bytes());
    test()
        .args(["config", "get", "color"])
        .stdout("blue\n")
        .run();
    test()
        .args(["self", "config", "get", "color"])
        .stdout("blue\n")
        .run();
    insta::assert_snapshot!(test().args(["config", "get", "nope"]).output().all(), @r#"
    ---- stderr
    error[cast::no-config]: config key not found: nope
    help: the castfile sets `color`, `context`
    ---- status 1
    "#);
    insta::assert_snapshot!(test().args(["config", "rm", "nope"]).output().all(), @r#"
    ---- stderr
    error[cast::no-config]: config key not found: nope
    help: the castfile sets `color`, `context`
    ---- status 1
    "#);

    let ran = test().args(["config", "set", "color", "red"]).run();
    assert_eq!(ran.read("castfile"), CONFIG.replace("'blue'", "red"));
    ran.again()
        .args(["config", "get", "color"])
        .stdout("red\n")
        .run();

    // A value that would be something else in YAML stays text.
    for value in [
        "true",
        "x: y",
        "# not a comment",
        "",
        "a 'b' \"c\"",
        "*",
        "two\nlines",
    ] {
        let ran = test().args(["config", "set", "color", value]).run();
        assert!(
            ran.read("castfile").contains("# why not"),
            "{}",
            ran.read("castfile")
        );
        ran.again()
            .args(["config", "get", "color"])
            .stdout(&format!("{value}\n"))
            .run();
    }

    let ran = test().args(["config", "set", "new", "1"]).run();
    assert_eq!(
        ran.read("castfile"),
        CONFIG.replace(
            "    context: \"test\"\n",
            "    context: \"test\"\n    new: 1\n"
        )
    );
    for alias in ["rm", "remove", "delete", "del"] {
        let ran = test().args(["config", alias, "color"]).run();
        assert_eq!(
            ran.read("castfile"),
            CONFIG.replace("    color:   'blue'   # why not\n", "")
        );
    }
}

#[test]
fn config_is_made_where_there_is_none() {
    let ran = Test::new()
        .castfile("# Top.\ntasks:\n  t: echo $CAST_CONTEXT\n")
        .args(["context", "use", "prod"])
        .run();
    ran.again().args(["t"]).stdout("prod\n").run();
    ran.again().args(["context", "get"]).stdout("prod\n").run();
    assert!(
        ran.read("castfile").starts_with("# Top.\n"),
        "{}",
        ran.read("castfile")
    );
}

#[test]
fn context_is_an_entry_of_config() {
    let test = || Test::new().bytes("castfile", CONFIG.as_bytes());
    test().args(["context", "get"]).stdout("test\n").run();
    test().args(["context", "show"]).stdout("test\n").run();
    for verb in ["use", "set"] {
        let ran = test().args(["context", verb, "prod"]).run();
        assert_eq!(ran.read("castfile"), CONFIG.replace("\"test\"", "prod"));
        ran.again().args(["t"]).stdout("prod\n").run();
    }
    let ran = test().args(["context", "rm"]).run();
    ran.again().args(["t"]).stdout("default\n").run();
    insta::assert_snapshot!(ran.again().args(["context", "get"]).output().all(), @r#"
    ---- stderr
    error[cast::no-config]: config key not found: context
    help: tasks run in the context `default`; `cast context use NAME` sets another
    ---- status 1
    "#);
}

#[test]
fn config_keeps_links_modes_and_line_ends() {
    use std::os::unix::fs::PermissionsExt as _;
    let test = Test::new()
        .bytes("real/castfile", CONFIG.replace('\n', "\r\n").as_bytes())
        .mode("real/castfile", 0o640);
    let dir = test.dir();
    fs_err::os::unix::fs::symlink(dir.join("real/castfile"), dir.join("castfile")).unwrap();
    let ran = test.args(["config", "set", "color", "red"]).run();
    assert_eq!(
        ran.read("real/castfile"),
        CONFIG.replace("'blue'", "red").replace('\n', "\r\n")
    );
    assert!(
        fs_err::symlink_metadata(dir.join("castfile"))
            .unwrap()
            .is_symlink()
    );
    let mode = fs_err::metadata(dir.join("real/castfile"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn tasks_may_claim_config_and_context() {
    Test::new()
        .castfile("subcmds: [config]\ntasks: {config: echo mine, 'config:show': echo shown}")
        .args(["config"])
        .stdout("mine\n")
        .run()
        .again()
        .args(["config", "show"])
        .stdout("shown\n")
        .run();
}

#[test]
fn self_tells_about_the_program() {
    let ran = Test::new().args(["self"]).output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    let names: Vec<_> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(names, ["version", "program", "data", "config", "cache"]);
    insta::assert_snapshot!(Test::new().args(["self", "upgrade"]).output().all(), @r#"
    ---- stderr
    error[cast::no-upgrade]: cast does not replace itself
    help: install the new version the way you installed this one
    ---- status 3
    "#);
}

#[test]
fn what_is_not_there_yet_says_so_and_ends_with_3() {
    for args in [
        &["ssh", "host"][..],
        &["scp", "a", "b", "-t", "host"],
        &["tool", "install", "deno"],
        &["tools", "where", "deno"],
        &["web", "-p", "8080"],
        &["job", "run", "x"],
        &["task", "install"],
        &["task", "update"],
        &["task", "add", "https://example.test/x"],
        &["task", "clear-cache", "--global"],
        &["self", "upgrade"],
    ] {
        let ran = Test::new().castfile("").args(args.iter().copied()).output();
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("", 3),
            "{args:?}: {}",
            ran.all()
        );
    }
    insta::assert_snapshot!(report("", ["web"]), @r#"
    ---- stderr
    error[cast::not-supported]: `cast web` is not supported yet
    ---- status 3
    "#);
}
