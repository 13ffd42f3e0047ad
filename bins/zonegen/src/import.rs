//! Records from the files of other programs.

pub(crate) mod dnsmasq;
pub(crate) mod hosts;
pub(crate) mod pihole;

use std::net::IpAddr;

use dns_zone::{Name, Record, RecordData, Ttl};
use yaml_tree::{Diagnostic, Source, Span};

/// What was read so far.
#[derive(Debug)]
pub(crate) struct Imported {
    origin: Name,
    ttl: Ttl,
    pub(crate) records: Vec<Record>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Imported {
    pub(crate) fn new(origin: Name, ttl: Ttl) -> Self {
        Self {
            origin,
            ttl,
            records: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Notes something that is not taken over.
    fn warn(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.found
            .push(Diagnostic::warning(code, message).primary(span, ""));
    }

    /// A name as it stands in such files: one without a dot belongs to the zone. `None` if it lies
    /// elsewhere, which is told.
    fn owner(&mut self, text: &str, span: &Span) -> Option<Name> {
        match self.name(text) {
            Ok(name) if name.is_within(&self.origin) => Some(name),
            Ok(name) => {
                let message = format!("`{name}` lies outside of `{}` and is left out", self.origin);
                self.warn("import::out-of-zone", span.clone(), message);
                None
            }
            Err(error) => {
                self.warn(
                    "import::bad-name",
                    span.clone(),
                    format!("`{text}` is left out: {error}"),
                );
                None
            }
        }
    }

    fn name(&self, text: &str) -> Result<Name, dns_zone::NameError> {
        if text.trim_end_matches('.').contains('.') || text.ends_with('.') {
            text.parse()
        } else {
            Name::parse_relative(text, &self.origin)
        }
    }

    /// An address of a name.
    fn address(&mut self, text: &str, address: IpAddr, ttl: Option<Ttl>, span: &Span) {
        if let Some(owner) = self.owner(text, span) {
            self.add(&owner, ttl, crate::config::data(address));
        }
    }

    /// An alias.
    fn alias(&mut self, text: &str, target: &str, ttl: Option<Ttl>, span: &Span) {
        let Some(owner) = self.owner(text, span) else {
            return;
        };
        match self.name(target) {
            Ok(target) => self.add(&owner, ttl, RecordData::cname(&target)),
            Err(error) => self.warn(
                "import::bad-name",
                span.clone(),
                format!("`{target}` is left out: {error}"),
            ),
        }
    }

    fn add(&mut self, owner: &Name, ttl: Option<Ttl>, data: RecordData) {
        let record = Record::new(owner.to_lowercase(), ttl.unwrap_or(self.ttl), data);
        if !self.records.iter().rev().take(64).any(|one| *one == record) {
            self.records.push(record);
        }
    }
}

/// The lines of a file without comments and blanks at their ends, each with its place.
fn lines(source: &Source) -> Vec<(&str, Span)> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if !text.is_empty() && !text.starts_with('#') {
            lines.push((text, source.span(start, start + text.len())));
        }
    }
    lines
}
