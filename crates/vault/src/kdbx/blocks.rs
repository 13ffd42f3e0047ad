//! The payload in blocks, each with its checksum.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Cursor, Fault, Result, sha256, sha512, variant::length};

/// As large as KeePass makes them.
const BLOCK: usize = 1 << 20;

/// The key under which block `index` is signed; the header counts as the last index there is.
fn block_key(index: u64, key: &[u8; 64]) -> [u8; 64] {
    sha512(&[&index.to_le_bytes(), key])
}

fn mac(key: &[u8; 64], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    for part in parts {
        mac.update(part);
    }
    mac
}

/// The signature of a header.
pub(super) fn header_mac(header: &[u8], key: &[u8; 64]) -> [u8; 32] {
    mac(&block_key(u64::MAX, key), &[header])
        .finalize()
        .into_bytes()
        .into()
}

/// Whether the signature of a header is right.
pub(super) fn header_is_signed(header: &[u8], key: &[u8; 64], signature: &[u8; 32]) -> bool {
    mac(&block_key(u64::MAX, key), &[header])
        .verify_slice(signature)
        .is_ok()
}

/// Reads the signed blocks of KDBX 4.
pub(super) fn read_signed(bytes: &[u8], key: &[u8; 64]) -> Result<Vec<u8>> {
    let mut cursor = Cursor { rest: bytes };
    let mut data = Vec::with_capacity(bytes.len());
    for index in 0_u64.. {
        let signature: [u8; 32] = cursor.array()?;
        let size = cursor.length()?;
        let block = cursor.take(size)?;
        let parts = [&index.to_le_bytes()[..], &length(block), block];
        mac(&block_key(index, key), &parts)
            .verify_slice(&signature)
            .map_err(|_| Fault::Damaged("the signature of its encrypted data"))?;
        if block.is_empty() {
            break;
        }
        data.extend(block);
    }
    Ok(data)
}

/// Writes the signed blocks of KDBX 4, the empty one at the end included.
pub(super) fn write_signed(data: &[u8], key: &[u8; 64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len() + data.len() / BLOCK * 36 + 72);
    let blocks = data.chunks(BLOCK).chain([&[][..]]);
    for (index, block) in (0_u64..).zip(blocks) {
        let parts = [&index.to_le_bytes()[..], &length(block), block];
        let signature: [u8; 32] = mac(&block_key(index, key), &parts)
            .finalize()
            .into_bytes()
            .into();
        bytes.extend(signature);
        bytes.extend(length(block));
        bytes.extend(block);
    }
    bytes
}

/// Reads the blocks of KDBX 3.1, which have checksums.
pub(super) fn read_hashed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut cursor = Cursor { rest: bytes };
    let mut data = Vec::with_capacity(bytes.len());
    loop {
        let _index: [u8; 4] = cursor.array()?;
        let hash: [u8; 32] = cursor.array()?;
        let size = cursor.length()?;
        if size == 0 {
            return Ok(data);
        }
        let block = cursor.take(size)?;
        if sha256(&[block]) != hash {
            return Err(Fault::Damaged("the checksum of its data"));
        }
        data.extend(block);
    }
}
