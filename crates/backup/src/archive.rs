//! Archives of files as they pass by: without what must not be in them, and counted.
//!
//! The engine gives a whole directory or nothing. A SQLite file that is in use would be torn in it; it
//! is dumped by SQLite itself, and left out here.

use std::collections::{BTreeSet, VecDeque};

use bytes::{Bytes, BytesMut};
use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use crate::manifest::Entries;

const BLOCK: usize = 512;

/// How a SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Longer than the extended header of any entry.
const MOST: u64 = 1 << 20;

/// What a SQLite file has beside itself while it is in use.
pub(crate) const SQLITE_ENDS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The names of live SQLite files in the archive of a directory: `exclude` are their paths on the host,
/// `source` is that of the directory, `target` where it is in the container.
pub(crate) fn names(exclude: &[Utf8PathBuf], source: &Utf8Path, target: &str) -> BTreeSet<String> {
    let top = Utf8Path::new(target.trim_end_matches('/'));
    let top = top.file_name().unwrap_or_default();
    let below = exclude
        .iter()
        .filter_map(|file| file.strip_prefix(source).ok());
    below
        .flat_map(|file| SQLITE_ENDS.map(|end| format!("{top}/{file}{end}")))
        .collect()
}

/// Reads a tar archive as it passes. What it cannot make sense of it passes on as it is.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    exclude: BTreeSet<String>,
    state: State,
    /// A block that has not come as a whole yet.
    block: BytesMut,
    /// The extended headers of the next entry, with what they say.
    held: Vec<Bytes>,
    extended: BytesMut,
    path: Option<Vec<u8>>,
    size: Option<u64>,
    listing: Listing,
    /// The first bytes of the file that passes, with its name.
    head: Option<(String, Vec<u8>)>,
    sqlite: Vec<String>,
}

#[derive(Debug, Default)]
enum State {
    /// The next block is a header.
    #[default]
    Header,
    /// So many bytes of content follow, then so many to fill the block.
    Content {
        left: u64,
        padding: u64,
        passes: bool,
        extended: Option<u8>,
    },
    /// An empty block has come: the end, if nothing is wrong.
    Over,
    /// This is no archive that is understood.
    Lost,
}

#[derive(Debug, Default)]
struct Listing {
    entries: Entries,
    hash: Sha256,
}

impl Filter {
    /// Leaves out the entries of these names.
    pub(crate) fn without(exclude: BTreeSet<String>) -> Self {
        Self {
            exclude,
            ..Self::default()
        }
    }

    /// Takes the next piece, and gives what of it goes on.
    pub(crate) fn push(&mut self, mut piece: Bytes, to: &mut VecDeque<Bytes>) {
        while !piece.is_empty() {
            match &mut self.state {
                State::Over | State::Lost => {
                    to.push_back(std::mem::take(&mut piece));
                }
                State::Header => {
                    let wanted = (BLOCK - self.block.len()).min(piece.len());
                    self.block.extend_from_slice(&piece.split_to(wanted));
                    if self.block.len() == BLOCK {
                        let block = self.block.split().freeze();
                        self.header(block, to);
                    }
                }
                State::Content {
                    left,
                    padding,
                    passes,
                    extended,
                } => {
                    let all = *left + *padding;
                    let take = usize::try_from(all).unwrap_or(usize::MAX).min(piece.len());
                    let part = piece.split_to(take);
                    let content = usize::try_from(*left).unwrap_or(usize::MAX).min(take);
                    *left -= content as u64;
                    *padding -= (take - content) as u64;
                    if let Some((_, head)) = &mut self.head {
                        let more = SQLITE.len().saturating_sub(head.len()).min(content);
                        head.extend_from_slice(&part[..more]);
                    }
                    let over = *left + *padding == 0;
                    if let Some(kind) = *extended {
                        self.extended.extend_from_slice(&part[..content]);
                        self.held.push(part);
                        if over {
                            self.understand(kind);
                        }
                    } else if *passes {
                        to.push_back(part);
                    }
                    if over {
                        self.file_ends();
                        self.state = State::Header;
                    }
                }
            }
        }
    }

