//! Parameters of service bindings (RFC 9460).

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::RdataError;
use super::read::{Note, Words, parse};
use super::write::quoted;
use crate::lexer::unescape;

const KEYS: &[(&str, u16)] = &[
    ("mandatory", 0),
    ("alpn", 1),
    ("no-default-alpn", 2),
    ("port", 3),
    ("ipv4hint", 4),
    ("ech", 5),
    ("ipv6hint", 6),
    ("dohpath", DOHPATH),
];

const DOHPATH: u16 = 7;

fn named_key(text: &[u8]) -> Option<u16> {
    let mut names = KEYS.iter();
    let found = names.find(|(name, _)| name.as_bytes() == text);
    found.map(|(_, key)| *key)
}

fn key(text: &[u8]) -> Option<u16> {
    if let Some(key) = named_key(text) {
        return Some(key);
    }
    let digits = text.strip_prefix(b"key")?;
    let plain = digits == b"0" || (!digits.is_empty() && !digits.starts_with(b"0"));
    (plain && digits.iter().all(u8::is_ascii_digit))
        .then(|| parse(digits))
        .flatten()
}

pub(super) fn read(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), RdataError> {
    let mut parameters: Vec<(u16, Vec<u8>)> = Vec::new();
    while !words.is_empty() {
        let (word, value) = words.parameter()?;
        let Some(key) = key(&word) else {
            return Err(words.wrong(no_parameter(&word)));
        };
        match (key, named_key(&word)) {
            (DOHPATH, Some(_)) => words.note(Note::NamedPath),
            (1, None) => words.note(Note::NumberedName),
            (0 | 3..=6, None) => words.note(Note::NumberedValue),
            _ => {}
        }
        if parameters.iter().any(|(other, _)| *other == key) {
            return Err(words.wrong("the parameter is there twice"));
        }
        let wire = match named_key(&word) {
            Some(_) => encode(key, value),
            None => octets(key, value),
        };
        let wire = wire.map_err(|message| words.wrong(message))?;
        parameters.push((key, wire));
    }
    parameters.sort_by_key(|(key, _)| *key);
    check(&parameters).map_err(|message| words.wrong(message))?;
    for (key, value) in parameters {
        let length = u16::try_from(value.len())
            .map_err(|_| words.wrong("a parameter of more than 65535 octets"))?;
        out.extend_from_slice(&key.to_be_bytes());
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&value);
    }
    Ok(())
}

/// What the parameters ask of each other.
fn check(parameters: &[(u16, Vec<u8>)]) -> Result<(), String> {
    let has = |key: u16| parameters.iter().any(|(other, _)| *other == key);
    if has(2) && !has(1) {
        return Err("`no-default-alpn` needs `alpn`".to_owned());
    }
    let Some((_, keys)) = parameters.iter().find(|(key, _)| *key == 0) else {
        return Ok(());
    };
    for pair in keys.chunks_exact(2) {
        let key = u16::from_be_bytes([pair[0], pair[1]]);
        if !has(key) {
            return Err(format!("`{}` is mandatory and not there", key_name(key)));
        }
    }
    Ok(())
}

fn no_parameter(word: &[u8]) -> String {
    let shown = String::from_utf8_lossy(word);
    if word == b"ohttp" {
        // RFC 9540; newer than the servers.
        return "`ohttp` is a name that no server knows: write `key8`".to_owned();
    }
    format!("`{shown}` is no parameter of a service binding")
}

/// The value of `keyNNNNN`: its octets are the wire form (RFC 9460 section 2.1).
fn octets(key: u16, value: Option<Vec<u8>>) -> Result<Vec<u8>, String> {
    if key == 2 && value.is_some() {
        return Err(format!("`{}` has no value", key_name(key)));
    }
    let wire = value.unwrap_or_default();
    if write_value(key, &wire, &mut Vec::new()).is_none() {
        let name = KEYS.iter().find(|(_, number)| *number == key);
        return Err(format!(
            "the octets are no value of `{}`",
            name.map_or_else(|| key_name(key), |(name, _)| (*name).to_owned())
        ));
    }
    Ok(wire)
}

