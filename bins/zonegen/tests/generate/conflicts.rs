//! Two that want the same name.

use crate::support::Place;

const CONFIG: &str = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}, file: db, records: ['fixed A 192.168.1.7']}
environments:
  prod: {target: 192.168.1.10, caddy: {target: 192.168.1.11}, compose: compose.yaml}
";

fn place(services: &str) -> Place {
    let compose = format!("name: l\nservices:\n{services}");
    Place::new(&[("zonegen.yaml", CONFIG), ("compose.yaml", &compose)])
}

#[test]
fn one_name_of_two_services_is_one_record_with_both_sources() {
    let place = place(
        "  a:\n    image: x\n    labels: {caddy: w.home.arpa}\n  b:\n    image: x\n    labels: {caddy: w.home.arpa}\n",
    );
    let out = place.good("generate");
    assert!(
        out.contains(
            "; Caddy, service a (compose.yaml:5:21); Caddy, service b (compose.yaml:8:21)"
        ),
        "{out}"
    );
    assert_eq!(place.read("db").matches("w.home.arpa. ").count(), 1);
}

#[test]
fn different_addresses_are_told_with_both_places() {
    for services in [
        "  a:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.value: 10.0.0.1}\n  b:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.value: 10.0.0.2}\n",
        "  a:\n    image: x\n    labels: {caddy: w.home.arpa}\n  b:\n    image: x\n    labels:\n      traefik.http.routers.w.rule: Host(`w.home.arpa`)\n",
        "  a:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.value: 10.0.0.1}\n  b:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.value: other.example}\n",
    ] {
        let place = place(services);
        let err = place.bad("generate", "zonegen::conflict");
        assert!(
            err.contains("compose.yaml:5:")
                && (err.contains("compose.yaml:8:") || err.contains("compose.yaml:9:")),
            "{err}"
        );
        assert!(!place.path().join("db").exists());
    }
}

#[test]
fn who_says_it_outright_is_heard() {
    let place = place(
        "  a:\n    image: x\n    labels: {caddy: w.home.arpa}\n  b:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.value: 10.0.0.1}\n",
    );
    place.good("generate");
    assert!(
        place
            .records("db")
            .contains(&"w.home.arpa. A 10.0.0.1".to_owned())
    );
}

#[test]
fn the_config_file_and_a_service_cannot_differ() {
    let place = place("  a:\n    image: x\n    labels: {caddy: fixed.home.arpa}\n");
    let err = place.bad("generate", "zonegen::conflict");
    assert!(
        err.contains("zonegen.yaml:2:60") && err.contains("compose.yaml:5:21"),
        "{err}"
    );
}

#[test]
fn other_types_stand_side_by_side() {
    let place = place(
        "  a:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.type: TXT, dns.value: one}\n  b:\n    image: x\n    labels: {dns.name: w.home.arpa, dns.type: TXT, dns.value: two}\n",
    );
    place.good("generate");
    assert_eq!(
        place
            .records("db")
            .iter()
            .filter(|line| line.starts_with("w.home.arpa. TXT"))
            .count(),
        2
    );
}

#[test]
fn an_environment_cannot_have_the_name_of_a_block_of_ours() {
    for name in ["config", "pointers"] {
        let config = format!(
            "zones:\n  home.arpa: {{ns: {{ns1: 192.168.1.10}}}}\nenvironments:\n  {name}: {{target: 192.168.1.10}}\n"
        );
        let place = Place::new(&[("zonegen.yaml", &config)]);
        let err = place.bad("generate", "zonegen::bad-value");
        assert!(err.contains("zonegen.yaml:4:3"), "{err}");
    }
}
