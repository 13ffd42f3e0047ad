//! What labels can get wrong, and what the provider does with containers.

use serde_json::{Value, json};

use super::{compare, container, labels, program};

/// Containers by name, each with its labels.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// One mistake or oddity each.
const ODDITIES: &[Case] = &[
    (
        "ck1",
        &[(
            "traefik.http.services.ck1.loadbalancer.sticky.cookie.name",
            "a b;c\"d,é=",
        )],
    ),
    (
        "idx1",
        &[
            (
                "traefik.http.middlewares.idx1.stripprefix.prefixes[0]",
                "/a",
            ),
            (
                "traefik.http.middlewares.idx1.stripprefix.prefixes[1]",
                "/b",
            ),
        ],
    ),
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
        "hdr",
        &[
            (
                "traefik.http.middlewares.hdr.headers.customrequestheaders.X.Y.Z",
                "b",
            ),
            (
                "traefik.http.middlewares.hdr.headers.customrequestheaders.x.y.z",
                "c",
            ),
        ],
    ),
    (
        "plug",
        &[
            ("traefik.http.middlewares.plug.plugin.P.a", "1"),
            ("traefik.http.middlewares.plug.plugin.P.b.c", "2"),
            ("traefik.http.middlewares.plug.plugin.P.l[0]", "x"),
            ("traefik.http.middlewares.plug.plugin.P.l[1]", "y"),
            ("traefik.http.middlewares.plug.plugin.P.o[0].k", "z"),
        ],
    ),
    ("plug2", &[("traefik.http.middlewares.plug2.plugin.P", "1")]),
    (
        "plug3",
        &[
            ("traefik.http.middlewares.plug3.plugin.P.P", "1"),
            ("traefik.http.middlewares.plug3.plugin.P.Q", "2"),
        ],
    ),
    (
        "plug4",
        &[
            ("traefik.http.middlewares.plug4.plugin.P.A.P", "1"),
            ("traefik.http.middlewares.plug4.plugin.P.A", "2"),
        ],
    ),
    (
        "case",
        &[
            ("traefik.http.routers.MyR.rule", "Host(`a`)"),
            ("traefik.http.routers.myr.priority", "4"),
        ],
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
    ("ridx", &[("traefik.http.routers.r[0].rule", "Host(`a`)")]),
    (
        "mm",
        &[
            ("traefik.http.middlewares.mm.addprefix.prefix", "/a"),
            ("traefik.http.middlewares.mm.stripprefix.prefixes", "/a"),
        ],
    ),
    ("mempty", &[("traefik.http.middlewares.mempty", "")]),
    ("rbare", &[("traefik.http.routers.rbare", "x")]),
    ("http", &[("traefik.http", "x")]),
    ("httpx", &[("traefik.httpx.a", "x")]),
    ("httprout", &[("traefik.http.routers", "x")]),
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
    ("up", &[("traefik.HTTP.Routers.up.Rule", "Host(`q`)")]),
    ("up2", &[("Traefik.http.routers.up2.rule", "Host(`q`)")]),
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
        "dur1",
        &[("traefik.http.middlewares.dur1.ratelimit.period", "1m30s")],
    ),
    (
        "dur2",
        &[("traefik.http.middlewares.dur2.ratelimit.period", "1d")],
    ),
    (
        "dur3",
        &[("traefik.http.middlewares.dur3.ratelimit.period", "10 s")],
    ),
    (
        "dur4",
        &[("traefik.http.middlewares.dur4.ratelimit.period", "-1")],
    ),
    (
        "dur5",
        &[("traefik.http.middlewares.dur5.ratelimit.period", "1.5h")],
    ),
    (
        "dur6",
        &[("traefik.http.middlewares.dur6.ratelimit.period", ".5s")],
    ),
    (
        "dur7",
        &[("traefik.http.middlewares.dur7.ratelimit.period", "1µs")],
    ),
    (
        "dur8",
        &[(
            "traefik.http.middlewares.dur8.ratelimit.period",
            "999999999999",
        )],
    ),
    (
        "dur9",
        &[("traefik.http.middlewares.dur9.ratelimit.period", "")],
    ),
    (
        "dur10",
        &[("traefik.http.middlewares.dur10.ratelimit.period", "+1h")],
    ),
    (
        "dur11",
        &[(
            "traefik.http.middlewares.dur11.ratelimit.period",
            "9223372036854775807ns",
        )],
    ),
    (
        "dur12",
        &[("traefik.http.middlewares.dur12.ratelimit.period", "300000h")],
    ),
    (
        "dur13",
        &[("traefik.http.middlewares.dur13.ratelimit.period", "1.5")],
    ),
    (
        "dur14",
        &[("traefik.http.middlewares.dur14.ratelimit.period", "100ns")],
    ),
    (
        "dur15",
        &[("traefik.http.middlewares.dur15.ratelimit.period", "1500us")],
    ),
    (
        "listsp",
        &[(
            "traefik.http.middlewares.listsp.stripprefix.prefixes",
            " /a , /b ,",
        )],
    ),
    (
        "listsp2",
        &[("traefik.http.middlewares.listsp2.stripprefix.prefixes", " ")],
    ),
    (
        "listsp3",
        &[
            (
                "traefik.http.middlewares.listsp3.stripprefix.prefixes",
                "/a",
            ),
            (
                "traefik.http.middlewares.listsp3.stripprefix.prefixes.x",
                "/b",
            ),
        ],
    ),
    (
        "strch",
        &[
            ("traefik.http.middlewares.strch.addprefix.prefix", "/a"),
            ("traefik.http.middlewares.strch.addprefix.prefix.x", "/b"),
        ],
    ),
    (
        "boolch",
        &[(
            "traefik.http.middlewares.boolch.redirectscheme.permanent.x",
            "true",
        )],
    ),
    (
        "bareval",
        &[("traefik.http.middlewares.bareval.headers", "true")],
    ),
    (
        "barval2",
        &[
            ("traefik.http.middlewares.barval2.headers", "true"),
            ("traefik.http.middlewares.barval2.headers.framedeny", "true"),
        ],
    ),
    (
        "barval3",
        &[
            ("traefik.http.middlewares.barval3.compress", "no"),
            (
                "traefik.http.middlewares.barval3.compress.encodings",
                "gzip",
            ),
        ],
    ),
    (
        "barval4",
        &[("traefik.http.middlewares.barval4.compress", "TRUE")],
    ),
    (
        "contentt",
        &[("traefik.http.middlewares.contentt.contenttype", "TRUE")],
    ),
    (
        "mapch",
        &[(
            "traefik.http.middlewares.mapch.headers.customrequestheaders",
            "x",
        )],
    ),
    (
        "mapidx",
        &[(
            "traefik.http.middlewares.mapidx.headers.customrequestheaders.a[0]",
            "x",
        )],
    ),
    (
        "srmap",
        &[(
            "traefik.http.middlewares.srmap.errors.statusrewrites.418-420",
            "500",
        )],
    ),
    (
        "srmap2",
        &[(
            "traefik.http.middlewares.srmap2.errors.statusrewrites.a.b",
            "500",
        )],
    ),
    (
        "srmap3",
        &[(
            "traefik.http.middlewares.srmap3.errors.statusrewrites.a",
            "x",
        )],
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
    ("xtcp", &[("traefik.tcp.serverstransports.x.y", "1")]),
    ("xtcp2", &[("traefik.tcp.bogus.x.y", "1")]),
    ("xudp", &[("traefik.udp.routers.x.rule", "1")]),
    (
        "xtcp3",
        &[("traefik.tcp.routers.xtcp3.tls.passthrough", "true")],
    ),
    ("swarm", &[("traefik.swarm.network", "q")]),
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
    (
        "two3",
        &[
            ("traefik.http.services.two3.loadbalancer.server.port", "1"),
            ("traefik.http.services.two4.loadbalancer.server.port", "2"),
        ],
    ),
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
    ("unic", &[("traefik.http.routers.unic.rule", "Host(`ä`)")]),
    (
        "cookiecont",
        &[(
            "traefik.http.services.x y.loadbalancer.sticky.cookie",
            "true",
        )],
    ),
    (
        "mapv",
        &[
            (
                "traefik.http.middlewares.mapv.headers.customrequestheaders.X",
                "v",
            ),
            (
                "traefik.http.middlewares.mapv.headers.customrequestheaders.X.Y",
                "w",
            ),
            (
                "traefik.http.middlewares.mapv.headers.customrequestheaders.X.Z.Q",
                "u",
            ),
        ],
    ),
    (
        "plugv",
        &[
            ("traefik.http.middlewares.plugv.plugin.P.A", "v"),
            ("traefik.http.middlewares.plugv.plugin.P.A.B", "w"),
            ("traefik.http.middlewares.plugv.plugin.P.a.c", "1"),
            ("traefik.http.middlewares.plugv.plugin.p.D", "1"),
            ("traefik.http.middlewares.plugv.plugin.Q.P.P", "2"),
            ("traefik.http.middlewares.plugv.plugin.Q.Q.x", "2"),
        ],
    ),
    (
        "plugl",
        &[
            ("traefik.http.middlewares.plugl.plugin.P.A[0].B[1]", "v"),
            ("traefik.http.middlewares.plugl.plugin.P.A[0].B[0]", "v2"),
            ("traefik.http.middlewares.plugl.plugin.P.A.x", "v"),
        ],
    ),
    ("plugm", &[("traefik.http.middlewares.plugm.plugin", "P")]),
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
        "udpa",
        &[(
            "traefik.udp.services.udpa.loadbalancer.server.address",
            "90",
        )],
    ),
    ("hm2", &[("traefik.http.models", "90")]),
    (
        "wrr",
        &[("traefik.http.services.wrr.loadbalancer.nosuch", "90")],
    ),
    (
        "acn",
        &[(
            "traefik.http.middlewares.acn.headers.accesscontrolalloworigin",
            "x",
        )],
    ),
];

