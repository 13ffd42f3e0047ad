//! What happens when sources change during development.

use super::shape::Shape::{Bool, Either, List, Map, Null, Text, Word};
use super::shape::{Shape, record};
use super::shared::{HOOK, TEXT_OR_SET};

pub(super) const DEVELOP: Shape = Either(&[Null, Map(record(&[("watch", List(&WATCH))]))]);

const WATCH: Shape = Map(record(&[
    (
        "action",
        Word(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]),
    ),
    ("exec", HOOK),
    ("ignore", TEXT_OR_SET),
    ("include", TEXT_OR_SET),
    ("initial_sync", Bool),
    ("path", Text),
    ("target", Text),
])
.required(&["path", "action"]));
