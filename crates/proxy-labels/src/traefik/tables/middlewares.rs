//! Middlewares of HTTP.

use super::{Field, Kind, Table, preset_int, preset_list, preset_millis};

const fn text(name: &'static str) -> Field {
    Field::new(name, Kind::Text)
}

const fn flag(name: &'static str) -> Field {
    Field::new(name, Kind::Bool)
}

const fn int(name: &'static str) -> Field {
    Field::new(name, Kind::Int)
}

const fn list(name: &'static str) -> Field {
    Field::new(name, Kind::List)
}

const fn block(name: &'static str, table: &'static Table) -> Field {
    Field::new(name, Kind::Block(table))
}

pub(super) static MIDDLEWARE: Table = Table {
    name: "middleware",
    fields: &[
        block("addPrefix", &ADD_PREFIX),
        block("stripPrefix", &STRIP_PREFIX),
        block("stripPrefixRegex", &STRIP_PREFIX_REGEX),
        block("replacePath", &REPLACE_PATH),
        block("replacePathRegex", &REPLACE_PATH_REGEX),
        block("chain", &CHAIN),
        block("ipWhiteList", &IP_WHITE_LIST).deprecated("use `ipAllowList` instead"),
        block("ipAllowList", &IP_ALLOW_LIST),
        block("headers", &HEADERS),
        block("encodedCharacters", &ENCODED_CHARACTERS),
        block("errors", &ERRORS),
        block("rateLimit", &RATE_LIMIT),
        block("redirectRegex", &REDIRECT_REGEX),
        block("redirectScheme", &REDIRECT_SCHEME),
        block("basicAuth", &BASIC_AUTH),
        block("digestAuth", &DIGEST_AUTH),
        block("forwardAuth", &FORWARD_AUTH),
        block("inFlightReq", &IN_FLIGHT_REQ),
        block("buffering", &BUFFERING),
        block("circuitBreaker", &CIRCUIT_BREAKER),
        block("compress", &COMPRESS).bare(),
        block("passTLSClientCert", &PASS_TLS_CLIENT_CERT),
        block("retry", &RETRY),
        block("contentType", &CONTENT_TYPE).bare(),
        block("grpcWeb", &GRPC_WEB),
        Field::new("plugin", Kind::Raw),
    ],
};

static ADD_PREFIX: Table = Table {
    name: "addPrefix",
    fields: &[text("prefix")],
};

static STRIP_PREFIX: Table = Table {
    name: "stripPrefix",
    fields: &[
        list("prefixes"),
        flag("forceSlash")
            .zero()
            .deprecated("it has no effect any more; leave it out"),
    ],
};

static STRIP_PREFIX_REGEX: Table = Table {
    name: "stripPrefixRegex",
    fields: &[list("regex")],
};

static REPLACE_PATH: Table = Table {
    name: "replacePath",
    fields: &[text("path")],
};

static REPLACE_PATH_REGEX: Table = Table {
    name: "replacePathRegex",
    fields: &[text("regex"), text("replacement")],
};

static CHAIN: Table = Table {
    name: "chain",
    fields: &[list("middlewares")],
};

static IP_WHITE_LIST: Table = Table {
    name: "ipWhiteList",
    fields: &[
        list("sourceRange"),
        block("ipStrategy", &IP_STRATEGY).bare(),
    ],
};

static IP_ALLOW_LIST: Table = Table {
    name: "ipAllowList",
    fields: &[
        list("sourceRange"),
        block("ipStrategy", &IP_STRATEGY).bare(),
        int("rejectStatusCode"),
    ],
};

/// The allow list of TCP has the addresses alone.
pub(super) static SOURCE_RANGE: Table = Table {
    name: "ipAllowList",
    fields: &[list("sourceRange")],
};

static IP_STRATEGY: Table = Table {
    name: "ipStrategy",
    fields: &[int("depth"), list("excludedIPs"), int("ipv6Subnet").zero()],
};

const SSL: &str = "it has no effect any more; use the `redirectScheme` middleware";

