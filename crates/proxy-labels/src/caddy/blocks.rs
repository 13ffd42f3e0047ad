//! One container's labels to blocks.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use go_template::{
    Data, Options, Own, Param, Records, Sprig, Template, TemplateError, TemplateErrorKind,
};

use super::block::{Block, UNORDERED};
use super::path::{self, PathError, canonical};
use super::{Settings, tokens};
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
        let words = if value.contains("{{") {
            let data = data.get_or_insert_with(|| summary(container, addresses, settings));
            let text = render(value, data, addresses, &mut missed_network)
                .map_err(|error| Box::new(bad_template(container, key, &error)))?;
            tokens::split(&text)
        } else {
            tokens::split(value)
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
) -> Result<String, TemplateError> {
    let asked = Cell::new(false);
    let upstreams = |_: &mut _, arguments: &[Data]| {
        asked.set(true);
        Ok(Data::Text(upstreams(addresses, arguments)))
    };
    let mut options = Options::new(Sprig::V3_3);
    options.own = vec![
        Own::new("upstreams", &[], upstreams).and_more(Param::Any),
        Own::new("http", &[], |_, _| Ok(Data::from("http"))),
        Own::new("https", &[], |_, _| Ok(Data::from("https"))),
        Own::new("h2c", &[], |_, _| Ok(Data::from("h2c"))),
    ];
    let text = Template::parse("label", value, &options)?.render(data, &options)?;
    *missed |= asked.get() && addresses.is_empty();
    Ok(text)
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

/// What templates see of a container: the engine's summary of it, as far as it is known here.
fn summary(container: &Container, addresses: &[String], settings: &Settings) -> Data {
    let text = |text: &str| Data::Text(text.to_owned());
    let labels = container.labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), value.clone()));
    let network = |ip: &str, ip6: &str| {
        Data::record(
            "*network.EndpointSettings",
            vec![
                ("IPAddress", text(ip)),
                ("GlobalIPv6Address", text(ip6)),
                ("NetworkID", text("")),
                ("Gateway", text("")),
                ("MacAddress", text("")),
            ],
        )
    };
    let mut networks: BTreeMap<String, Data> = container
        .networks
        .iter()
        .map(|(name, found)| (name.clone(), network(&found.ip, &found.ipv6)))
        .collect();
    if networks.is_empty() {
        // Only addresses are known: they are those on the networks of the proxy.
        let names = settings.ingress_networks.iter().zip(addresses);
        networks.extend(names.map(|(name, ip)| (name.clone(), network(ip, ""))));
    }
    let networks = Records {
        name: "map[string]*network.EndpointSettings",
        element: "*network.EndpointSettings",
        entries: networks,
    };
    Data::record(
        "*container.Summary",
        vec![
            ("ID", text("")),
            ("Names", Data::texts([format!("/{}", container.name)])),
            ("Image", text("")),
            ("ImageID", text("")),
            ("Command", text("")),
            ("Created", Data::Long(0)),
            ("Ports", Data::list(Vec::new())),
            ("SizeRw", Data::Long(0)),
            ("SizeRootFs", Data::Long(0)),
            ("Labels", Data::text_map(labels)),
            ("State", text("running")),
            ("Status", text("")),
            (
                "HostConfig",
                Data::record(
                    "struct",
                    vec![
                        ("NetworkMode", text(&container.network_mode)),
                        ("Annotations", Data::text_map([])),
                    ],
                ),
            ),
            (
                "NetworkSettings",
                Data::record(
                    "*container.NetworkSettingsSummary",
                    vec![("Networks", Data::Map(Rc::new(networks)))],
                ),
            ),
            ("Mounts", Data::list(Vec::new())),
        ],
    )
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

fn bad_template(container: &Container, key: &str, error: &TemplateError) -> Finding {
    let found = if matches!(error.kind, TemplateErrorKind::Unforetold { .. }) {
        let message = format!(
            "{error}: caddy-docker-proxy takes the Caddy labels of the container, here they are left \
             out and not checked"
        );
        Finding::warning("labels::CDY016", message)
    } else {
        let message = format!("{error}; all Caddy labels of the container are dropped");
        Finding::error("labels::CDY003", message)
    };
    found.on(&container.name).value(key)
}
