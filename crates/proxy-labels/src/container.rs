//! Containers as the proxies see them.

use std::collections::BTreeMap;

use crate::Labels;

/// A container as a proxy finds it in the engine.
///
/// ```
/// use proxy_labels::{Container, Network};
///
/// let mut web = Container::new("web-1");
/// web.labels.insert("traefik.enable".into(), "true".into());
/// web.networks.insert("proxy".into(), Network::with_ip("172.20.0.2"));
/// web.ports = vec!["80/tcp".into()];
/// assert_eq!(web.lowest_port().as_deref(), Some("80"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// Its name, without the slash the engine puts in front.
    pub name: String,
    /// Its labels as the engine has them: variables put in, `$$` become `$`.
    pub labels: Labels,
    /// `bridge`, `host`, `none`, `container:NAME` or the name of a network; may be empty.
    pub network_mode: String,
    /// The networks it is attached to, by the engine's names.
    pub networks: BTreeMap<String, Network>,
    /// Exposed ports, `80/tcp`; without a protocol TCP is meant.
    pub ports: Vec<String>,
    /// Host addresses of ports, `80/tcp` to an address and a port, in the engine's order.
    pub bindings: BTreeMap<String, Vec<(String, String)>>,
    /// What the health check says.
    pub health: Health,
    /// Whether it runs.
    pub state: State,
}

/// The address of a container on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// The IPv4 address; empty if there is none (yet).
    pub ip: String,
    /// The global IPv6 address; may be empty.
    pub ipv6: String,
}

/// What the health check of a container says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Health {
    /// There is no health check.
    #[default]
    None,
    /// It has not passed yet.
    Starting,
    /// It passes.
    Healthy,
    /// It fails.
    Unhealthy,
}

/// Whether a container runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// It runs.
    #[default]
    Running,
    /// It is created, paused, restarting, exited or dead.
    Stopped,
}

impl Container {
    /// A running container of this name, without anything else.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Whether requests can reach it as far as its health check is concerned.
    pub fn is_healthy(&self) -> bool {
        matches!(self.health, Health::None | Health::Healthy)
    }

    /// The exposed port with the lowest number, of whatever protocol.
    pub fn lowest_port(&self) -> Option<String> {
        self.port_numbers()
            .into_iter()
            .min()
            .map(|port| port.to_string())
    }

    /// The numbers of the exposed ports, each once, in order.
    pub fn port_numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self
            .ports
            .iter()
            .filter_map(|port| port.split('/').next()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

impl Network {
    /// A network on which the container has this IPv4 address.
    pub fn with_ip(ip: impl Into<String>) -> Self {
        Self {
            ip: ip.into(),
            ipv6: String::new(),
        }
    }

    /// The address to use: IPv4 if there is one.
    pub fn address(&self) -> &str {
        if self.ip.is_empty() {
            &self.ipv6
        } else {
            &self.ip
        }
    }
}

impl std::str::FromStr for Health {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" | "none" => Ok(Self::None),
            "starting" => Ok(Self::Starting),
            "healthy" => Ok(Self::Healthy),
            "unhealthy" => Ok(Self::Unhealthy),
            other => Err(format!(
                "`{other}` is no health; use none, starting, healthy or unhealthy"
            )),
        }
    }
}
