//! What an authoritative server answers from a zone.

use super::{Node, Zone};
use crate::name::write_sort_key;
use crate::{Data, Name, Record, RecordData, RecordType};

/// How an answer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// There are records of the name and type, or an alias.
    Answer,
    /// The name exists and has no record of the type.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// The name lies below a zone cut: other servers know.
    Referral,
    /// The name lies outside of the zone.
    Refused,
}

/// What an authoritative server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// How it begins. After a chain of aliases that of its end.
    pub outcome: Outcome,
    /// The records of the answer section: aliases in the order they are followed, then what they
    /// lead to. Those of a wildcard have the name that was asked for.
    pub answers: Vec<Record>,
    /// The records of the authority section: the SOA of a negative answer, the name servers of a
    /// referral.
    pub authority: Vec<Record>,
}

/// Chains of aliases are followed so far, as BIND does.
const MAX_CHAIN: usize = 16;

impl Zone {
    /// What an authoritative server answers to a question for `name` and `kind` (RFC 1034 section
    /// 4.3.2, RFC 4592 for wildcards, RFC 6672 for DNAME). [`RecordType::ANY`] gives all records of
    /// the name.
    ///
    /// Duplicates are answered once, a set of records with one time to live: as [`Zone::to_canonical`].
    pub fn answer(&self, name: &Name, kind: RecordType) -> Answer {
        let mut answers: Vec<Record> = Vec::new();
        let mut name = name.clone();
        let mut outcome = Outcome::Refused;
        for _ in 0..MAX_CHAIN {
            if !name.is_within(&self.origin) {
                if !answers.is_empty() {
                    outcome = Outcome::Answer;
                }
                break;
            }
            let (found, next) = self.step(&name, kind, &mut answers);
            outcome = found.outcome;
            if outcome == Outcome::Referral && !answers.is_empty() {
                return Answer { answers, ..found };
            }
            match next {
                Some(next)
                    if !answers.iter().any(|record| {
                        record.owner == next && record.kind() == RecordType::CNAME
                    }) =>
                {
                    name = next;
                }
                Some(_) => break,
                None => {
                    return Answer { answers, ..found };
                }
            }
        }
        Answer {
            outcome,
            answers,
            authority: Vec::new(),
        }
    }

    /// One name: what is answered, and the name to go on with.
    fn step(
        &self,
        name: &Name,
        kind: RecordType,
        answers: &mut Vec<Record>,
    ) -> (Answer, Option<Name>) {
        let index = self.index();
        let plain = |outcome, authority| Answer {
            outcome,
            answers: Vec::new(),
            authority,
        };
        // From the zone down to the name: cuts and redirections stand above what they hide.
        let mut above: Vec<Name> = Vec::new();
        let mut walk = Some(name.clone());
        while let Some(here) = walk {
            if here == self.origin {
                break;
            }
            walk = here.parent();
            above.push(here);
        }
        for (depth, here) in above.iter().rev().enumerate() {
            let last = depth + 1 == above.len();
            let Some(node) = index.find(here).map(|at| index.nodes[at]) else {
                continue;
            };
            let cut = self.set(&node, RecordType::NS);
            let asks_above = last && kind == RecordType::DS;
            if !cut.is_empty() && !asks_above {
                return (plain(Outcome::Referral, Self::owned(&cut, here)), None);
            }
            if !last && let Some(found) = self.redirect(&node, here, name, answers) {
                return found;
            }
        }
        if *name != self.origin
            && let Some(node) = index.find(&self.origin).map(|at| index.nodes[at])
            && let Some(found) = self.redirect(&node, &self.origin, name, answers)
        {
            return found;
        }
        let node = match self.exact_or_wildcard(name) {
            Lookup::Node(node) => node,
            Lookup::Empty => return (plain(Outcome::NoData, self.negative()), None),
            Lookup::Nothing => return (plain(Outcome::NxDomain, self.negative()), None),
        };
        if kind == RecordType::ANY {
            let mut any = false;
            for set in self.sets(&node) {
                let kind = self.kind(set[0]);
                answers.extend(Self::owned(&self.set(&node, kind), name));
                any = true;
            }
            let outcome = if any {
                Outcome::Answer
            } else {
                Outcome::NoData
            };
            return (plain(outcome, Vec::new()), None);
        }
        let records = self.set(&node, kind);
        if !records.is_empty() {
            answers.extend(Self::owned(&records, name));
            return (plain(Outcome::Answer, Vec::new()), None);
        }
        let alias = self.set(&node, RecordType::CNAME);
        if let Some(alias) = alias.first()
            && let Data::Cname(target) = alias.data.decode()
        {
            answers.extend(Self::owned(std::slice::from_ref(alias), name));
            return (plain(Outcome::Answer, Vec::new()), Some(target));
        }
        (plain(Outcome::NoData, self.negative()), None)
    }

