//! `dns.*` labels.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;

use dns_zone::{Name, RecordData, RecordType, Ttl};
use yaml_tree::{Diagnostic, Severity, nearest};

use super::{Lead, Origin, Subject, Wanted, about, lead, no_target};
use crate::config::{Config, Environment, kind_of, near};

/// What the `dns.*` labels of a service say.
#[derive(Debug, Default)]
pub(super) struct Labelled {
    /// The service gets no names at all.
    pub(super) skip: bool,
    /// Where the names of its sites lead.
    pub(super) lead: Option<Vec<RecordData>>,
    /// How long its names may be kept.
    pub(super) ttl: Option<Ttl>,
    /// The zone of its names.
    pub(super) zone: Option<Name>,
    groups: Vec<Group>,
}

/// The labels of one record, or of several names with the same data.
#[derive(Debug)]
struct Group {
    names: Vec<Name>,
    lead: Option<Vec<RecordData>>,
    ttl: Option<Ttl>,
    zone: Option<Name>,
    origin: Origin,
}

const KEYS: &[&str] = &["name", "type", "value", "ttl", "zone", "skip"];

/// Reads the labels: `dns.name` and its siblings, and `dns.GROUP.name` for further records.
pub(super) fn read(
    subject: &Subject<'_>,
    config: &Config,
    found: &mut Vec<Diagnostic>,
) -> Labelled {
    let mut groups: BTreeMap<&str, BTreeMap<&str, (&str, &str)>> = BTreeMap::new();
    for (key, value) in &subject.container.labels {
        let Some(rest) = key.strip_prefix("dns.") else {
            continue;
        };
        let (group, field) = rest.rsplit_once('.').unwrap_or(("", rest));
        if !KEYS.contains(&field) {
            let origin = origin(subject, key);
            let one = about(
                &origin,
                Severity::Warning,
                "zonegen::unknown-label",
                format!("`{key}` means nothing"),
            );
            found.push(match nearest(field, KEYS.iter().copied()) {
                Some(near) => one.help(format!("did you mean `{}`?", key.replace(field, near))),
                None => one.help(format!("known are `dns.{}`", KEYS.join("`, `dns."))),
            });
            continue;
        }
        groups
            .entry(group)
            .or_default()
            .insert(field, (key, value.trim()));
    }
    let mut labelled = Labelled::default();
    for (name, fields) in groups {
        let mut reader = Fields {
            subject,
            config,
            all: &fields,
            found,
        };
        let zone = reader.zone();
        let names = reader.names(zone.as_ref());
        let data = reader.data(zone.as_ref(), names.first());
        let ttl = reader.ttl();
        if name.is_empty() {
            labelled.skip = reader.skip();
            labelled.ttl = ttl;
            labelled.zone.clone_from(&zone);
        }
        let key = fields
            .get("name")
            .or_else(|| fields.values().next())
            .map_or("", |(key, _)| *key);
        match (fields.contains_key("name"), name.is_empty()) {
            (true, _) => labelled.groups.push(Group {
                names,
                lead: data,
                ttl,
                zone,
                origin: origin(subject, key),
            }),
            (false, true) => labelled.lead = data,
            (false, false) => found.push(about(
                &origin(subject, key),
                Severity::Error,
                "zonegen::missing",
                format!("there is no `dns.{name}.name`, so that nobody knows whose record this is"),
            )),
        }
    }
    labelled
}

impl Labelled {
    /// The names that the labels give themselves.
    pub(super) fn wanted(
        &self,
        subject: &Subject<'_>,
        environment: &Environment,
        config: &Config,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for group in &self.groups {
            for owner in &group.names {
                let lead = match &group.lead {
                    Some(data) => Ok(Lead::Explicit(data.clone())),
                    None => lead(subject, None, environment),
                };
                match lead {
                    Ok(lead) => wanted.push(Wanted {
                        owner: owner.clone(),
                        lead,
                        ttl: group.ttl,
                        zone: group.zone.clone(),
                        origin: group.origin.clone(),
                    }),
                    Err(message) if config.zone_for(owner, group.zone.as_ref()).is_some() => {
                        found.push(no_target(&group.origin, owner, &message));
                    }
                    Err(_) => {}
                }
            }
        }
        wanted
    }
}

fn origin(subject: &Subject<'_>, key: &str) -> Origin {
    let located = (subject.locate)(Some(key));
    Origin {
        what: format!("label `{key}`, {}", subject.shown).into(),
        span: located.value.or(located.key),
    }
}

/// The labels of one group.
struct Fields<'f, 's> {
    subject: &'f Subject<'s>,
    config: &'f Config,
    all: &'f BTreeMap<&'f str, (&'f str, &'f str)>,
    found: &'f mut Vec<Diagnostic>,
}

impl Fields<'_, '_> {
    fn error(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        let key = self.all.get(field).map_or("", |(key, _)| *key);
        let one = about(&origin(self.subject, key), Severity::Error, code, message);
        self.found.push(one);
    }

