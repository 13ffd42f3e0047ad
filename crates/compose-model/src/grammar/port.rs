//! The short form of ports.

use std::net::IpAddr;

use thiserror::Error;

use crate::go;

/// A port that the short form of an entry of `ports` publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSpec {
    /// The address on the host, without brackets; `None` for all of them.
    pub host_ip: Option<String>,
    /// The port on the host, or the range `8000-8009` from which the engine takes one; `None` if
    /// the engine takes any.
    pub published: Option<String>,
    /// The port in the container. Compose refuses 0 later.
    pub target: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// A short form that is no port. `Display` is the wording of Docker Compose.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PortError {
    /// There is no port in the container.
    #[error("no port specified: {0}<empty>")]
    NoPort(String),
    /// The protocol is none.
    #[error("invalid proto: {0}")]
    Protocol(String),
    /// The address is none.
    #[error("invalid IP address: {0}")]
    HostIp(String),
    /// The brackets around the address make no sense.
    #[error("invalid IP address {address}: address {address}:: {problem}")]
    Brackets {
        /// The address.
        address: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The port in the container is no port and no range of ports.
    #[error("invalid containerPort: {0}")]
    ContainerPort(String),
    /// The port on the host is no port and no range of ports.
    #[error("invalid hostPort: {0}")]
    HostPort(String),
    /// Two ranges of different length.
    #[error("invalid ranges specified for container and host Ports: {container} and {host}")]
    Ranges {
        /// The ports in the container.
        container: String,
        /// The ports on the host.
        host: String,
    },
}

impl PortSpec {
    /// Reads `[[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL]`, where `HOST` and `CONTAINER` may be
    /// ranges of the same length, and `HOST` a range for a single port.
    ///
    /// A range of ports in the container gives one entry for each, in the order of Docker
    /// Compose: by the text of the port, `10` before `9`.
    ///
    /// # Errors
    /// See [`PortError`].
    ///
    /// ```
    /// let ports = compose_model::PortSpec::parse("127.0.0.1:8080-8081:80-81/udp")?;
    /// assert_eq!(ports.len(), 2);
    /// assert_eq!(ports[0].host_ip.as_deref(), Some("127.0.0.1"));
    /// assert_eq!(ports[1].published.as_deref(), Some("8081"));
    /// assert_eq!((ports[1].target, &*ports[1].protocol), (81, "udp"));
    /// # Ok::<(), compose_model::PortError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Vec<Self>, PortError> {
        let mut parts = text.rsplitn(3, ':');
        let container = parts.next().unwrap_or_default();
        let host = parts.next().unwrap_or_default();
        let ip = parts.next().unwrap_or_default();
        let (container, protocol) = container.split_once('/').unwrap_or((container, ""));
        if container.is_empty() {
            return Err(PortError::NoPort(text.to_owned()));
        }
        let protocol = match protocol.to_lowercase() {
            empty if empty.is_empty() => "tcp".to_owned(),
            known if matches!(&*known, "tcp" | "udp" | "sctp") => known,
            other => return Err(PortError::Protocol(other)),
        };
        let host_ip = address(ip)?;
        let target =
            range(container).ok_or_else(|| PortError::ContainerPort(container.to_owned()))?;
        let published = match host {
            "" => None,
            _ => Some(range(host).ok_or_else(|| PortError::HostPort(host.to_owned()))?),
        };
        let length = |(first, last): (u16, u16)| last - first;
        if published.is_some_and(|host| length(host) != length(target)) && length(target) > 0 {
            return Err(PortError::Ranges {
                container: container.to_owned(),
                host: host.to_owned(),
            });
        }
        let port = |target_port: u16| Self {
            host_ip: host_ip.clone(),
            published: published.map(|(first, last)| match length(target) {
                0 if first != last => format!("{first}-{last}"),
                _ => (first + (target_port - target.0)).to_string(),
            }),
            target: target_port,
            protocol: protocol.clone(),
        };
        let mut ports: Vec<_> = (target.0..=target.1).map(port).collect();
        ports.sort_by_cached_key(|port| port.target.to_string());
        Ok(ports)
    }
}

/// The address without its brackets; none if there is nothing.
fn address(text: &str) -> Result<Option<String>, PortError> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => bracketed(rest).map_err(|problem| PortError::Brackets {
            address: text.to_owned(),
            problem,
        })?,
        None => text,
    };
    if bare.is_empty() {
        return Ok(None);
    }
    match bare.parse::<IpAddr>() {
        Ok(_) => Ok(Some(bare.to_owned())),
        Err(_) => Err(PortError::HostIp(bare.to_owned())),
    }
}

/// What stands in front of the `]`, with the complaints of Go's `net.SplitHostPort` about the rest.
fn bracketed(rest: &str) -> Result<&str, &'static str> {
    let (bare, behind) = rest.split_once(']').ok_or("missing ']' in address")?;
    match behind.bytes().next() {
        Some(b':') => Err("too many colons in address"),
        Some(_) => Err("missing port in address"),
        None if bare.contains('[') => Err("unexpected '[' in address"),
        None => Ok(bare),
    }
}

