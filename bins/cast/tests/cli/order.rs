//! What runs, in which order; what is skipped.

use crate::support::Test;

#[track_caller]
fn prints(castfile: &str, args: &[&str], stdout: &str) {
    Test::new()
        .castfile(castfile)
        .args(args.iter().copied())
        .stdout(stdout)
        .run();
}

/// A run that fails: output, messages, code.
#[track_caller]
fn fails(castfile: &str, args: &[&str], stdout: &str, stderr: &str, status: i32) {
    Test::new()
        .castfile(castfile)
        .args(args.iter().copied())
        .stdout(stdout)
        .stderr(stderr)
        .status(status)
        .run();
}

#[test]
fn needs_run_first_and_once() {
    let castfile = "
        tasks:
          a: {run: echo a, needs: [b, c]}
          b: {run: echo b, needs: [d]}
          c: {run: echo c, needs: [d]}
          d: echo d
        ";
    prints(castfile, &["a"], "d\nb\nc\na\n");
    prints(castfile, &["c", "a", "d", "a"], "d\nc\nb\na\n");
}

#[test]
fn the_context_chooses_variants_of_targets_and_needs() {
    let castfile = "
        tasks:
          up: {run: echo up, needs: [net, vol]}
          up:prod: {run: echo up prod, needs: [net, vol]}
          net: echo net
          net:prod: echo net prod
          vol: echo vol
        ";
    prints(castfile, &["up"], "net\nvol\nup\n");
    prints(castfile, &["-c", "prod", "up"], "net prod\nvol\nup prod\n");
    // Named by hand, the context is still the default one.
    prints(castfile, &["up:prod"], "net\nvol\nup prod\n");
}

#[test]
fn hooks_run_where_they_are_declared() {
    let hooks = "
          up:before: echo before
          up:after: echo after
          up:notify: echo notify
        ";
    for (declared, out) in [
        ("", "up\n"),
        (", hooks: true", "before\nup\nafter\n"),
        (", hooks: false", "up\n"),
        (", hooks: 1", "before\nup\nafter\n"),
        (", hooks: {before: before}", "before\nup\n"),
        (", hooks: {after: [after, notify]}", "up\nafter\nnotify\n"),
        (
            ", hooks: {before: [missing], after: notify}",
            "up\nnotify\n",
        ),
    ] {
        let castfile = format!("tasks:\n          up: {{run: echo up{declared}}}{hooks}");
        prints(&castfile, &["up"], out);
    }
}

#[test]
fn hooks_follow_the_variant_that_runs() {
    let castfile = "
        tasks:
          up: {run: echo up, hooks: true}
          up:before: echo before
          up:prod: {run: echo up prod, hooks: true}
          up:prod:before: echo prod before
          down: {run: echo down, hooks: true}
          down:before: echo down before
        ";
    prints(castfile, &["-c", "prod", "up"], "prod before\nup prod\n");
    prints(castfile, &["-c", "prod", "down"], "down before\ndown\n");
}

#[test]
fn hooks_bring_what_they_need_and_run_once() {
    let castfile = "
        tasks:
          a: {run: echo a, needs: [up]}
          b: {run: echo b, needs: [up]}
          up: {run: echo up, hooks: true}
          up:before: {run: echo before, needs: [dirs]}
          dirs: echo dirs
        ";
    prints(castfile, &["a", "b"], "dirs\nbefore\nup\na\nb\n");
}

#[test]
fn a_circle_elsewhere_does_no_harm() {
    prints(
        "tasks: {t: echo t, a: {needs: [b]}, b: {needs: [a]}}",
        &["t"],
        "t\n",
    );
}

#[test]
fn a_false_condition_skips_and_says_so() {
    let castfile = "
        tasks:
          no: {run: echo no, if: '1 > 2'}
          yes: {run: echo yes, if: 'env.WHO == \"me\"', env: {WHO: me}}
        ";
    Test::new()
        .castfile(castfile)
        .args(["no", "yes"])
        .stdout("yes\n")
        .stderr("no (skipped)\n\nyes\n")
        .run();
}

