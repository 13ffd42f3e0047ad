//! `labelgen decode`: what a proxy makes of labels.

use common::exit;
use proxy_labels::{caddy, traefik};

use crate::args::{DecodeArgs, Proxy};
use crate::report;
use crate::world::World;

/// Prints what the proxy makes of the containers; what it drops or disables is reported.
pub(crate) fn decode(args: &DecodeArgs, world: &mut World<'_, '_>) -> u8 {
    let given = match world.containers(&args.compose, args.input.as_deref()) {
        Ok(given) => given,
        Err(code) => return code,
    };
    let (findings, text) = match args.proxy {
        Proxy::Traefik => {
            let outcome = traefik::provide(&given.containers, &given.input.settings());
            let text = outcome.configuration.to_json();
            std::mem::forget((outcome.configuration, outcome.members));
            (outcome.findings, text)
        }
        Proxy::Caddy => {
            let settings = given.input.caddy_settings();
            let mut with_addresses = Vec::new();
            for (at, container) in given.containers.iter().enumerate() {
                let addresses = given.input.addresses(at);
                let addresses = addresses.unwrap_or_else(|| settings.addresses(container));
                with_addresses.push((container, addresses));
            }
            let outcome = caddy::generate_with(&with_addresses, &settings);
            (outcome.findings, outcome.caddyfile)
        }
    };
    report::show(
        &findings,
        &|container, key| given.locate(container, key),
        world,
    );
    world.io.data(text);
    // The process is about to end: taking all of it apart piece by piece would only cost time.
    std::mem::forget(given);
    exit::DONE
}
