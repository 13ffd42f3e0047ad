//! Generated sets of labels.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{compare, container, program};

/// Sets of labels in one run of the test, and in one run of the real program.
const SETS: usize = 1_000;
const PER_RUN: usize = 250;

const FIELDS: &[&str] = &[
    "http.routers.R.rule",
    "http.routers.R.entrypoints",
    "http.routers.R.service",
    "http.routers.R.middlewares",
    "http.routers.R.priority",
    "http.routers.R.tls",
    "http.routers.R.tls.certresolver",
    "http.routers.R.tls.domains[0].main",
    "http.routers.R.tls.domains[1].sans",
    "http.routers.R.rulesyntax",
    "http.services.S.loadbalancer.server.port",
    "http.services.S.loadbalancer.server.scheme",
    "http.services.S.loadbalancer.server.url",
    "http.services.S.loadbalancer.sticky",
    "http.services.S.loadbalancer.sticky.cookie",
    "http.services.S.loadbalancer.sticky.cookie.name",
    "http.services.S.loadbalancer.healthcheck.path",
    "http.services.S.loadbalancer.healthcheck.interval",
    "http.services.S.loadbalancer.passhostheader",
    "http.services.S.loadbalancer.strategy",
    "http.middlewares.M.compress",
    "http.middlewares.M.stripprefix.prefixes",
    "http.middlewares.M.ratelimit.average",
    "http.middlewares.M.ratelimit.period",
    "http.middlewares.M.headers.customrequestheaders.X-A",
    "http.middlewares.M.headers.stsseconds",
    "http.middlewares.M.chain.middlewares",
    "http.middlewares.M.basicauth.users",
    "http.middlewares.M.plugin.p.a.b",
    "http.middlewares.M.redirectscheme.permanent",
    "http.middlewares.M.nosuch",
    "tcp.routers.R.rule",
    "tcp.routers.R.tls",
    "tcp.routers.R.service",
    "tcp.services.S.loadbalancer.server.port",
    "tcp.services.S.loadbalancer.proxyprotocol",
    "tcp.middlewares.M.inflightconn.amount",
    "udp.routers.R.entrypoints",
    "udp.routers.R.service",
    "udp.services.S.loadbalancer.server.port",
    "enable",
    "docker.network",
    "frontend.rule",
];

const VALUES: &[&str] = &[
    "true",
    "false",
    "",
    "web",
    "web,websecure",
    "nosuch",
    "7",
    "0",
    "-1",
    "1m",
    "x",
    "a, b",
    "le",
    "8080",
    "https",
    "/health",
    "Host(`a.example`)",
    "Host(`a.example`) && PathPrefix(`/x`)",
    "HostSNI(`*`)",
    "Host(`a",
    "m-0",
    "wrr",
    "T",
];

/// A value that a key of this kind takes, or nearly does.
fn value_for(kind: &str) -> &'static [&'static str] {
    match kind {
        "L" => &[
            "a, b",
            "a",
            "",
            "x,",
            ",",
            "/a,/b",
            "200-299,500",
            "m@file",
            " b ",
        ],
        "I" => &[
            "3",
            "0",
            "-7",
            "007",
            "+5",
            "0x10",
            "4.5",
            "99999999999999999999",
            "",
        ],
        "D" => &[
            "7", "0", "1h30m5ms", "-1", "1.5s", "10 s", ".5s", "1µs", "1d", "",
        ],
        "F" => &["true", "false", "T", "f", "1", "tRUE", "yes", ""],
        "B" => &["true", "", "TRUE", "false", "1", "tRuE", "{}"],
        _ => &[
            "xx", "", "http", "8080", "/p", "a,b", "é", "\"q\"", "$1", "lax", "p2c",
        ],
    }
}

/// Any of Traefik's keys, spelt one way or another, with a value for it.
fn any_key() -> impl Strategy<Value = (String, String)> {
    let letters = prop::sample::select(vec!["r", "s", "m"]);
    let spelling = 0..4_usize;
    (prop::sample::select(super::keys::all()), letters, spelling).prop_flat_map(
        |((section, key, kind), letter, spelling)| {
            let key = match spelling {
                0 => key.to_lowercase(),
                1 => key.to_uppercase(),
                _ => key.to_owned(),
            };
            let key = format!("traefik.{section}.@-x{letter}.{key}");
            let values = prop::sample::select(value_for(kind));
            values.prop_map(move |value| (key.clone(), value.to_owned()))
        },
    )
}

/// Labels of one container: some fields, each with a value that may or may not fit.
fn set() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop::sample::select(vec!["x", "y", "X"]);
    let value = prop_oneof![
        8 => prop::sample::select(VALUES).prop_map(str::to_owned),
        1 => "[ -~]{0,8}",
    ];
    let label = (
        prop::sample::select(FIELDS),
        name,
        value,
        prop::bool::weighted(0.1),
    );
    let label = label.prop_map(|(field, name, value, upper)| {
        let field = field
            .replace(".R.", &format!(".@-{name}r."))
            .replace(".S.", &format!(".@-{name}s."))
            .replace(".M.", &format!(".@-{name}m."));
        // The root alone has to be in lower case.
        let field = if upper { field.to_uppercase() } else { field };
        (format!("traefik.{field}"), value)
    });
    prop::collection::vec(
        prop_oneof![3 => label.boxed(), 2 => any_key().boxed()],
        1..6,
    )
}

#[test]
fn sets_of_labels() {
    let Some(program) = program() else { return };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let sets = set();
    let mut containers: Vec<Value> = Vec::new();
    for at in 0..SETS {
        let pairs = sets.new_tree(&mut runner).unwrap().current();
        let name = format!("g{at}");
        // Names of one container do not meet those of another.
        let labels = pairs
            .iter()
            .map(|(key, value)| (key.replace('@', &name), value.clone()))
            .collect();
        containers.push(container(at, &name, &labels));
    }
    let objects: usize = containers
        .chunks(PER_RUN)
        .map(|part| compare(&program, part, &json!({})))
        .sum();
    assert!(objects > SETS, "{objects} objects");
}
