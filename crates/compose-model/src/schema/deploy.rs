//! How many containers of a service run, with which resources.

use super::shape::Shape::{Either, List, Map, Null, Text, Word};
use super::shape::{Shape, record};
use super::shared::{DEVICE_REQUEST, NUMBER, PAIRS, TEXTS, WHOLE};

pub(super) const DEPLOY: Shape = Either(&[
    Null,
    Map(record(&[
        ("endpoint_mode", Text),
        ("labels", PAIRS),
        ("mode", Text),
        ("placement", PLACEMENT),
        ("replicas", WHOLE),
        ("resources", RESOURCES),
        ("restart_policy", RESTART_POLICY),
        ("rollback_config", UPDATE),
        ("update_config", UPDATE),
    ])),
]);

const PLACEMENT: Shape = Map(record(&[
    ("constraints", TEXTS),
    ("max_replicas_per_node", WHOLE),
    ("preferences", List(&Map(record(&[("spread", Text)])))),
]));

const RESOURCES: Shape = Map(record(&[
    (
        "limits",
        Map(record(&[
            ("cpus", NUMBER),
            ("memory", Text),
            ("pids", WHOLE),
        ])),
    ),
    (
        "reservations",
        Map(record(&[
            ("cpus", NUMBER),
            (
                "devices",
                List(&Map(record(DEVICE_REQUEST).required(&["capabilities"]))),
            ),
            ("generic_resources", GENERIC_RESOURCES),
            ("memory", Text),
        ])),
    ),
]));

const GENERIC_RESOURCES: Shape = List(&Map(record(&[(
    "discrete_resource_spec",
    Map(record(&[("kind", Text), ("value", NUMBER)])),
)])));

const RESTART_POLICY: Shape = Map(record(&[
    ("condition", Text),
    ("delay", Text),
    ("max_attempts", WHOLE),
    ("window", Text),
]));

/// `update_config` and `rollback_config`.
const UPDATE: Shape = Map(record(&[
    ("delay", Text),
    ("failure_action", Text),
    ("max_failure_ratio", NUMBER),
    ("monitor", Text),
    ("order", Word(&["start-first", "stop-first"])),
    ("parallelism", WHOLE),
]));
