//! Addresses that no client can use.

use super::{Checker, Part};
use crate::problem::Problem;
use crate::{Data, RecordType};

impl Checker<'_> {
    pub(super) fn address(&mut self, at: u32) {
        let what = match self.record(at).data.decode() {
            Data::A(address) if address.is_unspecified() => "the unspecified address",
            Data::A(address) if address.is_multicast() => "a multicast address",
            Data::A(address) if address.is_broadcast() => "the broadcast address",
            Data::Aaaa(address) if address.is_unspecified() => "the unspecified address",
            Data::Aaaa(address) if address.is_multicast() => "a multicast address",
            Data::Aaaa(address) if address.to_ipv4_mapped().is_some() => {
                "an IPv4 address in the form of IPv6"
            }
            Data::Aaaa(address) if address.is_unicast_link_local() => {
                "an address of one link, which needs its interface"
            }
            _ => return,
        };
        let range = self.range(at, Part::Data(0));
        let owner = &self.record(at).owner;
        let mut problem =
            Problem::warning("dns::address", format!("`{owner}` has {what}")).maybe_at(range, "");
        if self.kind(at) == RecordType::AAAA {
            problem =
                problem.help("write the address that other machines use, or leave the record out");
        }
        self.problems.push(problem);
    }
}