#[test]
fn oddities_of_labels() {
    let Some(program) = program() else { return };
    let containers: Vec<Value> = ODDITIES
        .iter()
        .enumerate()
        .map(|(at, (name, pairs))| container(at, name, &labels(pairs.iter().copied())))
        .collect();
    assert!(compare(&program, &containers, &json!({})) > 150);
}

/// A container with something other than labels.
fn with(name: &str, pairs: &[(&str, &str)], more: &Value) -> Value {
    let mut found = container(
        name.len() * 7 + usize::from(name.as_bytes()[0]),
        name,
        &labels(pairs.iter().copied()),
    );
    for (key, value) in more.as_object().into_iter().flatten() {
        found[key] = value.clone();
    }
    found
}

const TCP: (&str, &str) = ("traefik.tcp.routers.t.rule", "HostSNI(`*`)");

#[test]
fn networks_and_ports() {
    let Some(program) = program() else { return };
    let net = |ip: &str| json!({"networks": {"n1": {"ip": ip}}});
    let two = |last: u8| json!({"networks": {"n1": {"ip": format!("10.0.1.{last}")}, "n2": {"ip": format!("10.0.2.{last}")}}});
    let mut containers = vec![
        with(
            "host",
            &[],
            &json!({"network_mode": "host", "networks": {"host": {"ip": ""}}}),
        ),
        with(
            "none",
            &[],
            &json!({"network_mode": "none", "networks": {"none": {"ip": ""}}}),
        ),
        with(
            "joined",
            &[],
            &json!({"network_mode": "container:target", "networks": {}}),
        ),
        with("target", &[("traefik.docker.network", "n2")], &two(1)),
        with(
            "joined2",
            &[("traefik.docker.network", "n1")],
            &json!({"network_mode": "container:target2", "networks": {}}),
        ),
        with("target2", &[("traefik.docker.network", "n2")], &two(2)),
        with(
            "orphan",
            &[],
            &json!({"network_mode": "container:nosuch", "networks": {}}),
        ),
        with(
            "v6",
            &[],
            &json!({"networks": {"n1": {"ip": "", "ipv6": "fd00::1"}}}),
        ),
        with(
            "v46",
            &[],
            &json!({"networks": {"n1": {"ip": "10.0.0.9", "ipv6": "fd00::1"}}}),
        ),
        with("noip", &[], &net("")),
        with("nonets", &[], &json!({"networks": {}})),
        with(
            "wrong",
            &[("traefik.docker.network", "nosuch")],
            &net("10.0.1.6"),
        ),
        with(
            "pending",
            &[("traefik.docker.network", "n2")],
            &json!({"networks": {"n1": {"ip": "10.0.1.3"}, "n2": {"ip": ""}}}),
        ),
        with(
            "lowest",
            &[],
            &json!({"ports": ["9000/tcp", "443/tcp", "8080/tcp", "53/udp"]}),
        ),
        with("portless", &[], &json!({"ports": []})),
        with("tcponly", &[TCP], &json!({"ports": []})),
    ];
    assert!(compare(&program, &containers, &json!({})) > 15);
    // A network of the provider's own stands in for the label.
    containers.truncate(6);
    containers.push(with("chosen", &[], &two(9)));
    compare(&program, &containers, &json!({"network": "n2"}));
}

