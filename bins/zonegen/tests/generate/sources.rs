//! Where names come from.

use crate::support::Place;

const CONFIG: &str = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}}
  example.com: {ns: [ns.example.net]}
environments:
  prod:
    target: 192.168.1.10
    compose: compose.yaml
";

/// The names that services with these labels get, those of the name server left out.
fn names(labels: &str) -> (Vec<String>, String) {
    names_with(CONFIG, labels, &[])
}

fn names_with(config: &str, labels: &str, env: &[(&str, &str)]) -> (Vec<String>, String) {
    let compose = format!(
        "name: lab\nservices:\n  web:\n    image: nginx\n    networks:\n      front: {{ipv4_address: 172.20.0.9}}\n    labels:\n{labels}\nnetworks:\n  front: {{name: front}}\n"
    );
    let mut place = Place::new(&[("zonegen.yaml", config), ("compose.yaml", &compose)]);
    for (name, value) in env {
        place.set(name, value);
    }
    let outcome = place.run("generate");
    if outcome.code != 0 {
        return (Vec::new(), outcome.err);
    }
    let mut all = place.records("home.arpa.zone");
    all.extend(place.records("example.com.zone"));
    all.retain(|line| !line.contains(" NS ") && !line.starts_with("ns1."));
    (all, outcome.err)
}

#[test]
fn labels_of_proxies_give_names() {
    for (labels, wanted) in [
        (
            "      traefik.http.routers.w.rule: Host(`Wiki.Home.Arpa`)",
            &["wiki.home.arpa. A 192.168.1.10"][..],
        ),
        (
            "      traefik.http.routers.w.rule: Host(`a.home.arpa`) || Host(`b.example.com`) && PathPrefix(`/`)",
            &[
                "a.home.arpa. A 192.168.1.10",
                "b.example.com. A 192.168.1.10",
            ],
        ),
        (
            "      traefik.tcp.routers.w.rule: HostSNI(`db.home.arpa`)",
            &["db.home.arpa. A 192.168.1.10"],
        ),
        (
            "      caddy: https://a.home.arpa:8443 *.b.home.arpa",
            &[
                "a.home.arpa. A 192.168.1.10",
                "*.b.home.arpa. A 192.168.1.10",
            ],
        ),
        (
            "      caddy: bücher.home.arpa",
            &["xn--bcher-kva.home.arpa. A 192.168.1.10"],
        ),
        (
            "      - traefik.http.routers.w.rule=Host(`a.home.arpa`)",
            &["a.home.arpa. A 192.168.1.10"],
        ),
    ] {
        let (mut found, err) = names(labels);
        found.sort();
        let mut wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        wanted.sort();
        assert_eq!(found, wanted, "{labels}: {err}");
    }
}

#[test]
fn proxies_that_are_off_give_none() {
    let labels = "      traefik.http.routers.w.rule: Host(`a.home.arpa`)\n      caddy: b.home.arpa";
    for (env, wanted) in [
        (
            &[][..],
            &["a.home.arpa. A 192.168.1.10", "b.home.arpa. A 192.168.1.10"][..],
        ),
        (
            &[("TRAEFIK_ENABLE", "false")],
            &["b.home.arpa. A 192.168.1.10"],
        ),
        (&[("CADDY_ENABLE", "")], &["a.home.arpa. A 192.168.1.10"]),
        (
            &[("CADDY_ENABLE", "0"), ("TRAEFIK_ENABLE", "true")],
            &["a.home.arpa. A 192.168.1.10"],
        ),
    ] {
        assert_eq!(names_with(CONFIG, labels, env).0, wanted, "{env:?}");
    }
    let (none, _) = names(
        "      traefik.enable: \"false\"\n      traefik.http.routers.w.rule: Host(`a.home.arpa`)",
    );
    assert_eq!(none, [] as [&str; 0]);
    let config = CONFIG.replace(
        "    compose:",
        "    traefik: {exposed-by-default: false}\n    compose:",
    );
    let (none, _) = names_with(
        &config,
        "      traefik.http.routers.w.rule: Host(`a.home.arpa`)",
        &[],
    );
    assert_eq!(none, [] as [&str; 0]);
}

