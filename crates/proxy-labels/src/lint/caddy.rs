//! Caddy: sites, keys, and what containers disagree about.

use std::collections::BTreeMap;

use super::directives::{DIRECTIVES, MODULES, NAMED_BELOW, ONCE, OPTIONS};
use super::{Context, caddy_values};
use crate::caddy::{Block, canonical, generate, path};
use crate::{Container, Finding, LabelFix};

/// The Caddy labels of all containers.
pub(super) fn check(containers: &[Container], context: &Context, found: &mut Vec<Finding>) {
    let mut sites: Vec<(String, Vec<Block>)> = Vec::new();
    for container in containers {
        let labels = Labels::read(container, context);
        labels.near_misses(found);
        if labels.levels.is_empty() {
            continue;
        }
        labels.sites(context, found);
        labels.names(found);
        labels.spellings(found);
        labels.directives(context, found);
        caddy_values::check(&labels, context, found);
        let outcome = generate(std::slice::from_ref(container), &context.caddy);
        let failures = outcome.findings.into_iter();
        found.extend(failures.filter(|one| {
            one.code != "labels::CDY004" || !context.caddy.ingress_networks.is_empty()
        }));
        sites.push((container.name.clone(), outcome.blocks));
    }
    conflicts(&sites, found);
}

/// Whether a value is a switch and not an address.
pub(super) fn is_switch(value: &str) -> bool {
    matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "0" | "1"
    )
}

/// A Caddy label taken apart.
pub(super) struct Level<'c> {
    pub(super) key: &'c str,
    pub(super) value: &'c str,
    /// The key with the prefix as `caddy`.
    pub(super) path: String,
    /// The names of its levels below the site.
    pub(super) names: Vec<String>,
}

/// The Caddy labels of one container.
pub(super) struct Labels<'c> {
    pub(super) container: &'c Container,
    pub(super) levels: Vec<Level<'c>>,
    prefix: &'c str,
}

impl<'c> Labels<'c> {
    fn read(container: &'c Container, context: &'c Context) -> Self {
        let prefix = context.caddy.label_prefix.as_str();
        let labels = container.labels.iter();
        let levels = labels.filter_map(|(key, value)| {
            let path = canonical(key, prefix)?;
            if path::check(&path).is_err() {
                return None;
            }
            let mut names = Vec::new();
            let mut rest = path.as_str();
            while let Ok(level) = path::parse(rest)
                && !level.parent.is_empty()
            {
                names.push(level.name);
                rest = level.parent;
            }
            names.reverse();
            Some(Level {
                key,
                value,
                path,
                names,
            })
        });
        Self {
            container,
            levels: levels.collect(),
            prefix,
        }
    }

    /// The path of the site that a path belongs to.
    fn site_path(path: &str) -> &str {
        path.split('.').next().unwrap_or(path)
    }

    /// Whether a path belongs to global options: its site has no address.
    pub(super) fn is_global(&self, path: &str) -> bool {
        let site = Self::site_path(path);
        self.levels
            .iter()
            .find(|level| level.path == site)
            .is_none_or(|level| level.value.trim().is_empty())
    }

    /// Whether a path belongs to a snippet.
    fn is_snippet(&self, path: &str) -> bool {
        let site = Self::site_path(path);
        self.levels
            .iter()
            .any(|level| level.path == site && level.value.trim().starts_with('('))
    }

    fn near_misses(&self, found: &mut Vec<Finding>) {
        for key in self.container.labels.keys() {
            let lower = key.to_ascii_lowercase();
            let known = matches!(
                lower.as_str(),
                "caddy_ingress_network" | "caddy_controlled_server"
            );
            let after = lower.strip_prefix("caddy");
            let close =
                after.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_', '-']));
            if !close
                || known && *key == lower
                || canonical(key, self.prefix).is_some()
                || self.prefix != "caddy"
            {
                continue;
            }
            let message = format!("caddy-docker-proxy passes over `{key}`");
            let mut finding = Finding::warning("labels::CDY014", message)
                .on(&self.container.name)
                .key(key);
            if lower.ends_with("enable") || lower.ends_with("enabled") {
                finding = finding
                    .help("there is no switch: a container without `caddy` labels is not served");
            } else if canonical(&lower, self.prefix).is_some() {
                finding = finding.fix(LabelFix::RenameKey(lower));
            }
            found.push(finding);
        }
    }