#[test]
fn health_and_state() {
    let Some(program) = program() else { return };
    let keeps = ("traefik.docker.allownonrunning", "true");
    let containers = [
        with("running", &[], &json!({})),
        with("starting", &[], &json!({"health": "starting"})),
        with("unhealthy", &[], &json!({"health": "unhealthy"})),
        with("healthy", &[], &json!({"health": "healthy"})),
        with("exited", &[], &json!({"state": "exited"})),
        with("paused", &[], &json!({"state": "paused"})),
        with("exited2", &[keeps], &json!({"state": "exited"})),
        with(
            "paused2",
            &[keeps],
            &json!({"state": "paused", "health": "healthy"}),
        ),
        with("unhealthy2", &[keeps], &json!({"health": "unhealthy"})),
        with("tcp", &[TCP], &json!({"health": "unhealthy"})),
        with(
            "weighted",
            &[
                keeps,
                ("traefik.http.services.w.loadbalancer.server.weight", "3"),
                ("traefik.http.services.w.loadbalancer.server.port", "9"),
            ],
            &json!({"state": "exited"}),
        ),
    ];
    for provider in [
        json!({}),
        json!({"allowEmptyServices": true}),
        json!({"exposedByDefault": false}),
    ] {
        compare(&program, &containers, &provider);
    }
}

