//! Names of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

use crate::{Name, Record, RecordData, Ttl};

/// The name under which an address is looked up: `in-addr.arpa` or `ip6.arpa`.
///
/// ```
/// use dns_zone::reverse_name;
/// assert_eq!(reverse_name("192.0.2.7".parse()?).to_string(), "7.2.0.192.in-addr.arpa.");
/// assert!(reverse_name("2001:db8::1".parse()?).to_string().ends_with(".8.b.d.0.1.0.0.2.ip6.arpa."));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn reverse_name(address: IpAddr) -> Name {
    name(&parts(address), suffix(address))
}

/// A network of addresses, `192.168.1.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is no network: {why}")]
#[non_exhaustive]
pub struct NetworkError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Network {
    /// Its first address.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// How many bits all of its addresses share.
    pub fn prefix_length(self) -> u8 {
        self.bits
    }

    /// Whether an address lies in it.
    ///
    /// ```
    /// use dns_zone::Network;
    /// let network: Network = "192.168.0.0/20".parse()?;
    /// assert!(network.contains("192.168.15.255".parse().unwrap()));
    /// assert!(!network.contains("192.168.16.0".parse().unwrap()));
    /// # Ok::<(), dns_zone::NetworkError>(())
    /// ```
    pub fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4()
            && masked(number(address), self.bits, width(address)) == number(self.address)
    }

    /// The zones that its addresses are looked up in. Where it ends between two labels that are
    /// several; a network of IPv4 with more than 24 bits has a zone of its own below the last label
    /// (RFC 2317), which needs [`Network::delegation`] in the zone above.
    ///
    /// ```
    /// use dns_zone::Network;
    /// let zones = |text: &str| text.parse::<Network>().unwrap().zones().iter().map(ToString::to_string).collect::<Vec<_>>();
    /// assert_eq!(zones("10.0.0.0/8"), ["10.in-addr.arpa."]);
    /// assert_eq!(zones("192.168.2.0/23"), ["2.168.192.in-addr.arpa.", "3.168.192.in-addr.arpa."]);
    /// assert_eq!(zones("192.0.2.64/26"), ["64/26.2.0.192.in-addr.arpa."]);
    /// assert_eq!(zones("fd00::/8"), ["d.f.ip6.arpa."]);
    /// ```
    pub fn zones(self) -> Vec<Name> {
        let suffix = suffix(self.address);
        let all = parts(self.address);
        let size = if self.address.is_ipv4() { 8 } else { 4 };
        let whole = usize::from(self.bits / size);
        let rest = self.bits % size;
        if self.is_classless() {
            let above = &all[..3];
            let own = format!("{}/{}", all[3], self.bits);
            let labels = std::iter::once(own).chain(above.iter().rev().cloned());
            return Name::from_labels(labels.chain(suffix.iter().map(|label| (*label).to_owned())))
                .into_iter()
                .collect();
        }
        if rest == 0 {
            return vec![name(&all[..whole], suffix)];
        }
        let count = 1_u32 << (size - rest);
        let radix = if size == 8 { 10 } else { 16 };
        let first = u32::from_str_radix(&all[whole], radix).unwrap_or_default();
        let last = (first..first + count).map(|part| {
            if radix == 10 {
                part.to_string()
            } else {
                format!("{part:x}")
            }
        });
        last.map(|last| {
            let mut some = all[..whole].to_vec();
            some.push(last);
            name(&some, suffix)
        })
        .collect()
    }

    /// The name under which an address of this network has its PTR record.
    pub fn pointer(self, address: IpAddr) -> Name {
        if !self.is_classless() {
            return reverse_name(address);
        }
        let all = parts(address);
        let zone = self.zones().into_iter().next().unwrap_or_else(Name::root);
        zone.prepend(all[3].as_bytes()).unwrap_or(zone)
    }

    /// What the zone above has to have for a network of more than 24 bits (RFC 2317): an alias for
    /// every address. The NS records of the zone belong there too.
    pub fn delegation(self, ttl: Ttl) -> Vec<Record> {
        if !self.is_classless() {
            return Vec::new();
        }
        let IpAddr::V4(first) = self.address else {
            return Vec::new();
        };
        let first = u32::from(first);
        let count = 1_u32 << (32 - self.bits);
        let addresses = (first..=first + (count - 1)).map(|address| IpAddr::V4(address.into()));
        addresses
            .map(|address| {
                Record::new(
                    reverse_name(address),
                    ttl,
                    RecordData::cname(&self.pointer(address)),
                )
            })
            .collect()
    }

    fn is_classless(self) -> bool {
        self.address.is_ipv4() && self.bits > 24
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let bad = |why| NetworkError {
            text: text.to_owned(),
            why,
        };
        let (address, bits) = text.split_once('/').ok_or_else(|| {
            bad("write an address, `/` and the number of bits, such as 192.168.1.0/24")
        })?;
        let address: IpAddr = address
            .parse()
            .map_err(|_| bad("there is no address before the `/`"))?;
        let width = width(address);
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits: u8 = bits
            .parse()
            .ok()
            .filter(|bits| digits && *bits <= width)
            .ok_or_else(|| bad("the number of bits is none"))?;
        if masked(number(address), bits, width) != number(address) {
            return Err(bad("the address has bits behind the network's"));
        }
        Ok(Self { address, bits })
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

fn masked(number: u128, bits: u8, width: u8) -> u128 {
    let host = u32::from(width - bits);
    number
        .checked_shr(host)
        .unwrap_or_default()
        .checked_shl(host)
        .unwrap_or_default()
}

/// The labels of an address, its first part first.
fn parts(address: IpAddr) -> Vec<String> {
    match address {
        IpAddr::V4(address) => address.octets().iter().map(ToString::to_string).collect(),
        IpAddr::V6(address) => nibbles(address),
    }
}

fn nibbles(address: Ipv6Addr) -> Vec<String> {
    let octets = address.octets();
    octets
        .iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .map(|nibble| format!("{nibble:x}"))
        .collect()
}

fn suffix(address: IpAddr) -> &'static [&'static str] {
    if address.is_ipv4() {
        &["in-addr", "arpa"]
    } else {
        &["ip6", "arpa"]
    }
}

