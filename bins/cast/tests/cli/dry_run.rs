//! `--dry-run`: the plan, and nothing done.

use crate::support::Test;

fn project() -> Test {
    Test::new()
        .castfile(
            "
            imports: [docker]
            env:
              SERVICE: web
              MADE: $(touch made-by-env)
              TOKEN: {value: hush, secret: true}
            tasks:
              up:
                hooks: true
                needs: [net]
                if: env.SERVICE == 'web'
                timeout: 5m
                cwd: ./sub
                env: {MORE: $(touch made-by-task), DB_PASSWORD: hunter2}
                run: |
                  touch made-by-script
                  echo $(touch made-by-shell)
              up:before: touch made-by-hook
            ",
        )
        .file(
            ".cast/modules/docker/castfile",
            "tasks: {net: docker network create x}",
        )
        .mkdir("sub")
}

#[test]
fn the_plan_is_shown_and_nothing_is_run() {
    for args in [
        &["up", "--dry-run"][..],
        &["--dry-run", "up"],
        &["run", "--dry-run", "up"],
        &["run", "up", "--dry-run"],
        &["--dry-run", "task", "run", "up"],
    ] {
        let ran = project().args(args.iter().copied()).output();
        for file in [
            "made-by-env",
            "made-by-task",
            "made-by-script",
            "made-by-shell",
            "made-by-hook",
        ] {
            assert!(
                !ran.exists(file) && !ran.exists(&format!("sub/{file}")),
                "{args:?}: {file}"
            );
        }
        assert!(
            !ran.all().contains("hush") && !ran.all().contains("hunter2"),
            "{}",
            ran.all()
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.all(), @r#"
            castfile (context default): 3 tasks, nothing is run

            environment of every task
              MADE=$(touch made-by-env)
              SERVICE=web
              TOKEN=***

            1. net (shell in ., needed by up)
               | docker network create x

            2. up:before (shell in ., before up)
               | touch made-by-hook

            3. up (shell in sub)
               if: env.SERVICE == 'web'
               timeout: 5m
               DB_PASSWORD=***
               MORE=$(touch made-by-task)
               | touch made-by-script
               | echo $(touch made-by-shell)

            ---- status 0
            "#);
        }
    }
}

#[test]
fn arguments_and_variables_of_the_command_line_are_shown() {
    let ran = Test::new()
        .castfile("tasks: {t: 'echo \"$A\" \"$@\"'}")
        .args(["-e", "A=1", "t", "--dry-run", "--", "a b", "c"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    castfile (context default): 1 task, nothing is run

    environment of every task
      A=1

    1. t (shell in .)
       arguments: 'a b' c
       | echo "$A" "$@"

    ---- status 0
    "#);
}

#[test]
fn what_cannot_be_planned_is_an_error() {
    Test::new()
        .castfile("tasks: {t: {needs: [nope]}}")
        .args(["t", "--dry-run"])
        .status(1)
        .run();
    Test::new()
        .castfile("env: {A: '${B:?missing}'}\ntasks: {t: echo}")
        .args(["t", "--dry-run"])
        .status(1)
        .run();
}

#[test]
fn an_inner_cast_is_not_started() {
    let ran = Test::new()
        .castfile("tasks: {t: {uses: cast, with: {dir: ./sub, task: u}}}")
        .file("sub/castfile", "tasks: {u: touch ../made}")
        .args(["t", "--dry-run"])
        .output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    assert!(!ran.exists("made"));
}
