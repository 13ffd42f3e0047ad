//! The plan of a run: contexts, needs, hooks, circles, and what may run side by side.

use crate::support::{lab, order, project, report, single};
use castfile::Reason;

#[test]
fn needs_come_first_and_each_task_once() {
    let project =
        single("tasks:\n  all: {needs: [a, b]}\n  a: {needs: [c]}\n  b: {needs: [c, a]}\n  c: x\n");
    assert_eq!(order(&project, &["all"], "default"), "c a b all");
    assert_eq!(
        order(&project, &["b", "all", "b", "c"], "default"),
        "c a b all"
    );
}

#[test]
fn targets_keep_their_order() {
    let project = single("tasks: {a: x, b: x, c: {needs: [a]}}\n");
    assert_eq!(order(&project, &["b", "c", "a"], "default"), "b a c");
    assert_eq!(order(&project, &[], "default"), "");
}

#[test]
fn the_variant_of_the_context_is_preferred() {
    let project = single(
        "tasks:\n  up: {needs: [net]}\n  up:prod: {needs: [net]}\n  net: x\n  net:prod: x\n  net:default: x\n",
    );
    for (target, context, steps) in [
        ("up", "default", "net:default up"),
        ("up", "prod", "net:prod up:prod"),
        ("up", "test", "net up"),
        ("up", "", "net up"),
        // A variant asked for by name stays in its context: its needs are not the variants.
        ("up:prod", "default", "net:default up:prod"),
        ("up:prod", "prod", "net:prod up:prod"),
        ("UP", "prod", "net:prod up:prod"),
    ] {
        assert_eq!(
            order(&project, &[target], context),
            steps,
            "{target} in {context:?}"
        );
    }
}

#[test]
fn hooks_run_around_the_task_that_declares_them() {
    let text = |hooks: &str| {
        format!(
            "tasks:\n  up: {{run: x, needs: [n], hooks: {hooks}}}\n  n: x\n  up:before: x\n  up:after: x\n  up:notify: x\n  up:pre: x\n"
        )
    };
    for (hooks, steps) in [
        ("true", "n up:before up up:after"),
        ("false", "n up"),
        ("", "n up"),
        ("{before: pre}", "n up:pre up"),
        ("{after: [after, notify]}", "n up up:after up:notify"),
        (
            "{before: [before, pre], after: []}",
            "n up:before up:pre up",
        ),
        ("{before: missing}", "n up"),
    ] {
        assert_eq!(
            order(&single(&text(hooks)), &["up"], "default"),
            steps,
            "{hooks}"
        );
    }
}

#[test]
fn hooks_belong_to_the_id_that_was_chosen() {
    let project = single(
        "tasks:\n  up: {run: x, hooks: true}\n  up:before: x\n  up:prod: {run: x, hooks: true}\n  up:prod:before: x\n  down: {run: x, hooks: true}\n  down:before: x\n  down:before:prod: x\n",
    );
    assert_eq!(order(&project, &["up"], "default"), "up:before up");
    assert_eq!(order(&project, &["up"], "prod"), "up:prod:before up:prod");
    // Only `down` exists: its own hook, never a variant of the hook.
    assert_eq!(order(&project, &["down"], "prod"), "down:before down");
}

#[test]
fn hooks_bring_their_needs_and_hooks_and_run_once() {
    // In the original the needs of hooks are ignored, and a hook runs again for every need.
    let project = single(
        "tasks:
  a: {needs: [hs]}
  b: {needs: [hs]}
  hs: {run: x, hooks: true}
  hs:before: {run: x, needs: [tool], hooks: true}
  hs:before:before: x
  hs:after: {run: x, needs: [hs, late]}
  tool: x
  late: x
",
    );
    assert_eq!(
        order(&project, &["a", "b"], "default"),
        "tool hs:before:before hs:before hs late hs:after a b"
    );
    assert_eq!(
        order(&project, &["hs:before", "hs"], "default"),
        "tool hs:before:before hs:before hs late hs:after"
    );
}

#[test]
fn each_step_knows_why_it_is_there() {
    let project = single(
        "tasks:\n  up: {run: x, needs: [n], hooks: true}\n  n: x\n  up:before: x\n  up:after: x\n",
    );
    let plan = project.plan(&["up"], "prod").unwrap();
    assert_eq!(plan.context, "prod");
    let up = project.task("up").unwrap().id().clone();
    let reasons: Vec<_> = plan.steps.iter().map(|step| step.reason.clone()).collect();
    assert_eq!(
        reasons,
        [
            Reason::NeededBy(up.clone()),
            Reason::Before(up.clone()),
            Reason::Target,
            Reason::After(up)
        ]
    );
    let targets: Vec<_> = (0..5).map(|at| plan.is_target(at)).collect();
    assert_eq!(targets, [false, false, true, false, false]);
    // A task that is needed first and asked for later is a target.
    let plan = project.plan(&["up", "n"], "default").unwrap();
    assert!(plan.is_target(0));
}

