//! Traefik: keys and the values they cannot have.

use crate::traefik::schema::{Kind, Table};
use crate::traefik::{
    Configuration, FILTERS, LabelError, LabelErrorKind as Bad, Node, PROVIDER, ROOT, fill, tree,
};
use crate::{Container, Finding, LabelFix};

/// Beginnings that belong to the provider.
const OWN: &[&str] = &["traefik.enable", "traefik.docker."];

/// The keys of one container.
pub(super) fn check(container: &Container, found: &mut Vec<Finding>) {
    let pairs = || {
        container
            .labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    };
    let mut errors = Vec::new();
    Configuration::decode(pairs(), &mut errors);
    if let Some(root) = tree(pairs(), OWN, &mut errors) {
        fill::check(&root, &PROVIDER, &mut errors);
        fill::block(&root, &PROVIDER, &mut errors);
    }
    let mut seen = Vec::new();
    for error in errors {
        if !seen.contains(&error) {
            found.push(of_error(&error).on(&container.name));
            seen.push(error);
        }
    }
    for key in container.labels.keys() {
        ignored(container, key, found);
    }
    let mut dropped = Vec::new();
    if let Some(root) = tree(pairs(), FILTERS, &mut dropped) {
        walk(&root, &ROOT, container, found);
    }
}

fn of_error(error: &LabelError) -> Finding {
    let (code, consequence) = match &error.kind {
        Bad::Root(_) => ("labels::TRF003", true),
        Bad::BareBlock(_) | Bad::EmptyServer(_) => ("labels::TRF005", true),
        Bad::Bool(_) | Bad::Int(_) | Bad::Duration(_) => ("labels::TRF004", true),
        Bad::LoneBracket(_) => ("labels::TRF001", false),
        _ => ("labels::TRF001", true),
    };
    let mut found = Finding::error(code, error.kind.to_string());
    let in_value = matches!(
        error.kind,
        Bad::Bool(_) | Bad::Int(_) | Bad::Duration(_) | Bad::BareBlock(_)
    );
    found = if in_value {
        found.value(&error.key)
    } else {
        found.key(&error.key)
    };
    match &error.kind {
        Bad::UnknownField {
            name,
            nearest: Some(near),
            ..
        } => {
            let renamed = renamed(&error.key, name, near);
            found = found
                .help(format!("did you mean `{near}`?"))
                .fix(LabelFix::RenameKey(renamed));
        }
        Bad::UnknownField { name, block, .. }
            if block == "a router" && name == "redirectscheme" =>
        {
            found = found.help("middlewares are declared under `traefik.http.middlewares.NAME`");
        }
        Bad::UnknownField { name, .. } if name.eq_ignore_ascii_case("port") => {
            found = found.help("the port of a service is `loadbalancer.server.port`");
        }
        Bad::Root(root) => {
            let rest = &error.key[root.len()..];
            found = found.fix(LabelFix::RenameKey(format!("traefik{rest}")));
        }
        Bad::Bool(text) => {
            let fixed = match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" => Some("true"),
                "no" | "off" | "n" => Some("false"),
                _ => None,
            };
            if let Some(fixed) = fixed {
                found = found.fix(LabelFix::SetValue(fixed.to_owned()));
            }
        }
        Bad::Duration(text) => {
            if let Some(days) = text
                .strip_suffix('d')
                .and_then(|days| days.parse::<u32>().ok())
            {
                let hours = format!("{}h", u64::from(days) * 24);
                found = found.fix(LabelFix::SetValue(hours));
            }
        }
        _ => {}
    }
    if consequence {
        found = found.help("Traefik drops everything that this container declares");
    }
    found
}

/// A key with one element, whatever its case, as another.
fn renamed(key: &str, name: &str, near: &str) -> String {
    let elements: Vec<&str> = key.split('.').collect();
    let at = elements
        .iter()
        .rposition(|element| element.split('[').next() == Some(name));
    let near = near.to_ascii_lowercase();
    let elements: Vec<String> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| match at {
            Some(at) if at == index => element.replacen(name, &near, 1),
            _ => (*element).to_owned(),
        })
        .collect();
    elements.join(".")
}

/// Keys that look like Traefik's and are none.
fn ignored(container: &Container, key: &str, found: &mut Vec<Finding>) {
    let lower = key.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("traefik.") else {
        return;
    };
    let known = FILTERS
        .iter()
        .chain(OWN)
        .any(|start| lower.starts_with(start));
    let mut finding = if known {
        let unread = [
            "http.serverstransports",
            "tcp.serverstransports",
            "http.models",
            "tcp.models",
        ];
        if !unread.iter().any(|start| rest.starts_with(start)) {
            return;
        }
        Finding::warning(
            "labels::TRF002",
            format!("Traefik does not take `{key}` from labels"),
        )
        .help("declare it in the file provider and refer to it as `NAME@file`")
    } else {
        Finding::warning("labels::TRF002", format!("Traefik passes over `{key}`"))
    };
    let element = rest.split('.').next().unwrap_or_default();
    match element {
        "frontend" | "backend" | "port" | "protocol" | "weight" => {
            finding = finding.help("that is a label of Traefik 1; routers and services replace it");
        }
        "swarm" => {
            finding = finding
                .help("`traefik.swarm` is read by the Swarm provider; here it is `traefik.docker`");
        }
        "tls" => finding = finding.help(
            "labels can declare nothing of `tls` but `tls.stores.default`; use the file provider",
        ),
        _ if !known => {
            let near =
                yaml_tree::nearest(element, ["http", "tcp", "udp", "tls", "enable", "docker"]);
            if let Some(near) = near {
                let fixed = key.replacen(element, near, 1);
                finding = finding
                    .help(format!("did you mean `{near}`?"))
                    .fix(LabelFix::RenameKey(fixed));
            }
        }
        _ => {}
    }
    found.push(finding.on(&container.name).key(key));
}

