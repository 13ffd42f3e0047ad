//! Mistakes and oddities: HTTP middlewares.

use super::Case;

pub(super) const CASES: &[Case] = &[
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
        "mm",
        &[
            ("traefik.http.middlewares.mm.addprefix.prefix", "/a"),
            ("traefik.http.middlewares.mm.stripprefix.prefixes", "/a"),
        ],
    ),
    ("mempty", &[("traefik.http.middlewares.mempty", "")]),
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
        "acn",
        &[(
            "traefik.http.middlewares.acn.headers.accesscontrolalloworigin",
            "x",
        )],
    ),
];
