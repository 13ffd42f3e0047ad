//! Caddyfiles of `proxy-labels` in front of the real Caddy.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use homelab_tests::traefik::free_port;
use homelab_tests::{Sandbox, oracle};
use proxy_labels::{
    Balance, Container, Middleware, Network, PathMatch, Route, Scheme, Sticky, Tls, caddy, statics,
    synth,
};
use serde_json::Value;

/// The Caddyfile of a container with these routes, at this address.
fn caddyfile(routes: &[Route], address: &str) -> String {
    let mut container = Container::new("web");
    container.labels = synth::caddy(routes, &synth::Options::default()).unwrap();
    container.labels.remove("caddy_ingress_network");
    container
        .networks
        .insert("proxy".to_owned(), Network::with_ip(address));
    let outcome = caddy::generate(&[container], &caddy::Settings::default());
    assert_eq!(outcome.findings, []);
    outcome.caddyfile
}

fn adapt(program: &Utf8Path, text: &str) -> Value {
    let sandbox = Sandbox::new();
    sandbox.file("Caddyfile", text);
    let outcome = sandbox.run(
        program,
        ["adapt", "--config", "Caddyfile", "--adapter", "caddyfile"],
    );
    assert_eq!(outcome.code, Some(0), "{text}\n{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// All values under a key, wherever it stands.
fn all<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(key));
            map.values().for_each(|value| all(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|value| all(value, key, found)),
        _ => {}
    }
}

fn under(value: &Value, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    all(value, key, &mut found);
    found.into_iter().map(Value::to_string).collect()
}

fn route(name: &str, port: u16) -> Route {
    Route::new(name, [format!("{name}.example").parse().unwrap()], port)
}

#[test]
fn every_field_of_a_route_reaches_the_configuration() {
    let Some(program) = oracle("caddy") else {
        return;
    };
    let check = |route: Route, expected: &[(&str, &str)]| {
        let host = route.hosts[0].to_string();
        let config = adapt(&program, &caddyfile(&[route], "172.20.0.2"));
        let servers = &config["apps"]["http"]["servers"];
        assert_eq!(
            under(servers, "host"),
            [format!("[\"{host}\"]")],
            "{config}"
        );
        for (key, value) in expected {
            let found = under(&config, key);
            assert!(
                found.iter().any(|one| one == value),
                "{key} should be {value}: {found:?}\n{config}"
            );
        }
    };
    let with = |change: fn(&mut Route)| {
        let mut route = route("web", 8080);
        change(&mut route);
        route
    };
    let dial = ("dial", "\"172.20.0.2:8080\"");
    check(with(|_| {}), &[dial]);
    check(
        with(|route| route.tls = Tls::Off),
        &[dial, ("listen", "[\":80\"]")],
    );
    check(
        with(|route| route.tls = Tls::Internal),
        &[dial, ("issuers", "[{\"module\":\"internal\"}]")],
    );
    check(
        with(|route| {
            route.scheme = Scheme::Https;
            route.insecure = true;
        }),
        &[dial, ("tls", "{\"insecure_skip_verify\":true}")],
    );
    check(
        with(|route| route.scheme = Scheme::H2c),
        &[dial, ("versions", "[\"h2c\",\"2\"]")],
    );
    check(
        with(|route| {
            route.paths = vec![
                PathMatch::Prefix("/api".to_owned()),
                PathMatch::Exact("/x".to_owned()),
            ];
        }),
        &[dial, ("path", "[\"/api*\",\"/x\"]")],
    );
    check(
        with(|route| {
            route.health = Some("/health".into());
            route.retry = Some("30s".parse().unwrap());
        }),
        &[
            dial,
            ("active", "{\"uri\":\"/health\"}"),
            ("try_duration", "30000000000"),
        ],
    );
    check(
        with(|route| {
            let mut sticky = Sticky::default();
            sticky.cookie = Some("chocolate".to_owned());
            route.sticky = Some(sticky);
        }),
        &[(
            "selection_policy",
            "{\"name\":\"chocolate\",\"policy\":\"cookie\"}",
        )],
    );
    check(
        with(|route| route.balance = Balance::LeastLoaded),
        &[("selection_policy", "{\"policy\":\"least_conn\"}")],
    );
    check(
        with(|route| route.balance = Balance::ClientAddress),
        &[("selection_policy", "{\"policy\":\"client_ip_hash\"}")],
    );
    check(
        with(|route| {
            route.middlewares = vec![
                Middleware::SecureHeaders,
                Middleware::Compress,
                Middleware::StripPrefix(vec!["/api".to_owned()]),
                Middleware::AddPrefix("/v1".to_owned()),
                Middleware::AllowAddresses(vec!["10.0.0.0/8".to_owned()]),
                Middleware::MaxBody(1_000),
                Middleware::RedirectToHttps,
                Middleware::BasicAuth(vec![
                    "admin:$2y$05$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvabcdefghijk"
                        .to_owned(),
                ]),
                Middleware::RequestHeaders(
                    [
                        ("X-One_1".to_owned(), "a b".to_owned()),
                        ("X-Gone".to_owned(), String::new()),
                    ]
                    .into(),
                ),
                Middleware::ResponseHeaders([("X-Two".to_owned(), "say \"hi\"".to_owned())].into()),
                Middleware::ForwardAuth {
                    address: "http://auth:9000/verify?x=1".to_owned(),
                    headers: vec!["Remote-User".to_owned()],
                },
            ];
        }),
        &[
            dial,
            (
                "Strict-Transport-Security",
                "[\"max-age=31536000; includeSubDomains\"]",
            ),
            ("strip_path_prefix", "\"/api\""),
            ("uri", "\"/v1{http.request.uri}\""),
            ("ranges", "[\"10.0.0.0/8\"]"),
            ("max_size", "1000"),
            ("X-One_1", "[\"a b\"]"),
            ("X-Two", "[\"say \\\"hi\\\"\"]"),
            ("uri", "\"/verify?x=1\""),
            ("username", "\"admin\""),
        ],
    );
}

