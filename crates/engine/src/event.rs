//! Events.

use std::collections::BTreeMap;

use bollard::models::EventMessage;

/// Something that happened on the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What it happened to.
    pub kind: EventKind,
    /// What: `start`, `die`, `rename`, `health_status: healthy`, `connect` …
    pub action: String,
    /// The identifier of the container or network.
    pub id: String,
    /// The name of the container or network.
    pub name: String,
    /// What else the engine says: the labels of a container, the exit code, the container that was
    /// connected to a network.
    pub attributes: BTreeMap<String, String>,
    /// When, in nanoseconds since 1970 by the engine's clock.
    pub time: i64,
}

/// What an event happened to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A container.
    #[default]
    Container,
    /// A network.
    Network,
}

impl Event {
    pub(crate) fn read(found: EventMessage) -> Self {
        let (id, attributes) = found.actor.map_or_else(Default::default, |actor| {
            (
                actor.id.unwrap_or_default(),
                actor
                    .attributes
                    .unwrap_or_default()
                    .into_iter()
                    .collect::<BTreeMap<_, _>>(),
            )
        });
        let network = found.typ.is_some_and(|kind| kind.to_string() == "network");
        let seconds = found.time.unwrap_or_default();
        Self {
            kind: if network {
                EventKind::Network
            } else {
                EventKind::Container
            },
            action: found.action.unwrap_or_default(),
            id,
            name: attributes.get("name").cloned().unwrap_or_default(),
            attributes,
            time: found
                .time_nano
                .unwrap_or(seconds.saturating_mul(1_000_000_000)),
        }
    }
}
