//! `uses`: interpreters, files, scripts, other castfiles.

use crate::support::{Test, program, report};

/// Inline and file form of an interpreter that prints its first argument.
fn check(uses: &str, inline: &str, file: &str, name: &str) {
    Test::new()
        .castfile(&format!(
            "tasks:\n  t:\n    uses: {uses}\n    run: |\n      {inline}\n"
        ))
        .args(["t", "--", "one two", "-x"])
        .stdout("one two\n")
        .run();
    Test::new()
        .castfile(&format!(
            "tasks: {{t: {{uses: {uses}, run: ./scripts/{name}}}}}\n"
        ))
        .file(&format!("scripts/{name}"), file)
        .cwd("below")
        .args(["t", "--", "one two", "-x"])
        .stdout("one two\n")
        .run();
}

#[test]
fn bash() {
    check("bash", "echo \"$1\"", "echo \"$1\"\n", "s.sh");
    // -e, -o pipefail, no start-up files.
    Test::new()
        .castfile("tasks: {t: {uses: bash, run: \"false | true\\necho no\"}}")
        .args(["t"])
        .status(1)
        .run();
}

#[test]
fn sh() {
    check("sh", "echo \"$1\"", "echo \"$1\"\n", "s.sh");
    Test::new()
        .castfile("tasks: {t: {uses: sh, run: \"false\\necho no\"}}")
        .args(["t"])
        .status(1)
        .run();
}

#[test]
fn python() {
    if program("python3").is_none() && program("python").is_none() {
        return;
    }
    check(
        "python",
        "import sys; print(sys.argv[1])",
        "import sys\nprint(sys.argv[1])\n",
        "s.py",
    );
}

#[test]
fn node() {
    if program("node").is_none() {
        return;
    }
    check(
        "node",
        "console.log(process.argv[2])",
        "console.log(process.argv[2])\n",
        "s.js",
    );
    check(
        "node",
        "console.log(process.argv[2])",
        "console.log(process.argv[2])\n",
        "s.mjs",
    );
}

#[test]
fn deno() {
    if program("deno").is_none() {
        return;
    }
    check(
        "deno",
        "console.log(Deno.args[0])",
        "console.log(Deno.args[0])\n",
        "s.ts",
    );
}

#[test]
fn an_interpreter_may_be_named_by_a_variable() {
    for (uses, variable) in [
        ("bash", "RUN_BASH_EXE"),
        ("sh", "RUN_SH_EXE"),
        ("python", "RUN_PYTHON_EXE"),
        ("node", "RUN_NODE_EXE"),
        ("bun", "RUN_BUN_EXE"),
        ("deno", "RUN_DENO_EXE"),
        ("ruby", "RUN_RUBY_EXE"),
        ("go", "RUN_GO_EXE"),
        ("golang", "RUN_GO_EXE"),
        ("dotnet", "RUN_DOTNET_EXE"),
        ("csharp", "RUN_DOTNET_EXE"),
        ("pwsh", "RUN_PWSH_EXE"),
        ("powershell", "POWERSHELL_EXE"),
    ] {
        let ran = Test::new()
            .castfile(&format!("tasks: {{t: {{uses: {uses}, run: the script}}}}"))
            .exe("fake", "#!/bin/sh\necho fake interpreter\n")
            .env(variable, "[DIR]/fake")
            .args(["t"])
            .output();
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("fake interpreter\n", 0),
            "{uses}: {}",
            ran.all()
        );
    }
}

#[test]
fn rare_interpreters_are_called_as_the_original_does() {
    let calls = |uses: &str, variable: &str, run: &str| {
        let ran = Test::new()
            .castfile(&format!("tasks: {{t: {{uses: {uses}, run: {run}}}}}"))
            .exe(
                "fake",
                "#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done\n",
            )
            .file("s.rb", "")
            .file("s.ps1", "")
            .file("s.go", "")
            .file("s.cs", "")
            .file("app.csproj", "")
            .file("app.dll", "")
            .file("s.js", "")
            .env(variable, "[DIR]/fake")
            .args(["t", "--", "a"])
            .output();
        assert_eq!(ran.status, 0, "{}", ran.all());
        ran.stdout
    };
    let pwsh = "[-NoLogo][-NoProfile][-ExecutionPolicy][Bypass]";
    assert_eq!(
        calls("ruby", "RUN_RUBY_EXE", "puts 1"),
        "[-e][puts 1][--][a]"
    );
    assert_eq!(calls("ruby", "RUN_RUBY_EXE", "./s.rb"), "[./s.rb][a]");
    let bun = calls("bun", "RUN_BUN_EXE", "f()");
    assert!(
        bun.starts_with("[[DIR]/.cast-") && bun.ends_with(".ts][a]"),
        "{bun}"
    );
    assert_eq!(calls("bun", "RUN_BUN_EXE", "s.js"), "[s.js][a]");
    // Only a file takes arguments as they are.
    let inline = calls("pwsh", "RUN_PWSH_EXE", "Get-Date");
    assert!(
        inline.starts_with(&format!("{pwsh}[-File][")) && inline.ends_with(".ps1][a]"),
        "{inline}"
    );
    assert_eq!(
        calls("pwsh", "RUN_PWSH_EXE", "./s.ps1"),
        format!("{pwsh}[-File][./s.ps1][a]")
    );
    assert_eq!(calls("go", "RUN_GO_EXE", "s.go"), "[run][s.go][a]");
    assert_eq!(
        calls("dotnet", "RUN_DOTNET_EXE", "s.cs"),
        "[run][--file][s.cs][--][a]"
    );
    assert_eq!(calls("dotnet", "RUN_DOTNET_EXE", "app.dll"), "[app.dll][a]");
    assert_eq!(
        calls("csharp", "RUN_DOTNET_EXE", "app.csproj"),
        "[run][--project][app.csproj][--][a]"
    );
}

