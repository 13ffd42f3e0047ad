//! Shapes that occur in several places.

use super::shape::Shape::{
    Bool, Each, Either, List, Map, Null, Number, Set, Text, TextOrDate, Whole,
};
use super::shape::{Field, Keys, Others, Shape, record};

/// A boolean, or text for one: only some attributes are cast after interpolation.
pub(super) const FLAG: Shape = Either(&[Bool, Text]);
/// A number, or text for one.
pub(super) const NUMBER: Shape = Either(&[Number, Text]);
/// A whole number, or text for one.
pub(super) const WHOLE: Shape = Either(&[Whole, Text]);

/// A list of text.
pub(super) const TEXTS: Shape = List(&Text);
/// A list of text without repetitions.
pub(super) const TEXT_SET: Shape = Set(&Text);
/// Text, or a list of text without repetitions.
pub(super) const TEXT_OR_SET: Shape = Either(&[Text, TEXT_SET]);
/// Text, or a list of text.
pub(super) const TEXT_OR_LIST: Shape = Either(&[Text, TEXTS]);

/// A program with its arguments, as one text or as words; null says nothing.
pub(super) const COMMAND: Shape = Either(&[Null, Text, TEXTS]);

/// `KEY=VALUE` pairs: a mapping, or a list of text.
pub(super) const PAIRS: Shape = Either(&[
    Each(
        Keys::Text,
        Others::Refused,
        &Either(&[TextOrDate, Number, Bool, Null]),
    ),
    Set(&TextOrDate),
]);

/// Host names and their addresses.
pub(super) const EXTRA_HOSTS: Shape = Either(&[
    Each(
        Keys::Text,
        Others::Refused,
        &Either(&[Text, List(&TextOrDate)]),
    ),
    Set(&TextOrDate),
]);

/// Options for a driver.
pub(super) const DRIVER_OPTS: Shape =
    Each(Keys::Line, Others::Ignored, &Either(&[Number, TextOrDate]));

/// Limits of a process, by name.
pub(super) const ULIMITS: Shape = Each(
    Keys::Lower,
    Others::Ignored,
    &Either(&[
        Whole,
        Text,
        Map(record(&[("hard", WHOLE), ("soft", WHOLE)]).required(&["soft", "hard"])),
    ]),
);

/// Configs or secrets that a container gets.
pub(super) const GRANTS: Shape = List(&Either(&[
    Text,
    Map(record(&[
        ("gid", Text),
        ("mode", NUMBER),
        ("source", Text),
        ("target", Text),
        ("uid", Text),
    ])),
]));

/// `external` of a secret or config; in the deprecated form it holds the name.
pub(super) const EXTERNAL_OPEN: Shape = Either(&[Bool, Text, Map(record(EXTERNAL).open())]);
/// `external` of a network or volume.
pub(super) const EXTERNAL_STRICT: Shape = Either(&[Bool, Text, Map(record(EXTERNAL))]);

const EXTERNAL: &[Field] = &[("name", Text)];

/// The keys of a request for devices.
pub(super) const DEVICE_REQUEST: &[Field] = &[
    ("capabilities", TEXT_SET),
    ("count", WHOLE),
    ("device_ids", TEXT_SET),
    ("driver", Text),
    ("options", PAIRS),
];

/// A program that runs inside a container of a service.
pub(super) const HOOK: Shape = Map(record(&[
    ("command", COMMAND),
    ("environment", PAIRS),
    ("privileged", FLAG),
    ("user", Text),
    ("working_dir", Text),
])
.required(&["command"]));
