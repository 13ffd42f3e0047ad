//! Zones: several, reverse, wildcards, views, serials.

use crate::support::Place;

fn compose(hosts: &[&str]) -> String {
    let services = hosts
        .iter()
        .enumerate()
        .map(|(at, host)| format!("  s{at}:\n    image: x\n    labels: {{caddy: '{host}'}}\n"));
    format!("name: l\nservices:\n{}", services.collect::<String>())
}

#[test]
fn the_longest_zone_gets_a_name() {
    let config = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}}
  test.home.arpa: {ns: {ns1.home.arpa: []}, ttl: 1m}
environments:
  prod: {target: [192.168.1.10, 'fd00::10'], compose: compose.yaml}
";
    let place = Place::new(&[
        ("zonegen.yaml", config),
        (
            "compose.yaml",
            &compose(&["a.home.arpa", "b.test.home.arpa", "test.home.arpa"]),
        ),
    ]);
    place.run("generate");
    let one = place.records("home.arpa.zone");
    assert!(
        one.contains(&"a.home.arpa. AAAA fd00::10".to_owned())
            && !one.iter().any(|line| line.contains("test")),
        "{one:?}"
    );
    let two = place.read("test.home.arpa.zone");
    assert!(
        two.contains("b.test.home.arpa. 60 IN A 192.168.1.10\n")
            && two.contains("test.home.arpa. 60 IN AAAA fd00::10\n"),
        "{two}"
    );
}

#[test]
fn reverse_zones_have_one_name_an_address() {
    let config = "\
zones:
  home.arpa:
    ns: {ns1: 192.168.1.10}
    records: ['nas A 192.168.1.20', 'nas AAAA fd00::20', 'z-box A 192.168.1.21', 'small A 10.9.8.70']
  192.168.1.0/24: {ns: ns1.home.arpa}
  fd00::/64: {ns: ns1.home.arpa}
  10.9.8.64/26: {ns: ns1.home.arpa, file: small.zone}
environments:
  prod: {target: 192.168.1.10, services: {s2: 192.168.1.22}, compose: compose.yaml}
";
    let place = Place::new(&[
        ("zonegen.yaml", config),
        (
            "compose.yaml",
            &compose(&["a.home.arpa", "b.home.arpa", "y.home.arpa x.home.arpa"]),
        ),
    ]);
    place.good("generate");
    assert_eq!(
        place.records("1.168.192.in-addr.arpa.zone"),
        [
            "1.168.192.in-addr.arpa. NS ns1.home.arpa.",
            "10.1.168.192.in-addr.arpa. PTR ns1.home.arpa.",
            "20.1.168.192.in-addr.arpa. PTR nas.home.arpa.",
            "21.1.168.192.in-addr.arpa. PTR z-box.home.arpa.",
            "22.1.168.192.in-addr.arpa. PTR x.home.arpa.",
        ]
    );
    assert!(
        place
            .read("small.zone")
            .contains("70.64/26.8.9.10.in-addr.arpa. 300 IN PTR small.home.arpa.\n")
    );
    let six = place.read("0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.zone");
    assert!(six.contains("0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa. 300 IN PTR nas.home.arpa.\n"), "{six}");
    assert!(
        place
            .good("generate")
            .lines()
            .all(|line| line.ends_with("no change"))
    );
    // Names written by hand count as names of hosts.
    let text = place.read("home.arpa.zone");
    place.write("home.arpa.zone", &format!("{text}router A 192.168.1.22\n"));
    place.good("generate");
    assert!(
        place
            .read("1.168.192.in-addr.arpa.zone")
            .contains("PTR router.home.arpa.\n")
    );
}

#[test]
fn wildcards_go_on_answering_beside_names_below_them() {
    let config = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}, file: db}
environments:
  prod: {target: 192.168.1.10, wildcards: '*.home.arpa', compose: compose.yaml}
";
    let place = Place::new(&[
        ("zonegen.yaml", config),
        (
            "compose.yaml",
            "name: l\nservices:\n  w:\n    image: x\n    labels: {dns.name: a.b.home.arpa, dns.value: 10.0.0.1, dns.t.name: _x.c.home.arpa, dns.t.type: TXT, dns.t.value: y}\n",
        ),
    ]);
    let out = place.good("generate");
    assert!(out.contains("keeps the wildcard above answering"), "{out}");
    let records = place.records("db");
    for record in [
        "*.home.arpa. A 192.168.1.10",
        "b.home.arpa. A 192.168.1.10",
        "*.b.home.arpa. A 192.168.1.10",
        "c.home.arpa. A 192.168.1.10",
    ] {
        assert!(
            records.contains(&record.to_owned()),
            "{record}: {records:?}"
        );
    }
    assert!(place.good("generate").contains("no change"));
}

#[test]
fn views_lead_elsewhere() {
    let config = "\
zones:
  home.arpa:
    ns: {ns1: 192.168.1.10}
    records: ['nas A 192.168.1.20']
    views:
      vpn: {networks: 10.8.0.0/24, target: 10.8.0.1, records: ['nas A 10.8.0.20']}
environments:
  prod: {target: 192.168.1.10, wildcards: '*.home.arpa', compose: compose.yaml}
";
    let place = Place::new(&[
        ("zonegen.yaml", config),
        ("compose.yaml", &compose(&["a.home.arpa"])),
    ]);
    place.good("generate");
    let records = place.records("home.arpa.vpn.zone");
    for record in [
        "nas.home.arpa. A 10.8.0.20",
        "a.home.arpa. A 10.8.0.1",
        "*.home.arpa. A 10.8.0.1",
        "ns1.home.arpa. A 192.168.1.10",
    ] {
        assert!(
            records.contains(&record.to_owned()),
            "{record}: {records:?}"
        );
    }
    assert!(
        place
            .records("home.arpa.zone")
            .contains(&"a.home.arpa. A 192.168.1.10".to_owned())
    );
}

#[test]
fn serials_follow_their_policy() {
    for (policy, first) in [
        ("increment", 1_u32),
        ("unix", 1_700_000_000),
        ("date", 2_023_010_100),
    ] {
        let config = format!(
            "serial: {policy}\nzones: {{home.arpa: {{ns: {{ns1: 192.168.1.10}}, file: db}}}}\nenvironments: {{p: {{target: 192.168.1.10, compose: compose.yaml}}}}\n"
        );
        let place = Place::new(&[
            ("zonegen.yaml", &config),
            ("compose.yaml", &compose(&["a.home.arpa"])),
        ]);
        let serial = || -> u32 {
            let text = place.read("db");
            let line = text.lines().find(|line| line.contains("; serial")).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        place.good("generate");
        let one = serial();
        assert!(one >= first, "{policy}: {one}");
        place.good("generate");
        assert_eq!(serial(), one);
        place.write("compose.yaml", &compose(&["a.home.arpa", "b.home.arpa"]));
        place.good("generate");
        assert!(serial() > one, "{policy}");
    }
}
