//! Hosts of routes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::host::{is_name, to_ascii};

/// The host of a route: a name in ASCII form, or `*.` and a name. Variables of Compose (`${DOMAIN}`)
/// may stand in it.
///
/// ```
/// use proxy_labels::Host;
/// assert_eq!("Bücher.Example".parse::<Host>()?.as_str(), "xn--bcher-kva.example");
/// assert_eq!("web.${DOMAIN}".parse::<Host>()?.as_str(), "web.${DOMAIN}");
/// assert!("https://a.example".parse::<Host>().is_err());
/// # Ok::<(), proxy_labels::HostError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

/// A text that is no host name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is no host name: {why}")]
#[non_exhaustive]
pub struct HostError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Host {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name behind `*.`, if it stands for all names one level below it.
    pub fn wildcard(&self) -> Option<&str> {
        self.0.strip_prefix("*.")
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Host {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let bad = |why| HostError {
            text: text.to_owned(),
            why,
        };
        if text.is_empty() {
            return Err(bad("it is empty"));
        }
        if text.contains("${") {
            let plain = without_variables(text).ok_or_else(|| bad("a variable does not end"))?;
            let plain = plain.strip_prefix("*.").unwrap_or(&plain);
            return if is_name(plain) {
                Ok(Self(text.to_owned()))
            } else {
                Err(bad(
                    "only letters, digits, `-`, `.` and variables stand in it",
                ))
            };
        }
        if text.contains(char::is_whitespace) {
            return Err(bad("there is a blank in it"));
        }
        if text.contains("://") {
            return Err(bad("write the name alone, without a scheme"));
        }
        if text.contains('/') {
            return Err(bad("write the path as `path`"));
        }
        if text.contains(':') {
            return Err(bad("write the name alone, without a port"));
        }
        to_ascii(text)
            .map(Self)
            .ok_or_else(|| bad("only letters, digits, `-` and `.` stand in it, and `*.` in front"))
    }
}

/// A text with a letter for every `${…}`.
fn without_variables(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("${") {
        out.push_str(&rest[..open]);
        out.push('x');
        let close = rest[open..].find('}')?;
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    Some(out)
}
