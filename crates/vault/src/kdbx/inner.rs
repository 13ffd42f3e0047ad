//! What the envelope holds: the attachments, the key of the protected values, the XML document.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::cipher::Stream;
use super::{Cursor, Fault, Result, variant::length};

/// Items of the inner header.
mod item {
    pub(super) const END: u8 = 0;
    pub(super) const STREAM: u8 = 1;
    pub(super) const STREAM_KEY: u8 = 2;
    pub(super) const BINARY: u8 = 3;
}

/// An attachment.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Binary {
    pub(crate) protected: bool,
    pub(crate) data: Arc<Zeroizing<Vec<u8>>>,
}

/// What the envelope holds.
pub(crate) struct Inner {
    /// The number and the key of the stream over protected values.
    stream: (u32, Zeroizing<Vec<u8>>),
    /// In the order in which the document refers to them; empty for KDBX 3.1, which has them in the
    /// document.
    pub(crate) binaries: Vec<Binary>,
    pub(crate) xml: Zeroizing<Vec<u8>>,
}

impl Inner {
    /// Of a document whose protected values are not encrypted a second time.
    pub(crate) fn plain(binaries: Vec<Binary>, xml: Zeroizing<Vec<u8>>) -> Self {
        Self {
            stream: (0, Zeroizing::default()),
            binaries,
            xml,
        }
    }

    pub(super) fn old(stream: u32, key: Vec<u8>, xml: Zeroizing<Vec<u8>>) -> Self {
        Self {
            stream: (stream, Zeroizing::new(key)),
            binaries: Vec::new(),
            xml,
        }
    }

    /// The stream, at its beginning.
    pub(crate) fn stream(&self) -> Result<Stream> {
        Stream::new(self.stream.0, &self.stream.1)
    }

    pub(super) fn parse(mut payload: Zeroizing<Vec<u8>>) -> Result<Self> {
        let damaged = |_| Fault::Damaged("its inner header");
        let mut cursor = Cursor { rest: &payload };
        let (mut stream, mut key, mut binaries) = (None, Vec::new(), Vec::new());
        loop {
            let kind = cursor.byte().map_err(damaged)?;
            let size = cursor.length().map_err(damaged)?;
            let value = cursor.take(size).map_err(damaged)?;
            match kind {
                item::END => break,
                item::STREAM => {
                    let id = value
                        .try_into()
                        .map_err(|_| Fault::Damaged("its inner header"))?;
                    stream = Some(u32::from_le_bytes(id));
                }
                item::STREAM_KEY => key = value.to_vec(),
                item::BINARY => {
                    let (flags, data) =
                        value.split_first().ok_or(Fault::Damaged("an attachment"))?;
                    binaries.push(Binary {
                        protected: flags & 1 != 0,
                        data: Arc::new(Zeroizing::new(data.to_vec())),
                    });
                }
                _ => return Err(Fault::Damaged("its inner header")),
            }
        }
        let stream = stream.ok_or(Fault::Damaged("its inner header"))?;
        // the document stays where it is: a copy would have to be overwritten as well
        let front = payload.len() - cursor.rest.len();
        payload.drain(..front);
        Ok(Self {
            stream: (stream, Zeroizing::new(key)),
            binaries,
            xml: payload,
        })
    }

    pub(super) fn emit(&self) -> Zeroizing<Vec<u8>> {
        let attachments: usize = self
            .binaries
            .iter()
            .map(|binary| binary.data.len() + 6)
            .sum();
        // at its final size at once: what a growing buffer leaves behind is not overwritten
        let size = 128 + self.stream.1.len() + attachments + self.xml.len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        let mut put = |kind: u8, parts: &[&[u8]]| {
            let value = Zeroizing::new(parts.concat());
            bytes.push(kind);
            bytes.extend(length(&value));
            bytes.extend(value.iter());
        };
        put(item::STREAM, &[&self.stream.0.to_le_bytes()]);
        put(item::STREAM_KEY, &[&self.stream.1]);
        for binary in &self.binaries {
            put(item::BINARY, &[&[u8::from(binary.protected)], &binary.data]);
        }
        put(item::END, &[]);
        bytes.extend(self.xml.iter());
        bytes
    }
}
