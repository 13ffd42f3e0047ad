//! `zonegen import`: records from elsewhere as a zone file.

use std::fmt::Write as _;

use camino::Utf8PathBuf;
use common::exit;
use common::replace::{Access, replace};
use dns_zone::{Name, Record, RecordData, RecordType, Soa, Zone};
use yaml_tree::{Diagnostic, Source};

use crate::args::{AxfrArgs, ImportCommand, ImportZoneArgs};
use crate::client::Client;
use crate::import::{Imported, dnsmasq, hosts, pihole};
use crate::report::{self, unwritten};
use crate::world::World;

/// So many findings are shown.
const SHOWN: usize = 50;

pub(crate) fn import(command: &ImportCommand, world: &mut World<'_, '_>) -> u8 {
    type Read = fn(&Source, &mut Imported);
    let (args, read): (_, Read) = match command {
        ImportCommand::Hosts(args) => (args, hosts::read),
        ImportCommand::Dnsmasq(args) => (args, dnsmasq::read),
        ImportCommand::Pihole(args) => (args, pihole::read),
        ImportCommand::Axfr(args) => return axfr(args, world),
    };
    let mut imported = Imported::new(args.zone.origin.clone(), args.zone.ttl);
    for file in &args.files {
        match source(file, world) {
            Ok(source) => read(&source, &mut imported),
            Err(found) => imported.found.push(*found),
        }
    }
    let found = std::mem::take(&mut imported.found);
    report::show(&found[..found.len().min(SHOWN)], world);
    if found.len() > SHOWN {
        world
            .io
            .message(format!("and {} more findings\n", found.len() - SHOWN));
    }
    if found.iter().any(Diagnostic::is_error) {
        return world.fail("nothing was imported");
    }
    write(imported.records, &args.zone, world)
}

fn source(file: &Utf8PathBuf, world: &World<'_, '_>) -> Result<Source, Box<Diagnostic>> {
    match fs_err::read(world.dir.join(file)) {
        Ok(bytes) => Source::from_bytes(file.as_str(), bytes),
        Err(error) => Err(Box::new(Diagnostic::error(
            "zonegen::unreadable",
            format!("cannot read `{file}`: {}", error.kind()),
        ))),
    }
}

fn axfr(args: &AxfrArgs, world: &mut World<'_, '_>) -> u8 {
    let transferred =
        Client::new(&args.server).and_then(|mut client| client.transfer(&args.zone.origin));
    match transferred {
        Ok(records) => write(records, &args.zone, world),
        Err(message) => world.fail(&message),
    }
}

/// Prints the records as a master file, or writes one.
fn write(mut records: Vec<Record>, args: &ImportZoneArgs, world: &mut World<'_, '_>) -> u8 {
    if let Some(text) = &args.ns
        && !records.iter().any(|one| one.kind() == RecordType::SOA)
    {
        match apex(text, args) {
            Ok(apex) => records.extend(apex),
            Err(message) => return world.fail(&message),
        }
    }
    if records.is_empty() {
        return world.fail(&format!("there is no record for `{}`", args.origin));
    }
    let zone = Zone::from_records(args.origin.clone(), records);
    let mut text = format!("$ORIGIN {}\n$TTL {}\n", args.origin, args.ttl);
    let mut last: Option<&Record> = None;
    for record in zone.sorted() {
        if last != Some(record) {
            let _infallible = writeln!(text, "{}", record.to_relative(&args.origin));
        }
        last = Some(record);
    }
    let Some(output) = &args.output else {
        world.io.data(text);
        return exit::DONE;
    };
    let path = world.dir.join(output);
    if path.exists() {
        return world.fail(&format!(
            "`{output}` is there already; remove it, or give another name"
        ));
    }
    match replace(&path, text.as_bytes(), Access::AsBefore) {
        Ok(_) => exit::DONE,
        Err(error) => world.fail(&unwritten(&path)(error)),
    }
}

/// SOA, NS and the address of the name server.
fn apex(text: &str, args: &ImportZoneArgs) -> Result<Vec<Record>, String> {
    let bad = || format!("`{text}` is no name server: write `ns1=192.168.1.10`");
    let (name, address) = text.split_once('=').ok_or_else(bad)?;
    let name = if name.contains('.') {
        name.parse()
    } else {
        Name::parse_relative(name, &args.origin)
    };
    let name = name.map_err(|_| bad())?;
    let address = address.parse().map_err(|_| bad())?;
    let origin = &args.origin;
    let soa = Soa {
        mname: name.clone(),
        rname: origin
            .prepend(b"hostmaster")
            .unwrap_or_else(|_| origin.clone()),
        serial: 1,
        refresh: 3600,
        retry: 900,
        expire: 604_800,
        minimum: 300,
    };
    let record = |owner: &Name, data| Record::new(owner.clone(), args.ttl, data);
    let mut records = vec![
        record(origin, RecordData::soa(&soa)),
        record(origin, RecordData::ns(&name)),
    ];
    if name.is_within(origin) {
        records.push(record(&name, crate::config::data(address)));
    }
    Ok(records)
}
