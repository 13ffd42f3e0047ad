//! The part of a file that a program looks after, between two comment lines.
//!
//! What stands between the lines belongs to the program, everything else to people. The first line
//! has a checksum of what is between, so that a change made there by hand is noticed before it is
//! lost.
//!
//! ```
//! use dns_zone::Marker;
//!
//! let marker = Marker::new(';', "prod");
//! let mine = b"; mine\nwww A 192.0.2.1\n";
//! let text = marker.put(mine, b"wiki.home.arpa. 300 IN A 192.0.2.7\n")?;
//! assert!(text.starts_with(mine));
//!
//! let block = marker.find(&text)?.unwrap();
//! assert_eq!(&text[block.content.clone()], b"wiki.home.arpa. 300 IN A 192.0.2.7\n");
//! assert!(block.is_intact);
//! assert_eq!(marker.put(&text, b"wiki.home.arpa. 300 IN A 192.0.2.7\n")?, text);
//! # Ok::<(), dns_zone::MarkerError>(())
//! ```

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};
use thiserror::Error;

/// The comment lines around a block: what comments begin with, and whose block it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    comment: char,
    id: String,
}

/// A block in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// The octets of the block, its comment lines included.
    pub whole: Range<usize>,
    /// The octets between the comment lines.
    pub content: Range<usize>,
    /// Whether the content is what the program wrote.
    pub is_intact: bool,
}

/// Comment lines that do not make a block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{why}")]
#[non_exhaustive]
pub struct MarkerError {
    /// Where the line stands, in octets.
    pub range: Range<usize>,
    /// What is wrong.
    pub why: String,
}

impl Marker {
    /// Comment lines that begin with `comment`, for the blocks of `id`: letters, digits, `-`, `_` and
    /// `.`; other characters are written as `-`.
    pub fn new(comment: char, id: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        Self {
            comment,
            id: id.chars().map(|c| if plain(c) { c } else { '-' }).collect(),
        }
    }

    /// The block in a text, if there is one.
    ///
    /// # Errors
    /// A first line without a last one, a last one without a first, a second block.
    pub fn find(&self, text: &[u8]) -> Result<Option<Block>, MarkerError> {
        let begin = format!("begin {}", self.id);
        let end = format!("end {}", self.id);
        let mut open: Option<(Range<usize>, &[u8])> = None;
        let mut found: Option<Block> = None;
        for (place, words) in self.lines(text) {
            let line = &text[place.clone()];
            let shown = place.start..place.start + line.trim_ascii_end().len();
            let error = |why: String| {
                Err(MarkerError {
                    range: shown.clone(),
                    why,
                })
            };
            if let Some(rest) = begins(words, &begin) {
                if open.is_some() || found.is_some() {
                    return error(format!("a second block of `{}` begins here", self.id));
                }
                open = Some((place, rest));
            } else if begins(words, &end).is_some() {
                let Some((first, rest)) = open.take() else {
                    return error(format!(
                        "the block of `{}` ends here, but does not begin",
                        self.id
                    ));
                };
                let content = first.end..place.start;
                let sum = checksum(&text[content.clone()]);
                found = Some(Block {
                    whole: first.start..place.end,
                    content,
                    is_intact: rest
                        .split(|byte| !byte.is_ascii_hexdigit())
                        .any(|word| word == sum.as_bytes()),
                });
            }
        }
        match open {
            Some((first, _)) => Err(MarkerError {
                range: first.start..first.start + text[first.clone()].trim_ascii_end().len(),
                why: format!("the block of `{}` begins here, but does not end", self.id),
            }),
            None => Ok(found),
        }
    }

    /// The comment lines of blocks, whoever's they are: where each stands, its line end included, and
    /// what follows `zonegen` in it.
    fn lines<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = (Range<usize>, &'t [u8])> {
        let start = format!("{} zonegen ", self.comment);
        let all: Vec<usize> = memmem::find_iter(text, start.as_bytes()).collect();
        let first = all
            .into_iter()
            .filter(|at| *at == 0 || text[at - 1] == b'\n');
        first.map(move |at| {
            let rest = &text[at..];
            let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            (at..at + length, &rest[start.len()..length])
        })
    }

