//! Trees to typed values, through serde.

mod error;
mod spanned;

use error::Error;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::{Content, Diagnostic, Entry, Node, Resolved, Schema, Span};

/// Reads a typed value from a node, its scalars taken by the rules of `schema`.
///
/// - Any scalar can be read as a string: a field of type `String` takes `1.10` as it is written.
///   Numbers and booleans are read by what the scalar means, so `"1"` is no number.
/// - null is `None`, `()`, or the default of a field that has one; an empty list or mapping must
///   be written as such.
/// - An enum is a string (a variant without content) or a mapping with one entry
///   (`variant: content`). A local tag on the node is ignored, as in Docker Compose.
/// - Bytes are the UTF-8 of a string, or a sequence of integers.
/// - Where a type takes a [`Spanned`](crate::Spanned) value, it gets the place as well.
///
/// Put `deny_unknown_fields` on types that people write; a wrong key is answered with the one it
/// looks like.
///
/// # Errors
/// A diagnostic at the innermost node that does not fit: `yaml::type`, `yaml::unknown-key`,
/// `yaml::missing-key`, `yaml::unknown-variant`, or `yaml::value` for what the type itself
/// refuses.
///
/// ```
/// use serde::Deserialize;
/// use yaml_tree::{Options, Schema, Source, Spanned, from_node, parse_one};
///
/// #[derive(Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Service {
///     image: Spanned<String>,
///     #[serde(default)]
///     ports: Vec<u16>,
/// }
///
/// let source = Source::new("web.yaml", "image: nginx\nports: [80, 443]\n");
/// let node = parse_one(&source, &Options::default()).into_result().unwrap();
/// let service: Service = from_node(&node, Schema::Go)?;
/// assert_eq!(service.image.span.to_string(), "web.yaml:1:8");
/// assert_eq!(service.ports, [80, 443]);
///
/// let source = Source::new("web.yaml", "image: nginx\nprots: []\n");
/// let node = parse_one(&source, &Options::default()).into_result().unwrap();
/// let error = from_node::<Service>(&node, Schema::Go).err().unwrap();
/// assert_eq!(error.to_string(), "web.yaml:2:1: unknown key `prots`");
/// assert_eq!(error.fix.unwrap().replacement, "ports");
/// # Ok::<(), Box<yaml_tree::Diagnostic>>(())
/// ```
pub fn from_node<T: DeserializeOwned>(node: &Node, schema: Schema) -> Result<T, Box<Diagnostic>> {
    T::deserialize(NodeDeserializer::new(node, schema))
        .map_err(|error| Box::new(error.at(node.site()).into_diagnostic()))
}

/// A node to be read.
#[derive(Clone, Copy)]
struct NodeDeserializer<'n> {
    node: &'n Node,
    schema: Schema,
    /// Whether it is a key, where even `null` and nothing are names.
    key: bool,
}

impl<'n> NodeDeserializer<'n> {
    fn new(node: &'n Node, schema: Schema) -> Self {
        Self {
            node,
            schema,
            key: false,
        }
    }

    fn key(node: &'n Node, schema: Schema) -> Self {
        Self {
            node,
            schema,
            key: true,
        }
    }

    /// Where to say something about the node as a whole: a mapping is named by its first key.
    fn place(&self) -> &'n Span {
        let first = self
            .node
            .as_mapping()
            .and_then(|mapping| mapping.entries().first());
        match (self.node.alias(), first) {
            (Some(alias), _) => alias,
            (None, Some(entry)) if entry.merged.is_none() => entry.key.site(),
            _ => self.node.span(),
        }
    }

    fn is_null(&self) -> bool {
        !self.key && self.node.is_null(self.schema)
    }

    /// What the scalar means, or the collection.
    fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            Content::Sequence(items) => self.sequence(items, visitor),
            Content::Mapping(mapping) => visitor.visit_map(Entries {
                rest: mapping.entries().iter(),
                value: None,
                schema: self.schema,
            }),
            Content::Scalar(scalar) => match self.schema.resolve(scalar, self.node.tag()) {
                Resolved::Null if self.key => visitor.visit_str(&scalar.text),
                Resolved::Null => visitor.visit_unit(),
                Resolved::Bool(value) => visitor.visit_bool(value),
                Resolved::Int(value) => match u64::try_from(value) {
                    Ok(value) => visitor.visit_u64(value),
                    Err(_) => visitor.visit_i64(value),
                },
                Resolved::UInt(value) => visitor.visit_u64(value),
                Resolved::Float(value) => visitor.visit_f64(value),
                Resolved::Timestamp(text) | Resolved::Str(text) => visitor.visit_str(text),
            },
        }
    }

    fn sequence<'de, V: Visitor<'de>>(self, items: &[Node], visitor: V) -> Result<V::Value, Error> {
        let mut rest = Items {
            items: items.iter(),
            schema: self.schema,
        };
        let value = visitor.visit_seq(&mut rest)?;
        match items.len() - rest.items.len() {
            read if read < items.len() => {
                Err(Error::invalid_length(items.len(), &error::Count(read)))
            }
            _ => Ok(value),
        }
    }

    /// The text of a scalar, whatever it means.
    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.as_text() {
            Some(text) if !self.is_null() => visitor.visit_str(text),
            _ => self.any(visitor),
        }
    }
}

