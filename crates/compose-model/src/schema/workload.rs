//! What runs: the keys that services and jobs share.

use super::build::BUILD;
use super::shape::Shape::{Bool, Each, Either, Map, Number, Set, Text, Word};
use super::shape::{Field, Keys, Others, Shape, record};
use super::shared::{FLAG, NUMBER, TEXT_OR_LIST, TEXT_SET, WHOLE};

pub(super) const WORKLOAD: &[Field] = &[
    ("build", BUILD),
    ("depends_on", DEPENDS_ON),
    ("expose", Set(&NUMBER)),
    ("healthcheck", HEALTHCHECK),
    ("ports", PORTS),
    ("stdin_open", FLAG),
    ("tty", FLAG),
];

const DEPENDS_ON: Shape = Either(&[
    TEXT_SET,
    Each(
        Keys::Names,
        Others::Refused,
        &Map(record(&[
            (
                "condition",
                Word(&[
                    "service_started",
                    "service_healthy",
                    "service_completed_successfully",
                ]),
            ),
            ("required", Bool),
            ("restart", FLAG),
        ])
        .required(&["condition"])),
    ),
]);

const HEALTHCHECK: Shape = Map(record(&[
    ("disable", FLAG),
    ("interval", Text),
    ("retries", NUMBER),
    ("start_interval", Text),
    ("start_period", Text),
    ("test", TEXT_OR_LIST),
    ("timeout", Text),
]));

const PORTS: Shape = Set(&Either(&[
    Number,
    Text,
    Map(record(&[
        ("app_protocol", Text),
        ("host_ip", Text),
        ("mode", Text),
        ("name", Text),
        ("protocol", Text),
        ("published", WHOLE),
        ("target", WHOLE),
    ])),
]));
