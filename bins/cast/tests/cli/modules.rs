//! Imports: where modules are found, what they bring, what the project overrides.

use crate::support::{Test, report};

#[test]
fn a_bare_name_is_a_module_of_the_cast_directory() {
    let names = [
        "castfile",
        "castfile.yml",
        "castfile.yaml",
        "mod.yml",
        "mod.yaml",
        "cast.module.yml",
        "cast.module.yaml",
        "cast.mod",
    ];
    let module = "tasks: {m: echo $CAST_MODULE_FILE}";
    for name in names {
        let file = format!(".cast/modules/docker/{name}");
        Test::new()
            .castfile("imports: [docker]")
            .file(&file, module)
            .args(["m"])
            .stdout(&format!("[DIR]/{file}\n"))
            .run();
    }
    for file in [
        ".cast/modules/docker.yaml",
        ".cast/modules/docker.yml",
        ".config/cast/modules/docker.yaml",
    ] {
        Test::new()
            .castfile("imports: [docker]")
            .file(file, module)
            .args(["m"])
            .stdout(&format!("[DIR]/{file}\n"))
            .run();
    }
}

#[test]
fn modules_are_found_from_below_and_past_a_stray_cast_directory() {
    Test::new()
        .file(
            ".cast/modules/docker/castfile",
            "tasks: {m: echo $CAST_MODULE_DIR in $PWD}",
        )
        .file("compose/.cast/notes", "not a module")
        .file("compose/web/castfile", "imports: [docker]")
        .cwd("compose/web")
        .args(["m"])
        .stdout("[DIR]/.cast/modules/docker in [DIR]/compose/web\n")
        .run();
}

#[test]
fn the_search_for_modules_ends_at_a_git_directory() {
    let ran = Test::new()
        .file(".cast/modules/docker/castfile", "tasks: {m: echo m}")
        .file("repo/castfile", "imports: [docker]")
        .mkdir("repo/.git")
        .cwd("repo")
        .args(["m"])
        .output();
    assert_eq!(ran.status, 1, "{}", ran.all());
}

#[test]
fn paths_are_relative_to_the_file_that_imports() {
    Test::new()
        .castfile("imports: [./modules/a.yaml]")
        .file(
            "modules/a.yaml",
            "imports: [./b.yaml]\ntasks: {a: {run: echo a, needs: [b]}}",
        )
        .file("modules/b.yaml", "tasks: {b: echo b}")
        .args(["a"])
        .stdout("b\na\n")
        .run();
}

#[test]
fn later_imports_and_own_tasks_replace_whole_tasks_in_place() {
    let test = || {
        Test::new()
            .castfile(
                "
                imports: [./one.yaml, ./two.yaml]
                tasks:
                  up: echo own up
                  extra: echo extra
                ",
            )
            .file(
                "one.yaml",
                "
                tasks:
                  up: {desc: From one, run: echo one up, hooks: true}
                  up:before: echo before
                  down: {desc: Down one, run: echo one down}
                ",
            )
            .file(
                "two.yaml",
                "tasks: {down: echo two down, logs: echo two logs}",
            )
    };
    test()
        .args(["up", "down", "logs", "extra"])
        .stdout("own up\ntwo down\ntwo logs\nextra\n")
        .run();
    // Nothing of the replaced task is left, its place in the list is.
    test()
        .args(["list", "--json"])
        .output()
        .stdout
        .split("\"id\":")
        .skip(1)
        .map(|rest| rest.split('"').nth(1).unwrap().to_owned())
        .zip(["up", "up:before", "down", "logs", "extra"])
        .for_each(|(found, expected)| assert_eq!(found, expected));
}

#[test]
fn a_namespace_is_addressed_by_colon_and_by_dash() {
    let test = || {
        Test::new()
            .castfile(
                "
                imports:
                  - {from: ./docker.yaml, namespace: d}
                  - {from: ./docker.yaml, ns: e}
                tasks:
                  all: {run: echo all, needs: ['d:up']}
                ",
            )
            .file(
                "docker.yaml",
                "tasks: {up: {run: echo up, needs: [net]}, net: echo net}",
            )
    };
    for name in ["d:up", "d-up", "D:Up", "e:up"] {
        test().args([name]).stdout("net\nup\n").run();
    }
    test().args(["all"]).stdout("net\nup\nall\n").run();
}

