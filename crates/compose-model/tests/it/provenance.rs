//! Where values come from: through merging, `extends`, `include` and files of variables.

use compose_model::model::{Service, Sourced};
use compose_model::{FileArg, Project};

use crate::support::{options, project, project_of, project_with};

fn place<T>(value: &Sourced<T>) -> String {
    value.place().map(ToString::to_string).unwrap_or_default()
}

fn web(project: &Project) -> Service {
    project.service("web").unwrap()
}

/// The place, value and template of a variable of the container.
fn variable(service: &Service, name: &str) -> (String, String, String) {
    let value = &service.environment[name];
    (
        place(value),
        value.as_deref().unwrap_or("unset").to_owned(),
        value.template.as_deref().unwrap_or_default().to_owned(),
    )
}

fn is(found: &(String, String, String), place: &str, value: &str, template: &str) {
    let (one, two, three) = found;
    assert_eq!((&**one, &**two, &**three), (place, value, template));
}

#[test]
fn a_default_is_told_from_a_literal() {
    let project = project(
        "services:\n  web:\n    image: nginx:${TAG:-1.27}\n    user: app\n    hostname: $${HOST}\n",
    );
    let web = web(&project);

    let image = web.image.as_ref().unwrap();
    assert_eq!(image.to_string(), "nginx:1.27");
    assert_eq!(image.written(), Some("nginx:${TAG:-1.27}"));
    assert_eq!(image.literal(), None);
    let variable = &image.variables()[0];
    assert_eq!((variable.name, variable.default), ("TAG", Some("1.27")));
    assert_eq!(place(image), "compose.yaml:3:12");

    let user = web.user.as_ref().unwrap();
    assert_eq!(user.literal().map(String::as_str), Some("app"));
    assert_eq!(user.written(), Some("app"));

    // An escaped dollar is no variable.
    let host = web.hostname.as_ref().unwrap();
    assert_eq!(host.literal().map(String::as_str), Some("${HOST}"));
    assert_eq!(host.written(), Some("$${HOST}"));
}

#[test]
fn numbers_sizes_and_durations_keep_their_templates() {
    let project = project(
        "services:\n  web:\n    image: nginx\n    mem_limit: ${MEM:-1g}\n    \
         stop_grace_period: ${GRACE:-90s}\n    ports: ['${PORT:-8080}:80']\n    \
         privileged: ${ROOT:-true}\n    deploy: {replicas: '${N:-3}'}\n",
    );
    let web = web(&project);
    assert_eq!(web.mem_limit.as_ref().unwrap().get(), 1 << 30);
    assert_eq!(
        web.mem_limit.as_ref().unwrap().written(),
        Some("${MEM:-1g}")
    );
    let grace = web.stop_grace_period.as_ref().unwrap();
    assert_eq!(
        (grace.to_string().as_str(), grace.written()),
        ("1m30s", Some("${GRACE:-90s}"))
    );
    let published = web.ports[0].published.as_ref().unwrap();
    assert_eq!(published.first(), 8080);
    assert_eq!(published.variables()[0].default, Some("8080"));
    assert_eq!(web.privileged.as_ref().unwrap().literal(), None);
    let deploy = web.deploy.as_ref().unwrap();
    let replicas = deploy.replicas.as_ref().unwrap();
    assert_eq!((replicas.value, replicas.written()), (3, Some("${N:-3}")));
    assert_eq!(place(replicas), "compose.yaml:8:24");
}

#[test]
fn of_merged_files_each_value_has_its_own() {
    let mut options = options();
    options.files = ["base.yaml", "prod.yaml"]
        .map(|it| FileArg::Path(it.into()))
        .into();
    let project = project_with(
        &options,
        [
            (
                "base.yaml",
                "services:\n  web:\n    image: nginx:1\n    user: app\n    environment:\n      A: base\n      B: base\n    \
                 ports: ['80:80']\n",
            ),
            (
                "prod.yaml",
                "services:\n  web:\n    image: nginx:2\n    environment:\n    - B=$$prod\n    - C=${C:-c}\n    ports: ['81:80']\n",
            ),
        ],
    );
    let web = web(&project);
    assert_eq!(place(web.image.as_ref().unwrap()), "prod.yaml:3:12");
    assert_eq!(place(web.user.as_ref().unwrap()), "base.yaml:4:11");
    is(&variable(&web, "A"), "base.yaml:6:10", "base", "");
    is(&variable(&web, "B"), "prod.yaml:5:7", "$prod", "$$prod");
    is(&variable(&web, "C"), "prod.yaml:6:7", "c", "${C:-c}");
    let ports: Vec<_> = web.ports.iter().map(place).collect();
    assert_eq!(ports, ["base.yaml:8:13", "prod.yaml:7:13"]);
}

