//! What the running program adds to the configuration.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use super::super::configuration::Configuration;
use super::super::value::{Block, Value};
use super::Settings;
use crate::rule::{self, ExpressionKind};

/// Fills in entry points, priorities and cookie names, as the API shows them.
pub(super) fn complete(configuration: &mut Configuration, settings: &Settings) {
    let defaults = settings.default_entry_points();
    let mut used = BTreeSet::new();
    for (name, router) in &mut configuration.http.routers {
        enter(router, &defaults);
        if !has_entry(router, settings) {
            continue;
        }
        if router.int("priority").is_none() {
            let length = router.text("rule").map_or(0, str::len);
            router.set("priority", Some(int(length)));
        }
        // A name with `@` in it makes Traefik look for all it refers to at that provider.
        let provider = name.split('@').nth(1);
        if let (Some(provider), Some(Value::List(names))) =
            (provider, router.get_mut("middlewares"))
        {
            for name in names.iter_mut().filter(|name| !name.contains('@')) {
                let _infallible = write!(name, "@{provider}");
            }
        }
        let options = router.text("tls.options").unwrap_or("default");
        if provider.is_none() && options == "default" {
            // One with `@` in its name is looked for at another provider.
            let service = router.text("service").map(local);
            let service =
                service.filter(|name| !name.contains('@') || router.text("service") != Some(*name));
            used.extend(service.map(str::to_owned));
        }
    }
    for router in configuration.tcp.routers.values_mut() {
        enter(router, &defaults);
        if has_entry(router, settings) && router.int("priority").is_none() {
            let priority = tcp_priority(router.text("rule").unwrap_or_default());
            router.set("priority", Some(priority));
        }
    }
    // Services that no router gets to are not set up.
    for (name, service) in &mut configuration.http.services {
        if used.contains(name) {
            name_cookie(service, name);
        }
    }
    for section in [
        &mut configuration.http,
        &mut configuration.tcp,
        &mut configuration.udp,
    ] {
        for router in section.routers.values_mut() {
            for field in ["middlewares", "service"] {
                match router.get_mut(field) {
                    Some(Value::List(names)) => names.iter_mut().for_each(unqualify),
                    Some(Value::Text(name)) => unqualify(name),
                    _ => {}
                }
            }
        }
    }
}

/// A reference without the name of the docker provider; other providers stay.
pub(crate) fn local(name: &str) -> &str {
    name.strip_suffix("@docker").unwrap_or(name)
}

fn unqualify(name: &mut String) {
    let length = local(name).len();
    name.truncate(length);
}

fn enter(router: &mut Block, defaults: &[String]) {
    if router.list("entryPoints").is_empty() {
        router.set("entryPoints", Some(Value::List(defaults.to_vec())));
    }
}

fn has_entry(router: &Block, settings: &Settings) -> bool {
    let points = router.list("entryPoints");
    points
        .iter()
        .any(|name| settings.has_entry_point(name, false))
}

fn int(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

/// A TCP router that takes everything comes last.
fn tcp_priority(rule: &str) -> Value {
    let all = rule::parse(rule).is_ok_and(|expression| {
        let inner = match &expression.inner().kind {
            ExpressionKind::Not(inner) => inner,
            _ => &expression,
        };
        inner.as_call().is_some_and(|call| {
            call.is("HostSNI") && matches!(&*call.arguments, [argument] if argument.value == "*")
        })
    });
    if all { Value::Int(-1) } else { int(rule.len()) }
}

/// A sticky cookie without a name gets one from the name of the service; characters that a cookie
/// name may not have are replaced.
fn name_cookie(service: &mut Block, name: &str) {
    let cookie = service
        .block_mut("loadBalancer")
        .and_then(|balancer| balancer.block_mut("sticky"))
        .and_then(|sticky| sticky.block_mut("cookie"));
    let Some(cookie) = cookie else { return };
    let named = match cookie.text("name") {
        Some(given) => given.chars().map(cookie_character).collect(),
        None => {
            let digest = Sha1::digest(format!("_TRAEFIK_BACKEND_{name}@docker"));
            let hex = digest.iter().fold(String::from("_"), |mut hex, byte| {
                let _infallible = write!(hex, "{byte:02x}");
                hex
            });
            hex.chars().take(6).collect()
        }
    };
    cookie.set("name", Some(Value::Text(named)));
}

fn cookie_character(character: char) -> char {
    let kept = character.is_ascii_alphanumeric() || "!#$%&'*+-.^`|~".contains(character);
    if kept { character } else { '_' }
}
