//! Labels and environment: pairs in the form of a mapping or of a list.

use yaml_tree::Node;

use super::document::{Place, Spot, behind_alias, merge_site, nth, tagged};
use super::scalar::{Meaning, Scalar};
use super::{ComposeFile, EditError, Mode, change, refused, template};

impl ComposeFile {
    /// Sets a pair in the `attribute` of a service.
    pub(super) fn set_pair(
        &mut self,
        service: &str,
        attribute: &str,
        key: &str,
        value: &Scalar,
        mode: Mode,
    ) -> Result<bool, EditError> {
        self.check_service(service)?;
        if key.is_empty() || key.contains('=') {
            return Err(EditError::BadKey {
                key: key.to_owned(),
            });
        }
        let keep = !matches!(value, Scalar::Template(_));
        let meaning = Meaning::of(value, true);
        let path = ["services", service, attribute];
        let at = self.pairs_document(&path, key)?;
        let Some(list) = self.list(at, &path)? else {
            let path = ["services", service, attribute, key];
            return self.put(at, &path, &meaning, mode, keep);
        };
        let key = escaped(key);
        // A key without a value is what null is in a mapping.
        let null = *value == Scalar::Null;
        let whole = |value: &str| {
            Meaning::Text(if null {
                key.clone()
            } else {
                format!("{key}={value}")
            })
        };
        let Some(index) = position(&list, &key) else {
            let changes = change::push(self.text(), &list, &whole(meaning.text()));
            let site = list.node.site().clone();
            return self.make(at, &path, &site, changes, |tree, written| {
                tree.push(&path, written);
            });
        };
        let index_text = index.to_string();
        let path = ["services", service, attribute, &index_text];
        let item = nth(list.node, index);
        let old = item.and_then(Node::as_text).unwrap_or_default();
        let old_value = old.split_once('=').map(|(_, value)| value);
        let mut new = meaning.text().to_owned();
        if let (Some(old_value), Some(item)) = (old_value, item) {
            if old_value == new && !null {
                return Ok(false);
            }
            if mode == Mode::Add {
                return Err(EditError::Exists {
                    path: format!("services.{service}.{attribute}.{key}"),
                    span: item.site().clone(),
                });
            }
            if keep && !null {
                new = template::replace(old_value, &new)
                    .map_err(|refusal| refused(refusal, &path, &new, item))?;
            }
        }
        self.put(at, &path, &whole(&new), Mode::Set, false)
    }

    /// Removes all pairs with `key` from the `attribute` of a service.
    pub(super) fn remove_pair(
        &mut self,
        service: &str,
        attribute: &str,
        key: &str,
    ) -> Result<bool, EditError> {
        self.check_service(service)?;
        let path = ["services", service, attribute];
        let mut edited = self.clone();
        let mut changed = false;
        // A list can have the key several times, and so can documents: without the last of them,
        // another would count.
        loop {
            let at = edited.pairs_document(&path, key)?;
            let index = match edited.list(at, &path)? {
                Some(list) => position(&list, &escaped(key)).map(|index| index.to_string()),
                None => Some(key.to_owned()),
            };
            let removed = match &index {
                Some(last) => edited.cut(at, &["services", service, attribute, last])?,
                None => false,
            };
            if !removed {
                break;
            }
            changed = true;
        }
        if changed {
            *self = edited;
        }
        Ok(changed)
    }

    /// The document in which an edit of the pair `key` in `path` belongs: the last that has it, in
    /// either form.
    fn pairs_document(&self, path: &[&str], key: &str) -> Result<usize, EditError> {
        let escaped = escaped(key);
        let has = |node: &Node| match node.as_sequence() {
            Some(items) => items.iter().any(|item| has_key(item, &escaped)),
            None => node.get(key).is_some(),
        };
        let documents = &self.text.documents;
        let last = documents
            .iter()
            .rposition(|document| document.get(path).is_some_and(has));
        match last {
            Some(at) => Ok(at),
            None => self.document_of(path),
        }
    }

    /// The list at `path` in a document, if that is one.
    fn list(&self, at: usize, path: &[&str]) -> Result<Option<Spot<'_>>, EditError> {
        let Some(document) = self.text.documents.get(at) else {
            return Ok(None);
        };
        if document
            .get(path)
            .is_none_or(|node| node.as_sequence().is_none())
        {
            return Ok(None);
        }
        let spot = match document.find(path)? {
            Place::Here(spot) => spot,
            Place::Missing { parent, .. } => {
                return Err(EditError::Inherited {
                    path: path.join("."),
                    span: merge_site(parent.node),
                });
            }
        };
        if let Some(alias) = spot.node.alias() {
            return Err(behind_alias(path, alias));
        }
        if let Some(tag @ "!reset") = spot.node.tag() {
            return Err(tagged(path.join("."), tag, spot.node));
        }
        Ok(Some(spot))
    }
}

/// The key of a pair as it stands in an item of a list, where Compose looks for variables.
fn escaped(key: &str) -> String {
    key.replace('$', "$$")
}

/// The last item of a list of pairs with `key`.
fn position(list: &Spot<'_>, key: &str) -> Option<usize> {
    let items = list.node.as_sequence()?;
    items.iter().rposition(|item| has_key(item, key))
}

fn has_key(item: &Node, key: &str) -> bool {
    item.as_text()
        .is_some_and(|text| text.split_once('=').map_or(text, |(key, _)| key) == key)
}
