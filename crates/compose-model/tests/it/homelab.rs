//! What homelab guides get wrong, visible in the model.

use compose_model::model::UpdateOrder;
use compose_model::{FileArg, MemoryFiles, NameOrigin, Options, load};

use crate::support::{options, project, project_of, project_with};

#[test]
fn w1_start_first_has_no_effect_outside_of_swarm() {
    let project = project(
        "services:\n  web:\n    image: nginx\n    deploy:\n      replicas: 2\n      update_config:\n        order: start-first\n        failure_action: rollback\n      placement: {constraints: [node.role==manager]}\n",
    );
    let web = project.service("web").unwrap();
    let deploy = web.deploy.as_ref().unwrap();
    let order = deploy
        .update_config
        .as_ref()
        .unwrap()
        .order
        .as_ref()
        .unwrap();
    assert_eq!(order.value, UpdateOrder::StartFirst);
    assert_eq!(order.place().unwrap().to_string(), "compose.yaml:7:16");
    let found = web.swarm_only().into_iter();
    let found: Vec<_> = found
        .map(|it| (it.to_string(), it.key.unwrap().to_string()))
        .collect();
    let expected = [
        ("deploy.placement", "compose.yaml:9:7"),
        ("deploy.update_config", "compose.yaml:6:7"),
    ];
    assert_eq!(
        found,
        expected.map(|(path, place)| (path.to_owned(), place.to_owned()))
    );
}

#[test]
fn w2_a_container_name_with_replicas_is_an_error() {
    for (more, scale) in [
        ("scale: 2", 2),
        ("deploy: {replicas: 2}", 2),
        ("scale: 1", 1),
    ] {
        let text =
            format!("services:\n  web:\n    image: nginx\n    container_name: web\n    {more}\n");
        let files = MemoryFiles::from([("/lab/compose.yaml", text.as_str())]);
        match load(&files, &options()) {
            Ok(project) => {
                assert_eq!(scale, 1, "{more}");
                let web = project.service("web").unwrap();
                assert_eq!(project.container_names(&web).collect::<Vec<_>>(), ["web"]);
            }
            Err(found) => {
                assert_eq!(scale, 2, "{more}");
                let found = found[0].to_string();
                assert!(found.contains("container name must be unique"), "{found}");
                assert!(found.starts_with("compose.yaml:4:"), "{found}");
            }
        }
    }
}

#[test]
fn w12_a_command_in_an_env_file_stays_text_and_is_seen() {
    let project = project_of([
        (
            "compose.yaml",
            "services:\n  db:\n    image: postgres\n    environment:\n      PASSWORD: ${PASSWORD}\n    env_file: db.env\n",
        ),
        (".env", "PASSWORD=$(kpv secrets ensure db)\n"),
        ("db.env", "OTHER=\"$(kpv secrets ensure other)\"\n"),
    ]);
    let db = project.service("db").unwrap();
    let password = &db.environment["PASSWORD"];
    assert_eq!(password.as_deref(), Some("$(kpv secrets ensure db)"));
    assert_eq!(password.variables()[0].name, "PASSWORD");

    // Where it comes from, and that nothing was put in there.
    let line = project.variable("PASSWORD").unwrap();
    assert_eq!(line.place().unwrap().to_string(), ".env:1:1");
    assert_eq!(line.written(), Some("$(kpv secrets ensure db)"));
    assert!(line.literal().is_some());

    let other = &db.environment["OTHER"];
    assert_eq!(other.as_deref(), Some("$(kpv secrets ensure other)"));
    assert_eq!(other.place().unwrap().to_string(), "db.env:1:1");
    assert!(other.literal().is_some());
}

#[test]
fn w19_what_names_a_project_is_seen() {
    let plain = ("compose.yaml", "services: {web: {image: nginx}}");
    let named = (
        "compose.yaml",
        "name: ${STACK:-shop}\nservices: {web: {image: nginx}}",
    );

    // Two stacks in directories of one name are one project to the engine.
    let stack = |dir: &str| {
        let path = format!("{dir}/compose.yaml");
        let files = MemoryFiles::from([(path.as_str(), plain.1)]);
        load(&files, &Options::new(dir, options().env)).unwrap()
    };
    let (one, other) = (stack("/lab/blog/prod"), stack("/lab/shop/prod"));
    assert_eq!(
        (&one.name, &one.name_origin),
        (&other.name, &other.name_origin)
    );
    assert_eq!(one.name_origin, NameOrigin::Directory);

    let origin = |project: &compose_model::Project| match &project.name_origin {
        NameOrigin::Key(place) => format!("{} key {place} {}", project.name, place.text()),
        NameOrigin::Variable(place) => {
            let place = place.as_ref().map(ToString::to_string);
            format!("{} variable {}", project.name, place.unwrap_or_default())
        }
        other => format!("{} {other:?}", project.name),
    };
    assert_eq!(
        origin(&project_of([named])),
        "shop key compose.yaml:1:7 ${STACK:-shop}"
    );
    let of_file = project_of([named, (".env", "\nCOMPOSE_PROJECT_NAME=file\n")]);
    assert_eq!(origin(&of_file), "file variable .env:2:1");

    let mut of_process = options();
    of_process
        .env
        .insert("COMPOSE_PROJECT_NAME".to_owned(), "process".to_owned());
    let files = [named, (".env", "COMPOSE_PROJECT_NAME=file\n")];
    assert_eq!(
        origin(&project_with(&of_process, files)),
        "process variable "
    );

    of_process.project_name = Some("flag".to_owned());
    assert_eq!(origin(&project_with(&of_process, files)), "flag Flag");

    // Of several files the last name counts.
    let mut two = options();
    two.files = ["compose.yaml", "b.yaml", "c.yaml"]
        .map(|it| FileArg::Path(it.into()))
        .into();
    let found = project_with(
        &two,
        [named, ("b.yaml", "name: b\n"), ("c.yaml", "x-c: 1\n")],
    );
    assert_eq!(origin(&found), "b key b.yaml:1:7 b");
}
