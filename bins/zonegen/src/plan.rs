//! From what is wanted to the records of zone files, before any file is looked at.

pub(crate) mod explain;
mod reverse;
mod update;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use dns_zone::{Name, Record, RecordData, RecordType, Ttl};
use indexmap::IndexMap;
use yaml_tree::{Diagnostic, Severity};

use crate::config::{CONFIG, Config, Environment, Static, Target, View, ZoneConfig, near};
use crate::source::{Collected, Lead, Origin, Wanted, about};

pub(crate) use reverse::pointers;
pub(crate) use update::{Change, Rules, update};

/// What shall be in a zone file.
#[derive(Clone, Debug)]
pub(crate) struct Desired<'c> {
    pub(crate) zone: &'c ZoneConfig,
    pub(crate) view: Option<&'c View>,
    /// The blocks of the file that are looked after in this run.
    pub(crate) blocks: Vec<Block<'c>>,
}

/// The records of one block.
#[derive(Clone, Debug)]
pub(crate) struct Block<'c> {
    /// Whose they are: [`CONFIG`], [`POINTERS`] or an environment.
    pub(crate) id: String,
    pub(crate) entries: Vec<Entry<'c>>,
    /// Nothing was wanted at all, which is suspicious.
    pub(crate) is_empty_source: bool,
}

/// A record and what wants it.
#[derive(Clone, Debug)]
pub(crate) enum Entry<'c> {
    /// One that the config file has as it is. There may be many: they are not copied.
    Static(&'c Static),
    /// One that was made up.
    Made(Box<(Record, Vec<Origin>)>),
}

impl Entry<'_> {
    pub(crate) fn made(record: Record, origins: Vec<Origin>) -> Self {
        Self::Made(Box::new((record, origins)))
    }

    pub(crate) fn record(&self) -> &Record {
        match self {
            Self::Static(one) => &one.record,
            Self::Made(made) => &made.0,
        }
    }

    /// What wants it.
    pub(crate) fn origins(&self) -> Vec<Origin> {
        match self {
            Self::Static(one) => vec![Origin {
                what: "the config file".into(),
                span: Some(one.span.clone()),
            }],
            Self::Made(made) => made.1.clone(),
        }
    }
}

impl Desired<'_> {
    /// The name of the file.
    pub(crate) fn file(&self) -> &str {
        self.view.map_or(&self.zone.file, |view| &view.file)
    }

    /// What messages call it.
    pub(crate) fn shown(&self) -> String {
        match self.view {
            Some(view) => format!("{} (view {})", self.zone.name, view.name),
            None => self.zone.name.to_string(),
        }
    }
}

/// The zone files that shall be, pointers left out.
pub(crate) fn plan<'c>(
    config: &'c Config,
    environments: &'c [(&'c Environment, Collected)],
    found: &mut Vec<Diagnostic>,
) -> Vec<Desired<'c>> {
    let mut sorted: Vec<Sorted<'_>> = Vec::new();
    for (environment, collected) in environments {
        sorted.push(sort(environment, collected, config, found));
    }
    let mut all = Vec::new();
    for zone in &config.zones {
        let views = std::iter::once(None).chain(zone.views.iter().map(Some));
        for view in views {
            let mut blocks = vec![own(zone, view)];
            for one in &sorted {
                // What is wrong with one view is wrong with the others.
                let mut told = Vec::new();
                blocks.push(block(zone, view, one, &mut told));
                for diagnostic in told {
                    if !found.contains(&diagnostic) {
                        found.push(diagnostic);
                    }
                }
            }
            all.push(Desired { zone, view, blocks });
        }
    }
    all
}

/// The records of the config file.
fn own<'c>(zone: &'c ZoneConfig, view: Option<&'c View>) -> Block<'c> {
    let special = view.map_or(&[][..], |view| &view.records);
    // A record of a view stands instead of those of its name and type.
    let general = zone.servers.iter().chain(&zone.records).filter(|one| {
        !special.iter().any(|other| {
            other.record.owner == one.record.owner && other.record.kind() == one.record.kind()
        })
    });
    Block {
        id: CONFIG.to_owned(),
        entries: general.chain(special).map(Entry::Static).collect(),
        is_empty_source: false,
    }
}

