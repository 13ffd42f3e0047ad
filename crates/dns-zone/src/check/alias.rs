//! CNAME and DNAME.

use super::{Checker, Owner, Part, and_more};
use crate::problem::Problem;
use crate::{Data, Name, RecordData, RecordType};

/// Longer chains of aliases are not followed by everybody.
const LONGEST_CHAIN: usize = 8;

impl<'z> Checker<'z> {
    pub(super) fn aliases(&mut self, owner: Owner<'z>, apex: bool) {
        let mut alias: Option<&[u32]> = None;
        let mut redirection: Option<&[u32]> = None;
        let mut other: Option<u32> = None;
        let mut soa_below: Option<u32> = None;
        for set in self.zone.sets(owner.node) {
            match self.kind(set[0]) {
                RecordType::CNAME => alias = Some(set),
                RecordType::DNAME => redirection = Some(set),
                RecordType::RRSIG | RecordType::NSEC | RecordType::SIG | RecordType::NXT => {}
                RecordType::SOA if !apex => soa_below = Some(set[0]),
                _ => other = other.or(Some(set[0])),
            }
        }
        if let Some(at) = soa_below {
            let range = self.range(at, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::soa-below",
                    format!(
                        "`{}` has an SOA and is not the name of the zone",
                        owner.name
                    ),
                )
                .maybe_at(range, "")
                .help("a zone of its own has its own file"),
            );
        }
        if let Some(set) = alias {
            self.alias(owner, set, apex, other.or(redirection.map(|set| set[0])));
        }
        if let Some(set) = redirection {
            self.redirection(owner, set, apex);
        }
    }

    fn alias(&mut self, owner: Owner<'z>, set: &'z [u32], apex: bool, other: Option<u32>) {
        let (first, name) = (set[0], owner.name);
        let range = self.range(first, Part::Owner);
        if apex {
            self.problems.push(
                Problem::error("dns::apex-alias", "the name of the zone itself is an alias")
                    .maybe_at(range, "")
                    .help("BIND, Knot and NSD refuse the zone, CoreDNS answers that the address does not exist: write addresses instead"),
            );
        } else if let Some(other) = other {
            let kind = self.kind(other);
            let place = self.range(other, Part::Owner);
            self.problems.push(
                Problem::error("dns::alias-and-data", format!("`{name}` is an alias and has records of its own"))
                    .maybe_at(range, "the alias")
                    .and(place, format!("its {kind}"))
                    .help("BIND, Knot and NSD refuse the zone, CoreDNS hides the other records: keep the alias or the records"),
            );
        }
        if let Some((first, second)) = self.different(set) {
            let range = self.range(first, Part::Owner);
            let second = self.range(second, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::several-aliases",
                    format!("`{name}` is an alias of several names"),
                )
                .maybe_at(second, "a second target")
                .and(range, "the first")
                .help("an alias has one target"),
            );
        }
        self.chain(name, first);
    }

    /// The record of a set that is written first, and the first that is another one.
    fn different(&self, set: &[u32]) -> Option<(u32, u32)> {
        let first = set.iter().copied().min()?;
        let data = &self.record(first).data;
        let others = set
            .iter()
            .copied()
            .filter(|at| self.record(*at).data != *data);
        Some((first, others.min()?))
    }

    /// Follows an alias through the zone.
    fn chain(&mut self, name: &Name, first: u32) {
        let mut seen = vec![name.clone()];
        let mut next = target(&self.record(first).data);
        while let Some(here) = next.take() {
            if let Some(from) = seen.iter().position(|seen| *seen == here) {
                // Every member of a loop would say so; the first in order does.
                if from == 0 && seen.iter().all(|other| name <= other) {
                    let range = self.range(first, Part::Owner);
                    let hops: Vec<_> = seen
                        .iter()
                        .chain([&here])
                        .map(ToString::to_string)
                        .collect();
                    self.problems.push(
                        Problem::error(
                            "dns::alias-loop",
                            format!("`{name}` is an alias of itself"),
                        )
                        .maybe_at(range, "")
                        .help(format!("the way is {}", hops.join(" → "))),
                    );
                }
                return;
            }
            if seen.len() > LONGEST_CHAIN {
                let range = self.range(first, Part::Owner);
                self.problems.push(
                    Problem::error(
                        "dns::alias-chain",
                        format!(
                            "`{name}` is the start of more than {LONGEST_CHAIN} aliases in a row"
                        ),
                    )
                    .maybe_at(range, "")
                    .help("point it at the last one"),
                );
                return;
            }
            if let Some(node) = self.index.find(&here).map(|at| self.index.nodes[at]) {
                let alias = self.index.order[node.start..node.end]
                    .iter()
                    .find(|at| self.kind(**at) == RecordType::CNAME);
                next = alias.and_then(|at| target(&self.record(*at).data));
            }
            seen.push(here);
        }
    }

    fn redirection(&mut self, owner: Owner<'z>, set: &'z [u32], apex: bool) {
        let (first, name) = (set[0], owner.name);
        let range = self.range(first, Part::Owner);
        if let Some((first, second)) = self.different(set) {
            let range = self.range(first, Part::Owner);
            let second = self.range(second, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::several-redirections",
                    format!("`{name}` has several DNAMEs"),
                )
                .maybe_at(second, "a second target")
                .and(range, "the first")
                .help("a DNAME has one target"),
            );
        }
        if !apex && self.has(owner.node, RecordType::NS) {
            self.problems.push(
                Problem::error(
                    "dns::redirection-and-cut",
                    format!("`{name}` has a DNAME and name servers of its own"),
                )
                .maybe_at(range, "")
                .help("Knot refuses the zone: keep one of them"),
            );
        }
        if name.is_wildcard() {
            self.problems.push(
                Problem::warning(
                    "dns::wildcard-redirection",
                    format!("the wildcard `{name}` has a DNAME"),
                )
                .maybe_at(range, "")
                .help("it does not redirect what lies below names that the wildcard stands for"),
            );
        }
        if let Data::Dname(target) = self.record(first).data.decode()
            && target.is_within(name)
        {
            let range = self.range(first, Part::Data(0));
            self.problems.push(
                Problem::warning(
                    "dns::redirection-loop",
                    format!("the DNAME of `{name}` leads below itself"),
                )
                .maybe_at(range, ""),
            );
        }
    }

    /// A name below a DNAME: nobody gets to see it.
    pub(super) fn below_redirection(&mut self, owner: Owner<'z>, redirection: u32) {
        let first = self.index.order[owner.node.start];
        let above = self.range(redirection, Part::Owner);
        let range = self.range(first, Part::Owner);
        let kinds = and_more(
            &self.kind(first).to_string(),
            owner.node.end - owner.node.start,
        );
        self.problems.push(
            Problem::error(
                "dns::below-redirection",
                format!("`{}` has records below a DNAME", owner.name),
            )
            .maybe_at(range, kinds)
            .and(above, "the DNAME")
            .help("Knot and NSD refuse the zone: everything below a DNAME is redirected"),
        );
    }
}

fn target(data: &RecordData) -> Option<Name> {
    match data.decode() {
        Data::Cname(target) => Some(target),
        _ => None,
    }
}
