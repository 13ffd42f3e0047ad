//! Zones in the config file.

mod records;

use std::net::IpAddr;

use dns_zone::{Name, NameError, Network, Record, RecordData, Soa, Ttl};
use yaml_tree::{Diagnostic, Node, Span, nearest};

use super::environment::{Target, target};
use super::reader::{Entry, Reader};
use records::records;

pub(crate) use records::kind_of;

/// A zone that is looked after.
#[derive(Clone, Debug)]
pub(crate) struct ZoneConfig {
    pub(crate) name: Name,
    pub(crate) span: Span,
    /// The name of its file.
    pub(crate) file: String,
    pub(crate) ttl: Ttl,
    /// The addresses whose names it has, if it is a reverse zone.
    pub(crate) network: Option<Network>,
    /// The SOA of a new file.
    pub(crate) soa: Soa,
    /// The name servers, with their addresses.
    pub(crate) servers: Vec<Static>,
    pub(crate) records: Vec<Static>,
    pub(crate) views: Vec<View>,
}

/// A record that the config file has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Static {
    pub(crate) record: Record,
    pub(crate) span: Span,
}

/// What some clients see of a zone.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) networks: Vec<Network>,
    /// Where names lead for these clients, instead of the targets of environments.
    pub(crate) target: Option<Target>,
    pub(crate) file: String,
    pub(crate) records: Vec<Static>,
}

const KEYS: &[&str] = &["file", "ttl", "soa", "ns", "records", "views"];

/// The zones of an entry: one of a name, or those of a network.
pub(super) fn read(entry: &Entry<'_>, ttl: Ttl, reader: &mut Reader) -> Vec<ZoneConfig> {
    let (names, network) = if entry.key.contains('/') {
        match entry.key.parse::<Network>() {
            Ok(network) => (network.zones(), Some(network)),
            Err(error) => {
                reader.bad_at(entry.span.clone(), error.to_string());
                return Vec::new();
            }
        }
    } else {
        match entry.key.parse::<Name>() {
            Ok(name) if !name.is_root() => (vec![name], None),
            Ok(_) => {
                reader.bad_at(entry.span.clone(), "the root is no zone of a homelab");
                return Vec::new();
            }
            Err(error) => {
                reader.bad_at(entry.span.clone(), error.to_string());
                return Vec::new();
            }
        }
    };
    let entries = reader.entries(entry.value, KEYS);
    let mut all = Vec::new();
    let several = names.len() > 1;
    for (at, name) in names.into_iter().enumerate() {
        // What is wrong is told once.
        let before = reader.found.len();
        all.push(zone(name, network, several, entry, &entries, ttl, reader));
        if at > 0 {
            reader.found.truncate(before);
        }
    }
    all
}

