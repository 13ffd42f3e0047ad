//! Mistakes and oddities: HTTP routers.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "idx2",
        &[
            ("traefik.http.routers.idx2.tls.domains[10].main", "ten"),
            ("traefik.http.routers.idx2.tls.domains[1].main", "one"),
            ("traefik.http.routers.idx2.tls.domains[2].main", "two"),
        ],
    ),
    (
        "idx3",
        &[
            ("traefik.http.routers.idx3.tls.domains.main", "ten"),
            ("traefik.http.routers.idx3.tls.domains.sans", "x"),
        ],
    ),
    (
        "idx4",
        &[("traefik.http.routers.idx4.tls.domains[a].main", "ten")],
    ),
    ("idx5", &[("traefik.http.routers.idx5.tls.domains", "ten")]),
    (
        "idx6",
        &[("traefik.http.routers.idx6.tls.domains[0]", "ten")],
    ),
    (
        "tls0",
        &[
            ("traefik.http.routers.tls0.tls", "false"),
            ("traefik.http.routers.tls0.tls.certresolver", "le"),
        ],
    ),
    (
        "tls1",
        &[
            ("traefik.http.routers.tls1.tls", "1"),
            ("traefik.http.routers.tls1.tls.certresolver", "le"),
        ],
    ),
    (
        "case",
        &[
            ("traefik.http.routers.MyR.rule", "Host(`a`)"),
            ("traefik.http.routers.myr.priority", "4"),
        ],
    ),
    ("ridx", &[("traefik.http.routers.r[0].rule", "Host(`a`)")]),
    ("rbare", &[("traefik.http.routers.rbare", "x")]),
    ("httprout", &[("traefik.http.routers", "x")]),
    (
        "parent",
        &[("traefik.http.routers.parent.parentrefs", "a,b")],
    ),
    (
        "denied",
        &[(
            "traefik.http.routers.denied.deniedencodedpathcharacters.x",
            "a,b",
        )],
    ),
    ("up", &[("traefik.HTTP.Routers.up.Rule", "Host(`q`)")]),
    ("up2", &[("Traefik.http.routers.up2.rule", "Host(`q`)")]),
    ("at", &[("traefik.http.routers.a@file.rule", "Host(`a`)")]),
    (
        "at2",
        &[
            ("traefik.http.routers.at2.rule", "Host(`a`)"),
            ("traefik.http.middlewares.x@y.addprefix.prefix", "/a"),
        ],
    ),
    ("dots", &[("traefik.http.routers.dots..rule", "x")]),
    ("dots2", &[("traefik.http.routers.dots2.rule.", "x")]),
    ("br1", &[("traefik.http.routers.[x].rule", "x")]),
    ("badint", &[("traefik.http.routers.badint.priority", "2xx")]),
    (
        "bigint",
        &[(
            "traefik.http.routers.bigint.priority",
            "99999999999999999999",
        )],
    ),
    (
        "hexint",
        &[("traefik.http.routers.hexint.priority", "0x10")],
    ),
    (
        "undint",
        &[("traefik.http.routers.undint.priority", "1_000")],
    ),
    (
        "plusint",
        &[("traefik.http.routers.plusint.priority", "+5")],
    ),
    ("spint", &[("traefik.http.routers.spint.priority", " 5")]),
    (
        "rulesp",
        &[("traefik.http.routers.rulesp.rule", " Host(`a`) \n")],
    ),
    (
        "obs",
        &[("traefik.http.routers.obs.observability.accesslogs", "x")],
    ),
    (
        "obs2",
        &[("traefik.http.routers.obs2.observability", "true")],
    ),
    (
        "obs3",
        &[(
            "traefik.http.routers.obs3.observability.traceverbosity",
            "zzz",
        )],
    ),
    (
        "ep1",
        &[
            ("traefik.http.routers.ep1.rule", "Host(`a`)"),
            ("traefik.http.routers.ep1.entrypoints", "web,nope"),
            (
                "traefik.http.routers.ep1.middlewares",
                "m1,m2@file, m3@docker",
            ),
            (
                "traefik.http.middlewares.m1.chain.middlewares",
                "m2,m4@docker",
            ),
            ("traefik.http.middlewares.m2.addprefix.prefix", "/x"),
            (
                "traefik.http.services.ep1.loadbalancer.sticky.cookie",
                "true",
            ),
        ],
    ),
    (
        "ep2",
        &[
            ("traefik.http.routers.ep2.rule", "Host(`a`)"),
            ("traefik.http.routers.ep2.entrypoints", "nope"),
            ("traefik.http.routers.ep2.middlewares", "m1"),
            (
                "traefik.http.services.ep2.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.ep2.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "dis1",
        &[
            ("traefik.http.routers.dis1.rule", "Hos(`a`)"),
            ("traefik.http.routers.dis1.middlewares", "m1"),
            (
                "traefik.http.services.dis1.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.dis1.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "dis2",
        &[
            ("traefik.http.routers.dis2.rule", "Host(`a`)"),
            ("traefik.http.routers.dis2.middlewares", "nonexist"),
            (
                "traefik.http.services.dis2.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.dis2.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "dis3",
        &[
            ("traefik.http.routers.dis3.rule", "Host(`a`)"),
            ("traefik.http.routers.dis3.tls.options", "none"),
            (
                "traefik.http.services.dis3.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.dis3.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "dis4",
        &[
            ("traefik.http.routers.dis4.rule", "Host(`a`)"),
            ("traefik.http.services.dis4.loadbalancer.strategy", "bad"),
            (
                "traefik.http.services.dis4.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.dis4.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "dis5",
        &[
            ("traefik.http.routers.dis5.rule", "Host(`a`)"),
            ("traefik.http.services.dis5.loadbalancer.server.port", "bad"),
            (
                "traefik.http.services.dis5.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.dis5.loadbalancer.serverstransport",
                "tt",
            ),
        ],
    ),
    (
        "svcref",
        &[
            ("traefik.http.routers.svcref.rule", "Host(`a`)"),
            ("traefik.http.routers.svcref.service", "svcref@docker"),
            (
                "traefik.http.services.svcref.loadbalancer.sticky.cookie",
                "true",
            ),
            (
                "traefik.http.services.svcref.loadbalancer.serverstransport",
                "t@file",
            ),
        ],
    ),
    (
        "neg",
        &[
            ("traefik.http.routers.neg.rule", "Host(`a`)"),
            ("traefik.http.routers.neg.priority", "-1"),
        ],
    ),
    (
        "two",
        &[
            ("traefik.http.routers.two.rule", "Host(`a`)"),
            ("traefik.http.services.two.loadbalancer.server.port", "1"),
            ("traefik.http.services.two2.loadbalancer.server.port", "2"),
        ],
    ),
    ("unic", &[("traefik.http.routers.unic.rule", "Host(`ä`)")]),
];