#[test]
fn only_the_tasks_asked_for_are_imported() {
    let test = || {
        Test::new()
            .castfile("imports: [{from: ./docker.yaml, tasks: [up]}]")
            .file("docker.yaml", "tasks: {up: echo up, down: echo down}")
    };
    test().args(["up"]).stdout("up\n").run();
    test().args(["down"]).status(1).run();
}

#[test]
fn tasks_of_a_module_run_in_the_project_and_know_their_module() {
    Test::new()
        .file(
            ".cast/modules/docker/castfile",
            "
            id: docker
            name: Docker
            version: 1.2.3
            description: Compose tasks
            tasks:
              where: |
                pwd
                env | grep -E '^CAST_(FILE|DIR|PARENT_.*|MODULE_.*)=' | LC_ALL=C sort
            ",
        )
        .file("svc/castfile", "imports: [docker]")
        .cwd("svc/below")
        .args(["where"])
        .stdout(
            "
            [DIR]/svc
            CAST_DIR=[DIR]/.cast/modules/docker
            CAST_FILE=[DIR]/.cast/modules/docker/castfile
            CAST_MODULE_DESCRIPTION=Compose tasks
            CAST_MODULE_DIR=[DIR]/.cast/modules/docker
            CAST_MODULE_FILE=[DIR]/.cast/modules/docker/castfile
            CAST_MODULE_ID=docker
            CAST_MODULE_NAME=Docker
            CAST_MODULE_VERSION=1.2.3
            CAST_PARENT_DIR=[DIR]/svc
            CAST_PARENT_FILE=[DIR]/svc/castfile
            ",
        )
        .run();
}

#[test]
fn hooks_of_the_project_run_around_a_task_of_a_module() {
    Test::new()
        .castfile(
            "
            imports: [./docker.yaml]
            tasks:
              up:before: echo prepare
              up:after: echo report
            ",
        )
        .file("docker.yaml", "tasks: {up: {run: echo up, hooks: true}}")
        .args(["up"])
        .stdout("prepare\nup\nreport\n")
        .run();
}

#[test]
fn extends_copies_what_is_unset() {
    Test::new()
        .castfile(
            "
            tasks:
              base: {desc: Base, uses: bash, run: 'echo $A $B', env: {A: base, B: base}, needs: [n]}
              child: {extends: base, env: {B: child}}
              grandchild: {extends: child, env: {A: grand}}
              n: echo needed
            ",
        )
        .args(["child", "grandchild"])
        .stdout("needed\nbase child\ngrand child\n")
        .run();
}

#[test]
fn a_task_that_extends_its_own_name_extends_the_imported_one() {
    Test::new()
        .castfile("imports: [./docker.yaml]\ntasks: {up: {extends: up, env: {WHO: me}}}\n")
        .file("docker.yaml", "tasks: {up: {run: 'echo up $WHO'}}")
        .args(["up"])
        .stdout("up me\n")
        .run();
}

#[test]
fn nothing_is_written_beside_a_castfile_with_imports() {
    let ran = Test::new()
        .castfile("imports: [docker]")
        .file(".cast/modules/docker.yaml", "tasks: {up: echo up}")
        .args(["up"])
        .stdout("up\n")
        .run();
    assert!(!ran.exists(".cast/cache"));
    assert_eq!(ran.left_over(), [] as [String; 0]);
}

#[test]
fn remote_modules_are_refused_in_words() {
    insta::assert_snapshot!(report("imports: [github.com/frostyeti/modules/docker]\n", ["list"]), @r#"
    ---- stderr
    error[castfile::remote-module]: the module `github.com/frostyeti/modules/docker` is remote; fetching modules is not supported yet
     --> castfile:1:11
      |
    1 | imports: [github.com/frostyeti/modules/docker]
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: clone it to `.cast/cache/modules/docker-06a0997a`
      = help: or copy it to `.cast/modules/` and import it by name
    ---- status 1
    "#);
}
