//! Mistakes and oddities: TCP, UDP, and what is none of Traefik's.

use super::Case;

pub(super) const CASES: &[Case] = &[
    ("http", &[("traefik.http", "x")]),
    ("httpx", &[("traefik.httpx.a", "x")]),
    (
        "st",
        &[(
            "traefik.http.serversTransports.x.insecureskipverify",
            "true",
        )],
    ),
    ("st2", &[("traefik.http.serversTransports", "true")]),
    ("models", &[("traefik.http.models.x.middlewares", "a")]),
    (
        "tlsst",
        &[(
            "traefik.tls.stores.default.defaultgeneratedcert.resolver",
            "x",
        )],
    ),
    (
        "tlsst2",
        &[(
            "traefik.tls.stores.defaultx.defaultgeneratedcert.resolver",
            "x",
        )],
    ),
    ("tlsst3", &[("traefik.tls.stores.default.bad", "x")]),
    ("tlsst4", &[("traefik.tls.stores.default", "x")]),
    ("up3", &[("TRAEFIK.enable", "true")]),
    ("en1", &[("traefik.enable", "yes")]),
    ("en2", &[("traefik.enable", "")]),
    ("en3", &[("traefik.enable", "T")]),
    (
        "en4",
        &[
            ("traefik.enable", "false"),
            ("traefik.http.routers.en4.rule", "Host(`a`)"),
        ],
    ),
    ("en5", &[("traefik.enabled", "x")]),
    ("en6", &[("traefik.enable.x", "x")]),
    ("dk1", &[("traefik.docker.netwrk", "x")]),
    ("dk2", &[("traefik.docker.network", "x")]),
    ("dk3", &[("traefik.docker.lbswarm", "true")]),
    ("dk4", &[("traefik.docker", "true")]),
    ("dk5", &[("traefik.docker.allownonrunning", "maybe")]),
    ("Cont_ain.er", &[]),
    (
        "comp",
        &[
            ("com.docker.compose.service", "web.1"),
            ("com.docker.compose.project", "my_proj"),
        ],
    ),
    (
        "comp2",
        &[
            ("com.docker.compose.service", "web.1"),
            ("com.docker.compose.project", ""),
        ],
    ),
    ("xtcp", &[("traefik.tcp.serverstransports.x.y", "1")]),
    ("xtcp2", &[("traefik.tcp.bogus.x.y", "1")]),
    ("xudp", &[("traefik.udp.routers.x.rule", "1")]),
    (
        "xtcp3",
        &[("traefik.tcp.routers.xtcp3.tls.passthrough", "true")],
    ),
    ("swarm", &[("traefik.swarm.network", "q")]),
    (
        "tcp1",
        &[
            ("traefik.tcp.routers.tcp1.rule", "HostSNI(`x`)"),
            ("traefik.tcp.routers.tcp1.entrypoints", "nope"),
            (
                "traefik.tcp.services.tcp1.loadbalancer.serverstransport",
                "x",
            ),
        ],
    ),
    (
        "tcp2",
        &[
            ("traefik.tcp.routers.tcp2.rule", "HostSNI(`x`)"),
            ("traefik.tcp.routers.tcp2.entrypoints", "nope,web"),
        ],
    ),
    (
        "tcp3",
        &[
            (
                "traefik.tcp.routers.tcp3.rule",
                "HostSNI(`x`) && ClientIP(`10.0.0.0/8`)",
            ),
            ("traefik.tcp.routers.tcp3.middlewares", "mm"),
        ],
    ),
    (
        "tcp4",
        &[("traefik.tcp.middlewares.mm.inflightconn.amount", "2")],
    ),
    (
        "tcp5",
        &[
            ("traefik.tcp.routers.tcp5.rule", "HostSNI(`*`) "),
            ("traefik.tcp.routers.tcp5.tls", "true"),
        ],
    ),
    (
        "tcp6",
        &[
            ("traefik.tcp.routers.tcp6.rule", "hostsni(`*`)"),
            ("traefik.tcp.routers.tcp6.tls", "true"),
        ],
    ),
    (
        "tcp7",
        &[
            ("traefik.tcp.routers.tcp7.rule", "HostSNI(\"*\")"),
            ("traefik.tcp.routers.tcp7.tls", "true"),
        ],
    ),
    (
        "tcp8",
        &[
            (
                "traefik.tcp.routers.tcp8.rule",
                "HostSNI(`*`) || ClientIP(`10.0.0.0/8`)",
            ),
            ("traefik.tcp.routers.tcp8.tls", "true"),
        ],
    ),
    (
        "tcp9",
        &[
            ("traefik.tcp.routers.tcp9.rule", "(HostSNI(`*`))"),
            ("traefik.tcp.routers.tcp9.tls", "true"),
        ],
    ),
    (
        "tcp10",
        &[
            ("traefik.tcp.routers.tcp10.rule", "HostSNI(`*`)"),
            ("traefik.tcp.routers.tcp10.rulesyntax", "v2"),
            ("traefik.tcp.routers.tcp10.tls", "true"),
        ],
    ),
    (
        "tcp11",
        &[
            (
                "traefik.tcp.routers.tcp11.rule",
                "HostSNI(`*`) && HostSNI(`*`)",
            ),
            ("traefik.tcp.routers.tcp11.tls", "true"),
        ],
    ),
    (
        "tcp12",
        &[
            ("traefik.tcp.routers.tcp12.rule", "HostSNI(`*`"),
            ("traefik.tcp.routers.tcp12.tls", "true"),
        ],
    ),
    (
        "tcp13",
        &[
            ("traefik.tcp.routers.tcp13.rule", "ClientIP(`10.0.0.0/8`)"),
            ("traefik.tcp.routers.tcp13.tls", "true"),
        ],
    ),
    (
        "tcp14",
        &[
            ("traefik.tcp.routers.tcp14.rule", "HostSNI(`*`)"),
            ("traefik.tcp.routers.tcp14.tls", "true"),
            ("traefik.tcp.routers.tcp14.priority", "-5"),
        ],
    ),
    ("udp1", &[("traefik.udp.routers.udp1.service", "")]),
    (
        "udpa",
        &[(
            "traefik.udp.services.udpa.loadbalancer.server.address",
            "90",
        )],
    ),
    ("hm2", &[("traefik.http.models", "90")]),
];
