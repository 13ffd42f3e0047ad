//! Language models.

use super::shape::Shape::{Map, Text, Whole};
use super::shape::{Shape, record};
use super::shared::TEXTS;

pub(super) const MODEL: Shape = Map(record(&[
    ("context_size", Whole),
    ("model", Text),
    ("name", Text),
    ("runtime_flags", TEXTS),
])
.required(&["model"]));