#[test]
fn force_overrules_a_condition() {
    prints(
        "tasks: {t: {run: echo ran, if: 'false', force: true}}",
        &["t"],
        "ran\n",
    );
    prints(
        "tasks: {t: {run: echo ran, if: 'false', force: 'os == \"linux\"'}}",
        &["t"],
        "ran\n",
    );
    prints(
        "tasks: {t: {run: echo ran, if: 'false', force: 'os == \"plan9\"'}}",
        &["t"],
        "",
    );
}

#[test]
fn a_failure_skips_the_rest_but_not_what_is_forced() {
    fails(
        "
        tasks:
          all: {run: echo all, needs: [bad, next, always]}
          bad: {run: 'echo bad; exit 7', hooks: true}
          bad:after: echo never
          next: echo never
          always: {run: echo always, force: true}
        ",
        &["all"],
        "bad\nalways\n",
        "

        bad
        bad failed: exit status 7
        bad:after (skipped: a task before it failed)
        next (skipped: a task before it failed)

        always
        all (skipped: a task before it failed)
        ",
        7,
    );
}

#[test]
fn a_forced_hook_cleans_up_after_a_failure() {
    fails(
        "
        tasks:
          t: {run: exit 4, hooks: {after: [cleanup]}}
          t:cleanup: {run: echo cleaned, force: true}
        ",
        &["t"],
        "cleaned\n",
        "

        t
        t failed: exit status 4

        t:cleanup
        ",
        4,
    );
}

#[test]
fn everything_skipped_is_success() {
    Test::new()
        .castfile("tasks: {a: {run: echo a, if: 'false'}}")
        .args(["a"])
        .stderr("a (skipped)\n")
        .run();
}

#[test]
fn a_script_that_fails_in_the_middle_stops_there() {
    fails(
        "
        tasks:
          t: |
            echo one
            false
            echo two
        ",
        &["t"],
        "one\n",
        "\nt\nt failed: exit status 1\n",
        1,
    );
}

#[test]
fn a_value_that_cannot_be_expanded_fails_its_task_only() {
    let ran = Test::new()
        .castfile(
            "
            tasks:
              ok: echo ok
              bad: {run: echo bad, env: {X: '${NOPE:?is wanted}'}}
              next: echo next
            ",
        )
        .args(["ok", "bad", "next"])
        .output();
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("ok\n", 1),
        "{}",
        ran.all()
    );
    assert!(ran.stderr.contains("is wanted"), "{}", ran.stderr);
    assert!(ran.stderr.contains("next (skipped"), "{}", ran.stderr);
}

#[test]
fn tasks_that_only_gather_others_need_no_script() {
    prints(
        "tasks: {all: {needs: [a, b]}, a: echo a, b: echo b}",
        &["all"],
        "a\nb\n",
    );
}

#[test]
fn the_working_directory_of_a_task() {
    let test = || {
        Test::new()
            .castfile(
                "
                env: {WHERE: sub}
                tasks:
                  here: pwd
                  there: {run: pwd, cwd: ./sub}
                  expanded: {run: pwd, cwd: '$WHERE'}
                  up: {run: pwd, cwd: ..}
                  absolute: {run: pwd, cwd: /}
                  gone: {run: pwd, cwd: ./gone}
                ",
            )
            .mkdir("sub")
            .cwd("other")
    };
    test()
        .args(["here", "there", "expanded", "absolute"])
        .stdout("[DIR]\n[DIR]/sub\n[DIR]/sub\n/\n")
        .run();
    insta::assert_snapshot!(test().args(["gone"]).output().all(), @r#"
    ---- stderr

    gone
    error[cast::missing-directory]: the working directory `[DIR]/gone` does not exist
     --> [DIR]/castfile:8:25
      |
    8 |   gone: {run: pwd, cwd: ./gone}
      |                         ^^^^^^
    ---- status 1
    "#);
}
