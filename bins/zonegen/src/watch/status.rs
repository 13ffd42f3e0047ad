//! The status file: what a watch is doing, for health checks and people.

use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8Path;
use common::replace::{Access, replace};
use serde_json::json;

use crate::report::unwritten;

/// How things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The zone files are as the engine is.
    Current,
    /// An engine cannot be reached; the files stay as they were.
    Lost,
    /// Something keeps the files from being written; they stay as they were.
    Held,
    /// The program has ended.
    Stopped,
}

/// What the status file says.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) state: State,
    /// Why, if things are not as they should be.
    pub(crate) message: Option<String>,
    /// When the files were last compared with the engine, in seconds since 1970.
    pub(crate) checked: Option<u64>,
    /// When one was last written.
    pub(crate) written: Option<u64>,
}

impl Status {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Lost,
            message: Some("not connected yet".to_owned()),
            checked: None,
            written: None,
        }
    }

    /// Writes the file, if there is to be one.
    pub(crate) fn write(&self, path: Option<&Utf8Path>) -> Result<(), String> {
        let Some(path) = path else { return Ok(()) };
        let state = match self.state {
            State::Current => "current",
            State::Lost => "lost",
            State::Held => "held",
            State::Stopped => "stopped",
        };
        let text = json!({
            "state": state,
            "message": self.message,
            "checked": self.checked,
            "written": self.written,
            "pid": std::process::id(),
        });
        replace(path, format!("{text:#}\n").as_bytes(), Access::AsBefore)
            .map(|_| ())
            .map_err(unwritten(path))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|since| since.as_secs())
        .unwrap_or_default()
}