#[test]
fn what_the_generator_makes_adapts() {
    let Some(program) = oracle("caddy") else {
        return;
    };
    let mut routes = vec![route("a", 80), route("b", 443), route("c", 8080)];
    routes[1].scheme = Scheme::Https;
    routes[2].hosts.push("*.c.example".parse().unwrap());
    let config = adapt(&program, &caddyfile(&routes, "172.20.0.2"));
    assert_eq!(under(&config, "dial").len(), 3);

    let mut own = Container::new("caddy");
    own.labels = statics::cloudflare_real_ip("caddy");
    own.labels
        .insert("caddy_1".to_owned(), "a.example".to_owned());
    own.labels
        .insert("caddy_1.respond".to_owned(), "ok".to_owned());
    let text = caddy::generate(&[own], &caddy::Settings::default()).caddyfile;
    let config = adapt(&program, &text);
    assert_eq!(
        under(&config, "client_ip_headers"),
        ["[\"Cf-Connecting-Ip\",\"X-Forwarded-For\"]"]
    );
}

/// Directives that the lints know are those of the real program.
#[test]
fn the_list_of_directives_is_that_of_the_program() {
    let Some(program) = oracle("caddy") else {
        return;
    };
    for (directive, known) in [
        ("respond", true),
        ("intercept", true),
        ("fs", true),
        ("log_append", true),
        ("rate_limit", false),
        ("reverse_prox", false),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file("Caddyfile", &format!("a.example {{\n\t{directive}\n}}\n"));
        let outcome = sandbox.run(
            &program,
            ["adapt", "--config", "Caddyfile", "--adapter", "caddyfile"],
        );
        let unrecognized = outcome.stderr.contains("unrecognized directive");
        assert_eq!(unrecognized, !known, "{directive}: {}", outcome.stderr);
        let mut web = Container::new("web");
        web.labels
            .insert("caddy".to_owned(), "a.example".to_owned());
        web.labels
            .insert(format!("caddy.{directive}"), "x".to_owned());
        let found = proxy_labels::lint::check(&[web], &proxy_labels::lint::Context::default());
        let reported = found
            .iter()
            .any(|one| matches!(&*one.code, "labels::CDY010" | "labels::CDY011"));
        assert_eq!(reported, !known, "{directive}: {found:?}");
    }
}

#[test]
fn a_request_goes_through() {
    let Some(program) = oracle("caddy") else {
        return;
    };
    let upstream = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = upstream.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in upstream.incoming().flatten() {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let line = String::from_utf8_lossy(&request[..length])
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            let body = format!("asked: {line}");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(head.as_bytes()).ok();
        }
    });
    let mut route = route("web", port);
    route.tls = Tls::Off;
    route.paths = vec![PathMatch::Prefix("/api".to_owned())];
    route.middlewares = vec![Middleware::StripPrefix(vec!["/api".to_owned()])];
    let listen = free_port();
    let text = format!(
        "{{\n\tadmin off\n\thttp_port {listen}\n}}\n{}",
        caddyfile(&[route], "127.0.0.1")
    );
    let sandbox = Sandbox::new();
    sandbox.file("Caddyfile", &text);
    let mut child = sandbox
        .command(&program)
        .args(["run", "--config", "Caddyfile", "--adapter", "caddyfile"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let answer = ask(listen, "web.example", "/api/things");
    let other = ask(listen, "web.example", "/other");
    child.kill().ok();
    child.wait().ok();
    assert!(answer.ends_with("asked: GET /things HTTP/1.1"), "{answer}");
    assert!(!other.contains("asked"), "{other}");
}

/// The answer to a request, as soon as somebody listens.
fn ask(port: u16, host: &str, path: &str) -> String {
    let start = Instant::now();
    loop {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            return answer;
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "nobody listens on {port}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
