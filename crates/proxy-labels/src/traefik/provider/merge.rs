//! Several containers, one configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::super::configuration::{Configuration, Named, Protocol};
use super::super::value::{Block, Value};
use super::Outcome;
use crate::{Container, Finding};

/// Puts the parts together, which come in Traefik's order. Names that several containers declare
/// differently are removed for all of them.
pub(super) fn merge(parts: Vec<(String, &Container, Configuration)>, outcome: &mut Outcome) {
    let mut merger = Merger::default();
    for (_, container, mut part) in parts {
        for protocol in Protocol::ALL {
            let section = std::mem::take(part.section_mut(protocol));
            for (what, blocks) in [
                (What::Service, section.services),
                (What::Router, section.routers),
                (What::Middleware, section.middlewares),
            ] {
                let target = named(outcome.configuration.section_mut(protocol), what);
                for (name, block) in blocks {
                    merger.add(target, (protocol, what, name), block, container);
                }
            }
        }
        for (name, store) in part.stores {
            let target = &mut outcome.configuration.stores;
            merger.add(
                target,
                (Protocol::Http, What::Store, name),
                store,
                container,
            );
        }
    }
    for id in &merger.conflicts {
        let (protocol, what, name) = id;
        let removed = match what {
            What::Store => outcome.configuration.stores.remove(name),
            _ => named(outcome.configuration.section_mut(*protocol), *what).remove(name),
        };
        drop(removed);
        outcome.findings.push(conflict(id, &merger.declared[id]));
    }
    for ((protocol, what, name), containers) in merger.declared {
        if what == What::Service {
            outcome.members.insert((protocol, name), containers);
        }
    }
}

type Id = (Protocol, What, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Service,
    Router,
    Middleware,
    Store,
}

#[derive(Default)]
struct Merger {
    declared: BTreeMap<Id, Vec<String>>,
    conflicts: BTreeSet<Id>,
}

impl Merger {
    fn add(&mut self, target: &mut Named, id: Id, block: Block, container: &Container) {
        let fits = match target.get_mut(&id.2) {
            None => {
                target.insert(id.2.clone(), block);
                true
            }
            Some(known) if id.1 == What::Service => add_servers(known, block),
            Some(known) => *known == block,
        };
        self.declared
            .entry(id.clone())
            .or_default()
            .push(container.name.clone());
        if !fits {
            self.conflicts.insert(id);
        }
    }
}

fn named(section: &mut super::super::configuration::Section, what: What) -> &mut Named {
    match what {
        What::Service => &mut section.services,
        What::Router | What::Store => &mut section.routers,
        What::Middleware => &mut section.middlewares,
    }
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

fn conflict((protocol, what, name): &Id, containers: &[String]) -> Finding {
    let what = match what {
        What::Service => "service",
        What::Router => "router",
        What::Middleware => "middleware",
        What::Store => "store",
    };
    let protocol = protocol.name().to_uppercase();
    let found = Finding::error(
        "labels::TRF018",
        format!(
            "{protocol} {what} `{name}` is declared differently by `{}`; Traefik removes it for all of them",
            containers.join("`, `")
        ),
    )
    .help(format!("give each its own name, or declare the {what} on one container only"));
    match containers.last() {
        Some(container) => found.on(container),
        None => found,
    }
}
