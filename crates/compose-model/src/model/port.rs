//! Ports.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

use super::Sourced;
use super::decode::{Decode, Extensions, Log, extensions, parsed, whole};
use super::record::{record, words};
use crate::canonical::long_ports;
use crate::value::{Data, Value};

record! {
    /// A port of a container that is reached through the host.
    ///
    /// A range of ports in the container is one `Port` for each. It prints as in the short form:
    /// `127.0.0.1:8080:80/tcp`.
    Port {
        /// What people call it.
        name: Option<Sourced<String>>,
        /// How it is published; default `ingress`, which outside of Swarm is the same as `host`.
        mode: Option<Sourced<PortMode>>,
        /// The address of the host; none means all of them, and that is reached from outside
        /// whatever `ufw` says.
        host_ip: Option<Sourced<IpAddr>>,
        /// The port in the container.
        target: Sourced<u16>,
        /// The port on the host, or the range from which the engine takes one; none means any.
        published: Option<Sourced<PortRange>>,
        /// The protocol; default TCP.
        protocol: Option<Sourced<Protocol>>,
        /// What is spoken (`http`).
        app_protocol: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

/// Ports. Of a project loaded without interpolation all are in the short form if one of them
/// cannot be read.
pub(super) fn ports(parent: &Value, key: &str, log: &mut Log) -> Vec<Sourced<Port>> {
    let mut ports = Vec::new();
    let Some(value) = parent.get(key).filter(|value| !value.is_null()) else {
        return ports;
    };
    log.key(key, |log| {
        let Some(items) = value.as_list() else {
            return log.leave_out(value);
        };
        for (at, item) in items.iter().enumerate() {
            log.item(at, |log| match (&item.data, long_ports(item)) {
                (Data::Map(_), _) => ports.extend(whole(item, log)),
                (_, Ok(long)) => ports.extend(long.iter().filter_map(|port| whole(port, log))),
                (_, Err(_)) => log.leave_out(item),
            });
        }
    });
    ports
}

impl Port {
    /// The protocol, TCP where none is written.
    pub fn protocol(&self) -> Protocol {
        self.protocol.as_deref().copied().unwrap_or(Protocol::Tcp)
    }

    /// Whether it is reached from the host alone.
    pub fn is_loopback(&self) -> bool {
        self.host_ip.as_ref().is_some_and(|ip| ip.is_loopback())
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host_ip.as_deref() {
            Some(IpAddr::V4(ip)) => write!(f, "{ip}:")?,
            Some(IpAddr::V6(ip)) => write!(f, "[{ip}]:")?,
            None => {}
        }
        match (&self.published, &self.host_ip) {
            (Some(published), _) => write!(f, "{published}:")?,
            (None, Some(_)) => f.write_str(":")?,
            (None, None) => {}
        }
        write!(f, "{}/{}", self.target, self.protocol())
    }
}

words! {
    /// How a port is published.
    PortMode {
        /// Over all machines of a Swarm.
        Ingress = "ingress",
        /// On the machine where the container runs.
        Host = "host",
    }
}

/// The protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        })
    }
}

impl FromStr for Protocol {
    type Err = PortRangeError;

    /// Reads `tcp`, `udp` or `sctp` in any case.
    fn from_str(text: &str) -> Result<Self, PortRangeError> {
        match text.to_ascii_lowercase().as_str() {
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            "sctp" => Ok(Self::Sctp),
            _ => Err(PortRangeError(text.to_owned())),
        }
    }
}

impl Decode for Protocol {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        parsed(value)
    }
}

/// One port or several in a row: `80`, `8000-8009`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

/// A text that is no port, range of ports or protocol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no port: write a number up to 65535, a range such as `8000-8009`, and `/tcp`, `/udp` or `/sctp` where a protocol may stand"
)]
pub struct PortRangeError(String);

impl PortRange {
    /// The ports from `first` to `last`, both included; `None` if that is none.
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last {
            Some(Self { first, last })
        } else {
            None
        }
    }

    /// The first port.
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The last port.
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Whether it is more than one port.
    pub const fn is_range(self) -> bool {
        self.first != self.last
    }

    /// Whether `port` is among them.
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.is_range() {
            write!(f, "-{}", self.last)?;
        }
        Ok(())
    }
}

impl FromStr for PortRange {
    type Err = PortRangeError;

    fn from_str(text: &str) -> Result<Self, PortRangeError> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let range = match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) => Self::new(first, last),
            _ => None,
        };
        range.ok_or_else(|| PortRangeError(text.to_owned()))
    }
}

impl Decode for PortRange {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        parsed(value)
    }
}

/// What `expose` documents: ports with a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ExposedPort {
    /// The ports.
    pub ports: PortRange,
    /// The protocol, TCP where none is written.
    pub protocol: Protocol,
}

impl FromStr for ExposedPort {
    type Err = PortRangeError;

    /// Reads `PORT[-LAST][/PROTOCOL]`.
    fn from_str(text: &str) -> Result<Self, PortRangeError> {
        let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        match (ports.parse(), protocol.parse()) {
            (Ok(ports), Ok(protocol)) => Ok(Self { ports, protocol }),
            _ => Err(PortRangeError(text.to_owned())),
        }
    }
}

impl Decode for ExposedPort {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        parsed(value)
    }
}