static HEADERS: Table = Table {
    name: "headers",
    fields: &[
        Field::new("customRequestHeaders", Kind::TextMap),
        Field::new("customResponseHeaders", Kind::TextMap),
        flag("accessControlAllowCredentials"),
        list("accessControlAllowHeaders"),
        list("accessControlAllowMethods"),
        list("accessControlAllowOriginList"),
        list("accessControlAllowOriginListRegex"),
        list("accessControlExposeHeaders"),
        int("accessControlMaxAge").zero(),
        flag("addVaryHeader"),
        list("allowedHosts"),
        list("hostsProxyHeaders"),
        Field::new("sslProxyHeaders", Kind::TextMap),
        int("stsSeconds").zero(),
        flag("stsIncludeSubdomains"),
        flag("stsPreload"),
        flag("forceSTSHeader"),
        flag("frameDeny"),
        text("customFrameOptionsValue"),
        flag("contentTypeNosniff"),
        flag("browserXssFilter"),
        text("customBrowserXSSValue"),
        text("contentSecurityPolicy"),
        text("contentSecurityPolicyReportOnly"),
        text("publicKey"),
        text("referrerPolicy"),
        text("permissionsPolicy"),
        flag("isDevelopment"),
        text("featurePolicy")
            .zero()
            .deprecated("use `permissionsPolicy` instead"),
        flag("sslRedirect").zero().deprecated(SSL),
        flag("sslTemporaryRedirect").zero().deprecated(SSL),
        text("sslHost").zero().deprecated(SSL),
        flag("sslForceHost").zero().deprecated(SSL),
    ],
};

static ENCODED_CHARACTERS: Table = Table {
    name: "encodedCharacters",
    fields: &[
        flag("allowEncodedSlash"),
        flag("allowEncodedBackSlash"),
        flag("allowEncodedNullCharacter"),
        flag("allowEncodedSemicolon"),
        flag("allowEncodedPercent"),
        flag("allowEncodedQuestionMark"),
        flag("allowEncodedHash"),
    ],
};

static ERRORS: Table = Table {
    name: "errors",
    fields: &[
        list("status"),
        Field::new("statusRewrites", Kind::IntMap),
        text("service"),
        text("query"),
        list("errorRequestHeaders"),
    ],
};

static RATE_LIMIT: Table = Table {
    name: "rateLimit",
    fields: &[
        int("average"),
        preset_millis("period", 1_000),
        preset_int("burst", 1),
        block("sourceCriterion", &SOURCE_CRITERION),
        block("redis", &REDIS),
    ],
};

static SOURCE_CRITERION: Table = Table {
    name: "sourceCriterion",
    fields: &[
        block("ipStrategy", &IP_STRATEGY),
        text("requestHeaderName"),
        flag("requestHost"),
    ],
};

static REDIS: Table = Table {
    name: "redis",
    fields: &[
        preset_list("endpoints", &["localhost:6379"]),
        block("tls", &CLIENT_TLS),
        text("username"),
        text("password"),
        int("db"),
        int("poolSize"),
        int("minIdleConns"),
        int("maxActiveConns"),
        preset_millis("readTimeout", 3_000).zero(),
        preset_millis("writeTimeout", 3_000).zero(),
        preset_millis("dialTimeout", 5_000).zero(),
    ],
};

static CLIENT_TLS: Table = Table {
    name: "tls",
    fields: &[
        text("ca"),
        text("cert"),
        text("key"),
        flag("insecureSkipVerify"),
    ],
};

static REDIRECT_REGEX: Table = Table {
    name: "redirectRegex",
    fields: &[text("regex"), text("replacement"), flag("permanent")],
};

static REDIRECT_SCHEME: Table = Table {
    name: "redirectScheme",
    fields: &[text("scheme"), text("port"), flag("permanent")],
};

static BASIC_AUTH: Table = Table {
    name: "basicAuth",
    fields: &[
        list("users"),
        text("usersFile"),
        text("realm"),
        flag("removeHeader"),
        text("headerField"),
    ],
};

