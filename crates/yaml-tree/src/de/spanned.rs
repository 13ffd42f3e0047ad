//! Values that want to know their place.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Error, NodeDeserializer};
use crate::{Span, Spanned};

/// The name under which a [`Spanned`] asks for its two halves.
pub(super) const NAME: &str = "$yaml_tree::Spanned";

thread_local! {
    /// The place on its way from [`PlaceDeserializer`] to [`Place`]. serde's data model has no
    /// kind for a span; it is put here and taken out within one call.
    static PLACE: RefCell<Option<Span>> = const { RefCell::new(None) };
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    /// Reads from a [`Node`](crate::Node) only: other formats do not know the place.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, &["place", "value"], SpannedVisitor(PhantomData))
    }
}

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a YAML tree")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut halves: A) -> Result<Self::Value, A::Error> {
        let lost = || A::Error::custom("the place of a value is known in YAML trees only");
        let Place(span) = halves.next_element()?.ok_or_else(lost)?;
        let value = halves.next_element()?.ok_or_else(lost)?;
        Ok(Spanned { value, span })
    }
}

/// First the place of a node, then its value.
pub(super) struct Halves<'n> {
    node: NodeDeserializer<'n>,
    placed: bool,
}

impl<'n> Halves<'n> {
    pub(super) fn new(node: NodeDeserializer<'n>) -> Self {
        Self {
            node,
            placed: false,
        }
    }
}

impl<'de> SeqAccess<'de> for Halves<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.placed {
            return seed.deserialize(self.node).map(Some);
        }
        self.placed = true;
        let span = self.node.node.span().clone();
        seed.deserialize(PlaceDeserializer(span)).map(Some)
    }
}

struct PlaceDeserializer(Span);

impl<'de> Deserializer<'de> for PlaceDeserializer {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        PLACE.set(Some(self.0));
        let read = visitor.visit_unit();
        PLACE.set(None);
        read
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Place(Span);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlaceVisitor;

        impl Visitor<'_> for PlaceVisitor {
            type Value = Place;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a place")
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Place, E> {
                let taken = PLACE.take().map(Place);
                taken.ok_or_else(|| E::custom("the place of a value is known in YAML trees only"))
            }
        }

        deserializer.deserialize_any(PlaceVisitor)
    }
}
