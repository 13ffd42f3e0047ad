//! Who is told how it went: a webhook, ntfy, a mailbox, a program.
//!
//! ```no_run
//! use std::time::Duration;
//! use backup::notify::{Channel, Level, Message, send};
//! use backup::store::Secret;
//!
//! # async fn example() {
//! let phone = Channel::Ntfy { url: Secret::new("https://ntfy.sh/my-homelab"), token: None };
//! let message = Message::new(Level::Error, "backup of shop failed", "the dump is not complete");
//! if let Err(error) = send(&phone, &message, Duration::from_secs(20)).await {
//!     eprintln!("{error}");
//! }
//! # }
//! ```

mod mail;

use std::collections::BTreeMap;
use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use serde::Serialize;
use thiserror::Error as ThisError;
use tokio::io::AsyncWriteExt as _;

use crate::store::Secret;

pub use self::mail::{Encryption, Mailbox};

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All is well.
    Info,
    /// Something should be looked at.
    Warning,
    /// Something failed.
    Error,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// How grave it is.
    pub level: Level,
    /// One line.
    pub title: String,
    /// The rest.
    pub text: String,
    /// The report of the run, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<serde_json::Value>,
}

impl Message {
    /// A message without a report.
    pub fn new(level: Level, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            level,
            title: title.into(),
            text: text.into(),
            report: None,
        }
    }
}

/// A way to tell someone. Addresses count as secrets, as many have a token in them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Channel {
    /// The message as JSON (`level`, `title`, `text`, `report`) by POST.
    Webhook {
        /// The address.
        url: Secret,
        /// Headers, such as `Authorization`.
        headers: BTreeMap<String, Secret>,
    },
    /// A topic of ntfy. Errors come with high priority.
    Ntfy {
        /// The address of the topic, `https://ntfy.sh/TOPIC`.
        url: Secret,
        /// An access token.
        token: Option<Secret>,
    },
    /// Mail.
    Smtp(Mailbox),
    /// A program. It gets the message as JSON at its standard input, and level and title as
    /// `BACKUP_LEVEL` and `BACKUP_TITLE`.
    Exec {
        /// The program and its arguments.
        argv: Vec<String>,
        /// Its environment.
        env: BTreeMap<String, String>,
    },
}

/// Why nobody was told. Addresses are shown as far as the name of the server.
#[derive(Debug, ThisError)]
#[error("cannot tell {channel}: {why}")]
pub struct Error {
    channel: String,
    why: String,
}

/// Tells someone, within a limit of time for all attempts together. A server that does not answer, or
/// answers that it has trouble, is asked three times.
///
/// # Errors
/// Why it was not possible.
pub async fn send(channel: &Channel, message: &Message, limit: Duration) -> Result<(), Error> {
    let told = tokio::time::timeout(limit, attempts(channel, message)).await;
    let told = told.unwrap_or_else(|_| Err(format!("no end within {} seconds", limit.as_secs())));
    told.map_err(|why| Error {
        channel: channel.shown(),
        why,
    })
}

/// Why an attempt failed, and whether another one may help.
struct Failure {
    why: String,
    again: bool,
}

impl Failure {
    fn last(why: impl fmt::Display) -> Self {
        Self {
            why: format!("{why}"),
            again: false,
        }
    }
}

async fn attempts(channel: &Channel, message: &Message) -> Result<(), String> {
    let mut pause = Duration::from_millis(500);
    for left in (0..3).rev() {
        let attempt = match channel {
            Channel::Webhook { url, headers } => webhook(url, headers, message).await,
            Channel::Ntfy { url, token } => ntfy(url, token.as_ref(), message).await,
            Channel::Smtp(mailbox) => mailbox.send(message).await,
            Channel::Exec { argv, env } => exec(argv, env, message).await,
        };
        match attempt {
            Ok(()) => return Ok(()),
            Err(failure) if failure.again && left > 0 => tokio::time::sleep(pause).await,
            Err(failure) => return Err(failure.why),
        }
        pause *= 4;
    }
    Ok(())
}

async fn webhook(
    url: &Secret,
    headers: &BTreeMap<String, Secret>,
    message: &Message,
) -> Result<(), Failure> {
    let mut request = client()?.post(url.reveal()).json(message);
    for (name, value) in headers {
        request = request.header(name, value.reveal());
    }
    post(request).await
}

async fn ntfy(url: &Secret, token: Option<&Secret>, message: &Message) -> Result<(), Failure> {
    let (priority, tags) = match message.level {
        Level::Info => ("3", "white_check_mark"),
        Level::Warning => ("4", "warning"),
        Level::Error => ("5", "rotating_light"),
    };
    // Headers carry ASCII alone: ntfy takes the encoding of mail for the rest.
    let title = if message
        .title
        .bytes()
        .all(|byte| (b' '..0x7f).contains(&byte))
    {
        message.title.clone()
    } else {
        mail::encoded_word(&message.title)
    };
    let text = if message.text.is_empty() {
        &message.title
    } else {
        &message.text
    };
    let mut request = client()?
        .post(url.reveal())
        .header("Title", title)
        .header("Priority", priority)
        .header("Tags", tags)
        .body(text.clone());
    if let Some(token) = token {
        request = request.bearer_auth(token.reveal());
    }
    post(request).await
}

