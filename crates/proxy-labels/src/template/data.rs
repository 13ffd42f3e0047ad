//! Values inside templates, with the types that Go tells apart.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value inside a template.
///
/// Equal is what Go's `reflect.DeepEqual` calls equal: of the same type, with the same contents.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Nil,
    /// A record that is not there, where a map of records was asked for it.
    NilPointer,
    Bool(bool),
    /// Go's `int`.
    Int(i64),
    /// Go's `int64`, which is no `int`: `upstreams` does not take it for a port.
    Long(i64),
    /// A byte of a text.
    Byte(u8),
    Float(f64),
    Text(String),
    List(Item, Vec<Self>),
    /// `map[string]interface{}`: what `dict` makes, and `set` changes in place.
    Dict(Dict),
    /// `map[string]string`: labels, and what `split` makes. Not a dict for functions over dicts.
    Texts(Rc<BTreeMap<String, String>>),
    /// A map of records.
    Map(Rc<BTreeMap<String, Self>>),
    Record(Rc<Record>),
}

/// A map that is shared by all who hold it.
pub(crate) type Dict = Rc<RefCell<BTreeMap<String, Data>>>;

/// The type of what is in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Any,
    Text,
    Int,
    List,
}

/// A struct: an absent field is an error.
#[derive(Debug, PartialEq)]
pub(crate) struct Record {
    /// The name of its type in Go.
    pub(crate) name: &'static str,
    pub(crate) fields: Vec<(&'static str, Data)>,
}

impl Data {
    /// A list of anything.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(Item::Any, items)
    }

    /// A list of texts.
    pub(crate) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(|text| Self::Text(text.into()));
        Self::List(Item::Text, texts.collect())
    }

    /// A dict.
    pub(crate) fn dict(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Dict(Rc::new(RefCell::new(entries.into_iter().collect())))
    }

    /// A map of texts.
    pub(crate) fn text_map(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::Texts(Rc::new(entries.into_iter().collect()))
    }

    /// A struct.
    pub(crate) fn record(name: &'static str, fields: Vec<(&'static str, Self)>) -> Self {
        Self::Record(Rc::new(Record { name, fields }))
    }

    /// Whether `if` takes it for true, and sprig for not empty.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Nil | Self::NilPointer => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) | Self::Long(number) => *number != 0,
            Self::Byte(byte) => *byte != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(_, items) => !items.is_empty(),
            Self::Dict(map) => !map.borrow().is_empty(),
            Self::Texts(map) => !map.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Record(_) => true,
        }
    }

    /// The name of its type in Go, as `%T` prints it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Long(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(Item::Any, _) => "[]interface {}",
            Self::List(Item::Text, _) => "[]string",
            Self::List(Item::Int, _) => "[]int",
            Self::List(Item::List, _) => "[][]interface {}",
            Self::Dict(_) => "map[string]interface {}",
            Self::Texts(_) => "map[string]string",
            Self::Map(_) => "map[string]*network.EndpointSettings",
            Self::NilPointer => "*network.EndpointSettings",
            Self::Record(record) => record.name,
        }
    }

    /// The name of its kind in Go's `reflect`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::NilPointer => "ptr",
            Self::List(..) => "slice",
            Self::Dict(_) | Self::Texts(_) | Self::Map(_) => "map",
            Self::Record(record) if record.name.starts_with('*') => "ptr",
            Self::Record(_) => "struct",
            other => other.type_name(),
        }
    }

    /// The text; empty for anything else.
    pub(crate) fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The whole number; 0 for anything else.
    pub(crate) fn as_int(&self) -> i64 {
        match self {
            Self::Int(number) | Self::Long(number) => *number,
            Self::Byte(byte) => i64::from(*byte),
            _ => 0,
        }
    }

    /// A list's length, a map's, or that of a text in bytes.
    pub(crate) fn length(&self) -> Option<usize> {
        Some(match self {
            Self::Text(text) => text.len(),
            Self::List(_, items) => items.len(),
            Self::Dict(map) => map.borrow().len(),
            Self::Texts(map) => map.len(),
            Self::Map(map) => map.len(),
            _ => return None,
        })
    }

    /// The keys and values of a map, in the order of the keys.
    pub(crate) fn entries(&self) -> Option<Vec<(String, Self)>> {
        Some(match self {
            Self::Dict(map) => {
                let map = map.borrow();
                map.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
            }
            Self::Texts(map) => {
                let entries = map.iter();
                entries
                    .map(|(k, v)| (k.clone(), Self::Text(v.clone())))
                    .collect()
            }
            Self::Map(map) => map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            _ => return None,
        })
    }

    /// Whether a dict is in it, or is it.
    pub(crate) fn holds(&self, dict: &Dict) -> bool {
        match self {
            Self::Dict(map) => {
                Rc::ptr_eq(map, dict) || map.borrow().values().any(|value| value.holds(dict))
            }
            Self::List(_, items) => items.iter().any(|item| item.holds(dict)),
            _ => false,
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