/// The wire form of a value whose escapes of master files are resolved.
fn encode(key: u16, value: Option<Vec<u8>>) -> Result<Vec<u8>, String> {
    let name = key_name(key);
    if key == 2 {
        return match value {
            None => Ok(Vec::new()),
            Some(_) => Err(format!("`{name}` has no value")),
        };
    }
    let value = value.filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| format!("`{name}` needs a value"))?;
    let mut wire = Vec::new();
    match key {
        0 => {
            let mut keys = Vec::new();
            for item in value.split(|b| *b == b',') {
                match self::key(item) {
                    Some(0) => return Err("`mandatory` does not name itself".to_owned()),
                    Some(key) if keys.contains(&key) => {
                        return Err(format!("`{}` is mandatory twice", key_name(key)));
                    }
                    Some(key) => keys.push(key),
                    None => return Err(no_parameter(item)),
                }
            }
            keys.sort_unstable();
            wire.extend(keys.into_iter().flat_map(u16::to_be_bytes));
        }
        1 => {
            for item in items(&value).ok_or("a backslash ends the list")? {
                let length = u8::try_from(item.len())
                    .ok()
                    .filter(|length| *length > 0)
                    .ok_or("a protocol has 1 to 255 octets")?;
                wire.push(length);
                wire.extend_from_slice(&item);
            }
        }
        3 => {
            let port: u16 = (value.iter().all(u8::is_ascii_digit))
                .then(|| parse(&value))
                .flatten()
                .ok_or("a port is a number from 0 to 65535")?;
            wire.extend_from_slice(&port.to_be_bytes());
        }
        4 => {
            for item in value.split(|b| *b == b',') {
                let address: Ipv4Addr = parse(item).ok_or_else(|| no(item, "IPv4 address"))?;
                wire.extend_from_slice(&address.octets());
            }
        }
        5 => {
            STANDARD
                .decode_vec(&value, &mut wire)
                .map_err(|error| format!("not base 64: {error}"))?;
        }
        6 => {
            for item in value.split(|b| *b == b',') {
                let address: Ipv6Addr = parse(item).ok_or_else(|| no(item, "IPv6 address"))?;
                wire.extend_from_slice(&address.octets());
            }
        }
        _ if is_path(&value) => wire = value,
        _ => {
            return Err("a path of DNS over HTTPS begins with `/` and has a variable `dns`, such as `/dns-query{?dns}`".to_owned());
        }
    }
    Ok(wire)
}

/// Whether a value is a path of DNS over HTTPS (RFC 9461 section 5), as BIND looks at it.
fn is_path(value: &[u8]) -> bool {
    let variable = |expression: &str| {
        let names = expression.trim_start_matches(['?', '&', '+', '#', '.', '/', ';']);
        names.split(',').any(|name| name == "dns")
    };
    std::str::from_utf8(value).is_ok_and(|text| {
        text.starts_with('/')
            && text.split('{').skip(1).any(|rest| {
                let end = rest.find('}');
                end.is_some_and(|end| variable(&rest[..end]))
            })
    })
}

fn no(item: &[u8], what: &str) -> String {
    format!("`{}` is no {what}", String::from_utf8_lossy(item))
}

/// The items of a list: commas separate, a backslash takes the next octet as it is.
fn items(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut items = vec![Vec::new()];
    let mut rest = value.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b',' => items.push(Vec::new()),
            b'\\' => items.last_mut()?.push(*rest.next()?),
            byte => items.last_mut()?.push(*byte),
        }
    }
    Some(items)
}

fn key_name(key: u16) -> String {
    match KEYS.iter().find(|(_, number)| *number == key) {
        // Knot 3.2 does not know the name.
        Some((name, number)) if *number != DOHPATH => (*name).to_owned(),
        _ => format!("key{key}"),
    }
}