#[test]
fn labels_of_our_own_give_records() {
    for (labels, wanted) in [
        (
            "      dns.name: nas.home.arpa",
            &["nas.home.arpa. A 192.168.1.10"][..],
        ),
        (
            "      dns.name: nas\n      dns.zone: home.arpa",
            &["nas.home.arpa. A 192.168.1.10"],
        ),
        (
            "      dns.name: nas, box.home.arpa\n      dns.zone: home.arpa\n      dns.value: 192.168.1.20",
            &[
                "box.home.arpa. A 192.168.1.20",
                "nas.home.arpa. A 192.168.1.20",
            ],
        ),
        (
            "      dns.name: '@'\n      dns.zone: example.com",
            &["example.com. A 192.168.1.10"],
        ),
        (
            "      dns.name: a.home.arpa\n      dns.value: 10.0.0.1 fd00::1",
            &["a.home.arpa. A 10.0.0.1", "a.home.arpa. AAAA fd00::1"],
        ),
        (
            "      dns.name: a.home.arpa\n      dns.type: CNAME\n      dns.value: b.example.com",
            &["a.home.arpa. CNAME b.example.com."],
        ),
        (
            "      dns.name: a.home.arpa\n      dns.value: ns1",
            &["a.home.arpa. CNAME ns1.home.arpa."],
        ),
        (
            "      dns.name: a.home.arpa\n      dns.type: txt\n      dns.value: v=spf1 -all",
            &["a.home.arpa. TXT \"v=spf1 -all\""],
        ),
        (
            "      dns.name: a.home.arpa\n      dns.mail.name: home.arpa\n      dns.mail.type: MX\n      dns.mail.value: 10 mail.example.com",
            &[
                "home.arpa. MX 10 mail.example.com.",
                "a.home.arpa. A 192.168.1.10",
            ],
        ),
        (
            "      traefik.http.routers.w.rule: Host(`a.home.arpa`)\n      dns.value: 192.168.1.30",
            &["a.home.arpa. A 192.168.1.30"],
        ),
        (
            "      traefik.http.routers.w.rule: Host(`a.home.arpa`)\n      dns.skip: true",
            &[],
        ),
    ] {
        let (found, err) = names(labels);
        assert_eq!(found, wanted, "{labels}: {err}");
    }
    let compose = "name: l\nservices:\n  w:\n    image: x\n    labels: {dns.name: a.home.arpa, dns.ttl: 1m}\n";
    let place = Place::new(&[("zonegen.yaml", CONFIG), ("compose.yaml", compose)]);
    place.good("generate");
    assert!(
        place
            .read("home.arpa.zone")
            .contains("a.home.arpa. 60 IN A 192.168.1.10\n")
    );
}

#[test]
fn wrong_labels_are_told_with_their_place() {
    for (labels, code, place) in [
        (
            "      dns.name: nas",
            "zonegen::bad-name",
            "compose.yaml:8:17",
        ),
        (
            "      dns.name: a.home.arpa\n      dns.value: x y z\n      dns.type: A",
            "zonegen::bad-value",
            "compose.yaml:9:18",
        ),
        (
            "      dns.name: a.home.arpa\n      dns.ttl: soon",
            "zonegen::bad-value",
            "compose.yaml:9:16",
        ),
        (
            "      dns.name: a.home.arpa\n      dns.type: SOA",
            "zonegen::bad-value",
            "compose.yaml:9:17",
        ),
        (
            "      dns.name: a.home.arpa\n      dns.type: MX",
            "zonegen::missing",
            "compose.yaml:9:17",
        ),
        (
            "      dns.name: a\n      dns.zone: home.apra",
            "zonegen::unknown-zone",
            "compose.yaml:9:17",
        ),
        (
            "      dns.name: a.home.arpa\n      dns.zone: example.com",
            "",
            "",
        ),
        (
            "      dns.x.value: 1.2.3.4",
            "zonegen::missing",
            "compose.yaml:8:20",
        ),
    ] {
        let (found, err) = names(labels);
        if code.is_empty() {
            // Relative to the zone that is asked for.
            assert_eq!(found, ["a.home.arpa.example.com. A 192.168.1.10"]);
            continue;
        }
        assert_eq!(found, [] as [&str; 0], "{labels}");
        assert!(
            err.contains(&format!("[{code}]")) && err.contains(place),
            "{labels}: {err}"
        );
    }
    let (found, err) = names("      dns.name: a.home.arpa\n      dns.tll: 60");
    assert_eq!(found, ["a.home.arpa. A 192.168.1.10"]);
    assert!(
        err.contains("[zonegen::unknown-label]") && err.contains("`dns.ttl`"),
        "{err}"
    );
}

