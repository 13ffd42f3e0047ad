//! Parts that one or two record types have alone.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::RdataError;
use super::read::{Note, Words, parse, unhex};
use super::write::{hex, ipv6};
use crate::Name;
use crate::name::{wire_length, write_wire};

type Outcome = Result<(), RdataError>;

/// Groups of hexadecimal digits, such as `00-00-5e-00-53-2a`.
pub(super) fn read_groups(
    words: &mut Words<'_>,
    count: usize,
    separator: u8,
    digits: usize,
    out: &mut Vec<u8>,
) -> Outcome {
    let word = words.word("groups of hexadecimal digits")?;
    let groups: Vec<&[u8]> = word.split(|b| *b == separator).collect();
    let exact = separator == b'-';
    let fits = groups.len() == count
        && groups.iter().all(|group| {
            !group.is_empty() && (group.len() == digits || (!exact && group.len() < digits))
        });
    let mut octets = Vec::new();
    for group in groups {
        if group.len() < digits {
            words.note(Note::ShortGroups);
        }
        let mut padded = vec![b'0'; digits.saturating_sub(group.len())];
        padded.extend_from_slice(group);
        if !fits || unhex(&padded, &mut octets).is_none() {
            return Err(words.wrong(format!(
                "not {count} groups of {digits} hexadecimal digits, separated by `{}`",
                char::from(separator)
            )));
        }
    }
    out.extend_from_slice(&octets);
    Ok(())
}

/// Writes groups of octets.
pub(super) fn write_groups(part: &[u8], size: usize, separator: u8, out: &mut Vec<u8>) {
    for (at, group) in part.chunks(size).enumerate() {
        if at > 0 {
            out.push(separator);
        }
        let from = out.len();
        hex(group, out);
        out[from..].make_ascii_lowercase();
    }
}

pub(super) fn read_nsap(words: &mut Words<'_>, out: &mut Vec<u8>) -> Outcome {
    let word = words.word("an address `0x…`")?;
    let digits: Vec<u8> = match word {
        [b'0', b'x' | b'X', rest @ ..] => rest.iter().copied().filter(|b| *b != b'.').collect(),
        _ => return Err(words.wrong("the address does not begin with `0x`")),
    };
    if digits.is_empty() || unhex(&digits, out).is_none() {
        return Err(words.wrong("not an even number of hexadecimal digits"));
    }
    Ok(())
}

pub(super) fn read_prefixes(words: &mut Words<'_>, out: &mut Vec<u8>) -> Outcome {
    while !words.is_empty() {
        let word = words.word("a prefix")?;
        let (negation, rest) = match word.strip_prefix(b"!") {
            Some(rest) => (0x80, rest),
            None => (0, word),
        };
        let text = std::str::from_utf8(rest).unwrap_or_default();
        let parts = text
            .split_once(':')
            .and_then(|(family, rest)| Some((family, rest.rsplit_once('/')?)));
        let read = parts.and_then(|(family, (address, length))| {
            let length: u8 = parse(length.as_bytes())?;
            match family {
                "1" => {
                    let address: Ipv4Addr = address.parse().ok()?;
                    (length <= 32).then(|| (1_u16, address.octets().to_vec(), length))
                }
                "2" => {
                    let address: Ipv6Addr = address.parse().ok()?;
                    (length <= 128).then(|| (2_u16, address.octets().to_vec(), length))
                }
                _ => None,
            }
        });
        let Some((family, mut address, length)) = read else {
            return Err(words.wrong("not a prefix such as `1:192.168.0.0/16` or `!2:fd00::/8`"));
        };
        while address.last() == Some(&0) {
            address.pop();
        }
        out.extend_from_slice(&family.to_be_bytes());
        out.push(length);
        out.push(negation | u8::try_from(address.len()).unwrap_or_default());
        out.extend_from_slice(&address);
    }
    Ok(())
}

pub(super) fn write_prefixes(part: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = part;
    while !rest.is_empty() {
        let family = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        let (length, flags) = (*rest.get(2)?, *rest.get(3)?);
        let octets = rest.get(4..4 + usize::from(flags & 0x7f))?;
        if rest.len() != part.len() {
            out.push(b' ');
        }
        if flags & 0x80 != 0 {
            out.push(b'!');
        }
        out.extend_from_slice(format!("{family}:").as_bytes());
        match family {
            1 if octets.len() <= 4 && length <= 32 => {
                let mut all = [0; 4];
                all[..octets.len()].copy_from_slice(octets);
                out.extend_from_slice(Ipv4Addr::from(all).to_string().as_bytes());
            }
            2 if octets.len() <= 16 && length <= 128 => {
                let mut all = [0; 16];
                all[..octets.len()].copy_from_slice(octets);
                ipv6(all, out);
            }
            _ => return None,
        }
        out.extend_from_slice(format!("/{length}").as_bytes());
        rest = &rest[4 + octets.len()..];
    }
    Some(())
}

/// A gateway or relay: nothing, an address or a name, by its kind.
fn read_gateway(words: &mut Words<'_>, kind: u8, out: &mut Vec<u8>) -> Outcome {
    match kind {
        0 => {
            if words.word("`.`")? != b"." {
                return Err(words.wrong("kind 0 means none: `.`"));
            }
        }
        1 => out.extend_from_slice(&words.ipv4()?.octets()),
        2 => out.extend_from_slice(&words.ipv6()?.octets()),
        3 => words.name(out)?,
        kind => return Err(words.wrong(format!("{kind} is no kind of gateway: 0 to 3"))),
    }
    Ok(())
}

