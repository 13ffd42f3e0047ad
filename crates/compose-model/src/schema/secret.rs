//! Secrets and configs.

use super::shape::Shape::{Map, Text};
use super::shape::{Shape, record};
use super::shared::{DRIVER_OPTS, EXTERNAL_OPEN, PAIRS};

pub(super) const SECRET: Shape = Map(record(&[
    ("driver", Text),
    ("driver_opts", DRIVER_OPTS),
    ("environment", Text),
    ("external", EXTERNAL_OPEN),
    ("file", Text),
    ("labels", PAIRS),
    ("name", Text),
    ("template_driver", Text),
]));

pub(super) const CONFIG: Shape = Map(record(&[
    ("content", Text),
    ("environment", Text),
    ("external", EXTERNAL_OPEN),
    ("file", Text),
    ("labels", PAIRS),
    ("name", Text),
    ("template_driver", Text),
]));
