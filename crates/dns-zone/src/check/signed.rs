//! Records of DNSSEC by themselves. Signatures, and whether a zone is signed whole, are not looked at.

use super::{Checker, Owner, Part};
use crate::problem::Problem;
use crate::{Name, RecordType};

/// Algorithms that sign zones (IANA), those for private use among them.
const ALGORITHMS: &[u8] = &[3, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16, 253, 254];

/// Digests of DS. GOST (3) is obsolete, and Knot refuses it.
const DIGESTS: &[u8] = &[1, 2, 4];

/// More iterations than anybody takes for a name; validns has this limit.
const MOST_ITERATIONS: u16 = 2_500;

impl<'z> Checker<'z> {
    pub(super) fn delegation(&mut self, at: u32) {
        if self.record(at).owner == *self.zone.origin() {
            let range = self.range(at, Part::Owner);
            self.problems.push(
                Problem::error("dns::apex-ds", "a DS at the name of the zone itself")
                    .maybe_at(range, "")
                    .help("BIND refuses it: the DS of a zone stands in the zone above"),
            );
        }
        self.known(at, 2, 1, ALGORITHMS, "algorithm that signs zones");
        self.known(at, 3, 2, DIGESTS, "digest of DS");
    }

    pub(super) fn zone_key(&mut self, at: u32) {
        let &[high, low, protocol, algorithm, ..] = self.record(at).data.as_wire() else {
            return;
        };
        // CDNSKEY says by zeros that the DS is to be removed (RFC 8078 section 4).
        let cdnskey = self.kind(at) == RecordType::CDNSKEY;
        if protocol != 3 {
            let range = self.range(at, Part::Data(1));
            self.problems.push(
                Problem::error("dns::value", "the protocol of a key is not 3")
                    .maybe_at(range, "")
                    .help("such a key is not used (RFC 4034 section 2.1.2)"),
            );
        }
        if !cdnskey || algorithm != 0 {
            self.known(at, 3, 2, ALGORITHMS, "algorithm that signs zones");
        }
        let flags = u16::from_be_bytes([high, low]);
        if flags & !0x0181 != 0 || flags & 0x0101 == 1 {
            let range = self.range(at, Part::Data(0));
            self.problems.push(
                Problem::error("dns::value", format!("{flags} are no flags of a key"))
                    .maybe_at(range, "")
                    .help(
                        "256 for a key of the zone, 257 if it signs keys; validns refuses others",
                    ),
            );
        }
    }

    pub(super) fn hashed(&mut self, at: u32) {
        let record = self.record(at);
        let &[_, flags, high, low, ..] = record.data.as_wire() else {
            return;
        };
        let parameters = record.kind() == RecordType::NSEC3PARAM;
        self.known(at, 0, 0, &[1], "algorithm of hashed names");
        let most = u8::from(!parameters);
        if flags > most {
            let range = self.range(at, Part::Data(1));
            self.problems.push(
                Problem::error(
                    "dns::value",
                    format!("{flags} are no flags of {}", record.kind()),
                )
                .maybe_at(range, "")
                .help("validns refuses them (RFC 5155 sections 3.1.2 and 4.1.2)"),
            );
        }
        let iterations = u16::from_be_bytes([high, low]);
        if iterations > MOST_ITERATIONS {
            let range = self.range(at, Part::Data(2));
            self.problems.push(
                Problem::error(
                    "dns::value",
                    format!("{iterations} rounds of hashing are more than {MOST_ITERATIONS}"),
                )
                .maybe_at(range, "")
                .help("0 is what everybody should take (RFC 9276)"),
            );
        }
        if !parameters && !self.is_hash(&record.owner) {
            let range = self.range(at, Part::Owner);
            self.problems.push(
                Problem::error("dns::hashed-name", "the owner of an NSEC3 is no hashed name")
                    .maybe_at(range, "")
                    .help("it is 32 letters and digits of base 32, directly below the zone; BIND refuses others"),
            );
        }
    }

    fn is_hash(&self, owner: &Name) -> bool {
        let label = owner.labels().next().unwrap_or_default();
        let digit = |byte: &u8| matches!(byte.to_ascii_uppercase(), b'0'..=b'9' | b'A'..=b'V');
        label.len() == 32
            && label.iter().all(digit)
            && owner.label_count() == self.zone.origin().label_count() + 1
    }

    /// What the zone asks its parent to do has to fit its keys.
    pub(super) fn requests(&mut self, owner: Owner<'z>) {
        let zone = self.zone;
        let set = |kind: RecordType| {
            let mut sets = zone.sets(owner.node);
            sets.find(|set| zone.record_at(set[0]).record.kind() == kind)
        };
        if let Some([first, second, ..]) = set(RecordType::NSEC3PARAM)
            && self.record(*first).data != self.record(*second).data
        {
            let range = self.range(*second, Part::Owner);
            self.problems.push(
                Problem::error(
                    "dns::several-hashes",
                    "the zone has several NSEC3PARAM records",
                )
                .maybe_at(range, "")
                .help("Knot refuses the zone: keep one"),
            );
        }
        if set(RecordType::DNSKEY).is_some() {
            return;
        }
        let asked = [RecordType::CDS, RecordType::CDNSKEY]
            .into_iter()
            .filter_map(set);
        // Zeros say that the DS is to be removed.
        let removal = |at: &u32| {
            let wire = self.record(*at).data.as_wire();
            wire == [0, 0, 0, 0, 0] || wire == [0, 0, 3, 0, 0]
        };
        let kept = asked.flatten().copied().find(|at| !removal(at));
        if let Some(at) = kept {
            let (range, kind) = (self.range(at, Part::Owner), self.kind(at));
            self.problems.push(
                Problem::error("dns::no-key", format!("a {kind} without a key of the zone"))
                    .maybe_at(range, "")
                    .help("BIND refuses the zone: it asks the parent to trust a key that is not there"),
            );
        }
    }

    /// A number of one octet that has to be one of these.
    fn known(&mut self, at: u32, octet: usize, word: usize, known: &[u8], what: &str) {
        let Some(value) = self.record(at).data.as_wire().get(octet) else {
            return;
        };
        if !known.contains(value) {
            let range = self.range(at, Part::Data(word));
            let known: Vec<_> = known.iter().map(ToString::to_string).collect();
            self.problems.push(
                Problem::error("dns::value", format!("{value} is no {what}"))
                    .maybe_at(range, "")
                    .help(format!("there are {}", known.join(", "))),
            );
        }
    }
}
