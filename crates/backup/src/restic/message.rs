//! What restic prints with `--json`. Fields that are zero or empty may be missing, and there may be
//! messages and fields that are not known.

use serde::Deserialize;

use crate::store::{Made, Progress, Snapshot};

#[derive(Deserialize)]
#[serde(tag = "message_type", rename_all = "snake_case")]
pub(super) enum Message {
    Status(Status),
    Summary(Box<Summary>),
    Error(Trouble),
    ExitError(ExitError),
    #[serde(other)]
    Other,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Status {
    total_files: u64,
    files_done: u64,
    total_bytes: u64,
    bytes_done: u64,
}

/// The summary of `backup`, and of `check` since 0.18.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Summary {
    files_new: u64,
    files_changed: u64,
    data_added: u64,
    total_files_processed: u64,
    total_bytes_processed: u64,
    snapshot_id: Option<String>,
    dry_run: bool,
    pub(super) num_errors: u64,
}

/// A file that could not be read, or something damaged.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Trouble {
    error: serde_json::Value,
    item: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExitError {
    pub(super) code: i32,
    pub(super) message: String,
}

impl From<Status> for Progress {
    fn from(status: Status) -> Self {
        Self {
            bytes_done: status.bytes_done,
            bytes_total: status.total_bytes,
            files_done: status.files_done,
            files_total: status.total_files,
        }
    }
}

impl From<Summary> for Made {
    fn from(summary: Summary) -> Self {
        Self {
            id: summary
                .snapshot_id
                .filter(|id| !id.is_empty() && !summary.dry_run),
            files_changed: summary.files_new + summary.files_changed,
            files: summary.total_files_processed,
            bytes: summary.total_bytes_processed,
            bytes_added: summary.data_added,
        }
    }
}

impl Trouble {
    /// The item and the reason. Up to 0.15 the error is the fields of a Go error: operation, path and
    /// the number of the system's error.
    pub(super) fn text(&self) -> String {
        let reason = match (&self.error["message"], &self.error["Err"]) {
            (serde_json::Value::String(message), _) => message.clone(),
            (_, serde_json::Value::Number(number)) => {
                let number = number
                    .as_i64()
                    .and_then(|number| i32::try_from(number).ok());
                let text = number.map(std::io::Error::from_raw_os_error);
                text.map_or_else(String::new, |error| error.to_string())
            }
            (_, serde_json::Value::String(reason)) => reason.clone(),
            _ => self.error.as_str().unwrap_or_default().to_owned(),
        };
        match (self.item.as_str(), reason.as_str()) {
            ("", reason) => reason.to_owned(),
            (item, "") => item.to_owned(),
            (item, reason) => format!("{item}: {reason}"),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawSnapshot {
    id: String,
    time: String,
    hostname: String,
    paths: Option<Vec<String>>,
    tags: Option<Vec<String>>,
}

impl From<RawSnapshot> for Snapshot {
    fn from(raw: RawSnapshot) -> Self {
        Self {
            id: raw.id,
            time: raw.time,
            host: raw.hostname,
            paths: raw.paths.unwrap_or_default(),
            tags: raw.tags.unwrap_or_default(),
        }
    }
}

/// A line of `ls`; the first, about the snapshot, has no path.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Node {
    pub(super) path: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) size: u64,
}

/// A group of `forget`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Group {
    pub(super) keep: Option<Vec<RawSnapshot>>,
    pub(super) remove: Option<Vec<RawSnapshot>>,
    pub(super) reasons: Option<Vec<Reason>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Reason {
    pub(super) matches: Option<Vec<String>>,
}

/// A lock, as `cat lock` shows it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawLock {
    pub(super) time: String,
    pub(super) exclusive: bool,
    pub(super) hostname: String,
    pub(super) username: String,
    pub(super) pid: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_old_and_new_versions_are_read() {
        for (line, text) in [
            (
                r#"{"message_type":"error","error":{"Op":"open","Path":"src/c","Err":13},"during":"archival","item":"/src/c"}"#,
                "/src/c: Permission denied (os error 13)",
            ),
            (
                r#"{"message_type":"error","error":{"message":"open /src/c: permission denied"},"during":"archival","item":"/src/c"}"#,
                "/src/c: open /src/c: permission denied",
            ),
            (
                r#"{"message_type":"error","error":{},"item":"/src/c"}"#,
                "/src/c",
            ),
            (r#"{"message_type":"error"}"#, ""),
        ] {
            let Ok(Message::Error(trouble)) = serde_json::from_str(line) else {
                panic!("{line}")
            };
            assert_eq!(trouble.text(), text);
        }
        let later = r#"{"message_type":"verbose_status","action":"new","new_field":[1]}"#;
        assert!(matches!(serde_json::from_str(later), Ok(Message::Other)));
    }
}
