//! Whether a rule answers a request, as far as that can be told.

use super::{Call, Expression, ExpressionKind};
use go_std::regexp::Pattern;

/// A request, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request<'r> {
    /// The host name, without a port.
    pub host: &'r str,
    /// The path; `None` if any will do.
    pub path: Option<&'r str>,
}

impl<'r> Request<'r> {
    /// A request for anything on a host.
    pub fn to_host(host: &'r str) -> Self {
        Self { host, path: None }
    }
}

/// What a rule says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It matches.
    Yes,
    /// It does not.
    No,
    /// That depends on what the request does not say.
    Depends,
}

impl Answer {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Depends => Self::Depends,
        }
    }

    fn from_bool(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Expression {
    /// Whether the rule answers a request.
    pub fn answers(&self, request: &Request<'_>) -> Answer {
        match &self.kind {
            ExpressionKind::Call(call) => call.answers(request),
            ExpressionKind::Not(inner) => inner.answers(request).not(),
            ExpressionKind::Group(inner) => inner.answers(request),
            ExpressionKind::And(parts) => all(parts.iter().map(|part| part.answers(request))),
            ExpressionKind::Or(parts) => {
                all(parts.iter().map(|part| part.answers(request).not())).not()
            }
        }
    }
}

fn all(answers: impl Iterator<Item = Answer>) -> Answer {
    let mut all = Answer::Yes;
    for answer in answers {
        match answer {
            Answer::No => return Answer::No,
            Answer::Depends => all = Answer::Depends,
            Answer::Yes => {}
        }
    }
    all
}

impl Call {
    fn answers(&self, request: &Request<'_>) -> Answer {
        let Some(first) = self
            .arguments
            .first()
            .map(|argument| argument.value.as_str())
        else {
            return Answer::No;
        };
        if self.is("Host") || self.is("HostSNI") {
            return Answer::from_bool(host_matches(first, request.host));
        }
        if self.is("HostRegexp") || self.is("HostSNIRegexp") {
            let host = request.host.trim_end_matches('.').to_ascii_lowercase();
            let pattern = Pattern::new(first);
            return Answer::from_bool(pattern.is_ok_and(|pattern| pattern.is_match(&host)));
        }
        let Some(path) = request.path else {
            return Answer::Depends;
        };
        if self.is("Path") {
            Answer::from_bool(path == first)
        } else if self.is("PathPrefix") {
            Answer::from_bool(path.starts_with(first))
        } else if self.is("PathRegexp") {
            let pattern = Pattern::new(first);
            Answer::from_bool(pattern.is_ok_and(|pattern| pattern.is_match(path)))
        } else {
            Answer::Depends
        }
    }
}

/// Whether a name of a rule is that host: in any case, a dot at the end of either does not count,
/// `*.x` is one more label, `*` anything.
fn host_matches(name: &str, host: &str) -> bool {
    let name = name.trim_end_matches('.');
    let host = host.trim_end_matches('.');
    if name == "*" {
        return true;
    }
    match name.strip_prefix("*.") {
        Some(parent) => host
            .split_once('.')
            .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(parent)),
        None => name.eq_ignore_ascii_case(host),
    }
}
