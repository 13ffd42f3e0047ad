//! Values as text, in Go's `%v`.

use std::borrow::Cow;

use yaml_tree::{Resolved, go_display};

use crate::value::{Data, Value};

/// The text of a scalar as Compose forms it for environment values and labels; null is empty.
pub(crate) fn display(value: &Value) -> Cow<'_, str> {
    match &value.data {
        Data::Str(text) => Cow::Borrowed(text),
        Data::Null => Cow::Borrowed(""),
        Data::Bool(value) => go(&Resolved::Bool(*value)),
        Data::Int(value) => go(&Resolved::Int(*value)),
        Data::UInt(value) => go(&Resolved::UInt(*value)),
        Data::Float(value) => go(&Resolved::Float(*value)),
        Data::Time(text) => go(&Resolved::Timestamp(text)),
        Data::List(_) | Data::Map(_) => Cow::Borrowed(""),
    }
}

fn go(value: &Resolved<'_>) -> Cow<'static, str> {
    Cow::Owned(go_display(value).unwrap_or_default())
}
