//! Castfiles as people have published them, and what those of a homelab repository should do.

use crate::support::{World, findings, ids, lab, loader, order, project, shown};

/// The shape of the repository that `frostyeti/lab` publishes; the original cannot load its roots.
fn published() -> castfile::MemoryFiles {
    lab([
        (
            "castfile",
            "name: lab
modules:
  compose:
    path: ./compose
  eng:
    path: ./eng
includes:
  - compose/castfile
config:
  dotenv:
    - ?.env
  env:
    LAB_DOMAIN: ${LAB_DOMAIN:-home.arpa}
tasks:
  hello: echo hello
",
        ),
        (
            "compose/castfile",
            "modules:\n  setup: {path: ./setup}\n  web: {path: ./web}\n",
        ),
        (
            "compose/setup/castfile",
            "tasks: {up: docker network create vnet}\n",
        ),
        (
            "compose/web/castfile",
            "imports:
  - docker
env:
  SERVICE_NAME: web
  MNT_DIR: ${MNT_DIR:-../../.mnt}
tasks:
  up:before:
    uses: shell
    run: |
      mkdir -p ${MNT_DIR}/etc/web
",
        ),
        ("compose/web/default/compose.yaml", ""),
        (
            ".cast/modules/docker/castfile",
            "tasks:
  up: {desc: Start, run: docker compose up -d, hooks: true}
  up:prod: {desc: Start in production, run: docker compose -f prod up -d, hooks: true}
  down: docker compose down
",
        ),
        (
            "eng/castfile",
            "tasks:\n  load-prod: |\n    cat << EOF\n    export A=1\n    EOF\n  script: echo script\n",
        ),
    ])
}

#[test]
fn both_roots_load_and_their_words_route() {
    let files = published();
    for (words, castfile) in [
        (&["@compose", "@setup"][..], "/lab/compose/setup/castfile"),
        (&["@compose", "@web:prod"], "/lab/compose/web/castfile"),
        (&["@eng"], "/lab/eng/castfile"),
        (&["@compose"], "/lab/compose/castfile"),
    ] {
        let found = loader(&files).select("/lab".into(), None, words).unwrap();
        assert_eq!(found.castfile, castfile, "{words:?}");
    }
    let root = project(&files, "castfile");
    assert_eq!(findings(root.warnings()), "");
    // Sub-projects never merge their tasks.
    assert_eq!(ids(&root), ["hello"]);
}

#[test]
fn settings_under_config_count() {
    let world = World::new(published());
    assert_eq!(
        shown(&world.base(), &["LAB_DOMAIN"]),
        "LAB_DOMAIN=home.arpa\n"
    );
}

#[test]
fn a_service_has_the_modules_tasks_and_its_own_hooks() {
    let files = published();
    let web = project(&files, "compose/web/castfile");
    assert_eq!(ids(&web), ["up", "up:prod", "down", "up:before"]);
    assert_eq!(order(&web, &["up"], "default"), "up:before up");
    // `cast up:prod` is a task in the default context; `cast -c prod up` chooses it.
    assert_eq!(order(&web, &["up:prod"], "default"), "up:prod");
    assert_eq!(order(&web, &["up"], "prod"), "up:prod");
}

#[test]
fn paths_of_hooks_and_of_compose_start_in_one_directory() {
    // A task of the module runs in the service's directory, as the service's hooks do: what
    // `MNT_DIR` means to both is the same directory, whatever it is relative to.
    let world = World::new(published());
    world.with("compose/web/castfile", |project, session| {
        let base = project.base_env(session).unwrap();
        for task in ["up", "up:before"] {
            let env = project
                .task_env(&base, project.task(task).unwrap(), session)
                .unwrap();
            assert_eq!(env.get("MNT_DIR"), Some("../../.mnt"), "{task}");
        }
        assert_eq!(project.dir(), "/lab/compose/web");
    });
}

#[test]
fn the_published_layout_with_a_module_file_works_too() {
    let files = lab([
        ("castfile", "imports: [docker]\n"),
        (".cast/modules/docker.yaml", "tasks: {up: x}\n"),
    ]);
    assert_eq!(ids(&project(&files, "castfile")), ["up"]);
}

#[test]
fn here_documents_stay_as_they_are_written() {
    let files = published();
    let eng = project(&files, "eng/castfile");
    assert_eq!(
        crate::support::run_of(&eng, "load-prod"),
        "cat << EOF\nexport A=1\nEOF\n"
    );
    assert_eq!(
        order(&eng, &["script", "load-prod"], "default"),
        "script load-prod"
    );
}

#[test]
fn two_blocks_of_tasks_in_one_file() {
    let files = lab([("castfile", "tasks:\n  a: 1\n\ntasks:\n  b: 2\n")]);
    let project = project(&files, "castfile");
    assert_eq!(ids(&project), ["a", "b"]);
    assert_eq!(project.warnings().len(), 1);
}
