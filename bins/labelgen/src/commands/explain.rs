//! `labelgen explain`: who answers for a host.

use std::fmt::Write as _;

use common::exit;
use proxy_labels::explain::{self, Answering, Answers, Site};

use super::check;
use crate::args::ExplainArgs;
use crate::report;
use crate::world::World;

/// Prints who answers; fails if nobody does.
pub(crate) fn explain(args: &ExplainArgs, world: &mut World<'_, '_>) -> u8 {
    let given = match world.services(&args.compose, args.input.as_deref()) {
        Ok(given) => given,
        Err(code) => return code,
    };
    let context = check::context(&args.context, &given);
    let answers = explain::host(&args.host, &given.containers, &context);
    world.io.data(text(&args.host, &answers));
    report::show(
        &answers.hindrances,
        &|container, key| given.locate(container, key),
        world,
    );
    let works = answers.traefik.iter().any(|one| one.broken.is_empty());
    if works || !answers.caddy.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    }
}

fn text(host: &str, answers: &Answers) -> String {
    let mut out = String::new();
    if answers.traefik.is_empty() && answers.caddy.is_empty() {
        let _infallible = writeln!(out, "{host}: nobody answers");
        return out;
    }
    let _infallible = writeln!(out, "{host}:");
    for one in &answers.traefik {
        router(one, &mut out);
    }
    for one in &answers.caddy {
        site(one, &mut out);
    }
    out
}

fn router(one: &Answering, out: &mut String) {
    let protocol = one.protocol.name().to_uppercase();
    let broken = if one.broken.is_empty() {
        ""
    } else {
        " (disabled)"
    };
    let _infallible = writeln!(out, "  Traefik, {protocol} router {}{broken}", one.router);
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            let _infallible = writeln!(out, "    {name:<12} {value}");
        }
    };
    let depends = if one.depends {
        "  (depends on more than the host)"
    } else {
        ""
    };
    line("rule", format!("{}{depends}", one.rule));
    line("priority", one.priority.to_string());
    line("entry points", one.entry_points.join(", "));
    line("tls", one.tls.clone().unwrap_or_default());
    line("middlewares", one.middlewares.join(", "));
    line("service", one.service.clone());
    line("servers", one.servers.join(", "));
    line("containers", one.containers.join(", "));
    line("networks", one.networks.join(", "));
    for why in &one.broken {
        line("why not", why.clone());
    }
}

fn site(one: &Site, out: &mut String) {
    let _infallible = writeln!(out, "  Caddy, site {}", one.addresses.join(" "));
    let _infallible = writeln!(out, "    {:<12} {}", "upstreams", one.upstreams.join(", "));
    let _infallible = writeln!(
        out,
        "    {:<12} {}",
        "containers",
        one.containers.join(", ")
    );
    for line in one.text.lines() {
        let _infallible = writeln!(out, "    | {}", line.replace('\t', "    "));
    }
}
