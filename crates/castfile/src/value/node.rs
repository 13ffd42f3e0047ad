//! YAML nodes as values.

use yaml_tree::{Content, Node, Resolved, Schema};

use super::{Map, Value};

impl From<&Node> for Value {
    /// The value a node means under the rules of castfiles. Timestamps stay text; an integer
    /// beyond 64 bits with a sign becomes a float.
    fn from(node: &Node) -> Self {
        match node.content() {
            Content::Sequence(items) => Self::List(items.iter().map(Self::from).collect()),
            Content::Mapping(mapping) => {
                let mut map = Map::new();
                for entry in mapping.entries() {
                    // Keys of other kinds cannot be named in an expression or a template.
                    if let Some(key) = entry.key.as_text() {
                        map.insert(key, Self::from(&entry.value));
                    }
                }
                Self::Map(map)
            }
            Content::Scalar(_) => match node.resolve(Schema::Go) {
                Some(Resolved::Bool(value)) => Self::Bool(value),
                Some(Resolved::Int(value)) => Self::Int(value),
                #[expect(clippy::cast_precision_loss, reason = "documented: becomes a float")]
                Some(Resolved::UInt(value)) => Self::Float(value as f64),
                Some(Resolved::Float(value)) => Self::Float(value),
                Some(Resolved::Str(text) | Resolved::Timestamp(text)) => Self::Str(text.to_owned()),
                _ => Self::Null,
            },
        }
    }
}
