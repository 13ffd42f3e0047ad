//! What Traefik asks of matchers beyond syntax.

use go_std::regexp::Pattern;
use std::net::IpAddr;
use std::ops::Range;

use yaml_tree::nearest;

use super::{Argument, Call, Expression, ExpressionKind};
use crate::traefik::Protocol;

/// A matcher of the rule language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Matcher {
    /// Its name.
    pub name: &'static str,
    /// How few arguments it takes.
    pub least: usize,
    /// How many arguments it takes.
    pub most: usize,
}

const fn matcher(name: &'static str, least: usize, most: usize) -> Matcher {
    Matcher { name, least, most }
}

const HTTP: &[Matcher] = &[
    matcher("Host", 1, 1),
    matcher("HostRegexp", 1, 1),
    matcher("Path", 1, 1),
    matcher("PathPrefix", 1, 1),
    matcher("PathRegexp", 1, 1),
    matcher("Method", 1, 1),
    matcher("Header", 2, 2),
    matcher("HeaderRegexp", 2, 2),
    matcher("Query", 1, 2),
    matcher("QueryRegexp", 1, 2),
    matcher("ClientIP", 1, 1),
];

const TCP: &[Matcher] = &[
    matcher("HostSNI", 1, 1),
    matcher("HostSNIRegexp", 1, 1),
    matcher("ClientIP", 1, 1),
    matcher("ALPN", 1, 1),
];

/// The matchers of a protocol. UDP has no rules.
pub fn matchers(protocol: Protocol) -> &'static [Matcher] {
    match protocol {
        Protocol::Http => HTTP,
        Protocol::Tcp => TCP,
        Protocol::Udp => &[],
    }
}

/// Something in a rule that Traefik refuses although it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// Where, in bytes of the rule.
    pub span: Range<usize>,
    /// What to do.
    pub help: Option<String>,
    /// What to write in its place, where that is certain.
    pub replacement: Option<String>,
}

/// What Traefik refuses in a rule that can be read: unknown matchers, numbers of arguments, values
/// that a matcher does not take.
pub fn check(expression: &Expression, protocol: Protocol) -> Vec<Problem> {
    let mut found = Vec::new();
    for call in expression.calls() {
        check_call(call, protocol, &mut found);
    }
    found
}

/// Whether a name is one of the four spellings of a matcher: as it is, lower case, upper case, and
/// the first letter alone in upper case.
pub(super) fn spelled(written: &str, name: &str) -> bool {
    if !written.eq_ignore_ascii_case(name) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    let title = format!("{}{}", name[..1].to_ascii_uppercase(), &lower[1..]);
    written == name || written == lower || written == name.to_ascii_uppercase() || written == title
}

fn check_call(call: &Call, protocol: Protocol, found: &mut Vec<Problem>) {
    let known = matchers(protocol);
    let Some(matcher) = known.iter().find(|matcher| call.is(matcher.name)) else {
        found.push(unknown(call, protocol));
        return;
    };
    let count = call.arguments.len();
    let end = call
        .arguments
        .last()
        .map_or(call.name_span.end, |last| last.span.end);
    let span = call.name_span.start..end;
    if count < matcher.least || count > matcher.most {
        found.push(wrong_count(call, matcher, span));
        return;
    }
    // These three compare with their second argument, which may be empty.
    let needed = match matcher.name {
        "Header" | "Query" | "QueryRegexp" => 1,
        _ => count,
    };
    for argument in call.arguments.iter().take(needed) {
        if argument.value.is_empty() {
            found.push(problem(
                &argument.span,
                format!("`{}` needs a value", matcher.name),
            ));
            return;
        }
    }
    let Some(first) = call.arguments.first() else {
        return;
    };
    let last = call.arguments.last().unwrap_or(first);
    match matcher.name {
        "Host" if !first.value.is_ascii() => {
            let help = "write the name in its ASCII form (punycode), `xn--…`";
            found.push(Problem {
                help: Some(help.to_owned()),
                replacement: crate::host::to_ascii(&first.value).map(|host| format!("`{host}`")),
                ..problem(&first.span, format!("`{}` is not ASCII", first.value))
            });
        }
        "Path" | "PathPrefix" if !first.value.starts_with('/') => found.push(Problem {
            replacement: Some(super::print::literal(&format!("/{}", first.value))),
            ..problem(
                &first.span,
                format!("the path `{}` does not begin with `/`", first.value),
            )
        }),
        "ClientIP" if !is_address_range(&first.value) => {
            let message = format!("`{}` is no IP address or range", first.value);
            found.push(problem(&first.span, message));
        }
        "HostSNI" if !is_sni(&first.value) => {
            let message = format!("`{}` is no host name, `*` or `*.name`", first.value);
            found.push(problem(&first.span, message));
        }
        "ALPN" if first.value == "acme-tls/1" => {
            found.push(problem(
                &first.span,
                "`acme-tls/1` is kept for certificates".to_owned(),
            ));
        }
        "HostRegexp" | "PathRegexp" | "HeaderRegexp" | "HostSNIRegexp" => {
            check_pattern(last, found);
        }
        "QueryRegexp" if count == 2 => check_pattern(last, found),
        _ => {}
    }
}

