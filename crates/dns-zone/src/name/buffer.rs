//! Names in the making.
//!
//! Compressed names of messages are read by hickory-proto. Text is not: it takes `\DDD` for octal.

use std::sync::Arc;

use hickory_proto::rr as wire;
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};

use super::write::USUAL;
use super::{MAX_LABEL, MAX_NAME, Name, NameError};

/// A name under construction, in wire form.
#[derive(Debug)]
pub(crate) struct NameBuffer {
    wire: [u8; MAX_NAME],
    length: usize,
    /// Whether a label beyond ASCII was turned into an A-label.
    pub(crate) from_unicode: bool,
    /// An octet that some program wants escaped, escaped otherwise, or that is not ASCII.
    pub(crate) odd: Option<u8>,
}

impl Default for NameBuffer {
    fn default() -> Self {
        Self {
            wire: [0; MAX_NAME],
            length: 0,
            from_unicode: false,
            odd: None,
        }
    }
}

impl NameBuffer {
    pub(crate) fn wire(&self) -> &[u8] {
        &self.wire[..self.length]
    }

    pub(crate) fn to_name(&self) -> Name {
        Name(Arc::from(self.wire()))
    }

    pub(super) fn push_label(&mut self, label: &[u8]) -> Result<(), NameError> {
        if label.is_empty() {
            return Err(NameError::EmptyLabel);
        }
        let length = u8::try_from(label.len())
            .ok()
            .filter(|length| usize::from(*length) <= MAX_LABEL)
            .ok_or(NameError::LongLabel(label.len()))?;
        let end = self.length + 1 + label.len();
        // One octet stays for the root.
        if end >= MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length] = length;
        self.wire[self.length + 1..end].copy_from_slice(label);
        self.length = end;
        Ok(())
    }

    pub(super) fn append(&mut self, suffix: &Name) -> Result<(), NameError> {
        let end = self.length + suffix.0.len();
        if end > MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length..end].copy_from_slice(&suffix.0);
        self.length = end;
        Ok(())
    }

    pub(super) fn finish_root(&mut self) -> Result<(), NameError> {
        if self.length >= MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length] = 0;
        self.length += 1;
        Ok(())
    }

    fn finish(&mut self, origin: Option<&Name>) -> Result<(), NameError> {
        match origin {
            Some(origin) => self.append(origin),
            None => self.finish_root(),
        }
    }

    /// Reads the presentation form, replacing what was here.
    pub(crate) fn read(&mut self, text: &[u8], origin: Option<&Name>) -> Result<(), NameError> {
        self.length = 0;
        self.from_unicode = false;
        self.odd = None;
        match text {
            b"" => return Err(NameError::Empty),
            b"." => return self.finish_root(),
            b"@" if origin.is_some() => return self.finish(origin),
            _ => {}
        }
        // The octet in front of a label is its length, known at its end.
        let mut start = 0;
        let mut at = 1;
        let mut rest = text.iter();
        // validns takes no hyphen in front.
        let mut odd = text.starts_with(b"-").then_some(b'-');
        let mut absolute = false;
        while let Some(byte) = rest.next() {
            let octet = match *byte {
                b'.' => {
                    self.end_label(start, at)?;
                    start = at;
                    at += 1;
                    absolute = rest.as_slice().is_empty();
                    continue;
                }
                b'\\' => {
                    let behind = rest.as_slice();
                    let octet = escaped(&mut rest.by_ref().copied())?;
                    // `\#` begins data of unknown types, `\[` a bit-string label; NSD reads `\\ ` as
                    // a blank.
                    let misread = match behind.first() {
                        Some(b'#' | b'[') => at == start + 1,
                        Some(b'\\') => rest.as_slice().is_empty(),
                        _ => false,
                    };
                    if misread {
                        odd = odd.max(Some(octet));
                    }
                    octet
                }
                byte => {
                    if !USUAL[usize::from(byte)] {
                        odd = odd.max(Some(byte));
                    }
                    byte
                }
            };
            if at >= MAX_NAME {
                return Err(too_long(text));
            }
            self.wire[at] = octet;
            at += 1;
        }
        self.odd = odd;
        if odd.is_some_and(|byte| !byte.is_ascii())
            && !text.contains(&b'\\')
            && let Ok(text) = std::str::from_utf8(text)
        {
            return self.read_unicode(text, origin);
        }
        if absolute {
            self.length = start;
            return self.finish_root();
        }
        self.end_label(start, at)?;
        self.length = at;
        self.finish(origin)
    }

    fn end_label(&mut self, start: usize, at: usize) -> Result<(), NameError> {
        match at - start - 1 {
            0 => Err(NameError::EmptyLabel),
            length @ 1..=MAX_LABEL => {
                self.wire[start] = u8::try_from(length).unwrap_or_default();
                if at >= MAX_NAME {
                    return Err(NameError::LongName);
                }
                Ok(())
            }
            length => Err(NameError::LongLabel(length)),
        }
    }

    fn read_unicode(&mut self, text: &str, origin: Option<&Name>) -> Result<(), NameError> {
        self.length = 0;
        self.from_unicode = true;
        let relative = text.strip_suffix('.');
        for label in relative.unwrap_or(text).split('.') {
            if label.is_ascii() {
                self.push_label(label.as_bytes())?;
                continue;
            }
            let ascii = idna::domain_to_ascii(label)
                .ok()
                .filter(|ascii| !ascii.is_empty() && !ascii.contains('.'))
                .ok_or_else(|| NameError::NotIdna(label.to_owned()))?;
            self.push_label(ascii.as_bytes())?;
        }
        self.finish(if relative.is_some() { None } else { origin })
    }

    /// Reads a name of a message at `*at`, following pointers.
    pub(crate) fn read_compressed(
        &mut self,
        message: &[u8],
        at: &mut usize,
    ) -> Result<(), NameError> {
        // Offsets in messages have 16 bits.
        let start = u16::try_from(*at)
            .ok()
            .filter(|start| usize::from(*start) <= message.len())
            .ok_or(NameError::BadWire)?;
        let mut decoder = BinDecoder::new(message).clone(start);
        let name = wire::Name::read(&mut decoder).map_err(|_| NameError::BadWire)?;
        self.length = 0;
        for label in &name {
            self.push_label(label).map_err(|_| NameError::BadWire)?;
        }
        *at = decoder.index();
        self.finish_root().map_err(|_| NameError::BadWire)
    }
}

/// Which error a name is that does not fit: a long label is one, before the long name is.
fn too_long(text: &[u8]) -> NameError {
    let mut length = 0;
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match *byte {
            b'.' => length = 0,
            b'\\' => match escaped(&mut rest.by_ref().copied()) {
                Ok(_) => length += 1,
                Err(error) => return error,
            },
            _ => length += 1,
        }
        if length > MAX_LABEL {
            let more = rest.as_slice().iter().take_while(|b| **b != b'.').count();
            return NameError::LongLabel(length + more);
        }
    }
    NameError::LongName
}

/// The octet behind a backslash.
fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, NameError> {
    escape(rest).ok_or(NameError::BadEscape)
}

/// The octet that stands behind a backslash: one that is no digit for itself, three digits for their
/// value.
pub(crate) fn escape(rest: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let first = rest.next()?;
    if !first.is_ascii_digit() {
        return Some(first);
    }
    let mut value = u16::from(first - b'0');
    for _ in 0..2 {
        let digit = rest.next().filter(u8::is_ascii_digit)?;
        value = value * 10 + u16::from(digit - b'0');
    }
    u8::try_from(value).ok()
}
