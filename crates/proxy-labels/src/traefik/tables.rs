//! The dynamic configuration of Traefik 3.7, field by field.
//!
//! Names, presets and what is shown when it is zero were read off the running program (3.7.15),
//! every field by itself.

mod http;
mod ignored;
mod middlewares;
mod tcp;

use super::schema::{Field, Kind, Preset, Table};

/// Where a path ends whose values are blocks by name, and what the blocks are.
pub(crate) static ROOT: Table = Table {
    name: "configuration",
    fields: &[
        Field::new("http", Kind::Block(&HTTP)),
        Field::new("tcp", Kind::Block(&TCP)),
        Field::new("udp", Kind::Block(&UDP)),
        Field::new("tls", Kind::Block(&TLS)),
    ],
};

/// `traefik.enable` and `traefik.docker.*`.
pub(crate) static PROVIDER: Table = Table {
    name: "provider",
    fields: &[
        Field::new("enable", Kind::Bool).zero(),
        Field::new("docker", Kind::Block(&DOCKER)),
        Field::new("swarm", Kind::Block(&SWARM)),
    ],
};

static DOCKER: Table = Table {
    name: "docker",
    fields: &[
        Field::new("network", Kind::Text).zero(),
        Field::new("lbSwarm", Kind::Bool),
        Field::new("allowNonRunning", Kind::Bool),
    ],
};

static SWARM: Table = Table {
    name: "swarm",
    fields: &[
        Field::new("network", Kind::Text).zero(),
        Field::new("lbSwarm", Kind::Bool),
    ],
};

static HTTP: Table = Table {
    name: "http",
    fields: &[
        Field::new("routers", Kind::Named(&http::ROUTER)),
        Field::new("services", Kind::Named(&http::SERVICE)),
        Field::new("middlewares", Kind::Named(&middlewares::MIDDLEWARE)),
        Field::new("models", Kind::Named(&ignored::MODEL)),
        Field::new("serversTransports", Kind::Named(&ignored::TRANSPORT)).ignored(),
    ],
};

static TCP: Table = Table {
    name: "tcp",
    fields: &[
        Field::new("routers", Kind::Named(&tcp::ROUTER)),
        Field::new("services", Kind::Named(&tcp::SERVICE)),
        Field::new("middlewares", Kind::Named(&tcp::MIDDLEWARE)),
        Field::new("models", Kind::Named(&ignored::TCP_MODEL)).ignored(),
        Field::new("serversTransports", Kind::Named(&ignored::TCP_TRANSPORT)).ignored(),
    ],
};

static UDP: Table = Table {
    name: "udp",
    fields: &[
        Field::new("routers", Kind::Named(&tcp::UDP_ROUTER)),
        Field::new("services", Kind::Named(&tcp::UDP_SERVICE)),
    ],
};

static TLS: Table = Table {
    name: "tls",
    fields: &[
        Field::new("certificates", Kind::Blocks(&ignored::CERTIFICATE)).ignored(),
        Field::new("options", Kind::Named(&ignored::TLS_OPTIONS)).ignored(),
        Field::new("stores", Kind::Named(&STORE)),
    ],
};

static STORE: Table = Table {
    name: "store",
    fields: &[
        Field::new("defaultCertificate", Kind::Block(&ignored::CERTIFICATE)).ignored(),
        Field::new("defaultGeneratedCert", Kind::Block(&GENERATED)),
    ],
};

static GENERATED: Table = Table {
    name: "defaultGeneratedCert",
    fields: &[
        Field::new("resolver", Kind::Text),
        Field::new("domain", Kind::Block(&DOMAIN)),
    ],
};

/// A name of a certificate with its alternatives.
static DOMAIN: Table = Table {
    name: "domain",
    fields: &[
        Field::new("main", Kind::Text),
        Field::new("sans", Kind::List),
    ],
};

/// A list with these items unless somebody sets it.
const fn preset_list(name: &'static str, items: &'static [&'static str]) -> Field {
    Field::new(name, Kind::List).preset(Preset::List(items))
}

/// A duration that is `millis` unless somebody sets it.
const fn preset_millis(name: &'static str, millis: i64) -> Field {
    Field::new(name, Kind::Duration).preset(Preset::Millis(millis))
}

/// A number that is `value` unless somebody sets it.
const fn preset_int(name: &'static str, value: i64) -> Field {
    Field::new(name, Kind::Int).preset(Preset::Int(value))
}
