//! Changing single values in the text of a Compose file.

mod change;
mod document;
mod error;
mod layout;
mod meaning;
mod pairs;
mod scalar;
mod template;

#[cfg(test)]
mod tests;

use yaml_tree::{Mapping, Node, Resolved, Source, Span, nearest};

use change::Change;
use document::{Place, Text, merge_site, merges, tagged};
use meaning::Tree;
use scalar::Meaning;
use template::Refusal;

pub use error::EditError;
pub use scalar::Scalar;

/// The text of a Compose file, for changing values in place.
///
/// Every edit changes the lines it has to and no other byte: comments, order, quotes, indentation,
/// flow and block style, line breaks, anchors and aliases stay as they are. After each edit the
/// new text is read again and compared with the old; an edit that would change any other value,
/// through an alias for example, is refused, and the text stays as it was.
///
/// Methods say by `Ok(false)` that the value was as asked for already.
///
/// In a file of several documents an edit goes to the last one in which the value, or most of the
/// way to it, exists. What other files contribute (`extends`, `include`, overrides) is not seen.
///
/// A value with variables is changed only if it is a single variable with a literal default, such
/// as `${IMAGE:-nginx:1.27}`: then the default is changed, and a variable that is set still wins.
/// A value that comes from a merge key gets an entry of its own.
///
/// ```
/// use compose_model::ComposeFile;
/// use yaml_tree::Source;
///
/// let source = Source::new("compose.yaml", "\
/// services:
///   web:
///     image: nginx:1.26  # pinned, see #12
///     labels:
///       - 'traefik.enable=true'
/// ");
/// let mut file = ComposeFile::parse(&source)?;
/// file.set_tag("web", "1.27")?;
/// file.add_label("web", "traefik.port", "80")?;
/// assert_eq!(file.text(), "\
/// services:
///   web:
///     image: nginx:1.27  # pinned, see #12
///     labels:
///       - 'traefik.enable=true'
///       - 'traefik.port=80'
/// ");
/// # Ok::<(), compose_model::EditError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ComposeFile {
    text: Text,
}

/// Whether to change what is there or only to add.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Add,
    Set,
}

impl ComposeFile {
    /// Reads a file for changes.
    ///
    /// # Errors
    /// [`EditError::Unreadable`] if it is not YAML, a document is not a mapping, or a key is not
    /// text.
    pub fn parse(source: &Source) -> Result<Self, EditError> {
        Ok(Self {
            text: Text::read(source)?,
        })
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        self.text.source.text()
    }

    /// The text as it is now, under the name given at first. Spans in errors lie in it.
    pub fn source(&self) -> &Source {
        &self.text.source
    }

