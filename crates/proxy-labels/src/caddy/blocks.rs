//! One container's labels to blocks.

use std::collections::{BTreeMap, HashMap};

use super::block::{Block, UNORDERED};
use super::path::{self, PathError, canonical};
use super::{Settings, tokens};
use crate::template::{Data, Template, is_plain};
use crate::{Container, Finding};

/// The blocks of a container.
pub(super) struct Read {
    pub(super) blocks: Vec<Block>,
    /// A template asked for upstreams and there were none.
    pub(super) missed_network: bool,
}

/// The blocks that a container's labels declare.
pub(super) fn of(
    container: &Container,
    addresses: &[String],
    settings: &Settings,
) -> Result<Read, Box<Finding>> {
    let mut tree = Tree::default();
    let mut missed_network = false;
    let mut data: Option<Data> = None;
    for (key, value) in &container.labels {
        let Some(path) = canonical(key, &settings.label_prefix) else {
            continue;
        };
        if let Err(error) = path::check(&path) {
            return Err(Box::new(bad_path(container, key, error)));
        }
        let words = if is_plain(value) {
            tokens::split(value)
        } else {
            let data = data.get_or_insert_with(|| summary(container));
            let text = render(value, data, addresses, &mut missed_network)
                .map_err(|error| Box::new(bad_template(container, key, &error)))?;
            tokens::split(&text)
        };
        let at = tree.block(&path);
        tree.blocks[at].keys.extend(words);
    }
    Ok(Read {
        blocks: tree.into_blocks(),
        missed_network,
    })
}

/// Blocks by the keys that make them. Two spellings of one place are two blocks.
#[derive(Default)]
struct Tree {
    blocks: Vec<Block>,
    children: Vec<Vec<usize>>,
    top: Vec<usize>,
    by_path: HashMap<String, usize>,
}

impl Tree {
    fn block(&mut self, path: &str) -> usize {
        if let Some(at) = self.by_path.get(path) {
            return *at;
        }
        let at = self.blocks.len();
        self.blocks.push(Block::new([]));
        self.children.push(Vec::new());
        self.by_path.insert(path.to_owned(), at);
        if let Ok(level) = path::parse(path) {
            self.blocks[at].order = level.order;
            if level.parent.is_empty() {
                self.blocks[at].order = UNORDERED;
                self.top.push(at);
            } else {
                // The name of the top is the prefix; it is not written.
                self.blocks[at].keys.push(level.name);
                let parent = self.block(level.parent);
                self.children[parent].push(at);
            }
        }
        at
    }

    fn into_blocks(mut self) -> Vec<Block> {
        let top = std::mem::take(&mut self.top);
        top.into_iter().map(|at| self.take(at)).collect()
    }

    fn take(&mut self, at: usize) -> Block {
        let below = std::mem::take(&mut self.children[at]);
        let children = below.into_iter().map(|child| self.take(child)).collect();
        let block = std::mem::replace(&mut self.blocks[at], Block::new([]));
        Block { children, ..block }
    }
}

/// A value with its template filled in.
fn render(
    value: &str,
    data: &Data,
    addresses: &[String],
    missed: &mut bool,
) -> Result<String, String> {
    let template = Template::parse(value).map_err(|error| error.to_string())?;
    let own = ["upstreams", "http", "https", "h2c"];
    if let Some(name) = template.unknown_function(&own) {
        return Err(format!("function \"{name}\" not defined"));
    }
    template
        .render(data, &mut |name, arguments| match name {
            "upstreams" => {
                *missed |= addresses.is_empty();
                Some(Ok(Data::Text(upstreams(addresses, arguments))))
            }
            "http" | "https" | "h2c" => Some(Ok(Data::from(name))),
            _ => None,
        })
        .map_err(|error| error.to_string())
}

/// Every address with the scheme and the port, in order.
fn upstreams(addresses: &[String], arguments: &[Data]) -> String {
    let mut targets: Vec<String> = addresses
        .iter()
        .map(|address| {
            let mut target = address.clone();
            for argument in arguments {
                match argument {
                    Data::Text(scheme) => target = format!("{scheme}://{target}"),
                    Data::Int(port) => target = format!("{target}:{port}"),
                    _ => {}
                }
            }
            target
        })
        .collect();
    targets.sort();
    targets.join(" ")
}

/// What templates see of a container: the engine's summary of it.
fn summary(container: &Container) -> Data {
    let text = |text: &str| Data::Text(text.to_owned());
    let labels = container.labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), text(value)));
    let network = |network: &crate::Network| {
        Data::Record(BTreeMap::from([
            ("IPAddress".to_owned(), text(&network.ip)),
            ("GlobalIPv6Address".to_owned(), text(&network.ipv6)),
            ("NetworkID".to_owned(), text("")),
        ]))
    };
    let networks = container.networks.iter();
    let networks = networks.map(|(name, found)| (name.clone(), network(found)));
    let record = |fields: Vec<(&str, Data)>| {
        Data::Record(
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    };
    record(vec![
        ("ID", text("")),
        (
            "Names",
            Data::List(vec![text(&format!("/{}", container.name))]),
        ),
        ("Image", text("")),
        ("ImageID", text("")),
        ("Command", text("")),
        ("Created", Data::Int(0)),
        ("Labels", Data::Map(labels.collect())),
        ("State", text("running")),
        ("Status", text("")),
        (
            "HostConfig",
            record(vec![("NetworkMode", text(&container.network_mode))]),
        ),
        (
            "NetworkSettings",
            record(vec![("Networks", Data::Map(networks.collect()))]),
        ),
    ])
}

fn bad_path(container: &Container, key: &str, error: PathError) -> Finding {
    let message = match error {
        PathError::EmptyName => {
            "the key has an empty level; caddy-docker-proxy fails over it and writes nothing"
        }
        PathError::TooDeep => "the key goes deeper than any Caddyfile does",
    };
    Finding::error("labels::CDY006", message)
        .on(&container.name)
        .key(key)
}

fn bad_template(container: &Container, key: &str, error: &str) -> Finding {
    let message = format!("{error}; all Caddy labels of the container are dropped");
    Finding::error("labels::CDY003", message)
        .on(&container.name)
        .value(key)
}
