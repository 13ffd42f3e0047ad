//! The top level of a file.

use super::shape::Shape::{Each, Either, List, Map, Null, Text, TextOrDate};
use super::shape::{Keys, Others, Shape, record};
use super::shared::TEXT_OR_SET;
use super::{job, model, network, secret, service, volume};

/// A Compose file.
pub(super) const FILE: Shape = Map(record(&[
    (
        "configs",
        Each(Keys::Names, Others::Refused, &secret::CONFIG),
    ),
    ("include", INCLUDE),
    ("jobs", Each(Keys::Names, Others::Refused, &job::JOB)),
    ("models", Each(Keys::Names, Others::Refused, &model::MODEL)),
    ("name", Text),
    (
        "networks",
        Each(Keys::Names, Others::Refused, &network::NETWORK),
    ),
    (
        "secrets",
        Each(Keys::Names, Others::Refused, &secret::SECRET),
    ),
    (
        "services",
        Each(Keys::Names, Others::Refused, &service::SERVICE),
    ),
    ("version", TextOrDate),
    (
        "volumes",
        Each(Keys::Names, Others::Refused, &volume::VOLUME),
    ),
]));

/// Other files to take in. Compose takes keys here that it does not know, and null.
const INCLUDE: Shape = Either(&[
    Null,
    List(&Either(&[
        Text,
        Map(record(&[
            ("env_file", TEXT_OR_SET),
            ("path", TEXT_OR_SET),
            ("project_directory", Text),
        ])
        .open()),
    ])),
]);
