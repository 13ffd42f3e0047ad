//! Several containers, one configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::super::configuration::{Configuration, Named, Protocol};
use super::super::value::{Block, Value};
use super::Outcome;
use crate::{Container, Finding};

/// Puts the parts together, which come in Traefik's order. Names that several containers declare
/// differently are removed for all of them.
pub(super) fn merge(parts: Vec<(String, &Container, Configuration)>, outcome: &mut Outcome) {
    // Lists that are sorted in the end, which costs less than finding the place of every name.
    let mut all: BTreeMap<(Protocol, What), Vec<Declared<'_>>> = BTreeMap::new();
    for (_, container, mut part) in parts {
        for protocol in Protocol::ALL {
            let section = std::mem::take(part.section_mut(protocol));
            for (what, blocks) in [
                (What::Service, section.services),
                (What::Router, section.routers),
                (What::Middleware, section.middlewares),
            ] {
                if !blocks.is_empty() {
                    let declared = all.entry((protocol, what)).or_default();
                    declared.extend(of(container, blocks));
                }
            }
        }
        let stores = all.entry((Protocol::Http, What::Store)).or_default();
        stores.extend(of(container, part.stores));
    }
    let mut members = Vec::new();
    for ((protocol, what), declared) in all {
        let objects = by_name(declared, what);
        let mut kept = Vec::with_capacity(objects.len());
        for (name, object) in objects {
            if object.conflict {
                outcome
                    .findings
                    .push(conflict(protocol, what, &name, &object));
            } else {
                if what == What::Service {
                    let containers = object.containers().map(str::to_owned).collect();
                    members.push(((protocol, name.clone()), containers));
                }
                kept.push((name, object.block));
            }
        }
        let kept: Named = kept.into_iter().collect();
        match what {
            What::Store => outcome.configuration.stores = kept,
            What::Service => outcome.configuration.section_mut(protocol).services = kept,
            What::Router => outcome.configuration.section_mut(protocol).routers = kept,
            What::Middleware => outcome.configuration.section_mut(protocol).middlewares = kept,
        }
    }
    outcome.members = members.into_iter().collect();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Service,
    Router,
    Middleware,
    Store,
}

/// A name, what is declared under it, and by which container.
type Declared<'c> = (String, Block, &'c str);

/// A block with the containers that declare it.
struct Object<'c> {
    block: Block,
    first: &'c str,
    more: Vec<&'c str>,
    conflict: bool,
}

impl<'c> Object<'c> {
    fn containers(&self) -> impl Iterator<Item = &'c str> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

fn of(container: &Container, blocks: Named) -> impl Iterator<Item = Declared<'_>> {
    blocks
        .into_iter()
        .map(|(name, block)| (name, block, container.name.as_str()))
}

/// The names in order, each with what the containers together make of it.
fn by_name(mut declared: Vec<Declared<'_>>, what: What) -> Vec<(String, Object<'_>)> {
    // Those of one name stay in the order of the containers.
    declared.sort_by(|one, other| one.0.cmp(&other.0));
    let mut objects: Vec<(String, Object<'_>)> = Vec::with_capacity(declared.len());
    for (name, block, container) in declared {
        match objects.last_mut() {
            Some((known, object)) if *known == name => {
                object.more.push(container);
                object.conflict |= match what {
                    What::Service => !add_servers(&mut object.block, block),
                    _ => object.block != block,
                };
            }
            _ => objects.push((
                name,
                Object {
                    block,
                    first: container,
                    more: Vec::new(),
                    conflict: false,
                },
            )),
        }
    }
    objects
}

/// Adds the servers of a second declaration of a service, if the rest of its load-balancer is the
/// same.
fn add_servers(known: &mut Block, other: Block) -> bool {
    let mut other = other;
    let (Some(ours), Some(theirs)) = (
        known.block_mut("loadBalancer"),
        other.block_mut("loadBalancer"),
    ) else {
        return *known == other;
    };
    let mut servers = servers_of(ours);
    let more = servers_of(theirs);
    let same = ours == theirs;
    if same {
        let address = |server: &Block| {
            let url = server.text("url").or_else(|| server.text("address"));
            url.unwrap_or_default().to_owned()
        };
        let known: BTreeSet<String> = servers.iter().map(address).collect();
        servers.extend(
            more.into_iter()
                .filter(|server| !known.contains(&address(server))),
        );
    }
    ours.set("servers", Some(Value::Blocks(servers)));
    same
}

fn servers_of(balancer: &mut Block) -> Vec<Block> {
    match balancer.take("servers") {
        Some(Value::Blocks(servers)) => servers,
        _ => Vec::new(),
    }
}

fn conflict(protocol: Protocol, what: What, name: &str, object: &Object<'_>) -> Finding {
    let what = match what {
        What::Service => "service",
        What::Router => "router",
        What::Middleware => "middleware",
        What::Store => "store",
    };
    let protocol = protocol.name().to_uppercase();
    let containers: Vec<&str> = object.containers().collect();
    Finding::error(
        "labels::TRF018",
        format!(
            "{protocol} {what} `{name}` is declared differently by `{}`; Traefik removes it for all of them",
            containers.join("`, `")
        ),
    )
    .on(object.more.last().unwrap_or(&object.first))
    .help(format!(
        "give each its own name, or declare the {what} on one container only"
    ))
}