fn client() -> Result<reqwest::Client, Failure> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(15));
    client
        .build()
        .map_err(|error| Failure::last(error.without_url()))
}

async fn post(request: reqwest::RequestBuilder) -> Result<(), Failure> {
    match request.send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(Failure {
            why: format!("it answers {}", answer.status()),
            again: answer.status().is_server_error() || answer.status().as_u16() == 429,
        }),
        Err(error) => {
            let again = error.is_connect() || error.is_timeout();
            let error = error.without_url();
            let mut why = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                why = inner.to_string();
                cause = inner.source();
            }
            Err(Failure { why, again })
        }
    }
}

async fn exec(
    argv: &[String],
    env: &BTreeMap<String, String>,
    message: &Message,
) -> Result<(), Failure> {
    let Some((program, args)) = argv.split_first() else {
        return Err(Failure::last("no program is named"));
    };
    let level = match message.level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let mut child = tokio::process::Command::new(program)
        .args(args)
        .env_clear()
        .envs(env)
        .env("BACKUP_LEVEL", level)
        .env("BACKUP_TITLE", message.title.replace('\0', ""))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(Failure::last)?;
    let text = serde_json::to_vec(message).map_err(Failure::last)?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read is right as well.
        stdin.write_all(&text).await.ok();
    }
    let output = child.wait_with_output().await.map_err(Failure::last)?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.lines().rev().find(|line| !line.trim().is_empty());
    let last = last.map_or_else(String::new, |line| format!(": {}", line.trim()));
    Err(Failure::last(format!("{}{last}", output.status)))
}

impl Channel {
    /// How it is called in messages: without anything secret.
    pub fn shown(&self) -> String {
        match self {
            Self::Webhook { url, .. } => format!("the webhook at {}", server(url.reveal())),
            Self::Ntfy { url, .. } => format!("ntfy at {}", server(url.reveal())),
            Self::Smtp(mailbox) => format!("{} by {}", mailbox.to.join(", "), mailbox.host),
            Self::Exec { argv, .. } => format!("`{}`", argv.first().map_or("", String::as_str)),
        }
    }
}

/// The name of the server in an address.
fn server(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// How much smaller a backup may be than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SizeAlarm {
    /// Below this share of the last size, in per cent, there is a warning.
    pub warn: u8,
    /// Below this share it is an error.
    pub fail: u8,
}

impl Default for SizeAlarm {
    /// A warning below 50 %, an error below 10 %.
    fn default() -> Self {
        Self { warn: 50, fail: 10 }
    }
}

impl SizeAlarm {
    /// What to say of a backup of `now` bytes after one of `before` bytes; nothing if it is large
    /// enough, or the first.
    pub fn judge(self, what: &str, before: Option<u64>, now: u64) -> Option<Message> {
        let before = before.filter(|&before| before > 0)?;
        let below = |share: u8| u128::from(now) * 100 < u128::from(before) * u128::from(share);
        let level = if below(self.fail) {
            Level::Error
        } else if below(self.warn) {
            Level::Warning
        } else {
            return None;
        };
        let share = u128::from(now) * 100 / u128::from(before);
        Some(Message::new(
            level,
            format!("the backup of {what} is much smaller than the last one"),
            format!("{now} bytes, {share} % of the {before} bytes before"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_in_size_is_told_by_its_share() {
        let judge = |before, now| {
            SizeAlarm::default()
                .judge("db", before, now)
                .map(|message| message.level)
        };
        assert_eq!(judge(None, 0), None);
        assert_eq!(judge(Some(0), 0), None);
        assert_eq!(judge(Some(100), 50), None);
        assert_eq!(judge(Some(100), 49), Some(Level::Warning));
        assert_eq!(judge(Some(100), 10), Some(Level::Warning));
        assert_eq!(judge(Some(100), 9), Some(Level::Error));
        assert_eq!(judge(Some(u64::MAX), u64::MAX / 3), Some(Level::Warning));
    }

    #[test]
    fn channels_are_named_without_their_secrets() {
        let channel = |url: &str| Channel::Webhook {
            url: Secret::new(url),
            headers: BTreeMap::new(),
        };
        let secret = channel("https://u:pw@hooks.example.org:8443/T0KEN?k=T0KEN");
        assert_eq!(secret.shown(), "the webhook at hooks.example.org:8443");
        assert!(!format!("{secret:?}").contains("T0KEN"));
    }
}