    fn skip(&mut self) -> bool {
        let Some((_, value)) = self.all.get("skip") else {
            return false;
        };
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => true,
            "" | "false" | "no" | "off" | "0" => false,
            _ => {
                self.error(
                    "skip",
                    "zonegen::bad-value",
                    format!("`{value}` is neither true nor false"),
                );
                // Whoever writes it wants to be left alone.
                true
            }
        }
    }

    fn ttl(&mut self) -> Option<Ttl> {
        let (_, value) = self.all.get("ttl")?;
        match value.parse() {
            Ok(ttl) => Some(ttl),
            Err(error) => {
                self.error(
                    "ttl",
                    "zonegen::bad-value",
                    format!("`{value}` is no time to live: {error}"),
                );
                None
            }
        }
    }

    fn zone(&mut self) -> Option<Name> {
        let (_, value) = self.all.get("zone")?;
        let name = match value.parse::<Name>() {
            Ok(name) => name,
            Err(error) => {
                self.error("zone", "zonegen::bad-value", format!("`{value}`: {error}"));
                return None;
            }
        };
        if self.config.zones.iter().any(|zone| zone.name == name) {
            return Some(name);
        }
        let mut message = format!("there is no zone `{name}` in the config file");
        if let Some(near) = near(&name.to_string(), &self.config.zones) {
            let _infallible = write!(message, ", did you mean `{}`?", near.name);
        }
        self.error("zone", "zonegen::unknown-zone", message);
        None
    }

    fn names(&mut self, zone: Option<&Name>) -> Vec<Name> {
        let Some((_, value)) = self.all.get("name") else {
            return Vec::new();
        };
        let words: Vec<&str> = value
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            self.error("name", "zonegen::bad-value", "there is no name in it");
        }
        let mut names = Vec::new();
        for word in words {
            match self.name(word, zone) {
                Ok(name) => names.push(name),
                Err(message) => self.error("name", "zonegen::bad-name", message),
            }
        }
        names
    }

    /// A name as people write it: whole if it lies in one of the zones, else relative to `dns.zone`, or
    /// to the one zone there is.
    fn name(&self, word: &str, zone: Option<&Name>) -> Result<Name, String> {
        let bad = |error: dns_zone::NameError| format!("`{word}`: {error}");
        if word.ends_with('.') {
            return word.parse().map_err(bad);
        }
        if let Some(zone) = zone {
            return match word.parse::<Name>() {
                Ok(whole) if whole.is_within(zone) => Ok(whole),
                _ => Name::parse_relative(word, zone).map_err(bad),
            };
        }
        if word.contains('.') {
            return word.parse().map_err(bad);
        }
        let forward: Vec<&Name> = self
            .config
            .zones
            .iter()
            .filter(|zone| zone.network.is_none())
            .map(|zone| &zone.name)
            .collect();
        match forward.as_slice() {
            [one] => Name::parse_relative(word, one).map_err(bad),
            _ => Err(format!(
                "`{word}` could be in any of the zones: write the whole name, or the label `dns.zone`"
            )),
        }
    }

    /// The data that `dns.value` and `dns.type` say.
    fn data(&mut self, zone: Option<&Name>, owner: Option<&Name>) -> Option<Vec<RecordData>> {
        let kind = match self.all.get("type") {
            None => None,
            Some((_, text)) => match text.to_ascii_uppercase().parse::<RecordType>() {
                Ok(kind) if !kind.is_meta() && kind != RecordType::SOA => Some(kind),
                _ => {
                    self.error(
                        "type",
                        "zonegen::bad-value",
                        format!("`{text}` is no type of a record"),
                    );
                    return None;
                }
            },
        };
        let Some((_, value)) = self.all.get("value").copied() else {
            if let Some(kind) = kind
                && !matches!(kind, RecordType::A | RecordType::AAAA | RecordType::CNAME)
            {
                self.error(
                    "type",
                    "zonegen::missing",
                    format!("a record of type {kind} needs `dns.value`"),
                );
            }
            return None;
        };
        let addresses: Option<Vec<IpAddr>> = value
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().ok())
            .collect();
        if kind.is_none_or(|kind| matches!(kind, RecordType::A | RecordType::AAAA))
            && let Some(addresses) = addresses.filter(|addresses| !addresses.is_empty())
        {
            let data: Vec<RecordData> = addresses
                .iter()
                .map(|address| crate::config::data(*address))
                .collect();
            if let Some(kind) = kind
                && data.iter().any(|data| data.kind() != kind)
            {
                self.error(
                    "value",
                    "zonegen::bad-value",
                    format!("`{value}` is no address for a record of type {kind}"),
                );
                return None;
            }
            return Some(data);
        }
        let kind = match kind {
            Some(kind) => kind,
            None => kind_of(value).parse().unwrap_or(RecordType::CNAME),
        };
        let origin = zone.cloned().or_else(|| {
            let zone = self.config.zone_for(owner?, None)?;
            Some(zone.name.clone())
        });
        match parse_data(kind, value, &origin.unwrap_or_else(Name::root)) {
            Ok(data) => Some(vec![data]),
            Err(message) => {
                self.error(
                    "value",
                    "zonegen::bad-value",
                    format!("`{value}` is no data of a record of type {kind}: {message}"),
                );
                None
            }
        }
    }
}

/// Data as people write it in a label: names with a dot in them are whole, texts need no quotes.
fn parse_data(kind: RecordType, value: &str, origin: &Name) -> Result<RecordData, String> {
    if kind == RecordType::TXT && !value.starts_with('"') {
        return Ok(RecordData::txt(value));
    }
    let ends_with_name = matches!(
        kind,
        RecordType::CNAME
            | RecordType::NS
            | RecordType::PTR
            | RecordType::DNAME
            | RecordType::MX
            | RecordType::SRV
    );
    let whole = ends_with_name && {
        let last = value.rsplit(' ').next().unwrap_or_default();
        last.contains('.') && !last.ends_with('.')
    };
    let text = if whole {
        format!("{value}.")
    } else {
        value.to_owned()
    };
    RecordData::parse(kind, &text, origin).map_err(|error| error.to_string())
}
