//! Any lines `key=value` as the labels of a container: both proxies, the lints, rules.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_labels::{Container, Network, caddy, convert, lint, rule, traefik};

fuzz_target!(|text: &str| {
    let mut container = Container::new("web");
    container.networks.insert("proxy".to_owned(), Network::with_ip("172.20.0.2"));
    for line in text.lines() {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        container.labels.insert(key.to_owned(), value.to_owned());
        if let Ok(parsed) = rule::parse(value) {
            assert_eq!(rule::parse(&parsed.to_string()), Ok(parsed));
        }
    }
    let _configuration = traefik::provide(std::slice::from_ref(&container), &Default::default());
    let _caddyfile = caddy::generate(std::slice::from_ref(&container), &Default::default());
    let _there = convert::to_caddy(&container, &Default::default());
    let _back = convert::to_traefik(&container, &Default::default());
    let _findings = lint::check(&[container], &Default::default());
});