    /// A DNAME above the name, and the alias it makes.
    fn redirect(
        &self,
        node: &Node,
        here: &Name,
        name: &Name,
        answers: &mut Vec<Record>,
    ) -> Option<(Answer, Option<Name>)> {
        let records = self.set(node, RecordType::DNAME);
        let dname = records.first()?;
        let Data::Dname(target) = dname.data.decode() else {
            return None;
        };
        answers.extend(Self::owned(std::slice::from_ref(dname), here));
        let keep = name.label_count() - here.label_count();
        let front = Name::from_labels(name.labels().take(keep)).ok()?;
        let answer = Answer {
            outcome: Outcome::Answer,
            answers: Vec::new(),
            authority: Vec::new(),
        };
        // A name that gets too long ends the answer (YXDOMAIN); the DNAME is still there.
        let Ok(next) = front.join(&target) else {
            return Some((answer, None));
        };
        answers.push(Record::new(
            name.clone(),
            dname.ttl,
            RecordData::cname(&next),
        ));
        Some((answer, Some(next)))
    }

    fn exact_or_wildcard(&self, name: &Name) -> Lookup {
        let index = self.index();
        let mut key = Vec::new();
        write_sort_key(name.as_wire(), &mut key);
        if let Ok(at) = index.find_key(&key) {
            return Lookup::Node(index.nodes[at]);
        }
        if index.exists_key(&key) {
            return Lookup::Empty;
        }
        // The closest encloser: the longest ancestor that exists.
        let mut encloser = name.parent();
        while let Some(here) = encloser {
            key.clear();
            write_sort_key(here.as_wire(), &mut key);
            if here == self.origin || index.exists_key(&key) {
                key.extend_from_slice(b"*\0");
                return match index.find_key(&key) {
                    Ok(at) => Lookup::Node(index.nodes[at]),
                    Err(_) if index.exists_key(&key) => Lookup::Empty,
                    Err(_) => Lookup::Nothing,
                };
            }
            encloser = here.parent();
        }
        Lookup::Nothing
    }

    /// The records of one type at a node, every one once and with one time to live.
    pub(crate) fn set(&self, node: &Node, kind: RecordType) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for set in self.sets(node) {
            if self.kind(set[0]) != kind {
                continue;
            }
            let ttl = self.set_ttl(set);
            for at in set {
                let record = &self.records[*at as usize].record;
                if records.last().is_none_or(|last| last.data != record.data) {
                    records.push(Record::new(record.owner.clone(), ttl, record.data.clone()));
                }
            }
        }
        records
    }

    /// The same records at another name: that of a wildcard is the one asked for.
    fn owned(records: &[Record], name: &Name) -> Vec<Record> {
        let records = records.iter().cloned();
        records
            .map(|mut record| {
                record.owner = name.clone();
                record
            })
            .collect()
    }

    /// The SOA of a negative answer, its time to live the negative one (RFC 2308).
    fn negative(&self) -> Vec<Record> {
        let Some(soa) = self.soa_record() else {
            return Vec::new();
        };
        let mut record = soa.record.clone();
        if let Data::Soa(soa) = record.data.decode() {
            record.ttl = record.ttl.min(crate::Ttl::from_message(soa.minimum));
        }
        vec![record]
    }
}

enum Lookup {
    /// Records are there, or a wildcard's.
    Node(Node),
    /// The name exists since a name below it does.
    Empty,
    Nothing,
}
