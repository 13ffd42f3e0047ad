//! Which records the blocks of a file get: what is wanted, without what others have already.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dns_zone::{Loaded, Name, Place, Record, RecordData, RecordType, Zone, ZoneDiff};
use yaml_tree::{Diagnostic, Severity, Span};

use super::blocks::Blocks;
use crate::config::POINTERS;
use crate::plan::{Desired, Entry};
use crate::source::{Origin, about};

/// The records of every block, by its id.
pub(super) struct Wanted<'d>(BTreeMap<&'d str, Records<'d>>);

/// The records of one block.
#[derive(Default)]
struct Records<'d> {
    wanted: Vec<&'d Entry<'d>>,
    /// What wildcards need to go on answering.
    filled: Vec<Entry<'static>>,
}

impl Records<'_> {
    fn entries(&self) -> impl Iterator<Item = &Entry<'_>> {
        self.wanted.iter().copied().chain(&self.filled)
    }
}

impl<'d> Wanted<'d> {
    /// What is wanted, without what stands outside of the blocks or in an earlier one.
    pub(super) fn new(
        desired: &'d Desired<'_>,
        old: &Loaded,
        blocks: &Blocks<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        // Each name with the last block that wants it.
        let mut last: HashMap<&Name, usize> = HashMap::new();
        for (at, block) in desired.blocks.iter().enumerate() {
            last.extend(
                block
                    .entries
                    .iter()
                    .map(|entry| (&entry.record().owner, at)),
            );
        }
        let foreign = foreign(old, blocks, &last);
        let mut all = BTreeMap::new();
        let mut taken: HashMap<&Name, Vec<&Entry<'_>>> = HashMap::new();
        for (at, block) in desired.blocks.iter().enumerate() {
            let mut records = Records::default();
            for entry in &block.entries {
                let record = entry.record();
                let others = foreign.get(&record.owner).map(Vec::as_slice);
                let others = others.unwrap_or_default();
                if others.iter().any(|(other, _)| other.data == record.data) {
                    continue;
                }
                if let Some((other, place)) =
                    others.iter().find(|(other, _)| excludes(other, record))
                {
                    let span = place.and_then(|place| old.zone.span(place));
                    let warning = kept(entry, other, span.as_ref());
                    if !found.contains(&warning) {
                        found.push(warning);
                    }
                    continue;
                }
                let before = taken.get(&record.owner).map(Vec::as_slice);
                let before = before.unwrap_or_default();
                if before
                    .iter()
                    .any(|other| other.record().data == record.data)
                {
                    continue;
                }
                match before.iter().find(|other| excludes(other.record(), record)) {
                    Some(other) => found.push(clash(entry, other)),
                    None => records.wanted.push(entry),
                }
            }
            for entry in &records.wanted {
                let owner = &entry.record().owner;
                if last.get(owner).is_some_and(|last| *last > at) {
                    taken.entry(owner).or_default().push(entry);
                }
            }
            all.insert(block.id.as_str(), records);
        }
        Self(all)
    }

    /// The records of a block.
    pub(super) fn of(&self, id: &str) -> impl Iterator<Item = &Record> {
        let records = self.0.get(id).into_iter();
        records.flat_map(Records::entries).map(Entry::record)
    }

