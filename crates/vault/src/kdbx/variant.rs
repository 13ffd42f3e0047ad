//! The typed dictionary in which KDBX 4 keeps the parameters of the key derivation.

use super::{Cursor, Fault, Result};

const VERSION: u16 = 0x100;
const UINT32: u8 = 0x04;
const UINT64: u8 = 0x05;
const BYTES: u8 = 0x42;

/// Its items in file order: kind, name, raw value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dictionary(Vec<(u8, Vec<u8>, Vec<u8>)>);

impl Dictionary {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let damaged = |_| Fault::Damaged("the parameters of the key derivation");
        let mut cursor = Cursor { rest: bytes };
        // the high byte is the part that breaks readers
        if cursor.u16().map_err(damaged)? >> 8 != VERSION >> 8 {
            return Err(Fault::Unsupported(
                "this version of key derivation parameters".to_owned(),
            ));
        }
        let mut items = Vec::new();
        loop {
            let kind = cursor.byte().map_err(damaged)?;
            if kind == 0 {
                return Ok(Self(items));
            }
            let length = cursor.length().map_err(damaged)?;
            let name = cursor.take(length).map_err(damaged)?.to_vec();
            let length = cursor.length().map_err(damaged)?;
            let value = cursor.take(length).map_err(damaged)?.to_vec();
            items.push((kind, name, value));
        }
    }

    pub(super) fn emit(&self) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        for (kind, name, value) in &self.0 {
            bytes.push(*kind);
            for part in [name, value] {
                bytes.extend(length(part));
                bytes.extend(part);
            }
        }
        bytes.push(0);
        bytes
    }

    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        let mut items = self.0.iter();
        items
            .find(|item| item.0 == BYTES && item.1 == name.as_bytes())
            .map(|item| item.2.as_slice())
    }

    /// An unsigned number of either width.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let (kind, _, value) = self.0.iter().find(|item| item.1 == name.as_bytes())?;
        match *kind {
            UINT32 => Some(u32::from_le_bytes(value.as_slice().try_into().ok()?).into()),
            UINT64 => Some(u64::from_le_bytes(value.as_slice().try_into().ok()?)),
            _ => None,
        }
    }

    pub(super) fn with_bytes(self, name: &str, value: &[u8]) -> Self {
        self.with(BYTES, name, value)
    }

    pub(super) fn with_u32(self, name: &str, value: u32) -> Self {
        self.with(UINT32, name, &value.to_le_bytes())
    }

    pub(super) fn with_u64(self, name: &str, value: u64) -> Self {
        self.with(UINT64, name, &value.to_le_bytes())
    }

    fn with(mut self, kind: u8, name: &str, value: &[u8]) -> Self {
        self.0
            .push((kind, name.as_bytes().to_vec(), value.to_vec()));
        self
    }
}

/// The length of a part, as the format writes it.
pub(super) fn length(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len())
        .expect("parts of a header are short")
        .to_le_bytes()
}
