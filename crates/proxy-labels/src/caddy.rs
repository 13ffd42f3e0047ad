//! caddy-docker-proxy: labels to the Caddyfile it would write.
//!
//! [`generate`] does what the generator does with containers: labels to blocks, templates, tokens,
//! merging, sorting, writing. What comes after it (`--process-caddyfile`, which adapts the text
//! block by block and throws out what does not adapt) is Caddy's own work and not done here.
//!
//! ```
//! use proxy_labels::{Container, Network, caddy};
//!
//! let mut web = Container::new("web");
//! web.networks.insert("ingress".into(), Network::with_ip("172.20.0.2"));
//! web.labels.insert("caddy".into(), "a.example".into());
//! web.labels.insert("caddy.reverse_proxy".into(), "{{upstreams 8080}}".into());
//!
//! let settings = caddy::Settings::with_networks(["ingress"]);
//! let outcome = caddy::generate(&[web], &settings);
//! assert_eq!(outcome.caddyfile, "a.example {\n\treverse_proxy 172.20.0.2:8080\n}\n");
//! ```

mod block;
mod blocks;
mod merge;
pub(crate) mod path;
mod quote;
pub(crate) mod tokens;
mod write;

use std::collections::BTreeSet;

pub use block::Block;
pub use quote::{Unrepresentable, quote};

pub(crate) use path::canonical;
pub(crate) use write::text;

use crate::{Container, Finding, State};

/// What an empty Caddyfile is replaced with.
const EMPTY: &str = "# Empty caddyfile";

/// Settings of caddy-docker-proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `--label-prefix`: how its labels begin.
    pub label_prefix: String,
    /// `--ingress-networks`, or the networks Caddy itself is on: addresses on these are upstreams.
    /// Empty means that every address is.
    pub ingress_networks: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            label_prefix: "caddy".to_owned(),
            ingress_networks: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// The defaults with these ingress networks.
    pub fn with_networks<'n>(networks: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            ingress_networks: networks.into_iter().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// The addresses of a container that are upstreams: those on ingress networks, or on the one
    /// that its label `caddy_ingress_network` names. A network without an IPv4 address has none to
    /// give, and neither has a container that does not run.
    pub fn addresses(&self, container: &Container) -> Vec<String> {
        if container.state != State::Running {
            return Vec::new();
        }
        let named = container.labels.get("caddy_ingress_network");
        let networks = container.networks.iter();
        networks
            .filter(|(name, _)| match named {
                Some(named) => *name == named,
                None => self.ingress_networks.is_empty() || self.ingress_networks.contains(*name),
            })
            .filter(|(_, network)| !network.ip.is_empty())
            .map(|(_, network)| network.ip.clone())
            .collect()
    }
}

/// What caddy-docker-proxy makes of containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The text of the Caddyfile.
    pub caddyfile: String,
    /// The same as blocks, sorted as they are written.
    pub blocks: Vec<Block>,
    /// Containers whose labels it drops, and why.
    pub findings: Vec<Finding>,
}

/// The Caddyfile of these containers, byte for byte, and what is dropped on the way.
///
/// Where the order in which caddy-docker-proxy goes through the labels of one container is random,
/// they are taken by key. Containers that do not run are taken too, without upstreams, as with
/// `--scan-stopped-containers`.
pub fn generate(containers: &[Container], settings: &Settings) -> Outcome {
    let with_addresses: Vec<(&Container, Vec<String>)> = containers
        .iter()
        .map(|container| (container, settings.addresses(container)))
        .collect();
    generate_with(&with_addresses, settings)
}

/// As [`generate`], with the addresses of each container given.
pub fn generate_with(containers: &[(&Container, Vec<String>)], settings: &Settings) -> Outcome {
    let mut outcome = Outcome::default();
    let mut all: Vec<Block> = Vec::new();
    for (container, addresses) in containers {
        match blocks::of(container, addresses, settings) {
            Ok(read) => {
                if read.missed_network {
                    outcome.findings.push(no_network(container));
                }
                merge::merge(&mut all, read.blocks);
            }
            Err(finding) => outcome.findings.push(*finding),
        }
    }
    // Global options come before everything, in the order in which they were met.
    let (mut global, mut rest): (Vec<Block>, Vec<Block>) =
        all.into_iter().partition(|block| block.keys.is_empty());
    write::sort(&mut global);
    write::sort(&mut rest);
    global.append(&mut rest);
    outcome.caddyfile = text(&global);
    if outcome.caddyfile.is_empty() {
        EMPTY.clone_into(&mut outcome.caddyfile);
    }
    outcome.blocks = global;
    outcome
}

fn no_network(container: &Container) -> Finding {
    if container.state != State::Running {
        let message = "the container does not run, so `upstreams` is empty";
        return Finding::error("labels::CDY004", message).on(&container.name);
    }
    let names: Vec<&str> = container.networks.keys().map(String::as_str).collect();
    let mut found = Finding::error(
        "labels::CDY004",
        "the container is on no network that Caddy is on, so `upstreams` is empty",
    )
    .on(&container.name)
    .help("attach it to the proxy's network, or name one with the label `caddy_ingress_network`");
    if !names.is_empty() {
        found = found.help(format!("it is on `{}`", names.join("`, `")));
    }
    found
}
