//! What holds for all labels.

use proptest::prelude::*;
use proxy_labels::lint::{self, Context};
use proxy_labels::traefik::{Configuration, Settings, provide};
use proxy_labels::{Container, caddy, convert, explain, rule};

use crate::container;

const KEYS: &[&str] = &[
    "http.routers.a.rule",
    "http.routers.a.entrypoints",
    "http.routers.a.priority",
    "http.routers.a.tls",
    "http.routers.a.tls.domains[0].main",
    "http.routers.a.tls.domains[1].sans",
    "http.services.a.loadbalancer.server.port",
    "http.services.a.loadbalancer.sticky.cookie.name",
    "http.services.a.loadbalancer.healthcheck.interval",
    "http.services.a.loadbalancer.passhostheader",
    "http.services.b.loadbalancer.server.weight",
    "http.middlewares.a.compress",
    "http.middlewares.a.headers.customrequestheaders.X.Y",
    "http.middlewares.a.headers.stsseconds",
    "http.middlewares.b.ratelimit.burst",
    "http.middlewares.b.chain.middlewares",
    "http.middlewares.c.plugin.p.a.b",
    "http.middlewares.c.retry.maxrequestbodybytes",
    "tcp.routers.a.tls.passthrough",
    "tcp.services.a.loadbalancer.proxyprotocol",
    "tcp.middlewares.a.inflightconn.amount",
    "udp.services.a.loadbalancer.server.port",
    "tls.stores.default.defaultgeneratedcert.resolver",
];

const VALUES: &[&str] = &[
    "true",
    "false",
    "",
    "3",
    "0",
    "1m",
    "a",
    "a,b",
    "Host(`a`)",
    "/x",
];

fn labels() -> impl Strategy<Value = Vec<(String, String)>> {
    let label = (prop::sample::select(KEYS), prop::sample::select(VALUES));
    let label = label.prop_map(|(key, value)| (format!("traefik.{key}"), value.to_owned()));
    prop::collection::vec(label, 0..8)
}

fn decode(labels: &[(String, String)]) -> Option<Configuration> {
    let pairs = labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    Configuration::from_labels(pairs).ok()
}

fn expression() -> impl Strategy<Value = String> {
    let call = prop::sample::select(vec![
        "Host(`a`)",
        "Path(\"/x\")",
        "Header(`A`, `b\"c`)",
        "Query(`a`)",
    ]);
    call.prop_map(str::to_owned)
        .prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" && ")),
                prop::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| format!("({})", parts.join(" || "))),
                inner.prop_map(|part| format!("!({part})")),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Labels made of a configuration give that configuration.
    #[test]
    fn encoding_is_undone_by_decoding(labels in labels()) {
        if let Some(decoded) = decode(&labels) {
            let encoded: Vec<_> = decoded.to_labels().unwrap().into_iter().collect();
            prop_assert_eq!(decode(&encoded), Some(decoded), "{:?}", encoded);
        }
    }

    /// Behind the root, case does not count.
    #[test]
    fn case_and_order_do_not_count(mut labels in labels()) {
        labels.sort();
        labels.dedup_by(|one, other| one.0 == other.0);
        let before = decode(&labels);
        for (key, _) in &mut labels {
            // Names of objects, headers and options of plugins are theirs.
            let own = key.contains("custom") || key.contains("plugin");
            let elements = key.split('.').enumerate();
            let elements: Vec<String> = elements
                .map(|(at, element)| match at {
                    0 | 3 => element.to_owned(),
                    at if at > 3 && own => element.to_owned(),
                    _ => element.to_uppercase(),
                })
                .collect();
            *key = elements.join(".");
        }
        labels.reverse();
        prop_assert_eq!(decode(&labels), before);
    }

    /// A printed rule is read as the same rule.
    #[test]
    fn printing_is_undone_by_parsing(text in expression()) {
        let parsed = rule::parse(&text).unwrap();
        let printed = parsed.to_string();
        prop_assert_eq!(rule::parse(&printed).unwrap(), parsed, "{}", printed);
    }

    /// Nothing panics, whatever the labels.
    #[test]
    fn any_labels_are_taken(pairs in prop::collection::vec(("(traefik|caddy|Caddy)?[._a-z0-9\\[\\]@{}\\\\-]{0,24}", "[ -~\t\nä]{0,24}"), 0..6)) {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let container = container("web", &pairs);
        drop(provide(std::slice::from_ref(&container), &Settings::default()));
        drop(caddy::generate(std::slice::from_ref(&container), &caddy::Settings::default()));
        drop(convert::to_caddy(&container, &convert::Options::default()));
        drop(convert::to_traefik(&container, &convert::Options::default()));
        drop(explain::host("a", std::slice::from_ref(&container), &Context::default()));
        drop(lint::check(&[container], &Context::default()));
    }

    /// No text makes the parsers panic.
    #[test]
    fn any_text_is_taken(text in ".{0,60}") {
        drop(rule::parse(&text));
        let web = container("web", &[("caddy", &text), ("traefik.http.routers.a.rule", &text)]);
        drop(lint::check(&[web], &Context::default()));
    }

    /// The order of containers counts for nothing but the order of upstreams.
    #[test]
    fn containers_come_in_any_order(first in labels(), second in labels()) {
        let one = named("a", &first);
        let other = named("b", &second);
        let settings = Settings::default();
        let there = provide(&[one.clone(), other.clone()], &settings).configuration;
        let back = provide(&[other, one], &settings).configuration;
        prop_assert_eq!(there, back);
    }
}

fn named(name: &str, labels: &[(String, String)]) -> Container {
    let pairs: Vec<(&str, &str)> = labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    container(name, &pairs)
}
