//! From a stream to a file: a bounded queue, and a thread that counts, compresses, writes, and looks
//! a second time at what lies on the disk.

use std::io::{BufWriter, Write as _};
use std::thread::JoinHandle;

use bytes::Bytes;
use camino::Utf8Path;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::check::Watcher;
use super::count::Counter;
use super::read_back::{Summing, hex, read_back};
use crate::Error;
use crate::manifest::{Databases, Sum};
use crate::recipe::{Check, Counting};

pub(super) use super::read_back::Look;
pub(super) use crate::whole::{PARTIAL, Partial};

const LEVEL: i32 = 3;

/// Pieces that wait, of about 10 KiB each.
const QUEUE: usize = 64;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) raw: Sum,
    pub(super) compressed: Sum,
    pub(super) databases: Option<Databases>,
}

/// Takes the pieces of a dump.
#[derive(Debug)]
pub(super) struct Sink {
    queue: mpsc::Sender<Bytes>,
    thread: JoinHandle<Result<(Partial, Written), Error>>,
}

impl Sink {
    /// Opens the file that becomes `target`. `inside` means that what comes is compressed already.
    pub(super) fn open(
        target: &Utf8Path,
        check: Check,
        counting: Counting,
        least: u64,
        inside: bool,
        what: &str,
    ) -> Result<Self, Error> {
        let partial = Partial::make(target)?;
        let (queue, pieces) = mpsc::channel(QUEUE);
        let what = what.to_owned();
        let work = move || {
            let aspects = Aspects {
                watcher: Watcher::new(check),
                counter: Counter::new(counting),
            };
            if inside {
                store(pieces, partial, aspects, least, &what)
            } else {
                compress(pieces, partial, aspects, check, least, &what)
            }
        };
        let thread = std::thread::Builder::new()
            .name("dump".to_owned())
            .spawn(work)
            .map_err(|error| Error::file("write", target, error))?;
        Ok(Self { queue, thread })
    }

    /// Hands a piece over, waiting for room. `false` if nothing can be written any more.
    pub(super) async fn push(&self, piece: Bytes) -> bool {
        self.queue.send(piece).await.is_ok()
    }

    /// Nothing more comes: everything is written, checked and read again.
    pub(super) async fn finish(self) -> Result<(Partial, Written), Error> {
        let Self { queue, thread } = self;
        drop(queue);
        let joined = tokio::task::spawn_blocking(move || thread.join());
        match joined.await {
            Ok(Ok(result)) => result,
            // It has panicked, which no input makes it do; whoever asked has to know.
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::Cancelled),
        }
    }

    /// Why nothing came of it: what went wrong with the writing, else `error`.
    pub(super) async fn failure(self, error: Error) -> Error {
        let full = self.queue.is_closed();
        match self.finish().await {
            Err(written) if full && !matches!(written, Error::Incomplete { .. }) => written,
            _ => error,
        }
    }
}

/// What is looked at while bytes pass by.
struct Aspects {
    watcher: Watcher,
    counter: Counter,
}

impl Aspects {
    fn feed(&mut self, bytes: &[u8]) {
        self.watcher.feed(bytes);
        self.counter.feed(bytes);
    }

    fn finish(self, least: u64, what: &str) -> Result<Option<Databases>, Error> {
        let checked = self.watcher.finish(least);
        checked.map_err(|why| Error::Incomplete {
            what: what.to_owned(),
            why,
        })?;
        Ok(self.counter.finish())
    }
}

impl Look for Aspects {
    fn look(&mut self, bytes: &[u8]) {
        self.feed(bytes);
    }
}

