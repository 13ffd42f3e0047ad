//! Functions that encode and sum up.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Digest as _;

use super::{Function, takes};
use crate::Data;
use crate::options::Param::Text;

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["b64enc"], &[Text], |_, a| {
        Ok(Data::Text(STANDARD.encode(a[0].as_text())))
    }),
    // What cannot be decoded gives the text of the error.
    takes(&["b64dec"], &[Text], |_, a| {
        let lines = a[0].as_text().replace(['\r', '\n'], "");
        let strange = |c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c));
        if let Some(at) = lines.find(strange) {
            return Ok(Data::Text(format!(
                "illegal base64 data at input byte {at}"
            )));
        }
        Ok(Data::Text(match STANDARD.decode(lines.as_bytes()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                let at = match error {
                    base64::DecodeError::InvalidByte(at, _)
                    | base64::DecodeError::InvalidLastSymbol(at, _) => at,
                    _ => lines.len() / 4 * 4,
                };
                format!("illegal base64 data at input byte {at}")
            }
        }))
    }),
    takes(&["b32enc"], &[Text], |_, a| {
        Ok(Data::Text(base32(a[0].as_text())))
    }),
    takes(&["b32dec"], &[Text], |_, a| {
        Ok(Data::Text(match from_base32(a[0].as_text()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(at) => format!("illegal base32 data at input byte {at}"),
        }))
    }),
    takes(&["sha1sum"], &[Text], |_, a| {
        Ok(hex(&sha1::Sha1::digest(a[0].as_text().as_bytes())))
    }),
    takes(&["sha256sum"], &[Text], |_, a| {
        Ok(hex(&sha2::Sha256::digest(a[0].as_text().as_bytes())))
    }),
    takes(&["adler32sum"], &[Text], |_, a| {
        Ok(Data::Text(adler32(a[0].as_text()).to_string()))
    }),
];

pub(super) fn hex(bytes: &[u8]) -> Data {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _infallible = write!(out, "{byte:02x}");
    }
    Data::Text(out)
}

fn adler32(text: &str) -> u32 {
    const BASE: u32 = 65_521;
    let (low, high) = text.bytes().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(byte)) % BASE;
        (low, (high + low) % BASE)
    });
    high << 16 | low
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(text: &str) -> String {
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(5) {
        let mut bytes = [0; 8];
        bytes[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(bytes);
        let count = (chunk.len() * 8).div_ceil(5);
        for at in 0..8 {
            let index = usize::try_from(bits >> (35 - 5 * at) & 31).unwrap_or(0);
            out.push(if at < count {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
    }
    out
}

/// The bytes, or the place of what does not belong there.
fn from_base32(text: &str) -> Result<Vec<u8>, usize> {
    let text = text.replace(['\r', '\n'], "");
    let mut out = Vec::new();
    let groups = text.as_bytes().chunks(8).enumerate();
    for (group, chunk) in groups {
        let at = group * 8;
        let digits = chunk.iter().position(|byte| *byte == b'=').unwrap_or(8);
        let strange = |byte: &u8| *byte != b'=' && !ALPHABET.contains(byte);
        if let Some(offset) = chunk.iter().position(strange) {
            return Err(at + offset);
        }
        let last = at + 8 >= text.len();
        if chunk.len() < 8 || (digits < 8 && !last) {
            return Err(at);
        }
        if !matches!(digits, 2 | 4 | 5 | 7 | 8) || chunk[digits..].iter().any(|b| *b != b'=') {
            return Err(at + digits);
        }
        let mut bits = 0_u64;
        for (offset, byte) in chunk.iter().enumerate() {
            let value = if offset < digits {
                let value = ALPHABET.iter().position(|known| known == byte);
                u64::try_from(value.ok_or(at + offset)?).unwrap_or(0)
            } else {
                0
            };
            bits = bits << 5 | value;
        }
        let bytes = bits.to_be_bytes();
        out.extend_from_slice(&bytes[3..3 + digits * 5 / 8]);
    }
    Ok(out)
}
