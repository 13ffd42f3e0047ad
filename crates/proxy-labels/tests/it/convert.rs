//! Conversion, and what it reports.

use proxy_labels::Tls;
use proxy_labels::convert::{self, LossKind, Options};

use crate::container;

fn to_caddy(labels: &[(&str, &str)]) -> (Vec<String>, Vec<LossKind>) {
    let converted = convert::to_caddy(&container("web", labels), &Options::default());
    let labels = converted
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    (
        labels,
        converted.losses.iter().map(|loss| loss.kind).collect(),
    )
}

fn to_traefik(labels: &[(&str, &str)]) -> (Vec<String>, Vec<LossKind>) {
    let converted = convert::to_traefik(&container("web", labels), &Options::default());
    let labels = converted
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    (
        labels,
        converted.losses.iter().map(|loss| loss.kind).collect(),
    )
}

const RULE: (&str, &str) = ("traefik.http.routers.web.rule", "Host(`a.example`)");
const PORT: (&str, &str) = ("traefik.http.services.web.loadbalancer.server.port", "8080");

#[test]
fn traefik_to_caddy() {
    assert_eq!(
        to_caddy(&[RULE, PORT]),
        (
            vec![
                "caddy=a.example".into(),
                "caddy.reverse_proxy={{upstreams 8080}}".into()
            ],
            vec![]
        )
    );
    let plain = ("traefik.http.routers.web.entrypoints", "web");
    assert_eq!(
        to_caddy(&[RULE, PORT, plain]).0[0],
        "caddy=http://a.example"
    );
    let several = (
        "traefik.http.routers.web.rule",
        "Host(`a.example`) || (Host(`b.example`) && Path(`/x`))",
    );
    assert_eq!(
        to_caddy(&[several, PORT]).0,
        [
            "caddy_0=a.example",
            "caddy_0.reverse_proxy={{upstreams 8080}}",
            "caddy_1=b.example",
            "caddy_1.handle=/x",
            "caddy_1.handle.reverse_proxy={{upstreams 8080}}"
        ]
    );
}

#[test]
fn what_does_not_carry_over_is_said() {
    let method = (
        "traefik.http.routers.web.rule",
        "Host(`a.example`) && Method(`GET`)",
    );
    assert_eq!(to_caddy(&[method, PORT]), (vec![], vec![LossKind::Rule]));
    let priority = ("traefik.http.routers.web.priority", "7");
    assert_eq!(to_caddy(&[RULE, PORT, priority]).1, [LossKind::Priority]);
    let tcp = ("traefik.tcp.routers.db.rule", "HostSNI(`*`)");
    assert_eq!(to_caddy(&[tcp]), (vec![], vec![LossKind::Protocol]));
    let uses = ("traefik.http.routers.web.middlewares", "m");
    let rate = ("traefik.http.middlewares.m.ratelimit.average", "7");
    let (labels, losses) = to_caddy(&[RULE, PORT, uses, rate]);
    assert_eq!((labels.len(), losses), (2, vec![LossKind::Middleware]));
}

/// A route that was guarded is not left open.
#[test]
fn doors_stay_shut() {
    let uses = ("traefik.http.routers.web.middlewares", "m");
    let apr1 = ("traefik.http.middlewares.m.basicauth.users", "a:$apr1$x$y");
    assert_eq!(
        to_caddy(&[RULE, PORT, uses, apr1]),
        (vec![], vec![LossKind::Hash])
    );
    let elsewhere = ("traefik.http.routers.web.middlewares", "sso@file");
    let (labels, losses) = to_caddy(&[RULE, PORT, elsewhere]);
    assert!(
        labels.contains(&"caddy.import=sso".to_owned()),
        "{labels:?}"
    );
    assert_eq!(losses, [LossKind::Middleware]);
    let guarded = [
        ("caddy", "a.example"),
        ("caddy.@x", "header X-A b"),
        ("caddy.respond", "@x 403"),
        ("caddy.reverse_proxy", "{{upstreams 80}}"),
    ];
    assert_eq!(to_traefik(&guarded), (vec![], vec![LossKind::Rule]));
}

