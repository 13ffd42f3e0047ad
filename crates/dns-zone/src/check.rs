//! What a zone means, and what is wrong with that.

mod address;
mod alias;
mod apex;
mod cut;
mod data;
mod pattern;
mod serial;
mod set;
mod signed;
mod target;
mod wildcard;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use yaml_tree::Diagnostic;

use crate::lexer::Lexed;
use crate::name::write_sort_key;
use crate::problem::{Problem, Range};
use crate::zone::{Index, Node};
use crate::{Loaded, Name, Record, RecordType, Zone};

/// What is known beyond the zone's own text.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CheckOptions {
    /// The zone as it is served now: a change of records has to raise the serial number.
    pub previous: Option<Arc<Zone>>,
}

/// Everything that is wrong with a zone: in its text first, then in what its records mean, by owner.
///
/// Errors are what one of named-checkzone 9.18, kzonecheck 3.2, nsd-checkzone 4.6, ldns-read-zone 1.8
/// and validns refuses, and what CoreDNS loads and does not serve as it is meant. Warnings are what
/// they take, and what probably is not meant; see the list of codes in the documentation.
///
/// ```
/// use dns_zone::{CheckOptions, LoadOptions, check, parse};
///
/// let text = "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 192.0.2.1\nwww CNAME ns1\nwww TXT x\n";
/// let loaded = parse("db.home.arpa", text, &LoadOptions::new("home.arpa".parse()?));
/// let found = check(&loaded, &CheckOptions::default());
/// assert_eq!(found[0].code, "dns::alias-and-data");
/// assert_eq!(found[0].location().unwrap().to_string(), "db.home.arpa:5:1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(loaded: &Loaded, options: &CheckOptions) -> Vec<Diagnostic> {
    let zone = &loaded.zone;
    let mut checker = Checker {
        zone,
        index: zone.index(),
        problems: loaded.problems().to_vec(),
        reachable: HashMap::new(),
        servers: servers(zone),
    };
    checker.run();
    if let Some(previous) = &options.previous {
        checker.serial(previous);
    }
    let files = zone.files();
    checker.once_a_directive();
    let problems = checker.problems.iter();
    problems
        .map(|problem| problem.to_diagnostic(files))
        .collect()
}

/// What there is at a name that others point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// Addresses.
    Address,
    /// An alias.
    Alias,
    /// Other records, or only names below.
    NoAddress,
    /// Nothing.
    Nothing,
    /// It is below a cut, and this zone has no address for it.
    Below,
    /// It is not in the zone.
    Elsewhere,
}

/// Which part of a record is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The owner, or what stands first where it is left out.
    Owner,
    /// The time to live, or the owner if there is none.
    Ttl,
    /// A word of the data, from 0.
    Data(usize),
}

struct Checker<'z> {
    zone: &'z Zone,
    index: &'z Index,
    problems: Vec<Problem>,
    reachable: HashMap<Name, Reached>,
    /// All names that NS records name.
    servers: HashSet<Name>,
}

/// One name of the zone.
#[derive(Clone, Copy)]
struct Owner<'z> {
    node: &'z Node,
    name: &'z Name,
}

impl<'z> Checker<'z> {
    fn run(&mut self) {
        self.apex();
        let index = self.index;
        let origin = Self::key(self.zone.origin());
        let mut cut: Option<&[u8]> = None;
        let mut redirected: Option<(&[u8], u32)> = None;
        for node in &index.nodes {
            let key = index.key(node);
            let name = &self.zone.record_at(index.order[node.start]).record.owner;
            let owner = Owner { node, name };
            if !key.starts_with(&origin) {
                self.out_of_zone(owner);
                continue;
            }
            if cut.is_some_and(|cut| !key.starts_with(cut)) {
                cut = None;
            }
            if redirected.is_some_and(|(above, _)| !key.starts_with(above)) {
                redirected = None;
            }
            // Two labels at least: a host may well be called as the top of its zone.
            if key[origin.len()..].starts_with(&origin) && self.zone.origin().label_count() > 1 {
                self.twice_the_origin(owner);
            }
            let apex = key == origin.as_slice();
            if let Some((_, record)) = redirected {
                self.below_redirection(owner, record);
            }
            if cut.is_some() {
                self.below_cut(owner);
                // Servers look at these there as well.
                let mut sets = self.zone.sets(node);
                if let Some(set) = sets.find(|set| self.kind(set[0]) == RecordType::DNAME) {
                    redirected = Some((key, set[0]));
                }
                self.aliases(owner, apex);
                self.sets(owner);
                continue;
            }
            for set in self.zone.sets(node) {
                match self.kind(set[0]) {
                    RecordType::NS if !apex => {
                        cut = Some(key);
                        self.cut(owner, set);
                    }
                    RecordType::NS => self.name_servers(set, None),
                    RecordType::DNAME => redirected = Some((key, set[0])),
                    _ => {}
                }
            }
            self.aliases(owner, apex);
            self.sets(owner);
            self.owner_name(owner);
            if apex {
                self.requests(owner);
            }
            for at in &index.order[node.start..node.end] {
                self.target(*at);
                self.data(*at);
            }
        }
        self.wildcards();
        self.zone_name();
    }