const COMPOSE: [(&str, &str); 2] = [
    ("com.docker.compose.service", "web"),
    ("com.docker.compose.project", "p"),
];

#[test]
fn names_that_several_containers_declare() {
    let Some(program) = program() else { return };
    let port = |service: &str, port: &str| {
        (
            format!("traefik.http.services.{service}.loadbalancer.server.port"),
            port.to_owned(),
        )
    };
    let rule = |router: &str, rule: &str| {
        (
            format!("traefik.http.routers.{router}.rule"),
            rule.to_owned(),
        )
    };
    let own = |name: &str, pairs: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        with(
            name,
            &pairs,
            &json!({"networks": {"n": {"ip": format!("10.1.{}.{}", name.len(), name.as_bytes()[name.len() - 1])}}}),
        )
    };
    let sticky = (
        "traefik.http.services.s3.loadbalancer.sticky.cookie".to_owned(),
        "true".to_owned(),
    );
    let auth = |prefix: &str| {
        vec![(
            "traefik.http.middlewares.auth.addprefix.prefix".to_owned(),
            prefix.to_owned(),
        )]
    };
    let containers = [
        with(
            "p-web-1",
            &COMPOSE,
            &json!({"networks": {"n": {"ip": "10.2.0.1"}}}),
        ),
        with(
            "p-web-2",
            &COMPOSE,
            &json!({"networks": {"n": {"ip": "10.2.0.2"}}}),
        ),
        own("m1", auth("/a")),
        own("m2", auth("/b")),
        own(
            "r1",
            vec![
                rule("rr", "Host(`x`)"),
                (
                    "traefik.http.routers.rr.service".to_owned(),
                    "s1".to_owned(),
                ),
                port("s1", "1"),
            ],
        ),
        own(
            "r2",
            vec![
                rule("rr", "Host(`y`)"),
                (
                    "traefik.http.routers.rr.service".to_owned(),
                    "s1".to_owned(),
                ),
                port("s1", "2"),
            ],
        ),
        own("s3", vec![rule("r3", "Host(`x`)"), port("s3", "1"), sticky]),
        own("s4", vec![rule("r4", "Host(`y`)"), port("s3", "2")]),
        own("z1", vec![rule("s7", "Host(`y`)"), port("s7", "7")]),
        own("a1", vec![rule("s7", "Host(`y`)"), port("s7", "8")]),
    ];
    assert!(compare(&program, &containers, &json!({})) > 10);
}

