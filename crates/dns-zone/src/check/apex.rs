//! What a zone has at its name.

use super::{Checker, Part};
use crate::problem::Problem;
use crate::{Data, RecordType, Soa};

/// The longest time in an SOA (RFC 2181 section 8 says so of times to live).
const LONGEST: u32 = i32::MAX.unsigned_abs();

impl Checker<'_> {
    pub(super) fn apex(&mut self) {
        let zone = self.zone;
        let node = self
            .index
            .find(zone.origin())
            .map(|at| &self.index.nodes[at]);
        let place = self.first_record();
        if zone.origin().is_wildcard() {
            self.problems.push(
                Problem::error(
                    "dns::wildcard-cut",
                    format!("`{}` is a wildcard, and no name of a zone", zone.origin()),
                )
                .maybe_at(place, "")
                .help("BIND refuses the zone: no zone can begin at a wildcard"),
            );
        }
        let mut soas: Vec<u32> = Vec::new();
        let mut servers = 0;
        if let Some(node) = node {
            for at in &self.index.order[node.start..node.end] {
                match self.kind(*at) {
                    RecordType::SOA => soas.push(*at),
                    RecordType::NS => servers += 1,
                    _ => {}
                }
            }
        }
        soas.sort_unstable();
        let Some((&soa, more)) = soas.split_first() else {
            self.problems.push(
                Problem::error("dns::no-soa", format!("the zone `{}` has no SOA", zone.origin()))
                    .maybe_at(place, "the first record")
                    .help("the first record of a zone is its SOA, at the name of the zone: `@ SOA ns1 admin 1 2h 1h 2w 5m`"),
            );
            self.no_servers(servers, place);
            return;
        };
        for &second in more {
            let (first, second) = (
                self.range(soa, Part::Owner),
                self.range(second, Part::Owner),
            );
            self.problems.push(
                Problem::error("dns::second-soa", "the zone has a second SOA")
                    .maybe_at(second, "the second")
                    .and(first, "the first")
                    .help("BIND and NSD refuse the zone, CoreDNS takes the last one: remove one of them"),
            );
        }
        if soa != 0 {
            let range = self.range(soa, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::soa-not-first",
                    "the SOA is not the first record of the zone",
                )
                .maybe_at(range, "")
                .and(place, "the first record")
                .help("validns refuses the zone: put the SOA at the start"),
            );
        }
        self.no_servers(servers, place);
        if let Data::Soa(values) = self.record(soa).data.decode() {
            self.soa_values(soa, &values);
        }
    }

    fn no_servers(&mut self, servers: usize, place: Option<crate::problem::Range>) {
        if servers == 0 {
            let origin = self.zone.origin();
            self.problems.push(
                Problem::error(
                    "dns::no-ns",
                    format!("the zone `{origin}` has no name server"),
                )
                .maybe_at(place, "")
                .help("BIND and Knot refuse the zone: add `@ NS ns1` and the address of `ns1`"),
            );
        }
    }

    fn soa_values(&mut self, at: u32, soa: &Soa) {
        let times = [
            ("refresh", soa.refresh, 3),
            ("retry", soa.retry, 4),
            ("expire", soa.expire, 5),
            ("minimum", soa.minimum, 6),
        ];
        for (name, seconds, word) in times {
            if seconds > LONGEST {
                let range = self.range(at, Part::Data(word));
                self.problems.push(
                    Problem::error(
                        "dns::soa-time",
                        format!("the {name} time of the SOA is longer than {LONGEST} seconds"),
                    )
                    .maybe_at(range, ""),
                );
            }
        }
        let mut warn = |word: usize, message: String, help: &str| {
            let range = self.range(at, Part::Data(word));
            self.problems.push(
                Problem::warning("dns::soa-time", message)
                    .maybe_at(range, "")
                    .help(help),
            );
        };
        if soa.retry >= soa.refresh {
            warn(
                4,
                "the retry time of the SOA is not shorter than the refresh time".to_owned(),
                "after a failure secondaries ask again sooner than usual, such as `2h 1h`",
            );
        }
        if u64::from(soa.expire) < u64::from(soa.refresh) + u64::from(soa.retry) {
            warn(
                5,
                "the expire time of the SOA is shorter than refresh and retry together".to_owned(),
                "secondaries give the zone up before they have asked twice: take some weeks, such as `2w`",
            );
        }
        if soa.minimum > 86_400 {
            warn(
                6,
                format!(
                    "that a name does not exist is remembered for {} seconds",
                    soa.minimum
                ),
                "the last number of the SOA is not a default time to live (RFC 2308): a few minutes to some hours are usual",
            );
        }
        if soa.serial == 0 {
            let range = self.range(at, Part::Data(2));
            self.problems.push(
                Problem::warning("dns::serial-zero", "the serial number is 0")
                    .maybe_at(range, "")
                    .help("some secondaries take it for none: begin with 1"),
            );
        }
    }
}
