//! Values to YAML text.
//!
//! `serde_yaml` turns what serialises into a value, behind [`to_yaml`] alone. The text is written
//! here: `serde_yaml` leaves strings without quotes that Go reads as numbers or dates, and loses
//! characters next to U+2028.

mod write;

use std::fmt;

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use crate::{Content, Node, Resolved, Schema};

/// A value that cannot be written: the code that serialises it refused.
#[derive(Debug)]
pub struct EmitError(serde_yaml::Error);

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write as YAML: {}", self.0)
    }
}

impl std::error::Error for EmitError {}

/// `value` as a YAML document in block style, ending with a line break.
///
/// The same value gives the same text. Strings are quoted where they would be read as something
/// else under the core schema, under Go's rules or by readers of YAML 1.1 (`yes`); texts of
/// several lines become literal blocks. A variant of an enum that holds something becomes a
/// mapping with one entry, as [`from_node`](crate::from_node) reads it; an integer of more than 64
/// bits becomes a string.
///
/// # Errors
/// If the code that serialises the value fails.
///
/// ```
/// use std::collections::BTreeMap;
/// let ports = BTreeMap::from([("web", vec!["80:80", "010"])]);
/// assert_eq!(yaml_tree::to_yaml(&ports)?, "web:\n- '80:80'\n- '010'\n");
/// # Ok::<(), yaml_tree::EmitError>(())
/// ```
pub fn to_yaml<T: Serialize + ?Sized>(value: &T) -> Result<String, EmitError> {
    let value = serde_yaml::to_value(value).map_err(EmitError)?;
    Ok(write::document(&value))
}

/// The tree below `node` as YAML, its scalars taken by the rules of `schema`.
///
/// What the tree means is kept, not how it was written: aliases are written out, merge keys have
/// been merged, numbers are in their plain form, and tags, comments and styles are gone.
/// Timestamps are written as the text they were.
///
/// # Errors
/// As [`to_yaml`].
///
/// ```
/// use yaml_tree::{Options, Schema, Source, node_to_yaml, parse_one};
///
/// let source = Source::new("t", "a: &a {x: 0x10}\nb: {<<: *a, z: '1'}\n");
/// let node = parse_one(&source, &Options::default()).into_result().unwrap();
/// let text = node_to_yaml(&node, Schema::Core)?;
/// assert_eq!(text, "a:\n  x: 16\nb:\n  z: '1'\n  x: 16\n");
/// # Ok::<(), yaml_tree::EmitError>(())
/// ```
pub fn node_to_yaml(node: &Node, schema: Schema) -> Result<String, EmitError> {
    to_yaml(&Meaning { node, schema })
}

/// A node as serde sees it.
struct Meaning<'n> {
    node: &'n Node,
    schema: Schema,
}

impl Serialize for Meaning<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.schema;
        match &self.node.content {
            Content::Sequence(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for node in items.iter() {
                    sequence.serialize_element(&Meaning { node, schema })?;
                }
                sequence.end()
            }
            Content::Mapping(mapping) => {
                let mut entries = serializer.serialize_map(Some(mapping.len()))?;
                for entry in mapping.entries() {
                    let key = Meaning {
                        node: &entry.key,
                        schema,
                    };
                    let value = Meaning {
                        node: &entry.value,
                        schema,
                    };
                    entries.serialize_entry(&key, &value)?;
                }
                entries.end()
            }
            Content::Scalar(scalar) => match schema.resolve(scalar, self.node.tag()) {
                Resolved::Null => serializer.serialize_unit(),
                Resolved::Bool(value) => serializer.serialize_bool(value),
                Resolved::Int(value) => serializer.serialize_i64(value),
                Resolved::UInt(value) => serializer.serialize_u64(value),
                Resolved::Float(value) => serializer.serialize_f64(value),
                Resolved::Timestamp(text) | Resolved::Str(text) => serializer.serialize_str(text),
            },
        }
    }
}
