//! A document in the form which the crate `keepass` reads without loss.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::elements::{below_in, is_repeated, is_time, stays_empty};
use super::time::{encode, seconds_since_year_one};
use super::{Document, Id, ROOT};
use crate::change::needs_protection;

impl Document {
    /// The document with its elements in order, times in base64, and the protected values in
    /// base64 without further encryption.
    pub(crate) fn emit(&self) -> Zeroizing<Vec<u8>> {
        // texts may grow by escapes and base64; a growing buffer would leave copies behind
        let texts: usize = self.tree.ids().map(|id| self.text(id).len()).sum();
        let elements = self.tree.ids().len();
        let mut out = Zeroizing::new(String::with_capacity(texts * 3 + elements * 48));
        self.element(&mut out, ROOT, "");
        Zeroizing::new(std::mem::take(&mut *out).into_bytes())
    }

    fn element(&self, out: &mut String, id: Id, parent: &str) {
        let name = self.name(id);
        out.push('<');
        out.push_str(name);
        for (name, value) in self.attributes(id) {
            out.extend([" ", name, "=\"", value, "\""]);
        }
        let Some(order) = below_in(parent, name) else {
            self.text_of(out, id, parent);
            close(out, name);
            return;
        };
        out.push('>');
        for kind in order {
            let mut found = self.children(id).filter(|child| self.name(*child) == *kind);
            if is_repeated(kind) && (name, *kind) != ("Root", "Group") {
                for child in found {
                    self.element(out, child, name);
                }
            } else if let Some(child) = found.find(|child| !self.is_idle(*child, name)) {
                self.element(out, child, name);
            } else if is_required(name, kind) {
                out.extend(["<", kind, "></", kind, ">"]);
            }
        }
        close(out, name);
    }

    /// Whether an element says nothing: it is empty, or a time that is none.
    fn is_idle(&self, id: Id, parent: &str) -> bool {
        let (name, text) = (self.name(id), self.text(id));
        if is_time(name) && seconds_since_year_one(text).is_none() {
            return true;
        }
        let is_leaf = below_in(parent, name).is_none();
        let has_attributes = self.attributes(id).next().is_some();
        is_leaf && text.is_empty() && !has_attributes && !stays_empty(name)
    }

    /// The rest of the start tag, and the text.
    fn text_of(&self, out: &mut String, id: Id, parent: &str) {
        let (name, text) = (self.name(id), self.text(id));
        let is_protected = self.is_protected(id);
        if is_time(name) {
            out.push('>');
            out.push_str(&encode(seconds_since_year_one(text).unwrap_or_default()));
        } else if is_protected && name == "Binary" {
            // as it was decrypted
            out.extend([" Protected=\"True\">", text]);
        } else if is_protected || parent == "String" && name == "Value" && needs_protection(text) {
            // white space alone would not be read again otherwise, and other characters not by all
            out.push_str(" Protected=\"True\">");
            STANDARD.encode_string(text, out);
        } else {
            out.push('>');
            escape(out, text);
        }
    }
}

/// Elements that have to be there for the crate.
fn is_required(parent: &str, name: &str) -> bool {
    matches!(
        (parent, name),
        ("Group", "Name")
            | ("String" | "Item", "Key" | "Value")
            | ("Binary", "Key")
            | ("Association", "Window" | "KeystrokeSequence")
            | ("Icon", "Data")
    )
}

fn close(out: &mut String, name: &str) {
    out.extend(["</", name, ">"]);
}

fn escape(out: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            _ => out.push(char),
        }
    }
}