fn problem(span: &Range<usize>, message: String) -> Problem {
    Problem {
        message,
        span: span.clone(),
        help: None,
        replacement: None,
    }
}

fn unknown(call: &Call, protocol: Protocol) -> Problem {
    let known = matchers(protocol);
    let renamed = match &*call.name.to_ascii_lowercase() {
        "headers" => Some("Header"),
        "headersregexp" => Some("HeaderRegexp"),
        "hostheader" => Some("Host"),
        "hostsni" if protocol == Protocol::Http => Some("Host"),
        "host" if protocol == Protocol::Tcp => Some("HostSNI"),
        lower => known
            .iter()
            .map(|matcher| matcher.name)
            .find(|name| name.eq_ignore_ascii_case(lower)),
    };
    let near = renamed.or_else(|| nearest(&call.name, known.iter().map(|matcher| matcher.name)));
    let protocol = protocol.name().to_uppercase();
    let message = format!("{protocol} rules have no matcher `{}`", call.name);
    Problem {
        help: near.map(|name| format!("did you mean `{name}`?")),
        replacement: near.map(str::to_owned),
        ..problem(&call.name_span, message)
    }
}

fn wrong_count(call: &Call, matcher: &Matcher, span: Range<usize>) -> Problem {
    let count = call.arguments.len();
    let wanted = match (matcher.least, matcher.most) {
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} or {most} arguments"),
    };
    let message = format!("`{}` takes {wanted}, not {count}", matcher.name);
    // Several hosts in one matcher were the way of v2.
    let several = matcher.most == 1 && count > 1;
    let calls = call.arguments.iter();
    let calls: Vec<String> = calls
        .map(|argument| format!("{}({argument})", matcher.name))
        .collect();
    Problem {
        help: several.then(|| format!("write `({})`", calls.join(" || "))),
        ..problem(&span, message)
    }
}

fn check_pattern(argument: &Argument, found: &mut Vec<Problem>) {
    if let Err(reason) = Pattern::new(&argument.value) {
        let message = format!("`{}` is no regular expression: {reason}", argument.value);
        found.push(problem(&argument.span, message));
    }
}

/// `address` or `address/bits`.
pub(crate) fn is_address_range(text: &str) -> bool {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

fn is_sni(name: &str) -> bool {
    let name = name.strip_prefix("*.").unwrap_or(name);
    name == "*"
        || (!name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')))
}

/// Whether a rule asks for a name by SNI other than `*`, which needs TLS.
pub(crate) fn needs_tls(expression: &Expression) -> bool {
    expression.calls().iter().any(|call| {
        call.is("HostSNI") && call.arguments.iter().any(|argument| argument.value != "*")
    })
}

impl Expression {
    /// The matcher, if it is just one.
    pub fn as_call(&self) -> Option<&Call> {
        match &self.inner().kind {
            ExpressionKind::Call(call) => Some(call),
            _ => None,
        }
    }
}
