//! From a zone file and what shall be in it to the new text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use camino::Utf8PathBuf;
use dns_zone::{
    CheckOptions, LoadOptions, Loaded, Marker, Name, Record, RecordType, Serial, SerialPolicy,
    Zone, ZoneDiff, ZoneFile,
};
use yaml_tree::{Diagnostic, Files, Severity, Span};

use super::{CONFIG, Desired, Entry, POINTERS};
use crate::config::{Limit, ZoneConfig};
use crate::source::{Origin, about};

/// What an update may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) serial: SerialPolicy,
    /// Seconds since 1970.
    pub(crate) now: u64,
    pub(crate) max_delete: Limit,
    /// A source without any name may empty its block.
    pub(crate) allow_empty: bool,
    /// Changes made by hand inside of blocks may be lost.
    pub(crate) overwrite_edits: bool,
}

/// What becomes of a zone file.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// What messages call the file.
    pub(crate) path: Utf8PathBuf,
    /// The file.
    pub(crate) file: Utf8PathBuf,
    pub(crate) zone: String,
    pub(crate) view: Option<String>,
    /// The text that is there now; `None` if there is no file.
    pub(crate) before: Option<Vec<u8>>,
    /// The text that shall be there.
    pub(crate) after: Vec<u8>,
    pub(crate) diff: ZoneDiff,
    /// What wants the records of this run.
    pub(crate) why: BTreeMap<Record, Vec<Origin>>,
    /// All records, and whether each names a host by hand.
    pub(crate) records: Vec<(Record, bool)>,
    /// Warnings.
    pub(crate) found: Vec<Diagnostic>,
}

impl Change {
    /// Whether there is something to write.
    pub(crate) fn is_change(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }
}

/// Works out the new text of a file.
///
/// # Errors
/// Everything that keeps the file from being written.
pub(crate) fn update(
    desired: &Desired<'_>,
    path: Utf8PathBuf,
    before: Option<Vec<u8>>,
    rules: &Rules,
    files: &dyn Files,
) -> Result<Change, Vec<Diagnostic>> {
    let zone = desired.zone;
    let text = before
        .clone()
        .unwrap_or_else(|| header(zone, rules.serial.next(None, rules.now)));
    let name = path.as_str();
    let old = load(name, &text, &zone.name, files);
    if !old.is_complete() {
        let mut found = old.diagnostics();
        found.push(Diagnostic::error(
            "zonegen::unreadable",
            format!("`{path}` is left as it is, since parts of it cannot be read"),
        ));
        return Err(found);
    }
    let mut update = Update {
        desired,
        rules,
        source: old.zone.files().first().map(|file| file.source().start()),
        found: Vec::new(),
        why: BTreeMap::new(),
    };
    let blocks = update.blocks(&text);
    if !update.found.is_empty() {
        return Err(update.found);
    }
    let mut wanted = update.wanted(&old, &blocks);
    let mut after = update.write(&text, &wanted);
    if update.fill(&after, name, &mut wanted, files) {
        after = update.write(&text, &wanted);
    }
    let mut new = load(name, &after, &zone.name, files);
    let diff = old.zone.diff(&new.zone);
    update.guard(&old, &blocks, &wanted);
    let is_new = before.is_none();
    if diff.is_empty() && !is_new {
        // Nothing but the way of writing differs.
        after.clone_from(&text);
        new = load(name, &after, &zone.name, files);
    } else if !is_new {
        match with_serial(&old.zone, &new.zone, rules) {
            Ok(text) => {
                after = text;
                new = load(name, &after, &zone.name, files);
            }
            Err(one) => update.found.push(*one),
        }
    }
    let mut options = CheckOptions::default();
    if !is_new {
        options.previous = Some(Arc::new(old.zone.clone()));
    }
    let checked = dns_zone::check(&new, &options);
    update.found.extend(
        checked
            .into_iter()
            .filter(|one| is_new || !diff.is_empty() || one.is_error()),
    );
    if update.found.iter().any(Diagnostic::is_error) {
        return Err(update.found);
    }
    let blocks = update.blocks(&after);
    let records = new.zone.placed_records().map(|(record, _)| record.clone());
    let serviced = serviced(&new, &after, &blocks);
    Ok(Change {
        zone: desired.shown(),
        view: desired.view.map(|view| view.name.clone()),
        records: records
            .zip(serviced)
            .map(|(record, serviced)| (record, !serviced))
            .collect(),
        why: update.why,
        found: update.found,
        file: path.clone(),
        path,
        before,
        after,
        diff,
    })
}

