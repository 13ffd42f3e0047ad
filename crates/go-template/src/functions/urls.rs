//! Functions over addresses of the web.

use std::fmt::Write as _;

use super::{Function, takes};
use crate::options::Param::{Dict, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["urlParse"], &[Text], |_, a| {
        let url = parse(a[0].as_text()).map_err(|why| format!("unable to parse url: {why}"))?;
        let hostname = hostname(&url.host).to_owned();
        let parts = [
            ("scheme", url.scheme),
            ("host", url.host),
            ("hostname", hostname),
            ("path", url.path),
            ("query", url.query),
            ("opaque", url.opaque),
            ("fragment", url.fragment),
            ("userinfo", url.user),
        ];
        Ok(Data::dict(
            parts.map(|(name, text)| (name.to_owned(), Data::Text(text))),
        ))
    }),
    takes(&["urlJoin"], &[Dict], join),
];

#[derive(Default)]
struct Url {
    scheme: String,
    opaque: String,
    user: String,
    host: String,
    path: String,
    query: String,
    fragment: String,
}

/// As Go's `net/url` takes an address apart.
fn parse(text: &str) -> Result<Url, String> {
    if text.chars().any(char::is_control) {
        return Err("invalid control character in URL".to_owned());
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let mut url = Url {
        fragment: unescape(fragment)?,
        ..Url::default()
    };
    let mut rest = text;
    let scheme = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    if let Some(end) = scheme
        && text[end..].starts_with(':')
    {
        if end == 0 {
            return Err("missing protocol scheme".to_owned());
        }
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            url.scheme = text[..end].to_ascii_lowercase();
            rest = &text[end + 1..];
        }
    }
    if let Some((before, query)) = rest.split_once('?') {
        query.clone_into(&mut url.query);
        rest = before;
    }
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            rest.clone_into(&mut url.opaque);
            return Ok(url);
        }
        if rest
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':'))
        {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    if let Some(after) = rest.strip_prefix("//")
        && (!url.scheme.is_empty() || !rest.starts_with("///"))
    {
        let end = after.find('/').unwrap_or(after.len());
        let authority = &after[..end];
        rest = &after[end..];
        let host = match authority.rsplit_once('@') {
            Some((user, host)) => {
                user.clone_into(&mut url.user);
                host
            }
            None => authority,
        };
        check_host(host)?;
        url.host = unescape(host)?;
    }
    url.path = unescape(rest)?;
    Ok(url)
}

fn check_host(host: &str) -> Result<(), String> {
    let after = match host.strip_prefix('[') {
        Some(inner) => {
            let (_, after) = inner.split_once(']').ok_or("missing ']' in host")?;
            after
        }
        None => host.find(':').map_or("", |at| &host[at..]),
    };
    let port = after.strip_prefix(':').unwrap_or_default();
    let bad = !after.is_empty() && !after.starts_with(':');
    if bad || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("invalid port {after:?} after host"));
    }
    if host.contains(|c| " \"<>\\^`{|}".contains(c)) {
        return Err("invalid character in host name".to_owned());
    }
    Ok(())
}

fn hostname(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(inner);
    }
    host.split(':').next().unwrap_or(host)
}

fn unescape(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.ok_or_else(|| format!("invalid URL escape in {text:?}"))?);
        rest = &after[2..];
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An address from its parts.
fn join(_: &mut Meter, arguments: &[Data]) -> Outcome {
    let parts = arguments[0].entries().unwrap_or_default();
    let part = |name: &str| match parts.iter().find(|(key, _)| key == name) {
        Some((_, Data::Text(text))) => Ok(text.as_str()),
        Some((_, other)) => Err(Trouble::argument("a string for each part", other)),
        None => Ok(""),
    };
    let (scheme, host, path) = (part("scheme")?, part("host")?, part("path")?);
    let (query, opaque) = (part("query")?, part("opaque")?);
    let (fragment, user) = (part("fragment")?, part("userinfo")?);
    let mut out = String::new();
    if !scheme.is_empty() {
        let _infallible = write!(out, "{scheme}:");
    }
    if opaque.is_empty() {
        if !scheme.is_empty() || !host.is_empty() || !user.is_empty() {
            if !host.is_empty() || !path.is_empty() || !user.is_empty() {
                out.push_str("//");
            }
            if !user.is_empty() {
                let _infallible = write!(out, "{user}@");
            }
            out.push_str(host);
        }
        let path = escape(path, "$&+,/:;=@!'()*[]");
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            out.push('/');
        }
        let first = path.split('/').next().unwrap_or_default();
        if out.is_empty() && first.contains(':') {
            out.push_str("./");
        }
        out.push_str(&path);
    } else {
        out.push_str(opaque);
    }
    if !query.is_empty() {
        let _infallible = write!(out, "?{query}");
    }
    if !fragment.is_empty() {
        let _infallible = write!(out, "#{}", escape(fragment, "$&+,/:;=?@!'()*"));
    }
    Ok(Data::Text(out))
}

fn escape(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-_.~".contains(character) || kept.contains(character) {
            out.push(character);
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}
