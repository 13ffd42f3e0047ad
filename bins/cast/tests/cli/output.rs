//! What is written where: standard output is the tasks', messages go to standard error.

use crate::support::Test;

const TASKS: &str = "
    tasks:
      out: {run: 'echo data; echo noise >&2', needs: [first]}
      first: echo first
      fail: exit 3
      skip: {run: echo, if: 'false'}
      slow: {run: sleep 30, timeout: 50ms}
      binary: printf 'a\\0b\\r\\nno newline'
    ";

#[test]
fn standard_output_is_exactly_what_the_tasks_wrote() {
    Test::new()
        .castfile(TASKS)
        .args(["out"])
        .stdout("first\ndata\n")
        .stderr("\nfirst\n\nout\nnoise\n")
        .run();
    Test::new()
        .castfile(TASKS)
        .args(["binary"])
        .stdout("a\0b\r\nno newline")
        .run();
}

#[test]
fn quiet_leaves_headers_out_and_errors_in() {
    for flag in ["-q", "--quiet"] {
        Test::new()
            .castfile(TASKS)
            .args([flag, "out"])
            .stdout("first\ndata\n")
            .stderr("noise\n")
            .run();
        Test::new()
            .castfile(TASKS)
            .args([flag, "skip"])
            .stderr("")
            .run();
        Test::new()
            .castfile(TASKS)
            .args([flag, "fail"])
            .stderr("fail failed: exit status 3\n")
            .status(3)
            .run();
    }
}

#[test]
fn colour_is_a_choice() {
    let (bold, red, yellow) = ("\u{1b}[1m", "\u{1b}[31m", "\u{1b}[33m");
    let colored = format!("\n{bold}fail\u{1b}[22m\n{red}fail failed: exit status 3\u{1b}[0m\n");
    let plain = "\nfail\nfail failed: exit status 3\n";
    let test = || Test::new().castfile(TASKS).no_env("NO_COLOR").status(3);
    // Not a terminal: no colour unless it is asked for.
    for (args, env, expected) in [
        (&["fail"][..], None, plain),
        (&["--color", "always", "fail"], None, &colored),
        (
            &["--color=always", "fail"],
            Some(("NO_COLOR", "1")),
            &colored,
        ),
        (
            &["--color", "never", "fail"],
            Some(("CLICOLOR_FORCE", "1")),
            plain,
        ),
        (&["fail"], Some(("CLICOLOR_FORCE", "1")), &colored),
        (&["fail"], Some(("CLICOLOR_FORCE", "0")), plain),
        (&["--color", "auto", "fail"], Some(("NO_COLOR", "1")), plain),
    ] {
        let test = test().args(args.iter().copied());
        let test = match env {
            Some((name, value)) => test.env(name, value),
            None => test,
        };
        test.stderr(expected).run();
    }
    Test::new()
        .castfile(TASKS)
        .args(["--color", "always", "slow"])
        .stderr(&format!(
            "\n{bold}slow\u{1b}[22m\n{yellow}slow (timed out after 50ms)\u{1b}[0m\n"
        ))
        .status(2)
        .run();
    Test::new()
        .castfile(TASKS)
        .args(["--color", "always", "skip"])
        .stderr(&format!("{bold}skip\u{1b}[22m (skipped)\n"))
        .run();
}

#[test]
fn colour_never_carries_meaning_alone() {
    let plain = |args: &[&str]| {
        Test::new()
            .castfile(TASKS)
            .args(args.iter().copied())
            .output()
    };
    for args in [
        &["fail"][..],
        &["skip"],
        &["slow"],
        &["list"],
        &["explain", "out"],
    ] {
        let colored = Test::new()
            .castfile(TASKS)
            .args(["--color", "always"])
            .args(args.iter().copied())
            .output();
        let mut text = colored.stderr.clone() + &colored.stdout;
        while let Some(start) = text.find('\u{1b}') {
            let end = text[start..].find('m').unwrap() + start;
            text.replace_range(start..=end, "");
        }
        let plain = plain(args);
        assert_eq!(text, plain.stderr + &plain.stdout, "{args:?}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let castfile: String = (0..8_000).fold("tasks:\n".to_owned(), |text, at| {
        text + &format!("  task-{at}: echo\n")
    });
    let ran = Test::new()
        .castfile(&castfile)
        .program("sh")
        .args([
            "-c",
            "cast list | head -n 1; cast list --json | head -c 1 > /dev/null",
        ])
        .output();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("task-0\n", ""));
}

