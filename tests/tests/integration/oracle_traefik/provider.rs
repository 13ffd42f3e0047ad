//! What the provider does with containers.

use serde_json::{Value, json};

use super::{compare, container, labels, program};

/// A container with something other than labels.
fn with(name: &str, pairs: &[(&str, &str)], more: &Value) -> Value {
    let mut found = container(
        name.len() * 7 + usize::from(name.as_bytes()[0]),
        name,
        &labels(pairs.iter().copied()),
    );
    for (key, value) in more.as_object().into_iter().flatten() {
        found[key] = value.clone();
    }
    found
}

const TCP: (&str, &str) = ("traefik.tcp.routers.t.rule", "HostSNI(`*`)");

#[test]
fn networks_and_ports() {
    let Some(program) = program() else { return };
    let net = |ip: &str| json!({"networks": {"n1": {"ip": ip}}});
    let two = |last: u8| json!({"networks": {"n1": {"ip": format!("10.0.1.{last}")}, "n2": {"ip": format!("10.0.2.{last}")}}});
    let mut containers = vec![
        with(
            "host",
            &[],
            &json!({"network_mode": "host", "networks": {"host": {"ip": ""}}}),
        ),
        with(
            "none",
            &[],
            &json!({"network_mode": "none", "networks": {"none": {"ip": ""}}}),
        ),
        with(
            "joined",
            &[],
            &json!({"network_mode": "container:target", "networks": {}}),
        ),
        with("target", &[("traefik.docker.network", "n2")], &two(1)),
        with(
            "joined2",
            &[("traefik.docker.network", "n1")],
            &json!({"network_mode": "container:target2", "networks": {}}),
        ),
        with("target2", &[("traefik.docker.network", "n2")], &two(2)),
        with(
            "orphan",
            &[],
            &json!({"network_mode": "container:nosuch", "networks": {}}),
        ),
        with(
            "v6",
            &[],
            &json!({"networks": {"n1": {"ip": "", "ipv6": "fd00::1"}}}),
        ),
        with(
            "v46",
            &[],
            &json!({"networks": {"n1": {"ip": "10.0.0.9", "ipv6": "fd00::1"}}}),
        ),
        with("noip", &[], &net("")),
        with("nonets", &[], &json!({"networks": {}})),
        with(
            "wrong",
            &[("traefik.docker.network", "nosuch")],
            &net("10.0.1.6"),
        ),
        with(
            "pending",
            &[("traefik.docker.network", "n2")],
            &json!({"networks": {"n1": {"ip": "10.0.1.3"}, "n2": {"ip": ""}}}),
        ),
        with(
            "lowest",
            &[],
            &json!({"ports": ["9000/tcp", "443/tcp", "8080/tcp", "53/udp"]}),
        ),
        with("portless", &[], &json!({"ports": []})),
        with("tcponly", &[TCP], &json!({"ports": []})),
    ];
    assert!(compare(&program, &containers, &json!({})) > 15);
    // A network of the provider's own stands in for the label.
    containers.truncate(6);
    containers.push(with("chosen", &[], &two(9)));
    compare(&program, &containers, &json!({"network": "n2"}));
}

#[test]
fn health_and_state() {
    let Some(program) = program() else { return };
    let keeps = ("traefik.docker.allownonrunning", "true");
    let containers = [
        with("running", &[], &json!({})),
        with("starting", &[], &json!({"health": "starting"})),
        with("unhealthy", &[], &json!({"health": "unhealthy"})),
        with("healthy", &[], &json!({"health": "healthy"})),
        with("exited", &[], &json!({"state": "exited"})),
        with("paused", &[], &json!({"state": "paused"})),
        with("exited2", &[keeps], &json!({"state": "exited"})),
        with(
            "paused2",
            &[keeps],
            &json!({"state": "paused", "health": "healthy"}),
        ),
        with("unhealthy2", &[keeps], &json!({"health": "unhealthy"})),
        with("tcp", &[TCP], &json!({"health": "unhealthy"})),
        with(
            "weighted",
            &[
                keeps,
                ("traefik.http.services.w.loadbalancer.server.weight", "3"),
                ("traefik.http.services.w.loadbalancer.server.port", "9"),
            ],
            &json!({"state": "exited"}),
        ),
    ];
    for provider in [
        json!({}),
        json!({"allowEmptyServices": true}),
        json!({"exposedByDefault": false}),
    ] {
        compare(&program, &containers, &provider);
    }
}

const COMPOSE: [(&str, &str); 2] = [
    ("com.docker.compose.service", "web"),
    ("com.docker.compose.project", "p"),
];

