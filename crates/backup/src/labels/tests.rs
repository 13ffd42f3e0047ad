use super::{KEYS, Label, Labels, Settings, Stop, read};
use crate::kind::Kind;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Label::new(*value)))
        .collect()
}

fn settings(pairs: &[(&str, &str)]) -> Settings {
    let (settings, found) = read("db", &labels(pairs));
    assert!(found.is_empty(), "{found:?}");
    settings
}

fn findings(pairs: &[(&str, &str)]) -> Vec<String> {
    let (_, found) = read("db", &labels(pairs));
    found
        .iter()
        .map(|found| format!("{} {}", found.code, found.message))
        .collect()
}

#[test]
fn every_key_is_understood() {
    for (key, takes, _) in KEYS {
        let value = match *key {
            "backup.format" => "plain",
            "backup.group-order" => "3",
            "backup.timeout" | "backup.stall-timeout" => "5m",
            "backup.password-file" => "/run/secrets/x",
            "backup.restore.smoke" => "select 1",
            _ => takes.split(',').next().unwrap(),
        };
        let (_, found) = read("db", &labels(&[(key, value)]));
        assert!(found.is_empty(), "{key}={value}: {found:?}");
    }
}

#[test]
fn what_is_wrong_is_said_for_each_label() {
    let found = findings(&[
        ("backup.enabel", "true"),
        ("backup.engine", "oracle"),
        ("backup.group-order", "first"),
        ("backup.password-file", "secrets/db"),
        ("backup.stall-timeout", "0"),
        ("backup.timeout", "soon"),
        ("backup.user", " "),
    ]);
    insta::assert_snapshot!(found.join("\n"), @r"
    backup::unknown-label `db` has the label `backup.enabel`, which does not exist
    backup::label-value `db` has `backup.engine=oracle`, which is not one of postgresql, mysql, mariadb, mssql, redis, mongodb, influxdb, sqlite, none
    backup::label-value `db` has `backup.group-order=first`, which is not a whole number
    backup::label-value `db` has `backup.password-file=secrets/db`, which is not an absolute path in the container
    backup::label-value `db` has `backup.stall-timeout=0`, which is not a duration such as `90s`, `10m`, `1h30m` or `2d`
    backup::label-value `db` has `backup.timeout=soon`, which is not a duration such as `90s`, `10m`, `1h30m` or `2d`
    backup::label-value `db` has `backup.user= `, which is not a text: it is empty
    ");
}

#[test]
fn the_custom_format_needs_databases() {
    assert_eq!(
        findings(&[("backup.format", "custom")]),
        ["backup::format `db` asks for `backup.format=custom` without `backup.databases`"]
    );
    settings(&[("backup.format", "custom"), ("backup.databases", "a, b")]);
}

#[test]
fn commas_in_names_are_escaped() {
    let found = settings(&[("backup.databases", r#"a, b\,c ,"d e""#)]);
    assert_eq!(found.databases, ["a", "b,c", "\"d e\""]);
}

#[test]
fn labels_of_docker_volume_backup() {
    let found = settings(&[
        ("docker-volume-backup.stop-during-backup", "service1"),
        ("docker-volume-backup.archive-pre", "/bin/sh -c 'true'"),
        ("docker-volume-backup.archive-post", "rm /tmp/x"),
        ("docker-volume-backup.archive-pre.user", "root"),
    ]);
    assert_eq!(found.stop, Some(Stop::Stop));
    assert_eq!(found.pre.as_deref(), Some("/bin/sh -c 'true'"));
    assert_eq!(found.post.as_deref(), Some("rm /tmp/x"));
    assert_eq!(found.hook_user.as_deref(), Some("root"));
    let found = findings(&[
        ("docker-volume-backup.copy-post", "x"),
        ("docker-volume-backup.stop-during-backup", "true"),
        ("docker-volume-backup.stop-during-backup-no-restart", "true"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @"
    backup::alias `db`: the label `docker-volume-backup.copy-post` has no counterpart here
    backup::alias `db`: `docker-volume-backup.stop-during-backup-no-restart` is read as a stop with a start after it
    backup::stop `db` has both `docker-volume-backup.stop-during-backup` and `…-no-restart`
    ");
}

#[test]
fn labels_of_stack_back_and_its_ancestor() {
    for prefix in ["stack-back", "restic-compose-backup"] {
        let key = |rest: &str| format!("{prefix}.{rest}");
        let found = settings(&[
            (&key("mariadb"), "true"),
            (&key("volumes"), "true"),
            (&key("volumes.include"), "files,data"),
            (&key("volumes.exclude"), "cache"),
        ]);
        assert_eq!(found.engine, Some(Some(Kind::MariaDb)));
        assert_eq!(found.volumes, Some(true));
        assert_eq!((found.include.len(), found.exclude.len()), (2, 1));
        let found = settings(&[(&key("postgres"), "false")]);
        assert_eq!(found.enable, Some(false));
        let found = settings(&[(&key("volumes.stop-during-backup"), "true")]);
        assert_eq!(found.stop, Some(Stop::Stop));
    }
}

#[test]
fn our_labels_win() {
    let found = settings(&[
        ("docker-volume-backup.stop-during-backup", "true"),
        ("backup.stop", "pause"),
        ("stack-back.mysql", "true"),
        ("backup.engine", "none"),
    ]);
    assert_eq!(found.stop, Some(Stop::Pause));
    assert_eq!(found.engine, Some(None));
}
