//! What a store of snapshots can do, by the commands of restic.

use std::ffi::OsString;

use super::error::Error;
use super::message::{Group, Message, Node, RawSnapshot};
use super::{Restic, Version};
use crate::retention::Policy;
use crate::store::{
    Forgotten, Made, Progress, Restore, Snapshot, SnapshotStore, Source, Stored, Subset, Which,
};

/// How many snapshots are named in one command.
const CHUNK: usize = 500;

impl SnapshotStore for Restic {
    async fn init(&self) -> Result<(), Error> {
        self.text(&["--json", "init"]).await.map(drop)
    }

    async fn backup(
        &self,
        source: &Source,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Made, Error> {
        let mut args: Vec<OsString> = vec!["--json".into(), "backup".into()];
        args.extend(["--host".into(), OsString::from(&source.host)]);
        for tag in &source.tags {
            args.extend(["--tag".into(), OsString::from(tag)]);
        }
        for pattern in &source.excludes {
            args.extend(["--exclude".into(), OsString::from(pattern)]);
        }
        if self.version >= Version(0, 15, 0) {
            // The parent is looked for among those that are forgotten together.
            args.extend(["--group-by".into(), "host,tags".into()]);
        }
        if source.dry_run {
            args.push("--dry-run".into());
        }
        args.push("--".into());
        args.extend(source.paths.iter().map(|path| path.as_os_str().to_owned()));
        let mut made = None;
        let mut troubles = Vec::new();
        let outcome = self
            .patiently(&args, None, &mut |line| match serde_json::from_str(line) {
                Ok(Message::Status(status)) => progress(status.into()),
                Ok(Message::Summary(summary)) => made = Some(Made::from(*summary)),
                Ok(Message::Error(trouble)) => troubles.push(trouble.text()),
                _ => {}
            })
            .await?;
        troubles.extend(outcome.troubles.iter().cloned());
        match (outcome.code, made) {
            (0, Some(made)) => Ok(made),
            (0, None) if source.dry_run => Ok(Made::default()),
            (0, None) => Err(Error::Answer {
                command: "backup".to_owned(),
                why: "there is no summary".to_owned(),
            }),
            (3, made) => Err(Error::Incomplete {
                made: made.unwrap_or_default(),
                unreadable: troubles.iter().map(|text| self.redacted(text)).collect(),
            }),
            _ => Err(self.fault("backup", &outcome, "")),
        }
    }

    async fn snapshots(&self, which: &Which) -> Result<Vec<Snapshot>, Error> {
        let mut args: Vec<OsString> = vec!["--json".into(), "snapshots".into()];
        args.extend(which.args());
        let text = self.printed(&args).await?;
        let raw: Option<Vec<RawSnapshot>> = answer("snapshots", &text)?;
        let mut snapshots: Vec<Snapshot> = raw
            .unwrap_or_default()
            .into_iter()
            .map(Snapshot::from)
            .collect();
        snapshots.sort_by_key(|snapshot| crate::retention::instant(&snapshot.time));
        Ok(snapshots)
    }

    async fn forget(
        &self,
        which: &Which,
        policy: &Policy,
        protected: &[String],
        dry_run: bool,
    ) -> Result<Forgotten, Error> {
        if policy.is_empty() {
            return Err(Error::EmptyPolicy);
        }
        // What the policy says is asked first, and then done by identifier: a policy has no place for
        // those that are to stay whatever it says.
        let mut args: Vec<OsString> = vec!["--json".into(), "forget".into(), "--dry-run".into()];
        args.extend(["--group-by".into(), "host,tags".into()]);
        args.extend(policy.args().into_iter().map(OsString::from));
        args.extend(which.args());
        let text = self.printed(&args).await?;
        let groups: Option<Vec<Group>> = if text.trim().is_empty() {
            None
        } else {
            answer("forget", &text)?
        };
        let mut forgotten = Forgotten::default();
        for group in groups.unwrap_or_default() {
            let mut reasons = group.reasons.unwrap_or_default().into_iter();
            for raw in group.keep.unwrap_or_default() {
                let reason = reasons.next().and_then(|reason| reason.matches);
                forgotten
                    .kept
                    .push((raw.into(), reason.unwrap_or_default()));
            }
            for raw in group.remove.unwrap_or_default() {
                let snapshot = Snapshot::from(raw);
                if protected
                    .iter()
                    .any(|id| !id.is_empty() && snapshot.id.starts_with(id.as_str()))
                {
                    forgotten
                        .kept
                        .push((snapshot, vec!["protected".to_owned()]));
                } else {
                    forgotten.removed.push(snapshot);
                }
            }
        }
        if !dry_run {
            for chunk in forgotten.removed.chunks(CHUNK) {
                let mut args: Vec<OsString> = vec!["--json".into(), "forget".into()];
                args.extend(chunk.iter().map(|snapshot| OsString::from(&snapshot.id)));
                self.printed(&args).await?;
            }
        }
        Ok(forgotten)
    }

    async fn prune(&self) -> Result<(), Error> {
        self.text(&["--json", "prune"]).await.map(drop)
    }

    async fn files(&self, snapshot: &str, below: &[String]) -> Result<Vec<Stored>, Error> {
        let mut args: Vec<OsString> = vec!["--json".into(), "ls".into(), "--recursive".into()];
        args.push(OsString::from(snapshot));
        args.extend(below.iter().map(OsString::from));
        let text = self.found(snapshot, self.printed(&args).await)?;
        let nodes = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Node>(line).ok());
        Ok(nodes
            .filter(|node| node.kind == "file" && !node.path.is_empty())
            .map(|node| Stored {
                path: node.path,
                bytes: node.size,
            })
            .collect())
    }