fn compress(
    mut pieces: mpsc::Receiver<Bytes>,
    mut partial: Partial,
    mut aspects: Aspects,
    check: Check,
    least: u64,
    what: &str,
) -> Result<(Partial, Written), Error> {
    let path = partial.path().to_owned();
    let failed = |error| Error::file("write", &path, error);
    let mut raw = Sha256::new();
    let compressed = {
        let to = Summing::new(BufWriter::with_capacity(256 * 1024, partial.file()));
        let mut encoder = zstd::Encoder::new(to, LEVEL).map_err(failed)?;
        encoder.include_checksum(true).map_err(failed)?;
        let mut held = Held::new(check);
        while let Some(piece) = pieces.blocking_recv() {
            for piece in held.pass(piece) {
                aspects.feed(&piece);
                raw.update(&piece);
                encoder.write_all(&piece).map_err(failed)?;
            }
        }
        // Without it the dump is complete: it is no part of it.
        if aspects.watcher.finish(least).is_err() {
            aspects.feed(&held.bytes);
            raw.update(&held.bytes);
            encoder.write_all(&held.bytes).map_err(failed)?;
        }
        let mut to = encoder.finish().map_err(failed)?;
        to.flush().map_err(failed)?;
        to.sum()
    };
    partial.file().sync_all().map_err(failed)?;
    let bytes = aspects.watcher.bytes();
    let databases = aspects.finish(least, what)?;
    let raw = Sum {
        bytes,
        sha256: hex(raw),
    };
    let found = read_back(&path, None)?;
    if found.compressed != compressed || found.raw.bytes != raw.bytes {
        return Err(Error::Damaged {
            path,
            why: "what is read back is not what was written".to_owned(),
        });
    }
    Ok((
        partial,
        Written {
            raw,
            compressed,
            databases,
        },
    ))
}

/// The mark behind a stream of a server of Redis that does not know the length beforehand. Its client
/// cuts it off a file, and cannot cut it off standard output.
const MARK: usize = 40;

/// Keeps the last bytes of a stream back, where they may be such a mark.
struct Held {
    bytes: Vec<u8>,
    most: usize,
}

impl Held {
    fn new(check: Check) -> Self {
        let most = if check == Check::Rdb { MARK } else { 0 };
        Self {
            bytes: Vec::new(),
            most,
        }
    }

    /// What is not among the last bytes any more.
    fn pass(&mut self, piece: Bytes) -> [Bytes; 2] {
        if self.most == 0 {
            return [piece, Bytes::new()];
        }
        let due = (self.bytes.len() + piece.len()).saturating_sub(self.most);
        let old = due.min(self.bytes.len());
        let first: Vec<u8> = self.bytes.drain(..old).collect();
        let second = piece.slice(..due - old);
        self.bytes.extend_from_slice(&piece[due - old..]);
        [first.into(), second]
    }
}

