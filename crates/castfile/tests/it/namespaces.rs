//! Imports under a namespace: `namespace:task` and `namespace-task`, and what the tasks of a
//! module mean by the names they use.

use crate::support::{ids, lab, order, project, run_of};

const MODULE: &str = "tasks:
  up: {run: d, needs: [net], hooks: true}
  up:before: pre
  net: net
  net:prod: net
";

#[test]
fn both_forms_of_the_name_find_the_task() {
    // The original knows `d-up` only.
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: D}]\ntasks: {up: own, all: {needs: ['d:up']}}\n",
        ),
        (".cast/modules/docker.yaml", MODULE),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(
        ids(&project),
        ["d-up", "d-up:before", "d-net", "d-net:prod", "up", "all"]
    );
    for name in ["d-up", "d:up", "D:up", "D-UP"] {
        assert_eq!(run_of(&project, name), "d", "{name}");
    }
    assert_eq!(run_of(&project, "up"), "own");
    assert_eq!(project.task("d-up").unwrap().display_name(), "D:up");
}

#[test]
fn the_bare_name_does_not_reach_into_a_namespace() {
    let files = lab([
        ("castfile", "imports: [{from: docker, ns: d}]\n"),
        (".cast/modules/docker.yaml", "tasks: {'Up!': x}\n"),
    ]);
    let project = project(&files, "castfile");
    for name in ["up", "Up!"] {
        assert!(project.task(name).is_none(), "{name}");
    }
    assert!(project.task("d:Up!").is_some());
}

#[test]
fn names_inside_the_module_mean_its_own_tasks() {
    // The original leaves them as they are, so that they mean the project's tasks.
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, namespace: d}]\ntasks: {net: own, 'net:prod': own}\n",
        ),
        (".cast/modules/docker.yaml", MODULE),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(
        order(&project, &["d:up"], "default"),
        "d-net d-up:before d-up"
    );
    assert_eq!(
        order(&project, &["d-up"], "prod"),
        "d-net:prod d-up:before d-up"
    );
    assert_eq!(
        order(&project, &["d-up", "net"], "default"),
        "d-net d-up:before d-up net"
    );
}

#[test]
fn a_module_keeps_to_itself_before_it_looks_outside() {
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: d}]\ntasks: {'net:prod': own, dns: own}\n",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {needs: [net, dns]}, net: x}\n",
        ),
    ]);
    // `net` of the module, though the project has the variant for the context.
    assert_eq!(
        order(&project(&files, "castfile"), &["d-up"], "prod"),
        "d-net dns d-up"
    );
}

#[test]
fn one_module_under_two_namespaces() {
    // The original skips the second import of the same file.
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: a}, {from: docker, ns: b}, docker]\n",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {needs: [net]}, net: x}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(
        ids(&project),
        ["a-up", "a-net", "b-up", "b-net", "up", "net"]
    );
    assert_eq!(project.modules().len(), 1);
    assert_eq!(
        order(&project, &["b:up", "up"], "default"),
        "b-net b-up net up"
    );
}

#[test]
fn imports_of_a_module_share_its_namespace_unless_they_have_one() {
    let files = lab([
        ("castfile", "imports: [{from: a, ns: n}]\n"),
        (
            ".cast/modules/a.yaml",
            "imports: [b, {from: c, ns: m}]\ntasks: {a: {needs: [b, 'm:c']}}\n",
        ),
        (".cast/modules/b.yaml", "tasks: {b: x}\n"),
        (".cast/modules/c.yaml", "tasks: {c: x}\n"),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(ids(&project), ["n-b", "m-c", "n-a"]);
    assert_eq!(order(&project, &["n:a"], "default"), "n-b m-c n-a");
}

#[test]
fn the_project_replaces_a_task_in_a_namespace_by_its_id() {
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: d}]\ntasks: {d-up: own}\n",
        ),
        (".cast/modules/docker.yaml", MODULE),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(run_of(&project, "d-up"), "own");
    assert_eq!(run_of(&project, "d:up"), "own");
    assert_eq!(
        project.task("d-up").unwrap().shadowed[0]
            .namespace
            .as_deref(),
        Some("d")
    );
}

#[test]
fn a_task_with_a_colon_of_its_own_wins_over_the_namespace() {
    let files = lab([
        (
            "castfile",
            "imports: [{from: docker, ns: d}]\ntasks: {'d:up': own}\n",
        ),
        (".cast/modules/docker.yaml", MODULE),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(run_of(&project, "d:up"), "own");
    assert_eq!(run_of(&project, "d-up"), "d");
}

#[test]
fn a_namespace_is_cleaned_like_an_id() {
    let files = lab([
        ("castfile", "imports: [{from: docker, ns: 'My NS!'}]\n"),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {needs: [net]}, net: x}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(
        order(&project, &["my ns-up"], "default"),
        "my ns-net my ns-up"
    );
}
