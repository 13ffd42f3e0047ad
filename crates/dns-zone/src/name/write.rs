//! Names as text.

use super::{Name, is_within};

/// Writes a name in wire form as text, in the form that all programs take.
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
    let mut at = 0;
    while at < end && wire[at] != 0 {
        let length = usize::from(wire[at]);
        if at > 0 {
            out.push(b'.');
        }
        write_label(&wire[at + 1..=at + length], at == 0, out);
        at += length + 1;
    }
    if end == wire.len() {
        out.push(b'.');
    }
}

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

fn write_label(label: &[u8], first: bool, out: &mut Vec<u8>) {
    // validns takes no hyphen in front of a name.
    if first && label[0] == b'-' {
        out.push(b'\\');
    }
    if label.iter().all(|b| USUAL[usize::from(*b)]) {
        out.extend_from_slice(label);
        return;
    }
    for byte in label {
        match byte {
            byte if USUAL[usize::from(*byte)] => out.push(*byte),
            // `\#` begins data of unknown types, `\[` a bit-string label; NSD reads `\\ ` as a blank.
            b'#' | b'[' | b'\\' => write_decimal_escape(*byte, out),
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
