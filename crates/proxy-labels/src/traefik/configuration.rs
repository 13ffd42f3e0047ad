//! The dynamic configuration that labels declare.

use std::collections::BTreeMap;

use super::error::LabelError;
use super::fill;
use super::node::{self, Node};
use super::schema::{Kind, Table};
use super::tables::ROOT;
use super::value::Block;

/// Beginnings of the keys that Traefik decodes; everything else it passes over without a word.
pub(crate) const FILTERS: &[&str] = &[
    "traefik.http",
    "traefik.tcp",
    "traefik.udp",
    "traefik.tls.stores.default",
];

/// Blocks by name.
pub type Named = BTreeMap<String, Block>;

/// Traefik's dynamic configuration, as far as labels can declare it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Configuration {
    /// HTTP.
    pub http: Section,
    /// TCP.
    pub tcp: Section,
    /// UDP, which has no middlewares.
    pub udp: Section,
    /// Certificate stores; labels can declare `default` alone.
    pub stores: Named,
}

/// Routers, services and middlewares of one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Section {
    /// Routers by name.
    pub routers: Named,
    /// Services by name.
    pub services: Named,
    /// Middlewares by name.
    pub middlewares: Named,
}

impl Section {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.routers.is_empty() && self.services.is_empty() && self.middlewares.is_empty()
    }
}

/// The three protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// HTTP, with and without TLS.
    Http,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Http, Self::Tcp, Self::Udp];

    /// Its element in label keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl Configuration {
    /// What one container's labels declare, without what the provider adds: presets are filled in,
    /// addresses, default rules and links between routers and services are not.
    ///
    /// Labels outside `traefik.http`, `traefik.tcp`, `traefik.udp` and `traefik.tls.stores.default`
    /// are passed over, as Traefik does.
    ///
    /// # Errors
    /// The first label that cannot be decoded, in Traefik's order. Traefik drops all of the
    /// container then.
    pub fn from_labels<'l>(
        labels: impl IntoIterator<Item = (&'l str, &'l str)>,
    ) -> Result<Self, LabelError> {
        let sorted: BTreeMap<&str, &str> = labels.into_iter().collect();
        let mut found = Vec::new();
        let decoded = Self::decode(sorted.into_iter(), &mut found);
        match found.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(decoded),
        }
    }

    /// The same of labels sorted by key, with all errors.
    pub(crate) fn decode<'l>(
        labels: impl Iterator<Item = (&'l str, &'l str)>,
        found: &mut Vec<LabelError>,
    ) -> Self {
        let mut decoded = Self::default();
        let Some(root) = node::tree(labels, FILTERS, found) else {
            return decoded;
        };
        fill::check(&root, &ROOT, found);
        for protocol in Protocol::ALL {
            let (Some(node), Some(table)) = (
                root.child(protocol.name()),
                sub_table(&ROOT, protocol.name()),
            ) else {
                continue;
            };
            let section = decoded.section_mut(protocol);
            section.routers = named(node, table, "routers", found);
            section.services = named(node, table, "services", found);
            section.middlewares = named(node, table, "middlewares", found);
            // Read for their mistakes alone.
            drop(named(node, table, "models", found));
        }
        if let (Some(node), Some(table)) = (root.child("tls"), sub_table(&ROOT, "tls")) {
            decoded.stores = named(node, table, "stores", found);
        }
        decoded
    }

    /// The part of one protocol.
    pub fn section(&self, protocol: Protocol) -> &Section {
        match protocol {
            Protocol::Http => &self.http,
            Protocol::Tcp => &self.tcp,
            Protocol::Udp => &self.udp,
        }
    }

    /// The part of one protocol, for change.
    pub(crate) fn section_mut(&mut self, protocol: Protocol) -> &mut Section {
        match protocol {
            Protocol::Http => &mut self.http,
            Protocol::Tcp => &mut self.tcp,
            Protocol::Udp => &mut self.udp,
        }
    }
}

/// The table of a block below another.
pub(crate) fn sub_table(table: &'static Table, name: &str) -> Option<&'static Table> {
    match table.fields[table.index(name)?].kind {
        Kind::Block(below) | Kind::Blocks(below) | Kind::Single(below) | Kind::Named(below) => {
            Some(below)
        }
        _ => None,
    }
}

fn named(node: &Node<'_>, table: &'static Table, name: &str, found: &mut Vec<LabelError>) -> Named {
    let (Some(node), Some(below)) = (node.child(name), sub_table(table, name)) else {
        return Named::new();
    };
    node.children
        .iter()
        .map(|child| (child.name.to_owned(), fill::block(child, below, found)))
        .collect()
}
