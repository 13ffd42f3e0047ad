//! What labels may write without any effect: Traefik checks the names and drops the values. It
//! belongs into the file provider.

use super::http::{OBSERVABILITY, STICKY};
use super::{DOMAIN, Field, Kind, Table};

/// A block none of whose fields can be named.
pub(super) static NOTHING: Table = Table {
    name: "block",
    fields: &[],
};

const fn text(name: &'static str) -> Field {
    Field::new(name, Kind::Text)
}

pub(super) static CERTIFICATE: Table = Table {
    name: "certificate",
    fields: &[
        text("certFile"),
        text("keyFile"),
        Field::new("stores", Kind::List),
    ],
};

pub(super) static TLS_OPTIONS: Table = Table {
    name: "options",
    fields: &[
        text("minVersion"),
        text("maxVersion"),
        Field::new("cipherSuites", Kind::List),
        Field::new("curvePreferences", Kind::List),
        Field::new("clientAuth", Kind::Block(&CLIENT_AUTH)),
        Field::new("sniStrict", Kind::Bool),
        Field::new("alpnProtocols", Kind::List),
        Field::new("disableSessionTickets", Kind::Bool),
        Field::new("preferServerCipherSuites", Kind::Bool),
    ],
};

static CLIENT_AUTH: Table = Table {
    name: "clientAuth",
    fields: &[Field::new("caFiles", Kind::List), text("clientAuthType")],
};

static SPIFFE: Table = Table {
    name: "spiffe",
    fields: &[Field::new("ids", Kind::List), text("trustDomain")],
};

pub(super) static MODEL: Table = Table {
    name: "model",
    fields: &[
        Field::new("middlewares", Kind::List),
        Field::new("tls", Kind::Block(&MODEL_TLS)).bare(),
        Field::new("observability", Kind::Block(&OBSERVABILITY)),
        text("defaultRuleSyntax"),
        Field::new("deniedEncodedPathCharacters", Kind::Block(&NOTHING)).ignored(),
    ],
};

static MODEL_TLS: Table = Table {
    name: "tls",
    fields: &[
        text("options"),
        text("certResolver"),
        Field::new("domains", Kind::Blocks(&DOMAIN)),
    ],
};

pub(super) static TCP_MODEL: Table = Table {
    name: "model",
    fields: &[text("defaultRuleSyntax")],
};

pub(super) static TRANSPORT: Table = Table {
    name: "serversTransport",
    fields: &[
        text("serverName"),
        Field::new("insecureSkipVerify", Kind::Bool),
        Field::new("rootCAs", Kind::List),
        text("cipherSuites"),
        text("minVersion"),
        text("maxVersion"),
        Field::new("certificates", Kind::Blocks(&CERTIFICATE)),
        Field::new("maxIdleConnsPerHost", Kind::Int),
        Field::new("forwardingTimeouts", Kind::Block(&TIMEOUTS)),
        Field::new("disableHTTP2", Kind::Bool),
        text("peerCertURI"),
        Field::new("spiffe", Kind::Block(&SPIFFE)).bare(),
    ],
};

static TIMEOUTS: Table = Table {
    name: "forwardingTimeouts",
    fields: &[
        text("dialTimeout"),
        text("responseHeaderTimeout"),
        text("idleConnTimeout"),
        text("readIdleTimeout"),
        text("pingTimeout"),
    ],
};

pub(super) static TCP_TRANSPORT: Table = Table {
    name: "serversTransport",
    fields: &[
        text("dialKeepAlive"),
        text("dialTimeout"),
        Field::new("proxyProtocol", Kind::Block(&PROXY_PROTOCOL)).bare(),
        text("terminationDelay"),
        Field::new("tls", Kind::Block(&TCP_TRANSPORT_TLS)).bare(),
    ],
};

static PROXY_PROTOCOL: Table = Table {
    name: "proxyProtocol",
    fields: &[text("version")],
};

static TCP_TRANSPORT_TLS: Table = Table {
    name: "tls",
    fields: &[
        text("serverName"),
        Field::new("insecureSkipVerify", Kind::Bool),
        Field::new("rootCAs", Kind::List),
        Field::new("certificates", Kind::Blocks(&CERTIFICATE)),
        text("peerCertURI"),
        Field::new("spiffe", Kind::Block(&SPIFFE)).bare(),
    ],
};

static HEALTH: Table = Table {
    name: "healthCheck",
    fields: &[],
};

static WEIGHTED_SERVICE: Table = Table {
    name: "service",
    fields: &[text("name"), text("weight")],
};

pub(super) static WEIGHTED: Table = Table {
    name: "weighted",
    fields: &[
        Field::new("services", Kind::Blocks(&WEIGHTED_SERVICE)),
        Field::new("sticky", Kind::Block(&STICKY)),
        Field::new("healthCheck", Kind::Block(&HEALTH)).bare(),
    ],
};

pub(super) static HIGHEST_RANDOM_WEIGHT: Table = Table {
    name: "highestRandomWeight",
    fields: &[
        Field::new("services", Kind::Blocks(&WEIGHTED_SERVICE)),
        Field::new("healthCheck", Kind::Block(&HEALTH)).bare(),
    ],
};

pub(super) static TCP_WEIGHTED: Table = Table {
    name: "weighted",
    fields: &[
        Field::new("services", Kind::Blocks(&WEIGHTED_SERVICE)),
        Field::new("healthCheck", Kind::Block(&HEALTH)).bare(),
    ],
};

pub(super) static MIRRORING: Table = Table {
    name: "mirroring",
    fields: &[
        text("service"),
        Field::new("mirrorBody", Kind::Bool),
        Field::new("maxBodySize", Kind::Int),
        Field::new("mirrors", Kind::Blocks(&MIRROR)),
        Field::new("healthCheck", Kind::Block(&HEALTH)).bare(),
    ],
};

static MIRROR: Table = Table {
    name: "mirror",
    fields: &[text("name"), Field::new("percent", Kind::Int)],
};

pub(super) static FAILOVER: Table = Table {
    name: "failover",
    fields: &[
        text("service"),
        text("fallback"),
        Field::new("healthCheck", Kind::Block(&HEALTH)).bare(),
    ],
};
