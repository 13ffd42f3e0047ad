//! `extends`: which fields a task takes from another, and from which other.

use crate::support::{lab, order, project, refused, report, run_of, single, texts, try_project};

#[test]
fn gaps_are_filled_and_own_fields_stay() {
    let project = single(
        "tasks:
  base:
    desc: base
    uses: bash
    cwd: base
    run: base
    help: base
    timeout: 1s
    template: true
    needs: [n]
    hooks: true
    force: 'true'
    if: 'false'
    args: [x]
  empty: {extends: base}
  full:
    extends: base
    desc: own
    uses: sh
    cwd: own
    run: own
    help: own
    timeout: 2s
    template: other
    needs: [m]
    hooks: {after: x}
    force: 'false'
  n: x
  m: x
",
    );
    let empty = &project.task("empty").unwrap().task;
    let full = &project.task("full").unwrap().task;
    for (task, desc, uses, timeout, need) in [
        (empty, "base", "bash", "1s", "n"),
        (full, "own", "sh", "2s", "m"),
    ] {
        for value in [&task.desc, &task.cwd, &task.run, &task.help] {
            assert_eq!(value.as_ref().unwrap().value, desc);
        }
        assert_eq!(task.uses.as_ref().unwrap().value, uses);
        assert_eq!(task.timeout.as_ref().unwrap().value, timeout);
        assert_eq!(task.needs[0].id.value, need);
        assert_eq!(task.needs.len(), 1);
    }
    assert!(empty.hooks.as_ref().unwrap().before.len() == 1);
    assert!(full.hooks.as_ref().unwrap().before.is_empty());
    assert_eq!(full.force.as_ref().unwrap().value, "false");
    // `if` and `args` are never taken.
    assert!(empty.condition.is_none() && empty.args.is_empty());
    // What was taken keeps its place.
    assert_eq!(
        empty.run.as_ref().unwrap().span.to_string(),
        "castfile:6:10"
    );
}

#[test]
fn lists_are_joined_and_mappings_merged() {
    let project = single(
        "tasks:
  base: {hosts: [a, b], dotenv: [x, y], env: {A: 1, B: 1}, with: {p: 1, q: 1}, run: x}
  child: {extends: base, hosts: [b, c], dotenv: [y, z], env: {C: 2, B: 2}, with: {q: 2, r: 2}}
",
    );
    let task = &project.task("child").unwrap().task;
    assert_eq!(texts(&task.hosts), ["a", "b", "c"]);
    let dotenv: Vec<_> = task.dotenv.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(dotenv, ["x", "y", "z"]);
    let env: Vec<_> = task
        .env
        .iter()
        .map(|e| format!("{}={}", e.name.value, e.value.value))
        .collect();
    assert_eq!(env, ["A=1", "B=2", "C=2"]);
    for (key, value) in [("p", "1"), ("q", "2"), ("r", "2")] {
        assert_eq!(task.input(key).unwrap().as_text(), Some(value), "{key}");
    }
}

#[test]
fn false_takes_neither_hooks_nor_template() {
    let project = single(
        "tasks:\n  base: {run: x, hooks: true, template: true}\n  child: {extends: base, hooks: false, template: false}\n",
    );
    let child = &project.task("child").unwrap().task;
    assert!(child.hooks.is_none() && child.template.is_none());
}

#[test]
fn chains_work_in_any_order() {
    // In the original a base must stand earlier.
    for text in [
        "tasks:\n  c: {extends: b}\n  b: {extends: a, desc: b}\n  a: {run: a, desc: a}\n",
        "tasks:\n  a: {run: a, desc: a}\n  b: {extends: a, desc: b}\n  c: {extends: b}\n",
        "tasks:\n  b: {extends: A, desc: b}\n  c: {extends: b}\n  a: {run: a, desc: a}\n",
    ] {
        let project = single(text);
        assert_eq!(run_of(&project, "c"), "a", "{text}");
        assert_eq!(
            project.task("c").unwrap().task.desc.as_ref().unwrap().value,
            "b",
            "{text}"
        );
    }
}