/// Writes a gateway and returns what follows it.
fn write_gateway<'p>(
    kind: u8,
    rest: &'p [u8],
    origin: Option<&Name>,
    out: &mut Vec<u8>,
) -> Option<&'p [u8]> {
    let (part, behind) = rest.split_at_checked(match kind {
        0 => 0,
        1 => 4,
        2 => 16,
        3 => wire_length(rest)?,
        _ => return None,
    })?;
    match kind {
        0 => out.push(b'.'),
        1 => {
            let octets: [u8; 4] = part.try_into().ok()?;
            out.extend_from_slice(Ipv4Addr::from(octets).to_string().as_bytes());
        }
        2 => ipv6(part.try_into().ok()?, out),
        _ => write_wire(part, origin, out),
    }
    Some(behind)
}

pub(super) fn read_ipseckey(words: &mut Words<'_>, out: &mut Vec<u8>) -> Outcome {
    out.push(words.number("a precedence", 255)?);
    let kind = words.number("a kind of gateway", 3)?;
    out.push(kind);
    let algorithm: u8 = words.number("an algorithm", 255)?;
    out.push(algorithm);
    read_gateway(words, kind, out)?;
    if words.is_empty() {
        words.note(Note::NoKey);
        return Ok(());
    }
    words.base64("a key", out)
}

pub(super) fn write_ipseckey(part: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) -> Option<()> {
    let [precedence, kind, algorithm, rest @ ..] = part else {
        return None;
    };
    out.extend_from_slice(format!("{precedence} {kind} {algorithm} ").as_bytes());
    let key = write_gateway(*kind, rest, origin, out)?;
    if !key.is_empty() {
        out.push(b' ');
        super::write_base64(key, out);
    }
    Some(())
}

pub(super) fn read_relay(words: &mut Words<'_>, out: &mut Vec<u8>) -> Outcome {
    out.push(words.number("a precedence", 255)?);
    let optional: u8 = words.number("0 or 1", 1)?;
    let kind: u8 = words.number("a kind of relay", 3)?;
    if optional > 1 || kind > 3 {
        return Err(words.wrong("not 0 or 1 and a kind from 0 to 3"));
    }
    out.push(optional << 7 | kind);
    read_gateway(words, kind, out)
}

pub(super) fn write_relay(part: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) -> Option<()> {
    let [precedence, flags, rest @ ..] = part else {
        return None;
    };
    let (optional, kind) = (flags >> 7, flags & 0x7f);
    out.extend_from_slice(format!("{precedence} {optional} {kind} ").as_bytes());
    write_gateway(kind, rest, origin, out)?
        .is_empty()
        .then_some(())
}

pub(super) fn read_hip(words: &mut Words<'_>, out: &mut Vec<u8>) -> Outcome {
    let algorithm: u8 = words.number("an algorithm", 255)?;
    let (mut tag, mut key) = (Vec::new(), Vec::new());
    let word = words.word("a host identity tag")?;
    if unhex(word, &mut tag).is_none() || tag.is_empty() {
        return Err(words.wrong("not an even number of hexadecimal digits"));
    }
    words.one_base64("a public key", &mut key)?;
    out.push(u8::try_from(tag.len()).map_err(|_| words.wrong("a tag of more than 255 octets"))?);
    out.push(algorithm);
    let length =
        u16::try_from(key.len()).map_err(|_| words.wrong("a key of more than 65535 octets"))?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&tag);
    out.extend_from_slice(&key);
    while !words.is_empty() {
        words.name(out)?;
    }
    Ok(())
}

pub(super) fn write_hip(part: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) -> Option<()> {
    let [tag, algorithm, high, low, rest @ ..] = part else {
        return None;
    };
    let (tag, rest) = rest.split_at_checked(usize::from(*tag))?;
    let (key, mut rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
    if tag.is_empty() || key.is_empty() {
        return None;
    }
    out.extend_from_slice(format!("{algorithm} ").as_bytes());
    hex(tag, out);
    out.push(b' ');
    super::write_base64(key, out);
    while !rest.is_empty() {
        let (name, behind) = rest.split_at(wire_length(rest)?);
        out.push(b' ');
        write_wire(name, origin, out);
        rest = behind;
    }
    Some(())
}

const BASE32: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";

pub(super) fn base32(octets: &[u8], out: &mut Vec<u8>) {
    let (mut bits, mut held) = (0_u32, 0);
    for octet in octets {
        bits = bits << 8 | u32::from(*octet);
        held += 8;
        while held >= 5 {
            held -= 5;
            out.push(BASE32[(bits >> held & 31) as usize]);
        }
    }
    if held > 0 {
        out.push(BASE32[(bits << (5 - held) & 31) as usize]);
    }
}

pub(super) fn unbase32(digits: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (mut bits, mut held) = (0_u32, 0);
    if digits.is_empty() {
        return None;
    }
    for digit in digits {
        let value = BASE32
            .iter()
            .position(|known| *known == digit.to_ascii_uppercase())?;
        bits = (bits & 0xff) << 5 | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    // What is left over are padding bits.
    (held < 5 && bits & ((1 << held) - 1) == 0).then_some(())
}
