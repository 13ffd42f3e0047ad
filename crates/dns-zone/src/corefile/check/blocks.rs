//! How the blocks of a Corefile fit together.

use std::collections::BTreeMap;

use yaml_tree::Diagnostic;

use super::super::{Address, Corefile, Directive, ServerBlock, Word};

/// Addresses of all blocks, views, and what answers in front of zones.
pub(super) fn check(corefile: &Corefile, found: &mut Vec<Diagnostic>) {
    // The address with what it is bound to, and the key that takes all of its queries.
    let mut taken: BTreeMap<(Address, String), &Word> = BTreeMap::new();
    for block in corefile.servers() {
        addresses(block, found);
        let views: Vec<&Directive> = block.all("view").collect();
        if let [first, second, ..] = views.as_slice() {
            found.push(
                Diagnostic::error(
                    "corefile::several-views",
                    "a server block can have one view",
                )
                .primary(second.name.span.clone(), "")
                .secondary(first.name.span.clone(), "the first one"),
            );
        }
        let bound: Vec<String> = block
            .all("bind")
            .flat_map(|bind| bind.arguments.iter().map(|word| word.text.clone()))
            .collect();
        let bound = if bound.is_empty() {
            vec![String::new()]
        } else {
            bound
        };
        for (key, addresses) in block.addresses() {
            for (address, host) in addresses
                .iter()
                .flat_map(|address| bound.iter().map(move |host| (address, host)))
            {
                let place = (address.clone(), host.clone());
                match (taken.get(&place), views.first()) {
                    (Some(first), None) => found.push(
                        Diagnostic::error("corefile::already-defined", format!("{address} is served already: CoreDNS does not start"))
                            .primary(key.span.clone(), "")
                            .secondary(first.span.clone(), "the first one")
                            .help("give the first one a `view`, or another port"),
                    ),
                    (Some(first), Some(view)) => found.push(
                        Diagnostic::error("corefile::view-order", format!("the view is never asked: the block above takes every query for {address}"))
                            .primary(view.name.span.clone(), "")
                            .secondary(first.span.clone(), "takes all of them")
                            .help("move the block without a view to the end"),
                    ),
                    (None, None) => {
                        taken.insert(place, key);
                    }
                    (None, Some(_)) => {}
                }
            }
        }
        zones(block, found);
        hidden(block, found);
    }
}

fn addresses(block: &ServerBlock, found: &mut Vec<Diagnostic>) {
    if block.keys.is_empty() {
        let place = block.braces.as_ref().map(|(open, _)| open.clone());
        let place = place.or_else(|| block.directives.first().map(|line| line.name.span.clone()));
        let mut one = Diagnostic::error(
            "corefile::no-address",
            "the block has no address, so CoreDNS passes it over",
        )
        .help("write a zone in front of the brace; `.` is all of them");
        if let Some(place) = place {
            one = one.primary(place, "");
        }
        found.push(one);
    }
    for key in block.keys.iter().filter(|key| !key.has_variable()) {
        match Address::read(&key.text) {
            Err(why) => found.push(
                Diagnostic::error("corefile::bad-address", why).primary(key.span.clone(), ""),
            ),
            Ok(addresses) => {
                if addresses
                    .iter()
                    .any(|address| is_below(&address.zone, "local."))
                {
                    found.push(
                        Diagnostic::warning("corefile::mdns", "names below `.local` are looked up by multicast DNS (RFC 6762): many clients never ask this server")
                            .primary(key.span.clone(), "")
                            .help("use `home.arpa`, `internal`, or a subdomain of a name of yours"),
                    );
                }
            }
        }
    }
}

/// Whether a name is a zone or lies in it; both absolute and in lower case.
fn is_below(name: &str, zone: &str) -> bool {
    zone == "."
        || name == zone
        || name
            .strip_suffix(zone)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// Zones given to `file` and `auto` that the block never gets.
fn zones(block: &ServerBlock, found: &mut Vec<Diagnostic>) {
    if block.keys.iter().any(Word::has_variable) {
        return;
    }
    let served: Vec<String> = block
        .addresses()
        .into_iter()
        .flat_map(|(_, addresses)| addresses.into_iter().map(|address| address.zone))
        .collect();
    if served.is_empty() {
        return;
    }
    for (plugin, first) in [("file", 1), ("auto", 0)] {
        for zone in block
            .all(plugin)
            .flat_map(|line| line.arguments.iter().skip(first))
        {
            let Ok(wanted) = Address::read(&zone.text) else {
                continue;
            };
            if zone.has_variable()
                || wanted
                    .iter()
                    .any(|one| served.iter().any(|key| is_below(&one.zone, key)))
            {
                continue;
            }
            found.push(
                Diagnostic::warning(
                    "corefile::zone-outside",
                    format!("queries for `{}` do not come to this block", zone.text),
                )
                .primary(zone.span.clone(), "")
                .secondary(block.keys[0].span.clone(), "what comes here"),
            );
        }
    }
}

/// Plugins in front of the zone file that answer everything.
fn hidden(block: &ServerBlock, found: &mut Vec<Diagnostic>) {
    let Some(zone) = block.first("file").or_else(|| block.first("auto")) else {
        return;
    };
    for plugin in ["template", "hosts"] {
        for line in block.all(plugin) {
            let fixed: usize = if plugin == "template" { 2 } else { 1 };
            let zones: Vec<&Word> = line.arguments.iter().skip(fixed).collect();
            let served = block.addresses();
            let covers = zones.is_empty()
                || zones.iter().any(|zone| {
                    let own = Address::read(&zone.text).unwrap_or_default();
                    own.iter().any(|own| {
                        served
                            .iter()
                            .flat_map(|(_, keys)| keys)
                            .any(|key| is_below(&key.zone, &own.zone))
                    })
                });
            if !covers || line.option("fallthrough").is_some() {
                continue;
            }
            // A template for one type leaves the others, except where it matches: they fail.
            let message = format!(
                "`{plugin}` answers before `{}` does and lets nothing through",
                zone.name.text
            );
            found.push(
                Diagnostic::warning("corefile::hidden-zone", message)
                    .primary(line.name.span.clone(), "")
                    .secondary(zone.name.span.clone(), "is not asked")
                    .help("add `fallthrough` in its braces"),
            );
        }
    }
    let cache = block.first("cache");
    if let Some(cache) = cache {
        let seconds = cache
            .argument(0)
            .and_then(|text| text.parse::<u32>().ok())
            .unwrap_or(3600);
        let limited = cache.arguments.len() > 1 || cache.option("disable").is_some();
        if seconds > 60 && !limited {
            let message = format!(
                "answers of `{}` stay in the cache for up to {seconds} s, so changes come late",
                zone.name.text
            );
            found.push(
                Diagnostic::warning("corefile::cached-zone", message)
                    .primary(cache.name.span.clone(), "")
                    .help(
                        "put the cache into the block that forwards, or make it short: `cache 5`",
                    ),
            );
        }
    }
}
