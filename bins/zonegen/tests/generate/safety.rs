//! What keeps records from being lost.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::Place;

const CONFIG: &str = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}, file: db}
environments:
  prod: {target: 192.168.1.10, compose: compose.yaml}
output: out
";

fn compose(count: usize) -> String {
    let services = (0..count)
        .map(|at| format!("  s{at}:\n    image: x\n    labels: {{caddy: s{at}.home.arpa}}\n"));
    format!(
        "name: l\nservices:\n  idle: {{image: x}}\n{}",
        services.collect::<String>()
    )
}

fn place(count: usize) -> Place {
    let place = Place::new(&[("zonegen.yaml", CONFIG), ("compose.yaml", &compose(count))]);
    place.good("generate");
    place
}

#[test]
fn an_empty_source_deletes_nothing() {
    let place = place(2);
    let text = place.read("out/db");
    place.write("compose.yaml", &compose(0));
    place.bad("generate", "zonegen::empty-source");
    assert_eq!(place.read("out/db"), text);
    place.good("generate --allow-empty");
    assert!(!place.read("out/db").contains("s0"));
}

#[test]
fn a_source_that_cannot_be_read_deletes_nothing() {
    let place = place(2);
    let text = place.read("out/db");
    for (file, code) in [
        ("services: [", "yaml::syntax"),
        ("services: {s0: {image: x, labels: 1}}", ""),
    ] {
        place.write("compose.yaml", file);
        let outcome = place.run("generate --allow-empty --max-delete 100%");
        assert_eq!(outcome.code, 1, "{file}");
        assert!(
            outcome.err.contains(code) && outcome.err.contains("compose.yaml:1:"),
            "{}",
            outcome.err
        );
        assert_eq!(place.read("out/db"), text);
    }
    fs_err::remove_file(place.path().join("compose.yaml")).unwrap();
    place.bad("generate --allow-empty", "zonegen::no-file");
    place.write(
        "zonegen.yaml",
        &CONFIG.replace("compose.yaml", "'*/compose.yaml'"),
    );
    place.bad("generate --allow-empty", "zonegen::no-file");
    assert_eq!(place.read("out/db"), text);
}

#[test]
fn small_zones_may_change_by_large_parts_and_large_ones_not() {
    let small = place(4);
    small.write("compose.yaml", &compose(1));
    small.good("generate");
    let large = place(20);
    let text = large.read("out/db");
    large.write("compose.yaml", &compose(5));
    let err = large.bad("generate", "zonegen::too-many-deletions");
    assert!(err.contains("15 of 22 records"), "{err}");
    assert_eq!(large.read("out/db"), text);
    large.bad("generate --max-delete 14", "zonegen::too-many-deletions");
    large.bad(
        "generate --max-delete 14,60%",
        "zonegen::too-many-deletions",
    );
    large.good("generate --max-delete 14,70% --dry-run");
    large.good("generate --max-delete 15");
    // Another address is no deletion.
    large.write(
        "zonegen.yaml",
        &CONFIG.replace("target: 192.168.1.10", "target: 192.168.1.99"),
    );
    large.good("generate --max-delete 0");
    assert!(large.run("generate --max-delete x").code == 2);
}

#[test]
fn looking_writes_nothing() {
    let place = Place::new(&[("zonegen.yaml", CONFIG), ("compose.yaml", &compose(1))]);
    let out = place.good("generate --dry-run");
    assert!(
        out.contains(
            "+ s0.home.arpa. 300 IN A 192.168.1.10  ; Caddy, service s0 (compose.yaml:6:21)"
        ),
        "{out}"
    );
    let diff = place.good("generate --diff");
    assert!(
        diff.starts_with("--- /dev/null\n+++ out/db\n")
            && diff.contains("\n+s0.home.arpa. 300 IN A 192.168.1.10\n"),
        "{diff}"
    );
    assert_eq!(place.run("generate --expect-no-changes").code, 1);
    assert!(!place.path().join("out").exists());
    place.good("generate");
    assert_eq!(place.good("generate --diff"), "");
    place.good("generate --expect-no-changes");
}

#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let place = place(1);
    let text = place.read("out/db");
    place.write("compose.yaml", &compose(2));
    // Root writes into directories that are read-only: a file that is does as well.
    let path = place.path().join("out/db");
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let outcome = place.run("generate");
    assert!(
        outcome.code == 1 && outcome.err.contains("read-only"),
        "{outcome:?}"
    );
    assert_eq!(place.read("out/db"), text);
    let names: Vec<_> = fs_err::read_dir(place.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["db"]);
}

#[test]
fn nothing_is_written_that_a_check_refuses() {
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        (
            "compose.yaml",
            "name: l\nservices:\n  w:\n    image: x\n    labels: {dns.name: home.arpa, dns.value: other.example.net}\n",
        ),
    ]);
    let outcome = place.run("generate");
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(!place.path().join("out/db").exists());
}

#[test]
fn two_files_or_none() {
    let config = CONFIG.replace("output:", "  # more\noutput:").replace(
        "zones:\n",
        "zones:\n  example.com: {ns: {ns1: 192.168.1.10}}\n",
    );
    let place = Place::new(&[
        ("zonegen.yaml", &config),
        ("compose.yaml", &compose(1)),
        ("out/db/x", "a directory"),
    ]);
    assert_eq!(place.run("generate").code, 1);
    assert!(!place.path().join("out/example.com.zone").exists());
}

#[test]
fn mistakes_in_the_config_file_are_all_told() {
    let config = "\
zonse: {}
serial: daily
zones:
  home.arpa:
    ns: {ns1: 192.168.1.300}
    recrods: []
    records: ['nas A 1.2.3', 'x.example.com. A 1.2.3.4']
  home.local: {ns: {ns1: 192.168.1.1}}
  10.0.0.1/8: {}
environments:
  prod: {target: nowhere, wildcards: home.arpa}
";
    let place = Place::new(&[("zonegen.yaml", config)]);
    let outcome = place.run("generate");
    assert_eq!(outcome.code, 1);
    for expected in [
        "did you mean `zones`?",
        "zonegen.yaml:2:9",
        "zonegen.yaml:5:15",
        "did you mean `records`?",
        "zonegen.yaml:7:15",
        "zonegen.yaml:7:30",
        "[zonegen::mdns]",
        "zonegen.yaml:9:3",
        "zonegen.yaml:11:18",
        "zonegen.yaml:11:38",
    ] {
        assert!(
            outcome.err.contains(expected),
            "{expected}: {}",
            outcome.err
        );
    }
    assert!(
        Place::new(&[])
            .run("generate")
            .err
            .contains("cannot read `zonegen.yaml`")
    );
    assert_eq!(Place::new(&[("zonegen.yaml", "")]).run("generate").code, 1);
}
