//! How a text is read.

use crate::Schema;

/// Nesting above this is refused whatever [`Options::max_depth`] says: trees are compared and
/// dropped by recursion, and this much is safe on a small thread's stack.
pub(crate) const DEPTH_CEILING: usize = 512;

/// What to do about a key written twice in one mapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DuplicateKeys {
    /// An error; the first entry stays.
    #[default]
    Refuse,
    /// In the root mapping of a document every entry stays, in order, without a diagnostic
    /// ([`Mapping::get`](crate::Mapping::get) gives the first); deeper down as
    /// [`Refuse`](Self::Refuse).
    KeepAll,
}

/// Limits and choices for [`parse`](crate::parse) and [`parse_one`](crate::parse_one).
///
/// ```
/// use yaml_tree::{DuplicateKeys, Options, Schema, Source, parse_one};
///
/// let options = Options::default()
///     .schema(Schema::Go)
///     .duplicate_keys(DuplicateKeys::KeepAll);
/// let twice = Source::new("castfile", "tasks: {a: }\ntasks: {b: }\n");
/// let root = parse_one(&twice, &options).into_result().unwrap();
/// assert_eq!(root.as_mapping().unwrap().len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The rules by which messages name the kind of a scalar. The tree itself keeps every scalar
    /// as text. Default: [`Schema::Core`].
    pub schema: Schema,
    /// The longest text read, in bytes. Default: 8 MiB; above 4 GiB counts as 4 GiB. A text made
    /// of nothing but tiny values needs some 100 times its length in memory.
    pub max_bytes: usize,
    /// The deepest nesting, aliases followed; a scalar at the root has depth 1. Default: 128.
    /// Above 512 counts as 512, and `[` and `{` nest at most 255 deep.
    pub max_depth: usize,
    /// How many nodes aliases may add to those written. Default: 100 000, the number at which
    /// Docker Compose gives up.
    pub max_nodes: usize,
    /// Whether `<<` brings in the entries of other mappings; otherwise it is a key like any
    /// other. Default: true.
    pub merge_keys: bool,
    /// What to do about a key written twice. Default: [`DuplicateKeys::Refuse`].
    pub duplicate_keys: DuplicateKeys,
    /// Whether an anchor is known in the documents after its own, too, as the YAML reader of
    /// Docker Compose has it. Default: false, as the YAML specification has it.
    pub shared_anchors: bool,
    /// The tag of values that do not keep merge keys from bringing in an entry of the same key; they
    /// stand behind the others then, so that a key may come twice. Default: none. Docker Compose has
    /// `!reset`, which takes an entry out before merge keys are looked at.
    pub weak_tag: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schema: Schema::Core,
            max_bytes: 8 << 20,
            max_depth: 128,
            max_nodes: 100_000,
            merge_keys: true,
            duplicate_keys: DuplicateKeys::Refuse,
            shared_anchors: false,
            weak_tag: None,
        }
    }
}

impl Options {
    /// Sets [`schema`](Self#structfield.schema).
    #[must_use]
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Sets [`max_bytes`](Self#structfield.max_bytes).
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets [`max_depth`](Self#structfield.max_depth).
    #[must_use]
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.max_depth = depth;
        self
    }

    /// Sets [`max_nodes`](Self#structfield.max_nodes).
    #[must_use]
    pub fn max_nodes(mut self, nodes: usize) -> Self {
        self.max_nodes = nodes;
        self
    }

    /// Sets [`merge_keys`](Self#structfield.merge_keys).
    #[must_use]
    pub fn merge_keys(mut self, merge: bool) -> Self {
        self.merge_keys = merge;
        self
    }

    /// Sets [`shared_anchors`](Self#structfield.shared_anchors).
    #[must_use]
    pub fn shared_anchors(mut self, shared: bool) -> Self {
        self.shared_anchors = shared;
        self
    }

    /// Sets [`weak_tag`](Self#structfield.weak_tag).
    #[must_use]
    pub fn weak_tag(mut self, tag: &'static str) -> Self {
        self.weak_tag = Some(tag);
        self
    }

    /// Sets [`duplicate_keys`](Self#structfield.duplicate_keys).
    #[must_use]
    pub fn duplicate_keys(mut self, choice: DuplicateKeys) -> Self {
        self.duplicate_keys = choice;
        self
    }
}