    /// The text with this content in the block, which is made at the end if there is none. A text
    /// without a block gets none for an empty content. Borrowed if nothing is to change.
    ///
    /// # Errors
    /// As [`Marker::find`].
    pub fn put<'t>(&self, text: &'t [u8], content: &[u8]) -> Result<Cow<'t, [u8]>, MarkerError> {
        let found = self.find(text)?;
        // A block keeps its own way to end lines, a new one takes that of the file.
        let sample = found
            .as_ref()
            .map_or(text, |block| &text[block.whole.clone()]);
        let end_of_line = match sample.iter().position(|byte| *byte == b'\n') {
            Some(at) if at > 0 && sample[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        };
        // Lines that end as they shall are not written anew.
        let mut lines = Cow::Borrowed(content);
        if end_of_line != "\n" || has_blank_ends(content) {
            lines = Cow::Owned(ended(content, end_of_line));
        }
        if let Some(block) = &found
            && block.is_intact
            && text[block.content.clone()] == *lines
        {
            return Ok(Cow::Borrowed(text));
        }
        let (before, after): (&[u8], &[u8]) = match &found {
            Some(block) => (&text[..block.whole.start], &text[block.whole.end..]),
            None if content.is_empty() => return Ok(Cow::Borrowed(text)),
            None => (text, &[]),
        };
        let mut out = Vec::with_capacity(text.len() + lines.len() + 256);
        out.extend_from_slice(before);
        if !out.is_empty() && !out.ends_with(b"\n") {
            out.extend_from_slice(end_of_line.as_bytes());
        }
        if found.is_none() && !out.is_empty() {
            out.extend_from_slice(end_of_line.as_bytes());
        }
        let sum = checksum(&lines);
        let (comment, id) = (self.comment, &self.id);
        let first = format!(
            "{comment} zonegen begin {id} ({sum}): changes here are lost, yours belong outside of it{end_of_line}"
        );
        out.extend_from_slice(first.as_bytes());
        out.extend_from_slice(&lines);
        out.extend_from_slice(format!("{comment} zonegen end {id}{end_of_line}").as_bytes());
        out.extend_from_slice(after);
        Ok(Cow::Owned(out))
    }
}

/// Whether there are blanks in front of a line end, or no line end at the end.
fn has_blank_ends(content: &[u8]) -> bool {
    let blank = |at: usize| at > 0 && matches!(content[at - 1], b' ' | b'\t' | b'\r' | b'\x0c');
    memchr_iter(b'\n', content).any(blank) || content.last().is_some_and(|last| *last != b'\n')
}

/// Lines without blanks at their ends, each with this line end.
fn ended(content: &[u8], end_of_line: &str) -> Vec<u8> {
    let mut lines = Vec::with_capacity(content.len());
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        lines.extend_from_slice(line.trim_ascii_end());
        lines.extend_from_slice(end_of_line.as_bytes());
    }
    lines
}

/// The rest of a line that begins with a word, and not with a longer one.
fn begins<'l>(line: &'l [u8], start: &str) -> Option<&'l [u8]> {
    let rest = line.strip_prefix(start.as_bytes())?;
    rest.first()
        .is_none_or(u8::is_ascii_whitespace)
        .then_some(rest)
}

/// Sixteen digits that change when the octets do (FNV-1a). How lines end does not count.
fn checksum(content: &[u8]) -> String {
    let octets = content.iter().filter(|byte| **byte != b'\r');
    let sum = octets.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{sum:016x}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Marker;

    #[test]
    fn the_rest_stays_as_it_is() {
        let marker = Marker::new(';', "prod");
        let one = marker.put(b"a", b"x\n").unwrap().into_owned();
        let mut text = one.clone();
        text.extend_from_slice(b"\tb \r\n");
        let two = marker.put(&text, b"y\nz\n").unwrap();
        assert!(
            two.starts_with(b"a\n\n; zonegen begin prod (")
                && two.ends_with(b"; zonegen end prod\n\tb \r\n")
        );
        let three = marker.put(&two, b"").unwrap();
        assert!(marker.find(&three).unwrap().unwrap().content.is_empty());
        assert_eq!(Marker::new(';', "test").find(&two), Ok(None));
        assert_eq!(Marker::new(';', "pro").find(&two), Ok(None));
        assert_eq!(&*marker.put(b"a", b"").unwrap(), b"a");
    }

    #[test]
    fn changes_by_hand_are_noticed() {
        let marker = Marker::new('#', "a b");
        let text = String::from_utf8(marker.put(b"", b"x\n").unwrap().into_owned()).unwrap();
        assert!(text.starts_with("# zonegen begin a-b "));
        let changed = text.replace("x\n", "x\nmine\n");
        assert!(!marker.find(changed.as_bytes()).unwrap().unwrap().is_intact);
        let windows = text.replace('\n', "\r\n");
        assert!(marker.find(windows.as_bytes()).unwrap().unwrap().is_intact);
    }

    #[test]
    fn half_a_block_is_an_error() {
        let marker = Marker::new(';', "p");
        for text in [
            "; zonegen begin p\n",
            "; zonegen end p\n",
            "; zonegen begin p\n; zonegen begin p\n",
        ] {
            assert!(marker.find(text.as_bytes()).is_err(), "{text}");
            assert!(marker.put(text.as_bytes(), b"x\n").is_err(), "{text}");
        }
        let one = marker.put(b"", b"x\n").unwrap().into_owned();
        assert!(marker.find(&[one.clone(), one].concat()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_put_is_found(before in prop::collection::vec(any::<u8>(), 0..40), lines in prop::collection::vec("[ -~]{0,10}[!-~]", 0..4)) {
            let marker = Marker::new(';', "p");
            let content: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            let text = marker.put(&before, content.as_bytes()).unwrap();
            prop_assert!(text.starts_with(&before));
            if lines.is_empty() {
                prop_assert_eq!(&text, &before);
            } else {
                let block = marker.find(&text).unwrap().unwrap();
                prop_assert!(block.is_intact);
                let found = String::from_utf8(text[block.content].to_vec()).unwrap().replace('\r', "");
                prop_assert_eq!(found, content.clone());
                prop_assert_eq!(&marker.put(&text, content.as_bytes()).unwrap(), &text);
            }
        }
    }
}