fn load(name: &str, text: &[u8], origin: &Name, files: &dyn Files) -> Loaded {
    dns_zone::resolve(
        ZoneFile::parse(name, text),
        &LoadOptions::new(origin.clone()),
        files,
    )
}

/// The beginning of a new file: what is people's from then on.
fn header(zone: &ZoneConfig, serial: Serial) -> Vec<u8> {
    let (name, soa) = (&zone.name, &zone.soa);
    format!(
        "$ORIGIN {name}\n$TTL {ttl}\n@ IN SOA {mname} {rname} (\n\
         {pad}{serial} ; serial, raised when records change\n\
         {pad}{refresh} ; refresh\n{pad}{retry} ; retry\n{pad}{expire} ; expire\n\
         {pad}{minimum} ) ; how long it is remembered that a name does not exist\n",
        ttl = zone.ttl,
        mname = soa.mname,
        rname = soa.rname,
        pad = "        ",
        refresh = soa.refresh,
        retry = soa.retry,
        expire = soa.expire,
        minimum = soa.minimum,
    )
    .into_bytes()
}

/// The new text with the number that follows the old one.
fn with_serial(old: &Zone, new: &Zone, rules: &Rules) -> Result<Vec<u8>, Box<Diagnostic>> {
    let serial = rules.serial.next(old.serial(), rules.now);
    match new.with_serial(serial) {
        Some(file) => Ok(file.to_bytes()),
        None => Err(Box::new(Diagnostic::error(
            "zonegen::no-serial",
            format!(
                "the serial of `{}` cannot be raised: its SOA record has to stand in the zone's own file",
                new.origin()
            ),
        ))),
    }
}

/// Which records lie in blocks of environments: what services want, not names of hosts.
fn serviced(loaded: &Loaded, text: &[u8], blocks: &Blocks) -> Vec<bool> {
    // Blocks of environments that are not in this run count as well.
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Some(rest) = line.strip_prefix(b"; zonegen begin ") else {
            continue;
        };
        let id = rest
            .split(u8::is_ascii_whitespace)
            .next()
            .unwrap_or_default();
        let id = String::from_utf8_lossy(id);
        if id != CONFIG
            && id != POINTERS
            && !blocks.contains_key(id.as_ref())
            && let Ok(Some(block)) = Marker::new(';', &id).find(text)
        {
            ranges.push(block.content);
        }
    }
    ranges.extend(
        blocks
            .iter()
            .filter(|(id, _)| *id != CONFIG && *id != POINTERS)
            .map(|(_, range)| range.clone()),
    );
    let places = loaded.zone.placed_records().map(|(_, place)| {
        place.and_then(|place| (place.file == 0).then(|| loaded.zone.span(place)).flatten())
    });
    places
        .map(|span| {
            span.is_some_and(|span| ranges.iter().any(|range| range.contains(&span.start())))
        })
        .collect()
}

/// The octets between the comment lines, by the block's id.
type Blocks = BTreeMap<String, Range<usize>>;

/// Records by block.
type Wanteds = BTreeMap<String, Vec<Entry>>;

struct Update<'u, 'c> {
    desired: &'u Desired<'c>,
    rules: &'u Rules,
    /// The start of the file as it is.
    source: Option<Span>,
    found: Vec<Diagnostic>,
    why: BTreeMap<Record, Vec<Origin>>,
}

