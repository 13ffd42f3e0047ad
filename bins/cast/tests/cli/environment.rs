//! The environment of tasks: layers, dotenv files, `paths`, contexts.

use crate::support::{Test, report};

/// What a variable is in `cast exec` with the castfile and an `.env` beside it.
#[track_caller]
fn value(castfile: &str, dotenv: &str, name: &str) -> String {
    let ran = Test::new()
        .castfile(castfile)
        .file(".env", dotenv)
        .args(["exec", "printenv", name])
        .output();
    assert!(ran.status == 0 || ran.stdout.is_empty(), "{}", ran.all());
    ran.stdout.trim_end_matches('\n').to_owned()
}

#[test]
fn the_process_environment_is_the_lowest_layer() {
    Test::new()
        .castfile("env: {B: 'castfile $A'}\ntasks: {t: echo $A $B}")
        .env("A", "process")
        .env("B", "process")
        .args(["t"])
        .stdout("process castfile process\n")
        .run();
}

#[test]
fn facts_about_the_machine_and_the_project() {
    let ran = Test::new()
        .castfile("tasks: {}")
        .cwd("sub")
        .args(["exec", "env"])
        .output();
    let var = |name: &str| {
        let prefix = format!("{name}=");
        ran.stdout
            .lines()
            .find_map(|line| line.strip_prefix(&prefix))
            .unwrap_or("(none)")
    };
    for (name, value) in [
        ("OS", "linux"),
        ("WINDOWS", "false"),
        ("LINUX", "true"),
        ("DARWIN", "false"),
        ("HOME", "[HOME]"),
        ("CWD", "[DIR]/sub"),
        ("CAST_XDG_DATA_HOME", "[HOME]/.local/share/cast"),
        ("CAST_XDG_CONFIG_HOME", "[HOME]/.config/cast"),
        ("CAST_XDG_CACHE_HOME", "[HOME]/.cache/cast"),
        ("CAST_XDG_BIN_HOME", "[HOME]/.local/bin"),
        ("CAST_FILE", "[DIR]/castfile"),
        ("CAST_DIR", "[DIR]"),
        ("CAST_PARENT_FILE", "[DIR]/castfile"),
        ("CAST_PARENT_DIR", "[DIR]"),
        ("CAST_CONTEXT", "default"),
    ] {
        assert_eq!(var(name), value, "{name}: {}", ran.all());
    }
    assert!(["amd64", "arm64"].contains(&var("ARCH")), "{}", var("ARCH"));
    assert!(var("NUM_CPU").parse::<usize>().unwrap() > 0);
    assert!(["true", "false"].contains(&var("IS_ADMIN")));
}

#[test]
fn layers_in_their_order() {
    let test = || {
        Test::new()
            .castfile(
                "
                imports: [./module.yaml]
                dotenv: [.env]
                config: {env: {L5: config}, dotenv: [config.env]}
                env: {L6: castfile, L5: castfile}
                tasks:
                  t:
                    dotenv: [task.env]
                    env: {L8: task}
                    run: echo $L1 $L2 $L3 $L4 $L5 $L6 $L7 $L8
                ",
            )
            .file(
                "module.yaml",
                "dotenv: [module.env]\nenv: {L4: module, L5: module, L6: module, L7: module, L8: module}",
            )
            .file("module.env", "L1=module.env\nL2=module.env\nL3=module.env\nL4=module.env\nL7=module.env")
            .file("config.env", "L2=config.env\nL3=config.env\nL4=config.env")
            .file(".env", "L3=.env\nL4=.env\nL6=.env\nL7=.env")
            .file("task.env", "L7=task.env\nL8=task.env")
            .env("L1", "process")
    };
    test()
        .args(["t"])
        .stdout("module.env config.env .env module castfile castfile task.env task\n")
        .run();
}

#[test]
fn a_default_honours_the_process_and_the_module() {
    let castfile = "env: {MNT_DIR: '${MNT_DIR:-../../.mnt}'}\ntasks: {t: echo $MNT_DIR}";
    Test::new()
        .castfile(castfile)
        .args(["t"])
        .stdout("../../.mnt\n")
        .run();
    Test::new()
        .castfile(castfile)
        .env("MNT_DIR", "/mnt")
        .args(["t"])
        .stdout("/mnt\n")
        .run();
    // The module's `env` comes first and is not conditional: it beats both.
    Test::new()
        .castfile(&format!("imports: [./m.yaml]\n{castfile}"))
        .file("m.yaml", "env: {MNT_DIR: /module}")
        .env("MNT_DIR", "/mnt")
        .args(["t"])
        .stdout("/module\n")
        .run();
}

