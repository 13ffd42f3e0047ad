//! Name servers, of the zone and of zones below it.

use std::net::{IpAddr, Ipv4Addr};

use super::{Checker, Owner, Part, Reached};
use crate::problem::Problem;
use crate::{Data, Name, RecordType};

impl<'z> Checker<'z> {
    /// Name servers for a zone below this one.
    pub(super) fn cut(&mut self, owner: Owner<'z>, set: &'z [u32]) {
        let name = owner.name;
        let range = self.range(set[0], Part::Owner);
        if name.is_wildcard() {
            self.problems.push(
                Problem::error(
                    "dns::wildcard-cut",
                    format!("the wildcard `{name}` has name servers"),
                )
                .maybe_at(range, "")
                .help("BIND refuses the zone: no zone can begin at a wildcard"),
            );
        }
        let hidden = self
            .zone
            .sets(owner.node)
            .find(|set| match self.kind(set[0]) {
                RecordType::NS
                | RecordType::DS
                | RecordType::NSEC
                | RecordType::RRSIG
                | RecordType::CNAME
                | RecordType::DNAME => false,
                RecordType::A | RecordType::AAAA => !self.servers.contains(name),
                _ => true,
            });
        if let Some(hidden) = hidden {
            let kind = self.kind(hidden[0]);
            let place = self.range(hidden[0], Part::Owner);
            self.problems.push(
                Problem::warning(
                    "dns::below-cut",
                    format!("the {kind} of `{name}` is never answered"),
                )
                .maybe_at(place, "")
                .and(range, "from here on other servers answer")
                .help("the zone ends at this name: move the record into the zone that begins here"),
            );
        }
        self.name_servers(set, Some(name));
    }

    /// A name below a cut; addresses of name servers are there for a reason.
    pub(super) fn below_cut(&mut self, owner: Owner<'z>) {
        for set in self.zone.sets(owner.node) {
            let kind = self.kind(set[0]);
            if matches!(kind, RecordType::NSEC | RecordType::RRSIG) {
                continue;
            }
            if matches!(kind, RecordType::A | RecordType::AAAA) && self.servers.contains(owner.name)
            {
                continue;
            }
            let range = self.range(set[0], Part::Owner);
            self.problems.push(
                Problem::warning("dns::below-cut", format!("the {kind} of `{}` is never answered", owner.name))
                    .maybe_at(range, "")
                    .help("a name above it has name servers of its own, which are asked instead: move the record into their zone"),
            );
        }
    }

    /// The name servers of one name.
    pub(super) fn name_servers(&mut self, set: &'z [u32], cut: Option<&Name>) {
        for (nth, &at) in set.iter().enumerate() {
            if nth > 0 && self.record(at).data == self.record(set[nth - 1]).data {
                continue;
            }
            let Data::Ns(server) = self.record(at).data.decode() else {
                continue;
            };
            let range = self.range(at, Part::Data(0));
            if server.as_wire().contains(&b'/') {
                self.problems.push(
                    Problem::error(
                        "dns::host-name",
                        format!("the name server `{server}` has a `/` in its name"),
                    )
                    .maybe_at(range, "")
                    .help("validns refuses it: name servers are hosts"),
                );
            }
            match self.reach(&server) {
                Reached::Alias => self.problems.push(
                    Problem::error("dns::ns-alias", format!("the name server `{server}` is an alias"))
                        .maybe_at(range, "")
                        .help("a name server needs addresses of its own (RFC 2181 section 10.3)"),
                ),
                Reached::NoAddress | Reached::Nothing if cut.is_none() => self.problems.push(
                    Problem::error("dns::no-address", format!("the name server `{server}` has no address"))
                        .maybe_at(range, "")
                        .help("BIND and Knot refuse the zone: add an A or AAAA record for it, or the missing dot at the end of the name"),
                ),
                // Below another cut its servers know the address.
                Reached::Below if !cut.is_some_and(|cut| server.is_within(cut)) => {}
                Reached::NoAddress | Reached::Nothing | Reached::Below => self.problems.push(
                    Problem::error("dns::no-glue", format!("the name server `{server}` has no address"))
                        .maybe_at(range, "")
                        .help("Knot refuses the zone, and nobody finds the way: add an A or AAAA record for it"),
                ),
                Reached::Address => self.unreachable(&server, range),
                Reached::Elsewhere => {}
            }
            self.looks_like_address(&server, at, 0);
        }
    }

    /// A name server that nobody outside of the machine reaches.
    fn unreachable(&mut self, server: &Name, range: Option<crate::problem::Range>) {
        let mut addresses = Vec::new();
        let mut place = None;
        if let Some(node) = self.index.find(server).map(|at| self.index.nodes[at]) {
            for at in &self.index.order[node.start..node.end] {
                match self.record(*at).data.decode() {
                    Data::A(address) => addresses.push(IpAddr::V4(address)),
                    Data::Aaaa(address) => addresses.push(IpAddr::V6(address)),
                    _ => continue,
                }
                place = place.or(Some(*at));
            }
        }
        let reasons: Vec<_> = addresses.iter().map(unreachable).collect();
        if let Some(Some(reason)) = reasons.first().copied()
            && reasons.iter().all(Option::is_some)
            && let Some(place) = place
        {
            let place = self.range(place, Part::Data(0));
            self.problems.push(
                Problem::warning(
                    "dns::unreachable-ns",
                    format!("the name server `{server}` cannot be reached from other machines"),
                )
                .maybe_at(place, reason)
                .and(range, "named here")
                .help("write the address of the host in the local network"),
            );
        }
    }
}

/// Why an address leads nowhere from another machine.
fn unreachable(address: &IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) if address.is_loopback() => Some("the machine itself"),
        IpAddr::V4(address) if address.is_unspecified() => Some("no address of a machine"),
        IpAddr::V4(address) if address.is_link_local() => Some("only good on one link"),
        IpAddr::V4(address) if is_bridge_gateway(*address) => {
            Some("looks like the gateway of a Docker network, which only this host has")
        }
        IpAddr::V6(address) if address.is_loopback() => Some("the machine itself"),
        IpAddr::V6(address) if address.is_unspecified() => Some("no address of a machine"),
        IpAddr::V6(address) if address.is_unicast_link_local() => Some("only good on one link"),
        _ => None,
    }
}

/// The gateways of the networks that Docker makes by itself: 172.17.0.1 to 172.31.0.1.
fn is_bridge_gateway(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [172, 17..=31, 0, 1])
}