    /// What the archive held, if it was understood to its end.
    pub(crate) fn entries(self) -> Option<Entries> {
        if !matches!(self.state, State::Over) {
            return None;
        }
        let mut entries = self.listing.entries;
        entries.sha256 = hex(self.listing.hash);
        Some(entries)
    }

    /// SQLite files that were passed on.
    pub(crate) fn sqlite(&self) -> &[String] {
        &self.sqlite
    }

    fn lost(&mut self, block: Bytes, to: &mut VecDeque<Bytes>) {
        to.extend(self.held.drain(..));
        to.push_back(block);
        self.state = State::Lost;
    }

    fn header(&mut self, block: Bytes, to: &mut VecDeque<Bytes>) {
        if block.iter().all(|byte| *byte == 0) {
            to.extend(self.held.drain(..));
            to.push_back(block);
            self.state = State::Over;
            return;
        }
        let header = tar::Header::from_byte_slice(&block);
        let (Ok(sum), Ok(size)) = (header.cksum(), header.entry_size()) else {
            return self.lost(block, to);
        };
        if sum != checksum(&block) {
            return self.lost(block, to);
        }
        let kind = header.entry_type().as_byte();
        if matches!(kind, b'x' | b'g' | b'L' | b'K') {
            if size > MOST {
                return self.lost(block, to);
            }
            self.extended.clear();
            self.held.push(block);
            self.content(size, true, Some(kind));
            return;
        }
        let size = self.size.take().unwrap_or(size);
        let path = self.path.take();
        let path = path.unwrap_or_else(|| header.path_bytes().into_owned());
        let name = String::from_utf8_lossy(&path);
        let name = name
            .trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned();
        let is_file = matches!(kind, b'0' | 0 | b'7');
        // What has no content of its own may say a size all the same.
        let size = if matches!(kind, b'1'..=b'6') { 0 } else { size };
        let passes = !self.exclude.contains(&name);
        if passes {
            self.listing.add(kind, &name, size);
            to.extend(self.held.drain(..));
            to.push_back(block);
            self.head = is_file.then(|| (name, Vec::new()));
        } else {
            self.held.clear();
        }
        self.content(size, passes, None);
    }

    fn content(&mut self, size: u64, passes: bool, extended: Option<u8>) {
        let block = BLOCK as u64;
        if size == 0 {
            self.file_ends();
            self.state = State::Header;
            return;
        }
        self.state = State::Content {
            left: size,
            padding: (block - size % block) % block,
            passes,
            extended,
        };
    }

    fn file_ends(&mut self) {
        if let Some((name, head)) = self.head.take()
            && head == SQLITE
        {
            self.sqlite.push(name);
        }
    }