/// Gives an error the place of the node, unless it has one.
macro_rules! placed {
    ($($method:ident($($argument:ident: $type:ty),*) => $body:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $($argument: $type,)*
            visitor: V,
        ) -> Result<V::Value, Error> {
            let read: fn(Self, $($type,)* V) -> Result<V::Value, Error> = $body;
            read(self, $($argument,)* visitor).map_err(|error| error.at(self.place()))
        }
    )*};
}

impl<'de> Deserializer<'de> for NodeDeserializer<'_> {
    type Error = Error;

    placed! {
        deserialize_any() => |this, visitor| this.any(visitor);
        deserialize_str() => |this, visitor| this.text(visitor);
        deserialize_string() => |this, visitor| this.text(visitor);
        deserialize_char() => |this, visitor| this.text(visitor);
        deserialize_identifier() => |this, visitor| match this.node.as_text() {
            Some(text) => visitor.visit_str(text),
            None => this.any(visitor),
        };
        deserialize_bytes() => |this, visitor| match this.node.as_text() {
            Some(text) if !this.is_null() => visitor.visit_bytes(text.as_bytes()),
            _ => this.any(visitor),
        };
        deserialize_byte_buf() => |this, visitor| this.deserialize_bytes(visitor);
        deserialize_option() => |this, visitor| {
            if this.is_null() {
                visitor.visit_none()
            } else {
                visitor.visit_some(this)
            }
        };
        deserialize_newtype_struct(_name: &'static str) => {
            |this, _, visitor| visitor.visit_newtype_struct(this)
        };
        deserialize_struct(name: &'static str, _fields: &'static [&'static str]) => {
            |this, name, _, visitor| {
                if name == spanned::NAME {
                    return visitor.visit_seq(spanned::Halves::new(this));
                }
                // serde would take the fields from a sequence, in their order in the code.
                if this.node.as_sequence().is_some() {
                    let found = Error::new("yaml::type", "expected a mapping, found a sequence");
                    return Err(found);
                }
                this.any(visitor)
            }
        };
        deserialize_enum(_name: &'static str, _variants: &'static [&'static str]) => {
            |this, _, _, visitor| match &this.node.content {
                Content::Scalar(_) if !this.is_null() => visitor.visit_enum(Variant {
                    name: this.node,
                    content: None,
                    schema: this.schema,
                }),
                Content::Mapping(mapping) if mapping.len() == 1 => {
                    let entry = &mapping.entries()[0];
                    visitor.visit_enum(Variant {
                        name: &entry.key,
                        content: Some(&entry.value),
                        schema: this.schema,
                    })
                }
                _ => Err(Error::new("yaml::type", format!(
                    "expected a name, or a mapping with one entry, found {}",
                    this.node.kind_name(this.schema),
                ))),
            }
        };
        deserialize_ignored_any() => |_, visitor| visitor.visit_unit();
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 unit unit_struct seq tuple
        tuple_struct map
    }
}

/// The items of a sequence.
struct Items<'n> {
    items: std::slice::Iter<'n, Node>,
    schema: Schema,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.items.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(NodeDeserializer::new(node, self.schema));
        read.map(Some).map_err(|error| error.at(node.site()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a mapping.
struct Entries<'n> {
    rest: std::slice::Iter<'n, Entry>,
    value: Option<&'n Node>,
    schema: Schema,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(&entry.value);
        let read = seed.deserialize(NodeDeserializer::key(&entry.key, self.schema));
        read.map(Some)
            .map_err(|error| error.at_key(&entry.key, entry.merged.as_ref()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(node) = self.value.take() else {
            return Err(Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(NodeDeserializer::new(node, self.schema))
            .map_err(|error| error.at(node.site()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// A variant of an enum: its name, and what it holds.
struct Variant<'n> {
    name: &'n Node,
    content: Option<&'n Node>,
    schema: Schema,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = seed
            .deserialize(NodeDeserializer::key(self.name, self.schema))
            .map_err(|error| error.at(self.name.site()))?;
        Ok((name, self))
    }
}

impl Variant<'_> {
    /// Reads the content, which must be there.
    fn content<T>(
        &self,
        read: impl FnOnce(NodeDeserializer<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(node) = self.content else {
            let name = self.name.as_text().unwrap_or_default();
            let missing = format!("`{name}` needs a value: write `{name}: …`");
            return Err(Error::new("yaml::type", missing).at(self.name.site()));
        };
        read(NodeDeserializer::new(node, self.schema)).map_err(|error| error.at(node.site()))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            Some(node) if !node.is_null(self.schema) => {
                let name = self.name.as_text().unwrap_or_default();
                Err(Error::new("yaml::type", format!("`{name}` takes no value")).at(node.site()))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.content(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.content(|content| content.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.content(|content| content.deserialize_struct("", fields, visitor))
    }
}