fn zone(
    name: Name,
    network: Option<Network>,
    several: bool,
    entry: &Entry<'_>,
    entries: &[Entry<'_>],
    ttl: Ttl,
    reader: &mut Reader,
) -> ZoneConfig {
    let plain = name.to_string().trim_end_matches('.').replace('/', "-");
    let ttl_node = entries.iter().find(|entry| entry.key == "ttl");
    let ttl = ttl_node
        .and_then(|entry| reader.parsed(entry.value, "a time to live"))
        .unwrap_or(ttl);
    let mut zone = ZoneConfig {
        file: format!("{plain}.zone"),
        ttl,
        network,
        soa: Soa {
            mname: name.clone(),
            rname: name.prepend(b"hostmaster").unwrap_or_else(|_| name.clone()),
            serial: 0,
            refresh: 3600,
            retry: 900,
            expire: 604_800,
            minimum: 300,
        },
        servers: Vec::new(),
        records: Vec::new(),
        views: Vec::new(),
        span: entry.span.clone(),
        name,
    };
    for entry in entries {
        match entry.key.as_str() {
            "file" => {
                if let Some(file) = file(entry.value, reader) {
                    zone.file = file;
                    if several {
                        reader.bad(
                            entry.value,
                            "the network has several zones, which cannot share a file",
                        );
                    }
                }
            }
            "ns" => zone.servers = servers(entry.value, &zone.name, ttl, reader),
            "records" => zone.records = records(entry.value, &zone.name, ttl, reader),
            "views" => {
                for view_entry in reader.entries(entry.value, &[]) {
                    let view = view(&view_entry, &zone, &plain, reader);
                    zone.views.push(view);
                }
            }
            _ => {}
        }
    }
    if let Some(first) = zone
        .servers
        .iter()
        .find_map(|one| match one.record.data.decode() {
            dns_zone::Data::Ns(name) => Some(name),
            _ => None,
        })
    {
        // Nobody has a mail address below `in-addr.arpa`.
        if network.is_some()
            && let Some(Ok(rname)) = first.parent().map(|parent| parent.prepend(b"hostmaster"))
        {
            zone.soa.rname = rname;
        }
        zone.soa.mname = first;
    } else {
        reader.found.push(
            Diagnostic::error(
                "zonegen::missing",
                format!("the zone `{}` has no name server", zone.name),
            )
            .primary(entry.span.clone(), "")
            .help("say where it is served, such as `ns: {ns1: 192.168.1.10}`"),
        );
    }
    if let Some(entry) = entries.iter().find(|entry| entry.key == "soa") {
        soa(entry.value, &mut zone, reader);
    }
    zone
}

/// The name of a file in the output directory.
fn file(node: &Node, reader: &mut Reader) -> Option<String> {
    let text = reader.text(node)?;
    if text.value.is_empty() || text.value.contains('/') || text.value.starts_with('.') {
        reader.bad(node, "expected the name of a file in the output directory");
        return None;
    }
    Some(text.value)
}

/// `{ns1: ADDRESS, ns2: [ADDRESS, …]}`, or a list of names outside of the zone.
fn servers(node: &Node, zone: &Name, ttl: Ttl, reader: &mut Reader) -> Vec<Static> {
    let mut all = Vec::new();
    let mut add = |owner: &Name, data: RecordData, span: &Span| {
        all.push(Static {
            record: Record::new(owner.clone(), ttl, data),
            span: span.clone(),
        });
    };
    if node.as_mapping().is_none() {
        for text in reader.texts(node) {
            match whole(&text.value, zone) {
                Ok(name) if name.is_within(zone) => reader.bad_at(
                    text.span,
                    format!("`{name}` lies in the zone, so its address is needed: write `ns: {{{}: 192.168.1.10}}`", text.value),
                ),
                Ok(name) => add(zone, RecordData::ns(&name), &text.span),
                Err(error) => reader.bad_at(text.span, error.to_string()),
            }
        }
        return all;
    }
    for entry in reader.entries(node, &[]) {
        let name = match whole(&entry.key, zone) {
            Ok(name) => name,
            Err(error) => {
                reader.bad_at(entry.span, error.to_string());
                continue;
            }
        };
        add(zone, RecordData::ns(&name), &entry.span);
        let addresses = reader.all::<IpAddr>(entry.value, "an address");
        if addresses.is_empty() && name.is_within(zone) {
            reader.bad_at(
                entry.span.clone(),
                "a name server in its own zone needs an address",
            );
        }
        // Glue for a name elsewhere would be out of the zone.
        for address in addresses.iter().filter(|_| name.is_within(zone)) {
            add(&name, data(*address), &entry.span);
        }
    }
    all
}

/// The name of a host as people write it: whole if there is a dot in it, else relative to the zone.
fn whole(text: &str, zone: &Name) -> Result<Name, NameError> {
    if text.contains('.') {
        text.parse()
    } else {
        Name::parse_relative(text, zone)
    }
}

/// The data of a record for an address.
pub(crate) fn data(address: IpAddr) -> RecordData {
    match address {
        IpAddr::V4(address) => RecordData::a(address),
        IpAddr::V6(address) => RecordData::aaaa(address),
    }
}

fn soa(node: &Node, zone: &mut ZoneConfig, reader: &mut Reader) {
    for entry in reader.entries(
        node,
        &["mname", "rname", "refresh", "retry", "expire", "minimum"],
    ) {
        match entry.key.as_str() {
            "mname" | "rname" => {
                let Some(text) = reader.text(entry.value) else {
                    continue;
                };
                // `admin@example.com` is how people write it.
                let written = match text.value.split_once('@') {
                    Some((user, host)) if entry.key == "rname" => format!(
                        "{}.{}.",
                        user.replace('.', "\\."),
                        host.trim_end_matches('.')
                    ),
                    _ => text.value.clone(),
                };
                match whole(&written, &zone.name) {
                    Ok(name) if entry.key == "mname" => zone.soa.mname = name,
                    Ok(name) => zone.soa.rname = name,
                    Err(error) => reader.bad(entry.value, error.to_string()),
                }
            }
            key => {
                let Some(time) = reader.parsed::<Ttl>(entry.value, "a length of time") else {
                    continue;
                };
                let field = match key {
                    "refresh" => &mut zone.soa.refresh,
                    "retry" => &mut zone.soa.retry,
                    "expire" => &mut zone.soa.expire,
                    _ => &mut zone.soa.minimum,
                };
                *field = time.as_secs();
            }
        }
    }
}

fn view(entry: &Entry<'_>, zone: &ZoneConfig, plain: &str, reader: &mut Reader) -> View {
    let mut view = View {
        name: entry.key.clone(),
        networks: Vec::new(),
        target: None,
        file: format!("{plain}.{}.zone", entry.key),
        records: Vec::new(),
    };
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if entry.key.is_empty() || !entry.key.chars().all(valid) {
        reader.bad_at(
            entry.span.clone(),
            "the name of a view has letters, digits, `-` and `_`",
        );
    }
    for one in reader.entries(entry.value, &["networks", "target", "file", "records"]) {
        match one.key.as_str() {
            "networks" => view.networks = reader.all(one.value, "a network such as 192.168.0.0/16"),
            "target" => view.target = target(one.value, reader),
            "records" => view.records = records(one.value, &zone.name, zone.ttl, reader),
            _ => view.file = file(one.value, reader).unwrap_or(view.file),
        }
    }
    if view.networks.is_empty() {
        reader.bad_at(
            entry.span.clone(),
            "a view needs `networks`: whose queries it answers",
        );
    }
    view
}

/// Zones and files that are there twice.
pub(super) fn check(zones: &[ZoneConfig], reader: &mut Reader) {
    let mut files: Vec<(&str, &Span)> = Vec::new();
    for zone in zones {
        if let Some(first) = zones
            .iter()
            .take_while(|other| !std::ptr::eq(*other, zone))
            .find(|other| other.name == zone.name)
        {
            reader.found.push(
                Diagnostic::error(
                    "zonegen::zone-twice",
                    format!("the zone `{}` is there already", zone.name),
                )
                .primary(zone.span.clone(), "")
                .secondary(first.span.clone(), "the first one"),
            );
            continue;
        }
        let own = std::iter::once(zone.file.as_str())
            .chain(zone.views.iter().map(|view| view.file.as_str()));
        for file in own {
            if let Some((_, first)) = files.iter().find(|(other, _)| *other == file) {
                reader.found.push(
                    Diagnostic::error(
                        "zonegen::file-twice",
                        format!("`{file}` is the file of another zone already"),
                    )
                    .primary(zone.span.clone(), "")
                    .secondary((*first).clone(), "the first one"),
                );
            }
            files.push((file, &zone.span));
        }
        let local: Result<Name, _> = "local".parse();
        if local.is_ok_and(|local| zone.name.is_within(&local)) {
            reader.found.push(
                Diagnostic::warning("zonegen::mdns", "names below `.local` are looked up by multicast DNS (RFC 6762): many clients never ask this server")
                    .primary(zone.span.clone(), "")
                    .help("use `home.arpa`, `internal`, or a subdomain of a name of yours"),
            );
        }
    }
}

/// A zone that may have been meant by a name that is none.
pub(crate) fn near<'z>(name: &str, zones: &'z [ZoneConfig]) -> Option<&'z ZoneConfig> {
    let names: Vec<String> = zones.iter().map(|zone| zone.name.to_string()).collect();
    let near = nearest(name, names.iter().map(String::as_str))?.to_owned();
    zones.iter().find(|zone| zone.name.to_string() == near)
}