    /// What an extended header says of the next entry.
    fn understand(&mut self, kind: u8) {
        let text = self.extended.split();
        match kind {
            b'L' => {
                let end = text.iter().position(|byte| *byte == 0);
                self.path = Some(text[..end.unwrap_or(text.len())].to_vec());
            }
            b'x' => {
                for field in tar::PaxExtensions::new(&text).flatten() {
                    match field.key() {
                        Ok("path") => self.path = Some(field.value_bytes().to_vec()),
                        Ok("size") => {
                            self.size = field.value().ok().and_then(|size| size.parse().ok());
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

impl Listing {
    fn add(&mut self, kind: u8, name: &str, size: u64) {
        let count = match kind {
            b'0' | 0 | b'7' => &mut self.entries.files,
            b'5' => &mut self.entries.directories,
            _ => &mut self.entries.others,
        };
        *count += 1;
        self.entries.bytes += size;
        self.hash
            .update(format!("{} {size} {name}\n", kind.max(b'0')));
    }
}

/// The sum of a header, in which its own place counts as spaces.
fn checksum(block: &[u8]) -> u32 {
    let own = 148..156;
    let bytes = block.iter().enumerate();
    bytes
        .map(|(at, byte)| u32::from(if own.contains(&at) { b' ' } else { *byte }))
        .sum()
}

fn hex(hash: Sha256) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        write!(text, "{byte:02x}").expect("a text can be written to");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        tar.append_data(&mut header, "data", std::io::empty())
            .unwrap();
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            tar.append_data(&mut header, name, *content).unwrap();
        }
        tar.into_inner().unwrap()
    }

    fn passed(tar: &[u8], piece: usize, exclude: &[&str]) -> (Vec<u8>, Filter) {
        let mut filter = Filter::without(exclude.iter().map(|&name| name.to_owned()).collect());
        let mut out = VecDeque::new();
        for piece in tar.chunks(piece) {
            filter.push(Bytes::copy_from_slice(piece), &mut out);
        }
        (out.into_iter().flatten().collect(), filter)
    }

    const LIVE: &[u8] = b"SQLite format 3\0 and more";

    #[test]
    fn what_is_left_out_leaves_no_trace_and_the_rest_is_as_it_was() {
        let long = format!("data/{}.db", "x".repeat(200));
        let big = vec![7; 5000];
        let rest: &[(&str, &[u8])] =
            &[("data/a", b""), ("data/app.db.txt", LIVE), ("data/b", &big)];
        let mut all = rest.to_vec();
        all.insert(0, ("data/app.db", LIVE));
        all.insert(2, (&long, &big));
        all.push(("data/app.db-wal", b"x"));
        for piece in [1, 7, 512, 1000, 100_000] {
            let exclude = ["data/app.db", "data/app.db-wal", long.as_str()];
            let (out, filter) = passed(&archive(&all), piece, &exclude);
            assert_eq!(out, archive(rest), "{piece}");
            assert_eq!(filter.sqlite(), ["data/app.db.txt"]);
            let entries = filter.entries().unwrap();
            assert_eq!(
                (entries.files, entries.directories, entries.others),
                (3, 1, 0)
            );
            assert_eq!(entries.bytes, 5000 + LIVE.len() as u64);
            let again = passed(&archive(rest), 333, &[]).1.entries().unwrap();
            assert_eq!(again, entries);
            let (out, filter) = passed(&archive(&all), piece, &[]);
            assert_eq!(out, archive(&all));
            assert_ne!(filter.entries().unwrap(), entries);
        }
    }

    #[test]
    fn paths_of_extended_headers_count() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_size(3);
        header.set_cksum();
        tar.append_pax_extensions([("path", &b"data/\xc3\xa4.db"[..])])
            .unwrap();
        header.set_path("data/short").unwrap();
        header.set_cksum();
        tar.append(&header, &b"abc"[..]).unwrap();
        let tar = tar.into_inner().unwrap();
        let (out, filter) = passed(&tar, 100, &["data/ä.db"]);
        assert_eq!(out, vec![0; 1024]);
        assert_eq!(filter.entries().unwrap().files, 0);
    }

    #[test]
    fn what_is_no_archive_passes_as_it_is() {
        let tar = archive(&[("data/a", b"abc")]);
        let mut broken = tar.clone();
        broken[600] ^= 1;
        for text in [&broken[..], b"no archive", &[b'x'; 2000], &tar[..1200]] {
            let (out, filter) = passed(text, 64, &["data/a"]);
            if text.len() >= 1500 {
                assert_eq!(out, text);
            }
            assert_eq!(filter.entries(), None);
        }
    }

    #[test]
    fn names_are_those_in_the_archive() {
        let found = names(
            &["/srv/app/sub/x.db".into(), "/elsewhere/y.db".into()],
            "/srv/app".into(),
            "/var/lib/data/",
        );
        let ends = SQLITE_ENDS.map(|end| format!("data/sub/x.db{end}"));
        assert_eq!(found, BTreeSet::from(ends));
    }

    proptest::proptest! {
        #[test]
        fn no_input_makes_it_panic(text in proptest::collection::vec(0u8..=255, 0..3000), piece in 1usize..700) {
            let (_, filter) = passed(&text, piece, &["a"]);
            filter.entries();
        }
    }
}
