//! Which name an address has.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dns_zone::{Data, Name, Record, RecordData};

use super::{Block, Desired, Entry};
use crate::config::POINTERS;
use crate::plan::Change;
use crate::source::Origin;

/// Adds the PTR records for the addresses in forward zones to reverse zones: one for each address. A
/// name from the config file or written by hand is taken before one that a service wants, then the
/// first in order.
pub(crate) fn pointers(forward: &[Change], reverse: &mut [Desired<'_>]) {
    let mut best: BTreeMap<IpAddr, (bool, Name)> = BTreeMap::new();
    for change in forward.iter().filter(|change| change.view.is_none()) {
        for (record, is_host) in &change.records {
            let address = match record.data.decode() {
                Data::A(address) => IpAddr::V4(address),
                Data::Aaaa(address) => IpAddr::V6(address),
                _ => continue,
            };
            let underscore = record
                .owner
                .labels()
                .next()
                .is_some_and(|label| label.starts_with(b"_"));
            if record.owner.is_wildcard() || underscore {
                continue;
            }
            let candidate = (!is_host, record.owner.to_lowercase());
            let known = best.entry(address).or_insert_with(|| candidate.clone());
            if candidate < *known {
                *known = candidate;
            }
        }
    }
    for desired in reverse {
        let Some(network) = desired.zone.network else {
            continue;
        };
        let inside = best
            .iter()
            .filter(|(address, _)| network.contains(**address));
        let mut entries = Vec::new();
        for (address, (_, name)) in inside {
            let owner = network.pointer(*address);
            if owner.is_within(&desired.zone.name) {
                let record = Record::new(owner, desired.zone.ttl, RecordData::ptr(name));
                let origin = Origin {
                    what: format!("the address of {name}").into(),
                    span: None,
                };
                entries.push(Entry::made(record, vec![origin]));
            }
        }
        desired.blocks.push(Block {
            id: POINTERS.to_owned(),
            entries,
            is_empty_source: false,
        });
    }
}
