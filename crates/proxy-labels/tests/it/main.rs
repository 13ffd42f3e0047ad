//! `proxy-labels` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod caddy;
mod convert;
mod homelab;
mod lints;
mod properties;
mod routes;
mod rules;

use proxy_labels::{Container, Network};

/// A running container on the network `proxy` with port 80.
fn container(name: &str, labels: &[(&str, &str)]) -> Container {
    let mut container = Container::new(name);
    container
        .networks
        .insert("proxy".to_owned(), Network::with_ip("172.20.0.2"));
    container.ports.push("80/tcp".to_owned());
    for (key, value) in labels {
        container
            .labels
            .insert((*key).to_owned(), (*value).to_owned());
    }
    container
}