pub(super) fn write(wire: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = wire;
    let mut last = None;
    let mut parameters = Vec::new();
    while !rest.is_empty() {
        let key = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let value = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        if last.is_some_and(|last| last >= key) {
            return None;
        }
        if last.is_some() || !out.is_empty() {
            out.push(b' ');
        }
        last = Some(key);
        parameters.push((key, value.to_vec()));
        out.extend_from_slice(key_name(key).as_bytes());
        write_value(key, value, out)?;
    }
    check(&parameters).ok()
}

fn write_value(key: u16, value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let list = |out: &mut Vec<u8>, items: Vec<String>| {
        out.push(b'=');
        out.extend_from_slice(items.join(",").as_bytes());
    };
    match key {
        0 => {
            let (pairs, rest) = value.as_chunks::<2>();
            let keys = pairs.iter().map(|pair| key_name(u16::from_be_bytes(*pair)));
            list(out, keys.collect());
            // In order, and without itself.
            let fits = !pairs.is_empty() && rest.is_empty() && pairs[0] != [0, 0];
            return (fits && pairs.is_sorted_by(|one, two| one < two)).then_some(());
        }
        1 => {
            let mut text = Vec::new();
            let mut rest = value;
            while let Some((length, behind)) = rest.split_first() {
                let item = behind.get(..usize::from(*length))?;
                if item.is_empty() {
                    return None;
                }
                if !text.is_empty() {
                    text.push(b',');
                }
                for byte in item {
                    if matches!(byte, b',' | b'\\') {
                        text.push(b'\\');
                    }
                    text.push(*byte);
                }
                rest = &behind[item.len()..];
            }
            out.push(b'=');
            quoted(&text, out);
            return (!value.is_empty()).then_some(());
        }
        2 => return value.is_empty().then_some(()),
        3 => {
            let port = u16::from_be_bytes(value.try_into().ok()?);
            list(out, vec![port.to_string()]);
        }
        4 => {
            let (addresses, rest) = value.as_chunks::<4>();
            let shown = addresses
                .iter()
                .map(|octets| Ipv4Addr::from(*octets).to_string());
            list(out, shown.collect());
            return (!addresses.is_empty() && rest.is_empty()).then_some(());
        }
        5 if value.is_empty() => return None,
        5 => list(out, vec![STANDARD.encode(value)]),
        DOHPATH if !is_path(value) => return None,
        6 => {
            let (addresses, rest) = value.as_chunks::<16>();
            let shown = addresses
                .iter()
                .map(|octets| Ipv6Addr::from(*octets).to_string());
            list(out, shown.collect());
            return (!addresses.is_empty() && rest.is_empty()).then_some(());
        }
        _ if value.is_empty() => {}
        _ => {
            out.push(b'=');
            quoted(value, out);
        }
    }
    Some(())
}

impl Words<'_> {
    /// A parameter `key`, `key=value` or `key="value"`, the escapes of the value resolved.
    fn parameter(&mut self) -> Result<(Vec<u8>, Option<Vec<u8>>), RdataError> {
        let touches = self.next_is_adjacent_word();
        let word = self.word("a parameter")?;
        if touches {
            return Err(self.wrong("no blank separates the parameter from the one before"));
        }
        let Some(at) = word.iter().position(|b| *b == b'=') else {
            return Ok((word.to_vec(), None));
        };
        let mut value = Vec::new();
        let written = &word[at + 1..];
        let quoted = written.is_empty() && self.next_is_adjacent_quote();
        if written.is_empty() && !quoted {
            return Err(self.wrong("a value is missing behind the `=`"));
        }
        let escapes = if quoted {
            self.peek().is_some_and(|value| value.contains(&b'\\'))
        } else {
            written.contains(&b'\\')
        };
        // Numbers, addresses, keys and base 64 are read as they are by BIND, Knot and ldns.
        if escapes && matches!(named_key(&word[..at]), Some(0 | 3..=6)) {
            return Err(self.wrong("a value with a backslash"));
        }
        if quoted {
            self.unescaped("a value", &mut value)?;
        } else {
            unescape(written, &mut value)
                .ok_or_else(|| self.wrong(crate::NameError::BadEscape.to_string()))?;
        }
        Ok((word[..at].to_vec(), Some(value)))
    }
}
