//! Data of records as the words of a master file, as BIND writes them.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{CERTIFICATES, Field, fields, size};
use super::{location, odd, svcb, time};
use crate::name::{write_decimal_escape, write_wire};
use crate::{Name, RecordType};

/// Appends the presentation form of `wire`, names relative to `origin` if there is one. `None` if
/// the octets are no data of this type.
pub(crate) fn write(
    kind: RecordType,
    wire: &[u8],
    origin: Option<&Name>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let Some(fields) = fields(kind) else {
        generic(wire, out);
        return Some(());
    };
    let mut rest = wire;
    for (at, field) in fields.iter().enumerate() {
        let size = size(*field, rest)?;
        let (part, behind) = rest.split_at(size);
        rest = behind;
        if size == 0
            && matches!(
                field,
                Field::OptionalText | Field::Types | Field::Parameters
            )
        {
            continue;
        }
        if at > 0 {
            out.push(b' ');
        }
        self::field(*field, part, origin, out)?;
    }
    rest.is_empty().then_some(())
}

/// `\# length digits` (RFC 3597 section 5).
pub(crate) fn generic(wire: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\\# {}", wire.len()).as_bytes());
    if !wire.is_empty() {
        out.push(b' ');
        hex(wire, out);
    }
}

fn number(part: &[u8]) -> u32 {
    part.iter()
        .fold(0, |all, octet| all << 8 | u32::from(*octet))
}

fn decimal(mut value: u32, out: &mut Vec<u8>) {
    let mut digits = [0; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(value % 10).unwrap_or_default();
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn field(field: Field, part: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) -> Option<()> {
    match field {
        Field::Name => write_wire(part, origin, out),
        Field::U8 | Field::U16 | Field::U32 | Field::Seconds | Field::Algorithm => {
            decimal(number(part), out);
        }
        Field::Ipv4 => {
            for (at, octet) in part.iter().enumerate() {
                if at > 0 {
                    out.push(b'.');
                }
                decimal(u32::from(*octet), out);
            }
        }
        Field::Ipv6 => ipv6(part.try_into().ok()?, out),
        Field::Text | Field::OptionalText | Field::Digits => quoted(&part[1..], out),
        Field::Texts => {
            let mut rest = part;
            while let Some((length, behind)) = rest.split_first() {
                if rest.len() != part.len() {
                    out.push(b' ');
                }
                let (text, behind) = behind.split_at(usize::from(*length));
                quoted(text, out);
                rest = behind;
            }
        }
        Field::Hex => hex(part, out),
        Field::Base64 => {
            out.extend_from_slice(STANDARD.encode(part).as_bytes());
        }
        Field::Salt if part.len() == 1 => out.push(b'-'),
        Field::Salt => hex(&part[1..], out),
        Field::Base32 => odd::base32(&part[1..], out),
        Field::Types | Field::TypesOfOne => types(part, out)?,
        Field::Type => {
            let covered = RecordType::from_code(u16::from_be_bytes(part.try_into().ok()?));
            out.extend_from_slice(covered.known_form().as_bytes());
        }
        Field::Time => time::write(number(part), out),
        Field::Certificate => {
            let code = number(part);
            match CERTIFICATES
                .iter()
                .find(|(_, known)| u32::from(*known) == code)
            {
                Some((name, _)) => out.extend_from_slice(name.as_bytes()),
                None => decimal(code, out),
            }
        }
        Field::Tag => {
            let tag = &part[1..];
            if tag.is_empty() || !tag.iter().all(u8::is_ascii_alphanumeric) {
                return None;
            }
            out.extend_from_slice(tag);
        }
        Field::Rest => quoted(part, out),
        Field::Location => location::write(part, out)?,
        Field::Parameters => {
            let mut text = Vec::new();
            svcb::write(part, &mut text)?;
            out.extend_from_slice(&text);
        }
        Field::Prefixes => odd::write_prefixes(part, out)?,
        Field::Nsap => {
            out.extend_from_slice(b"0x");
            let from = out.len();
            hex(part, out);
            out[from..].make_ascii_lowercase();
        }
        Field::Eui48 | Field::Eui64 => odd::write_groups(part, 1, b'-', out),
        Field::Id64 => odd::write_groups(part, 2, b':', out),
        Field::IpsecKey => odd::write_ipseckey(part, origin, out)?,
        Field::Hip => odd::write_hip(part, origin, out)?,
        Field::Relay => odd::write_relay(part, origin, out)?,
    }
    Some(())
}

/// The address as RFC 5952 has it; those of old, `::1.2.3.4`, with a part of IPv4 as BIND does.
pub(super) fn ipv6(octets: [u8; 16], out: &mut Vec<u8>) {
    let address = Ipv6Addr::from(octets);
    let compatible = octets[..12] == [0; 12] && (octets[12] != 0 || octets[13] != 0);
    let text = if compatible {
        format!(
            "::{}",
            Ipv4Addr::new(octets[12], octets[13], octets[14], octets[15])
        )
    } else {
        address.to_string()
    };
    out.extend_from_slice(text.as_bytes());
}

/// A text in quotes; what is not printable ASCII as `\DDD`.
pub(crate) fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0x20..0x7f => out.push(*byte),
            byte => write_decimal_escape(*byte, out),
        }
    }
    out.push(b'"');
}

pub(super) fn hex(octets: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for octet in octets {
        out.push(DIGITS[usize::from(octet >> 4)]);
        out.push(DIGITS[usize::from(octet & 15)]);
    }
}

fn types(part: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = part;
    let mut first = true;
    while !rest.is_empty() {
        let (window, length) = (*rest.first()?, usize::from(*rest.get(1)?));
        let bits = rest.get(2..2 + length)?;
        if length == 0 || length > 32 {
            return None;
        }
        for low in 0..=u8::MAX {
            let octet = bits.get(usize::from(low / 8)).copied().unwrap_or(0);
            if octet & (0x80 >> (low % 8)) == 0 {
                continue;
            }
            if !first {
                out.push(b' ');
            }
            first = false;
            let kind = RecordType::from_code(u16::from_be_bytes([window, low]));
            out.extend_from_slice(kind.known_form().as_bytes());
        }
        rest = &rest[2 + length..];
    }
    Some(())
}
