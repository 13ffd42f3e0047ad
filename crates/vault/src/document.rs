//! The XML document inside a vault, read into a tree of elements with the protected values
//! decrypted, and written again in the one form which the crate `keepass` is sure to read.
//!
//! The crate reads elements of one kind only when they stand together, takes unknown ones for
//! errors or drops them, and is lost when a time is not one. So it never sees a document as some
//! program wrote it: [`Document::emit`] puts the elements in order, and [`Document::losses`] says
//! what would be gone, so that such a vault can be read but is not written.

mod elements;
mod emit;
mod losses;
mod time;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zeroize::Zeroize as _;

pub use losses::Loss;
pub(crate) use time::{from_unix, seconds_since_year_one, to_unix};

use crate::contents::uuid;
use crate::entry::Uuid;
use crate::kdbx::{Fault, Stream};

/// Groups in groups in groups: more than anyone has, and less than what exhausts the stack.
const DEEPEST: usize = 64;

/// An element, by its position in the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Id(u32);

const NONE: Id = Id(u32::MAX);

/// The outermost element, which comes first.
pub(crate) const ROOT: Id = Id(0);

struct Node<'a> {
    name: Cow<'static, str>,
    text: Cow<'a, str>,
    /// Of an attachment in the document, or the reference to one.
    attributes: Vec<(String, String)>,
    protected: bool,
    first: Id,
    last: Id,
    next: Id,
}

/// The tree of elements.
pub(crate) struct Document<'a> {
    nodes: Vec<Node<'a>>,
    /// Elements whose protected bytes are no text.
    not_text: Vec<Id>,
}

/// What was decrypted is overwritten; what is borrowed is overwritten by its owner.
impl Drop for Document<'_> {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            if let Cow::Owned(text) = &mut node.text {
                text.zeroize();
            }
        }
    }
}