    async fn check(&self, subset: Subset) -> Result<(), Error> {
        let mut args: Vec<OsString> = vec!["--json".into(), "check".into()];
        match subset {
            Subset::Nothing => {}
            Subset::Part { part, of } => {
                args.push(format!("--read-data-subset={part}/{of}").into());
            }
            Subset::Percent(share) => args.push(format!("--read-data-subset={share}%").into()),
            Subset::All => args.push("--read-data".into()),
        }
        let text = self.printed(&args).await?;
        // Since 0.18 there is a number of errors as well.
        let mut messages = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let errors = messages
            .any(|message| matches!(message, Message::Summary(summary) if summary.num_errors > 0));
        if errors {
            return Err(Error::Damaged {
                repository: self.shown.clone(),
                message: "errors were found".to_owned(),
            });
        }
        Ok(())
    }

    async fn restore(&self, restore: &Restore) -> Result<(), Error> {
        let path = &restore.target;
        let occupied = fs_err::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
        if !restore.over && (occupied || path.is_file()) {
            return Err(Error::NotEmpty { path: path.clone() });
        }
        let mut args: Vec<OsString> = vec!["--json".into(), "restore".into()];
        args.push(OsString::from(&restore.snapshot));
        args.extend(["--target".into(), path.as_os_str().to_owned()]);
        for pattern in &restore.includes {
            args.extend(["--include".into(), OsString::from(pattern)]);
        }
        if restore.verify {
            args.push("--verify".into());
        }
        self.found(&restore.snapshot, self.printed(&args).await)
            .map(drop)
    }
}

impl Restic {
    /// Says which snapshot it is that there is none of.
    fn found<T>(&self, snapshot: &str, answer: Result<T, Error>) -> Result<T, Error> {
        answer.map_err(|error| match error {
            Error::NoSnapshot { .. } => Error::NoSnapshot {
                repository: self.shown.clone(),
                snapshot: snapshot.to_owned(),
            },
            error => error,
        })
    }
}

impl Which {
    fn args(&self) -> Vec<OsString> {
        let mut args = Vec::new();
        if let Some(host) = &self.host {
            args.extend(["--host".into(), OsString::from(host)]);
        }
        if !self.tags.is_empty() {
            args.extend(["--tag".into(), OsString::from(self.tags.join(","))]);
        }
        args
    }
}

/// Reads the first value of an answer.
pub(super) fn answer<T: serde::de::DeserializeOwned>(
    command: &str,
    text: &str,
) -> Result<T, Error> {
    // `forget --prune` appends text to its JSON; what follows the first value is left.
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    match values.next() {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(Error::Answer {
            command: command.to_owned(),
            why: error.to_string(),
        }),
        None => Err(Error::Answer {
            command: command.to_owned(),
            why: "nothing".to_owned(),
        }),
    }
}