#[test]
fn a_full_disk_is_an_error() {
    let ran = Test::new()
        .castfile(TASKS)
        .program("sh")
        .args(["-c", "cast list > /dev/full"])
        .output();
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(
        ran.stderr.contains("cannot write the output"),
        "{}",
        ran.stderr
    );
}

#[test]
fn findings_may_be_json() {
    let ran = Test::new()
        .castfile("tasks:\n  t: {run: echo, need: [x]}\n")
        .args(["--message-format", "json", "list"])
        .output();
    assert_eq!((ran.stdout.as_str(), ran.status), ("", 1));
    let line: serde_json::Value = serde_json::from_str(ran.stderr.trim_end()).unwrap();
    assert_eq!(line["level"], "error");
    assert_eq!(line["code"], "castfile::unknown-key");
    assert_eq!(line["spans"][0]["file"], "castfile");
    assert_eq!(line["spans"][0]["start"]["line"], 2);
    assert_eq!(line["spans"][0]["start"]["column"], 18);
    assert_eq!(line["fix"]["replacement"], "needs");
}

/// The published seed writes `eval $(cast @eng load-prod)`; with the original the header reaches
/// `eval`.
#[test]
fn w7_exports_survive_the_eval_of_a_task() {
    let ran = Test::new()
        .castfile("modules: {eng: ./eng}")
        .file(
            "eng/castfile",
            "
            tasks:
              load-prod:
                desc: Print exports
                run: |
                  # A pipe into `while` would lose them: this prints, the caller's shell sets.
                  while IFS='=' read -r name value; do
                    printf \"export %s='%s'\\n\" \"$name\" \"$value\"
                  done << 'EOF'
                  DB_USER=lab
                  DB_PASSWORD=p w*d
                  EOF
            ",
        )
        .program("bash")
        .args(["-c", "eval \"$(cast @eng load-prod)\"; echo \"[$DB_USER] [$DB_PASSWORD]\"; env | grep ^DB_ | sort"])
        .stdout("[lab] [p w*d]\nDB_PASSWORD=p w*d\nDB_USER=lab\n")
        .run();
    assert_eq!(ran.stderr, "\nload-prod\n");
}

/// Unquoted, newlines become blanks, `#` swallows the rest and globs expand. The example's loader
/// prints what both ways of calling it leave as it is; the values here try everything.
#[test]
fn w8_quoted_and_unquoted_eval_give_the_same() {
    let example = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/homelab");
    let read = |file: &str| fs_err::read(example.join(file)).unwrap();
    let run = |eval: &str| {
        let print = "printf '[%s]' \"$HOMELAB_TITLE\" \"$POSTGRES_PASSWORD\" \"$REDIS_PASSWORD\"";
        Test::new()
            .castfile("modules: {eng: ./eng}")
            .bytes("eng/castfile", &read("eng/castfile"))
            .bytes("eng/load.sh", &read("eng/load.sh"))
            .file("vault", "")
            // Files that the patterns in the values would match.
            .file("a", "")
            .file("b c", "")
            // A vault that hands out values which break a careless loader.
            .exe(
                "bin/kpv",
                r#"
                #!/bin/bash
                export POSTGRES_PASSWORD=$'line one\nline  two # no comment\n$(touch evil) `id` \'"\\ *'
                export REDIS_PASSWORD='? [a-z] * ; ${HOME} é'
                shift 4
                exec "$@"
                "#,
            )
            .env("HOMELAB_VAULT", "[DIR]/vault")
            .env("PATH", &format!("[DIR]/bin:{}", cast_and_system_path()))
            .program("bash")
            .args(["-c", &format!("{eval}; {print}")])
            .output()
    };
    let quoted = run("eval \"$(cast @eng load-prod)\"");
    let expected = "[Homelab (prod)]\
        [line one\nline  two # no comment\n$(touch evil) `id` '\"\\ *]\
        [? [a-z] * ; ${HOME} é]";
    assert_eq!(quoted.stdout, expected, "{}", quoted.all());
    let unquoted = run("eval $(cast @eng load-prod)");
    assert_eq!(unquoted.stdout, expected, "{}", unquoted.all());
    assert!(!quoted.exists("evil") && !unquoted.exists("evil"));
}

/// The directory of the program under test, before those of the system.
fn cast_and_system_path() -> String {
    let cast = camino::Utf8Path::new(env!("CARGO_BIN_EXE_cast"));
    let system = std::env::var("PATH").unwrap_or_default();
    format!(
        "{}:{system}",
        cast.parent().map_or("", camino::Utf8Path::as_str)
    )
}
