//! Containers.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use bollard::models::{ContainerSummary, MountPoint, PortSummary};
use bollard::query_parameters::ListContainersOptions;

use crate::{Engine, Error};

/// A container as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Container {
    /// Its identifier, 64 hexadecimal digits.
    pub id: String,
    /// Its name, without the slash that the engine puts in front.
    pub name: String,
    /// The image as it was asked for, `postgres:15`.
    pub image: String,
    /// The identifier of the image, `sha256:…`.
    pub image_id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What it is doing.
    pub state: State,
    /// What its health check says; `None` without one, and while it does not run.
    pub health: Option<Health>,
    /// `bridge`, `host`, `none`, `container:ID` or the name of a network.
    pub network_mode: String,
    /// The networks it is attached to, by name.
    pub networks: BTreeMap<String, Attachment>,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
    /// Its ports: those of the image and those that are published.
    pub ports: Vec<Port>,
}

/// What a container is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// It was made and not started.
    Created,
    /// It runs.
    Running,
    /// It is frozen.
    Paused,
    /// It waits to be started again.
    Restarting,
    /// It has ended.
    Exited,
    /// It is being removed, or could not be.
    Dead,
    /// Something that this crate does not know.
    #[default]
    Unknown,
}

/// What a health check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    /// It has not passed yet.
    Starting,
    /// It passes.
    Healthy,
    /// It fails.
    Unhealthy,
}

/// A container's place on a network. Addresses are there while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// The identifier of the network.
    pub network_id: String,
    /// The IPv4 address.
    pub ipv4: Option<IpAddr>,
    /// The global IPv6 address.
    pub ipv6: Option<IpAddr>,
    /// Other names it has there.
    pub aliases: Vec<String>,
}

/// Something mounted into a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs` …
    pub kind: String,
    /// The name of a volume; empty for others.
    pub name: String,
    /// The path on the engine's machine.
    pub source: String,
    /// The path in the container.
    pub target: String,
    /// Whether it can be written to.
    pub writable: bool,
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// The port in the container.
    pub container: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// Address and port on the engine's machine, if it is published.
    pub published: Option<(Option<IpAddr>, u16)>,
}

/// Which containers are asked for; all that run unless something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Filter {
    stopped: bool,
    labels: Vec<String>,
}

impl Filter {
    /// Those that do not run as well.
    pub fn stopped(mut self) -> Self {
        self.stopped = true;
        self
    }

    /// Those with this label alone: `key`, or `key=value`.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.labels.push(label.into());
        self
    }
}

impl Engine {
    /// The containers, by name.
    ///
    /// # Errors
    /// Those of [`Error`] that a request has.
    pub async fn containers(&self, filter: &Filter) -> Result<Vec<Container>, Error> {
        let filters: HashMap<String, Vec<String>> = if filter.labels.is_empty() {
            HashMap::new()
        } else {
            HashMap::from([("label".to_owned(), filter.labels.clone())])
        };
        let options = ListContainersOptions {
            all: filter.stopped,
            filters: Some(filters),
            ..ListContainersOptions::default()
        };
        let found = self.docker.list_containers(Some(options)).await;
        let found = found.map_err(|error| self.failed("list the containers", error))?;
        let mut containers: Vec<Container> = found.into_iter().map(Container::read).collect();
        containers.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(containers)
    }
}

impl Container {
    fn read(found: ContainerSummary) -> Self {
        let names = found.names.unwrap_or_default();
        // A name with a second slash is that of a link from another container.
        let own = names
            .iter()
            .find(|name| !name[1.min(name.len())..].contains('/'));
        let name = own
            .or(names.first())
            .map(|name| name.trim_start_matches('/').to_owned());
        let networks = found
            .network_settings
            .and_then(|settings| settings.networks);
        let status = found.status.unwrap_or_default();
        Self {
            id: found.id.unwrap_or_default(),
            name: name.unwrap_or_default(),
            image: found.image.unwrap_or_default(),
            image_id: found.image_id.unwrap_or_default(),
            labels: found.labels.unwrap_or_default().into_iter().collect(),
            state: found
                .state
                .map_or(State::Unknown, |state| State::read(state.as_ref())),
            health: Health::from_status(&status),
            network_mode: found
                .host_config
                .and_then(|config| config.network_mode)
                .unwrap_or_default(),
            networks: networks
                .unwrap_or_default()
                .into_iter()
                .map(|(name, endpoint)| {
                    let address = |text: Option<String>| text.and_then(|text| text.parse().ok());
                    let attachment = Attachment {
                        network_id: endpoint.network_id.unwrap_or_default(),
                        ipv4: address(endpoint.ip_address),
                        ipv6: address(endpoint.global_ipv6_address),
                        aliases: endpoint.aliases.unwrap_or_default(),
                    };
                    (name, attachment)
                })
                .collect(),
            mounts: found
                .mounts
                .unwrap_or_default()
                .into_iter()
                .map(Mount::read)
                .collect(),
            ports: ports(found.ports.unwrap_or_default()),
        }
    }
}

fn ports(found: Vec<PortSummary>) -> Vec<Port> {
    let mut ports: Vec<Port> = found
        .into_iter()
        .map(|port| Port {
            container: port.private_port,
            protocol: port.typ.map(|kind| kind.to_string()).unwrap_or_default(),
            published: port
                .public_port
                .map(|public| (port.ip.and_then(|ip| ip.parse().ok()), public)),
        })
        .collect();
    ports.sort_by(|one, other| {
        let key = |port: &Port| (port.container, port.protocol.clone(), port.published);
        key(one).cmp(&key(other))
    });
    ports
}

impl Mount {
    fn read(found: MountPoint) -> Self {
        Self {
            kind: found.typ.unwrap_or_default(),
            name: found.name.unwrap_or_default(),
            source: found.source.unwrap_or_default(),
            target: found.destination.unwrap_or_default(),
            writable: found.rw.unwrap_or_default(),
        }
    }
}

impl State {
    fn read(text: &str) -> Self {
        match text {
            "created" => Self::Created,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "exited" | "stopped" => Self::Exited,
            "removing" | "dead" => Self::Dead,
            _ => Self::Unknown,
        }
    }
}

impl Health {
    /// Lists of engines before API 1.52 have it in the text for people alone.
    fn from_status(status: &str) -> Option<Self> {
        let (_, inside) = status.strip_suffix(')')?.rsplit_once('(')?;
        match inside {
            "healthy" => Some(Self::Healthy),
            "unhealthy" => Some(Self::Unhealthy),
            "health: starting" => Some(Self::Starting),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn health_is_read_from_the_status() {
        for (status, health) in [
            ("Up 3 minutes", None),
            ("Up 3 minutes (healthy)", Some(Health::Healthy)),
            ("Up About an hour (unhealthy)", Some(Health::Unhealthy)),
            (
                "Up Less than a second (health: starting)",
                Some(Health::Starting),
            ),
            ("Up 2 hours (Paused)", None),
            ("Exited (0) 3 minutes ago", None),
            ("", None),
        ] {
            assert_eq!(Health::from_status(status), health, "{status}");
        }
    }
}
