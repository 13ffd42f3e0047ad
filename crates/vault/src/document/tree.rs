//! The tree that both readers build.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize as _, Zeroizing};

use super::elements;
use crate::kdbx::{Fault, Stream};

/// So many elements in each other: far more groups in groups than anyone has, and less than what
/// exhausts the stack.
const DEEPEST: usize = 1000;

/// An element, by its position in the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Id(u32);

pub(super) const NONE: Id = Id(u32::MAX);

/// The outermost element, which comes first.
pub(crate) const ROOT: Id = Id(0);

pub(super) struct Node {
    /// One of the known names, or behind them one of this document.
    name: u32,
    pub(super) text: Text,
    pub(super) protected: bool,
    pub(super) first: Id,
    pub(super) next: Id,
}

/// Where the text of an element is.
#[derive(Clone, Copy)]
pub(super) enum Text {
    /// In the document as it is.
    Here { start: u32, end: u32 },
    /// Apart from it: decrypted, or with references resolved.
    Apart(u32),
}

impl Text {
    pub(super) const EMPTY: Self = Self::Here { start: 0, end: 0 };
}

/// Of an attachment in the document, or the reference to one.
pub(super) struct Attribute {
    pub(super) of: Id,
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) texts: Vec<Zeroizing<String>>,
    /// In the order of their elements.
    pub(super) attributes: Vec<Attribute>,
    /// Elements whose protected bytes are no text.
    pub(super) not_text: Vec<Id>,
    /// Names that are not known.
    names: Vec<String>,
    /// The elements that have begun and not ended, each with the last one in it so far.
    open: Vec<(Id, Id)>,
}

impl Tree {
    /// For a document of this many bytes.
    pub(super) fn for_document(bytes: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(bytes / 24),
            ..Self::default()
        }
    }

    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = Id> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(Id)
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    pub(super) fn name(&self, id: Id) -> &str {
        let at = self.node(id).name as usize;
        let known = elements::names();
        known
            .get(at)
            .copied()
            .unwrap_or_else(|| &self.names[at - known.len()])
    }

    /// Whether the element that has begun last and not ended has others in it.
    pub(super) fn has_elements(&self) -> bool {
        let innermost = self.open.last();
        innermost.is_some_and(|(_, last)| *last != NONE)
    }

    /// Whether every element has ended, and there is one.
    pub(super) fn is_whole(&self) -> bool {
        self.open.is_empty() && !self.nodes.is_empty()
    }

    /// An element begins.
    pub(super) fn open(&mut self, name: &str) -> Result<Id, Fault> {
        if self.open.len() == DEEPEST {
            return Err(Fault::Unsupported(
                "a document a thousand elements deep".to_owned(),
            ));
        }
        let id = self.add(name)?;
        self.open.push((id, NONE));
        Ok(id)
    }

    /// An element that has nothing in it.
    pub(super) fn add(&mut self, name: &str) -> Result<Id, Fault> {
        let id = Id(u32::try_from(self.nodes.len()).map_err(|_| Fault::Truncated)?);
        if let Some((parent, last)) = self.open.last_mut() {
            let (parent, last) = (*parent, std::mem::replace(last, id));
            if last == NONE {
                self.node_mut(parent).first = id;
            } else {
                self.node_mut(last).next = id;
            }
        } else if !self.nodes.is_empty() {
            return Err(Fault::Damaged("its XML document"));
        }
        let name = match elements::known(name) {
            Some(known) => known,
            None => {
                let known = elements::names().len();
                self.names.push(name.to_owned());
                u32::try_from(known + self.names.len() - 1).map_err(|_| Fault::Truncated)?
            }
        };
        self.nodes.push(Node {
            name,
            text: Text::EMPTY,
            protected: false,
            first: NONE,
            next: NONE,
        });
        Ok(id)
    }

    /// An attribute of the newest element.
    pub(super) fn attribute(&mut self, id: Id, name: &str, value: &str) {
        if name == "Protected" {
            self.node_mut(id).protected = value.eq_ignore_ascii_case("true");
        } else {
            self.attributes.push(Attribute {
                of: id,
                name: name.to_owned(),
                value: value.to_owned(),
            });
        }
    }

    pub(super) fn apart(&mut self, text: Zeroizing<String>) -> Result<Text, Fault> {
        let at = u32::try_from(self.texts.len()).map_err(|_| Fault::Truncated)?;
        self.texts.push(text);
        Ok(Text::Apart(at))
    }

    /// The innermost element ends, and this is its text: it is decrypted now, since the stream runs
    /// through the values in this order.
    pub(super) fn close(
        &mut self,
        text: Text,
        xml: &str,
        stream: &mut Stream,
    ) -> Result<(), Fault> {
        let damaged = Fault::Damaged("its XML document");
        let (id, _) = self.open.pop().ok_or(damaged)?;
        let node = self.node(id);
        let text = if node.first == NONE {
            text
        } else {
            Text::EMPTY
        };
        let text = if node.protected {
            let encrypted = match text {
                Text::Here { start, end } => &xml[start as usize..end as usize],
                Text::Apart(at) => &self.texts[at as usize],
            };
            let mut bytes = STANDARD
                .decode(encrypted.trim())
                .map_err(|_| Fault::Damaged("a protected value"))?;
            stream.apply(&mut bytes);
            let plain = self.plain(id, bytes);
            self.apart(plain)?
        } else {
            text
        };
        self.node_mut(id).text = text;
        Ok(())
    }

    /// Decrypted bytes as text.
    fn plain(&mut self, id: Id, mut bytes: Vec<u8>) -> Zeroizing<String> {
        if self.name(id) == "Binary" {
            // an attachment in the document stays what it is, in base64
            let text = STANDARD.encode(&bytes);
            bytes.zeroize();
            return Zeroizing::new(text);
        }
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            let mut bytes = error.into_bytes();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes.zeroize();
            self.not_text.push(id);
            text
        });
        Zeroizing::new(text)
    }
}
