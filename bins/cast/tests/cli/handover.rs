//! `CAST_ENV`, `CAST_PATH`, `CAST_OUTPUTS`: what a task hands to those after it.

use crate::support::Test;

#[test]
fn variables_paths_and_outputs_reach_later_tasks() {
    Test::new()
        .castfile(
            "
            tasks:
              one:
                env: {OWN: own}
                run: |
                  echo 'A=from one' >> $CAST_ENV
                  echo 'B=$OWN, expanded' >> $CAST_ENV
                  echo $PWD/tools >> $CAST_PATH
                  echo '# a comment' >> $CAST_PATH
                  echo 'X=1' >> $CAST_OUTPUTS
                  echo 'Y=two words' >> $CAST_OUTPUTS
              two: {run: 'echo \"$A|$B|$OUTPUTS_ONE_X|$OUTPUTS_ONE_Y\"; mytool'}
              three: {run: echo three, if: 'outputs.one.X == \"1\"'}
            ",
        )
        .exe("tools/mytool", "#!/bin/sh\necho tool\n")
        .args(["one", "two", "three"])
        .stdout("from one|own, expanded|1|two words\ntool\nthree\n")
        .run();
}

#[test]
fn names_of_outputs_are_fit_for_a_shell() {
    Test::new()
        .castfile(
            "
            tasks:
              up:prod: echo X=1 >> $CAST_OUTPUTS
              second: echo Y=2 >> $CAST_OUTPUTS
              last:
                run: env | grep ^OUTPUTS_ | LC_ALL=C sort
                if: outputs['up:prod'].X == '1' and outputs.second.Y == '2'
            ",
        )
        .args(["up:prod", "second", "last"])
        // What the first wrote does not come back as the second's.
        .stdout("OUTPUTS_SECOND_Y=2\nOUTPUTS_UP_PROD_X=1\n")
        .run();
}

#[test]
fn lines_of_the_path_are_added_once() {
    Test::new()
        .castfile(
            "
            tasks:
              one: echo /only/once >> $CAST_PATH
              two: 'true'
              three: echo $PATH
            ",
        )
        .args(["one", "two", "three"])
        .stdout("/only/once:./node_modules/.bin:./bin:[PATH]\n")
        .run();
}

#[test]
fn a_task_that_fails_hands_nothing_on() {
    Test::new()
        .castfile(
            "
            tasks:
              bad: echo A=1 >> $CAST_ENV; exit 3
              after: {run: 'echo [$A]', force: true}
            ",
        )
        .args(["bad", "after"])
        .stdout("[]\n")
        .status(3)
        .run();
}

#[test]
fn an_inner_cast_hands_on_to_the_outer_run() {
    Test::new()
        .castfile(
            "
            tasks:
              outer: cast inner
              inner: |
                echo A=inner >> $CAST_ENV
                echo X=1 >> $CAST_OUTPUTS
              after: echo $A $OUTPUTS_OUTER_X
            ",
        )
        .args(["outer", "after"])
        .stdout("inner 1\n")
        .run();
}

#[test]
fn files_named_by_the_environment_are_read() {
    Test::new()
        .castfile("tasks: {t: 'echo $A; echo $PATH'}")
        .file("given.env", "A=given")
        .file("given.path", "/given\n# not this\n")
        .env("CAST_ENV", "[DIR]/given.env")
        .env("CAST_PATH", "[DIR]/given.path")
        .args(["t"])
        .stdout("given\n/given:./node_modules/.bin:./bin:[PATH]\n")
        .run();
}

#[test]
fn the_context_reaches_an_inner_cast() {
    Test::new()
        .castfile("tasks: {outer: cast up, up: echo plain, 'up:prod': echo prod}")
        .args(["-c", "prod", "outer"])
        .stdout("prod\n")
        .run();
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    for args in [
        &["t"][..],
        &["bad"],
        &["list"],
        &["nope"],
        &["__complete", "--", "t"],
        &["t", "--dry-run"],
    ] {
        let ran = Test::new()
            .castfile("tasks: {t: echo A=1 >> $CAST_ENV, bad: exit 1}")
            .args(args.iter().copied())
            .output();
        assert_eq!(ran.left_over(), [] as [String; 0], "{args:?}");
    }
}

#[test]
fn what_cannot_be_read_is_an_error_of_the_task() {
    let ran = Test::new()
        .castfile("tasks: {t: \"echo \\\"A='open\\\" >> $CAST_ENV\", next: echo next}")
        .args(["t", "next"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
        ---- stderr

        t
        error[castfile::dotenv]: no closing `'` for the value of `A`
         --> CAST_ENV of t:1:3
          |
        1 | A='open
          |   ^

        next (skipped: a task before it failed)
        ---- status 1
        "#);
}
