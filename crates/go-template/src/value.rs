//! Values inside templates, with the types that Go tells apart.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

/// A value inside a template.
///
/// `==` is what Go's `reflect.DeepEqual` calls equal: of the same type, with the same contents.
/// `Display` is Go's `%v`: `[a b]`, `map[a:1 b:2]`, `1e+06`, `<nil>`.
///
/// ```
/// use go_template::Data;
///
/// let data = Data::dict([("a".to_owned(), Data::Int(1)), ("b".to_owned(), Data::texts(["x", "y"]))]);
/// assert_eq!(data.to_string(), "map[a:1 b:[x y]]");
/// assert_eq!(data.type_name(), "map[string]interface {}");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Data {
    /// `nil`; also what a map has under a key that is not there.
    Nil,
    /// A record that is not there, where a map of records was asked for it; with the type it has in
    /// Go.
    NilPointer(&'static str),
    /// `true` or `false`.
    Bool(bool),
    /// Go's `int`: a whole number as it is written in a template.
    Int(i64),
    /// Go's `int64`: a whole number as sprig computes it. It is no `int` for functions that take
    /// one, unless [`Options::lenient`](crate::Options::lenient).
    Long(i64),
    /// Go's `byte`: a byte of a text.
    Byte(u8),
    /// Go's `float64`.
    Float(f64),
    /// Go's `string`. It is text: what would cut a character in two is an error.
    Text(String),
    /// A slice, and the type of what is in it.
    List(Item, Vec<Self>),
    /// `map[string]interface {}`: what `dict` makes, and `set` changes in place.
    Dict(Dict),
    /// `map[string]string`: labels, variables, and what `split` makes. A key that is not there has
    /// the empty text for `index`; it is no dict for functions over dicts, unless
    /// [`Options::lenient`](crate::Options::lenient).
    Texts(Rc<BTreeMap<String, String>>),
    /// A map of records.
    Map(Rc<Records>),
    /// A struct.
    Record(Rc<Record>),
    /// A value that only the caller and the functions it adds know.
    Foreign(Rc<dyn Foreign>),
}

/// A map that is shared by all who hold it.
pub type Dict = Rc<RefCell<BTreeMap<String, Data>>>;

/// The type of what is in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// `[]interface {}`
    Any,
    /// `[]string`
    Text,
    /// `[]int`
    Int,
    /// `[][]interface {}`
    List,
}

/// A struct: an absent field is an error.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// The name of its type in Go.
    pub name: &'static str,
    /// Its fields, in order.
    pub fields: Vec<(&'static str, Data)>,
}

/// A map of records, whose absent entries are nil pointers.
#[derive(Debug, PartialEq)]
pub struct Records {
    /// The name of its type in Go, `map[string]*…`.
    pub name: &'static str,
    /// The name of its element's type in Go, `*…`.
    pub element: &'static str,
    /// The records.
    pub entries: BTreeMap<String, Data>,
}

/// A value that templates only hand on, such as a point in time: from one function the caller adds
/// to another. `if` takes it for true.
pub trait Foreign: Any + Debug {
    /// The name of its type in Go, as `%T` prints it.
    fn type_name(&self) -> &'static str;
    /// The name of its kind in Go's `reflect`.
    fn kind(&self) -> &'static str;
    /// What it is, for a message, with an article: `a time`.
    fn noun(&self) -> &'static str;
    /// Its text, as `%v` prints it. Two values of one type are equal when their texts are.
    fn text(&self) -> String;
    /// The text that stands for it in JSON, if there is one.
    fn json(&self) -> Option<String> {
        None
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::NilPointer(one), Self::NilPointer(other)) => one == other,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) | (Self::Long(one), Self::Long(other)) => {
                one == other
            }
            (Self::Byte(one), Self::Byte(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::List(kind, one), Self::List(its, other)) => kind == its && one == other,
            (Self::Dict(one), Self::Dict(other)) => Rc::ptr_eq(one, other) || one == other,
            (Self::Texts(one), Self::Texts(other)) => one == other,
            (Self::Map(one), Self::Map(other)) => one == other,
            (Self::Record(one), Self::Record(other)) => one == other,
            (Self::Foreign(one), Self::Foreign(other)) => {
                one.type_name() == other.type_name() && one.text() == other.text()
            }
            _ => false,
        }
    }
}