    /// The records of all blocks.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        let entries = self.0.values().flat_map(Records::entries);
        entries.map(Entry::record)
    }

    /// Adds what wildcards need to go on answering; tells whether there is anything.
    pub(super) fn fill(&mut self, zone: &Zone) -> bool {
        let mut filled = false;
        let mut done: BTreeSet<(Name, RecordData)> = BTreeSet::new();
        for (id, records) in self.0.iter_mut().filter(|(id, _)| **id != POINTERS) {
            let names: Vec<&Name> = records
                .wanted
                .iter()
                .map(|one| &one.record().owner)
                .collect();
            for record in zone.wildcard_gaps(names) {
                if !done.insert((record.owner.clone(), record.data.clone())) {
                    continue;
                }
                filled = true;
                let what = format!(
                    "keeps the wildcard above answering here, which names of {id} would hide"
                );
                let origin = Origin {
                    what: what.into(),
                    span: None,
                };
                records.filled.push(Entry::made(record, vec![origin]));
            }
        }
        filled
    }

    /// What wants the records that a difference adds or changes.
    pub(super) fn why(&self, diff: &ZoneDiff) -> BTreeMap<Record, Vec<Origin>> {
        let changed = diff.changed_ttl.iter().map(|(_, record)| record);
        let told: HashSet<&Record> = diff.added.iter().chain(changed).collect();
        let mut why = BTreeMap::new();
        if !told.is_empty() {
            for entry in self.0.values().flat_map(Records::entries) {
                if told.contains(entry.record()) {
                    why.insert(entry.record().clone(), entry.origins());
                }
            }
        }
        why
    }
}

/// Records of others, by name.
type Foreign<'o> = HashMap<&'o Name, Vec<(&'o Record, Option<Place>)>>;

/// The records outside of our blocks at the names that are wanted.
fn foreign<'o>(old: &'o Loaded, blocks: &Blocks<'_>, names: &HashMap<&Name, usize>) -> Foreign<'o> {
    let mut foreign = Foreign::new();
    if names.is_empty() {
        return foreign;
    }
    for (record, place) in old.zone.placed_records() {
        if names.contains_key(&record.owner) && blocks.of(old, place).is_none() {
            let others = foreign.entry(&record.owner).or_default();
            others.push((record, place));
        }
    }
    foreign
}

/// Whether a record makes another one impossible, or would share its answers with it.
fn excludes(one: &Record, other: &Record) -> bool {
    let alias = |record: &Record| record.kind() == RecordType::CNAME;
    if one.kind() == RecordType::SOA
        || other.kind() == RecordType::NS && one.kind() == RecordType::NS
    {
        return false;
    }
    if alias(one) || alias(other) {
        return true;
    }
    let address = |record: &Record| matches!(record.kind(), RecordType::A | RecordType::AAAA);
    address(one) && address(other) && one.kind() == other.kind()
        || one.kind() == RecordType::PTR && other.kind() == RecordType::PTR
}

/// The record of people stays, ours is left out.
fn kept(entry: &Entry<'_>, other: &Record, span: Option<&Span>) -> Diagnostic {
    let record = entry.record();
    let origins = entry.origins();
    let origin = origins.first();
    let who = origin.map(Origin::shown).unwrap_or_default();
    let message = format!(
        "`{}` has a record of type {} already that is not ours, so the one for {who} is left out",
        record.owner,
        other.kind()
    );
    let mut found = Diagnostic::warning("zonegen::kept", message);
    if let Some(span) = span {
        found = found.primary(first_line(span), "stays as it is");
    }
    if let Some(span) = origin.and_then(|origin| origin.span.as_ref()) {
        found = found.secondary(span.clone(), "left out");
    }
    found
}

fn first_line(span: &Span) -> Span {
    let length = span.text().lines().next().map_or(0, str::len);
    span.slice(0, length)
}

/// Two records of ours that cannot both be.
fn clash(entry: &Entry<'_>, other: &Entry<'_>) -> Diagnostic {
    let nobody = Origin {
        what: "".into(),
        span: None,
    };
    let (ours, theirs) = (entry.origins(), other.origins());
    let (one, two) = (
        ours.first().unwrap_or(&nobody),
        theirs.first().unwrap_or(&nobody),
    );
    let (record, other) = (entry.record(), other.record());
    let message = format!(
        "`{}` is to be {} by {}, and {} by {}",
        record.owner,
        shown(record),
        one.shown(),
        shown(other),
        two.shown()
    );
    let found = about(one, Severity::Error, "zonegen::conflict", message);
    match &two.span {
        Some(span) => found.secondary(span.clone(), shown(other)),
        None => found,
    }
}

fn shown(record: &Record) -> String {
    format!(
        "{} {}",
        record.kind(),
        record.data.to_relative(&Name::root())
    )
}