#[test]
fn a_module_does_not_see_what_the_project_sets() {
    Test::new()
        .castfile("imports: [./m.yaml]\nenv: {SERVICE_NAME: web}\ntasks: {t: 'echo [$NET]'}")
        .file("m.yaml", "env: {NET: 'net-$SERVICE_NAME'}")
        .args(["t"])
        .stdout("[net-]\n")
        .run();
}

#[test]
fn dotenv_entries_belong_to_contexts() {
    let test = || {
        Test::new()
            .castfile(
                "
                dotenv:
                  - .env
                  - {path: prod.env, contexts: [prod]}
                  - {path: any.env, contexts: ['*']}
                tasks: {t: 'echo [$PLAIN] [$PROD] [$ANY]'}
                ",
            )
            .file(".env", "PLAIN=plain")
            .file("prod.env", "PROD=prod")
            .file("any.env", "ANY=any")
    };
    test().args(["t"]).stdout("[plain] [] [any]\n").run();
    test()
        .args(["-c", "prod", "t"])
        .stdout("[] [prod] [any]\n")
        .run();
    test()
        .args(["-c", "test", "t"])
        .stdout("[] [] [any]\n")
        .run();
    test()
        .args(["-c", "default", "t"])
        .stdout("[plain] [] [any]\n")
        .run();
}

#[test]
fn dotenv_files_are_merged_before_they_are_expanded() {
    Test::new()
        .castfile("dotenv: [a.env, b.env]\ntasks: {t: echo $URL}")
        .file("a.env", "HOST=a\nURL=http://$HOST/")
        .file("b.env", "HOST=b")
        .args(["t"])
        .stdout("http://b/\n")
        .run();
}

#[test]
fn dotenv_paths_may_hold_variables() {
    Test::new()
        .castfile("dotenv: ['$WHICH.env', '~/me.env']\ntasks: {t: echo $X $Y}")
        .file("one.env", "X=one")
        .file("me/me.env", "Y=me")
        .env("WHICH", "one")
        .env("HOME", "[DIR]/me")
        .args(["t"])
        .stdout("one me\n")
        .run();
}

#[test]
fn a_missing_dotenv_file_fails_every_command_unless_it_is_optional() {
    for args in [
        &["t"][..],
        &["list"],
        &["exec", "true"],
        &["explain", "t"],
        &["t", "--dry-run"],
    ] {
        let ran = Test::new()
            .castfile("dotenv: [nope.env]\ntasks: {t: echo t}")
            .args(args.iter().copied())
            .output();
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("", 1),
            "{args:?}: {}",
            ran.all()
        );
        assert!(ran.stderr.contains("castfile:1:10"), "{}", ran.stderr);
    }
    for optional in ["nope.env?", "?nope.env"] {
        Test::new()
            .castfile(&format!(
                "dotenv: ['{optional}']\ntasks: {{t: {{run: echo t, dotenv: ['{optional}']}}}}"
            ))
            .args(["t"])
            .stdout("t\n")
            .run();
    }
}

#[test]
fn the_path_begins_with_the_projects_own_programs() {
    let castfile = "
        paths: [./tools, {path: ./late, append: true}]
        imports: [./m/m.yaml]
        tasks: {t: echo $PATH, which: mytool}
        ";
    let test = || {
        Test::new()
            .castfile(castfile)
            .file("m/m.yaml", "paths: [./mtools]")
    };
    test()
        .args(["t"])
        .stdout("./node_modules/.bin:./bin:[DIR]/tools:[DIR]/m/mtools:[PATH]:[DIR]/late\n")
        .run();
    for dir in ["bin", "node_modules/.bin", "tools", "m/mtools", "late"] {
        test()
            .exe(&format!("{dir}/mytool"), "#!/bin/sh\necho $0\n")
            .args(["which"])
            .output();
    }
    test()
        .exe("tools/mytool", "#!/bin/sh\necho tools\n")
        .args(["which"])
        .stdout("tools\n")
        .run();
    test()
        .exe("bin/mytool", "#!/bin/sh\necho bin\n")
        .args(["which"])
        .stdout("bin\n")
        .run();
    test()
        .exe("tools/mytool", "#!/bin/sh\necho tools\n")
        .args(["exec", "mytool"])
        .stdout("tools\n")
        .run();
}

#[test]
fn programs_are_looked_up_in_the_path_of_the_task() {
    // The interpreter itself as well.
    Test::new()
        .castfile("paths: [./tools]\ntasks: {t: {uses: bash, run: echo never}}")
        .exe("tools/bash", "#!/bin/sh\necho fake bash\n")
        .args(["t"])
        .stdout("fake bash\n")
        .run();
}

