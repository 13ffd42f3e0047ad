//! The records of a zone.

mod answer;
mod index;

use std::fmt;
use std::sync::{Arc, OnceLock};

use yaml_tree::Span;

use crate::lexer::Lexed;
use crate::name::text;
use crate::problem::Range;
use crate::{Name, Place, Record, RecordData, RecordType, Serial, Soa, ZoneFile};

pub use answer::{Answer, Outcome};
pub(crate) use index::{Index, Node};

/// The records of a zone, in the order of its files, and where each is written.
///
/// ```
/// use dns_zone::{LoadOptions, RecordType, parse};
///
/// let text = "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 192.0.2.1\n*.apps A 192.0.2.2\n";
/// let zone = parse("db.home.arpa", text, &LoadOptions::new("home.arpa".parse()?)).into_result().unwrap();
/// assert_eq!(zone.len(), 4);
/// assert_eq!(zone.soa().unwrap().serial, 1);
///
/// let answer = zone.answer(&"wiki.apps.home.arpa".parse()?, RecordType::A);
/// assert_eq!(answer.answers[0].to_string(), "wiki.apps.home.arpa. 3600 IN A 192.0.2.2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Zone {
    origin: Name,
    files: Vec<Arc<ZoneFile>>,
    records: Vec<ZoneRecord>,
    index: OnceLock<Index>,
}

/// A record and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct ZoneRecord {
    pub(crate) record: Record,
    pub(crate) place: Option<Place>,
    /// Records of one owner that follow each other have the same, later ones a higher number. Those
    /// that `$GENERATE` makes have odd ones.
    pub(crate) run: u32,
}

impl Zone {
    pub(crate) fn new(origin: Name, files: Vec<Arc<ZoneFile>>, records: Vec<ZoneRecord>) -> Self {
        Self {
            origin,
            files,
            records,
            index: OnceLock::new(),
        }
    }

    /// A zone of records that are written nowhere yet.
    pub fn from_records(origin: Name, records: impl IntoIterator<Item = Record>) -> Self {
        let records = records.into_iter().map(|record| ZoneRecord {
            record,
            place: None,
            run: 0,
        });
        Self::new(origin, Vec::new(), records.collect())
    }

