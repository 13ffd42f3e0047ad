//! Mistakes and oddities: HTTP services.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "ck1",
        &[(
            "traefik.http.services.ck1.loadbalancer.sticky.cookie.name",
            "a b;c\"d,é=",
        )],
    ),
    (
        "servers",
        &[(
            "traefik.http.services.servers.loadbalancer.servers.port",
            "80",
        )],
    ),
    (
        "server0",
        &[(
            "traefik.http.services.server0.loadbalancer.server[0].port",
            "80",
        )],
    ),
    (
        "weighted",
        &[(
            "traefik.http.services.weighted.weighted.services[0].name",
            "x",
        )],
    ),
    (
        "weighted2",
        &[
            ("traefik.http.services.weighted2.weighted.sticky", "x"),
            (
                "traefik.http.services.weighted2.loadbalancer.server.port",
                "90",
            ),
        ],
    ),
    (
        "urlport",
        &[
            (
                "traefik.http.services.urlport.loadbalancer.server.port",
                "80",
            ),
            (
                "traefik.http.services.urlport.loadbalancer.server.url",
                "http://x",
            ),
        ],
    ),
    (
        "urlscheme",
        &[
            (
                "traefik.http.services.urlscheme.loadbalancer.server.scheme",
                "http",
            ),
            (
                "traefik.http.services.urlscheme.loadbalancer.server.url",
                "http://x",
            ),
        ],
    ),
    (
        "fenced",
        &[(
            "traefik.http.services.fenced.loadbalancer.server.fenced",
            "true",
        )],
    ),
    (
        "noserver",
        &[("traefik.http.services.noserver.loadbalancer.server", "true")],
    ),
    (
        "hch",
        &[(
            "traefik.http.services.hch.loadbalancer.healthcheck.headers.a.b",
            "x",
        )],
    ),
    (
        "hcb",
        &[("traefik.http.services.hcb.loadbalancer.healthcheck", "true")],
    ),
    (
        "unused",
        &[
            (
                "traefik.http.services.unused.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.unused2.loadbalancer.sticky.cookie",
                "true",
            ),
        ],
    ),
    (
        "two3",
        &[
            ("traefik.http.services.two3.loadbalancer.server.port", "1"),
            ("traefik.http.services.two4.loadbalancer.server.port", "2"),
        ],
    ),
    (
        "cookiecont",
        &[(
            "traefik.http.services.x y.loadbalancer.sticky.cookie",
            "true",
        )],
    ),
    (
        "st1",
        &[
            ("traefik.http.services.st1.loadbalancer.sticky", "false"),
            (
                "traefik.http.services.st1.loadbalancer.sticky.cookie",
                "true",
            ),
        ],
    ),
    (
        "mir",
        &[
            ("traefik.http.services.mir.mirroring.service", "x"),
            ("traefik.http.services.mir.mirroring.nosuch", "x"),
        ],
    ),
    (
        "mir2",
        &[
            ("traefik.http.services.mir2.mirroring", "x"),
            ("traefik.http.services.mir2.loadbalancer.server.port", "90"),
        ],
    ),
    (
        "wrr",
        &[("traefik.http.services.wrr.loadbalancer.nosuch", "90")],
    ),
];
