//! Routers and services of HTTP.

use super::{DOMAIN, Field, Kind, Preset, Table, ignored, preset_int, preset_millis};

pub(super) static ROUTER: Table = Table {
    name: "router",
    fields: &[
        Field::new("entryPoints", Kind::List),
        Field::new("middlewares", Kind::List),
        Field::new("service", Kind::Text),
        Field::new("rule", Kind::Text),
        Field::new("parentRefs", Kind::List).ignored(),
        Field::new("ruleSyntax", Kind::Text)
            .deprecated("the v2 rule syntax goes away; write the rule in v3 syntax"),
        Field::new("priority", Kind::Int),
        Field::new("tls", Kind::Block(&ROUTER_TLS)).bare(),
        Field::new("observability", Kind::Block(&OBSERVABILITY)),
        Field::new(
            "deniedEncodedPathCharacters",
            Kind::Block(&ignored::NOTHING),
        )
        .ignored(),
    ],
};

static ROUTER_TLS: Table = Table {
    name: "tls",
    fields: &[
        Field::new("options", Kind::Text),
        Field::new("certResolver", Kind::Text),
        Field::new("domains", Kind::Blocks(&DOMAIN)),
    ],
};

/// What the API shows of it is completed by the entry point's settings.
pub(super) static OBSERVABILITY: Table = Table {
    name: "observability",
    fields: &[
        Field::new("accessLogs", Kind::Bool).zero(),
        Field::new("metrics", Kind::Bool).zero(),
        Field::new("tracing", Kind::Bool).zero(),
        Field::new("traceVerbosity", Kind::Text).preset(Preset::Text("minimal")),
    ],
};

pub(super) static SERVICE: Table = Table {
    name: "service",
    fields: &[
        Field::new("middlewares", Kind::List),
        Field::new("loadBalancer", Kind::Block(&LOAD_BALANCER)),
        Field::new(
            "highestRandomWeight",
            Kind::Block(&ignored::HIGHEST_RANDOM_WEIGHT),
        )
        .ignored(),
        Field::new("weighted", Kind::Block(&ignored::WEIGHTED)).ignored(),
        Field::new("mirroring", Kind::Block(&ignored::MIRRORING)).ignored(),
        Field::new("failover", Kind::Block(&ignored::FAILOVER)).ignored(),
    ],
};

static LOAD_BALANCER: Table = Table {
    name: "loadBalancer",
    fields: &[
        Field::new("sticky", Kind::Block(&STICKY)).bare(),
        Field::new("servers", Kind::Single(&SERVER)),
        Field::new("strategy", Kind::Text).preset(Preset::Text("wrr")),
        Field::new("healthCheck", Kind::Block(&HEALTH_CHECK)),
        Field::new("passiveHealthCheck", Kind::Block(&PASSIVE_HEALTH_CHECK)),
        Field::new("passHostHeader", Kind::Bool)
            .preset(Preset::Bool(true))
            .zero(),
        Field::new("responseForwarding", Kind::Block(&RESPONSE_FORWARDING)).preset(Preset::Block),
        Field::new("serversTransport", Kind::Text),
    ],
};

pub(super) static STICKY: Table = Table {
    name: "sticky",
    fields: &[Field::new("cookie", Kind::Block(&COOKIE)).bare()],
};

static COOKIE: Table = Table {
    name: "cookie",
    fields: &[
        Field::new("name", Kind::Text),
        Field::new("secure", Kind::Bool),
        Field::new("httpOnly", Kind::Bool),
        Field::new("sameSite", Kind::Text),
        Field::new("maxAge", Kind::Int),
        Field::new("path", Kind::Text)
            .preset(Preset::Text("/"))
            .zero(),
        Field::new("domain", Kind::Text),
    ],
};

static SERVER: Table = Table {
    name: "server",
    fields: &[
        Field::new("url", Kind::Text),
        Field::new("weight", Kind::Int).zero(),
        Field::new("preservePath", Kind::Bool),
        Field::new("fenced", Kind::Bool).ignored(),
        Field::new("scheme", Kind::Text).label_only(),
        Field::new("port", Kind::Text).label_only(),
    ],
};

static HEALTH_CHECK: Table = Table {
    name: "healthCheck",
    fields: &[
        Field::new("scheme", Kind::Text),
        Field::new("mode", Kind::Text).preset(Preset::Text("http")),
        Field::new("path", Kind::Text),
        Field::new("method", Kind::Text),
        Field::new("status", Kind::Int),
        Field::new("port", Kind::Int),
        preset_millis("interval", 30_000),
        Field::new("unhealthyInterval", Kind::Duration).zero(),
        preset_millis("timeout", 5_000),
        Field::new("hostname", Kind::Text),
        Field::new("followRedirects", Kind::Bool)
            .preset(Preset::Bool(true))
            .zero(),
        Field::new("headers", Kind::TextMap),
    ],
};

static PASSIVE_HEALTH_CHECK: Table = Table {
    name: "passiveHealthCheck",
    fields: &[
        preset_millis("failureWindow", 10_000),
        preset_int("maxFailedAttempts", 1),
    ],
};

static RESPONSE_FORWARDING: Table = Table {
    name: "responseForwarding",
    fields: &[preset_millis("flushInterval", 100)],
};
