//! `zonegen.yaml`.

mod corefile;
mod environment;
mod reader;
mod zone;

use camino::{Utf8Path, Utf8PathBuf};
use dns_zone::{Name, SerialPolicy, Ttl};
use yaml_tree::{Diagnostic, Node, Options, Parsed, Source, parse_one};

pub(crate) use corefile::CorefileConfig;
pub(crate) use environment::{EngineConfig, Environment, Target};
pub(crate) use zone::{Static, View, ZoneConfig, data, kind_of, near};

use reader::Reader;

/// What `zonegen.yaml` says.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Its directory, which its paths start from.
    pub(crate) dir: Utf8PathBuf,
    /// Where zone files are written.
    pub(crate) output: Utf8PathBuf,
    pub(crate) serial: SerialPolicy,
    pub(crate) max_delete: Option<Limit>,
    pub(crate) zones: Vec<ZoneConfig>,
    pub(crate) environments: Vec<Environment>,
    pub(crate) corefile: Option<CorefileConfig>,
    pub(crate) watch: Watching,
}

/// How many records one run may remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// So many are fine in any case: small zones change by large parts.
    pub(crate) count: usize,
    /// More are fine up to this part of the records there are.
    pub(crate) percent: usize,
}

impl Limit {
    /// Whether `removed` of `all` records may go.
    pub(crate) fn allows(self, removed: usize, all: usize) -> bool {
        removed <= self.count || removed.saturating_mul(100) <= all.saturating_mul(self.percent)
    }
}

impl Limit {
    /// No limit at all.
    pub(crate) const NONE: Self = Self {
        count: usize::MAX,
        percent: 100,
    };
}

impl Default for Limit {
    fn default() -> Self {
        Self {
            count: 3,
            percent: 30,
        }
    }
}

impl std::str::FromStr for Limit {
    type Err = String;

    /// `5`, `50%`, `5,50%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut limit = Self {
            count: 0,
            percent: 0,
        };
        for part in text.split(',') {
            let part = part.trim();
            let read = |digits: &str| {
                digits
                    .parse()
                    .map_err(|_| format!("`{text}` is no limit: write `5`, `30%` or `5,30%`"))
            };
            match part.strip_suffix('%') {
                Some(percent) => limit.percent = read(percent)?,
                None => limit.count = read(part)?,
            }
        }
        Ok(limit)
    }
}

/// How `zonegen watch` behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watching {
    /// How long it is waited for further events, in milliseconds.
    pub(crate) debounce: u64,
    /// How often everything is read anew without an event, in seconds.
    pub(crate) resync: u64,
    /// How long a container may be gone before its names are, in milliseconds.
    pub(crate) grace: u64,
    /// The status file.
    pub(crate) status: Option<Utf8PathBuf>,
}

impl Default for Watching {
    fn default() -> Self {
        Self {
            debounce: 500,
            resync: 300,
            grace: 3000,
            status: None,
        }
    }
}

impl Config {
    /// The zone of a name: the one a label asks for, else the longest above it.
    pub(crate) fn zone_for(&self, name: &Name, asked: Option<&Name>) -> Option<&ZoneConfig> {
        if let Some(asked) = asked {
            let zone = self.zones.iter().find(|zone| zone.name == *asked)?;
            return name.is_within(&zone.name).then_some(zone);
        }
        let above = self.zones.iter().filter(|zone| name.is_within(&zone.name));
        above.max_by_key(|zone| zone.name.label_count())
    }
}

/// The block of a zone file with what the config file itself has.
pub(crate) const CONFIG: &str = "config";

/// The block of PTR records.
pub(crate) const POINTERS: &str = "pointers";

const KEYS: &[&str] = &[
    "output",
    "serial",
    "ttl",
    "max-delete",
    "zones",
    "environments",
    "corefile",
    "watch",
];

/// Reads the text of a config file that lies in `dir`.
pub(crate) fn parse(source: &Source, dir: &Utf8Path) -> Parsed<Config> {
    let parsed = parse_one(source, &Options::default());
    let mut reader = Reader {
        found: parsed.diagnostics,
    };
    let value = parsed
        .value
        .map(|root| config(&root, dir, source, &mut reader));
    Parsed {
        value,
        diagnostics: reader.found,
    }
}

