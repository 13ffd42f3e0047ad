//! `labelgen synth`: labels of routes.

mod apply;

use std::collections::BTreeMap;

use camino::Utf8Path;
use common::exit;
use compose_model::interpolate;
use proxy_labels::{Labels, ProxySelection, Route, RoutesFile, parse_routes, synth};
use yaml_tree::Source;

use crate::args::{Selected, SynthArgs};
use crate::print::{self, Dollars};
use crate::report;
use crate::world::World;

/// Prints the labels of a routes file, or writes them into a Compose file.
pub(crate) fn synth(args: &SynthArgs, world: &mut World<'_, '_>) -> u8 {
    match run(args, world) {
        Ok(code) => code,
        Err(message) => world.fail(&message),
    }
}

fn run(args: &SynthArgs, world: &mut World<'_, '_>) -> Result<u8, String> {
    let env = match &args.env {
        Some(path) => Some(env_file(path, world)?),
        None => None,
    };
    let (name, text) = world.read_input(Some(&args.routes))?;
    let source = Source::new(name, text);
    let parsed = parse_routes(&source, &|text| expand(text, env.as_ref()));
    if parsed.has_errors() {
        report::show_diagnostics(&parsed.diagnostics, world);
        return Ok(exit::FAILED);
    }
    let mut file = parsed.value.unwrap_or_default();
    if let Some(unknown) = args
        .services
        .iter()
        .find(|name| !file.routes.iter().any(|route| route.service() == *name))
    {
        return Err(format!("there is no route of a service `{unknown}`"));
    }
    if !args.services.is_empty() {
        file.routes
            .retain(|route| args.services.iter().any(|name| name == route.service()));
    }
    let selection = selection(args, env.as_ref(), world)?;
    if selection.is_none() {
        return Err(
            "no proxy is selected: set TRAEFIK_ENABLE or CADDY_ENABLE, or use --proxy".to_owned(),
        );
    }
    let services = labels(&file, &selection)?;
    let dollars = if env.is_some() {
        Dollars::Plain
    } else {
        Dollars::Template
    };
    match &args.apply {
        Some(path) => apply::apply(path, &services, dollars, args.dry_run, world),
        None => {
            world
                .io
                .data(print::labels(&services, args.format, dollars));
            Ok(exit::DONE)
        }
    }
}

/// The labels of all routes by service.
fn labels(
    file: &RoutesFile,
    selection: &ProxySelection,
) -> Result<BTreeMap<String, Labels>, String> {
    let mut by_service: BTreeMap<String, Vec<Route>> = BTreeMap::new();
    for route in &file.routes {
        by_service
            .entry(route.service().to_owned())
            .or_default()
            .push(route.clone());
    }
    by_service
        .into_iter()
        .map(|(service, routes)| {
            let labels = synth::labels(&routes, selection, &file.options);
            labels
                .map(|labels| (service, labels))
                .map_err(|error| error.to_string())
        })
        .collect()
}

/// A text with the variables of an env file; without one it stays as it is, for Compose.
fn expand(text: &str, env: Option<&BTreeMap<String, String>>) -> Result<String, String> {
    let Some(env) = env else {
        return Ok(text.to_owned());
    };
    let mut unset = None;
    let expanded = interpolate(text, &|name| env.get(name).cloned(), &mut |name| {
        unset.get_or_insert_with(|| name.to_owned());
    });
    match (expanded, unset) {
        (Ok(_), Some(name)) => Err(format!("the variable `{name}` is not set")),
        (Ok(expanded), None) => Ok(expanded.into_owned()),
        (Err(error), _) => Err(error.to_string()),
    }
}

/// The variables of an env file; what the environment has wins, as with Compose.
fn env_file(path: &Utf8Path, world: &World<'_, '_>) -> Result<BTreeMap<String, String>, String> {
    let text = fs_err::read_to_string(world.dir.join(path)).map_err(|error| error.to_string())?;
    let env = world.env;
    let lookup = |name: &str| env.get(name).cloned();
    let entries = compose_model::dotenv::parse(&text, &lookup, &mut |_| {})
        .map_err(|error| format!("{path}: {error}"))?;
    let mut all: BTreeMap<String, String> = entries
        .into_iter()
        .map(|entry| (entry.name, entry.value))
        .collect();
    all.extend(
        env.iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    Ok(all)
}

fn selection(
    args: &SynthArgs,
    env: Option<&BTreeMap<String, String>>,
    world: &World<'_, '_>,
) -> Result<ProxySelection, String> {
    if let Some(proxy) = args.proxy {
        let traefik = proxy != Selected::Caddy;
        let caddy = proxy != Selected::Traefik;
        return Ok(ProxySelection::new(traefik, caddy));
    }
    let env = env.unwrap_or(world.env);
    let pairs = env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    ProxySelection::from_env(pairs).map_err(|error| error.to_string())
}
