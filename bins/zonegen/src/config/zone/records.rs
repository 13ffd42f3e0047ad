//! Records in the config file.

use std::borrow::Cow;
use std::net::IpAddr;

use dns_zone::{LoadOptions, Name, Record, Ttl, Zone};
use yaml_tree::{Node, Span};

use super::Static;
use crate::config::reader::Reader;

/// Records: lines of a master file, or mappings of name, type, value and ttl.
pub(super) fn records(node: &Node, zone: &Name, ttl: Ttl, reader: &mut Reader) -> Vec<Static> {
    let mut lines: Vec<(Cow<'_, str>, Span)> = Vec::new();
    for item in reader.items(node) {
        let (line, span) = if item.as_mapping().is_some() {
            match mapping(item, zone, reader) {
                Some(line) => (Cow::Owned(line), item.site().clone()),
                None => continue,
            }
        } else {
            match reader.borrowed(item) {
                Some(text) => (Cow::Borrowed(text), item.site().clone()),
                None => continue,
            }
        };
        if line.contains(['\n', '\r']) || line.starts_with(['$', ';', ' ', '\t']) {
            reader.bad_at(span, "expected one record, such as `nas A 192.168.1.20`");
            continue;
        }
        lines.push((line, span));
    }
    if let Some(read) = at_once(&lines, zone, ttl) {
        return read;
    }
    let mut all = Vec::new();
    for (line, span) in lines {
        match parse([&*line], zone, ttl) {
            Err(why) => reader.bad_at(span, why),
            Ok(read) => {
                for record in read.records() {
                    if record.owner.is_within(zone) {
                        all.push(own(record, &span));
                    } else {
                        reader.bad_at(
                            span.clone(),
                            format!("`{}` lies outside of the zone `{zone}`", record.owner),
                        );
                    }
                }
            }
        }
    }
    all
}

/// All lines read as one file, if nothing is wrong with any of them. It takes a third of the time that
/// a file for each takes.
fn at_once(lines: &[(Cow<'_, str>, Span)], zone: &Name, ttl: Ttl) -> Option<Vec<Static>> {
    let read = parse(lines.iter().map(|(line, _)| &**line), zone, ttl).ok()?;
    // Each line stands for itself: an open parenthesis would have joined two of them.
    let file = read.files().first()?;
    let entries = file.entries();
    if entries.len() != lines.len() + 1 {
        return None;
    }
    let mut all = Vec::with_capacity(lines.len());
    let places = entries.skip(1).zip(lines);
    for ((record, place), (entry, (_, span))) in read.placed_records().zip(places) {
        if place?.entry != entry.id() || !record.owner.is_within(zone) {
            return None;
        }
        all.push(own(record, span));
    }
    (all.len() == lines.len()).then_some(all)
}

fn own(record: &Record, span: &Span) -> Static {
    Static {
        record: record.clone(),
        span: span.clone(),
    }
}

/// The zone of these lines, or what is wrong with them.
fn parse<'l>(
    lines: impl IntoIterator<Item = &'l str>,
    zone: &Name,
    ttl: Ttl,
) -> Result<Zone, String> {
    let mut text = format!("$TTL {ttl}\n");
    text.extend(lines.into_iter().flat_map(|line| [line, "\n"]));
    let loaded = dns_zone::parse("records", text, &LoadOptions::new(zone.clone()));
    loaded.into_result().map_err(|found| {
        let errors = found.iter().filter(|one| one.is_error());
        let why: Vec<&str> = errors.map(|one| one.message.as_str()).collect();
        why.join("; ")
    })
}

fn mapping(node: &Node, zone: &Name, reader: &mut Reader) -> Option<String> {
    let (mut name, mut kind, mut value, mut ttl) = (None, None, None, String::new());
    for entry in reader.entries(node, &["name", "type", "value", "ttl"]) {
        let text = reader.text(entry.value)?.value;
        match entry.key.as_str() {
            "name" => name = Some(text),
            "type" => kind = Some(text),
            "value" => value = Some(text),
            _ => ttl = text,
        }
    }
    let (Some(name), Some(value)) = (name, value) else {
        reader.bad(node, "a record needs `name` and `value`");
        return None;
    };
    let kind = kind.unwrap_or_else(|| kind_of(&value).to_owned());
    // A whole name needs no dot at its end here.
    let name = match name.parse::<Name>() {
        Ok(whole) if name.contains('.') && whole.is_within(zone) => whole.to_string(),
        _ => name,
    };
    let value = match value.parse::<Name>() {
        Ok(whole) if kind.eq_ignore_ascii_case("CNAME") && value.contains('.') => whole.to_string(),
        _ => value,
    };
    Some(format!("{name} {ttl} {kind} {value}"))
}

/// The type that a value is of if nobody says so.
pub(crate) fn kind_of(value: &str) -> &'static str {
    match value.parse() {
        Ok(IpAddr::V4(_)) => "A",
        Ok(IpAddr::V6(_)) => "AAAA",
        Err(_) => "CNAME",
    }
}