impl Update<'_, '_> {
    fn error_at(
        &mut self,
        range: Range<usize>,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) {
        let mut found = Diagnostic::error(code, message);
        if let Some(start) = &self.source {
            found = found.primary(start.source().span(range.start, range.end), "");
        }
        self.found.push(match help {
            Some(help) => found.help(help),
            None => found,
        });
    }

    /// The blocks of this run that are there already.
    fn blocks(&mut self, text: &[u8]) -> Blocks {
        let mut blocks = Blocks::new();
        for block in &self.desired.blocks {
            match Marker::new(';', &block.id).find(text) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    if !found.is_intact && !self.rules.overwrite_edits {
                        let first = found.whole.start..found.content.start.saturating_sub(1);
                        self.error_at(
                            first,
                            "zonegen::edited",
                            format!("the block of `{}` was changed by hand: what was added there would be lost", block.id),
                            Some("move your own records out of the block, or run with `--overwrite-edits`".to_owned()),
                        );
                    }
                    blocks.insert(block.id.clone(), found.content);
                }
                Err(error) => self.error_at(
                    error.range,
                    "zonegen::bad-block",
                    error.why,
                    Some("mend the comment lines, or remove both".to_owned()),
                ),
            }
        }
        blocks
    }

    /// The records of every block: what is wanted, without what others have already.
    fn wanted(&mut self, old: &Loaded, blocks: &Blocks) -> Wanteds {
        let mut foreign: BTreeMap<Name, Vec<(&Record, Option<Span>)>> = BTreeMap::new();
        for (record, place) in old.zone.placed_records() {
            let span = place.and_then(|place| old.zone.span(place));
            let mine = place.is_some_and(|place| place.file == 0)
                && span
                    .as_ref()
                    .is_some_and(|span| blocks.values().any(|range| range.contains(&span.start())));
            if !mine {
                foreign
                    .entry(record.owner.to_lowercase())
                    .or_default()
                    .push((record, span));
            }
        }
        let mut all = Wanteds::new();
        let mut taken: BTreeMap<Name, Vec<(Record, Vec<Origin>)>> = BTreeMap::new();
        for block in &self.desired.blocks {
            let mut entries: Vec<Entry> = Vec::new();
            for entry in &block.entries {
                let record = &entry.record;
                let owner = record.owner.to_lowercase();
                let others = foreign.get(&owner).map(Vec::as_slice).unwrap_or_default();
                if others.iter().any(|(other, _)| other.data == record.data) {
                    continue;
                }
                if let Some((other, span)) =
                    others.iter().find(|(other, _)| excludes(other, record))
                {
                    let warning = kept(entry, other, span.as_ref());
                    if !self.found.contains(&warning) {
                        self.found.push(warning);
                    }
                    continue;
                }
                let before = taken.entry(owner).or_default();
                if before.iter().any(|(other, _)| other.data == record.data) {
                    continue;
                }
                if let Some((other, origins)) =
                    before.iter().find(|(other, _)| excludes(other, record))
                {
                    let one = clash(entry, other, origins);
                    self.found.push(one);
                    continue;
                }
                entries.push(entry.clone());
            }
            for entry in &entries {
                let owner = entry.record.owner.to_lowercase();
                taken
                    .entry(owner)
                    .or_default()
                    .push((entry.record.clone(), entry.origins.clone()));
            }
            all.insert(block.id.clone(), entries);
        }
        all
    }

    /// Adds what wildcards need to go on answering; tells whether there is anything.
    fn fill(&mut self, text: &[u8], name: &str, wanted: &mut Wanteds, files: &dyn Files) -> bool {
        let zone = load(name, text, &self.desired.zone.name, files).zone;
        let mut filled = false;
        let mut done: BTreeSet<(Name, dns_zone::RecordData)> = BTreeSet::new();
        for (id, entries) in wanted.iter_mut().filter(|(id, _)| *id != POINTERS) {
            let names: BTreeSet<Name> = entries
                .iter()
                .map(|entry| entry.record.owner.to_lowercase())
                .collect();
            let names: Vec<Name> = names.into_iter().collect();
            for record in zone.wildcard_gaps(&names) {
                if !done.insert((record.owner.clone(), record.data.clone())) {
                    continue;
                }
                filled = true;
                let what = format!(
                    "keeps the wildcard above answering here, which names of {id} would hide"
                );
                entries.push(Entry {
                    record,
                    origins: vec![Origin { what, span: None }],
                });
            }
        }
        filled
    }

    /// The text with these records in its blocks.
    fn write(&mut self, text: &[u8], wanted: &Wanteds) -> Vec<u8> {
        let mut out = text.to_vec();
        for block in &self.desired.blocks {
            let entries = wanted.get(&block.id).map(Vec::as_slice).unwrap_or_default();
            // In the order of zones: by name, type and data.
            let records = entries.iter().map(|entry| entry.record.clone());
            let zone = Zone::from_records(self.desired.zone.name.clone(), records);
            let content = zone.to_canonical();
            // The comment lines were looked at before.
            if let Ok(text) = Marker::new(';', &block.id).put(&out, content.as_bytes()) {
                out = text;
            }
            for entry in entries {
                self.why.insert(entry.record.clone(), entry.origins.clone());
            }
        }
        out
    }

    /// Keeps too much from being removed.
    fn guard(&mut self, old: &Loaded, blocks: &Blocks, wanted: &Wanteds) {
        let mut all = 0;
        let mut gone: Vec<Record> = Vec::new();
        for (record, place) in old.zone.placed_records() {
            let span = place
                .filter(|place| place.file == 0)
                .and_then(|place| old.zone.span(place));
            let Some(id) = span.and_then(|span| {
                blocks
                    .iter()
                    .find(|(_, range)| range.contains(&span.start()))
                    .map(|(id, _)| id.clone())
            }) else {
                continue;
            };
            all += 1;
            let stays = wanted.values().flatten().any(|entry| {
                entry.record.owner == record.owner && entry.record.kind() == record.kind()
            });
            if stays {
                continue;
            }
            let empty = self
                .desired
                .blocks
                .iter()
                .any(|block| block.id == id && block.is_empty_source);
            if empty && !self.rules.allow_empty {
                self.found.push(
                    Diagnostic::error("zonegen::empty-source", format!("nothing in the environment `{id}` wants a name in any zone, so nothing of it is removed from `{}`", self.desired.shown()))
                        .help("an engine that has just started, or a pattern that misses, looks the same; if it is meant, run with `--allow-empty`"),
                );
                return;
            }
            gone.push(record.clone());
        }
        if self.rules.max_delete.allows(gone.len(), all) {
            return;
        }
        let mut found = Diagnostic::error(
            "zonegen::too-many-deletions",
            format!(
                "{} of {all} records of `{}` would be removed, which is more than allowed",
                gone.len(),
                self.desired.shown()
            ),
        );
        let shown: Vec<String> = gone
            .iter()
            .take(5)
            .map(|record| record.owner.to_string())
            .collect();
        let more = if gone.len() > 5 { ", …" } else { "" };
        found = found.help(format!("removed would be {}{more}", shown.join(", ")));
        self.found
            .push(found.help("if it is meant, run with a larger `--max-delete`, such as `100%`"));
    }
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
fn kept(entry: &Entry, other: &Record, span: Option<&Span>) -> Diagnostic {
    let record = &entry.record;
    let origin = entry.origins.first();
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
fn clash(entry: &Entry, other: &Record, origins: &[Origin]) -> Diagnostic {
    let nobody = Origin {
        what: String::new(),
        span: None,
    };
    let (one, two) = (
        entry.origins.first().unwrap_or(&nobody),
        origins.first().unwrap_or(&nobody),
    );
    let message = format!(
        "`{}` is to be {} by {}, and {} by {}",
        entry.record.owner,
        shown(&entry.record),
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