#[test]
fn its_own_name_is_the_imported_task_it_replaces() {
    // In the original such a task extends itself and has no script.
    let files = lab([
        (
            "castfile",
            "imports: [docker]\ntasks: {up: {extends: up, desc: mine, env: {A: 1}}}\n",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {run: compose, hooks: true}, up:before: x}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(run_of(&project, "up"), "compose");
    assert_eq!(order(&project, &["up"], "default"), "up:before up");
}

#[test]
fn its_own_name_passes_through_all_that_were_replaced() {
    let files = lab([
        (
            "castfile",
            "imports: [a, b]\ntasks: {up: {extends: up, env: {C: 3}}}\n",
        ),
        (
            ".cast/modules/a.yaml",
            "tasks: {up: {extends: base, env: {A: 1}}, base: base}\n",
        ),
        (
            ".cast/modules/b.yaml",
            "tasks: {up: {extends: up, env: {B: 2}}}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(run_of(&project, "up"), "base");
    let env: Vec<_> = project
        .task("up")
        .unwrap()
        .task
        .env
        .iter()
        .map(|e| e.name.as_str())
        .collect();
    assert_eq!(env, ["A", "B", "C"]);
}

#[test]
fn a_base_in_a_namespace_keeps_meaning_the_tasks_there() {
    let module = "tasks: {up: {run: d, needs: [net, dns]}, net: x}\n";
    for castfile in [
        "imports: [{from: docker, ns: d}]\ntasks: {up: {extends: 'd:up'}, net: own, dns: own}\n",
        "imports: [{from: docker, ns: d}]\ntasks: {up: {extends: d-up}, net: own, dns: own}\n",
        "imports: [{from: docker, ns: d}]\ntasks: {d-up: {extends: 'd:up'}, up: {extends: d-up}, net: own, dns: own}\n",
    ] {
        let files = lab([
            ("castfile", castfile),
            (".cast/modules/docker.yaml", module),
        ]);
        let project = project(&files, "castfile");
        assert_eq!(
            order(&project, &["up"], "default"),
            "d-net dns up",
            "{castfile}"
        );
    }
}

#[test]
fn a_base_inside_the_same_namespace_is_found_first() {
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: d}]\ntasks: {base: own}\n",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {extends: base}, base: module}\n",
        ),
    ]);
    assert_eq!(run_of(&project(&files, "castfile"), "d:up"), "module");
}

#[test]
fn a_base_replaced_by_the_project_is_the_projects() {
    let files = lab([
        ("castfile", "imports: [docker]\ntasks: {base: own}\n"),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {extends: base}, base: module}\n",
        ),
    ]);
    assert_eq!(run_of(&project(&files, "castfile"), "up"), "own");
}

#[test]
fn what_cannot_be_extended() {
    insta::assert_snapshot!(
        refused("tasks:\n  up: {extends: biuld}\n  build: x\n  a: {extends: a}\n  x: {extends: y}\n  y: {extends: z}\n  z: {extends: y}\n  q: {extends: nothing}\n"),
        @r#"
    error[castfile::unknown-task]: task `up` extends `biuld`, which is not defined
      --> castfile:2:17: no task of this name in this file or its imports
      fix: did you mean `build`? [2:17 "build"]
    error[castfile::extends-cycle]: task `a` extends itself, and no import has a task of this name
      --> castfile:4:16
    error[castfile::extends-cycle]: `extends` runs in a circle: `y` -> `z` -> `y`
      --> castfile:6:16
      --> castfile:7:16
    error[castfile::unknown-task]: task `q` extends `nothing`, which is not defined
      --> castfile:8:16: no task of this name in this file or its imports
    "#
    );
}

#[test]
fn an_endless_chain_is_refused() {
    let mut text = String::from("tasks:\n");
    for at in 0..3000 {
        text.push_str(&format!("  t{at}: {{extends: t{}}}\n", at + 1));
    }
    text.push_str("  t3000: x\n");
    let files = lab([("castfile", text.as_str())]);
    let error = report(&try_project(&files, "castfile").unwrap_err());
    insta::assert_snapshot!(error.lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    error[castfile::extends-depth]: tasks extend each other more than 200 levels deep
      --> castfile:202:19
    ");
}
