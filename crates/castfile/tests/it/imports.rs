//! Modules: where they are found, in which order their tasks merge, which tasks an import takes.

use crate::support::{findings, ids, lab, loader, project, report, run_of, try_project, user_dirs};
use castfile::{Loader, MemoryFiles, UserDirs};

/// A castfile that imports `from`, and one module file with the task `up`.
fn one_module(from: &str, module: &str) -> MemoryFiles {
    lab([
        ("castfile", &format!("imports: ['{from}']\n")),
        (module, "tasks: {up: x}\n"),
    ])
}

#[test]
fn a_name_is_looked_up_in_the_module_directory() {
    for module in [
        ".cast/modules/docker/castfile",
        ".cast/modules/docker.yaml",
        ".cast/modules/docker.yml",
        ".config/cast/modules/docker/castfile",
    ] {
        assert_eq!(
            ids(&project(&one_module("docker", module), "castfile")),
            ["up"],
            "{module}"
        );
    }
}

#[test]
fn every_name_of_a_module_file_in_order() {
    let names = [
        "cast.mod",
        "cast.module.yaml",
        "cast.module.yml",
        "mod.yaml",
        "mod.yml",
        "castfile.yaml",
        "castfile.yml",
        "castfile",
    ];
    for first in 0..names.len() {
        let mut files = lab([("castfile", "imports: [docker]\n")]);
        for name in &names[first..] {
            let task = format!("tasks: {{up: '{name}'}}\n");
            files.insert(format!("/lab/.cast/modules/docker/{name}"), task);
        }
        assert_eq!(run_of(&project(&files, "castfile"), "up"), names[first]);
    }
}

#[test]
fn a_directory_wins_over_a_file_with_an_ending() {
    let files = lab([
        ("castfile", "imports: [docker]\n"),
        (".cast/modules/docker/castfile", "tasks: {up: directory}\n"),
        (".cast/modules/docker.yaml", "tasks: {up: file}\n"),
    ]);
    assert_eq!(run_of(&project(&files, "castfile"), "up"), "directory");
}

#[test]
fn a_directory_without_a_module_file_does_not_hide_the_file() {
    let files = lab([
        ("castfile", "imports: [docker]\n"),
        (".cast/modules/docker/readme", ""),
        (".cast/modules/docker.yaml", "tasks: {up: file}\n"),
    ]);
    assert_eq!(run_of(&project(&files, "castfile"), "up"), "file");
}

#[test]
fn paths_in_all_forms() {
    for (from, module) in [
        ("./mods/docker", "mods/docker/castfile"),
        ("./mods/docker", "mods/docker.yml"),
        ("./mods/docker/castfile", "mods/docker/castfile"),
        ("../lab/mods/docker.yaml", "mods/docker.yaml"),
        ("/lab/mods/docker", "mods/docker/mod.yaml"),
        ("/elsewhere/docker", "/elsewhere/docker/castfile"),
        ("~/cast/docker", "/home/me/cast/docker/castfile"),
    ] {
        assert_eq!(
            ids(&project(&one_module(from, module), "castfile")),
            ["up"],
            "{from}"
        );
    }
}

#[test]
fn a_module_directory_above_the_nearest_one_is_searched_too() {
    // In the original a stray `.cast` in between hides the repository's.
    let files = lab([
        ("compose/web/castfile", "imports: [docker, local]\n"),
        ("compose/.cast/modules/local/castfile", "tasks: {near: x}\n"),
        (".cast/modules/docker/castfile", "tasks: {up: x}\n"),
        (".cast/modules/local/castfile", "tasks: {far: x}\n"),
    ]);
    assert_eq!(
        ids(&project(&files, "compose/web/castfile")),
        ["up", "near"]
    );
}

#[test]
fn the_search_stops_at_the_repository() {
    let mut files = lab([
        ("repo/castfile", "imports: [docker]\n"),
        (".cast/modules/docker/castfile", "tasks: {up: outside}\n"),
    ]);
    assert!(try_project(&files, "repo/castfile").is_ok());
    files.insert("/lab/repo/.git/HEAD", "");
    assert!(try_project(&files, "repo/castfile").is_err());
    files.insert(
        "/lab/repo/.cast/modules/docker/castfile",
        "tasks: {up: inside}\n",
    );
    assert_eq!(run_of(&project(&files, "repo/castfile"), "up"), "inside");
}

