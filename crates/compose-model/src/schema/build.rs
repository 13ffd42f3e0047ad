//! How an image is built.

use super::shape::Shape::{Bool, Either, Map, Text};
use super::shape::{Shape, record};
use super::shared::{EXTRA_HOSTS, FLAG, GRANTS, PAIRS, TEXT_OR_SET, TEXTS, ULIMITS, WHOLE};

pub(super) const BUILD: Shape = Either(&[
    Text,
    Map(record(&[
        ("additional_contexts", PAIRS),
        ("args", PAIRS),
        ("cache_from", TEXTS),
        ("cache_to", TEXTS),
        ("context", Text),
        ("dockerfile", Text),
        ("dockerfile_inline", Text),
        ("entitlements", TEXTS),
        ("extra_hosts", EXTRA_HOSTS),
        ("isolation", Text),
        ("labels", PAIRS),
        ("network", Text),
        ("no_cache", FLAG),
        ("no_cache_filter", TEXT_OR_SET),
        ("platforms", TEXTS),
        ("privileged", FLAG),
        ("provenance", Either(&[Text, Bool])),
        ("pull", FLAG),
        ("sbom", Either(&[Text, Bool])),
        ("secrets", GRANTS),
        ("shm_size", WHOLE),
        ("ssh", PAIRS),
        ("tags", TEXTS),
        ("target", Text),
        ("ulimits", ULIMITS),
    ])),
]);