#[test]
fn of_extended_services_each_value_has_its_own() {
    let project = project_of([
        (
            "compose.yaml",
            "services:\n  web:\n    extends: {file: common/base.yaml, service: base}\n    user: app\n",
        ),
        (
            "common/base.yaml",
            "services:\n  base:\n    image: nginx:${TAG:-1}\n    volumes: ['./conf:/conf']\n",
        ),
    ]);
    let web = web(&project);
    let image = web.image.as_ref().unwrap();
    assert_eq!(place(image), "common/base.yaml:3:12");
    assert_eq!(image.written(), Some("nginx:${TAG:-1}"));
    assert_eq!(place(web.user.as_ref().unwrap()), "compose.yaml:4:11");
    let (mount, source) = web.bind_mounts().next().unwrap();
    assert_eq!(source, "/lab/common/conf");
    assert_eq!(place(mount), "common/base.yaml:4:15");
}

#[test]
fn of_included_projects_each_value_has_its_own() {
    let project = project_of([
        (
            "compose.yaml",
            "include: [db/compose.yaml]\nservices:\n  web: {image: nginx}\n  db:\n    user: app\n",
        ),
        (
            "db/compose.yaml",
            "services:\n  db:\n    image: postgres:${PG}\n    volumes: ['data:/data']\nvolumes:\n  data:\n    name: ${NAME:-pg}\n",
        ),
        ("db/.env", "PG=16\n"),
    ]);
    let db = project.service("db").unwrap();
    let image = db.image.as_ref().unwrap();
    assert_eq!(image.effective_tag(), Some("16"));
    assert_eq!(
        (&*place(image), image.written()),
        ("db/compose.yaml:3:12", Some("postgres:${PG}"))
    );
    assert_eq!(place(db.user.as_ref().unwrap()), "compose.yaml:5:11");
    let data = project.volume("data").unwrap();
    assert_eq!(place(&data.name), "db/compose.yaml:7:11");
    assert_eq!(data.name.variables()[0].default, Some("pg"));
}

#[test]
fn merge_keys_and_aliases_have_places() {
    let project = project(
        "x-common: &common\n  image: nginx\n  user: app\n  hostname: &host web\nservices:\n  web:\n    <<: *common\n    user: root\n    domainname: *host\n",
    );
    let web = web(&project);
    assert_eq!(place(web.image.as_ref().unwrap()), "compose.yaml:2:10");
    assert_eq!(place(web.user.as_ref().unwrap()), "compose.yaml:8:11");
    // An alias stands where it is used.
    let domain = web.domainname.as_ref().unwrap();
    assert_eq!(
        (domain.as_str(), &*place(domain)),
        ("web", "compose.yaml:9:17")
    );
    assert_eq!(
        project.extensions().keys().collect::<Vec<_>>(),
        ["x-common"]
    );
}

#[test]
fn variables_from_an_env_file_have_their_line_there() {
    let project = project_of([
        (
            "compose.yaml",
            "services:\n  web:\n    image: nginx\n    env_file: [one.env, '${SECOND:-two.env}']\n    environment: {D: own}\n",
        ),
        (
            "one.env",
            "# comment\nA=1\nB='$literal'\nHOST=nas\nURL=\"http://$HOST/\"\n",
        ),
        ("two.env", "export A=2 # later\nD=lost\n"),
    ]);
    let web = web(&project);
    is(&variable(&web, "A"), "two.env:1:1", "2", "");
    is(&variable(&web, "B"), "one.env:3:1", "$literal", "");
    is(
        &variable(&web, "URL"),
        "one.env:5:1",
        "http://nas/",
        "http://$HOST/",
    );
    is(&variable(&web, "D"), "compose.yaml:5:22", "own", "");
    assert!(web.environment["URL"].is_interpolated());
    assert!(web.env_file.is_empty());
}

