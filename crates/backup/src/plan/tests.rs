use super::{Nothing, Options, plan};
use crate::discovery::{Mount, Running, Service};
use crate::labels::Label;

fn service(project: &str, name: &str, image: &str, labels: &[(&str, &str)]) -> Service {
    let mut service = Service::new(project, name);
    service.image = image.to_owned();
    service.root = Some("/mnt".into());
    for (key, value) in labels {
        service.labels.insert((*key).to_owned(), Label::new(*value));
    }
    service.container = Some(Running {
        id: format!("id-{name}"),
        name: format!("{project}-{name}-1"),
        state: engine::State::Running,
        image_id: "sha256:1".to_owned(),
    });
    service
}

fn shown(services: Vec<Service>) -> String {
    let (plan, found) = plan(services, &Options::default(), &Nothing);
    let found: Vec<String> = found
        .iter()
        .map(|found| format!("{}: {found}\n", found.code))
        .collect();
    format!("{plan}{}", found.concat())
}

#[test]
fn a_group_stops_who_needs_before_who_is_needed() {
    let stop = [("backup.stop", "true"), ("backup.group", "shop")];
    let mut web = service("shop", "web", "nginx", &stop);
    web.depends_on = vec!["app".to_owned()];
    let mut app = service(
        "shop",
        "app",
        "our/app",
        &[("backup.stop", "pause"), ("backup.group", "shop")],
    );
    app.depends_on = vec!["db".to_owned()];
    let mut db = service(
        "shop",
        "db",
        "postgres:17",
        &[
            ("backup.group", "shop"),
            ("backup.databases", "shop,it's -e"),
        ],
    );
    db.mounts = vec![Mount::volume("shop_db", "/var/lib/postgresql/data")];
    insta::assert_snapshot!(shown(vec![app, db, web]));
}

#[test]
fn mounts_are_copied_if_they_hold_data() {
    let mut app = service("p", "app", "our/app", &[]);
    app.mounts = vec![
        Mount::bind("/mnt/data/app", "/data"),
        Mount::bind("/var/run/docker.sock", "/var/run/docker.sock"),
        Mount::bind("/repo/etc", "/etc/app").read_only(),
        Mount::volume("p_cache", "/cache"),
    ];
    let mut other = service(
        "p",
        "other",
        "our/other",
        &[("backup.volumes.exclude", "tmp")],
    );
    other.mounts = vec![
        Mount::bind("/mnt/data/app", "/shared"),
        Mount::volume("p_tmp", "/scratch"),
    ];
    let off = service("p", "off", "postgres", &[("backup.enable", "false")]);
    insta::assert_snapshot!(shown(vec![app, other, off]));
}

#[test]
fn what_cannot_be_is_said() {
    let stopped = service("p", "db", "mariadb", &[("backup.stop", "true")]);
    let mut unknown = service("p", "odd", "our/thing", &[]);
    unknown.mounts = vec![Mount::bind("/mnt/x", "/var/lib/mysql")];
    let mut nowhere = service("q", "cache", "redis:7", &[]);
    nowhere.root = Some("".into());
    let mut gone = service("p", "gone", "mongo", &[]);
    gone.container = None;
    let custom = service(
        "p",
        "m",
        "mysql",
        &[("backup.format", "custom"), ("backup.databases", "a")],
    );
    insta::assert_snapshot!(shown(vec![stopped, unknown, nowhere, gone, custom]));
}

#[test]
fn services_of_one_name_do_not_share_a_directory() {
    let (plan, _) = plan(
        vec![
            service("a", "db", "redis", &[]),
            service("b", "db", "redis", &[]),
            service("b", "x", "redis", &[]),
        ],
        &Options::default(),
        &Nothing,
    );
    let dirs: Vec<_> = plan.dumps().map(|dump| dump.directory.as_str()).collect();
    assert_eq!(
        dirs,
        ["/mnt/backups/a-db", "/mnt/backups/b-db", "/mnt/backups/x"]
    );
}

#[test]
fn one_service_can_be_asked_for() {
    let all = || {
        vec![
            service("a", "db", "redis", &[]),
            service("b", "db", "redis", &[]),
        ]
    };
    let options = Options {
        only: vec!["b/db".to_owned()],
        ..Options::default()
    };
    let (found, _) = plan(all(), &options, &Nothing);
    assert_eq!(found.dumps().count(), 1);
    let options = Options {
        only: vec!["dbb".to_owned()],
        ..Options::default()
    };
    let (_, found) = plan(all(), &options, &Nothing);
    assert_eq!(found[0].message, "there is no service `dbb`");
}