impl Data {
    /// A list of anything.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Item::Any, items)
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(|text| Self::Text(text.into()));
        Self::List(Item::Text, texts.collect())
    }

    /// A dict.
    pub fn dict(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Dict(Rc::new(RefCell::new(entries.into_iter().collect())))
    }

    /// A map of texts.
    pub fn text_map(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::Texts(Rc::new(entries.into_iter().collect()))
    }

    /// A struct, by the name of its type in Go and its fields.
    pub fn record(name: &'static str, fields: Vec<(&'static str, Self)>) -> Self {
        Self::Record(Rc::new(Record { name, fields }))
    }

    /// Whether `if` takes it for true, and sprig for not empty.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil | Self::NilPointer(_) => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) | Self::Long(number) => *number != 0,
            Self::Byte(byte) => *byte != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(_, items) => !items.is_empty(),
            Self::Dict(map) => !map.borrow().is_empty(),
            Self::Texts(map) => !map.is_empty(),
            Self::Map(map) => !map.entries.is_empty(),
            Self::Record(_) | Self::Foreign(_) => true,
        }
    }

    /// The name of its type in Go, as `%T` prints it.
    pub fn type_name(&self) -> &'static str {
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
            Self::Map(map) => map.name,
            Self::NilPointer(name) => name,
            Self::Record(record) => record.name,
            Self::Foreign(foreign) => foreign.type_name(),
        }
    }

    /// The name of its kind in Go's `reflect`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::NilPointer(_) => "ptr",
            Self::List(..) => "slice",
            Self::Dict(_) | Self::Texts(_) | Self::Map(_) => "map",
            Self::Record(record) if record.name.starts_with('*') => "ptr",
            Self::Record(_) => "struct",
            Self::Foreign(foreign) => foreign.kind(),
            other => other.type_name(),
        }
    }

    /// The text; empty for anything else.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The whole number; 0 for anything else.
    pub fn as_int(&self) -> i64 {
        match self {
            Self::Int(number) | Self::Long(number) => *number,
            Self::Byte(byte) => i64::from(*byte),
            _ => 0,
        }
    }

    /// A list's length, a map's, or that of a text in bytes.
    pub fn length(&self) -> Option<usize> {
        Some(match self {
            Self::Text(text) => text.len(),
            Self::List(_, items) => items.len(),
            Self::Dict(map) => map.borrow().len(),
            Self::Texts(map) => map.len(),
            Self::Map(map) => map.entries.len(),
            _ => return None,
        })
    }

    /// The keys and values of a map, in the order of the keys.
    pub fn entries(&self) -> Option<Vec<(String, Self)>> {
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
            Self::Map(map) => map
                .entries
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            _ => return None,
        })
    }

    /// What it is, for a message, with an article.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Nil | Self::NilPointer(_) => "nil",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Long(_) => "an int64",
            Self::Byte(_) => "a byte",
            Self::Float(_) => "a float",
            Self::Text(_) => "a string",
            Self::List(..) => "a list",
            Self::Dict(_) | Self::Texts(_) | Self::Map(_) => "a map",
            Self::Record(_) => "a record",
            Self::Foreign(foreign) => foreign.noun(),
        }
    }

    /// A measure of the memory it takes to copy and to print, and how deep it is nested. What many
    /// values hold counts for each.
    pub(crate) fn weight(&self) -> Weight {
        let mut weight = Weight { size: 16, depth: 1 };
        match self {
            Self::Text(text) => weight.size += text.len(),
            Self::List(_, items) => items.iter().for_each(|item| weight.add(item.weight())),
            Self::Dict(map) => {
                for (key, item) in &*map.borrow() {
                    weight.size += key.len();
                    weight.add(item.weight());
                }
            }
            Self::Texts(map) => {
                let texts = map.iter().map(|(key, text)| key.len() + text.len() + 16);
                weight.size += texts.sum::<usize>();
            }
            _ => {}
        }
        weight
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

/// See [`Data::weight`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    pub(crate) size: usize,
    pub(crate) depth: usize,
}

impl Weight {
    fn add(&mut self, inner: Self) {
        self.size = self.size.saturating_add(inner.size);
        self.depth = self.depth.max(inner.depth + 1);
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