    fn sites(&self, context: &Context, found: &mut Vec<Finding>) {
        for level in self.levels.iter().filter(|level| level.names.is_empty()) {
            let at = (self.container.name.clone(), level.key.to_owned());
            let emptied = level.value.trim().is_empty()
                && context
                    .sources
                    .get(&at)
                    .is_some_and(|source| source.template.is_some());
            if is_switch(level.value) {
                let message = format!(
                    "this makes a site with the address `{}`: Caddy has no switch in labels",
                    level.value.trim()
                );
                found.push(
                    Finding::error("labels::CDY001", message)
                        .on(&self.container.name)
                        .value(level.key)
                        .help("write the address here, and leave all `caddy` labels out where Caddy is not wanted"),
                );
            } else if emptied {
                let message = "the variables give nothing, and a site without an address is the global options";
                found.push(
                    Finding::error("labels::CDY001", message)
                        .on(&self.container.name)
                        .value(level.key)
                        .help("give the variable a default that is an address"),
                );
            }
            for address in level
                .value
                .split([' ', ','])
                .filter(|word| !word.is_empty())
            {
                let wrong = address.starts_with("https://") && address.ends_with(":80")
                    || address.starts_with("http://") && address.ends_with(":443");
                if wrong {
                    let message =
                        format!("the scheme and the port of `{address}` do not go together");
                    found.push(
                        Finding::error("labels::CDY012", message)
                            .on(&self.container.name)
                            .value(level.key),
                    );
                }
            }
        }
    }

    /// Numbers at the ends of names that are none of ours.
    fn names(&self, found: &mut Vec<Finding>) {
        for level in &self.levels {
            let Ok(path) = path::parse(&level.path) else {
                continue;
            };
            let below = level
                .names
                .len()
                .checked_sub(2)
                .and_then(|at| level.names.get(at));
            if path.stripped && below.is_some_and(|name| NAMED_BELOW.contains(&name.as_str())) {
                let message = format!(
                    "the number is taken off the name: this becomes `{}`",
                    path.name
                );
                found.push(
                    Finding::warning("labels::CDY006", message)
                        .on(&self.container.name)
                        .key(level.key)
                        .help("write the line as the value of the directive above instead"),
                );
            }
        }
    }