#[test]
fn the_data_directory_of_the_user_comes_last() {
    let files = one_module(
        "docker",
        "/home/me/.local/share/cast/modules/docker/castfile",
    );
    assert_eq!(ids(&project(&files, "castfile")), ["up"]);
    let mut files = one_module("docker", "/srv/data/modules/docker.yaml");
    let env = castfile::Env::from_iter([("CAST_DATA_HOME", "/srv/data")]);
    let dirs = UserDirs::from_env(&env);
    let found = Loader::new(&files, dirs.clone())
        .project("/lab/castfile".into())
        .unwrap();
    assert_eq!(run_of(&found, "up"), "x");
    files.insert("/lab/.cast/modules/docker.yml", "tasks: {up: near}\n");
    let found = Loader::new(&files, dirs)
        .project("/lab/castfile".into())
        .unwrap();
    assert_eq!(run_of(&found, "up"), "near");
}

#[test]
fn a_workspace_prefers_its_config_directory() {
    let modules = [
        (".cast/modules/docker.yaml", "tasks: {up: cast}\n"),
        (".config/cast/modules/docker.yaml", "tasks: {up: config}\n"),
    ];
    let with = |castfile| lab([("castfile", castfile), modules[0], modules[1]]);
    let plain = with("imports: [docker]\n");
    assert_eq!(run_of(&project(&plain, "castfile"), "up"), "cast");
    let workspace = with("imports: [docker]\nworkspace: true\n");
    assert_eq!(run_of(&project(&workspace, "castfile"), "up"), "config");
}

#[test]
fn a_path_in_a_module_starts_at_the_module() {
    // In the original it starts at the root project.
    let files = lab([
        ("castfile", "imports: [docker]\n"),
        (
            ".cast/modules/docker/castfile",
            "imports: [./common, ../net]\ntasks: {up: x}\n",
        ),
        (".cast/modules/docker/common.yaml", "tasks: {common: x}\n"),
        (".cast/modules/net.yaml", "tasks: {net: x}\n"),
        ("common.yaml", "tasks: {wrong: x}\n"),
    ]);
    assert_eq!(ids(&project(&files, "castfile")), ["common", "net", "up"]);
}

