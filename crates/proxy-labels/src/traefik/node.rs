//! Label keys to a tree of elements.

use std::collections::HashMap;

use super::error::{LabelError, LabelErrorKind};
use super::schema::{fold, same};

/// So many children are looked through; more get an index.
const FEW: usize = 12;

/// An element of label keys with everything below it.
#[derive(Debug, Default)]
pub(crate) struct Node<'l> {
    /// As the first key spells it.
    pub(crate) name: &'l str,
    /// The value of the last label that ends here.
    pub(crate) value: &'l str,
    /// The key of the last label that ends here.
    pub(crate) own_key: Option<&'l str>,
    /// The key of the first label that comes by.
    pub(crate) first_key: &'l str,
    pub(crate) children: Vec<Self>,
    index: HashMap<String, usize>,
}

impl<'l> Node<'l> {
    /// The label to show for this element.
    pub(crate) fn key(&self) -> &'l str {
        self.own_key.unwrap_or(self.first_key)
    }

    /// The child of this name, whatever its case.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.position(name).map(|at| &self.children[at])
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.index.is_empty() {
            return self
                .children
                .iter()
                .position(|child| same(child.name, name));
        }
        self.index.get(&folded(name)).copied()
    }

    fn child_or_new(&mut self, name: &'l str, key: &'l str) -> &mut Self {
        let at = self.position(name).unwrap_or_else(|| {
            let at = self.children.len();
            self.children.push(Node {
                name,
                first_key: key,
                ..Node::default()
            });
            if !self.index.is_empty() {
                self.index.insert(folded(name), at);
            } else if at + 1 > FEW {
                let names = self.children.iter().enumerate();
                self.index = names.map(|(at, child)| (folded(child.name), at)).collect();
            }
            at
        });
        &mut self.children[at]
    }
}

fn folded(name: &str) -> String {
    name.chars().map(fold).collect()
}

/// What all the beginnings of keys begin with.
const ROOT: &[u8] = b"traefik.";

/// Whether a key counts under one of these beginnings, whatever its case.
pub(crate) fn selected(key: &str, beginnings: &[&str]) -> bool {
    let key = key.as_bytes();
    let Some((root, rest)) = key.split_at_checked(ROOT.len()) else {
        return false;
    };
    root.eq_ignore_ascii_case(ROOT)
        && beginnings.iter().any(|beginning| {
            let beginning = &beginning.as_bytes()[ROOT.len()..];
            rest.get(..beginning.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        })
}

/// The tree of the labels that count under `beginnings`, which come sorted by key; `None` if there
/// are none. With `found`, errors are collected and their labels left out; without, the first ends
/// it.
pub(crate) fn tree<'l>(
    labels: impl Iterator<Item = (&'l str, &'l str)>,
    beginnings: &[&str],
    found: &mut Vec<LabelError>,
) -> Option<Node<'l>> {
    let mut root: Option<Node<'l>> = None;
    for (key, value) in labels {
        if !selected(key, beginnings) {
            continue;
        }
        let mut elements = match elements(key) {
            Ok(elements) => elements.into_iter(),
            Err(kind) => {
                found.push(LabelError::new(key, kind));
                continue;
            }
        };
        let root = root.get_or_insert_with(|| Node {
            name: "traefik",
            first_key: key,
            ..Node::default()
        });
        elements.next();
        let mut node = root;
        for element in elements {
            node = node.child_or_new(element, key);
        }
        node.value = value;
        node.own_key = Some(key);
    }
    root
}

/// A key as elements, an index being one of its own.
fn elements(key: &str) -> Result<Vec<&str>, LabelErrorKind> {
    let mut elements = Vec::with_capacity(8);
    for (at, element) in key.split('.').enumerate() {
        if at == 0 && element != "traefik" {
            return Err(LabelErrorKind::Root(element.to_owned()));
        }
        if element.is_empty() {
            return Err(LabelErrorKind::EmptyElement);
        }
        if element.starts_with('[') {
            return Err(LabelErrorKind::LeadingBracket(element.to_owned()));
        }
        match (element.ends_with(']'), element.find('[')) {
            (true, Some(bracket)) => {
                elements.push(&element[..bracket]);
                elements.push(&element[bracket..]);
            }
            (true, None) => return Err(LabelErrorKind::LoneBracket(element.to_owned())),
            _ => elements.push(element),
        }
    }
    Ok(elements)
}