#[test]
fn env_files_that_are_not_read_stay() {
    let mut options = options();
    options.resolve_env = false;
    let text = "services: {web: {image: nginx, env_file: [a.env, {path: b.env, required: false, format: raw}]}}";
    let web = web(&project_with(&options, [("compose.yaml", text)]));
    let paths: Vec<_> = web.env_file.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["/lab/a.env", "/lab/b.env"]);
    assert_eq!(web.env_file[1].required.as_deref(), Some(&false));
}

#[test]
fn labels_from_a_label_file_have_their_line_there() {
    let project = project_of([
        (
            "compose.yaml",
            "services:\n  web:\n    image: nginx\n    label_file: web.labels\n    labels: [own, 'b=2']\n",
        ),
        ("web.labels", "a=1\nb=1\n"),
    ]);
    let web = web(&project);
    let labels = web.labels.iter();
    let labels = labels.map(|(key, value)| format!("{key}={value} {}", place(value)));
    let expected = [
        "a=1 web.labels:1:1",
        "b=2 compose.yaml:5:19",
        "own= compose.yaml:5:14",
    ];
    assert_eq!(labels.collect::<Vec<_>>(), expected);
}

#[test]
fn a_variable_without_a_value_takes_one_and_is_no_literal() {
    let mut options = options();
    options.env.insert("TOKEN".to_owned(), "secret".to_owned());
    for environment in [
        "[TOKEN, NONE, EMPTY=]",
        "{TOKEN: , NONE: , EMPTY: ''}",
        "{TOKEN: null, NONE: ~, EMPTY: \"\"}",
    ] {
        let text = format!("services:\n  web:\n    image: nginx\n    environment: {environment}\n");
        let web = web(&project_with(&options, [("compose.yaml", &text)]));
        let token = &web.environment["TOKEN"];
        assert_eq!(token.as_deref(), Some("secret"), "{environment}");
        assert_eq!(token.literal(), None, "{environment}");
        assert_eq!(token.variables()[0].name, "TOKEN", "{environment}");
        assert_eq!(web.environment["NONE"].value, None, "{environment}");
        assert_eq!(
            web.environment["EMPTY"].as_deref(),
            Some(""),
            "{environment}"
        );
        assert!(
            web.environment["EMPTY"].literal().is_some(),
            "{environment}"
        );
    }
}

#[test]
fn what_compose_adds_is_nowhere() {
    let project = project("services:\n  web:\n    image: nginx\n    ports: ['80']\n    build: .\n");
    let web = web(&project);
    let (network, attachment) = &project.networks_of(&web)[0];
    assert_eq!(
        (network.key.as_str(), network.name.as_str()),
        ("default", "lab_default")
    );
    assert_eq!((attachment.place(), network.name.written()), (None, None));
    // A default within something written has its place.
    let dockerfile = web.build.as_ref().unwrap().dockerfile.clone().unwrap();
    assert_eq!(
        (dockerfile.as_str(), dockerfile.place()),
        ("Dockerfile", None)
    );
    assert_eq!(
        place(web.ports[0].protocol.as_ref().unwrap()),
        "compose.yaml:4:13"
    );
}

#[test]
fn variables_of_the_project_say_which_file_set_them() {
    let mut options = options();
    options
        .env
        .insert("FROM_PROCESS".to_owned(), "p".to_owned());
    let project = project_with(
        &options,
        [
            ("compose.yaml", "services: {web: {image: nginx}}"),
            (".env", "A=1\nFROM_PROCESS=lost\nB=${A}2\n"),
        ],
    );
    let b = project.variable("B").unwrap();
    assert_eq!(
        (b.as_str(), b.written(), &*place(&b)),
        ("12", Some("${A}2"), ".env:3:1")
    );
    let process = project.variable("FROM_PROCESS").unwrap();
    assert_eq!((process.as_str(), process.place()), ("p", None));
    assert!(project.variable("NONE").is_none());
}