    /// The records of one `$GENERATE` are alike: what is wrong with many of them is said once.
    fn once_a_directive(&mut self) {
        let files = self.zone.files();
        let mut seen = HashSet::new();
        self.problems.retain(|problem| match &problem.primary {
            Some((range, _))
                if files[range.file].text().get(range.start as usize) == Some(&b'$') =>
            {
                seen.insert((problem.code, *range))
            }
            _ => true,
        });
    }

    fn zone_name(&mut self) {
        let last = self
            .zone
            .origin()
            .labels()
            .last()
            .map(<[u8]>::to_ascii_lowercase);
        if last.as_deref() == Some(b"local") {
            let place = self.first_record();
            self.problems.push(
                Problem::warning("dns::mdns", "the zone lies below `.local`, which belongs to multicast DNS (RFC 6762)")
                    .maybe_at(place, "")
                    .help("clients of Apple and most Linux systems never ask a server for such names: take `home.arpa`, `.internal` or a name of your own"),
            );
        }
    }

    fn out_of_zone(&mut self, owner: Owner<'z>) {
        let range = self.range(self.index.order[owner.node.start], Part::Owner);
        let (name, origin) = (owner.name, self.zone.origin());
        let mut problem = Problem::error(
            "dns::out-of-zone",
            format!("`{name}` lies outside of the zone `{origin}`"),
        )
        .maybe_at(range, "")
        .help("NSD refuses the zone, other servers never answer with the record");
        let twice = origin.relative_to(&Name::root());
        let written = name.to_string();
        if written.starts_with(twice.trim_end_matches('.')) {
            problem = problem.help("is a dot missing at the end?");
        }
        self.problems.push(problem);
    }

    fn twice_the_origin(&mut self, owner: Owner<'z>) {
        let range = self.range(self.index.order[owner.node.start], Part::Owner);
        self.problems.push(
            Problem::warning("dns::missing-dot", format!("`{}` has the name of the zone twice", owner.name))
                .maybe_at(range, "")
                .help("a name without a dot at its end is relative: add the dot, or leave the name of the zone out"),
        );
    }

    fn key(name: &Name) -> Vec<u8> {
        let mut key = Vec::with_capacity(name.as_wire().len());
        write_sort_key(name.as_wire(), &mut key);
        key
    }

    fn kind(&self, at: u32) -> RecordType {
        self.record(at).kind()
    }

    fn record(&self, at: u32) -> &'z Record {
        &self.zone.record_at(at).record
    }

    /// Whether a node has records of a type.
    fn has(&self, node: &Node, kind: RecordType) -> bool {
        self.index.order[node.start..node.end]
            .iter()
            .any(|at| self.kind(*at) == kind)
    }

    fn first_record(&self) -> Option<Range> {
        (!self.zone.is_empty())
            .then(|| self.range(0, Part::Owner))
            .flatten()
    }

    /// The place of a part of a record.
    fn range(&self, at: u32, part: Part) -> Option<Range> {
        let place = self.zone.record_at(at).place?;
        let file = self.zone.files().get(place.file)?;
        let mut lexed = Lexed::default();
        file.lex(place.entry, &mut lexed);
        let text = file.text();
        let first = usize::from(!lexed.leading_blank);
        let behind = lexed.tokens.iter().skip(first);
        let kind = behind.clone().position(|token| {
            !token.quoted && RecordType::from_octets(token.bytes(text)).is_some()
        });
        let generated = text.get(file.range(place.entry).0 as usize) == Some(&b'$');
        let token = match (part, kind) {
            _ if generated => None,
            (Part::Owner, _) => lexed.tokens.first(),
            (Part::Ttl, Some(kind)) => lexed.tokens[first..first + kind]
                .iter()
                .find(|token| token.bytes(text).first().is_some_and(u8::is_ascii_digit))
                .or(lexed.tokens.first()),
            (Part::Data(word), Some(kind)) => lexed.tokens.get(first + kind + 1 + word),
            (_, None) => None,
        };
        let (start, end) = match token {
            Some(token) => {
                let quote = u32::from(token.quoted);
                (token.start - quote, token.end + quote)
            }
            None => {
                let (start, end) = file.range(place.entry);
                let entry = &text[start as usize..end as usize];
                let kept = u32::try_from(entry.trim_ascii_end().len()).unwrap_or(0);
                (start, start + kept)
            }
        };
        Some(Range {
            file: place.file,
            start,
            end,
        })
    }
}

fn servers(zone: &Zone) -> HashSet<Name> {
    let records = zone.records();
    let servers = records.filter(|record| record.kind() == RecordType::NS);
    servers.flat_map(|record| record.data.names()).collect()
}

/// `a`, or `a and 3 more`.
fn and_more(first: &str, all: usize) -> String {
    match all {
        0 | 1 => first.to_owned(),
        all => format!("{first} and {} more", all - 1),
    }
}