#[test]
fn caddy_to_traefik() {
    let (labels, losses) = to_traefik(&[
        ("caddy", "a.example"),
        ("caddy.tls", "internal"),
        ("caddy.handle_path", "/api/*"),
        (
            "caddy.handle_path.reverse_proxy",
            "{{upstreams https 8443}}",
        ),
        ("caddy.handle_path.reverse_proxy.health_uri", "/h"),
        ("caddy.handle_path.reverse_proxy.lb_policy", "cookie c"),
        ("caddy.encode", "gzip"),
    ]);
    assert_eq!(losses, []);
    insta::assert_snapshot!(labels.join("\n"), @"
    traefik.enable=true
    traefik.http.middlewares.web-compress.compress=true
    traefik.http.middlewares.web-strip-prefix.stripprefix.prefixes=/api
    traefik.http.routers.web.entrypoints=websecure
    traefik.http.routers.web.middlewares=web-compress,web-strip-prefix
    traefik.http.routers.web.rule=Host(`a.example`) && PathPrefix(`/api/`)
    traefik.http.routers.web.service=web
    traefik.http.routers.web.tls=true
    traefik.http.services.web.loadbalancer.healthcheck.path=/h
    traefik.http.services.web.loadbalancer.server.port=8443
    traefik.http.services.web.loadbalancer.server.scheme=https
    traefik.http.services.web.loadbalancer.sticky.cookie.name=c
    ");
}

/// What a route can say comes back from either proxy.
#[test]
fn there_and_back() {
    let (caddy, losses) = to_caddy(&[
        RULE,
        PORT,
        ("traefik.http.routers.web.middlewares", "m"),
        ("traefik.http.middlewares.m.compress", "true"),
    ]);
    assert_eq!(losses, []);
    let pairs: Vec<(&str, &str)> = caddy
        .iter()
        .map(|label| label.split_once('=').unwrap())
        .collect();
    let (traefik, losses) = to_traefik(&pairs);
    assert_eq!(losses, []);
    assert!(traefik.contains(&"traefik.http.routers.web.rule=Host(`a.example`)".to_owned()));
    assert!(traefik.contains(&"traefik.http.middlewares.web-compress.compress=true".to_owned()));
}

#[test]
fn resolvers_that_are_known_carry_over() {
    let le = ("traefik.http.routers.web.tls.certresolver", "le");
    let own = Tls::Dns {
        provider: "cloudflare".into(),
        token: "TOKEN".into(),
    };
    let mut options = Options::default();
    options.resolvers.insert("home".into(), Tls::Internal);
    options.resolvers.insert("le".into(), own);
    options.resolvers.insert("public".into(), Tls::Default);
    let caddy = convert::to_caddy(&container("web", &[RULE, PORT, le]), &options);
    assert_eq!(caddy.labels["caddy.tls.dns"], "cloudflare {env.TOKEN}");
    assert!(caddy.losses.is_empty(), "{:?}", caddy.losses);
    // And back again.
    let pairs: Vec<(&str, &str)> = caddy
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let traefik = convert::to_traefik(&container("web", &pairs), &options);
    assert_eq!(traefik.labels[le.0], "le");
    assert!(traefik.losses.is_empty(), "{:?}", traefik.losses);
    let internal = [
        ("caddy", "a.example"),
        ("caddy.tls", "internal"),
        ("caddy.reverse_proxy", "{{upstreams 80}}"),
    ];
    let traefik = convert::to_traefik(&container("web", &internal), &options);
    assert_eq!(traefik.labels[le.0], "home");
    // Automatic certificates need no directive.
    let public = ("traefik.http.routers.web.tls.certresolver", "public");
    let caddy = convert::to_caddy(&container("web", &[RULE, PORT, public]), &options);
    assert_eq!(caddy.labels.len(), 2, "{:?}", caddy.labels);
    assert!(caddy.losses.is_empty(), "{:?}", caddy.losses);
    // One that is not known is lost, once.
    let other = ("traefik.http.routers.web.tls.certresolver", "other");
    let two = (
        RULE.0,
        "Host(`a.example`) || (Host(`b.example`) && Path(`/x`))",
    );
    let caddy = convert::to_caddy(&container("web", &[two, PORT, other]), &options);
    let kinds: Vec<LossKind> = caddy.losses.iter().map(|loss| loss.kind).collect();
    assert_eq!(kinds, [LossKind::Resolver]);
}

#[test]
fn options_of_tls_are_lost_by_name() {
    let (labels, losses) = to_traefik(&[
        ("caddy", "a.example"),
        ("caddy.tls.protocols", "tls1.3"),
        ("caddy.tls.dns", "cloudflare {env.T}"),
        ("caddy.tls.resolvers", "1.1.1.1"),
        ("caddy.reverse_proxy", "{{upstreams 80}}"),
    ]);
    assert_eq!(losses, [LossKind::Option, LossKind::Resolver], "{labels:?}");
}
