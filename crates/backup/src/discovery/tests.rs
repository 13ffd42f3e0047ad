use camino::{Utf8Path, Utf8PathBuf};

use super::{Limits, Mount, Service, classify, sqlite_files};
use crate::labels::{Label, read};

fn kind(image: &str, mounts: &[&str], variables: &[&str]) -> String {
    let mut service = Service::new("p", "s");
    service.image = image.to_owned();
    service.mounts = mounts
        .iter()
        .map(|target| Mount::bind("/srv/x", *target))
        .collect();
    for variable in variables {
        service.set_variable(variable, Some("x"));
    }
    let (settings, _) = read("s", &service.labels);
    match classify(&service, &settings) {
        Some(found) => format!(
            "{} ({}{})",
            found.kind.name(),
            found.why,
            if found.certain { "" } else { "?" }
        ),
        None => "-".to_owned(),
    }
}

#[test]
fn images_are_known_by_their_last_name() {
    for (image, expected) in [
        ("postgres:15", "postgresql"),
        (
            "ghcr.io/immich-app/postgres:14-vectorchord0.4.3",
            "postgresql",
        ),
        ("postgis/postgis", "postgresql"),
        ("timescale/timescaledb-ha:pg17", "postgresql"),
        ("pgvector/pgvector:pg16", "postgresql"),
        ("bitnami/postgresql", "postgresql"),
        ("supabase/postgres:15.8", "postgresql"),
        ("localhost:5000/mariadb:10.11@sha256:abc", "mariadb"),
        ("lscr.io/linuxserver/mariadb:latest", "mariadb"),
        ("mysql:8", "mysql"),
        ("percona/percona-server:8.0", "mysql"),
        ("mcr.microsoft.com/mssql/server:2022-latest", "mssql"),
        ("mcr.microsoft.com/azure-sql-edge", "mssql"),
        ("redis:7-alpine", "redis"),
        ("docker.io/valkey/valkey:8", "redis"),
        ("eqalpha/keydb", "redis"),
        ("mongo:7", "mongodb"),
        ("percona/percona-server-mongodb", "mongodb"),
        ("influxdb:2.7", "influxdb"),
        ("prometheuscommunity/postgres-exporter", "-"),
        ("oliver006/redis_exporter", "-"),
        ("dpage/pgadmin4", "-"),
        ("mongo-express", "-"),
        ("phpmyadmin/phpmyadmin", "-"),
        ("prodrigestivill/postgres-backup-local:15", "-"),
        ("tiredofit/db-backup", "-"),
        ("nginx", "-"),
        ("", "-"),
        ("sha256:0123", "-"),
    ] {
        let found = kind(image, &[], &[]);
        let name = found.split(' ').next().unwrap();
        assert_eq!(name, expected, "{image}");
    }
}

#[test]
fn without_a_known_name_the_mounts_tell() {
    let found = [
        kind(
            "sha256:00",
            &["/var/lib/postgresql/data"],
            &["POSTGRES_PASSWORD"],
        ),
        kind("our/db", &["/var/lib/postgresql/data"], &[]),
        kind("", &["/var/lib/mysql"], &["MYSQL_ROOT_PASSWORD"]),
        kind("our/db", &["/var/opt/mssql/data"], &["SA_PASSWORD"]),
        kind("our/db", &["/data/db"], &[]),
        kind("our/app", &["/data"], &["POSTGRES_PASSWORD"]),
        kind("our/postgres-backup", &["/var/lib/postgresql/data"], &[]),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    postgresql (`/var/lib/postgresql/data` is mounted and `POSTGRES_PASSWORD` is set)
    postgresql (`/var/lib/postgresql/data` is mounted?)
    mysql (`/var/lib/mysql` is mounted and `MYSQL_ROOT_PASSWORD` is set)
    mssql (`/var/opt/mssql/data` is mounted and `SA_PASSWORD` is set)
    mongodb (`/data/db` is mounted?)
    -
    -
    ");
}

#[test]
fn a_label_overrides_the_image() {
    let mut service = Service::new("p", "s");
    service.image = "postgres".to_owned();
    service
        .labels
        .insert("backup.engine".to_owned(), Label::new("none"));
    let (settings, _) = read("s", &service.labels);
    assert_eq!(classify(&service, &settings), None);
}

#[test]
fn values_that_may_be_secrets_are_dropped() {
    let mut service = Service::new("p", "s");
    service.set_variable("POSTGRES_PASSWORD", Some("hunter2"));
    service.set_variable("POSTGRES_USER", Some("app"));
    let shown = format!("{service:?}");
    assert!(!shown.contains("hunter2") && shown.contains("app"));
}

#[test]
fn sqlite_files_are_found_by_their_first_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let dir = Utf8Path::from_path(dir.path()).unwrap();
    let make = |path: &str, bytes: &[u8]| {
        let path: Utf8PathBuf = dir.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, bytes).unwrap();
    };
    let mut database = b"SQLite format 3\0".to_vec();
    database.resize(4096, 0);
    make("app/data.db", &database);
    make("app/sub/no-extension", &database);
    make("app/notes.db", b"not a database, whatever it is called");
    make("app/a/b/c/d/e/deep.db", &database);
    // The last page was cut off by a crash; or it is no database but something longer.
    make("app/torn", &database[..4000]);
    make("app/torn-wal", b"");
    make("app/longer", &database[..4000]);
    let mounts = [
        Mount::bind(dir.join("app"), "/config/"),
        Mount::bind(dir.join("app"), "/ro").read_only(),
        Mount::bind("/etc", "/host-etc"),
    ];
    let (found, cut) = sqlite_files(&mounts, Limits::default());
    let targets: Vec<&str> = found.iter().map(|file| file.target.as_str()).collect();
    assert_eq!(
        targets,
        [
            "/config/data.db",
            "/config/sub/no-extension",
            "/config/torn"
        ]
    );
    assert!(cut, "there was more below");
    let few = Limits {
        entries: 1,
        ..Limits::default()
    };
    assert!(sqlite_files(&mounts, few).1);
}
