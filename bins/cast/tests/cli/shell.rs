//! `uses: shell` is a real shell; the mini-shell of the original is there on request.

use crate::support::{Test, script};

#[test]
fn scripts_are_shell() {
    for (text, out) in [
        // What castfiles write and the original cannot run.
        ("cat << EOF\nhello $((1 + 1))\nEOF", "hello 2\n"),
        ("cat <<'EOF'\nraw $HOME\nEOF", "raw $HOME\n"),
        ("if [ 1 = 1 ]; then\n  echo yes\nfi", "yes\n"),
        ("for i in 1 2; do echo $i; done", "1\n2\n"),
        ("export A=1\necho $A", "1\n"),
        ("A=1\nsh -c 'echo [$A]'", "[]\n"),
        ("echo gone > /dev/null", ""),
        ("ls /nonexistent 2>/dev/null || true\necho on", "on\n"),
        ("echo a | tr a b", "b\n"),
        ("false || echo saved", "saved\n"),
        ("true || echo no\necho next", "next\n"),
        ("false && echo x || echo y", "y\n"),
        ("echo a; echo b", "a\nb\n"),
        ("cd /\npwd", "/\n"),
        ("f() { echo \"f $1\"; }\nf x", "f x\n"),
        ("case abc in a*) echo match;; esac", "match\n"),
        ("echo \"it\\\"s\" 'a'b", "it\"s ab\n"),
        ("V='a && echo INJ'\necho ${V}", "a && echo INJ\n"),
        ("echo $(echo sub) x", "sub x\n"),
        ("# comment with $(false)\necho fine", "fine\n"),
        ("echo a \\\n  b", "a b\n"),
        (
            "echo \"{{.Names}}\\t{{.Status}}\"",
            "{{.Names}}\\t{{.Status}}\n",
        ),
        ("printf '%s\\n' \"$#\"", "0\n"),
        (
            "while read -r l; do echo \"<$l>\"; done << EOF\na\nb\nEOF",
            "<a>\n<b>\n",
        ),
        ("trap 'echo bye' EXIT\necho hi", "hi\nbye\n"),
        ("é=1 2>/dev/null || echo ü", "ü\n"),
    ] {
        assert_eq!(script(text), out, "{text}");
    }
}

#[test]
fn an_error_ends_the_script_and_so_does_one_in_a_pipe() {
    for text in ["false\necho no", "false | cat\necho no"] {
        let castfile = format!("tasks:\n  t: |\n    {}\n", text.replace('\n', "\n    "));
        Test::new().castfile(&castfile).args(["t"]).status(1).run();
    }
}

#[test]
fn without_bash_a_posix_shell_runs_it() {
    let sh = crate::support::program("sh").unwrap();
    let test = Test::new()
        .castfile("tasks: {t: 'echo \"bash is [$BASH_VERSION]\" \"$@\"'}")
        .mkdir("only");
    fs_err::os::unix::fs::symlink(sh, test.dir().join("only/sh")).unwrap();
    let ran = test
        .env("PATH", "[DIR]/only")
        .args(["t", "--", "a b"])
        .output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    assert!(ran.stdout.ends_with(" a b\n"), "{}", ran.all());
}

#[test]
fn the_first_argument_is_the_first() {
    Test::new()
        .castfile(
            "tasks: {t: {uses: bash, run: 'echo $0 $1 $#'}, s: {uses: sh, run: 'echo $1 $#'}}",
        )
        .args(["t", "s", "--", "one", "two"])
        .stdout("cast one 2\none 2\n")
        .run();
}

/// The mini-shell, its defects mended.
#[test]
fn the_mini_shell_is_there_on_request() {
    for head in [
        "config: {shell_mode: cast}\ntasks:\n  t:\n",
        "tasks:\n  t:\n    uses: xplat\n",
    ] {
        for (text, out) in [
            ("echo $A ${NOPE:-d}", "a d\n"),
            ("echo a && echo b", "a\nb\n"),
            ("false || echo saved", "saved\n"),
            ("true || echo no\necho next", "next\n"),
            ("false && echo x || echo y", "y\n"),
            ("echo a | tr a b", "b\n"),
            ("echo a ; echo b", "a\nb\n"),
            ("# $(false)\necho fine", "fine\n"),
            ("echo é $A", "é a\n"),
            ("echo *", "*\n"),
            ("echo 'a  b'", "a  b\n"),
            ("echo $(echo sub)", "sub\n"),
            // A value is never read as words of a script.
            ("echo $INJ", "x && echo INJ\n"),
            ("echo one \\\n  two", "one two\n"),
        ] {
            let castfile = format!(
                "env: {{A: a, INJ: 'x && echo INJ'}}\n{head}    run: |\n      {}\n",
                text.replace('\n', "\n      ")
            );
            let ran = Test::new()
                .bytes("castfile", castfile.as_bytes())
                .args(["t"])
                .output();
            assert_eq!(
                (ran.stdout.as_str(), ran.status),
                (out, 0),
                "{text}\n{}",
                ran.all()
            );
        }
    }
}

#[test]
fn the_mini_shell_takes_arguments_and_stops_at_errors() {
    Test::new()
        .castfile("tasks: {t: {uses: xplat, run: echo}}")
        .args(["t", "--", "a b", "c"])
        .stdout("a b c\n")
        .run();
    Test::new()
        .castfile("tasks:\n  t:\n    uses: xplat\n    run: |\n      echo one\n      false\n      echo two\n")
        .args(["t"])
        .stdout("one\n")
        .status(1)
        .run();
}
