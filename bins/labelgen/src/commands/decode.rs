//! `labelgen decode`: what a proxy makes of labels.

use common::exit;
use proxy_labels::{caddy, traefik};

use super::World;
use crate::args::{DecodeArgs, Proxy};
use crate::input::json::Input;
use crate::report;

/// Prints what the proxy makes of the containers; what it drops or disables is reported.
pub(crate) fn decode(args: &DecodeArgs, world: &mut World<'_, '_>) -> u8 {
    match run(args, world) {
        Ok(()) => exit::DONE,
        Err(message) => world.fail(&message),
    }
}

fn run(args: &DecodeArgs, world: &mut World<'_, '_>) -> Result<(), String> {
    let (name, text) = world.read_input(args.input.as_deref())?;
    let input = Input::parse(&name, &text)?;
    let containers = input.containers()?;
    match args.proxy {
        Proxy::Traefik => {
            let outcome = traefik::provide(&containers, &input.settings());
            report::show(&outcome.findings, world);
            world.io.data(outcome.configuration.to_json());
        }
        Proxy::Caddy => {
            let settings = input.caddy_settings();
            let with_addresses: Vec<_> = containers
                .iter()
                .zip(&input.containers)
                .map(|(container, given)| {
                    let addresses = given.ips.clone();
                    (container, addresses.unwrap_or_else(|| settings.addresses(container)))
                })
                .collect();
            let outcome = caddy::generate_with(&with_addresses, &settings);
            report::show(&outcome.findings, world);
            world.io.data(outcome.caddyfile);
        }
    }
    Ok(())
}
