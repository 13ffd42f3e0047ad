//! `inventory` blocks and inventory files.

use std::collections::HashSet;

use yaml_tree::{Diagnostic, Mapping, Node, Parsed, Source, Spanned};

use super::fields::{self, Reader};
use super::{SCHEMA, read_root};
use crate::model::{Host, HostOs, Inventory};

const HOST_KEYS: &[&str] = &[
    "host",
    "port",
    "user",
    "identity",
    "identityFile",
    "identity_file",
    "identity-file",
    "password",
    "passwordVariable",
    "password_variable",
    "password-variable",
    "agent",
    "tags",
    "groups",
    "meta",
    "os",
    "defaults",
];

/// Parses an inventory file: the content of an `inventory:` block without that key around it.
pub fn parse_inventory(source: &Source) -> Parsed<Inventory> {
    let (root, diagnostics) = match read_root(source) {
        Ok(found) => found,
        Err(diagnostics) => {
            return Parsed {
                value: None,
                diagnostics,
            };
        }
    };
    let mut reader = Reader::new(diagnostics);
    let mut inventory = Inventory::default();
    read_inventory(&mut reader, &root, &mut inventory);
    Parsed {
        value: Some(inventory),
        diagnostics: reader.finish(),
    }
}

/// Reads an `inventory` block.
pub(super) fn read_inventory(reader: &mut Reader, node: &Node, inventory: &mut Inventory) {
    let Some(mapping) = reader.mapping(node, "inventory") else {
        return;
    };
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        match key.as_str() {
            "defaults" => {
                let Some(defaults) = reader.mapping(&entry.value, "inventory.defaults") else {
                    continue;
                };
                for default in defaults.entries() {
                    let Some(name) = reader.key(default) else {
                        continue;
                    };
                    inventory
                        .defaults
                        .extend(read_host(reader, name, &default.value));
                }
            }
            "hosts" => read_hosts(reader, &entry.value, inventory),
            _ => {}
        }
    }
    let known: HashSet<&str> = inventory
        .defaults
        .iter()
        .map(|defaults| defaults.name.value.as_str())
        .chain(["default"])
        .collect();
    for host in &inventory.hosts {
        let Some(wanted) = &host.defaults else {
            continue;
        };
        if known.contains(wanted.as_str()) {
            continue;
        }
        let found = Diagnostic::error(
            "castfile::unknown-defaults",
            format!(
                "host `{}` takes the defaults `{}`, which are not defined",
                host.name.value, wanted.value
            ),
        )
        .primary(wanted.span.clone(), "");
        let names = inventory
            .defaults
            .iter()
            .map(|defaults| defaults.name.value.as_str());
        reader.push(match yaml_tree::nearest(&wanted.value, names) {
            Some(near) => found.fix(format!("did you mean `{near}`?"), wanted.span.clone(), near),
            None => found,
        });
    }
}

fn read_hosts(reader: &mut Reader, node: &Node, inventory: &mut Inventory) {
    if let Some(mapping) = node.as_mapping() {
        for entry in mapping.entries() {
            let Some(name) = reader.key(entry) else {
                continue;
            };
            inventory
                .hosts
                .extend(read_host(reader, name, &entry.value));
        }
        return;
    }
    for item in reader.items(node, "inventory.hosts") {
        let name = match item.as_mapping() {
            Some(mapping) => mapping.get("host").and_then(fields::text),
            None => fields::text(item),
        };
        let Some(name) = name else {
            reader.wrong_kind(item, "a host", "`user@host:port` or a mapping with `host`");
            continue;
        };
        inventory.hosts.extend(read_host(reader, name, item));
    }
}

fn read_host(reader: &mut Reader, name: Spanned<String>, node: &Node) -> Option<Host> {
    let mut host = Host {
        name,
        host: None,
        port: None,
        user: None,
        identity: None,
        password: None,
        agent: None,
        tags: Vec::new(),
        meta: None,
        os: None,
        defaults: None,
    };
    // `name:` alone: the name is the address.
    if node.is_null(SCHEMA) {
        return Some(host);
    }
    if node.as_scalar().is_some() {
        let address = reader.text(node, "a host")?;
        split_address(reader, &mut host, &address);
        return Some(host);
    }
    let place = format!("host `{}`", host.name.value);
    let mapping = reader.mapping(node, &place)?;
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        let node = &entry.value;
        match key.as_str() {
            "host" => host.host = reader.text(node, "host"),
            "port" => {
                let text = reader.text(node, "port");
                host.port = text.and_then(|text| read_port(reader, text));
            }
            "user" => host.user = reader.text(node, "user"),
            "identity" | "identityFile" | "identity_file" | "identity-file" => {
                host.identity = reader.text(node, &key.value);
            }
            "password" | "passwordVariable" | "password_variable" | "password-variable" => {
                host.password = reader.text(node, &key.value);
            }
            "agent" => {
                let span = node.site().clone();
                host.agent = reader
                    .boolean(node, "agent")
                    .map(|on| Spanned::new(on, span));
            }
            "tags" | "groups" => host.tags.extend(reader.texts(node, &key.value)),
            "meta" => host.meta = Some(node.clone()),
            "os" => host.os = reader.mapping(node, "os").map(|os| read_os(reader, os)),
            "defaults" => host.defaults = reader.text(node, "defaults"),
            _ => reader.unknown_key(&key, &place, HOST_KEYS, yaml_tree::Severity::Warning),
        }
    }
    Some(host)
}

/// `user@host:port`, where the user and the port may be missing.
fn split_address(reader: &mut Reader, host: &mut Host, address: &Spanned<String>) {
    let text = address.as_str();
    let at = text.rfind('@');
    if let Some(at) = at {
        host.user = Some(Spanned::new(text[..at].to_owned(), address.part(0, at)));
    }
    let start = at.map_or(0, |at| at + 1);
    let rest = &text[start..];
    // More than one colon without brackets is an IPv6 address, not a port.
    let colon = rest.rfind(':').filter(|colon| {
        rest.starts_with('[') && rest[..*colon].ends_with(']') || rest.matches(':').count() == 1
    });
    let end = colon.map_or(text.len(), |colon| start + colon);
    if let Some(colon) = colon {
        let from = start + colon + 1;
        let port = Spanned::new(text[from..].to_owned(), address.part(from, text.len()));
        host.port = read_port(reader, port);
    }
    let bare = text[start..end].trim_matches(['[', ']']);
    host.host = Some(Spanned::new(bare.to_owned(), address.part(start, end)));
}

fn read_port(reader: &mut Reader, text: Spanned<String>) -> Option<Spanned<u16>> {
    match text.value.trim().parse::<u16>() {
        Ok(port) if port > 0 => Some(text.map(|_| port)),
        _ => {
            reader.push(
                Diagnostic::error(
                    "castfile::wrong-value",
                    format!("`{}` is no port; ports are 1 to 65535", text.value),
                )
                .primary(text.span, ""),
            );
            None
        }
    }
}

fn read_os(reader: &mut Reader, mapping: &Mapping) -> HostOs {
    let mut os = HostOs::default();
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        let slot = match key.as_str() {
            "platform" => &mut os.platform,
            "arch" => &mut os.arch,
            "variant" => &mut os.variant,
            "family" => &mut os.family,
            "codename" => &mut os.codename,
            "version" => &mut os.version,
            "build_version" => &mut os.build_version,
            _ => continue,
        };
        if !entry.value.is_null(SCHEMA) {
            *slot = reader.text(&entry.value, &key.value);
        }
    }
    os
}