impl<'a> Document<'a> {
    /// Reads a document, decrypting protected values in the order in which they stand.
    pub(crate) fn parse(xml: &'a [u8], stream: &mut Stream) -> Result<Self, Fault> {
        let damaged = Fault::Damaged("its XML document");
        let xml = std::str::from_utf8(xml).map_err(|_| damaged.clone())?;
        let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
        let mut document = Self {
            nodes: Vec::with_capacity(xml.len() / 40),
            not_text: Vec::new(),
        };
        let mut open: Vec<Id> = Vec::new();
        loop {
            match reader.read_event().map_err(|_| damaged.clone())? {
                Event::Start(start) => {
                    if open.len() == DEEPEST {
                        return Err(Fault::Unsupported("groups as deep as these".to_owned()));
                    }
                    let id = document.add(&start, open.last().copied())?;
                    open.push(id);
                }
                Event::Empty(start) => {
                    document.add(&start, open.last().copied())?;
                }
                Event::End(_) => {
                    let id = open.pop().ok_or(damaged.clone())?;
                    document.close(id, stream)?;
                }
                Event::Text(text) => document.append(&open, text.xml10_content()),
                Event::CData(text) => document.append(&open, text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let char = reference.resolve_char_ref().map_err(|_| damaged.clone())?;
                    let text = match char {
                        Some(char) => Cow::Owned(char.to_string()),
                        None => Cow::Borrowed(match reference.as_ref() {
                            "lt" => "<",
                            "gt" => ">",
                            "amp" => "&",
                            "quot" => "\"",
                            "apos" => "'",
                            _ => return Err(damaged),
                        }),
                    };
                    document.append(&open, text);
                }
                // no program writes one, and it could define entities
                Event::DocType(_) => return Err(damaged),
                Event::Eof if open.is_empty() && !document.nodes.is_empty() => return Ok(document),
                Event::Eof => return Err(damaged),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    fn add(&mut self, start: &BytesStart<'_>, parent: Option<Id>) -> Result<Id, Fault> {
        let mut protected = false;
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Fault::Damaged("its XML document"))?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "Protected" => protected = value.eq_ignore_ascii_case("true"),
                name => attributes.push((name.to_owned(), value.to_owned())),
            }
        }
        let id = Id(u32::try_from(self.nodes.len()).map_err(|_| Fault::Truncated)?);
        if let Some(parent) = parent {
            let last = std::mem::replace(&mut self.node_mut(parent).last, id);
            if last == NONE {
                self.node_mut(parent).first = id;
            } else {
                self.node_mut(last).next = id;
            }
        } else if !self.nodes.is_empty() {
            return Err(Fault::Damaged("its XML document"));
        }
        self.nodes.push(Node {
            name: elements::known(start.name().as_ref())
                .map_or_else(|| start.name().as_ref().to_owned().into(), Cow::Borrowed),
            text: Cow::Borrowed(""),
            attributes,
            protected,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        Ok(id)
    }

    fn append(&mut self, open: &[Id], text: Cow<'a, str>) {
        let Some(&id) = open.last() else { return };
        let node = self.node_mut(id);
        if node.first != NONE {
            // between elements there is only white space
            return;
        }
        if node.text.is_empty() {
            node.text = text;
        } else {
            node.text.to_mut().push_str(&text);
        }
    }

    /// At the end of an element its text is complete: it is decrypted now, since the stream runs
    /// through the values in this order.
    fn close(&mut self, id: Id, stream: &mut Stream) -> Result<(), Fault> {
        let node = self.node_mut(id);
        if node.first != NONE {
            node.text = Cow::Borrowed("");
        }
        if !node.protected {
            return Ok(());
        }
        let mut bytes = STANDARD
            .decode(node.text.trim())
            .map_err(|_| Fault::Damaged("a protected value"))?;
        stream.apply(&mut bytes);
        if node.name == "Binary" {
            // an attachment in the document stays what it is, in base64
            node.text = STANDARD.encode(&bytes).into();
            bytes.zeroize();
            return Ok(());
        }
        match String::from_utf8(bytes) {
            Ok(text) => node.text = text.into(),
            Err(error) => {
                let mut bytes = error.into_bytes();
                node.text = String::from_utf8_lossy(&bytes).into_owned().into();
                bytes.zeroize();
                self.not_text.push(id);
            }
        }
        Ok(())
    }

    fn node(&self, id: Id) -> &Node<'a> {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node<'a> {
        &mut self.nodes[id.0 as usize]
    }

    pub(crate) fn name(&self, id: Id) -> &str {
        &self.node(id).name
    }

    pub(crate) fn text(&self, id: Id) -> &str {
        &self.node(id).text
    }

    pub(crate) fn is_protected(&self, id: Id) -> bool {
        self.node(id).protected
    }

    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let mut attributes = self.node(id).attributes.iter();
        attributes
            .find(|attribute| attribute.0 == name)
            .map(|attribute| attribute.1.as_str())
    }

    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let first = self.node(id).first;
        let is_there = |id: &Id| *id != NONE;
        std::iter::successors(Some(first).filter(is_there), move |id| {
            Some(self.node(*id).next).filter(is_there)
        })
    }

    pub(crate) fn child(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|child| self.name(*child) == name)
    }

    /// The text of a child; empty when there is none.
    pub(crate) fn child_text(&self, id: Id, name: &str) -> &str {
        self.child(id, name).map_or("", |child| self.text(child))
    }

    /// The first element at a path below the root.
    pub(crate) fn at(&self, path: &[&str]) -> Option<Id> {
        let mut id = ROOT;
        for name in path {
            id = self.child(id, name)?;
        }
        Some(id)
    }

    /// Takes an element out of its parent.
    pub(crate) fn remove(&mut self, parent: Id, child: Id) {
        let before = self.children(parent).take_while(|id| *id != child).last();
        let next = self.node(child).next;
        match before {
            Some(before) => self.node_mut(before).next = next,
            None => self.node_mut(parent).first = next,
        }
        if next == NONE {
            self.node_mut(parent).last = before.unwrap_or(NONE);
        }
    }

    /// Takes the reference to a file off an entry, and leaves those of its earlier versions.
    pub(crate) fn remove_attachment(&mut self, entry: Uuid, name: &str) {
        let nodes = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let groups = (0..nodes).map(Id).filter(|id| self.name(*id) == "Group");
        let entry = groups.flat_map(|group| self.children(group)).find(|id| {
            self.name(*id) == "Entry" && uuid(self.child_text(*id, "UUID")) == Some(entry)
        });
        let Some(entry) = entry else { return };
        let reference = self
            .children(entry)
            .find(|id| self.name(*id) == "Binary" && self.child_text(*id, "Key") == name);
        if let Some(reference) = reference {
            self.remove(entry, reference);
        }
    }
}
