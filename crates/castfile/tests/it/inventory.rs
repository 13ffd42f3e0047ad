//! Inventories: the hosts that tasks name.

use castfile::model::{Host, Inventory};
use castfile::parse_inventory;
use yaml_tree::Source;

use crate::support::{file, findings, refused, text, texts};

fn line(host: &Host) -> String {
    let port = host
        .port
        .as_ref()
        .map_or("-".to_owned(), |port| port.value.to_string());
    let tags = texts(&host.tags);
    format!(
        "{}: {}@{}:{port} [{}]",
        host.name.value,
        text(&host.user),
        text(&host.host),
        tags.join(" ")
    )
}

fn hosts(inventory: &Inventory) -> Vec<String> {
    inventory.hosts.iter().map(line).collect()
}

#[test]
fn hosts_as_a_mapping() {
    let file = file(
        "inventory:
  hosts:
    web: me@web.lan:2222
    db: {host: 10.0.0.2, user: root, port: 22, tags: [data, prod]}
    plain: plain.lan
    v6: '[fe80::1]:22'
    bare6: fe80::1
    both: {host: both.lan, user: you, port: 24, groups: one}
    named:
",
    );
    assert_eq!(
        hosts(&file.inventory),
        [
            "web: me@web.lan:2222 []",
            "db: root@10.0.0.2:22 [data prod]",
            "plain: -@plain.lan:- []",
            "v6: -@fe80::1:22 []",
            "bare6: -@fe80::1:- []",
            "both: you@both.lan:24 [one]",
            "named: -@-:- []",
        ]
    );
}

#[test]
fn in_a_list_the_host_is_the_name() {
    let file = file("inventory:\n  hosts:\n    - me@web.lan:22\n    - {host: db.lan, user: me}\n");
    assert_eq!(
        hosts(&file.inventory),
        ["me@web.lan:22: me@web.lan:22 []", "db.lan: me@db.lan:- []"]
    );
}

#[test]
fn every_key_of_a_host() {
    for key in ["identity", "identityFile", "identity_file", "identity-file"] {
        let file = file(&format!(
            "inventory: {{hosts: {{a: {{{key}: ~/.ssh/id}}}}}}\n"
        ));
        assert_eq!(
            text(&file.inventory.hosts[0].identity),
            "~/.ssh/id",
            "{key}"
        );
    }
    for key in [
        "password",
        "password-variable",
        "passwordVariable",
        "password_variable",
    ] {
        let file = file(&format!("inventory: {{hosts: {{a: {{{key}: $PW}}}}}}\n"));
        assert_eq!(text(&file.inventory.hosts[0].password), "$PW", "{key}");
    }
    let file = file(
        "inventory:
  defaults: {home: {user: me, port: 2200}}
  hosts:
    a: {host: a, agent: true, meta: {rack: 1}, defaults: home, os: {platform: linux, arch: arm64, variant: v, family: debian, codename: trixie, version: 13, build_version: b}}
    b: {host: b, defaults: default}
",
    );
    let host = &file.inventory.hosts[0];
    assert!(host.agent.as_ref().unwrap().value);
    assert_eq!(
        host.meta.as_ref().unwrap().get("rack").unwrap().as_text(),
        Some("1")
    );
    assert_eq!(text(&host.defaults), "home");
    let os = host.os.as_ref().unwrap();
    let facts = [
        &os.platform,
        &os.arch,
        &os.variant,
        &os.family,
        &os.codename,
        &os.version,
        &os.build_version,
    ];
    assert_eq!(
        facts.map(text),
        ["linux", "arm64", "v", "debian", "trixie", "13", "b"]
    );
    assert_eq!(
        file.inventory.defaults.iter().map(line).collect::<Vec<_>>(),
        ["home: me@-:2200 []"]
    );
}

#[test]
fn one_machine_may_have_two_names() {
    // In the original two hosts with one address are an error.
    let file = file("inventory: {hosts: {prod: {host: a.lan}, test: {host: a.lan}}}\n");
    assert_eq!(file.inventory.hosts.len(), 2);
}

#[test]
fn an_inventory_file_has_no_key_around_it() {
    let source = Source::new(
        "home.yaml",
        "defaults: {d: {user: me}}\nhosts: [a.lan, b.lan]\n",
    );
    let inventory = parse_inventory(&source).into_result().unwrap();
    assert_eq!(inventory.hosts.len(), 2);
    assert_eq!(inventory.defaults.len(), 1);
    assert!(
        parse_inventory(&Source::new("x", ""))
            .into_result()
            .unwrap()
            .hosts
            .is_empty()
    );
    let found = parse_inventory(&Source::new("x", "hosts: [[a]]\n"));
    insta::assert_snapshot!(findings(&found.diagnostics), @r"
    error[castfile::wrong-kind]: a host must be `user@host:port` or a mapping with `host`, found a sequence
      --> x:1:9
    ");
}

#[test]
fn what_is_wrong_with_hosts() {
    insta::assert_snapshot!(
        refused(
            "inventory:
  defaults: {home: {user: me}}
  hosts:
    a: {host: a, port: 0}
    b: b:99999
    c: [x]
    d: {host: d, defaults: hom}
    e: {host: e, usr: x}
    f: {agent: perhaps}
"
        ),
        @r#"
    error[castfile::wrong-value]: `0` is no port; ports are 1 to 65535
      --> castfile:4:24
    error[castfile::wrong-value]: `99999` is no port; ports are 1 to 65535
      --> castfile:5:10
    error[castfile::wrong-kind]: host `c` must be a mapping, found a sequence
      --> castfile:6:8
    error[castfile::unknown-defaults]: host `d` takes the defaults `hom`, which are not defined
      --> castfile:7:28
      fix: did you mean `home`? [7:28 "home"]
    warning[castfile::unknown-key]: unknown key `usr` in host `e`; it is ignored
      --> castfile:8:18
      fix: did you mean `user`? [8:18 "user"]
    error[castfile::wrong-kind]: `agent` must be `true` or `false`, found a string
      --> castfile:9:16
    "#
    );
}

#[test]
fn unknown_keys_are_left_alone() {
    let parsed = crate::support::parsed(
        "inventory: {groups: {a: b}, hosts: {a: {host: a, os: {x: y}, colour: red}}}\n",
    );
    assert!(!parsed.has_errors());
    insta::assert_snapshot!(findings(&parsed.diagnostics), @r"
    warning[castfile::unknown-key]: unknown key `colour` in host `a`; it is ignored
      --> castfile:1:62
      help: the keys are `host`, `port`, `user`, `identity`, `identityFile`, `identity_file`, `identity-file`, `password`, `passwordVariable`, `password_variable`, `password-variable`, `agent`, `tags`, `groups`, `meta`, `os` or `defaults`
    ");
}