static DIGEST_AUTH: Table = Table {
    name: "digestAuth",
    fields: &[
        list("users"),
        text("usersFile"),
        flag("removeHeader"),
        text("realm"),
        text("headerField"),
    ],
};

static FORWARD_AUTH: Table = Table {
    name: "forwardAuth",
    fields: &[
        text("address"),
        block("tls", &FORWARD_AUTH_TLS),
        flag("trustForwardHeader").zero(),
        list("authResponseHeaders"),
        text("authResponseHeadersRegex"),
        list("authRequestHeaders"),
        list("addAuthCookiesToResponse"),
        text("headerField"),
        flag("forwardBody"),
        preset_int("maxBodySize", -1).zero(),
        int("maxResponseBodySize").zero(),
        flag("preserveLocationHeader"),
        flag("preserveRequestMethod"),
        text("authSigninURL"),
    ],
};

static FORWARD_AUTH_TLS: Table = Table {
    name: "tls",
    fields: &[
        text("ca"),
        text("cert"),
        text("key"),
        flag("insecureSkipVerify"),
        flag("caOptional")
            .zero()
            .deprecated("it has no effect any more; leave it out"),
    ],
};

static IN_FLIGHT_REQ: Table = Table {
    name: "inFlightReq",
    fields: &[int("amount"), block("sourceCriterion", &SOURCE_CRITERION)],
};

static BUFFERING: Table = Table {
    name: "buffering",
    fields: &[
        int("maxRequestBodyBytes"),
        int("memRequestBodyBytes"),
        int("maxResponseBodyBytes"),
        int("memResponseBodyBytes"),
        text("retryExpression"),
    ],
};

static CIRCUIT_BREAKER: Table = Table {
    name: "circuitBreaker",
    fields: &[
        text("expression"),
        preset_millis("checkPeriod", 100),
        preset_millis("fallbackDuration", 10_000),
        preset_millis("recoveryDuration", 10_000),
        preset_int("responseCode", 503),
    ],
};

static COMPRESS: Table = Table {
    name: "compress",
    fields: &[
        list("excludedContentTypes"),
        list("includedContentTypes"),
        int("minResponseBodyBytes"),
        preset_list("encodings", &["gzip", "br", "zstd"]),
        text("defaultEncoding"),
    ],
};

static PASS_TLS_CLIENT_CERT: Table = Table {
    name: "passTLSClientCert",
    fields: &[flag("pem"), block("info", &CERT_INFO)],
};

static CERT_INFO: Table = Table {
    name: "info",
    fields: &[
        flag("notAfter"),
        flag("notBefore"),
        flag("sans"),
        flag("serialNumber"),
        block("subject", &CERT_SUBJECT),
        block("issuer", &CERT_ISSUER),
    ],
};

static CERT_SUBJECT: Table = Table {
    name: "subject",
    fields: &[
        flag("country"),
        flag("province"),
        flag("locality"),
        flag("organization"),
        flag("organizationalUnit"),
        flag("commonName"),
        flag("serialNumber"),
        flag("domainComponent"),
    ],
};

static CERT_ISSUER: Table = Table {
    name: "issuer",
    fields: &[
        flag("country"),
        flag("province"),
        flag("locality"),
        flag("organization"),
        flag("commonName"),
        flag("serialNumber"),
        flag("domainComponent"),
    ],
};

static RETRY: Table = Table {
    name: "retry",
    fields: &[
        int("attempts"),
        Field::new("timeout", Kind::Duration),
        Field::new("initialInterval", Kind::Duration),
        preset_int("maxRequestBodyBytes", 2_097_152).zero(),
        list("status"),
        flag("disableRetryOnNetworkError"),
        flag("retryNonIdempotentMethod"),
    ],
};

static CONTENT_TYPE: Table = Table {
    name: "contentType",
    fields: &[flag("autoDetect").zero().deprecated(
        "types are never detected any more unless this middleware is used; leave the option out",
    )],
};

static GRPC_WEB: Table = Table {
    name: "grpcWeb",
    fields: &[list("allowOrigins")],
};
