//! `zonegen query`: whether a server answers as a zone file says.

use std::collections::BTreeSet;

use common::exit;
use dns_zone::{Name, Outcome, Record, RecordType, ReplyCode, Serial, Zone};

use crate::args::QueryArgs;
use crate::client::Client;
use crate::report;
use crate::world::World;

/// So many questions without an answer, and there is nobody.
const PATIENCE: usize = 2;

/// Asks for every name and type of the file; fails if an answer differs.
pub(crate) fn query(args: &QueryArgs, world: &mut World<'_, '_>) -> u8 {
    let loaded = match world.load(&args.file, &args.origin) {
        Ok(loaded) => loaded,
        Err(message) => return world.fail(&message),
    };
    report::show(&loaded.diagnostics(), world);
    if !loaded.is_complete() {
        return world.fail("cannot compare: entries of the file could not be read");
    }
    let mut client = match Client::new(&args.server) {
        Ok(client) => client,
        Err(message) => return world.fail(&message),
    };
    let drift = if args.axfr {
        transfer(&loaded.zone, &mut client, world)
    } else {
        ask(&loaded.zone, &mut client, world)
    };
    match drift {
        Ok(false) => exit::DONE,
        Ok(true) => exit::FAILED,
        Err(message) => world.fail(&message),
    }
}

fn transfer(zone: &Zone, client: &mut Client, world: &mut World<'_, '_>) -> Result<bool, String> {
    let records = client.transfer(zone.origin())?;
    let served = Zone::from_records(zone.origin().clone(), records);
    let diff = zone.diff(&served);
    for record in &diff.removed {
        world.io.line(format!("-{record}"));
    }
    for record in &diff.added {
        world.io.line(format!("+{record}"));
    }
    for (ttl, record) in &diff.changed_ttl {
        world
            .io
            .line(format!("~{record} ; ttl in the file is {ttl}"));
    }
    Ok(serials(diff.serials, client, world) | !diff.is_empty())
}

fn serials(
    serials: (Option<Serial>, Option<Serial>),
    client: &Client,
    world: &mut World<'_, '_>,
) -> bool {
    match serials {
        (Some(file), Some(served)) if file != served => {
            let what = if file.is_after(served) {
                "has not loaded the file yet"
            } else {
                "serves a later zone"
            };
            world.io.line(format!(
                "serial: {file} in the file, {served} at {}, which {what}",
                client.address()
            ));
            true
        }
        _ => false,
    }
}

/// Compares answer by answer.
fn ask(zone: &Zone, client: &mut Client, world: &mut World<'_, '_>) -> Result<bool, String> {
    let mut drift = false;
    let mut unanswered = 0;
    let served = client.ask(zone.origin(), RecordType::SOA)?;
    if served.code != ReplyCode::NO_ERROR {
        return Err(format!(
            "the server at {} does not serve `{}`: {}",
            client.address(),
            zone.origin(),
            served.code
        ));
    }
    let soa = served
        .answers
        .iter()
        .find(|one| one.kind() == RecordType::SOA);
    let served_zone = Zone::from_records(zone.origin().clone(), soa.cloned());
    drift |= serials((zone.serial(), served_zone.serial()), client, world);
    let mut questions: BTreeSet<(Name, RecordType)> = BTreeSet::new();
    for record in zone.records().filter(|one| one.kind() != RecordType::SOA) {
        questions.insert((question(&record.owner), record.kind()));
    }
    for (name, kind) in questions {
        let expected = zone.answer(&name, kind);
        if matches!(expected.outcome, Outcome::Referral | Outcome::Refused) {
            continue;
        }
        let reply = match client.ask(&name, kind) {
            Ok(reply) => reply,
            Err(message) => {
                unanswered += 1;
                if unanswered >= PATIENCE {
                    return Err(message);
                }
                world
                    .io
                    .message(format!("warning: {name} {kind}: {message}\n"));
                drift = true;
                continue;
            }
        };
        let key = |record: &Record| (record.owner.to_lowercase(), record.data.clone());
        let mine: BTreeSet<_> = expected.answers.iter().map(key).collect();
        // Behind an alias that leads out of the zone, a server may go on.
        let inside = reply
            .answers
            .iter()
            .filter(|one| one.owner.is_within(zone.origin()));
        let theirs: BTreeSet<_> = inside.map(key).collect();
        let code = match expected.outcome {
            Outcome::NxDomain => ReplyCode::NX_DOMAIN,
            _ => ReplyCode::NO_ERROR,
        };
        if mine.is_empty() && theirs.is_empty() && reply.code != code {
            world
                .io
                .line(format!("!{name} {kind}: {} instead of {code}", reply.code));
            drift = true;
        }
        if !mine.is_empty() && theirs.is_empty() && reply.code != ReplyCode::NO_ERROR {
            world.io.line(format!("!{name} {kind}: {}", reply.code));
        }
        for (owner, data) in mine.difference(&theirs) {
            drift = true;
            world.io.line(format!(
                "-{owner} {} {}",
                data.kind(),
                data.to_relative(&Name::root())
            ));
        }
        for (owner, data) in theirs.difference(&mine) {
            drift = true;
            world.io.line(format!(
                "+{owner} {} {}",
                data.kind(),
                data.to_relative(&Name::root())
            ));
        }
    }
    Ok(drift)
}

/// The name to ask for: one that a wildcard stands for, as nobody asks for the wildcard itself.
fn question(owner: &Name) -> Name {
    if !owner.is_wildcard() {
        return owner.to_lowercase();
    }
    let below = owner
        .parent()
        .and_then(|parent| parent.prepend(b"zonegen-asks-for-a-wildcard").ok());
    below.unwrap_or_else(|| owner.clone()).to_lowercase()
}