#[test]
fn what_must_have_ended_before_each_step() {
    let project = single(
        "tasks:\n  all: {needs: [a, b]}\n  a: {run: x, needs: [c], hooks: true}\n  a:after: x\n  b: x\n  c: x\n  z: x\n",
    );
    let plan = project.plan(&["all", "b", "z"], "default").unwrap();
    let edges: Vec<_> = plan
        .steps
        .iter()
        .map(|step| {
            let id = |at: usize| project.tasks()[plan.steps[at].task].id().as_str();
            let after: Vec<_> = step.after.iter().map(|at| id(*at)).collect();
            format!("{}: {}", project.tasks()[step.task].id(), after.join(" "))
        })
        .collect();
    assert_eq!(
        edges,
        [
            "c: ",
            "a: c",
            "a:after: a",
            "b: ",
            "all: a a:after b",
            // Targets are one after the other, also behind one that ran early.
            "z: b all",
        ]
    );
}

#[test]
fn a_missing_need_is_named_with_its_place() {
    let project =
        single("tasks:\n  up: {needs: [biuld, nothing]}\n  build: x\n  other: {needs: [gone]}\n");
    insta::assert_snapshot!(order(&project, &["up"], "default"), @r#"
    error[castfile::unknown-task]: task `up` needs `biuld`, which is not defined
      --> castfile:2:16: no task of this name in this file or its imports
          castfile:3:3: a task with a similar name is defined here
      fix: did you mean `build`? [2:16 "build"]
    error[castfile::unknown-task]: task `up` needs `nothing`, which is not defined
      --> castfile:2:23: no task of this name in this file or its imports
    "#);
    // Only what the run reaches counts.
    assert_eq!(order(&project, &["build"], "default"), "build");
}

#[test]
fn a_missing_target_is_named() {
    let files = lab([(
        "castfile",
        "modules: {compose: ./compose}\nworkspace: {aliases: {eng: ./eng}}\ntasks: {build: x, list-all: x}\n",
    )]);
    let project = project(&files, "castfile");
    for (target, shown) in [("biuld", 0), ("compose", 1), ("eng", 2), ("zzz", 3)] {
        let text = order(&project, &[target], "default");
        match shown {
            0 => insta::assert_snapshot!(text, @r"
            error[castfile::unknown-task]: no task `biuld` in `castfile`
              help: did you mean `build`?
            "),
            1 => insta::assert_snapshot!(text, @r"
            error[castfile::unknown-task]: no task `compose` in `castfile`
              help: `compose` is a project: write `@compose`
            "),
            2 => insta::assert_snapshot!(text, @r"
            error[castfile::unknown-task]: no task `eng` in `castfile`
              help: `eng` is a project: write `@eng`
            "),
            _ => insta::assert_snapshot!(text, @r"
            error[castfile::unknown-task]: no task `zzz` in `castfile`
              help: `cast list` shows the tasks
            "),
        }
    }
}

#[test]
fn a_circle_names_every_hop() {
    let project = single(
        "tasks:\n  start: {needs: [a]}\n  a: {needs: [b]}\n  b: {needs: [c, a]}\n  c: {needs: [a]}\n  self: {needs: [self]}\n  fine: x\n",
    );
    insta::assert_snapshot!(order(&project, &["start"], "default"), @r"
    error[castfile::needs-cycle]: tasks need each other in a circle: `a` -> `b` -> `c` -> `a`
      --> castfile:5:15: `c` leads to `a`
          castfile:3:15: `a` leads to `b`
          castfile:4:15: `b` leads to `c`
      help: take one of these out
    error[castfile::needs-cycle]: tasks need each other in a circle: `a` -> `b` -> `a`
      --> castfile:4:18: `b` leads to `a`
          castfile:3:15: `a` leads to `b`
      help: take one of these out
    ");
    insta::assert_snapshot!(order(&project, &["self"], "default"), @r"
    error[castfile::needs-cycle]: tasks need each other in a circle: `self` -> `self`
      --> castfile:6:18: `self` leads to `self`
      help: take one of these out
    ");
    // In the original one circle breaks every task of the project.
    assert_eq!(order(&project, &["fine"], "default"), "fine");
}

#[test]
fn a_circle_through_a_hook_or_a_context_is_found() {
    // In the original these recurse until the stack is full.
    let project = single(
        "tasks:\n  up: {run: x, hooks: true}\n  up:before: {needs: [net]}\n  net: {needs: [up]}\n",
    );
    insta::assert_snapshot!(order(&project, &["up"], "default"), @r"
    error[castfile::needs-cycle]: tasks need each other in a circle: `up` -> `up:before` -> `net` -> `up`
      --> castfile:4:17: `net` leads to `up`
          castfile:2:16: `up` leads to `up:before`
          castfile:3:23: `up:before` leads to `net`
      help: take one of these out
    ");
    let project = single("tasks:\n  up: x\n  up:prod: {needs: [net]}\n  net: {needs: [up]}\n");
    assert_eq!(order(&project, &["net"], "default"), "up net");
    insta::assert_snapshot!(order(&project, &["net"], "prod"), @r"
    error[castfile::needs-cycle]: tasks need each other in a circle: `net` -> `up:prod` -> `net`
      --> castfile:3:21: `up:prod` leads to `net`
          castfile:4:17: `net` leads to `up:prod`
      help: take one of these out
    ");
}

#[test]
fn a_variant_may_need_the_plain_task() {
    let project = single("tasks:\n  up: x\n  up:prod: {needs: [up]}\n");
    assert_eq!(order(&project, &["up:prod"], "default"), "up up:prod");
}

#[test]
fn needs_without_end_are_refused() {
    let mut text = String::from("tasks:\n");
    for at in 0..3000 {
        text.push_str(&format!("  t{at}: {{needs: [t{}]}}\n", at + 1));
    }
    text.push_str("  t3000: x\n");
    insta::assert_snapshot!(order(&single(&text), &["t0"], "default"), @r"
    error[castfile::needs-depth]: tasks need each other more than 200 levels deep
      --> castfile:202:18
    ");
}

#[test]
fn wide_needs_are_quick() {
    let mut text = String::from("tasks:\n  all:\n    needs:\n");
    for at in 0..5000 {
        text.push_str(&format!("      - t{at}\n"));
    }
    for at in 0..5000 {
        text.push_str(&format!("  t{at}: x\n"));
    }
    let project = single(&text);
    assert_eq!(project.plan(&["all"], "default").unwrap().steps.len(), 5001);
}

#[test]
fn values_that_only_a_run_reads_are_checked_with_the_plan() {
    let project = single(
        "tasks:\n  a: {run: x, timeout: 5, needs: [b]}\n  b: {run: x, timeout: soon}\n  c: {run: x, timeout: 1m30s}\n  d: {run: x, timeout: '{{ x }}'}\n",
    );
    let error = project.plan(&["a"], "default").unwrap_err();
    insta::assert_snapshot!(report(&error), @r#"
    error[castfile::bad-duration]: invalid duration "soon"
      --> castfile:3:24
      help: write a number and a unit, for example `90s` or `1m30s`
    error[castfile::bad-duration]: missing unit in duration "5"
      --> castfile:2:24
      help: write the unit, for example `5s` for seconds
    "#);
    assert_eq!(order(&project, &["c", "d"], "default"), "c d");
}

#[test]
fn a_malformed_expression_is_marked() {
    let project = single(
        "tasks:\n  a: {run: x, if: 'env.X ==', force: 'success and'}\n  b: {run: x, if: '${{ success }}'}\n  c: {run: x, if: \"os in ['linux']\", force: true}\n",
    );
    insta::assert_snapshot!(order(&project, &["a", "b"], "default"), @r#"
    error[castfile::bad-expression]: expected a value, found the end of the expression
      --> castfile:2:28
    error[castfile::bad-expression]: expected a value, found the end of the expression
      --> castfile:2:50
    error[castfile::bad-expression]: an expression is written without `${{`
      --> castfile:3:20
      help: write the expression bare, without `${{` and `}}`: `env.NAME == "x"`
    "#);
    assert_eq!(order(&project, &["c"], "default"), "c");
}

#[test]
fn modules_tasks_and_the_projects_hooks_meet() {
    // `up:before` beside an imported `up` runs when the module's `up` has hooks.
    let files = lab([
        (
            "castfile",
            "imports: [docker]\ntasks: {'up:before': own, 'down:before': own}\n",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {run: x, hooks: true}, down: x}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(order(&project, &["up"], "default"), "up:before up");
    assert_eq!(order(&project, &["down"], "default"), "down");
}
