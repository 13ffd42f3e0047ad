//! What differs between two zones.

use std::collections::BTreeMap;

use crate::zone::Node;
use crate::{Name, Record, RecordData, RecordType, Serial, Ttl, Zone};

/// What differs between two zones, record by record. The number in the SOA is no difference by
/// itself: [`ZoneDiff::serials`] has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ZoneDiff {
    /// Records that only the first zone has, in canonical order.
    pub removed: Vec<Record>,
    /// Records that only the second zone has, in canonical order.
    pub added: Vec<Record>,
    /// Records that both have, with another time to live in the second, which is the one here; the
    /// first is beside it.
    pub changed_ttl: Vec<(Ttl, Record)>,
    /// The serial numbers of the zones.
    pub serials: (Option<Serial>, Option<Serial>),
}

impl ZoneDiff {
    /// Whether the zones have the same records, whatever their serial numbers.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty() && self.changed_ttl.is_empty()
    }

    /// Whether the serial number differs and nothing else does.
    pub fn is_serial_only(&self) -> bool {
        self.is_empty() && self.serials.0 != self.serials.1
    }
}

impl Zone {
    /// What has to change in this zone to become `other`.
    ///
    /// Names are compared without regard to case, texts by their octets, data by its wire form; order,
    /// comments and duplicates do not count, and neither does the serial number.
    ///
    /// ```
    /// use dns_zone::{LoadOptions, parse};
    /// let options = LoadOptions::new("home.arpa".parse()?);
    /// let old = parse("old", "$TTL 60\na A 192.0.2.1\nb TXT one\n", &options).zone;
    /// let new = parse("new", "$TTL 60\nB TXT \"one\"\na A 192.0.2.2\n", &options).zone;
    /// let diff = old.diff(&new);
    /// assert_eq!(diff.removed[0].to_string(), "a.home.arpa. 60 IN A 192.0.2.1");
    /// assert_eq!(diff.added[0].to_string(), "a.home.arpa. 60 IN A 192.0.2.2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn diff(&self, other: &Self) -> ZoneDiff {
        let mut diff = ZoneDiff {
            serials: (self.serial(), other.serial()),
            ..ZoneDiff::default()
        };
        let (old, new) = (self.index(), other.index());
        let (mut i, mut j) = (0, 0);
        loop {
            let order = match (old.nodes.get(i), new.nodes.get(j)) {
                (None, None) => return diff,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(one), Some(two)) => old.key(one).cmp(new.key(two)),
            };
            let one = order.is_le().then(|| &old.nodes[i]);
            let two = order.is_ge().then(|| &new.nodes[j]);
            i += usize::from(one.is_some());
            j += usize::from(two.is_some());
            if let (Some(one), Some(two)) = (one, two)
                && self.is_plainly_same(one, other, two)
            {
                continue;
            }
            let one = one.map_or_else(Vec::new, |node| self.node_records(node));
            let two = two.map_or_else(Vec::new, |node| other.node_records(node));
            merge(&one, &two, &mut diff);
        }
    }

    /// Whether two nodes have the same records at first sight, which most have.
    fn is_plainly_same(&self, node: &Node, other: &Self, of_other: &Node) -> bool {
        let one = &self.index().order[node.start..node.end];
        let two = &other.index().order[of_other.start..of_other.end];
        let first = self.record_at(one[0]).record.ttl;
        one.len() == two.len()
            && one.iter().zip(two).all(|(one, two)| {
                let one = &self.record_at(*one).record;
                let two = &other.record_at(*two).record;
                // With different times to live it depends on the order which one counts.
                one.ttl == first && two.ttl == first && one.data == two.data
            })
    }

    /// The records of a node, each once, with the number of the SOA taken out.
    fn node_records(&self, node: &Node) -> Vec<Record> {
        let mut all = Vec::with_capacity(node.end - node.start);
        for set in self.sets(node) {
            let first = self.record_at(set[0]);
            all.extend(self.set(node, first.record.kind()));
        }
        all
    }
}

/// Both in the same order.
fn merge(old: &[Record], new: &[Record], diff: &mut ZoneDiff) {
    let mut left: BTreeMap<RecordData, &Record> = old
        .iter()
        .map(|record| (without_serial(&record.data), record))
        .collect();
    for record in new {
        match left.remove(&without_serial(&record.data)) {
            None => diff.added.push(record.clone()),
            Some(before) if before.ttl != record.ttl => {
                diff.changed_ttl.push((before.ttl, record.clone()));
            }
            Some(_) => {}
        }
    }
    diff.removed.extend(left.into_values().cloned());
}

fn without_serial(data: &RecordData) -> RecordData {
    if data.kind() == RecordType::SOA
        && let crate::Data::Soa(mut soa) = data.decode()
    {
        soa.serial = 0;
        return RecordData::soa(&soa);
    }
    data.clone()
}

/// The names that a difference touches, each once, in order.
impl ZoneDiff {
    /// The owners of all records that differ, each once, in canonical order.
    pub fn owners(&self) -> Vec<&Name> {
        let records = self.removed.iter().chain(&self.added);
        let changed = self.changed_ttl.iter().map(|(_, record)| record);
        let mut owners: Vec<&Name> = records.chain(changed).map(|record| &record.owner).collect();
        owners.sort();
        owners.dedup();
        owners
    }
}
