//! The mini-shell.

use std::time::Duration;

use cast_runner::{Control, Options, Output, Status, Stdin, run_xplat};

use crate::support::{Place, assert_gone, block_on, strings};

/// Runs a script with `A` = `a && echo INJ`, `B` = `x y`, `E` empty; gives the exit code and output,
/// or the error.
fn show(script: &str, args: &[&str]) -> String {
    let place = Place::new();
    place.write("two", "2\n1\n");
    let args = strings(args);
    let result = block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        options.stdin = Stdin::Null;
        options.output = Output::Captured;
        run_xplat(&place.script(script, &args), expand, &options).await
    });
    match result {
        Ok(outcome) => {
            format!(
                "{}: {}",
                outcome.code(),
                String::from_utf8_lossy(&outcome.stdout)
            )
        }
        Err(error) => {
            let path = format!("; PATH is `{}`", place.env["PATH"]);
            error.to_string().replace(&path, "")
        }
    }
}

fn expand(text: &str) -> Result<String, String> {
    match text {
        "$A" | "${A}" => Ok("a && echo INJ".to_owned()),
        "$B" => Ok("x y".to_owned()),
        "$E" | "$(true)" => Ok(String::new()),
        other => Err(format!("no {other}")),
    }
}

#[test]
fn operators() {
    for (script, expected) in [
        ("echo a", "0: a\n"),
        ("echo a\n\n# no\necho b", "0: a\nb\n"),
        ("echo a; echo b", "0: a\nb\n"),
        ("echo a;echo b", "0: a\nb\n"),
        ("true && echo a", "0: a\n"),
        ("false && echo a", "1: "),
        ("false || echo a", "0: a\n"),
        // the original ends the task here
        ("true || echo a\necho b", "0: b\n"),
        // from left to right, unlike the original
        ("false && echo x || echo y", "0: y\n"),
        ("true || echo x && echo y", "0: y\n"),
        ("false || false || echo z", "0: z\n"),
        // the first failure ends the script
        ("false\necho b", "1: "),
        ("false; echo b", "1: "),
        ("sh -c 'exit 7' && echo x\necho b", "7: "),
        ("echo b | tr b c", "0: c\n"),
        ("cat two | sort | tr 1 x", "0: x\n2\n"),
        ("false | cat", "1: "),
        ("sh -c 'exit 3' | sh -c 'exit 4'", "4: "),
        ("yes | head -n 1", "0: y\n"),
        ("false | cat || echo saved", "0: saved\n"),
        // no redirections, globs or built-in commands
        ("echo * > x", "0: * > x\n"),
    ] {
        assert_eq!(show(script, &[]), expected, "{script:?}");
    }
}

#[test]
fn values_are_never_read_again() {
    for (script, expected) in [
        ("echo $A", "0: a && echo INJ\n"),
        ("echo ${A} | cat", "0: a && echo INJ\n"),
        (
            "printf [%s] $B -$B- \"$B\" '$B'",
            "0: [x y][-x y-][x y][$B]",
        ),
        // nothing is no word, unless quoted
        ("printf [%s] $E \"$E\" $(true) -$E", "0: [][-]"),
        ("$E", "0: "),
        ("echo \\$A $$A", "0: $A $A\n"),
        ("echo $NOPE", "cannot expand `$NOPE`: no $NOPE"),
    ] {
        assert_eq!(show(script, &[]), expected, "{script:?}");
    }
}

#[test]
fn arguments_reach_the_script() {
    for (script, expected) in [
        ("printf [%s] a", "0: [a][x y][]"),
        ("printf [%s] $2 $1", "0: [x y]"),
        ("printf [%s] \"$2\" $1", "0: [][x y]"),
        (
            "printf [%s] \"$@\" ; printf [%s] $#,$0",
            "0: [x y][][2,cast]",
        ),
        ("printf [%s] \"$*\" $9", "0: [x y ]"),
        // with operators or variables they are not appended
        ("printf [%s] a && true", "0: [a]"),
        ("printf [%s] $B", "0: [x y]"),
    ] {
        assert_eq!(show(script, &["x y", ""]), expected, "{script:?}");
    }
}

#[test]
fn a_missing_command_is_a_failure() {
    assert_eq!(show("no-such-program || echo a", &[]), "0: a\n");
    assert_eq!(
        show("echo a\nno-such-program x", &[]),
        "command `no-such-program` was not found"
    );
    assert_eq!(show("cd /", &[]), "command `cd` was not found");
    assert_eq!(
        show("echo a | no-such-program", &[]),
        "command `no-such-program` was not found"
    );
    assert_eq!(
        show("a 'b", &[]),
        "line 1 of the script: a single quote is not closed"
    );
    assert_eq!(show(" \n", &[]), "the script is empty");
}

#[test]
fn the_time_limit_is_for_the_script() {
    let place = Place::new();
    let outcome = block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        options.timeout = Some(Duration::from_secs(1));
        let script = "sh -c 'echo $$ > pid' | cat\nsleep 600 || true\ntouch later";
        run_xplat(&place.script(script, &[]), expand, &options)
            .await
            .unwrap()
    });
    assert_eq!(outcome.status, Status::TimedOut);
    assert_gone(place.pid("pid"));
    assert!(!place.file("later").exists());
}
