//! Which castfile a command finds: names, the search upward, `-p`, variables, user directories.

use crate::support::Test;

const HELLO: &str = "
    tasks:
      hello: {desc: Greet, run: echo hello from $CAST_FILE}
    ";

#[test]
fn every_name_is_found_and_the_first_wins() {
    let names = ["castfile", ".castfile", "castfile.yaml", "castfile.yml"];
    for name in names {
        Test::new()
            .file(name, HELLO)
            .args(["hello"])
            .stdout(&format!("hello from [DIR]/{name}\n"))
            .run();
    }
    for (at, name) in names.iter().enumerate() {
        let later = names[at..].iter().rev();
        later
            .fold(Test::new(), |test, name| test.file(name, HELLO))
            .args(["hello"])
            .stdout(&format!("hello from [DIR]/{name}\n"))
            .run();
    }
}

#[test]
fn names_of_workspace_members_are_no_project_of_their_own() {
    for name in ["cast.yaml", "cast.yml"] {
        Test::new()
            .file(name, HELLO)
            .args(["hello"])
            .status(1)
            .run();
        // A directory given to `-p` or `@` may use them.
        Test::new()
            .file(&format!("sub/{name}"), HELLO)
            .args(["-p", "sub", "hello"])
            .stdout(&format!("hello from [DIR]/sub/{name}\n"))
            .run();
        Test::new()
            .castfile("tasks: {}")
            .file(&format!("sub/{name}"), HELLO)
            .args(["@sub", "hello"])
            .stdout(&format!("hello from [DIR]/sub/{name}\n"))
            .run();
    }
}

#[test]
fn every_command_searches_upward() {
    for (args, stdout) in [
        (&["hello"][..], "hello from [DIR]/castfile\n"),
        (&["run", "hello"], "hello from [DIR]/castfile\n"),
        (&["task", "run", "hello"], "hello from [DIR]/castfile\n"),
        (&["list"], "hello    Greet\n"),
        (&["ls"], "hello    Greet\n"),
        (&["task", "list"], "hello    Greet\n"),
        (&["exec", "printenv", "CAST_FILE"], "[DIR]/castfile\n"),
        (&["x", "printenv", "CAST_FILE"], "[DIR]/castfile\n"),
        (&["config", "get", "color"], "blue\n"),
        (&["context", "get"], "lab\n"),
        (&["workspace", "ls"], "No workspace projects found\n"),
        (&["job", "list"], ""),
        (&["__complete", "--", "hel"], "hello\tGreet\n"),
    ] {
        Test::new()
            .castfile(
                "
                config: {color: blue, context: lab}
                tasks:
                  hello: {desc: Greet, run: echo hello from $CAST_FILE}
                ",
            )
            .cwd("a/b/c")
            .args(args.iter().copied())
            .stdout(stdout)
            .run();
    }
}

#[test]
fn the_nearest_castfile_wins() {
    Test::new()
        .castfile(HELLO)
        .file("a/castfile", HELLO)
        .cwd("a/b")
        .args(["hello"])
        .stdout("hello from [DIR]/a/castfile\n")
        .run();
}

#[test]
fn a_project_is_named_by_file_directory_or_alias() {
    let test = || {
        Test::new()
            .castfile("workspace: {aliases: {far: ./deep/down}}")
            .file("deep/down/castfile", HELLO)
            .file("other.yaml", HELLO)
            .mkdir("empty")
    };
    for (project, file) in [
        ("deep/down", "deep/down/castfile"),
        ("./deep/down/", "deep/down/castfile"),
        ("deep/down/castfile", "deep/down/castfile"),
        ("other.yaml", "other.yaml"),
        ("[DIR]/other.yaml", "other.yaml"),
        ("far", "deep/down/castfile"),
        ("@far", "deep/down/castfile"),
    ] {
        let stdout = format!("hello from [DIR]/{file}\n");
        for args in [["-p", project, "hello"], ["--project", project, "hello"]] {
            test().args(args).stdout(&stdout).run();
        }
        test()
            .env("CAST_PROJECT", project)
            .args(["hello"])
            .stdout(&stdout)
            .run();
    }
    // The command line is nearer than the variable.
    test()
        .env("CAST_PROJECT", "other.yaml")
        .args(["-p", "far", "hello"])
        .stdout("hello from [DIR]/deep/down/castfile\n")
        .run();
    // A directory without a castfile may be the name of a project.
    test()
        .castfile("workspace: {aliases: {empty: ./deep/down}}")
        .args(["-p", "empty", "hello"])
        .stdout("hello from [DIR]/deep/down/castfile\n")
        .run();
}

