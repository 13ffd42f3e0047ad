//! What the crate `keepass` would drop or change on the way from a document to a file.

use std::collections::HashSet;
use std::fmt;

use super::elements::{below_in, is_obsolete, is_repeated, is_time};
use super::time::seconds_since_year_one;
use super::{Document, Id, ROOT};
use crate::key_path::DEEPEST_GROUPS;

/// Something that would be lost if the vault were written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Loss {
    /// An element of the document that is not known.
    Element {
        /// The element around it.
        parent: String,
        /// Its name.
        name: String,
    },
    /// An element that should be there once, and a second one.
    Repeated {
        /// The element around it.
        parent: String,
        /// Its name.
        name: String,
    },
    /// Two fields of one name in an entry.
    Field {
        /// The title of the entry.
        entry: String,
        /// The name.
        field: String,
    },
    /// Two attachments of one name in an entry.
    Attachment {
        /// The title of the entry.
        entry: String,
        /// The name.
        name: String,
    },
    /// An attachment that is referred to but not there.
    MissingAttachment {
        /// The title of the entry.
        entry: String,
        /// The name.
        name: String,
    },
    /// A protected value that is not UTF-8.
    NotText {
        /// The title of the entry.
        entry: String,
    },
    /// A time that is none.
    Time {
        /// Which one.
        name: String,
    },
    /// Groups more than 56 deep in each other, which are not written.
    Depth,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element { parent, name } => {
                write!(f, "`{name}` in `{parent}`, which is not known here")
            }
            Self::Repeated { parent, name } => write!(f, "a second `{name}` in `{parent}`"),
            Self::Field { entry, field } => {
                write!(f, "one of two fields `{field}` of entry `{entry}`")
            }
            Self::Attachment { entry, name } => {
                write!(f, "one of two attachments `{name}` of entry `{entry}`")
            }
            Self::MissingAttachment { entry, name } => write!(
                f,
                "attachment `{name}` of entry `{entry}`, whose content is not in the file"
            ),
            Self::NotText { entry } => {
                write!(f, "a protected value of entry `{entry}` that is not text")
            }
            Self::Time { name } => write!(f, "a `{name}` that is not a time"),
            Self::Depth => write!(f, "groups that are more than {DEEPEST_GROUPS} deep"),
        }
    }
}

impl Document {
    /// Everything that [`emit`](Self::emit) leaves out and the crate `keepass` drops, each once.
    pub(crate) fn losses(&self) -> Vec<Loss> {
        let mut search = Search {
            document: self,
            attachments: (0..self.binaries.len()).map(|at| at.to_string()).collect(),
            groups: 0,
            found: Vec::new(),
        };
        let pool = self.at(&["Meta", "Binaries"]);
        for binary in pool.into_iter().flat_map(|pool| self.children(pool)) {
            search
                .attachments
                .extend(self.attribute(binary, "ID").map(str::to_owned));
        }
        search.element(ROOT, "", "");
        search.found
    }
}

struct Search<'d> {
    document: &'d Document,
    /// By the names under which entries refer to them.
    attachments: HashSet<String>,
    /// How many groups there are around the element, the root group included.
    groups: usize,
    found: Vec<Loss>,
}

impl Search<'_> {
    fn note(&mut self, loss: Loss) {
        if !self.found.contains(&loss) {
            self.found.push(loss);
        }
    }

    fn element(&mut self, id: Id, grandparent: &str, entry: &str) {
        let document = self.document;
        let name = document.name(id);
        let title = if name == "Entry" {
            document.field(id, "Title").unwrap_or_default()
        } else {
            entry
        };
        if name == "Entry" {
            self.entry(id, title);
        }
        if document.is_not_text(id) {
            let entry = title.to_owned();
            self.note(Loss::NotText { entry });
        }
        let Some(known) = below_in(grandparent, name) else {
            let text = document.text(id);
            if is_time(name) && !text.trim().is_empty() && seconds_since_year_one(text).is_none() {
                let name = name.to_owned();
                self.note(Loss::Time { name });
            }
            for child in document.children(id) {
                let (parent, name) = (name.to_owned(), document.name(child).to_owned());
                self.note(Loss::Element { parent, name });
            }
            return;
        };
        let is_group = name == "Group";
        if is_group && self.groups > DEEPEST_GROUPS {
            return self.note(Loss::Depth);
        }
        self.groups += usize::from(is_group);
        let mut seen: Vec<&str> = Vec::new();
        for child in document.children(id) {
            let below = document.name(child);
            if is_obsolete(name, below) {
                continue;
            }
            let (parent, child_name) = (name.to_owned(), below.to_owned());
            if !known.contains(&below) {
                let name = child_name;
                self.note(Loss::Element { parent, name });
                continue;
            }
            let single = !is_repeated(below) || (name, below) == ("Root", "Group");
            if single && seen.contains(&below) {
                let name = child_name;
                self.note(Loss::Repeated { parent, name });
                continue;
            }
            if single {
                seen.push(below);
            }
            self.element(child, name, title);
        }
        self.groups -= usize::from(is_group);
    }

    fn entry(&mut self, id: Id, title: &str) {
        let document = self.document;
        let mut fields = HashSet::new();
        let mut attachments = HashSet::new();
        for child in document.children(id) {
            let key = || document.child_text(child, "Key");
            match document.name(child) {
                "String" if !fields.insert(key()) => self.note(Loss::Field {
                    entry: title.to_owned(),
                    field: key().to_owned(),
                }),
                "Binary" => {
                    let reference = document
                        .child(child, "Value")
                        .and_then(|value| document.attribute(value, "Ref"));
                    if !reference.is_some_and(|reference| self.attachments.contains(reference)) {
                        self.note(Loss::MissingAttachment {
                            entry: title.to_owned(),
                            name: key().to_owned(),
                        });
                    }
                    if !attachments.insert(key()) {
                        self.note(Loss::Attachment {
                            entry: title.to_owned(),
                            name: key().to_owned(),
                        });
                    }
                }
                _ => {}
            }
        }
    }
}
