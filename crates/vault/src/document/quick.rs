//! The reader of documents as programs write them: a declaration, elements, texts, references. It
//! gives up at anything else, and decides nothing.

use memchr::{memchr, memchr2, memchr3};
use quick_xml::events::BytesRef;
use zeroize::Zeroizing;

use super::events::resolved;
use super::tree::{Text, Tree};
use crate::kdbx::Stream;

/// `None` for a document that the other reader has to look at.
pub(super) fn read(xml: &str, stream: &mut Stream) -> Option<Tree> {
    let mut reading = Reading {
        xml,
        at: 0,
        tree: Tree::for_document(xml.len()),
        names: Vec::new(),
    };
    reading.document(stream)?;
    Some(reading.tree)
}

struct Reading<'x> {
    xml: &'x str,
    at: usize,
    tree: Tree,
    /// Of the elements that have begun and not ended.
    names: Vec<&'x str>,
}

/// A text as it stands there.
struct Raw {
    start: usize,
    end: usize,
    /// Without references and carriage returns.
    is_plain: bool,
}

impl<'x> Reading<'x> {
    fn document(&mut self, stream: &mut Stream) -> Option<()> {
        let body = self.xml.trim_start_matches('\u{feff}');
        self.at = self.xml.len() - body.len();
        if body.starts_with("<?xml ") {
            self.at += body.find("?>")? + 2;
        }
        loop {
            let text = self.text();
            if self.names.is_empty() && !self.xml[text.start..text.end].trim().is_empty() {
                return None;
            }
            if self.rest().is_empty() {
                return self.tree.is_whole().then_some(());
            }
            if self.skip("</") {
                let name = self.names.pop()?;
                if !(self.skip(name) && self.skip(">")) {
                    return None;
                }
                let text = self.resolve(&text)?;
                self.tree.close(text, self.xml, stream).ok()?;
            } else {
                self.is_passed_over(&text).then_some(())?;
                self.tag(stream)?;
            }
        }
    }

    /// Whether a text that counts for nothing, being beside elements, has no mistake in it either.
    fn is_passed_over(&self, raw: &Raw) -> bool {
        raw.is_plain || !self.xml[raw.start..raw.end].contains('&')
    }

    /// What stands before the next tag.
    fn text(&mut self) -> Raw {
        let (bytes, start) = (self.xml.as_bytes(), self.at);
        let found = memchr3(b'<', b'&', b'\r', &bytes[start..]).map(|length| start + length);
        let is_plain = found.is_none_or(|at| bytes[at] == b'<');
        let end = match found {
            Some(at) if !is_plain => memchr(b'<', &bytes[at..]).map(|length| at + length),
            found => found,
        };
        self.at = end.unwrap_or(bytes.len());
        Raw {
            start,
            end: self.at,
            is_plain,
        }
    }

    /// The text of the innermost element, when it ends.
    fn resolve(&mut self, raw: &Raw) -> Option<Text> {
        if raw.is_plain {
            let start = u32::try_from(raw.start).ok()?;
            let end = u32::try_from(raw.end).ok()?;
            return Some(Text::Here { start, end });
        }
        if self.tree.has_elements() {
            return self.is_passed_over(raw).then_some(Text::EMPTY);
        }
        let mut rest = &self.xml[raw.start..raw.end];
        // it does not get longer
        let mut text = Zeroizing::new(String::with_capacity(rest.len()));
        while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
            text.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            if rest[at..].starts_with('\r') {
                text.push('\n');
                rest = after.strip_prefix('\n').unwrap_or(after);
            } else {
                let (reference, after) = after.split_once(';')?;
                text.push_str(&resolved(&BytesRef::new(reference)).ok()?);
                rest = after;
            }
        }
        text.push_str(rest);
        self.tree.apart(text).ok()
    }

    /// A start tag, or one of an element with nothing in it.
    fn tag(&mut self, stream: &mut Stream) -> Option<()> {
        self.at += 1;
        let name = self.name()?;
        let id = self.tree.open(name).ok()?;
        while self.skip(" ") {
            let attribute = self.name()?;
            if !self.skip("=\"") {
                return None;
            }
            let (value, _) = self.rest().split_once('"')?;
            if value.contains(['<', '&', '\t', '\r', '\n']) {
                return None;
            }
            self.at += value.len() + 1;
            self.tree.attribute(id, attribute, value);
        }
        if self.skip(">") {
            self.names.push(name);
            return Some(());
        }
        if !self.skip("/>") {
            return None;
        }
        self.tree.close(Text::EMPTY, self.xml, stream).ok()
    }

    fn name(&mut self) -> Option<&'x str> {
        let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !is_in_name(&byte))?;
        self.at += length;
        (length > 0).then(|| &rest[..length])
    }

    fn rest(&self) -> &'x str {
        &self.xml[self.at..]
    }

    fn skip(&mut self, text: &str) -> bool {
        let is_here = self.xml.as_bytes()[self.at..].starts_with(text.as_bytes());
        if is_here {
            self.at += text.len();
        }
        is_here
    }
}