#[test]
fn a_fetched_module_is_read_from_the_cache() {
    // The directory is the last segment and the start of the address's SHA-256.
    let files = lab([
        ("castfile", "imports: [github.com/me/mods@v1]\n"),
        (
            ".cast/cache/modules/mods@v1-2bf89b3b/castfile",
            "tasks: {up: x}\n",
        ),
    ]);
    let error = try_project(
        &lab([("castfile", "imports: [github.com/me/mods@v1]\n")]),
        "castfile",
    );
    insta::assert_snapshot!(report(&error.unwrap_err()), @r"
    error[castfile::remote-module]: the module `github.com/me/mods@v1` is remote; fetching modules is not supported yet
      --> castfile:1:11
      help: clone it to `.cast/cache/modules/mods@v1-2bf89b3b`
      help: or copy it to `.cast/modules/` and import it by name
    ");
    let project = project(&files, "castfile");
    assert_eq!(ids(&project), ["up"]);
    assert_eq!(project.modules()[0].name, "mods");
}

#[test]
fn modules_are_named_after_what_was_imported() {
    for (from, module, name) in [
        ("docker", ".cast/modules/docker.yaml", "docker"),
        ("docker.yaml", ".cast/modules/docker.yaml", "docker"),
        ("./mods/docker/castfile", "mods/docker/castfile", "docker"),
        ("./mods/v1.2/", "mods/v1.2/castfile", "v1.2"),
    ] {
        let project = project(&one_module(from, module), "castfile");
        assert_eq!(project.modules()[0].name, name, "{from}");
    }
}

#[test]
fn later_imports_replace_earlier_ones_and_the_project_replaces_all() {
    let files = lab([
        (
            "castfile",
            "imports: [a, b]\ntasks:\n  local: l\n  two: local\n",
        ),
        (
            ".cast/modules/a.yaml",
            "tasks: {one: a, two: a, three: a}\n",
        ),
        (".cast/modules/b.yaml", "tasks: {four: b, three: b}\n"),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(ids(&project), ["one", "two", "three", "four", "local"]);
    let origins: Vec<_> = project
        .tasks()
        .iter()
        .map(|task| {
            let module = project.module_of(task).map_or("own", |module| &module.name);
            let shadowed: Vec<_> = task
                .shadowed
                .iter()
                .map(|old| old.module.map_or("own", |at| &project.modules()[at].name))
                .collect();
            format!("{} {module} [{}]", task.id(), shadowed.join(" "))
        })
        .collect();
    assert_eq!(
        origins,
        [
            "one a []",
            "two own [a]",
            "three b [a]",
            "four b []",
            "local own []"
        ]
    );
    let two = project.task("two").unwrap();
    assert_eq!(two.task.name.span.to_string(), "castfile:4:3");
    assert_eq!(
        two.shadowed[0].task.name.span.to_string(),
        ".cast/modules/a.yaml:1:17"
    );
    assert_eq!(
        project.file_of(project.task("one").unwrap()).path,
        "/lab/.cast/modules/a.yaml"
    );
}

#[test]
fn a_replacement_inherits_nothing() {
    let files = lab([
        ("castfile", "imports: [a]\ntasks: {up: local}\n"),
        (
            ".cast/modules/a.yaml",
            "tasks: {up: {run: a, desc: d, hooks: true, env: {A: 1}}}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    let up = &project.task("up").unwrap().task;
    assert!(up.desc.is_none() && up.hooks.is_none() && up.env.is_empty());
}

#[test]
fn imports_are_depth_first_and_a_module_counts_once() {
    let files = lab([
        ("castfile", "imports: [a, c, b]\n"),
        (
            ".cast/modules/a.yaml",
            "imports: [b]\ntasks: {a: x, who: a}\n",
        ),
        (
            ".cast/modules/b.yaml",
            "imports: [c]\ntasks: {b: x, who: b}\n",
        ),
        (".cast/modules/c.yaml", "tasks: {c: x, who: c}\n"),
    ]);
    let project = project(&files, "castfile");
    let modules: Vec<_> = project
        .modules()
        .iter()
        .map(|module| module.name.as_str())
        .collect();
    assert_eq!(modules, ["c", "b", "a"]);
    assert_eq!(ids(&project), ["c", "who", "b", "a"]);
    // The second import of `c` and `b` does not put their tasks on top again.
    assert_eq!(run_of(&project, "who"), "a");
    assert_eq!(
        project.modules()[0].imported_at.to_string(),
        ".cast/modules/b.yaml:1:11"
    );
}

#[test]
fn an_import_can_take_some_tasks_only() {
    // The original reads `tasks:` and takes all.
    let files = lab([
        ("castfile", "imports: [{from: a, tasks: [up, DOWN]}]\n"),
        (".cast/modules/a.yaml", "tasks: {up: x, down: x, logs: x}\n"),
    ]);
    assert_eq!(ids(&project(&files, "castfile")), ["up", "down"]);
    let none = lab([
        ("castfile", "imports: [{from: a, tasks: []}]\n"),
        (".cast/modules/a.yaml", "env: {A: 1}\ntasks: {up: x}\n"),
    ]);
    let project = project(&none, "castfile");
    assert!(project.tasks().is_empty());
    assert_eq!(project.modules().len(), 1);
}

#[test]
fn two_imports_of_one_module_can_share_its_tasks_out() {
    let files = lab([
        (
            "castfile",
            "imports: [{from: a, tasks: [up]}, b, {from: a, tasks: [up, down]}]\n",
        ),
        (".cast/modules/a.yaml", "tasks: {up: a, down: a, logs: a}\n"),
        (".cast/modules/b.yaml", "tasks: {up: b, down: b}\n"),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(ids(&project), ["up", "down"]);
    assert_eq!(run_of(&project, "up"), "b");
    assert_eq!(run_of(&project, "down"), "a");
}

#[test]
fn a_filter_names_tasks_that_exist() {
    let files = lab([
        (
            "castfile",
            "imports:\n  - from: a\n    tasks: [up, dwon, nothing]\n",
        ),
        (".cast/modules/a.yaml", "tasks: {up: x, down: x}\n"),
    ]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r#"
    error[castfile::unknown-task]: the module `.cast/modules/a.yaml` has no task `dwon`
      --> castfile:3:17: asked for here
      fix: did you mean `down`? [3:17 "down"]
    error[castfile::unknown-task]: the module `.cast/modules/a.yaml` has no task `nothing`
      --> castfile:3:23: asked for here
    "#);
}

#[test]
fn a_task_left_out_by_a_filter_is_named_where_it_is_missed() {
    let files = lab([
        ("castfile", "imports:\n  - {from: a, tasks: [up]}\n"),
        (
            ".cast/modules/a.yaml",
            "tasks:\n  up: {run: x, needs: [net]}\n  net: x\n",
        ),
    ]);
    let error = project(&files, "castfile")
        .plan(&["up"], "default")
        .unwrap_err();
    insta::assert_snapshot!(report(&error), @r"
    error[castfile::unknown-task]: task `up` needs `net`, which is not defined
      --> .cast/modules/a.yaml:2:24: no task of this name in this file or its imports
          castfile:2:12: this import does not take it
      help: add `net` to `tasks` of the import
    ");
    let files = lab([
        ("castfile", "imports:\n  - {from: a, tasks: [up]}\n"),
        (
            ".cast/modules/a.yaml",
            "tasks:\n  up: {extends: base}\n  base: x\n",
        ),
    ]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::unknown-task]: task `up` extends `base`, which is not defined
      --> .cast/modules/a.yaml:2:17: no task of this name in this file or its imports
          castfile:2:12: this import does not take it
      help: add `base` to `tasks` of the import
    ");
}

#[test]
fn a_module_brings_no_settings_of_its_own() {
    // `config`, `workspace` and sub-projects count in the project's own castfile alone.
    let files = lab([
        ("castfile", "imports: [a]\n"),
        (
            ".cast/modules/a.yaml",
            "config: {context: prod, shell: bash}\nworkspace: true\nsubcmds: [db]\ntasks: {up: x}\n",
        ),
    ]);
    let project = project(&files, "castfile");
    assert_eq!(project.default_context(), "default");
    assert!(project.castfile().config.is_none());
    assert!(!project.castfile().is_workspace());
    assert!(project.castfile().subcommands.is_empty());
}

#[test]
fn warnings_of_modules_are_kept() {
    let files = lab([
        ("castfile", "taks: {}\nimports: [a]\n"),
        (".cast/modules/a.yaml", "env: {}\nenv: {}\n"),
    ]);
    insta::assert_snapshot!(findings(project(&files, "castfile").warnings()), @r#"
    warning[castfile::unknown-key]: unknown key `taks` in a castfile; it is ignored
      --> castfile:1:1
      fix: did you mean `tasks`? [1:1 "tasks"]
    warning[castfile::repeated-key]: `env` stands twice; both are read, the later wins where they clash
      --> .cast/modules/a.yaml:2:1: again here
          .cast/modules/a.yaml:1:1: first here
      help: join the two `env` blocks
    "#);
}

#[test]
fn a_missing_module_lists_every_place_that_was_searched() {
    let files = lab([
        ("compose/web/castfile", "imports:\n  - docker\n"),
        (".git/HEAD", ""),
        ("compose/.cast/modules/docker/readme", ""),
    ]);
    insta::assert_snapshot!(
        report(&try_project(&files, "compose/web/castfile").unwrap_err()),
        @r"
    error[castfile::unknown-module]: the module `docker` is not there
      --> compose/web/castfile:2:5: imported here
      help: `compose/.cast/modules/docker` has none of cast.mod, cast.module.yaml, cast.module.yml, mod.yaml, mod.yml, castfile.yaml, castfile.yml, castfile
      help: looked for these, also with `.yaml` and `.yml`:
    compose/web/.cast/modules/docker
    compose/web/.config/cast/modules/docker
    compose/.config/cast/modules/docker
    .cast/modules/docker
    .config/cast/modules/docker
    /home/me/.local/share/cast/modules/docker
    "
    );
    let files = lab([("castfile", "imports: [./nowhere]\n")]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::unknown-module]: the module `./nowhere` is not there
      --> castfile:1:11: imported here
      help: looked for `nowhere`, `nowhere.yaml` and `nowhere.yml`
    ");
}

#[test]
fn all_broken_imports_are_reported_together() {
    let files = lab([
        ("castfile", "imports: [./a, ./b, ./c]\n"),
        ("b.yaml", "tasks:\n  up: {ned: x}\n"),
        ("c.yaml", "imports: [./b]\ntasks: [x]\n"),
    ]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::unknown-module]: the module `./a` is not there
      --> castfile:1:11: imported here
      help: looked for `a`, `a.yaml` and `a.yml`
    error[castfile::unknown-key]: unknown key `ned` in task `up`
      --> b.yaml:2:8
          castfile:1:16: imported here
      help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    error[castfile::wrong-kind]: `tasks` must be a mapping, found a sequence
      --> c.yaml:2:8
          castfile:1:21: imported here
    ");
}

#[test]
fn a_circle_of_imports_names_every_hop() {
    let files = lab([
        ("castfile", "imports: [a]\n"),
        (".cast/modules/a.yaml", "imports: [b]\n"),
        (".cast/modules/b.yaml", "imports: [./c]\n"),
        (".cast/modules/c.yaml", "imports: [a]\n"),
    ]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::import-cycle]: imports run in a circle: .cast/modules/a.yaml -> .cast/modules/b.yaml -> .cast/modules/c.yaml -> .cast/modules/a.yaml
      --> .cast/modules/c.yaml:1:11: leads back
          .cast/modules/a.yaml:1:11: imported here
          .cast/modules/b.yaml:1:11: imported here
      help: move what both need into a third module
    ");
    let files = lab([("castfile", "imports: [./castfile]\n")]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::import-cycle]: imports run in a circle: castfile -> castfile
      --> castfile:1:11: leads back
      help: move what both need into a third module
    ");
}

#[test]
fn a_file_is_read_once_for_many_imports() {
    use std::cell::RefCell;
    use std::io;

    struct Counting(MemoryFiles, RefCell<Vec<String>>);
    impl castfile::Files for Counting {
        fn read(&self, path: &camino::Utf8Path) -> io::Result<Vec<u8>> {
            self.1.borrow_mut().push(path.to_string());
            self.0.read(path)
        }
        fn kind(&self, path: &camino::Utf8Path) -> io::Result<Option<castfile::FileKind>> {
            self.0.kind(path)
        }
        fn list(&self, dir: &camino::Utf8Path) -> io::Result<Vec<castfile::DirEntry>> {
            self.0.list(dir)
        }
    }

    let files = lab([
        (
            "castfile",
            "imports: [docker]\nworkspace: {aliases: {web: ./web}}\n",
        ),
        ("web/castfile", "imports: [docker]\n"),
        (".cast/modules/docker.yaml", "tasks: {up: x}\n"),
        (".env", "A=1\n"),
    ]);
    let files = Counting(files, RefCell::default());
    let loader = Loader::new(&files, user_dirs());
    let found = loader.select("/lab".into(), None, &["@web"]).unwrap();
    loader.project(&found.castfile).unwrap();
    loader.project("/lab/castfile".into()).unwrap();
    let mut read = files.1.borrow().clone();
    read.sort();
    assert_eq!(
        read,
        [
            "/lab/.cast/modules/docker.yaml",
            "/lab/castfile",
            "/lab/web/castfile"
        ]
    );
}

#[test]
fn names_in_messages_are_absolute_unless_a_base_is_given() {
    let files = lab([("castfile", "tasks: [x]\n")]);
    let plain = Loader::new(&files, user_dirs())
        .project("/lab/castfile".into())
        .unwrap_err();
    assert!(
        report(&plain).contains("--> /lab/castfile:1:8"),
        "{}",
        report(&plain)
    );
    let based = loader(&files).project("/lab/castfile".into()).unwrap_err();
    assert!(
        report(&based).contains("--> castfile:1:8"),
        "{}",
        report(&based)
    );
}