#[test]
fn expansion_in_env() {
    for (value, out) in [
        ("$A", "a"),
        ("${A}", "a"),
        ("$A$A", "aa"),
        ("${A}${NOPE}b", "ab"),
        ("[$NOPE]", "[]"),
        ("${NOPE:-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${NOPE:-${A}}", "a"),
        ("${NOPE:-${NOPE2:-x}y}", "xy"),
        ("${NOPE:=new} $NOPE", "new new"),
        ("${A:?needed}", "a"),
        ("${A:+alt}", "alt"),
        ("[${NOPE:+alt}]", "[]"),
        ("${LONG:1:2}", "bc"),
        ("$$A", "$A"),
        ("\\$A", "$A"),
        ("cost 5$", "cost 5$"),
        ("~ * %A% {{ x }} `b`", "~ * %A% {{ x }} `b`"),
        ("$(echo sub)", "sub"),
        ("$(echo $A b)", "a b"),
        ("$(printf '%s' \"x y\")", "x y"),
        ("é ü $A 🦀", "é ü a 🦀"),
    ] {
        let castfile = format!(
            "env:\n  A: a\n  EMPTY: ''\n  LONG: abcdef\n  V: {}\n",
            serde_json::Value::from(value)
        );
        assert_eq!(
            crate::environment::value(&castfile, "", "V"),
            out,
            "{value}"
        );
    }
    // Single quotes of YAML do not protect.
    assert_eq!(value("env: {A: a, V: 'lit $A'}", "", "V"), "lit a");
}

#[test]
fn expansions_that_mean_nothing_are_errors() {
    for value in [
        "$5",
        "${X-d}",
        "${#X}",
        "${X%y}",
        "${",
        "$(false)",
        "$(nonexistent-xyz)",
    ] {
        let castfile = format!(
            "env:\n  V: {}\ntasks: {{t: echo}}\n",
            serde_json::Value::from(value)
        );
        let said = report(&castfile, ["t"]);
        assert!(
            said.contains("castfile:2:6") || said.contains("castfile:2:7"),
            "{value}: {said}"
        );
        assert!(said.ends_with("---- status 1"), "{value}: {said}");
    }
}

#[test]
fn substitution_can_be_switched_off() {
    let castfile = "config: {substitution: false}\nenv: {V: '$(echo sub)'}\n";
    assert_eq!(value(castfile, "", "V"), "$(echo sub)");
    Test::new()
        .castfile("config: {substitution: false}\ntasks: {t: {run: 'echo \"$V\"', env: {V: '$(touch x)'}}}")
        .args(["t"])
        .stdout("$(touch x)\n")
        .run();
}

#[test]
fn the_dotenv_dialect() {
    for (line, out) in [
        ("V=a", "a"),
        ("V = a", "a"),
        ("export V=a", "a"),
        ("V=", ""),
        ("V", ""),
        ("V=a b  ", "a b"),
        ("V=a # comment", "a"),
        ("V=a#b", "a#b"),
        ("V='single' # comment", "single"),
        ("V=\"double\\tx\"", "double\tx"),
        ("V=\"two\\nlines\"", "two\nlines"),
        ("V='two\nlines'", "two\nlines"),
        ("V=`back tick`", "back tick"),
        ("V='it\\'s'", "it's"),
        ("V='raw \\n'", "raw \\n"),
        ("V=\"\\u00e9\"", "é"),
        ("A=1\nV=$A", "1"),
        ("A=1\nV='lit $A'", "lit 1"),
        ("V='$$5'", "$5"),
        ("V=${NOPE:-d}", "d"),
        ("# V=no\n\nV=yes", "yes"),
        ("V=1\nV=2", "2"),
        ("V=a\r\nB=b\r\n", "a"),
    ] {
        assert_eq!(value("dotenv: [.env]", line, "V"), out, "{line:?}");
    }
}

#[test]
fn errors_in_dotenv_files_have_their_place() {
    let said = Test::new()
        .castfile("dotenv: [.env]\ntasks: {t: echo}")
        .file(".env", "A=1\nB='open\n")
        .args(["t"])
        .output()
        .all();
    insta::assert_snapshot!(said, @r#"
    ---- stderr
    error[castfile::dotenv]: no closing `'` for the value of `B`
     --> .env:2:3
      |
    2 | B='open
      |   ^
    ---- status 1
    "#);
}

#[test]
fn a_castfile_of_the_original_shape_without_a_home() {
    let ran = Test::new()
        .castfile("env: {A: '${HOME:-none}'}\ntasks: {t: echo ok}")
        .no_env("HOME")
        .no_env("XDG_DATA_HOME")
        .args(["t"])
        .output();
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("ok\n", 0),
        "{}",
        ran.all()
    );
}

#[test]
fn variables_that_are_not_text_are_handed_on() {
    use std::os::unix::ffi::OsStringExt as _;
    let test = Test::new().castfile("tasks: {t: 'printenv RAW | od -An -tx1'}");
    let dir = test.dir();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cast"))
        .arg("t")
        .current_dir(&dir)
        .env("RAW", std::ffi::OsString::from_vec(vec![0xff, b'a']))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), " ff 61 0a\n");
}