/// What wants each name, in the order in which names were first wanted.
type Names<'c> = IndexMap<&'c Name, Vec<&'c Wanted>>;

/// What an environment wants, by zone and name.
struct Sorted<'c> {
    environment: &'c Environment,
    names: HashMap<&'c Name, Names<'c>>,
    is_empty_source: bool,
}

fn sort<'c>(
    environment: &'c Environment,
    collected: &'c Collected,
    config: &'c Config,
    found: &mut Vec<Diagnostic>,
) -> Sorted<'c> {
    let mut names: HashMap<&Name, Names<'_>> = HashMap::new();
    let mut outside = BTreeSet::new();
    for wanted in &collected.wanted {
        match config.zone_for(&wanted.owner, wanted.zone.as_ref()) {
            Some(zone) => names
                .entry(&zone.name)
                .or_default()
                .entry(&wanted.owner)
                .or_default()
                .push(wanted),
            None if outside.insert(&wanted.owner) => found.push(no_zone(wanted, config)),
            None => {}
        }
    }
    Sorted {
        environment,
        is_empty_source: names.is_empty(),
        names,
    }
}

fn no_zone(wanted: &Wanted, config: &Config) -> Diagnostic {
    let owner = wanted.owner.to_string();
    let shown = owner.trim_end_matches('.');
    if let Some(zone) = &wanted.zone {
        let message =
            format!("`{shown}` lies outside of the zone `{zone}` that its label asks for");
        return about(
            &wanted.origin,
            Severity::Error,
            "zonegen::out-of-zone",
            message,
        );
    }
    let message = format!("`{shown}` lies in none of the zones, so it gets no record");
    let one = about(
        &wanted.origin,
        Severity::Warning,
        "zonegen::out-of-zone",
        message,
    );
    let parent = wanted
        .owner
        .parent()
        .map(|parent| parent.to_string())
        .unwrap_or_default();
    match near(&parent, &config.zones) {
        Some(zone) => one.help(format!("did you mean the zone `{}`?", zone.name)),
        None => one.help("add the zone to the config file, or `dns.skip` to the service"),
    }
}

/// The records of an environment in a zone file.
fn block(
    zone: &ZoneConfig,
    view: Option<&View>,
    sorted: &Sorted<'_>,
    found: &mut Vec<Diagnostic>,
) -> Block<'static> {
    let mut entries = Vec::new();
    for (owner, wanted) in sorted.names.get(&zone.name).into_iter().flatten() {
        entries.extend(name(owner, wanted, zone, view, found));
    }
    for wildcard in &sorted.environment.wildcards {
        let owner = &wildcard.value;
        let here = sorted_zone(owner, zone);
        if !here
            || entries
                .iter()
                .any(|entry: &Entry<'_>| entry.record().owner == *owner)
        {
            continue;
        }
        let origin = Origin {
            what: format!("wildcard of the environment {}", sorted.environment.name).into(),
            span: Some(wildcard.span.clone()),
        };
        let target = view
            .and_then(|view| view.target.as_ref())
            .or(sorted.environment.target.as_ref());
        let data = match target {
            Some(target) => target_data(target),
            None => None,
        };
        let Some(data) = data else {
            found.push(
                about(&origin, Severity::Error, "zonegen::no-target", format!("`{owner}` leads nowhere: the environment has no `target` that a wildcard could have")),
            );
            continue;
        };
        entries.extend(data.into_iter().map(|data| {
            let record = Record::new(owner.clone(), zone.ttl, data);
            Entry::made(record, vec![origin.clone()])
        }));
    }
    Block {
        id: sorted.environment.name.clone(),
        entries,
        is_empty_source: sorted.is_empty_source,
    }
}

fn sorted_zone(owner: &Name, zone: &ZoneConfig) -> bool {
    zone.network.is_none() && owner.is_within(&zone.name)
}