    /// The names of the services in the order of the text.
    pub fn services(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for document in &self.text.documents {
            let services = document.meant.get("services").and_then(Node::as_mapping);
            for entry in services.into_iter().flat_map(Mapping::entries) {
                let name = entry.key.as_text().unwrap_or_default();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The image of a service as written, variables and all.
    pub fn image(&self, service: &str) -> Option<&str> {
        self.meant(&["services", service, "image"])?.as_text()
    }

    /// Sets the image of a service: `[REGISTRY/]NAME[:TAG][@DIGEST]`.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadImage`], or why the text cannot be changed.
    pub fn set_image(&mut self, service: &str, image: &str) -> Result<bool, EditError> {
        self.check_service(service)?;
        if let Err(source) = image.parse::<crate::ImageReference>() {
            let text = image.to_owned();
            return Err(EditError::BadImage { text, source });
        }
        let path = ["services", service, "image"];
        let at = self.document_of(&path)?;
        self.put(at, &path, &Meaning::Text(image.to_owned()), Mode::Set, true)
    }

    /// Sets the tag of the image of a service. A digest is dropped: it belongs to the old tag.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::NotFound`] if it has no image,
    /// [`EditError::BadImage`] if that is no tag, or why the text cannot be changed.
    pub fn set_tag(&mut self, service: &str, tag: &str) -> Result<bool, EditError> {
        self.edit_image(service, tag, template::set_tag)
    }

    /// Sets the digest of the image of a service (`sha256:…`); name and tag stay.
    ///
    /// # Errors
    /// As [`set_tag`](Self::set_tag).
    pub fn set_digest(&mut self, service: &str, digest: &str) -> Result<bool, EditError> {
        self.edit_image(service, digest, template::set_digest)
    }

    /// Adds a label to a service, in the form its labels have: a mapping or a list.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadKey`], [`EditError::Exists`] if the label is there with another value,
    /// or why the text cannot be changed.
    pub fn add_label(
        &mut self,
        service: &str,
        key: &str,
        value: impl Into<Scalar>,
    ) -> Result<bool, EditError> {
        self.set_pair(service, "labels", key, &value.into(), Mode::Add)
    }

    /// Sets a label of a service, whether it is there or not.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadKey`], or why the text cannot be changed.
    pub fn set_label(
        &mut self,
        service: &str,
        key: &str,
        value: impl Into<Scalar>,
    ) -> Result<bool, EditError> {
        self.set_pair(service, "labels", key, &value.into(), Mode::Set)
    }

    /// Removes a label from a service. Where it was the last one, `{}` or `[]` remains.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadKey`], or why the text cannot be changed.
    pub fn remove_label(&mut self, service: &str, key: &str) -> Result<bool, EditError> {
        self.remove_pair(service, "labels", key)
    }

    /// Sets a variable in the `environment` of a service, whether it is there or not.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadKey`], or why the text cannot be changed.
    pub fn set_env(
        &mut self,
        service: &str,
        key: &str,
        value: impl Into<Scalar>,
    ) -> Result<bool, EditError> {
        self.set_pair(service, "environment", key, &value.into(), Mode::Set)
    }

    /// Removes a variable from the `environment` of a service. Where it was the last one, `{}` or
    /// `[]` remains.
    ///
    /// # Errors
    /// [`EditError::NoService`], [`EditError::BadKey`], or why the text cannot be changed.
    pub fn remove_env(&mut self, service: &str, key: &str) -> Result<bool, EditError> {
        self.remove_pair(service, "environment", key)
    }

    /// Sets the scalar at a path of keys, and numbers (from 0) for items of lists. Mappings on the
    /// way that are not there are added; list items are not.
    ///
    /// ```
    /// use compose_model::{ComposeFile, Scalar};
    /// use yaml_tree::Source;
    ///
    /// let source = Source::new("compose.yaml", "services: {web: {image: nginx, ports: ['80:80']}}");
    /// let mut file = ComposeFile::parse(&source)?;
    /// file.set(&["services", "web", "deploy", "replicas"], 2)?;
    /// file.set(&["services", "web", "ports", "0"], Scalar::Template("${PORT:-80}:80".into()))?;
    /// assert_eq!(
    ///     file.text(),
    ///     "services: {web: {image: nginx, ports: ['${PORT:-80}:80'], deploy: {replicas: 2}}}",
    /// );
    /// # Ok::<(), compose_model::EditError>(())
    /// ```
    ///
    /// # Errors
    /// [`EditError::WrongKind`] if a collection is there, [`EditError::NotFound`] for an item that
    /// is not there, or why the text cannot be changed.
    pub fn set(&mut self, path: &[&str], value: impl Into<Scalar>) -> Result<bool, EditError> {
        let value = value.into();
        let keep = !matches!(value, Scalar::Template(_));
        let at = self.document_of(path)?;
        self.put(at, path, &Meaning::of(&value, false), Mode::Set, keep)
    }

    /// Removes the entry or item at a path, whatever it holds, with the comment behind it.
    /// Comments on lines of their own stay. Where it was the last one, `{}` or `[]` remains. Of
    /// several documents, the last that has the path loses it.
    ///
    /// # Errors
    /// Why the text cannot be changed. Nothing at the path is not an error.
    pub fn remove(&mut self, path: &[&str]) -> Result<bool, EditError> {
        match self.text.document_of(path) {
            Some(at) => self.cut(at, path),
            None => Ok(false),
        }
    }

    fn meant(&self, path: &[&str]) -> Option<&Node> {
        let mut documents = self.text.documents.iter().rev();
        documents.find_map(|document| document.get(path))
    }

    fn check_service(&self, name: &str) -> Result<(), EditError> {
        let services = self.services();
        if services.contains(&name) {
            return Ok(());
        }
        Err(EditError::NoService {
            name: name.to_owned(),
            nearest: nearest(name, services).map(ToOwned::to_owned),
        })
    }

    fn edit_image(
        &mut self,
        service: &str,
        part: &str,
        edit: fn(&str, &str) -> Result<String, Refusal>,
    ) -> Result<bool, EditError> {
        self.check_service(service)?;
        let path = ["services", service, "image"];
        let node = self.meant(&path);
        let Some((node, old)) = node.and_then(|node| Some((node, node.as_text()?))) else {
            return Err(missing(&path));
        };
        let image = edit(old, part).map_err(|refusal| refused(refusal, &path, part, node))?;
        let at = self.document_of(&path)?;
        self.put(at, &path, &Meaning::Text(image), Mode::Set, false)
    }

    /// Sets the scalar at a path. With `keep`, variables in the old text are kept or in the way.
    fn put(
        &mut self,
        at: usize,
        path: &[&str],
        meaning: &Meaning,
        mode: Mode,
        keep: bool,
    ) -> Result<bool, EditError> {
        let Some(document) = self.text.documents.get(at) else {
            return Err(missing(path));
        };
        let place = document.find(path)?;
        let old = match &place {
            Place::Here(spot) => Some(spot.node),
            Place::Missing { inherited, .. } => inherited.as_ref().map(|(node, _)| *node),
        };
        let mut meaning = meaning.clone();
        if let Some(node) = old {
            let Some((text, resolved)) = document::scalar(node) else {
                return Err(EditError::WrongKind {
                    path: path.join("."),
                    found: node.kind_name(crate::document::SCHEMA),
                    wanted: "a scalar",
                    span: node.site().clone(),
                });
            };
            if let Some(tag) = node.tag() {
                return Err(tagged(path.join("."), tag, node));
            }
            if meaning.is(&resolved) {
                return Ok(false);
            }
            if mode == Mode::Add && resolved != Resolved::Null {
                return Err(EditError::Exists {
                    path: path.join("."),
                    span: node.site().clone(),
                });
            }
            if keep && template::has_variable(text) {
                let new = template::replace(text, meaning.text())
                    .map_err(|refusal| refused(refusal, path, meaning.text(), node))?;
                meaning = Meaning::Text(new);
                if meaning.is(&resolved) {
                    return Ok(false);
                }
            } else if matches!(resolved, Resolved::Null | Resolved::Str(_)) {
                meaning = meaning.as_text();
            }
        } else {
            meaning = meaning.as_text();
        }
        let (changes, site) = match &place {
            Place::Here(spot) => (
                change::replace(self.text(), spot, &meaning),
                spot.node.site().clone(),
            ),
            Place::Missing { parent, depth, .. } => (
                change::insert(self.text(), parent, &path[*depth..], &meaning),
                parent.node.site().clone(),
            ),
        };
        self.make(at, path, &site, changes, |tree, written| {
            tree.set(path, written);
        })
    }

    /// Removes what is at a path of a document.
    fn cut(&mut self, at: usize, path: &[&str]) -> Result<bool, EditError> {
        let Some(document) = self.text.documents.get(at) else {
            return Ok(false);
        };
        if path.is_empty() || document.get(path).is_none() {
            return Ok(false);
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
        // What is merged in would come to light.
        if let (Some((parent, _)), Some(key)) = (spot.parents.last(), path.last())
            && merges(parent, key)
        {
            return Err(EditError::Inherited {
                path: path.join("."),
                span: merge_site(parent),
            });
        }
        let changes = change::remove(self.text(), &spot, &self.text.line_comments());
        let site = spot.node.site().clone();
        self.make(at, path, &site, changes, |tree, _| tree.remove(path))
    }

    /// The document in which an edit of `path` belongs.
    fn document_of(&self, path: &[&str]) -> Result<usize, EditError> {
        self.text.document_of(path).ok_or_else(|| missing(path))
    }

    /// Makes the first of the changes after which exactly the expected has changed.
    fn make(
        &mut self,
        at: usize,
        path: &[&str],
        site: &Span,
        changes: Vec<Change>,
        expect: impl Fn(&mut Tree, Tree),
    ) -> Result<bool, EditError> {
        let trees = self.text.trees();
        let mut shared = None;
        for change in changes {
            let Some(text) = layout::apply(self.text(), &change.splices) else {
                continue;
            };
            let Ok(new) = Text::read(&Source::new(self.text.source.name(), text)) else {
                continue;
            };
            let mut expected = trees.clone();
            let Some(tree) = expected.get_mut(at) else {
                continue;
            };
            let written = change.written.as_ref().map(Tree::scalar);
            expect(tree, written.unwrap_or_else(Tree::null));
            let found = new.trees();
            if expected == found {
                self.text = new;
                return Ok(true);
            }
            if expected.len() != found.len() {
                continue;
            }
            // If the edit did what it should and more, the value is used elsewhere.
            let there = |trees: &[Tree]| trees.get(at).and_then(|tree| tree.get(path)).cloned();
            if there(&expected) == there(&found) {
                let mut pairs = expected.iter().zip(&found);
                shared = shared.or_else(|| pairs.find_map(|(a, b)| a.difference(b)));
            }
        }
        let path = path.join(".");
        let span = site.clone();
        Err(match shared {
            Some(elsewhere) => EditError::Shared {
                path,
                elsewhere,
                span,
            },
            None => EditError::Layout { path, span },
        })
    }
}

fn missing(path: &[&str]) -> EditError {
    EditError::NotFound {
        path: path.join("."),
    }
}

fn refused(refusal: Refusal, path: &[&str], new: &str, node: &Node) -> EditError {
    match refusal {
        Refusal::Variable => EditError::Template {
            path: path.join("."),
            text: node.as_text().unwrap_or_default().to_owned(),
            span: node.site().clone(),
        },
        Refusal::Image(source) => EditError::BadImage {
            text: new.to_owned(),
            source,
        },
    }
}
