//! Values as they are printed.
//!
//! Canonical form mostly repeats the model in another order. So it refers to the model instead of
//! copying it: no text is copied that is the same there, and no place until somebody asks for one.

use std::borrow::Cow;
use std::sync::Arc;

use crate::value::{Data, Map, Value};

/// A value in canonical form.
#[derive(Clone, Debug)]
pub(crate) struct Printed<'v> {
    /// The value of the model that it comes from.
    from: Option<&'v Value>,
    pub(crate) shape: Shape<'v>,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape<'v> {
    /// What the model has, with all it holds.
    Same(&'v Data),
    /// Another scalar than in the model.
    Scalar(Data),
    /// Other text than in the model.
    Text(Cow<'v, str>),
    List(Vec<Printed<'v>>),
    Map(Entries<'v>),
}

/// Keys and values; no key comes twice.
pub(crate) type Entries<'v> = Vec<(Cow<'v, str>, Printed<'v>)>;

impl<'v> Printed<'v> {
    /// The value as it is.
    pub(crate) fn same(value: &'v Value) -> Self {
        Self {
            from: Some(value),
            shape: Shape::Same(&value.data),
        }
    }

    /// Something else in the place of a value.
    pub(crate) fn at(value: &'v Value, shape: impl Into<Shape<'v>>) -> Self {
        Self {
            from: Some(value),
            shape: shape.into(),
        }
    }

    /// Something that has no place.
    pub(crate) fn new(shape: impl Into<Shape<'v>>) -> Self {
        Self {
            from: None,
            shape: shape.into(),
        }
    }

    /// A copy that stands for itself.
    pub(crate) fn to_value(&self) -> Value {
        let data = match &self.shape {
            Shape::Same(data) => (*data).clone(),
            Shape::Scalar(data) => data.clone(),
            Shape::Text(text) => Data::Str(Arc::from(&**text)),
            Shape::List(items) => Data::List(items.iter().map(Self::to_value).collect()),
            Shape::Map(entries) => {
                let entries = entries.iter();
                let entries = entries.map(|(key, value)| (&**key, value.to_value()));
                Data::Map(entries.collect::<Map>())
            }
        };
        match self.from {
            Some(from) => from.with(data),
            None => Value::new(data),
        }
    }
}

impl From<Data> for Shape<'_> {
    fn from(data: Data) -> Self {
        Self::Scalar(data)
    }
}

impl From<bool> for Shape<'_> {
    fn from(value: bool) -> Self {
        Self::Scalar(Data::Bool(value))
    }
}

impl From<i64> for Shape<'_> {
    fn from(value: i64) -> Self {
        Self::Scalar(Data::Int(value))
    }
}

impl<'v> From<Cow<'v, str>> for Shape<'v> {
    fn from(text: Cow<'v, str>) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v str> for Shape<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Shape<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'v> From<Vec<Printed<'v>>> for Shape<'v> {
    fn from(items: Vec<Printed<'v>>) -> Self {
        Self::List(items)
    }
}

impl<'v> From<Entries<'v>> for Shape<'v> {
    fn from(entries: Entries<'v>) -> Self {
        Self::Map(entries)
    }
}
