//! Jobs: containers that run to completion when something triggers them.

use super::container::CONTAINER;
use super::shape::Shape::{Either, List, Map, Text, Word};
use super::shape::{Shape, record};
use super::shared::{FLAG, TEXT_SET};
use super::workload::WORKLOAD;

pub(super) const JOB: Shape = Map(record(&[("profiles", TEXT_SET), ("triggers", TRIGGERS)])
    .and(&[CONTAINER, WORKLOAD])
    .required(&["triggers"]));

const TRIGGERS: Shape = Map(record(&[
    ("manual", FLAG),
    ("schedule", List(&Either(&[Text, SCHEDULE]))),
])
.one_of(&["manual", "schedule"]));

const SCHEDULE: Shape = Map(record(&[
    ("concurrency", Word(&["forbid", "queue"])),
    ("cron", Text),
    ("missed_fires", Word(&["one", "skip"])),
    ("timezone", Text),
])
.required(&["cron"]));