/// The records of a name.
fn name(
    owner: &Name,
    wanted: &[&Wanted],
    zone: &ZoneConfig,
    view: Option<&View>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Entry<'static>> {
    // What each of them asks for.
    let mut asked: Vec<(BTreeSet<RecordData>, bool, &Wanted)> = Vec::new();
    let mut containers = BTreeSet::new();
    for one in wanted {
        let (data, explicit) = match &one.lead {
            Lead::Explicit(data) => (data.iter().cloned().collect(), true),
            Lead::Containers(addresses) => {
                containers.extend(addresses.iter().copied());
                continue;
            }
            Lead::Default(target) => {
                let target = view.and_then(|view| view.target.as_ref()).unwrap_or(target);
                match target_data(target) {
                    Some(data) => (data.into_iter().collect(), false),
                    None => continue,
                }
            }
        };
        asked.push((data, explicit, one));
    }
    if !containers.is_empty() {
        let data: BTreeSet<RecordData> = containers
            .iter()
            .map(|address: &IpAddr| crate::config::data(*address))
            .collect();
        let others = wanted
            .iter()
            .filter(|one| matches!(one.lead, Lead::Containers(_)));
        asked.extend(others.map(|one| (data.clone(), false, *one)));
    }
    let leads = |data: &BTreeSet<RecordData>| -> BTreeSet<RecordData> {
        data.iter().filter(|data| is_lead(data)).cloned().collect()
    };
    // Whoever says where a name leads is heard before those who leave it open.
    let stated = asked
        .iter()
        .any(|(data, explicit, _)| *explicit && !leads(data).is_empty());
    let mut chosen: Option<(BTreeSet<RecordData>, &Wanted)> = None;
    let mut records: BTreeMap<RecordData, Vec<Origin>> = BTreeMap::new();
    for (data, explicit, one) in &asked {
        let lead = leads(data);
        if !lead.is_empty() && (*explicit || !stated) {
            match &chosen {
                Some((first, other)) if *first != lead => {
                    found.push(conflict(owner, (first, other), (&lead, one)));
                    continue;
                }
                Some(_) => {}
                None => chosen = Some((lead, one)),
            }
        }
        for data in data {
            if *explicit || !stated || !is_lead(data) {
                records
                    .entry(data.clone())
                    .or_default()
                    .push(one.origin.clone());
            }
        }
    }
    if let Some((lead, _)) = &chosen {
        // Those who left it open want the name as well.
        for (_, explicit, one) in &asked {
            if !explicit && stated {
                for data in lead {
                    records
                        .entry(data.clone())
                        .or_default()
                        .push(one.origin.clone());
                }
            }
        }
    }
    let ttl: Ttl = wanted
        .iter()
        .filter_map(|one| one.ttl)
        .min()
        .unwrap_or(zone.ttl);
    records
        .into_iter()
        .map(|(data, origins)| Entry::made(Record::new(owner.clone(), ttl, data), origins))
        .collect()
}

/// Whether data says where a name leads.
fn is_lead(data: &RecordData) -> bool {
    matches!(
        data.kind(),
        RecordType::A | RecordType::AAAA | RecordType::CNAME
    )
}

fn target_data(target: &Target) -> Option<Vec<RecordData>> {
    match target {
        Target::Addresses(addresses) => Some(
            addresses
                .iter()
                .map(|address| crate::config::data(*address))
                .collect(),
        ),
        Target::Name(name) => Some(vec![RecordData::cname(name)]),
        Target::Container => None,
    }
}

fn conflict(
    owner: &Name,
    first: (&BTreeSet<RecordData>, &Wanted),
    second: (&BTreeSet<RecordData>, &Wanted),
) -> Diagnostic {
    let shown = |data: &BTreeSet<RecordData>| {
        let texts: Vec<String> = data
            .iter()
            .map(|data| data.to_relative(&Name::root()))
            .collect();
        texts.join(", ")
    };
    let message = format!(
        "`{owner}` is to lead to {} by {}, and to {} by {}",
        shown(second.0),
        second.1.origin.shown(),
        shown(first.0),
        first.1.origin.shown()
    );
    let mut found = Diagnostic::error("zonegen::conflict", message);
    if let Some(span) = &second.1.origin.span {
        found = found.primary(span.clone(), format!("leads to {}", shown(second.0)));
    }
    if let Some(span) = &first.1.origin.span {
        found = found.secondary(span.clone(), format!("leads to {}", shown(first.0)));
    }
    found.help("give both the same `dns.value`, or one of them `dns.skip`")
}
