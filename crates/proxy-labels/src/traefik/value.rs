//! Decoded values.

use std::collections::BTreeMap;

use super::duration::Duration;
use super::schema::{Field, Kind, Preset, Table};

/// A value of Traefik's dynamic configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A text.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A length of time.
    Duration(Duration),
    /// Texts in order.
    List(Vec<String>),
    /// Values by name: headers, or what a plugin takes.
    Map(BTreeMap<String, Self>),
    /// A block.
    Block(Block),
    /// Blocks in order.
    Blocks(Vec<Block>),
    /// Values of a plugin, in order.
    Values(Vec<Self>),
}

/// A block of Traefik's dynamic configuration, such as a router or the health check of a service:
/// the fields that Traefik knows, with the values they have, presets included.
///
/// Fields are asked for by the names of Traefik's file provider. Two blocks are equal when Traefik
/// takes them for equal, which matters when several containers declare one name.
///
/// ```
/// use proxy_labels::traefik::{Configuration, Value};
///
/// let labels = [("traefik.http.services.web.loadbalancer.healthcheck.path", "/health")];
/// let found = Configuration::from_labels(labels)?;
/// let service = &found.http.services["web"];
/// assert_eq!(service.text("loadBalancer.healthCheck.path"), Some("/health"));
/// assert_eq!(service.get("loadBalancer.passHostHeader"), Some(&Value::Bool(true)));
/// # Ok::<(), proxy_labels::traefik::LabelError>(())
/// ```
#[derive(Clone)]
pub struct Block {
    pub(crate) table: &'static Table,
    /// Fields that have a value, by their place in the table: most of a block's fields never have.
    fields: Vec<(u8, Value)>,
}

impl Block {
    /// A block nobody has set a field of: the presets.
    pub(crate) fn new(table: &'static Table) -> Self {
        let fields = table.fields.iter().enumerate();
        let fields =
            fields.filter_map(|(at, field)| Some((u8::try_from(at).ok()?, preset(field)?)));
        let fields = fields.collect();
        Self { table, fields }
    }

    /// The value of the field at a place of the table.
    pub(crate) fn at(&self, at: usize) -> Option<&Value> {
        let found = self
            .fields
            .iter()
            .find(|(place, _)| usize::from(*place) == at);
        found.map(|(_, value)| value)
    }

    /// Sets the field at a place of the table, or takes its value away.
    pub(crate) fn set_at(&mut self, at: usize, value: Option<Value>) {
        let value = value.filter(|value| self.table.fields[at].keeps(value));
        let found = self
            .fields
            .binary_search_by_key(&at, |(place, _)| usize::from(*place));
        match (found, value) {
            (Ok(found), Some(value)) => self.fields[found].1 = value,
            (Ok(found), None) => {
                self.fields.remove(found);
            }
            (Err(place), Some(value)) => {
                // No table is that long.
                if let Ok(at) = u8::try_from(at) {
                    self.fields.insert(place, (at, value));
                }
            }
            (Err(_), None) => {}
        }
    }

    /// The value at a path of field names, joined with dots.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let value = self.at(self.table.index(name)?)?;
        match (rest, value) {
            (None, value) => Some(value),
            (Some(rest), Value::Block(block)) => block.get(rest),
            (Some(rest), Value::Map(map)) => map.get(rest),
            _ => None,
        }
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.get(path) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The list at a path; empty if there is none.
    pub fn list(&self, path: &str) -> &[String] {
        match self.get(path) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The number at a path.
    pub fn int(&self, path: &str) -> Option<i64> {
        match self.get(path) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether the boolean at a path is set.
    pub fn flag(&self, path: &str) -> bool {
        matches!(self.get(path), Some(Value::Bool(true)))
    }

    /// The block at a path.
    pub fn block(&self, path: &str) -> Option<&Self> {
        match self.get(path) {
            Some(Value::Block(block)) => Some(block),
            _ => None,
        }
    }

    /// The servers of a load-balancer.
    pub fn blocks(&self, path: &str) -> &[Self] {
        match self.get(path) {
            Some(Value::Blocks(blocks)) => blocks,
            _ => &[],
        }
    }

    /// Fields that have a value, by the names of the file provider.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.fields().map(|(field, value)| (field.name, value))
    }

    /// Fields that have a value.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        let table = self.table;
        let fields = self.fields.iter();
        fields.filter_map(move |(at, value)| Some((table.fields.get(usize::from(*at))?, value)))
    }

    pub(crate) fn set(&mut self, name: &str, value: Option<Value>) {
        if let Some(at) = self.table.index(name) {
            self.set_at(at, value);
        }
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.table.index(name)?;
        let found = self
            .fields
            .iter_mut()
            .find(|(place, _)| usize::from(*place) == at);
        found.map(|(_, value)| value)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.table.index(name)?;
        let found = self
            .fields
            .iter()
            .position(|(place, _)| usize::from(*place) == at)?;
        Some(self.fields.remove(found).1)
    }

    pub(crate) fn block_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self.get_mut(name) {
            Some(Value::Block(block)) => Some(block),
            _ => None,
        }
    }
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.table, other.table) && self.fields == other.fields
    }
}

impl Eq for Block {}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.table.name)?;
        f.write_str(" ")?;
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Field {
    /// Whether a value is told from nothing: zero, false and empty are not where the field is not
    /// shown then.
    pub(crate) fn keeps(&self, value: &Value) -> bool {
        self.zero
            || match value {
                Value::Text(text) => !text.is_empty(),
                Value::Bool(flag) => *flag,
                Value::Int(number) => *number != 0,
                Value::Duration(duration) => *duration != Duration::ZERO,
                Value::List(items) => !items.is_empty(),
                Value::Blocks(items) => !items.is_empty(),
                Value::Values(_) | Value::Map(_) | Value::Block(_) => true,
            }
    }
}

fn preset(field: &Field) -> Option<Value> {
    Some(match field.preset {
        Preset::None => return None,
        Preset::Bool(flag) => Value::Bool(flag),
        Preset::Int(number) => Value::Int(number),
        Preset::Millis(millis) => Value::Duration(Duration::from_millis(millis)),
        Preset::Text(text) => Value::Text(text.to_owned()),
        Preset::List(items) => Value::List(items.iter().map(|&item| item.to_owned()).collect()),
        Preset::Block => match field.kind {
            Kind::Block(table) => Value::Block(Block::new(table)),
            _ => return None,
        },
    })
}