fn config(root: &Node, dir: &Utf8Path, source: &Source, reader: &mut Reader) -> Config {
    let mut config = Config {
        dir: dir.to_owned(),
        output: dir.to_owned(),
        serial: SerialPolicy::Date,
        max_delete: None,
        zones: Vec::new(),
        environments: Vec::new(),
        corefile: None,
        watch: Watching::default(),
    };
    let entries = reader.entries(root, KEYS);
    let find = |key: &str| {
        entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| entry.value)
    };
    let ttl = find("ttl")
        .and_then(|node| reader.parsed::<Ttl>(node, "a time to live, such as `300` or `5m`"));
    let ttl = ttl.or_else(|| Ttl::from_secs(300).ok()).unwrap_or_default();
    for entry in &entries {
        match entry.key.as_str() {
            "output" => {
                if let Some(path) = reader.text(entry.value) {
                    config.output = dir.join(path.value);
                }
            }
            "serial" => {
                let known = [
                    ("date", SerialPolicy::Date),
                    ("unix", SerialPolicy::UnixTime),
                    ("increment", SerialPolicy::Increment),
                ];
                config.serial = reader.choice(entry.value, &known).unwrap_or_default();
            }
            "max-delete" => config.max_delete = Some(limit(entry.value, reader)),
            "zones" => {
                for zone in reader.entries(entry.value, &[]) {
                    config.zones.extend(zone::read(&zone, ttl, reader));
                }
            }
            "environments" => {
                for one in reader.entries(entry.value, &[]) {
                    config.environments.push(environment::read(&one, reader));
                }
            }
            "corefile" => config.corefile = corefile::read(entry.value, dir, reader),
            "watch" => watching(entry.value, dir, &mut config.watch, reader),
            _ => {}
        }
    }
    if config.zones.is_empty() && reader.found.iter().all(|found| !found.is_error()) {
        reader.found.push(
            Diagnostic::error("zonegen::missing", "there are no zones")
                .primary(source.start(), "")
                .help("write them as `zones: {home.arpa: {ns: {ns1: 192.168.1.10}}}`"),
        );
    }
    zone::check(&config.zones, reader);
    config
}

fn limit(node: &Node, reader: &mut Reader) -> Limit {
    if node.as_mapping().is_none() {
        return reader
            .parsed(node, "a limit such as `5`, `30%` or `5,30%`")
            .unwrap_or_default();
    }
    let mut limit = Limit::default();
    for entry in reader.entries(node, &["count", "percent"]) {
        let Some(number) = reader.parsed::<usize>(entry.value, "a number") else {
            continue;
        };
        match entry.key.as_str() {
            "count" => limit.count = number,
            _ => limit.percent = number,
        }
    }
    limit
}

fn watching(node: &Node, dir: &Utf8Path, watch: &mut Watching, reader: &mut Reader) {
    for entry in reader.entries(node, &["debounce", "resync", "grace", "status"]) {
        match entry.key.as_str() {
            key @ ("debounce" | "grace") => {
                let time = reader.text(entry.value).map(|text| text.value);
                match time.as_deref().map(milliseconds) {
                    Some(Some(time)) if key == "grace" => watch.grace = time,
                    Some(Some(time)) => watch.debounce = time,
                    Some(None) => reader.bad(
                        entry.value,
                        "expected a length of time such as `500ms` or `2s`",
                    ),
                    None => {}
                }
            }
            "resync" => {
                if let Some(time) =
                    reader.parsed::<Ttl>(entry.value, "a length of time such as `5m`")
                {
                    watch.resync = u64::from(time.as_secs());
                }
            }
            _ => {
                if let Some(path) = reader.text(entry.value) {
                    watch.status = Some(dir.join(path.value));
                }
            }
        }
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    match text.strip_suffix("ms") {
        Some(number) => number.parse().ok(),
        None => text
            .parse::<Ttl>()
            .ok()
            .map(|time| u64::from(time.as_secs()) * 1000),
    }
}
