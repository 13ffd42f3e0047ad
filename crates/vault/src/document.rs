//! The XML document inside a vault, read into a tree of elements with the protected values
//! decrypted, and written again in the one form which the crate `keepass` is sure to read.
//!
//! The crate reads elements of one kind only when they stand together, takes unknown ones for
//! errors or drops them, and is lost when a time is not one. So it never sees a document as some
//! program wrote it: [`Document::emit`] puts the elements in order, and [`Document::losses`] says
//! what would be gone, so that such a vault can be read but is not written.
//!
//! There are two readers: `quick` for documents as programs write them, which gives up for the
//! whole document at the first thing it does not expect, and `events` over quick-xml, which alone
//! decides what is an error.

mod elements;
mod emit;
mod events;
mod losses;
mod quick;
mod time;
mod tree;

use zeroize::Zeroizing;

pub use losses::Loss;
pub(crate) use time::{from_unix, seconds_since_year_one, to_unix};
pub(crate) use tree::{Id, ROOT};
use tree::{NONE, Text, Tree};

use crate::contents::uuid;
use crate::entry::Uuid;
use crate::kdbx::{Binary, Fault, Inner};

/// The tree of elements, with the attachments that stand in front of it.
///
/// Texts that need neither decrypting nor resolving stay where they are, in the document as it was
/// unpacked: a vault of ten thousand entries is opened for one of them.
pub(crate) struct Document {
    xml: Zeroizing<String>,
    tree: Tree,
    pub(crate) binaries: Vec<Binary>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} elements)", self.tree.nodes.len())
    }
}

impl Document {
    /// Reads a document, decrypting protected values in the order in which they stand.
    pub(crate) fn parse(mut inner: Inner) -> Result<Self, Fault> {
        let xml = std::mem::take(&mut *inner.xml);
        let xml = match String::from_utf8(xml) {
            Ok(xml) => Zeroizing::new(xml),
            Err(error) => {
                *inner.xml = error.into_bytes();
                return Err(Fault::Damaged("its XML document"));
            }
        };
        let tree = match quick::read(&xml, &mut inner.stream()?) {
            Some(tree) => tree,
            None => events::read(&xml, &mut inner.stream()?)?,
        };
        Ok(Self {
            xml,
            tree,
            binaries: inner.binaries,
        })
    }

    pub(crate) fn name(&self, id: Id) -> &str {
        self.tree.name(id)
    }

    pub(crate) fn text(&self, id: Id) -> &str {
        match self.tree.node(id).text {
            Text::Here { start, end } => &self.xml[start as usize..end as usize],
            Text::Apart(at) => &self.tree.texts[at as usize],
        }
    }

    pub(crate) fn is_protected(&self, id: Id) -> bool {
        self.tree.node(id).protected
    }

    /// Whether its protected bytes are no text.
    fn is_not_text(&self, id: Id) -> bool {
        self.tree.not_text.contains(&id)
    }

    /// The attributes of an element, apart from the one which says that it is protected.
    fn attributes(&self, id: Id) -> impl Iterator<Item = (&str, &str)> {
        let all = &self.tree.attributes;
        let start = all.partition_point(|attribute| attribute.of < id);
        let own = all[start..].iter().take_while(move |item| item.of == id);
        own.map(|item| (item.name.as_str(), item.value.as_str()))
    }

    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let mut attributes = self.attributes(id);
        attributes
            .find(|attribute| attribute.0 == name)
            .map(|attribute| attribute.1)
    }

    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let first = self.tree.node(id).first;
        let is_there = |id: &Id| *id != NONE;
        std::iter::successors(Some(first).filter(is_there), move |id| {
            Some(self.tree.node(*id).next).filter(is_there)
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

    /// The text of a field of an entry, the first of this name.
    pub(crate) fn field(&self, entry: Id, name: &str) -> Option<&str> {
        let field = self.children(entry).find(|child| {
            self.name(*child) == "String" && self.child_text(*child, "Key") == name
        })?;
        Some(self.child_text(field, "Value"))
    }

    /// Takes an element out of its parent.
    pub(crate) fn remove(&mut self, parent: Id, child: Id) {
        let before = self.children(parent).take_while(|id| *id != child).last();
        let next = self.tree.node(child).next;
        match before {
            Some(before) => self.tree.node_mut(before).next = next,
            None => self.tree.node_mut(parent).first = next,
        }
    }

    /// Takes the reference to a file off an entry, and leaves those of its earlier versions.
    pub(crate) fn remove_attachment(&mut self, entry: Uuid, name: &str) {
        let groups = self.tree.ids().filter(|id| self.name(*id) == "Group");
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

#[cfg(test)]
mod tests;