#[test]
fn names_of_no_zone_and_patterns_are_told() {
    let (found, err) = names(
        "      traefik.http.routers.w.rule: Host(`a.example.org`) || HostRegexp(`.+\\.home\\.arpa`)",
    );
    assert_eq!(found, [] as [&str; 0]);
    assert!(
        err.contains("[zonegen::out-of-zone]") && err.contains("compose.yaml:8:41"),
        "{err}"
    );
    assert!(err.contains("[hosts::pattern]"), "{err}");
}

#[test]
fn targets_are_taken_from_the_nearest() {
    let labels = "      traefik.http.routers.w.rule: Host(`a.home.arpa`)";
    for (extra, wanted) in [
        ("", "A 192.168.1.10"),
        ("    traefik: {target: 192.168.1.11}\n", "A 192.168.1.11"),
        (
            "    traefik: {target: proxy.example.net}\n",
            "CNAME proxy.example.net.",
        ),
        ("    services: {web: 192.168.1.12}\n", "A 192.168.1.12"),
        (
            "    services: {web: container}\n    network: front\n",
            "A 172.20.0.9",
        ),
        ("    services: {other: 192.168.1.12}\n", "A 192.168.1.10"),
    ] {
        let config = format!("{CONFIG}{extra}");
        let (found, err) = names_with(&config, labels, &[]);
        assert_eq!(found, [format!("a.home.arpa. {wanted}")], "{extra}: {err}");
    }
    let config = CONFIG.replace("    target: 192.168.1.10\n", "");
    let (_, err) = names_with(&config, labels, &[]);
    assert!(
        err.contains("[zonegen::no-target]") && err.contains("compose.yaml:8:41"),
        "{err}"
    );
    let config = CONFIG.replace(
        "192.168.1.10\n    compose",
        "container\n    network: back\n    compose",
    );
    let (_, err) = names_with(&config, labels, &[]);
    assert!(err.contains("[zonegen::no-target]"), "{err}");
}

#[test]
fn several_projects_and_environments() {
    let config = "\
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}}
environments:
  prod: {target: 192.168.1.10, compose: 'apps/*/prod.yaml'}
  test: {target: 192.168.1.11, compose: ['apps/*/test.yaml'], wildcards: '*.test.home.arpa'}
";
    let compose = |host: &str| {
        format!("name: l\nservices:\n  w:\n    image: x\n    labels: {{caddy: {host}}}\n")
    };
    let place = Place::new(&[
        ("zonegen.yaml", config),
        ("apps/a/prod.yaml", &compose("a.home.arpa")),
        ("apps/b/prod.yaml", &compose("b.home.arpa")),
        ("apps/b/test.yaml", &compose("b.test.home.arpa")),
    ]);
    place.good("generate --env prod");
    let prod = [
        "home.arpa. NS ns1.home.arpa.",
        "ns1.home.arpa. A 192.168.1.10",
        "a.home.arpa. A 192.168.1.10",
        "b.home.arpa. A 192.168.1.10",
    ];
    assert_eq!(place.records("home.arpa.zone"), prod);
    place.good("generate --env test");
    let mut both: Vec<String> = prod.iter().map(|text| (*text).to_owned()).collect();
    both.extend(
        [
            "*.test.home.arpa. A 192.168.1.11",
            "b.test.home.arpa. A 192.168.1.11",
        ]
        .map(str::to_owned),
    );
    assert_eq!(place.records("home.arpa.zone"), both);
    let text = place.read("home.arpa.zone");
    place.good("generate --env prod");
    place.good("generate --env prod --env test");
    place.good("generate");
    assert_eq!(place.read("home.arpa.zone"), text);
    // A file of the command line comes on top.
    place.write("more.yaml", &compose("c.home.arpa"));
    place.good("generate --env prod -f more.yaml");
    assert!(
        place
            .records("home.arpa.zone")
            .contains(&"c.home.arpa. A 192.168.1.10".to_owned())
    );
    assert!(place.run("generate -f more.yaml").err.contains("--env"));
    let outcome = place.run("generate --env pord");
    assert!(
        outcome.code == 1 && outcome.err.contains("did you mean `prod`?"),
        "{outcome:?}"
    );
}
