//! Names as text.

use super::{Name, is_within};

/// Writes a name in wire form as text. With an origin it is for a master file: what Knot wants escaped
/// is. Without one it is as BIND prints it.
pub(crate) fn write_wire(wire: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) {
    let mut end = wire.len();
    if let Some(origin) = origin
        && !origin.is_root()
        && is_within(wire, &origin.0)
    {
        end = wire.len() - origin.0.len();
        if end == 0 {
            out.push(b'@');
            return;
        }
    }
    let plain = if origin.is_some() { &USUAL } else { &PLAIN };
    let mut at = 0;
    while at < end && wire[at] != 0 {
        let length = usize::from(wire[at]);
        if at > 0 {
            out.push(b'.');
        }
        write_label(&wire[at + 1..=at + length], plain, out);
        at += length + 1;
    }
    if end == wire.len() {
        out.push(b'.');
    }
}

/// Which octets of a label stand as they are.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0x21_u8;
    while byte < 0x7f {
        plain[byte as usize] =
            !matches!(byte, b'"' | b'(' | b')' | b';' | b'.' | b'\\' | b'@' | b'$');
        byte += 1;
    }
    plain
};

/// Which octets Knot takes in names without a backslash.
pub(super) const USUAL: [bool; 256] = {
    let mut usual = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        usual[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*' | b'/');
        byte += 1;
    }
    usual
};

fn write_label(label: &[u8], plain: &[bool; 256], out: &mut Vec<u8>) {
    if label.iter().all(|b| plain[usize::from(*b)]) {
        out.extend_from_slice(label);
        return;
    }
    for byte in label {
        match byte {
            byte if plain[usize::from(*byte)] => out.push(*byte),
            0x21..0x7f => out.extend_from_slice(&[b'\\', *byte]),
            byte => write_decimal_escape(*byte, out),
        }
    }
}

/// Writes an octet as `\DDD`.
pub(crate) fn write_decimal_escape(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(&[
        b'\\',
        b'0' + byte / 100,
        b'0' + byte / 10 % 10,
        b'0' + byte % 10,
    ]);
}

/// What was written octet by octet, all of it ASCII.
pub(crate) fn text(out: Vec<u8>) -> String {
    String::from_utf8(out)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