fn name(parts: &[String], suffix: &[&str]) -> Name {
    let labels = parts
        .iter()
        .rev()
        .map(String::as_str)
        .chain(suffix.iter().copied());
    // At most 34 labels of one letter or three digits: a name in any case.
    Name::from_labels(labels).unwrap_or_else(|_| Name::root())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Network, reverse_name};
    use crate::Ttl;

    #[test]
    fn networks() {
        for text in [
            "1.2.3.4",
            "1.2.3.0/33",
            "1.2.3.4/24",
            "x/1",
            "::/129",
            "1.2.3.0/",
            "1.2.3.0/+8",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0", "255.255.255.255/32", "fd00::/7"] {
            let network = text.parse::<Network>().map(|network| network.to_string());
            if text == "fd00::/7" {
                assert!(network.is_err());
            } else {
                assert_eq!(network.as_deref(), Ok(text));
            }
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("1.2.3.4".parse().unwrap()) && !all.contains("::1".parse().unwrap()));
        assert_eq!(all.zones()[0].to_string(), "in-addr.arpa.");
        assert_eq!("10.0.0.0/12".parse::<Network>().unwrap().zones().len(), 16);
        assert_eq!(
            "fd00:8000::/18".parse::<Network>().unwrap().zones().len(),
            4
        );
    }

    #[test]
    fn every_address_is_in_a_zone_of_its_network() {
        for (network, address) in [
            ("10.0.0.0/8", "10.1.2.3"),
            ("172.16.0.0/12", "172.31.255.1"),
            ("192.168.1.0/24", "192.168.1.255"),
            ("192.168.1.128/25", "192.168.1.200"),
            ("fd12:3456::/32", "fd12:3456::1"),
            ("2001:db8::/61", "2001:db8:0:7::9"),
        ] {
            let network: Network = network.parse().unwrap();
            let address: IpAddr = address.parse().unwrap();
            assert!(network.contains(address));
            let name = network.pointer(address);
            assert!(
                network.zones().iter().any(|zone| name.is_below(zone)),
                "{network} {address}"
            );
        }
    }

    #[test]
    fn small_networks_are_delegated_by_aliases() {
        let network: Network = "192.0.2.64/26".parse().unwrap();
        let records = network.delegation(Ttl::from_secs(60).unwrap());
        assert_eq!(records.len(), 64);
        assert_eq!(
            records[1].to_string(),
            "65.2.0.192.in-addr.arpa. 60 IN CNAME 65.64/26.2.0.192.in-addr.arpa."
        );
        assert_eq!(
            reverse_name("192.0.2.65".parse().unwrap()),
            records[1].owner
        );
        assert_eq!(
            "192.0.2.0/24"
                .parse::<Network>()
                .unwrap()
                .delegation(Ttl::from_secs(60).unwrap()),
            []
        );
        let last: Network = "255.255.255.255/32".parse().unwrap();
        assert_eq!(last.delegation(Ttl::from_secs(60).unwrap()).len(), 1);
    }
}
