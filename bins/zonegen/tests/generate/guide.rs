//! What `docs/dns.md` says works.

use crate::support::Place;

fn guide() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dns.md");
    fs_err::read_to_string(path).unwrap()
}

/// The blocks of YAML in the guide.
fn blocks(guide: &str) -> Vec<&str> {
    let parts = guide.split("```yaml\n").skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default())
        .collect()
}

#[test]
fn the_first_steps_lead_somewhere() {
    let guide = guide();
    let labels = [
        "traefik.http.routers.wiki.rule: Host(`wiki.home.arpa`)",
        "caddy: wiki.home.arpa",
    ];
    for label in labels {
        assert!(guide.contains(label), "{label}");
        let compose =
            format!("name: l\nservices:\n  wiki:\n    image: x\n    labels:\n      {label}\n");
        let place = Place::new(&[
            ("zonegen.yaml", blocks(&guide)[0]),
            ("compose.yaml", &compose),
        ]);
        place.good("generate --dry-run");
        place.good("generate");
        place.good("corefile generate");
        assert!(
            place
                .records("zones/home.arpa.zone")
                .contains(&"wiki.home.arpa. A 192.168.1.10".to_owned())
        );
        let check = place.good("corefile check Corefile --strict");
        assert_eq!(check, "");
    }
}

#[test]
fn the_config_file_with_everything_is_read() {
    let guide = guide();
    let compose = "name: l\nservices:\n  game:\n    image: x\n    labels: {dns.name: \"game.${DOMAIN}\"}\n    networks:\n      vnet-frontend: {ipv4_address: 172.20.0.7}\nnetworks:\n  vnet-frontend: {name: vnet-frontend}\n";
    // There is no engine with these containers.
    let config: String = blocks(&guide)[1]
        .lines()
        .filter(|line| !line.contains("engine:"))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_ne!(config, blocks(&guide)[1]);
    let place = Place::new(&[
        ("zonegen.yaml", &config),
        ("compose/a/prod/compose.yaml", compose),
        (
            "apps/compose.yaml",
            "name: a\nservices: {one: {image: x}}\n",
        ),
        (
            "apps/override.yaml",
            "services: {one: {labels: {dns.name: one.home.arpa}}}\n",
        ),
    ]);
    place.good("generate");
    place.good("corefile generate");
    let records = place.records("zones/home.arpa.zone");
    for record in [
        "game.home.arpa. A 172.20.0.7",
        "one.home.arpa. A 192.168.1.10",
        "printer.home.arpa. CNAME nas.home.arpa.",
    ] {
        assert!(
            records.contains(&record.to_owned()),
            "{record}: {records:?}"
        );
    }
    // With the engine it is read as well.
    place.write(
        "zonegen.yaml",
        &blocks(&guide)[1].replace("/var/run/docker.sock", "/nowhere/docker.sock"),
    );
    place.bad("generate", "zonegen::no-engine");
}

#[test]
fn the_compose_file_mounts_a_directory() {
    let guide = guide();
    let place = Place::new(&[
        ("compose.yaml", &format!("name: dns\n{}", blocks(&guide)[2])),
        ("etc/Corefile", ". {\n    file /etc/coredns/zones/db\n}\n"),
        ("etc/zones/db", ""),
    ]);
    assert_eq!(
        place
            .run("corefile check etc/Corefile --strict -f compose.yaml")
            .err,
        ""
    );
    place.write("single.yaml", "name: dns\nservices:\n  dns:\n    image: x\n    volumes:\n      - ./etc/Corefile:/etc/coredns/Corefile:ro\n");
    let outcome = place.run("corefile check etc/Corefile -f single.yaml");
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.err.contains("[corefile::single-file-mount]")
            && outcome.err.contains("single.yaml:6:9"),
        "{}",
        outcome.err
    );
    place.write("etc/Corefile", ". {\n    file /etc/coredns/zones/none\n}\n");
    let outcome = place.run("corefile check etc/Corefile --strict -f compose.yaml");
    assert!(
        outcome.code == 1 && outcome.err.contains("[corefile::no-zone-file]"),
        "{}",
        outcome.err
    );
}
