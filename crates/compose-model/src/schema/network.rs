//! Networks.

use super::shape::Shape::{Each, Either, List, Map, Null, Text, TextOrDate};
use super::shape::{Keys, Others, Shape, record};
use super::shared::{DRIVER_OPTS, EXTERNAL_STRICT, FLAG, PAIRS};

pub(super) const NETWORK: Shape = Either(&[
    Null,
    Map(record(&[
        ("attachable", FLAG),
        ("driver", Text),
        ("driver_opts", DRIVER_OPTS),
        ("enable_ipv4", FLAG),
        ("enable_ipv6", FLAG),
        ("external", EXTERNAL_STRICT),
        ("internal", FLAG),
        ("ipam", IPAM),
        ("labels", PAIRS),
        ("name", Text),
    ])),
]);

const IPAM: Shape = Map(record(&[
    (
        "config",
        List(&Map(record(&[
            (
                "aux_addresses",
                Each(Keys::Line, Others::Refused, &TextOrDate),
            ),
            ("gateway", Text),
            ("ip_range", Text),
            ("subnet", Text),
        ]))),
    ),
    ("driver", Text),
    ("options", Each(Keys::Line, Others::Refused, &TextOrDate)),
]));
