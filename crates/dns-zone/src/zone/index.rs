//! The names of a zone in canonical order.

use crate::name::write_sort_key;
use crate::{Name, RecordType};

use super::ZoneRecord;

/// Names with records, sorted, and the records of each.
#[derive(Debug)]
pub(crate) struct Index {
    /// Records by name, type and data.
    pub(crate) order: Vec<u32>,
    pub(crate) nodes: Vec<Node>,
    /// The sort keys of all nodes, one behind the other.
    keys: Vec<u8>,
}

/// One name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    key_start: u32,
    key_end: u32,
    /// Its part of [`Index::order`].
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A record on its way to its place.
struct Entry {
    /// The first octets of the key behind that of the zone: enough to tell most names apart.
    front: u64,
    start: u32,
    end: u32,
    /// SOA first, then by number.
    kind: u16,
    record: u32,
}

impl Index {
    pub(super) fn new(origin: &Name, records: &[ZoneRecord]) -> Self {
        let mut origin_key = Vec::new();
        write_sort_key(origin.as_wire(), &mut origin_key);
        let mut keys = Vec::with_capacity(records.len() * 24);
        let mut entries: Vec<Entry> = Vec::with_capacity(records.len());
        for (at, one) in records.iter().enumerate() {
            let start = keys.len();
            let record = &one.record;
            let same = at > 0 && records[at - 1].record.owner.as_wire() == record.owner.as_wire();
            let (start, end) = match entries.last() {
                Some(last) if same => (last.start, last.end),
                _ => {
                    write_sort_key(record.owner.as_wire(), &mut keys);
                    (short(start), short(keys.len()))
                }
            };
            let key = &keys[start as usize..end as usize];
            let kind = match record.kind() {
                RecordType::SOA => 0,
                kind => kind.code(),
            };
            entries.push(Entry {
                front: front(key, &origin_key),
                start,
                end,
                kind,
                record: short(at),
            });
        }
        entries.sort_by(|one, other| {
            let key = |entry: &Entry| &keys[entry.start as usize..entry.end as usize];
            one.front
                .cmp(&other.front)
                .then_with(|| key(one).cmp(key(other)))
                .then(one.kind.cmp(&other.kind))
                .then_with(|| {
                    let data = |entry: &Entry| &records[entry.record as usize].record.data;
                    data(one).cmp(data(other))
                })
        });
        let mut nodes: Vec<Node> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let key = &keys[entry.start as usize..entry.end as usize];
            match nodes.last_mut() {
                Some(node) if &keys[node.key_start as usize..node.key_end as usize] == key => {
                    node.end = at + 1;
                }
                _ => nodes.push(Node {
                    key_start: entry.start,
                    key_end: entry.end,
                    start: at,
                    end: at + 1,
                }),
            }
        }
        Self {
            order: entries.into_iter().map(|entry| entry.record).collect(),
            nodes,
            keys,
        }
    }

    pub(crate) fn key(&self, node: &Node) -> &[u8] {
        &self.keys[node.key_start as usize..node.key_end as usize]
    }

    /// The node of a name.
    pub(crate) fn find(&self, name: &Name) -> Option<usize> {
        let mut key = Vec::with_capacity(name.as_wire().len());
        write_sort_key(name.as_wire(), &mut key);
        self.find_key(&key).ok()
    }

    /// The node with a key, or where it would stand.
    pub(crate) fn find_key(&self, key: &[u8]) -> Result<usize, usize> {
        self.nodes.binary_search_by(|node| self.key(node).cmp(key))
    }

    /// Whether a name exists: it has records, or a name below it has.
    pub(crate) fn exists_key(&self, key: &[u8]) -> bool {
        match self.find_key(key) {
            Ok(_) => true,
            Err(at) => self
                .nodes
                .get(at)
                .is_some_and(|node| self.key(node).starts_with(key)),
        }
    }
}

fn short(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Octets of a key as a number that sorts as they do. Names outside of the zone stand where they do
/// by the order of whole keys: before all of its names or behind them.
fn front(key: &[u8], origin: &[u8]) -> u64 {
    let Some(rest) = key.strip_prefix(origin) else {
        return if key < origin { 0 } else { u64::MAX };
    };
    let mut octets = [0; 8];
    let length = rest.len().min(7);
    octets[1..=length].copy_from_slice(&rest[..length]);
    octets[0] = 1;
    u64::from_be_bytes(octets)
}
