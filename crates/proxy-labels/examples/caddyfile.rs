//! Prints the Caddyfile of labels given as `key=value` words: `caddyfile caddy=a.example
//! 'caddy.reverse_proxy={{upstreams 80}}'`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

use proxy_labels::{Container, Network, caddy};

fn main() {
    let mut container = Container::new("example");
    let network = Network::with_ip("172.20.0.2");
    container.networks.insert("proxy".to_owned(), network);
    for word in std::env::args().skip(1) {
        let (key, value) = word.split_once('=').unwrap_or((&word, ""));
        container.labels.insert(key.to_owned(), value.to_owned());
    }
    let outcome = caddy::generate(&[container], &caddy::Settings::default());
    for finding in &outcome.findings {
        eprintln!("{}: {}", finding.code, finding.message);
    }
    print!("{}", outcome.caddyfile);
}
