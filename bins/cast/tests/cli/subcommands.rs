//! `subcmds`: tasks with colons as commands with words.

use crate::support::{Test, report};

const DB: &str = "
    subcmds: [db]
    tasks:
      db:dump: {desc: Dump it, run: 'echo dump \"$@\"'}
      db:user:add: {desc: Add a user, help: Help of add., run: 'echo add \"$@\"'}
      db:user:rm: echo rm
      other:a: echo other
      plain: echo plain
    ";

#[test]
fn words_lead_to_a_task() {
    for (args, out) in [
        (&["db", "dump"][..], "dump\n"),
        (&["db:dump"], "dump\n"),
        (&["db", "user", "add"], "add\n"),
        (&["db", "user", "rm"], "rm\n"),
        // What follows is for the task, without `--`.
        (&["db", "dump", "a", "-b", "c"], "dump a -b c\n"),
        (&["db", "user", "add", "--", "x"], "add x\n"),
        (&["run", "db", "dump", "a"], "dump a\n"),
        // Once any are declared, every task with a colon is reached this way.
        (&["other", "a"], "other\n"),
        (&["db", "user", "add", "--help"], "Help of add.\n"),
        (&["db", "dump", "-h"], "Dump it\n"),
        (&["plain"], "plain\n"),
    ] {
        Test::new()
            .castfile(DB)
            .args(args.iter().copied())
            .stdout(out)
            .run();
    }
}

#[test]
fn a_group_alone_shows_its_help_or_what_is_in_it() {
    insta::assert_snapshot!(report(DB, ["db"]), @r#"
    dump     Dump it
    user

    ---- status 0
    "#);
    insta::assert_snapshot!(report(DB, ["db", "user"]), @r#"
    add      Add a user
    rm

    ---- status 0
    "#);
    Test::new()
        .castfile(
            "subcmds: [db]\ntasks: {'db:help': {help: All about db., run: 'true'}, 'db:a': echo a}",
        )
        .args(["db"])
        .stdout("All about db.\n")
        .run();
}

#[test]
fn a_group_with_a_task_of_its_name_runs_it() {
    Test::new()
        .castfile("subcmds: [db]\ntasks: {db: echo itself, 'db:a': echo a}")
        .args(["db"])
        .stdout("itself\n")
        .run();
}

#[test]
fn an_unknown_word_names_the_nearest() {
    insta::assert_snapshot!(report(DB, ["db", "dmup"]), @r#"
    ---- stderr
    error[cast::unknown-subcommand]: `db` has no subcommand `dmup`
    help: did you mean `cast db dump`?
    ---- status 1
    "#);
}

#[test]
fn without_subcmds_words_are_tasks() {
    Test::new()
        .castfile("tasks: {'db:a': echo}")
        .args(["db", "a"])
        .status(1)
        .run();
}
