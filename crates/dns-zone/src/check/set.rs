//! Records of one name and type together.

use super::{Checker, Owner, Part};
use crate::problem::Problem;
use crate::{Data, RecordType};

/// Longer ones are cut short by resolvers.
const LONG: u32 = 604_800;

impl<'z> Checker<'z> {
    pub(super) fn sets(&mut self, owner: Owner<'z>) {
        for set in self.zone.sets(owner.node) {
            let kind = self.kind(set[0]);
            if set.len() > 1 {
                self.duplicates(set);
                self.times(owner, set);
                self.reverse(owner, set);
                self.sender_policies(owner, set);
            }
            let first = self.record(set[0]);
            let seconds = first.ttl.as_secs();
            if seconds > LONG && !matches!(kind, RecordType::NS | RecordType::SOA) {
                self.time(
                    set[0],
                    "dns::long-ttl",
                    format!("`{}` may be kept for {} days", owner.name, seconds / 86_400),
                    "resolvers keep nothing longer than a week, and until then no change is seen",
                );
            }
            if seconds == 0 {
                self.time(
                    set[0],
                    "dns::zero-ttl",
                    format!("the {kind} of `{}` may not be kept at all", owner.name),
                    "every question goes to the server: some seconds are enough for changes",
                );
            }
        }
    }

    fn time(&mut self, at: u32, code: &'static str, message: String, help: &str) {
        let range = self.range(at, Part::Ttl);
        self.problems.push(
            Problem::warning(code, message)
                .maybe_at(range, "")
                .help(help),
        );
    }

    fn duplicates(&mut self, set: &'z [u32]) {
        for pair in set.windows(2) {
            let (one, two) = (self.record(pair[0]), self.record(pair[1]));
            if one.data != two.data || one.kind() == RecordType::SOA {
                continue;
            }
            let (first, second) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let (first, second) = (
                self.range(first, Part::Owner),
                self.range(second, Part::Owner),
            );
            self.problems.push(
                Problem::warning(
                    "dns::duplicate",
                    format!("the same {} of `{}` is there twice", one.kind(), one.owner),
                )
                .maybe_at(second, "the second")
                .and(first, "the first")
                .help("CoreDNS answers with both: remove one"),
            );
        }
    }

    fn times(&mut self, owner: Owner<'z>, set: &'z [u32]) {
        let first = set.iter().copied().min().unwrap_or_default();
        let wanted = self.record(first).ttl;
        let other = set
            .iter()
            .copied()
            .filter(|at| self.record(*at).ttl != wanted)
            .min();
        let Some(other) = other.filter(|other| self.kind(*other) != RecordType::RRSIG) else {
            return;
        };
        let smallest = set
            .iter()
            .map(|at| self.record(*at).ttl)
            .min()
            .unwrap_or(wanted);
        let (one, two) = (self.range(first, Part::Ttl), self.range(other, Part::Ttl));
        self.problems.push(
            Problem::warning("dns::mixed-ttl", format!("the {} records of `{}` have different times to live", self.kind(first), owner.name))
                .maybe_at(two, self.record(other).ttl.to_string())
                .and(one, wanted.to_string())
                .help(format!("records of one name and type share one (RFC 2181 section 5.2), and servers choose differently: write {smallest} everywhere")),
        );
    }

    /// An address has one name.
    fn reverse(&mut self, owner: Owner<'z>, set: &'z [u32]) {
        let distinct = set
            .windows(2)
            .any(|pair| self.record(pair[0]).data != self.record(pair[1]).data);
        if self.kind(set[0]) == RecordType::PTR && distinct && owner.name.to_address().is_some() {
            let (first, second) = (
                self.range(set[0], Part::Data(0)),
                self.range(set[1], Part::Data(0)),
            );
            self.problems.push(
                Problem::warning("dns::several-names", format!("the address of `{}` has several names", owner.name))
                    .maybe_at(second, "")
                    .and(first, "")
                    .help("clients take any of them, and mail servers want one: keep the name of the host"),
            );
        }
    }

    fn sender_policies(&mut self, owner: Owner<'z>, set: &'z [u32]) {
        if self.kind(set[0]) != RecordType::TXT {
            return;
        }
        let policies: Vec<u32> = set
            .iter()
            .copied()
            .filter(|at| match self.record(*at).data.decode() {
                Data::Txt(texts) => texts.concat().starts_with(b"v=spf1"),
                _ => false,
            })
            .collect();
        if let [first, second, ..] = policies[..]
            && self.record(first).data != self.record(second).data
        {
            let (one, two) = (
                self.range(first, Part::Data(0)),
                self.range(second, Part::Data(0)),
            );
            self.problems.push(
                Problem::warning(
                    "dns::several-spf",
                    format!("`{}` has several sender policies", owner.name),
                )
                .maybe_at(two, "")
                .and(one, "")
                .help("receivers refuse to choose (RFC 7208 section 4.5): join them"),
            );
        }
    }
}