#[test]
fn the_context_comes_from_the_option_the_variable_or_the_castfile() {
    let castfile = "
        config: {context: test}
        tasks:
          up: echo plain $CAST_CONTEXT
          up:prod: echo prod $CAST_CONTEXT
          up:test: echo test $CAST_CONTEXT
        ";
    let test = || Test::new().castfile(castfile);
    test().args(["up"]).stdout("test test\n").run();
    test()
        .env("CAST_CONTEXT", "prod")
        .args(["up"])
        .stdout("prod prod\n")
        .run();
    test()
        .env("CAST_CONTEXT", "prod")
        .args(["-c", "test", "up"])
        .stdout("test test\n")
        .run();
    test()
        .args(["--context=prod", "up"])
        .stdout("prod prod\n")
        .run();
    test()
        .args(["-c", "none", "up"])
        .stdout("plain none\n")
        .run();
}

#[test]
fn without_anything_the_context_is_called_default() {
    Test::new()
        .castfile("tasks: {up: echo $CAST_CONTEXT}")
        .args(["up"])
        .stdout("default\n")
        .run();
}

#[test]
fn the_default_runner_comes_from_config_or_the_variable() {
    let castfile = |config: &str| format!("{config}tasks: {{t: 'print(1 + 1)'}}\n");
    Test::new()
        .castfile(&castfile("config: {shell: python}\n"))
        .args(["t"])
        .stdout("2\n")
        .run();
    Test::new()
        .castfile(&castfile(""))
        .env("CAST_DEFAULT_SHELL", "python")
        .args(["t"])
        .stdout("2\n")
        .run();
    // The castfile is nearer than the variable, the task nearer than both.
    Test::new()
        .castfile("config: {shell: python}\ntasks: {t: {uses: bash, run: echo $((1 + 2))}}\n")
        .env("CAST_DEFAULT_SHELL", "node")
        .args(["t"])
        .stdout("3\n")
        .run();
}

#[test]
fn modules_are_found_in_the_users_data_directory() {
    let module = "tasks: {m: echo from $CAST_MODULE_FILE}";
    let castfile = "imports: [tools]";
    Test::new()
        .castfile(castfile)
        .file("data/cast/modules/tools/castfile", module)
        .env("XDG_DATA_HOME", "[DIR]/data")
        .args(["m"])
        .stdout("from [DIR]/data/cast/modules/tools/castfile\n")
        .run();
    Test::new()
        .castfile(castfile)
        .file("cast-data/modules/tools.yaml", module)
        .env("XDG_DATA_HOME", "[DIR]/data")
        .env("CAST_DATA_HOME", "[DIR]/cast-data")
        .args(["m"])
        .stdout("from [DIR]/cast-data/modules/tools.yaml\n")
        .run();
    Test::new()
        .castfile(castfile)
        .file("me/.local/share/cast/modules/tools.yml", module)
        .no_env("XDG_DATA_HOME")
        .env("HOME", "[DIR]/me")
        .args(["m"])
        .stdout("from [DIR]/me/.local/share/cast/modules/tools.yml\n")
        .run();
}

#[test]
fn links_keep_the_path_that_the_user_sees() {
    let test = Test::new().file("real/castfile", "tasks: {t: pwd}");
    let dir = test.dir();
    fs_err::os::unix::fs::symlink(dir.join("real"), dir.join("link")).unwrap();
    test.cwd("link")
        .env("PWD", "[DIR]/link")
        .args(["t"])
        .stdout("[DIR]/link\n")
        .run();
}