    /// The name of the zone.
    pub fn origin(&self) -> &Name {
        &self.origin
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records in the order of the files; included ones where they are included.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &Record> + DoubleEndedIterator {
        self.records.iter().map(|one| &one.record)
    }

    /// The records with the places where they are written; none for those of
    /// [`Zone::from_records`].
    pub fn placed_records(&self) -> impl ExactSizeIterator<Item = (&Record, Option<Place>)> {
        self.records.iter().map(|one| (&one.record, one.place))
    }

    /// The records in canonical order: by owner (RFC 4034 section 6.1), type and data, the SOA first
    /// at its owner. Duplicates are there as often as they were written.
    pub fn sorted(&self) -> impl ExactSizeIterator<Item = &Record> {
        let order = self.index().order.iter();
        order.map(|at| &self.records[*at as usize].record)
    }

    /// The records of one name, in canonical order.
    pub fn records_of(&self, owner: &Name) -> impl Iterator<Item = &Record> {
        let index = self.index();
        let node = index.find(owner).map(|at| &index.nodes[at]);
        let order = node.map_or(&[][..], |node| &index.order[node.start..node.end]);
        order.iter().map(|at| &self.records[*at as usize].record)
    }

    /// The files it was read from, the first one its own, then those included. A file that was
    /// included twice is there twice.
    pub fn files(&self) -> &[Arc<ZoneFile>] {
        &self.files
    }

    /// The SOA at the name of the zone.
    pub fn soa(&self) -> Option<Soa> {
        let soa = self.soa_record()?;
        match soa.record.data.decode() {
            crate::Data::Soa(soa) => Some(soa),
            _ => None,
        }
    }

    /// The serial number of the zone.
    pub fn serial(&self) -> Option<Serial> {
        self.soa().map(|soa| Serial(soa.serial))
    }

    fn soa_record(&self) -> Option<&ZoneRecord> {
        self.records
            .iter()
            .find(|one| one.record.kind() == RecordType::SOA && one.record.owner == self.origin)
    }

    /// The place of the number in the text of the zone's files, to change it with
    /// [`ZoneFile::replace_part`]; `None` if there is no SOA, it is generated, or written as RFC 3597
    /// has it.
    pub fn serial_place(&self) -> Option<(Place, std::ops::Range<usize>)> {
        let soa = self.soa_record()?;
        let place = soa.place?;
        let words = self.data_words(place)?;
        let number = words.get(2)?;
        let file = &self.files[place.file];
        let text = &file.text()[number.start as usize..number.end as usize];
        let serial = self.serial()?.0.to_string();
        (text == serial.as_bytes() || text.iter().all(u8::is_ascii_digit))
            .then_some((place, number.start as usize..number.end as usize))
    }

    /// The text of the zone's own file with another serial number; every other octet stays. `None`
    /// as for [`Zone::serial_place`], and if the SOA is in an included file.
    pub fn with_serial(&self, serial: Serial) -> Option<ZoneFile> {
        let (place, range) = self.serial_place()?;
        if place.file != 0 {
            return None;
        }
        let mut file = ZoneFile::clone(&self.files[0]);
        file.replace_part(place.entry, range.start, range.end, serial.to_string());
        Some(file)
    }

    /// The words of a record's data.
    fn data_words(&self, place: Place) -> Option<Vec<Range>> {
        let file = &self.files[place.file];
        let mut lexed = Lexed::default();
        file.lex(place.entry, &mut lexed);
        let text = file.text();
        let skip = usize::from(!lexed.leading_blank);
        let mut words = lexed.tokens.iter().skip(skip);
        words
            .by_ref()
            .find(|token| RecordType::from_octets(token.bytes(text)).is_some())?;
        Some(
            words
                .map(|token| Range {
                    file: place.file,
                    start: token.start,
                    end: token.end,
                })
                .collect(),
        )
    }

    /// Where a record is written.
    pub fn span(&self, place: Place) -> Option<Span> {
        Some(self.files.get(place.file)?.entry(place.entry)?.span())
    }

    /// All records in canonical order, each on a line: `owner ttl class type data`, owners absolute
    /// and in lower case, every record once, a set of records with one time to live: that of its first record, where all
    /// follow each other.
    pub fn to_canonical(&self) -> String {
        let mut out = Vec::with_capacity(self.records.len() * 48);
        let index = self.index();
        for node in &index.nodes {
            for set in self.sets(node) {
                let ttl = self.set_ttl(set);
                let mut last: Option<&RecordData> = None;
                for at in set {
                    let record = &self.records[*at as usize].record;
                    if last.is_some_and(|last| *last == record.data) {
                        continue;
                    }
                    last = Some(&record.data);
                    if record.ttl == ttl {
                        record.write_canonical(&mut out);
                    } else {
                        let mut record = record.clone();
                        record.ttl = ttl;
                        record.write_canonical(&mut out);
                    }
                    out.push(b'\n');
                }
            }
        }
        text(out)
    }

    /// The records of a node by type, as indices of records.
    pub(crate) fn sets<'z>(&'z self, node: &Node) -> impl Iterator<Item = &'z [u32]> {
        let order = &self.index().order[node.start..node.end];
        order.chunk_by(|one, other| self.kind(*one) == self.kind(*other))
    }

    /// The time to live of a set of records, as BIND has it: that of the first record in the last run
    /// of records that follow each other; of generated ones the last.
    fn set_ttl(&self, set: &[u32]) -> crate::Ttl {
        let run = |at: u32| self.records[at as usize].run;
        let last = set.iter().copied().map(run).max().unwrap_or_default();
        let of_last = set.iter().copied().filter(|at| run(*at) == last);
        let at = if last % 2 == 0 {
            of_last.min()
        } else {
            of_last.max()
        };
        self.records[at.unwrap_or_default() as usize].record.ttl
    }

    fn kind(&self, at: u32) -> RecordType {
        self.records[at as usize].record.kind()
    }

    pub(crate) fn record_at(&self, at: u32) -> &ZoneRecord {
        &self.records[at as usize]
    }

    pub(crate) fn index(&self) -> &Index {
        self.index
            .get_or_init(|| Index::new(&self.origin, &self.records))
    }
}

impl Clone for Zone {
    fn clone(&self) -> Self {
        Self::new(
            self.origin.clone(),
            self.files.clone(),
            self.records.clone(),
        )
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zone")
            .field("origin", &self.origin)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}
