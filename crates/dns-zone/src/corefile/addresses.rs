//! The addresses of server blocks.

use std::fmt;

/// One address of a server block.
///
/// ```
/// use dns_zone::corefile::Address;
/// let read = |text| Address::read(text).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
/// assert_eq!(read("Home.Arpa"), ["dns://home.arpa.:53"]);
/// assert_eq!(read("tls://."), ["tls://.:853"]);
/// assert_eq!(read("10.1.0.0/16"), ["dns://1.10.in-addr.arpa.:53"]);
/// assert_eq!(read("192.168.2.0/23:1053").len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Address {
    /// `dns`, `tls`, `grpc`, `https`, `https3` or `quic`.
    pub transport: &'static str,
    /// The zone, absolute, in lower case.
    pub zone: String,
    /// The port.
    pub port: u16,
}

/// Transports and their ports.
const TRANSPORTS: &[(&str, u16)] = &[
    ("dns", 53),
    ("tls", 853),
    ("quic", 853),
    ("grpc", 443),
    ("https", 443),
    ("https3", 443),
];

impl Address {
    /// Reads an address: `[scheme://]zone[:port]`, the zone a name or a network, which stands for
    /// its reverse zones.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Vec<Self>, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("dns", text));
        let scheme = scheme.to_ascii_lowercase();
        let known = TRANSPORTS.iter().find(|(name, _)| *name == scheme);
        let Some((transport, standard)) = known else {
            return Err(format!("`{scheme}` is no transport of CoreDNS"));
        };
        let (host, port) = match rest.rsplit_once(':') {
            // An address of IPv6 has colons of its own.
            Some((host, port)) if !port.contains('/') && !host.contains("::") => (host, Some(port)),
            _ => (rest, None),
        };
        let port = match port {
            None => *standard,
            Some(port) => port.parse().map_err(|_| format!("`{port}` is no port"))?,
        };
        if host.is_empty() && rest.is_empty() {
            return Err("there is no zone in it".to_owned());
        }
        let zones = match host.split_once('/') {
            Some((network, bits)) if network.parse::<std::net::IpAddr>().is_ok() => {
                reverse(network, bits)?
            }
            // `:53` is the root.
            _ => vec![format!("{}.", host.trim_end_matches('.').to_lowercase())],
        };
        if let Some(bad) = zones.iter().find(|zone| !is_zone(zone)) {
            return Err(format!("`{bad}` is no name of a zone"));
        }
        Ok(zones
            .into_iter()
            .map(|zone| Self {
                transport,
                zone,
                port,
            })
            .collect())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.transport, self.zone, self.port)
    }
}

fn is_zone(zone: &str) -> bool {
    let name = zone.trim_end_matches('.');
    zone == "."
        || zone.len() <= 254
            && name
                .split('.')
                .all(|label| !label.is_empty() && label.len() <= 63)
}

/// The reverse zones of a network. Where it ends inside a label, all the zones of that label.
fn reverse(network: &str, bits: &str) -> Result<Vec<String>, String> {
    let bad = || format!("`{network}/{bits}` is no network");
    let bits: usize = bits.parse().map_err(|_| bad())?;
    match network.parse().map_err(|_| bad())? {
        std::net::IpAddr::V4(address) => {
            let parts: Vec<u32> = address
                .octets()
                .iter()
                .map(|octet| u32::from(*octet))
                .collect();
            labels(&parts, bits, 8, |part| part.to_string(), "in-addr.arpa.").ok_or_else(bad)
        }
        std::net::IpAddr::V6(address) => {
            let octets = address.octets();
            let parts: Vec<u32> = octets
                .iter()
                .flat_map(|octet| [u32::from(octet >> 4), u32::from(octet & 15)])
                .collect();
            labels(&parts, bits, 4, |part| format!("{part:x}"), "ip6.arpa.").ok_or_else(bad)
        }
    }
}

fn labels(
    parts: &[u32],
    bits: usize,
    width: usize,
    show: impl Fn(u32) -> String,
    suffix: &str,
) -> Option<Vec<String>> {
    if bits > parts.len() * width {
        return None;
    }
    let whole = bits / width;
    let rest = bits % width;
    let zone = |last: Option<u32>| {
        let known = parts.iter().take(whole).copied();
        let mut names: Vec<String> = known.chain(last).map(&show).collect();
        names.reverse();
        names.push(suffix.to_owned());
        names.join(".")
    };
    if rest == 0 {
        return Some(vec![zone(None)]);
    }
    let step = 1 << (width - rest);
    let first = parts.get(whole)? / step * step;
    Some((first..first + step).map(|part| zone(Some(part))).collect())
}
