//! What is known of the containers of engines while they come and go.

mod known;
mod status;

pub(crate) use known::Known;
pub(crate) use status::{State, Status, now};

use engine::{Event, EventKind};

/// Whether an event can change which names are wanted, or where they lead.
pub(crate) fn matters(event: &Event) -> bool {
    match event.kind {
        EventKind::Network => matches!(event.action.as_str(), "connect" | "disconnect"),
        _ => matches!(
            event.action.as_str(),
            "start" | "die" | "stop" | "destroy" | "rename" | "update" | "pause" | "unpause"
        ),
    }
}
