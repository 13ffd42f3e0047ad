//! Hosts files.

use std::net::IpAddr;

use yaml_tree::Source;

use super::{Imported, lines};

/// Names of every machine for itself, which no zone has.
const OWN: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
];

/// Reads `address name …` lines. Names for the machine itself are passed over, and addresses that
/// nobody else could use are told.
pub(crate) fn read(source: &Source, imported: &mut Imported) {
    for (text, span) in lines(source) {
        let text = text.split('#').next().unwrap_or_default();
        let mut words = text.split_whitespace();
        let Some(first) = words.next() else { continue };
        // An address of a link has its interface behind it.
        let address = first.split('%').next().unwrap_or_default();
        let Ok(address) = address.parse::<IpAddr>() else {
            imported.warn(
                "import::bad-address",
                span,
                format!("`{first}` is no address; the line is left out"),
            );
            continue;
        };
        let names: Vec<&str> = words
            .filter(|name| !OWN.contains(&name.to_ascii_lowercase().as_str()))
            .collect();
        if names.is_empty() {
            continue;
        }
        if let Some(why) = unusable(address) {
            imported.warn(
                "import::local-address",
                span,
                format!("`{address}` is {why}; the line is left out"),
            );
            continue;
        }
        for name in names {
            imported.address(name, address, None, &span);
        }
    }
}

/// Why nobody else can use an address.
fn unusable(address: IpAddr) -> Option<&'static str> {
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.segments()[0] & 0xffc0 == 0xfe80,
    };
    if address.is_loopback() {
        Some("an address of the machine for itself")
    } else if address.is_unspecified() {
        Some("no address of anybody, as lists of blocked names have it")
    } else if address.is_multicast() || link_local {
        Some("no address that others can use")
    } else {
        None
    }
}