    /// One directive written in two ways.
    fn spellings(&self, found: &mut Vec<Finding>) {
        let mut seen: BTreeMap<(String, String), Vec<&Level<'_>>> = BTreeMap::new();
        for level in &self.levels {
            let Ok(path) = path::parse(&level.path) else {
                continue;
            };
            if !path.parent.is_empty() {
                let id = (path.parent.to_owned(), path.name);
                seen.entry(id).or_default().push(level);
            }
        }
        // Children whose parent is written only in another spelling.
        for level in &self.levels {
            let Ok(path) = path::parse(&level.path) else {
                continue;
            };
            let (parent, exact) = (path.parent, |other: &Level<'_>| other.path == path.parent);
            if parent.is_empty() || self.levels.iter().any(exact) {
                continue;
            }
            let Ok(above) = path::parse(parent) else {
                continue;
            };
            let id = (above.parent.to_owned(), above.name);
            if let Some([other]) = seen.get(&id).map(Vec::as_slice)
                && !above.parent.is_empty()
            {
                let message = format!("this is another block than `{}`", other.key);
                let rest = &level.path[parent.len()..];
                found.push(
                    Finding::warning("labels::CDY007", message)
                        .on(&self.container.name)
                        .key(level.key)
                        .help(
                            "a block is found again by the same spelling only, its number included",
                        )
                        .fix(LabelFix::RenameKey(format!("{}{rest}", other.key))),
                );
            }
        }
    }

    fn directives(&self, context: &Context, found: &mut Vec<Finding>) {
        let mut seen = Vec::new();
        for level in &self.levels {
            let Some(name) = level.names.first() else {
                continue;
            };
            let site = (Self::site_path(&level.path).to_owned(), name.clone());
            if name.starts_with(['@', '{', '('])
                || seen.contains(&site)
                || context.caddy_modules.contains(name)
            {
                continue;
            }
            seen.push(site);
            let global = self.is_global(&level.path);
            let known = if global { OPTIONS } else { DIRECTIVES };
            if known.contains(&name.as_str())
                || self.is_snippet(&level.path) && DIRECTIVES.contains(&name.as_str())
            {
                continue;
            }
            if let Some((_, module)) = MODULES.iter().find(|(directive, _)| directive == name) {
                let message = format!("`{name}` is in no stock Caddy");
                found.push(
                    Finding::warning("labels::CDY010", message)
                        .on(&self.container.name)
                        .key(level.key)
                        .help(format!("build Caddy with `{module}`")),
                );
                continue;
            }
            let message = if global && DIRECTIVES.contains(&name.as_str()) {
                format!(
                    "`{name}` is a directive of sites, and there is no address: this is a global option, which does not exist"
                )
            } else if global {
                format!("there is no global option `{name}`")
            } else {
                format!("there is no directive `{name}`")
            };
            let mut finding = Finding::error("labels::CDY011", message)
                .on(&self.container.name)
                .key(level.key);
            if let Some(near) = yaml_tree::nearest(name, known.iter().copied()) {
                let fixed = level.key.replacen(name.as_str(), near, 1);
                finding = finding
                    .help(format!("did you mean `{near}`?"))
                    .fix(LabelFix::RenameKey(fixed));
            }
            found.push(finding);
        }
    }
}

/// What containers disagree about.
fn conflicts(sites: &[(String, Vec<Block>)], found: &mut Vec<Finding>) {
    let mut addresses: BTreeMap<String, (&str, &[String])> = BTreeMap::new();
    let mut globals: BTreeMap<&str, (&str, &Block)> = BTreeMap::new();
    let mut proxies: BTreeMap<(Vec<String>, String, &str), (&str, &Block)> = BTreeMap::new();
    for (container, blocks) in sites {
        for block in blocks {
            if block.is_global() {
                for option in &block.children {
                    match globals.get(option.name()) {
                        Some((other, known))
                            if known.keys != option.keys && option.children.is_empty() =>
                        {
                            let message = format!(
                                "global option `{}` is another one on `{other}`; the last one wins",
                                option.name()
                            );
                            found.push(Finding::warning("labels::CDY009", message).on(container));
                        }
                        Some(_) => {}
                        None => {
                            globals.insert(option.name(), (container, option));
                        }
                    }
                }
                continue;
            }
            for address in &block.keys {
                let name = address.trim_end_matches(',').to_owned();
                match addresses.get(&name) {
                    Some((other, keys)) if *keys != block.keys.as_slice() => {
                        let message = format!(
                            "the address `{name}` is on `{other}` as well, in another list of addresses; Caddy refuses a site that is defined twice"
                        );
                        found.push(
                            Finding::error("labels::CDY008", message)
                                .on(container)
                                .help("give both the same list, word for word, or no address in common"),
                        );
                    }
                    Some(_) => {}
                    None => {
                        addresses.insert(name, (container, &block.keys));
                    }
                }
            }
            for proxy in block
                .children
                .iter()
                .filter(|child| child.name() == "reverse_proxy")
            {
                let matcher = proxy
                    .keys
                    .get(1)
                    .filter(|key| key.starts_with(['/', '@', '*']));
                let matcher = matcher.cloned().unwrap_or_default();
                for option in proxy
                    .children
                    .iter()
                    .filter(|option| ONCE.contains(&option.name()))
                {
                    let id = (block.keys.clone(), matcher.clone(), option.name());
                    match proxies.get(&id) {
                        Some((other, known)) if known.keys != option.keys => {
                            let message = format!(
                                "`{}` is another one on `{other}`, and both end up in one proxy, which Caddy refuses",
                                option.name()
                            );
                            found.push(Finding::error("labels::CDY008", message).on(container));
                        }
                        Some(_) => {}
                        None => {
                            proxies.insert(id, (container, option));
                        }
                    }
                }
            }
        }
    }
}