#[test]
fn default_rules() {
    let Some(program) = program() else { return };
    let containers = [
        with("a_b", &[], &json!({})),
        with(
            "c",
            &[("host", "hh"), ("com.docker.compose.service", "sv")],
            &json!({}),
        ),
    ];
    for rule in [
        "Host(`{{ .Name }}.x.org`)",
        "Host(`{{ trimPrefix `/` .ContainerName }}.{{ index .Labels \"com.docker.compose.service\" }}`)",
        "{{ if eq .Name \"a-b\" }}Host(`one`){{ else if .Labels }}Host(`{{ len .Labels }}`){{ else }}{{ end }}",
        "Host(`{{ coalesce (index .Labels \"host\") .Name }}`) && PathPrefix(`/{{ .Name | replace \"-\" \"/\" }}`)",
        "Host(`{{ .Nope }}`)",
        "{{ range $k, $v := .Labels }}Host(`{{$v}}`){{ end }}",
        "",
    ] {
        compare(&program, &containers, &json!({"defaultRule": rule}));
    }
}

/// What routes make is enabled in the running program.
#[test]
fn labels_of_routes_are_enabled() {
    use proxy_labels::{Balance, Middleware, PathMatch, Route, Scheme, Sticky, Tls, synth};
    let Some(program) = program() else { return };
    let route = |name: &str, change: fn(&mut Route)| {
        let mut route = Route::new(name, [format!("{name}.example").parse().unwrap()], 8080);
        change(&mut route);
        route
    };
    let routes = [
        route("plain", |route| route.tls = Tls::Off),
        route("paths", |route| {
            route.paths = vec![
                PathMatch::Prefix("/a".to_owned()),
                PathMatch::Exact("/b".to_owned()),
            ];
            route.hosts.push("*.paths.example".parse().unwrap());
        }),
        route("scheme", |route| {
            route.scheme = Scheme::H2c;
            route.balance = Balance::LeastLoaded;
            route.sticky = Some(Sticky::default());
            route.health = Some("/h".into());
            route.priority = Some(7);
        }),
        route("middlewares", |route| {
            route.tls = Tls::Internal;
            route.retry = Some("30s".parse().unwrap());
            route.middlewares = vec![
                Middleware::SecureHeaders,
                Middleware::RedirectToHttps,
                Middleware::Compress,
                Middleware::StripPrefix(vec!["/a".to_owned()]),
                Middleware::AddPrefix("/b".to_owned()),
                Middleware::AllowAddresses(vec!["10.0.0.0/8".to_owned()]),
                Middleware::MaxBody(1_000),
                Middleware::BasicAuth(vec!["a:$2y$05$abc".to_owned()]),
                Middleware::ForwardAuth {
                    address: "http://auth:9000/".to_owned(),
                    headers: vec!["Remote-User".to_owned()],
                },
                Middleware::RateLimit {
                    average: 10,
                    burst: 20,
                    period: "1m".parse().unwrap(),
                },
                Middleware::RequestHeaders([("X-A".to_owned(), "b".to_owned())].into()),
            ];
        }),
    ];
    let containers: Vec<Value> = routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            let labels =
                synth::traefik(std::slice::from_ref(route), &synth::Options::default()).unwrap();
            container(at, &route.name, &labels)
        })
        .collect();
    compare(&program, &containers, &json!({}));
    let input = json!({"containers": containers, "provider": {}});
    let answer = homelab_tests::traefik::ask(&program, &input);
    assert!(answer.disabled.is_empty(), "{:?}", answer.disabled);
    assert!(answer.rejected.is_empty(), "{:?}", answer.rejected);
}
