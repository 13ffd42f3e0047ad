//! `CAST_ENV`, `CAST_PATH` and `CAST_OUTPUTS`.

use cast_runner::StepOutcome;

use super::{Lab, PLAIN, Setup};

#[test]
fn what_a_task_writes_reaches_the_tasks_after_it() {
    let lab = Lab::new(
        "
env: {GREETING: before}
tasks:
  make:prod:
    run: |
      echo 'GREETING=\"hello $HOME_NAME\"' >> \"$CAST_ENV\"
      echo 'export OTHER=a$$b' >> \"$CAST_ENV\"
      mkdir -p tools; printf '#!/bin/sh\\necho tool\\n' > tools/my-tool; chmod +x tools/my-tool
      printf '# mine\\n\\n%s\\n' \"$PWD/tools\" >> \"$CAST_PATH\"
      printf 'url=http://x\\nraw=a$b\\n' >> \"$CAST_OUTPUTS\"
    env: {HOME_NAME: lab}
  use:
    needs: ['make:prod']
    env: {FROM_OUTPUT: '${OUTPUTS_MAKE_PROD_URL:-too late}'}
    run: |
      echo \"$GREETING|$OTHER|${HOME_NAME-unset}\" >> out
      my-tool >> out
      echo \"$OUTPUTS_MAKE_PROD_URL|$OUTPUTS_MAKE_PROD_RAW|$FROM_OUTPUT\" >> out
      wc -c < \"$CAST_ENV\" >> out; wc -c < \"$CAST_OUTPUTS\" >> out
  again: {needs: [use], uses: xplat, run: 'sh -c \"my-tool >> out\"'}
",
    );
    assert_eq!(
        lab.out(&["again"]),
        "hello lab|a$b|unset\ntool\nhttp://x|a$b|too late\n0\n0\ntool\n"
    );
}

#[test]
fn each_task_has_files_of_its_own_and_they_go_away() {
    let lab = Lab::new(
        "
tasks:
  a: 'echo $CAST_ENV $CAST_PATH $CAST_OUTPUTS >> files; ls -l $CAST_ENV >> listing'
  b: 'echo $CAST_ENV $CAST_PATH $CAST_OUTPUTS >> files'
",
    );
    assert!(lab.run(&["a", "b"]).report.success());
    let files = lab.read("files");
    let mut names: Vec<_> = files.split_whitespace().collect();
    assert!(
        names
            .iter()
            .all(|name| !camino::Utf8Path::new(name).exists())
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 6);
    assert!(lab.read("listing").starts_with("-rw"));
}

#[test]
fn temporary_files_go_where_the_environment_says() {
    let mut lab = Lab::new("tasks:\n  a: echo $CAST_ENV >> out\n");
    lab.set("TMPDIR", "elsewhere");
    let ran = lab.run(&["a"]);
    assert_eq!(ran.report.code(), 1);
    let refused = ran
        .told("refused ")
        .join("")
        .replace(lab.dir().as_str(), "[DIR]");
    assert!(
        refused.contains("[cast::temporary-files] cannot make the files"),
        "{refused}"
    );
    assert!(refused.contains("`TMPDIR`"), "{refused}");

    fs_err::create_dir(lab.path("elsewhere")).unwrap();
    let out = lab.out(&["a"]);
    let dir = lab.path("elsewhere/cast-");
    assert!(out.starts_with(dir.as_str()), "{out}");
}

#[test]
fn nothing_is_taken_from_a_task_that_failed() {
    let lab = Lab::new(
        "
tasks:
  bad: 'echo A=1 >> $CAST_ENV; echo X=1 >> $CAST_OUTPUTS; echo /leak >> $CAST_PATH; exit 3'
  slow: {run: 'echo A=2 >> $CAST_ENV; sleep 600', timeout: 300ms, force: true}
  after:
    force: true
    run: 'echo \"${A-none}|${OUTPUTS_BAD_X-none}\" >> out; case $PATH in *leak*) echo leak >> out;; esac'
",
    );
    let ran = lab.run(&["bad", "slow", "after"]);
    assert_eq!(ran.outcome("slow"), StepOutcome::TimedOut);
    assert_eq!(lab.read("out"), "none|none\n");
}

#[test]
fn malformed_lines_fail_the_task_and_nothing_of_it_is_taken() {
    let lab = Lab::new(
        "
tasks:
  outputs: 'echo A=1 >> $CAST_ENV; echo \"not a line\" >> $CAST_OUTPUTS'
  expand: 'echo \"A=\\${B:?set B}\" >> $CAST_ENV'
  bytes: 'printf \"A=\\377\" >> $CAST_ENV'
  after: {run: 'echo \"${A-none}\" >> out', force: true}
",
    );
    let mut text = String::new();
    for name in ["outputs", "expand", "bytes"] {
        let ran = lab.run(&[name, "after"]);
        assert_eq!(ran.outcome(name), StepOutcome::Failed { code: 1 });
        assert_eq!(ran.outcome("after"), StepOutcome::Succeeded);
        text.push_str(&ran.told("refused ").join("\n"));
        text.push('\n');
    }
    assert_eq!(lab.read("out"), "none\nnone\nnone\n");
    insta::assert_snapshot!(text, @r#"
    outputs
    [castfile::dotenv] CAST_OUTPUTS of outputs:1:5: expected `=` after `not`, found `a`
    expand
    [castfile::required-variable] CAST_ENV of expand:1:3: set B
      help: set `B`
    bytes
    [yaml::not-utf8] CAST_ENV of bytes:1:3: the file is not UTF-8 text
      help: save the file as UTF-8
    "#);
}

#[test]
fn a_task_may_remove_its_files() {
    let lab = Lab::new("tasks:\n  a: rm $CAST_ENV $CAST_PATH $CAST_OUTPUTS\n  b: echo b >> out\n");
    assert_eq!(lab.out(&["a", "b"]), "b\n");
}

#[test]
fn the_command_line_wins_over_what_is_handed_on() {
    let lab = Lab::new(
        "tasks:\n  a: 'echo A=task >> $CAST_ENV'\n  b: {run: 'echo $A >> out', needs: [a]}\n",
    );
    let vars = Setup {
        vars: &[("A", "mine")],
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["b"], vars), "mine\n");
}

#[test]
fn a_run_inside_a_task_hands_on_to_the_run_around_it() {
    let mut lab = Lab::new(
        "
tasks:
  fail: {run: 'echo LOST=1 >> $CAST_ENV; false'}
  a: 'echo \"A=\\$MINE\" >> $CAST_ENV; echo ./tools >> $CAST_PATH; echo url=x\\$y >> $CAST_OUTPUTS'
  b: {run: 'echo B=2 >> $CAST_ENV', needs: [a], env: {}}
  seen: 'echo \"$FROM_OUTER\" >> out'
",
    );
    // what an outer run, as another process, sets up
    for (variable, text) in [
        ("CAST_ENV", "FROM_OUTER=1"),
        ("CAST_PATH", ""),
        ("CAST_OUTPUTS", "old=1\n"),
    ] {
        lab.write(variable, text);
        let path = lab.path(variable);
        lab.set(variable, path.as_str());
    }
    lab.set("MINE", "it's $5");
    assert_eq!(lab.out(&["b", "seen"]), "1\n");
    lab.run(&["fail"]);
    assert_eq!(lab.read("CAST_ENV"), "FROM_OUTER=1\nA=\"it's $$5\"\nB=2\n");
    assert_eq!(lab.read("CAST_PATH"), "./tools\n");
    assert_eq!(lab.read("CAST_OUTPUTS"), "old=1\nurl=x$y\n");
}