/// Writes what is compressed already, and looks at what is in it afterwards.
fn store(
    mut pieces: mpsc::Receiver<Bytes>,
    mut partial: Partial,
    mut aspects: Aspects,
    least: u64,
    what: &str,
) -> Result<(Partial, Written), Error> {
    let path = partial.path().to_owned();
    let failed = |error| Error::file("write", &path, error);
    let mut to = Summing::new(BufWriter::with_capacity(256 * 1024, partial.file()));
    while let Some(piece) = pieces.blocking_recv() {
        to.write_all(&piece).map_err(failed)?;
    }
    to.flush().map_err(failed)?;
    let compressed = to.sum();
    partial.file().sync_all().map_err(failed)?;
    let cut = |error| match error {
        Error::Damaged { why, .. } => Error::Incomplete {
            what: what.to_owned(),
            why,
        },
        error => error,
    };
    let found = read_back(&path, Some(&mut aspects)).map_err(cut)?;
    let databases = aspects.finish(least, what)?;
    if found.compressed != compressed {
        return Err(Error::Damaged {
            path,
            why: "what is read back is not what was written".to_owned(),
        });
    }
    Ok((partial, Written { databases, ..found }))
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;
    use fs_err::File;

    use super::*;

    fn dir() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        (dir, path)
    }

    async fn pass(target: &Utf8Path, pieces: Vec<Vec<u8>>, inside: bool) -> Result<Written, Error> {
        let check = Check::Trailer("-- done");
        let sink = Sink::open(target, check, Counting::PostgreSql, 10, inside, "it")?;
        for piece in pieces {
            if !sink.push(piece.into()).await {
                break;
            }
        }
        let (partial, written) = sink.finish().await?;
        partial.rename(target)?;
        Ok(written)
    }

    #[tokio::test]
    async fn the_mark_behind_a_stream_of_redis_is_cut_off() {
        let (_guard, dir) = dir();
        let dump = [b"REDIS0011 whatever it holds \xff".as_slice(), &[0; 8]].concat();
        for mark in [b"".as_slice(), &[b'm'; 40]] {
            for size in [1, 30, 1000] {
                let target = dir.join("x.zst");
                let sink =
                    Sink::open(&target, Check::Rdb, Counting::Nothing, 18, false, "it").unwrap();
                for piece in [dump.as_slice(), mark].concat().chunks(size) {
                    assert!(sink.push(piece.to_vec().into()).await);
                }
                let (partial, _) = sink.finish().await.unwrap();
                partial.rename(&target).unwrap();
                assert_eq!(
                    zstd::decode_all(File::open(&target).unwrap()).unwrap(),
                    dump
                );
            }
        }
    }

    fn lines(count: usize) -> Vec<u8> {
        let mut text = b"COPY public.t (id) FROM stdin;\n".to_vec();
        for at in 0..count {
            text.extend_from_slice(format!("{at}\tsome text\n").as_bytes());
        }
        text.extend_from_slice(b"\\.\n-- done\n");
        text
    }

    #[tokio::test]
    async fn what_is_written_can_be_read() {
        let (_guard, dir) = dir();
        let text = lines(20_000);
        let target = dir.join("x.zst");
        let pieces = text.chunks(9_000).map(<[u8]>::to_vec).collect();
        let written = pass(&target, pieces, false).await.unwrap();
        assert_eq!(
            written.databases.as_ref().unwrap()[""]["public.t"].rows,
            20_000
        );
        assert_eq!(
            zstd::decode_all(File::open(&target).unwrap()).unwrap(),
            text
        );
        assert_eq!(
            written.compressed.bytes,
            fs_err::metadata(&target).unwrap().len()
        );

        // Compressed before it came: the same is known of it.
        let packed = zstd::encode_all(text.as_slice(), 3).unwrap();
        let other = dir.join("y.zst");
        let inside = pass(&other, vec![packed.clone()], true).await.unwrap();
        assert_eq!(
            (inside.raw, inside.databases),
            (written.raw, written.databases)
        );
        let cut = pass(
            &dir.join("z.zst"),
            vec![packed[..packed.len() - 3].to_vec()],
            true,
        )
        .await;
        assert!(matches!(cut, Err(Error::Incomplete { .. })), "{cut:?}");
        assert_eq!(
            dir.read_dir_utf8().unwrap().count(),
            2,
            "nothing is left of the third"
        );
    }

    #[tokio::test]
    async fn a_cut_stream_leaves_nothing() {
        let (_guard, dir) = dir();
        let mut text = lines(5_000);
        text.truncate(text.len() / 2);
        let cut = pass(&dir.join("x.zst"), vec![text], false).await;
        assert_eq!(
            cut.unwrap_err().to_string(),
            "the dump of it is not complete: it does not end with `-- done`"
        );
        let empty = pass(&dir.join("x.zst"), Vec::new(), false).await;
        assert_eq!(
            empty.unwrap_err().to_string(),
            "the dump of it is not complete: it is empty"
        );
        assert_eq!(dir.read_dir_utf8().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_changed_byte_is_seen() {
        let (_guard, dir) = dir();
        let target = dir.join("x.zst");
        pass(&target, vec![lines(5_000)], false).await.unwrap();
        let mut bytes = fs_err::read(&target).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs_err::write(&target, &bytes).unwrap();
        assert!(matches!(
            read_back(&target, None),
            Err(Error::Damaged { .. })
        ));
        bytes[middle] ^= 0x10;
        fs_err::write(&target, &bytes[..bytes.len() - 1]).unwrap();
        assert!(matches!(
            read_back(&target, None),
            Err(Error::Damaged { .. })
        ));
    }
}