#[test]
fn a_missing_interpreter_tells_how_to_get_it() {
    for uses in [
        "bash",
        "sh",
        "python",
        "node",
        "deno",
        "bun",
        "ruby",
        "go",
        "dotnet",
        "pwsh",
        "powershell",
    ] {
        let ran = Test::new()
            .castfile(&format!("tasks: {{t: {{uses: {uses}, run: x}}}}"))
            .mkdir("empty")
            .env("PATH", "[DIR]/empty")
            .args(["t"])
            .output();
        assert_eq!(ran.status, 1, "{uses}: {}", ran.all());
        assert!(
            ran.stderr.contains("cast::missing-program"),
            "{uses}: {}",
            ran.all()
        );
        assert!(ran.stderr.contains("help: "), "{uses}: {}", ran.all());
    }
}

#[test]
fn a_script_of_its_own_replaces_run() {
    for uses in ["shell", "bash", "sh"] {
        Test::new()
            .castfile(&format!(
                "tasks: {{t: {{uses: {uses}, with: {{script: ./s.sh}}}}}}"
            ))
            .file("s.sh", "echo \"script in $PWD: $1\"\n")
            .cwd("below")
            .args(["t", "--", "a b"])
            .stdout("script in [DIR]: a b\n")
            .run();
    }
    insta::assert_snapshot!(report("tasks: {t: {uses: bash, with: {script: ./gone.sh}}}", ["t"]), @r#"
            ---- stderr

            t
            error[cast::script-file]: cannot read the script `[DIR]/gone.sh`: no such file or directory
             --> castfile:1:40
              |
            1 | tasks: {t: {uses: bash, with: {script: ./gone.sh}}}
              |                                        ^^^^^^^^^
            ---- status 1
            "#);
}

#[test]
fn an_empty_script_is_an_error() {
    insta::assert_snapshot!(report("tasks: {t: {uses: bash}}", ["t"]), @r#"
    ---- stderr

    t
    error[cast::empty-script]: the script is empty
     --> castfile:1:9
      |
    1 | tasks: {t: {uses: bash}}
      |         ^
      |
      = help: add `run: …`, or `needs: […]` if the task only gathers others
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks: {t: {run: '  '}}", ["t"]), @r#"
    ---- stderr

    t
    error[cast::empty-script]: the script is empty
     --> castfile:1:9
      |
    1 | tasks: {t: {run: '  '}}
      |         ^
      |
      = help: add `run: …`, or `needs: […]` if the task only gathers others
    ---- status 1
    "#);
}

#[test]
fn tasks_of_another_castfile() {
    let test = |with: &str| {
        Test::new()
            .castfile(&format!(
                "
                env: {{A: outer}}
                tasks:
                  t: {{uses: cast, with: {with}}}
                  next: echo next
                "
            ))
            .file(
                "sub/castfile",
                "
                tasks:
                  default: 'echo default in $PWD'
                  up: {run: 'echo up $A $CAST_CONTEXT \"$@\"', needs: [net]}
                  net: echo net
                  bad: exit 3
                ",
            )
    };
    test("{dir: ./sub, task: up}")
        .args(["t"])
        .stdout("net\nup outer default\n")
        .run();
    test("{file: sub/castfile, task: up}")
        .args(["t", "--", "x"])
        .stdout("net\nup outer default x\n")
        .run();
    test("{dir: sub}")
        .args(["t"])
        .stdout("default in [DIR]/sub\n")
        .run();
    // A failure inside is a failure.
    test("{dir: ./sub, task: bad}")
        .args(["t", "next"])
        .status(3)
        .run();
    insta::assert_snapshot!(test("{dir: ./sub, task: nope}").args(["t"]).output().all(), @r#"
        ---- stderr

        t
        error[castfile::unknown-task]: no task `nope` in `sub/castfile`
         --> castfile:3:44
          |
        3 |   t: {uses: cast, with: {dir: ./sub, task: nope}}
          |                                            ^^^^
          |
          = help: `cast list` shows the tasks
        ---- status 1
        "#);
    insta::assert_snapshot!(test("{dir: ./gone}").args(["t"]).output().all(), @r#"
    ---- stderr

    t
    error[castfile::unreadable]: cannot read `gone`: no such file or directory
     --> castfile:3:31
      |
    3 |   t: {uses: cast, with: {dir: ./gone}}
      |                               ^^^^^^
    ---- status 1
    "#);
}

#[test]
fn a_castfile_that_calls_itself_ends() {
    let ran = Test::new()
        .castfile("tasks: {t: {uses: cast, with: {dir: ., task: t}}}")
        .args(["t"])
        .output();
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(ran.stderr.contains("nested more than"), "{}", ran.all());
}

#[test]
fn an_unknown_runner_names_the_nearest_and_skips_the_rest() {
    insta::assert_snapshot!(report("tasks: {t: {uses: pyhton, run: x}, next: echo}", ["t", "next"]), @r#"
    ---- stderr

    t (failed)
    error[cast::unknown-runner]: task `t` uses `pyhton`, which is no runner
     --> castfile:1:19
      |
    1 | tasks: {t: {uses: pyhton, run: x}, next: echo}
      |                   ^^^^^^
      |
    help: did you mean `python`?
      |
    1 - tasks: {t: {uses: pyhton, run: x}, next: echo}
    1 + tasks: {t: {uses: python, run: x}, next: echo}
      |

    next (skipped: a task before it failed)
    ---- status 1
    "#);
}
