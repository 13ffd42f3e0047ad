//! Named volumes.

use super::shape::Shape::{Either, Map, Null, Text};
use super::shape::{Shape, record};
use super::shared::{DRIVER_OPTS, EXTERNAL_STRICT, PAIRS};

pub(super) const VOLUME: Shape = Either(&[
    Null,
    Map(record(&[
        ("driver", Text),
        ("driver_opts", DRIVER_OPTS),
        ("external", EXTERNAL_STRICT),
        ("labels", PAIRS),
        ("name", Text),
    ])),
]);
