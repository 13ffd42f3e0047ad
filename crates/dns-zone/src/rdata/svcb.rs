//! Parameters of service bindings (RFC 9460).

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::RdataError;
use super::read::{Words, parse};
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
    ("dohpath", 7),
    ("ohttp", 8),
];

fn key(text: &[u8]) -> Option<u16> {
    if let Some((_, key)) = KEYS.iter().find(|(name, _)| name.as_bytes() == text) {
        return Some(*key);
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
            return Err(words.wrong(format!(
                "`{}` is no parameter of a service binding",
                String::from_utf8_lossy(&word)
            )));
        };
        if parameters.iter().any(|(other, _)| *other == key) {
            return Err(words.wrong("the parameter is there twice"));
        }
        let wire = encode(key, value).map_err(|message| words.wrong(message))?;
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

/// The wire form of a value whose escapes of master files are resolved.
fn encode(key: u16, value: Option<Vec<u8>>) -> Result<Vec<u8>, String> {
    let name = key_name(key);
    if key == 2 || key == 8 {
        return match value {
            None => Ok(Vec::new()),
            Some(_) => Err(format!("`{name}` has no value")),
        };
    }
    let value = value.filter(|value| !value.is_empty() || key > 8);
    let Some(value) = value else {
        if key > 8 {
            return Ok(Vec::new());
        }
        return Err(format!("`{name}` needs a value"));
    };
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
                    None => {
                        let item = String::from_utf8_lossy(item);
                        return Err(format!("`{item}` is no parameter of a service binding"));
                    }
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
        _ => wire = value,
    }
    Ok(wire)
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
        // BIND 9.18 does not know the name.
        Some((name, number)) if *number <= 7 => (*name).to_owned(),
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
            return (!pairs.is_empty() && rest.is_empty()).then_some(());
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
        5 => list(out, vec![STANDARD.encode(value)]),
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
        let word = self.word("a parameter")?;
        let Some(at) = word.iter().position(|b| *b == b'=') else {
            return Ok((word.to_vec(), None));
        };
        let mut value = Vec::new();
        let written = &word[at + 1..];
        if written.is_empty() && self.next_is_adjacent_quote() {
            self.unescaped("a value", &mut value)?;
        } else {
            unescape(written, &mut value)
                .ok_or_else(|| self.wrong(crate::NameError::BadEscape.to_string()))?;
        }
        Ok((word[..at].to_vec(), Some(value)))
    }
}