/// Warnings about elements that Traefik takes.
fn walk(node: &Node<'_>, table: &'static Table, container: &Container, found: &mut Vec<Finding>) {
    for child in &node.children {
        let Some(at) = table.find(child.name) else {
            continue;
        };
        let field = &table.fields[at];
        let key = child.key();
        if let Some(why) = field.deprecated {
            let message = format!("`{}` is deprecated: {why}", field.name);
            found.push(
                Finding::warning("labels::TRF028", message)
                    .on(&container.name)
                    .key(key),
            );
        }
        if matches!(field.name, "browserXssFilter" | "customBrowserXSSValue")
            && child.value != "false"
        {
            let message =
                "browsers have given up `X-XSS-Protection`, and it opened holes of its own";
            found.push(
                Finding::warning("labels::TRF035", message)
                    .on(&container.name)
                    .key(key)
                    .help("leave it out; a `contentsecuritypolicy` does what it was for")
                    .fix(LabelFix::Remove),
            );
        }
        if fill::switched_off(field, child) {
            switched_off(field.name, child, container, found);
        }
        if field.name == "sticky" && child.children.is_empty() && !fill::switched_off(field, child)
        {
            let message = "`sticky` by itself makes no cookie, so nothing sticks";
            found.push(
                Finding::warning("labels::TRF034", message)
                    .on(&container.name)
                    .key(key)
                    .fix(LabelFix::RenameKey(format!("{key}.cookie"))),
            );
        }
        match field.kind {
            Kind::Block(below) | Kind::Single(below) => walk(child, below, container, found),
            Kind::Named(below) => {
                for named in &child.children {
                    name(named, container, found);
                    walk(named, below, container, found);
                }
            }
            Kind::Blocks(below) => {
                indexes(child, container, found);
                for item in &child.children {
                    walk(item, below, container, found);
                }
            }
            Kind::List => list(child, container, found),
            _ => {}
        }
    }
}

fn switched_off(name: &str, node: &Node<'_>, container: &Container, found: &mut Vec<Finding>) {
    let below = node.children.len();
    if below == 0 && node.value.eq_ignore_ascii_case("false") {
        return;
    }
    let message = if below > 0 {
        format!(
            "the value `{}` switches `{name}` off, and everything written below it",
            node.value
        )
    } else {
        format!(
            "the value `{}` switches `{name}` off; only `true` or nothing switches it on",
            node.value
        )
    };
    let mut finding = Finding::warning("labels::TRF006", message)
        .on(&container.name)
        .value(node.key());
    if !node.value.eq_ignore_ascii_case("false") {
        finding = finding.fix(LabelFix::SetValue("true".to_owned()));
    }
    found.push(finding);
}

fn name(node: &Node<'_>, container: &Container, found: &mut Vec<Finding>) {
    if node.name.contains('@') {
        let message = format!(
            "the `@` in `{}` is taken for the name of a provider",
            node.name
        );
        found.push(
            Finding::warning("labels::TRF031", message)
                .on(&container.name)
                .key(node.key())
                .help("leave it out: what labels declare is `@docker` anyway"),
        );
    }
}

/// Indexes are sorted as texts.
fn indexes(node: &Node<'_>, container: &Container, found: &mut Vec<Finding>) {
    for (at, child) in node.children.iter().enumerate() {
        let index = child
            .name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let message = match index {
            None => format!(
                "`{}` needs an index, `{}[0]`; as it is, it makes an empty item",
                node.name, node.name
            ),
            Some(index) if index.parse::<usize>().ok() != Some(at) => {
                format!("item `[{index}]` comes at place {at}: indexes are sorted as texts")
            }
            Some(_) => continue,
        };
        found.push(
            Finding::warning("labels::TRF007", message)
                .on(&container.name)
                .key(child.key()),
        );
    }
}

fn list(node: &Node<'_>, container: &Container, found: &mut Vec<Finding>) {
    if node
        .children
        .iter()
        .any(|child| child.name.starts_with('['))
    {
        let message = format!(
            "`{}` takes its items from one value, with commas; an index is dropped",
            node.name
        );
        let items: Vec<&str> = node.children.iter().map(|child| child.value).collect();
        found.push(
            Finding::warning("labels::TRF007", message)
                .on(&container.name)
                .key(node.children[0].key())
                .help(format!("write `{}={}`", node.name, items.join(","))),
        );
    }
    if !node.value.is_empty() && node.value.split(',').any(|item| item.trim().is_empty()) {
        let items: Vec<&str> = node
            .value
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect();
        let message = format!("`{}` has an empty item", node.name);
        found.push(
            Finding::warning("labels::TRF008", message)
                .on(&container.name)
                .value(node.key())
                .fix(LabelFix::SetValue(items.join(","))),
        );
    }
}
