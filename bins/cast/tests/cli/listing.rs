//! `cast list`, `cast workspace ls`, `cast job list`: what there is.

use crate::support::Test;

/// A project with a module, an override, hooks and a namespace.
fn project() -> Test {
    Test::new()
        .castfile(
            "
            imports:
              - docker
              - {from: ./db.yaml, ns: db}
            tasks:
              default: {desc: What to do, needs: [up]}
              up: {desc: Bring it up, extends: up}
              up:before: mkdir -p data
              a-task-with-a-long-name: {desc: \"Long.\\nMore of it.\", run: echo}
              plain: echo
            jobs:
              nightly: {desc: Every night, cron: '0 3 * * *', steps: [up]}
            ",
        )
        .file(
            ".cast/modules/docker/castfile",
            "
            tasks:
              up: {desc: Compose up, run: docker compose up, hooks: true}
              down: {desc: Compose down, run: docker compose down}
            ",
        )
        .file("db.yaml", "tasks: {dump: {desc: Dump, run: echo}}")
}

#[test]
fn tasks_are_grouped_by_where_they_come_from() {
    insta::assert_snapshot!(project().args(["list"]).output().all(), @r#"
    up                       Bring it up (replaces docker's)
    default                  What to do
    up:before
    a-task-with-a-long-name  Long. …
    plain

    docker (.cast/modules/docker/castfile)
    down                     Compose down

    db (db.yaml)
    db-dump                  Dump

    ---- status 0
    "#);
    insta::assert_snapshot!(project().args(["list", "--hide-hooks"]).output().all(), @r#"
    up                       Bring it up (replaces docker's)
    default                  What to do
    a-task-with-a-long-name  Long. …
    plain

    docker (.cast/modules/docker/castfile)
    down                     Compose down

    db (db.yaml)
    db-dump                  Dump

    ---- status 0
    "#);
}

#[test]
fn the_first_column_is_at_least_seven_wide() {
    let listed = "a        One\n";
    Test::new()
        .castfile("tasks: {a: {desc: One, run: echo}}")
        .args(["list"])
        .stdout(listed)
        .run();
}

#[test]
fn json_is_a_documented_structure() {
    let ran = project().args(["list", "--json"]).output();
    assert_eq!(ran.stderr, "");
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap(), @r#"
    {
      "version": 1,
      "project": ".",
      "castfile": "[DIR]/castfile",
      "tasks": [
        {
          "id": "up",
          "name": "up",
          "desc": "Bring it up",
          "help": null,
          "uses": null,
          "needs": [],
          "hook": false,
          "module": null,
          "file": "[DIR]/castfile",
          "line": 6,
          "column": 3
        },
        {
          "id": "down",
          "name": "down",
          "desc": "Compose down",
          "help": null,
          "uses": null,
          "needs": [],
          "hook": false,
          "module": "docker",
          "file": "[DIR]/.cast/modules/docker/castfile",
          "line": 3,
          "column": 3
        },
        {
          "id": "db-dump",
          "name": "db:dump",
          "desc": "Dump",
          "help": null,
          "uses": null,
          "needs": [],
          "hook": false,
          "module": "db",
          "file": "[DIR]/db.yaml",
          "line": 1,
          "column": 9
        },
        {
          "id": "default",
          "name": "default",
          "desc": "What to do",
          "help": null,
          "uses": null,
          "needs": [
            "up"
          ],
          "hook": false,
          "module": null,
          "file": "[DIR]/castfile",
          "line": 5,
          "column": 3
        },
        {
          "id": "up:before",
          "name": "up:before",
          "desc": null,
          "help": null,
          "uses": null,
          "needs": [],
          "hook": true,
          "module": null,
          "file": "[DIR]/castfile",
          "line": 7,
          "column": 3
        },
        {
          "id": "a-task-with-a-long-name",
          "name": "a-task-with-a-long-name",
          "desc": "Long.\nMore of it.",
          "help": null,
          "uses": null,
          "needs": [],
          "hook": false,
          "module": null,
          "file": "[DIR]/castfile",
          "line": 8,
          "column": 3
        },
        {
          "id": "plain",
          "name": "plain",
          "desc": null,
          "help": null,
          "uses": null,
          "needs": [],
          "hook": false,
          "module": null,
          "file": "[DIR]/castfile",
          "line": 9,
          "column": 3
        }
      ],
      "jobs": [
        {
          "id": "nightly",
          "desc": "Every night",
          "cron": "0 3 * * *"
        }
      ],
      "projects": []
    }
    "#);
}

#[test]
fn a_task_named_list_runs_when_it_stands_alone() {
    let castfile = "tasks: {list: echo the task, other: echo}";
    Test::new()
        .castfile(castfile)
        .args(["list"])
        .stdout("the task\n")
        .run();
    Test::new()
        .castfile(castfile)
        .args(["task", "list"])
        .stdout("list\nother\n")
        .run();
    let ran = Test::new()
        .castfile(castfile)
        .args(["list", "--json"])
        .output();
    assert!(ran.stdout.starts_with("{\"version\":1"), "{}", ran.all());
}

#[test]
fn list_takes_a_context() {
    Test::new()
        .castfile("tasks: {up: echo}")
        .args(["-c", "prod", "list"])
        .stdout("up\n")
        .run()
        .again()
        .args(["list", "-c", "prod"])
        .stdout("up\n")
        .run();
}

#[test]
fn a_root_without_tasks_names_its_projects() {
    Test::new()
        .castfile("modules: {compose: ./compose, eng: ./eng}")
        .args(["list"])
        .stderr("no tasks here; the projects are @compose, @eng\n")
        .run();
}

/// A workspace with aliases of every kind.
fn workspace() -> Test {
    Test::new()
        .castfile("workspace: {aliases: {main: ./a/main-project}, exclude: ['old/**']}\ntasks: {root: {desc: Root, run: echo}}")
        .file("a/main-project/castfile", "tasks: {m: {desc: M, run: echo}}")
        .file("svc/web/castfile.yaml", "tasks: {w: echo}")
        .file("svc/db/CASTFILE", "tasks: {d: echo}")
        .file("svc/cache/cast.yaml", "tasks: {c: echo}")
        .file("one/twin/castfile", "tasks: {t: echo}")
        .file("two/twin/castfile", "tasks: {t: echo}")
        .file("old/x/castfile", "tasks: {x: echo}")
        .file("node_modules/n/castfile", "tasks: {n: echo}")
        .file("svc/web/bin/castfile", "tasks: {b: echo}")
        .file("svc/web/obj/castfile", "tasks: {o: echo}")
        .file("svc/web/.git/castfile", "tasks: {g: echo}")
        .file("svc/web/.cast/x/castfile", "tasks: {k: echo}")
}

#[test]
fn a_workspace_lists_aliases_and_then_paths() {
    for args in [
        &["workspace", "ls"][..],
        &["ws", "list"],
        &["workspace"],
        &["self", "workspace", "ls"],
    ] {
        let ran = workspace().args(args.iter().copied()).output();
        assert_eq!(ran.status, 0, "{}", ran.all());
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stdout, @r#"
            ALIASES
            main   a/main-project
            cache  svc/cache
            db     svc/db
            web    svc/web

            PATHS
            one/twin
            two/twin
            "#);
        }
    }
}

#[test]
fn include_and_exclude_choose_projects() {
    let of = |workspace: &str| {
        let ran = Test::new()
            .castfile(&format!("workspace: {workspace}\n"))
            .file("services/a/castfile", "")
            .file("services/deep/b/castfile", "")
            .file("other/c/castfile", "")
            .args(["workspace", "ls"])
            .output();
        ran.all()
    };
    let names = |text: &str| -> Vec<String> {
        let words = text.split_whitespace();
        words
            .filter(|word| word.contains('/') && !word.starts_with('-'))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        names(&of("true")),
        ["other/c", "services/a", "services/deep/b"]
    );
    assert_eq!(
        names(&of("{include: ['services/**']}")),
        ["services/a", "services/deep/b"]
    );
    assert_eq!(
        names(&of("{include: 'services/*'}")),
        ["services/a", "services/deep/b"]
    );
    assert_eq!(
        names(&of("{exclude: ['services/deep/**']}")),
        ["other/c", "services/a"]
    );
    assert_eq!(
        names(&of("{include: ['**'], exclude: other}")),
        ["services/a", "services/deep/b"]
    );
    assert!(of("false").contains("No workspace projects found"));
}

#[test]
fn without_a_workspace_there_are_no_projects() {
    Test::new()
        .castfile("tasks: {}")
        .file("sub/castfile", "")
        .args(["workspace", "ls"])
        .stdout("No workspace projects found\n")
        .run();
}

#[test]
fn all_lists_the_tasks_of_every_project() {
    insta::assert_snapshot!(workspace().args(["list", "--all"]).output().all(), @r#"
    here
    root     Root

    @main
    m        M

    @one/twin
    t

    @cache
    c

    @db
    d

    @web
    w

    @two/twin
    t

    ---- status 0
    "#);
    let ran = workspace().args(["list", "--all", "--json"]).output();
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["version"], 1);
    let projects: Vec<_> = value["projects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|project| &project["project"])
        .collect();
    assert_eq!(projects[0], ".");
    assert!(projects.iter().any(|name| *name == "main"), "{projects:?}");
}

#[test]
fn a_workspace_skips_what_it_may_not_read_and_what_is_linked() {
    let test = Test::new()
        .castfile("workspace: true")
        .file("real/castfile", "");
    let dir = test.dir();
    fs_err::os::unix::fs::symlink(dir.join("real"), dir.join("linked")).unwrap();
    test.args(["workspace", "ls"])
        .stdout("ALIASES\nreal  real\n")
        .run();
}

#[test]
fn jobs_are_listed_and_not_run() {
    project()
        .args(["job", "list"])
        .stdout("nightly  Every night\n")
        .run();
    insta::assert_snapshot!(project().args(["job", "run", "nightly"]).output().all(), @r#"
    ---- stderr
    error[cast::not-supported]: running jobs is not supported yet
    ---- status 3
    "#);
    project().args(["--job", "nightly"]).status(3).run();
}

#[test]
fn a_broken_module_fails_the_list() {
    let test = Test::new().castfile("imports: [dokcer]\ntasks: {a: echo}\n");
    let ran = test
        .file(".cast/modules/docker/castfile", "")
        .args(["list"])
        .output();
    assert_eq!((ran.stdout.as_str(), ran.status), ("", 1), "{}", ran.all());
    assert!(
        ran.stderr.contains("did you mean `docker`?"),
        "{}",
        ran.stderr
    );
}
