//! The programs in `examples/`, run on files in memory.

use castfile::{Env, MemoryFiles};

use crate::support::{lab, user_dirs};

#[path = "../../examples/explain_variable.rs"]
#[expect(dead_code, reason = "`main` is for the example alone")]
mod explain_variable;
#[path = "../../examples/load_project.rs"]
#[expect(dead_code, reason = "`main` is for the example alone")]
mod load_project;
#[path = "../../examples/plan_run.rs"]
#[expect(dead_code, reason = "`main` is for the example alone")]
mod plan_run;

fn files() -> MemoryFiles {
    lab([
        (
            "web/castfile",
            "imports: [docker]
env:
  MNT_DIR: ${MNT_DIR:-../.mnt}
  PW: {value: $TOKEN, secret: true}
tasks:
  up: {extends: up, needs: [dirs]}
  up:before: {desc: Make directories, run: mkdir}
  dirs: mkdir
",
        ),
        (
            ".cast/modules/docker.yaml",
            "tasks: {up: {desc: Start, run: up, hooks: true}, down: down}\n",
        ),
        ("castfile", "workspace: true\n"),
    ])
}

#[test]
fn load_project_lists_tasks_with_their_origin() {
    let text = load_project::listing(&files(), user_dirs(), "/lab/web/castfile".into()).unwrap();
    insta::assert_snapshot!(text, @r"
    up           Start                        castfile:6:3, instead of /lab/.cast/modules/docker.yaml:1:9
    down                                      /lab/.cast/modules/docker.yaml:1:50 (module docker)
    up:before    Make directories             castfile:7:3
    dirs                                      castfile:8:3
    ");
}

#[test]
fn plan_run_gives_the_order_and_the_reasons() {
    let text = plan_run::steps(
        &files(),
        user_dirs(),
        "/lab".into(),
        "prod",
        &["@web", "up", "down"],
    );
    insta::assert_snapshot!(text.unwrap(), @r"
    in /lab/web, context prod
    1. dirs: needed by up
    2. up:before: before up (when 1 ended)
    3. up: asked for (when 1, 2 ended)
    4. down: asked for (when 3 ended)
    ");
}

#[test]
fn explain_variable_names_the_line() {
    let process = Env::from_iter([("HOME", "/home/me"), ("TOKEN", "hunter2"), ("PATH", "/bin")]);
    let explain = |name: &str| {
        explain_variable::explain(&files(), &process, "/lab/web/castfile".into(), "up", name)
            .unwrap()
    };
    let lines: Vec<_> = ["MNT_DIR", "PW", "TOKEN", "CAST_DIR", "NOPE"]
        .into_iter()
        .map(explain)
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    MNT_DIR is "../.mnt", from castfile:3:12, written as ${MNT_DIR:-../.mnt}
    PW is "***", from castfile:4:15, written as $TOKEN
    TOKEN is "hunter2", from the environment
    CAST_DIR is "/lab/web", set by cast
    NOPE is not set in up
    "#);
}
