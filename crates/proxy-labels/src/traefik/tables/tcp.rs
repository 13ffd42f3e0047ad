//! TCP and UDP.

use super::{DOMAIN, Field, Kind, Table, ignored, preset_int, preset_millis};
use crate::traefik::tables::middlewares::SOURCE_RANGE;

pub(super) static ROUTER: Table = Table {
    name: "router",
    fields: &[
        Field::new("entryPoints", Kind::List),
        Field::new("middlewares", Kind::List),
        Field::new("service", Kind::Text),
        Field::new("rule", Kind::Text),
        Field::new("ruleSyntax", Kind::Text)
            .deprecated("the v2 rule syntax goes away; write the rule in v3 syntax"),
        Field::new("priority", Kind::Int),
        Field::new("tls", Kind::Block(&ROUTER_TLS)).bare(),
    ],
};

static ROUTER_TLS: Table = Table {
    name: "tls",
    fields: &[
        Field::new("passthrough", Kind::Bool)
            .preset(super::Preset::Bool(false))
            .zero(),
        Field::new("options", Kind::Text),
        Field::new("certResolver", Kind::Text),
        Field::new("domains", Kind::Blocks(&DOMAIN)),
    ],
};

pub(super) static SERVICE: Table = Table {
    name: "service",
    fields: &[
        Field::new("loadBalancer", Kind::Block(&LOAD_BALANCER)),
        Field::new("weighted", Kind::Block(&ignored::TCP_WEIGHTED)).ignored(),
    ],
};

static LOAD_BALANCER: Table = Table {
    name: "loadBalancer",
    fields: &[
        Field::new("servers", Kind::Single(&SERVER)),
        Field::new("serversTransport", Kind::Text),
        Field::new("proxyProtocol", Kind::Block(&PROXY_PROTOCOL))
            .bare()
            .deprecated("set it on a servers transport, in the file provider"),
        Field::new("terminationDelay", Kind::Int)
            .zero()
            .deprecated("set it on a servers transport, in the file provider"),
        Field::new("healthCheck", Kind::Block(&HEALTH_CHECK)).bare(),
    ],
};

static SERVER: Table = Table {
    name: "server",
    fields: &[
        Field::new("address", Kind::Text).ignored(),
        Field::new("port", Kind::Text).label_only(),
        Field::new("tls", Kind::Bool),
    ],
};

static PROXY_PROTOCOL: Table = Table {
    name: "proxyProtocol",
    fields: &[preset_int("version", 2)],
};

static HEALTH_CHECK: Table = Table {
    name: "healthCheck",
    fields: &[
        Field::new("port", Kind::Int),
        Field::new("send", Kind::Text),
        Field::new("expect", Kind::Text),
        preset_millis("interval", 30_000),
        Field::new("unhealthyInterval", Kind::Duration).zero(),
        preset_millis("timeout", 5_000),
    ],
};

pub(super) static MIDDLEWARE: Table = Table {
    name: "middleware",
    fields: &[
        Field::new("inFlightConn", Kind::Block(&IN_FLIGHT_CONN)),
        Field::new("ipWhiteList", Kind::Block(&SOURCE_RANGE))
            .deprecated("use `ipAllowList` instead"),
        Field::new("ipAllowList", Kind::Block(&SOURCE_RANGE)),
    ],
};

static IN_FLIGHT_CONN: Table = Table {
    name: "inFlightConn",
    fields: &[Field::new("amount", Kind::Int)],
};

pub(super) static UDP_ROUTER: Table = Table {
    name: "router",
    fields: &[
        Field::new("entryPoints", Kind::List),
        Field::new("service", Kind::Text),
    ],
};

pub(super) static UDP_SERVICE: Table = Table {
    name: "service",
    fields: &[
        Field::new("loadBalancer", Kind::Block(&UDP_LOAD_BALANCER)),
        Field::new("weighted", Kind::Block(&ignored::TCP_WEIGHTED)).ignored(),
    ],
};

static UDP_LOAD_BALANCER: Table = Table {
    name: "loadBalancer",
    fields: &[Field::new("servers", Kind::Single(&UDP_SERVER))],
};

static UDP_SERVER: Table = Table {
    name: "server",
    fields: &[
        Field::new("address", Kind::Text).ignored(),
        Field::new("port", Kind::Text).label_only(),
    ],
};
