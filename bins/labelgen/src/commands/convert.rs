//! `labelgen convert`: labels of one proxy as those of the other.

use std::collections::BTreeMap;

use common::exit;
use proxy_labels::convert;

use crate::args::{ConvertArgs, Proxy};
use crate::print::{self, Dollars};
use crate::report;
use crate::world::World;

/// Prints the converted labels and reports what is lost; fails if a route is.
pub(crate) fn convert(args: &ConvertArgs, world: &mut World<'_, '_>) -> u8 {
    let given = match world.services(&args.compose, args.input.as_deref()) {
        Ok(given) => given,
        Err(code) => return code,
    };
    let mut options = convert::Options::default();
    options.resolvers = args.resolvers.iter().cloned().collect();
    let make = match (args.from, args.to) {
        (Proxy::Traefik, Proxy::Caddy) => convert::to_caddy,
        (Proxy::Caddy, Proxy::Traefik) => convert::to_traefik,
        _ => return world.fail("--from and --to are the same proxy"),
    };
    let mut services = BTreeMap::new();
    let mut findings = Vec::new();
    for container in &given.containers {
        let converted = make(container, &options);
        findings.extend(
            converted
                .losses
                .iter()
                .map(|loss| loss.finding(&container.name)),
        );
        if !converted.labels.is_empty() {
            let service = container.labels.get("com.docker.compose.service");
            let name = service.unwrap_or(&container.name).clone();
            services.insert(name, converted.labels);
        }
    }
    report::show(
        &findings,
        &|container, key| given.locate(container, key),
        world,
    );
    world
        .io
        .data(print::labels(&services, args.format, Dollars::Plain));
    if findings.iter().any(proxy_labels::Finding::is_error) {
        return exit::FAILED;
    }
    exit::DONE
}