#[test]
fn names_that_several_containers_declare() {
    let Some(program) = program() else { return };
    let port = |service: &str, port: &str| {
        (
            format!("traefik.http.services.{service}.loadbalancer.server.port"),
            port.to_owned(),
        )
    };
    let rule = |router: &str, rule: &str| {
        (
            format!("traefik.http.routers.{router}.rule"),
            rule.to_owned(),
        )
    };
    let own = |name: &str, pairs: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        with(
            name,
            &pairs,
            &json!({"networks": {"n": {"ip": format!("10.1.{}.{}", name.len(), name.as_bytes()[name.len() - 1])}}}),
        )
    };
    let sticky = (
        "traefik.http.services.s3.loadbalancer.sticky.cookie".to_owned(),
        "true".to_owned(),
    );
    let auth = |prefix: &str| {
        vec![(
            "traefik.http.middlewares.auth.addprefix.prefix".to_owned(),
            prefix.to_owned(),
        )]
    };
    let containers = [
        with(
            "p-web-1",
            &COMPOSE,
            &json!({"networks": {"n": {"ip": "10.2.0.1"}}}),
        ),
        with(
            "p-web-2",
            &COMPOSE,
            &json!({"networks": {"n": {"ip": "10.2.0.2"}}}),
        ),
        own("m1", auth("/a")),
        own("m2", auth("/b")),
        own(
            "r1",
            vec![
                rule("rr", "Host(`x`)"),
                (
                    "traefik.http.routers.rr.service".to_owned(),
                    "s1".to_owned(),
                ),
                port("s1", "1"),
            ],
        ),
        own(
            "r2",
            vec![
                rule("rr", "Host(`y`)"),
                (
                    "traefik.http.routers.rr.service".to_owned(),
                    "s1".to_owned(),
                ),
                port("s1", "2"),
            ],
        ),
        own("s3", vec![rule("r3", "Host(`x`)"), port("s3", "1"), sticky]),
        own("s4", vec![rule("r4", "Host(`y`)"), port("s3", "2")]),
        own("z1", vec![rule("s7", "Host(`y`)"), port("s7", "7")]),
        own("a1", vec![rule("s7", "Host(`y`)"), port("s7", "8")]),
    ];
    assert!(compare(&program, &containers, &json!({})) > 10);
}

#[test]
fn default_rules() {
    let Some(program) = program() else { return };
    let containers = [
        with("a_b", &[], &json!({})),
        with(
            "c",
            &[("host", "hh"), ("com.docker.compose.service", "sv")],
            &json!({}),
        ),
    ];
    for rule in [
        "Host(`{{ .Name }}.x.org`)",
        "Host(`{{ trimPrefix `/` .ContainerName }}.{{ index .Labels \"com.docker.compose.service\" }}`)",
        "{{ if eq .Name \"a-b\" }}Host(`one`){{ else if .Labels }}Host(`{{ len .Labels }}`){{ else }}{{ end }}",
        "Host(`{{ coalesce (index .Labels \"host\") .Name }}`) && PathPrefix(`/{{ .Name | replace \"-\" \"/\" }}`)",
        "Host(`{{ .Nope }}`)",
        "{{ range $k, $v := .Labels }}Host(`{{$v}}`){{ end }}",
        "",
    ] {
        compare(&program, &containers, &json!({"defaultRule": rule}));
    }
}

/// What routes make is enabled in the running program.
#[test]
fn labels_of_routes_are_enabled() {
    use proxy_labels::{Balance, Middleware, PathMatch, Route, Scheme, Sticky, Tls, synth};
    let Some(program) = program() else { return };
    let route = |name: &str, change: fn(&mut Route)| {
        let mut route = Route::new(name, [format!("{name}.example").parse().unwrap()], 8080);
        change(&mut route);
        route
    };
    let routes = [
        route("plain", |route| route.tls = Tls::Off),
        route("paths", |route| {
            route.paths = vec![
                PathMatch::Prefix("/a".to_owned()),
                PathMatch::Exact("/b".to_owned()),
            ];
            route.hosts.push("*.paths.example".parse().unwrap());
        }),
        route("scheme", |route| {
            route.scheme = Scheme::H2c;
            route.balance = Balance::LeastLoaded;
            route.sticky = Some(Sticky::default());
            route.health = Some("/h".into());
            route.priority = Some(7);
        }),
        route("middlewares", |route| {
            route.tls = Tls::Internal;
            route.retry = Some("30s".parse().unwrap());
            route.middlewares = vec![
                Middleware::SecureHeaders,
                Middleware::RedirectToHttps,
                Middleware::Compress,
                Middleware::StripPrefix(vec!["/a".to_owned()]),
                Middleware::AddPrefix("/b".to_owned()),
                Middleware::AllowAddresses(vec!["10.0.0.0/8".to_owned()]),
                Middleware::MaxBody(1_000),
                Middleware::BasicAuth(vec!["a:$2y$05$abc".to_owned()]),
                Middleware::ForwardAuth {
                    address: "http://auth:9000/".to_owned(),
                    headers: vec!["Remote-User".to_owned()],
                },
                Middleware::RateLimit {
                    average: 10,
                    burst: 20,
                    period: "1m".parse().unwrap(),
                },
                Middleware::RequestHeaders([("X-A".to_owned(), "b".to_owned())].into()),
            ];
        }),
    ];
    let containers: Vec<Value> = routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            let labels =
                synth::traefik(std::slice::from_ref(route), &synth::Options::default()).unwrap();
            container(at, &route.name, &labels)
        })
        .collect();
    compare(&program, &containers, &json!({}));
    let input = json!({"containers": containers, "provider": {}});
    let answer = homelab_tests::traefik::ask(&program, &input);
    assert!(answer.disabled.is_empty(), "{:?}", answer.disabled);
    assert!(answer.rejected.is_empty(), "{:?}", answer.rejected);
}
