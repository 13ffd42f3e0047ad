//! Whether a dump has its end.

use crate::recipe::Check;

/// How much of the end is kept.
const TAIL: usize = 4096;

/// Watches a stream for what a complete one has.
#[derive(Debug)]
pub(crate) struct Watcher {
    check: Check,
    head: Vec<u8>,
    tail: Vec<u8>,
    bytes: u64,
    crc: Option<Crc64>,
}

impl Watcher {
    pub(crate) fn new(check: Check) -> Self {
        Self {
            check,
            head: Vec::new(),
            tail: Vec::new(),
            bytes: 0,
            crc: (check == Check::Rdb).then(Crc64::new),
        }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let room = 16usize.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        if let Some(crc) = &mut self.crc {
            crc.feed(bytes);
        }
        if bytes.len() >= TAIL {
            self.tail.clear();
            self.tail.extend_from_slice(&bytes[bytes.len() - TAIL..]);
        } else {
            // Two windows at most: moving the rest now and then is cheap.
            self.tail.extend_from_slice(bytes);
            if self.tail.len() > 16 * TAIL {
                self.tail.drain(..self.tail.len() - TAIL);
            }
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What is missing, if anything is.
    pub(crate) fn finish(&self, least: u64) -> Result<(), String> {
        if self.bytes == 0 {
            return Err("it is empty".to_owned());
        }
        let tail = &self.tail[self.tail.len().saturating_sub(TAIL)..];
        match self.check {
            Check::Trailer(text) => {
                if memchr::memmem::find(tail, text.as_bytes()).is_none() {
                    return Err(format!("it does not end with `{text}`"));
                }
            }
            Check::Head(head) => {
                if !self.head.starts_with(head) {
                    return Err(format!(
                        "it does not start with `{}`",
                        String::from_utf8_lossy(head)
                    ));
                }
            }
            Check::Rdb => {
                if !self.head.starts_with(b"REDIS") {
                    return Err("it does not start with `REDIS`".to_owned());
                }
                let end = tail.len().checked_sub(9).map(|at| &tail[at..]);
                let Some([0xff, sum @ ..]) = end else {
                    return Err("it lacks the mark at the end of an RDB file".to_owned());
                };
                let sum = u64::from_le_bytes(sum.try_into().expect("nine less one are eight"));
                let found = self.crc.as_ref().map_or(0, |crc| crc.crc);
                // Zero means that the server does not compute it.
                if sum != 0 && sum != found {
                    return Err("its checksum is wrong".to_owned());
                }
            }
            Check::MongoArchive => {
                if !self.head.starts_with(&[0x6d, 0xe2, 0x99, 0x81]) {
                    return Err("it does not start as an archive of mongodump does".to_owned());
                }
                if !tail.ends_with(&[0xff; 4]) {
                    return Err(
                        "it lacks the mark at the end of an archive of mongodump".to_owned()
                    );
                }
            }
            Check::Tar => {
                if tail.len() < 1024 || tail[tail.len() - 1024..].iter().any(|byte| *byte != 0) {
                    return Err("it lacks the empty blocks at the end of a tar archive".to_owned());
                }
            }
        }
        if self.bytes < least {
            return Err(format!(
                "it has {} bytes, and the least possible is {least}",
                self.bytes
            ));
        }
        Ok(())
    }
}

/// CRC-64 as Redis has it (Jones, reflected), of all bytes but the last eight.
#[derive(Debug)]
struct Crc64 {
    table: Box<[u64; 256]>,
    crc: u64,
    held: Vec<u8>,
}

impl Crc64 {
    fn new() -> Self {
        let mut table = Box::new([0; 256]);
        for (index, entry) in table.iter_mut().enumerate() {
            let mut value = index as u64;
            for _ in 0..8 {
                value = if value & 1 == 1 {
                    (value >> 1) ^ 0x95ac_9329_ac4b_c9b5
                } else {
                    value >> 1
                };
            }
            *entry = value;
        }
        Self {
            table,
            crc: 0,
            held: Vec::with_capacity(16),
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        let keep = bytes.len().min(8);
        let (now, last) = bytes.split_at(bytes.len() - keep);
        let out = (self.held.len() + keep).saturating_sub(8);
        if now.is_empty() {
            let due: Vec<u8> = self.held.drain(..out).collect();
            self.update(&due);
        } else {
            let due = std::mem::take(&mut self.held);
            self.update(&due);
            self.update(now);
        }
        self.held.extend_from_slice(last);
    }

    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let index = (self.crc ^ u64::from(*byte)) & 0xff;
            self.crc = self.table[usize::try_from(index).expect("a byte")] ^ (self.crc >> 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(check: Check, bytes: &[u8]) -> String {
        let mut verdicts = Vec::new();
        for size in [1, 5, 100, 8192] {
            let mut watcher = Watcher::new(check);
            for piece in bytes.chunks(size) {
                watcher.feed(piece);
            }
            verdicts.push(
                watcher
                    .finish(10)
                    .err()
                    .unwrap_or_else(|| "complete".to_owned()),
            );
        }
        verdicts.dedup();
        verdicts.join(" / ")
    }

    #[test]
    fn the_checksum_is_that_of_redis() {
        let mut crc = Crc64::new();
        crc.update(b"123456789");
        // the value in the source of Redis
        assert_eq!(crc.crc, 0xe9c6_d914_c4b8_d9ca);
    }

    #[test]
    fn ends_are_looked_for() {
        let trailer = Check::Trailer("-- done");
        assert_eq!(
            verdict(
                trailer,
                &[b"x".repeat(9000), b"\n-- done\n\\unrestrict T\n\n".to_vec()].concat()
            ),
            "complete"
        );
        assert_eq!(
            verdict(trailer, &[b"-- done".to_vec(), b"x".repeat(9000)].concat()),
            "it does not end with `-- done`"
        );
        assert_eq!(verdict(trailer, b""), "it is empty");
        assert_eq!(
            verdict(trailer, b"-- done"),
            "it has 7 bytes, and the least possible is 10"
        );
        assert_eq!(verdict(Check::Tar, &[0; 1500]), "complete");
        assert_eq!(
            verdict(Check::Tar, &[1; 1500]),
            "it lacks the empty blocks at the end of a tar archive"
        );
        assert_eq!(
            verdict(Check::Head(b"PGDMP"), b"PGDMP and more"),
            "complete"
        );
    }

    #[test]
    fn a_cut_rdb_file_is_seen() {
        let mut crc = Crc64::new();
        let mut whole = b"REDIS0011\xfa some values \xff".to_vec();
        crc.update(&whole);
        whole.extend_from_slice(&crc.crc.to_le_bytes());
        assert_eq!(verdict(Check::Rdb, &whole), "complete");
        let last = whole.len() - 1;
        assert_ne!(verdict(Check::Rdb, &whole[..last]), "complete");
        let mut flipped = whole.clone();
        flipped[12] ^= 1;
        assert_eq!(verdict(Check::Rdb, &flipped), "its checksum is wrong");
        let unchecked = [b"REDIS0011\xff".as_slice(), &[0; 8]].concat();
        assert_eq!(verdict(Check::Rdb, &unchecked), "complete");
    }
}
