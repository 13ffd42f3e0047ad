//! Services: what they have beyond the container and workload parts.

use super::container::CONTAINER;
use super::deploy::DEPLOY;
use super::develop::DEVELOP;
use super::names::CONTAINER_NAME;
use super::shape::Shape::{Bool, Each, Either, Like, List, Map, Null, Number, Text, TextOrDate};
use super::shape::{Keys, Others, Shape, record};
use super::shared::{FLAG, HOOK, TEXT_SET, WHOLE};
use super::workload::WORKLOAD;

pub(super) const SERVICE: Shape = Map(record(&[
    ("attach", FLAG),
    ("container_name", Like(&CONTAINER_NAME)),
    ("deploy", DEPLOY),
    ("develop", DEVELOP),
    ("extends", EXTENDS),
    ("external_links", TEXT_SET),
    ("links", TEXT_SET),
    ("post_start", List(&HOOK)),
    ("pre_start", List(&PRE_START)),
    ("pre_stop", List(&HOOK)),
    ("profiles", TEXT_SET),
    ("provider", PROVIDER),
    ("restart", Text),
    ("scale", WHOLE),
])
.and(&[CONTAINER, WORKLOAD]));

/// Compose takes keys here that it does not know.
const EXTENDS: Shape = Either(&[
    Text,
    Map(
        record(&[("file", Either(&[Text, Null])), ("service", Text)])
            .required(&["service"])
            .open(),
    ),
]);

/// A container of its own that runs before the service.
const PRE_START: Shape = Map(record(&[("per_replica", FLAG)]).and(&[CONTAINER]));

const PROVIDER: Shape = Map(record(&[
    (
        "options",
        Each(
            Keys::Line,
            Others::Ignored,
            &Either(&[
                TextOrDate,
                Number,
                Bool,
                List(&Either(&[TextOrDate, Number, Bool])),
            ]),
        ),
    ),
    ("type", Text),
])
.required(&["type"]));