/// The first and last port of a range, which may be a single port.
fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let range = (number(first)?, number(last)?);
    (range.0 <= range.1).then_some(range)
}

fn number(text: &str) -> Option<u16> {
    u16::try_from(go::parse_int(text, 10).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PortSpec;

    /// As `[host_ip|][published:]target/protocol`.
    fn printed(text: &str) -> Result<Vec<String>, String> {
        let print = |port: PortSpec| {
            let ip = port.host_ip.map(|ip| ip + "|").unwrap_or_default();
            let published = port.published.map(|port| port + ":").unwrap_or_default();
            format!("{ip}{published}{}/{}", port.target, port.protocol)
        };
        let ports = PortSpec::parse(text).map_err(|error| error.to_string())?;
        Ok(ports.into_iter().map(print).collect())
    }

    #[test]
    fn single_ports() {
        for (text, expected) in [
            ("80", "80/tcp"),
            ("80/", "80/tcp"),
            ("80/UDP", "80/udp"),
            ("80/sctp", "80/sctp"),
            ("8080:80/udp", "8080:80/udp"),
            (":80", "80/tcp"),
            ("::80", "80/tcp"),
            (":80:80", "80:80/tcp"),
            ("+80", "80/tcp"),
            ("010:010", "10:10/tcp"),
            ("80-80", "80/tcp"),
            ("80-80:80", "80:80/tcp"),
            ("0:0", "0:0/tcp"),
            ("65535", "65535/tcp"),
            ("8000-8002:80", "8000-8002:80/tcp"),
            ("1.2.3.4:80:80", "1.2.3.4|80:80/tcp"),
            ("1.2.3.4::80", "1.2.3.4|80/tcp"),
            ("[::1]:80:80", "::1|80:80/tcp"),
            ("::1:80:80", "::1|80:80/tcp"),
            ("[1.2.3.4]:80:80", "1.2.3.4|80:80/tcp"),
            ("[2001:DB8::1]::80", "2001:DB8::1|80/tcp"),
            ("::ffff:1.2.3.4:80:80", "::ffff:1.2.3.4|80:80/tcp"),
            ("[]:80:80", "80:80/tcp"),
        ] {
            assert_eq!(printed(text), Ok(vec![expected.to_owned()]), "{text}");
        }
    }

    #[test]
    fn ranges_come_in_the_order_of_their_text() {
        for (text, expected) in [
            ("80-82/udp", vec!["80/udp", "81/udp", "82/udp"]),
            ("9-11", vec!["10/tcp", "11/tcp", "9/tcp"]),
            ("99-101", vec!["100/tcp", "101/tcp", "99/tcp"]),
            ("8000-8001:80-81", vec!["8000:80/tcp", "8001:81/tcp"]),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(printed(text), Ok(expected), "{text}");
        }
        assert_eq!(printed("0-65535").unwrap().len(), 65536);
    }

    #[test]
    fn errors() {
        for (text, expected) in [
            ("", "no port specified: <empty>"),
            ("80:", "no port specified: 80:<empty>"),
            ("/tcp", "no port specified: /tcp<empty>"),
            ("80/FOO", "invalid proto: foo"),
            ("80//tcp", "invalid proto: /tcp"),
            ("80/tcp ", "invalid proto: tcp "),
            ("host:80:80", "invalid IP address: host"),
            (":::80", "invalid IP address: :"),
            ("::1]:80:80", "invalid IP address: ::1]"),
            ("01.2.3.4:80:80", "invalid IP address: 01.2.3.4"),
            ("[fe80::1%eth0]:80:80", "invalid IP address: fe80::1%eth0"),
            ("80:80:80:80", "invalid IP address: 80:80"),
            (
                "[::1]",
                "invalid IP address [: address [:: missing ']' in address",
            ),
            (
                "[::1]x:80:80",
                "invalid IP address [::1]x: address [::1]x:: missing port in address",
            ),
            ("65536", "invalid containerPort: 65536"),
            ("-1", "invalid containerPort: -1"),
            ("80-79", "invalid containerPort: 80-79"),
            ("1-2-3", "invalid containerPort: 1-2-3"),
            ("80: 80", "invalid containerPort:  80"),
            ("0x50", "invalid containerPort: 0x50"),
            ("99999:80", "invalid hostPort: 99999"),
            ("1.2.3.4:80", "invalid hostPort: 1.2.3.4"),
            ("80/tcp:80", "invalid hostPort: 80/tcp"),
            (
                "80-81:3000-3002",
                "invalid ranges specified for container and host Ports: 3000-3002 and 80-81",
            ),
        ] {
            assert_eq!(printed(text), Err(expected.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "([0-9:.\\[\\]/-]|tcp|.){0,20}") {
            drop(printed(&text));
        }
    }
}
