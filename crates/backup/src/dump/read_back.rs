//! A second look at what lies on the disk.

use std::io::{self, Read, Write};

use camino::Utf8Path;
use fs_err::File;
use sha2::{Digest as _, Sha256};

use super::pipeline::Written;
use crate::Error;
use crate::manifest::Sum;

/// Reads a compressed file to its end: every frame whole, its checksum right. The sum of the raw
/// bytes is made only when they are looked at.
pub(super) fn read_back(
    path: &Utf8Path,
    mut aspects: Option<&mut dyn Look>,
) -> Result<Written, Error> {
    let file = File::open(path).map_err(|error| Error::file("read", path, error))?;
    let damaged = |error: io::Error| match error.raw_os_error() {
        Some(_) => Error::file("read", path, error),
        None => Error::Damaged {
            path: path.to_owned(),
            why: error.to_string(),
        },
    };
    let mut decoder = zstd::Decoder::new(Summing::new(file)).map_err(damaged)?;
    let mut raw = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let read = decoder.read(&mut buffer).map_err(damaged)?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        if let Some(aspects) = &mut aspects {
            aspects.look(&buffer[..read]);
            raw.update(&buffer[..read]);
        }
    }
    let compressed = decoder.finish().into_inner().sum();
    let sha256 = if aspects.is_some() {
        hex(raw)
    } else {
        String::new()
    };
    Ok(Written {
        raw: Sum { bytes, sha256 },
        compressed,
        databases: None,
    })
}

/// Looks at bytes.
pub(super) trait Look {
    fn look(&mut self, bytes: &[u8]);
}

/// Adds up what passes.
pub(super) struct Summing<I> {
    inner: I,
    hash: Sha256,
    bytes: u64,
}

impl<I> Summing<I> {
    pub(super) fn new(inner: I) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    pub(super) fn sum(self) -> Sum {
        Sum {
            bytes: self.bytes,
            sha256: hex(self.hash),
        }
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Summing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

pub(super) fn hex(hash: Sha256) -> String {
    use std::fmt::Write as _;
    hash.finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a text can be written to");
            text
        })
}
