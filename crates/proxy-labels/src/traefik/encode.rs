//! The configuration back to labels.

use thiserror::Error;

use super::configuration::{Configuration, Named};
use super::schema::{Field, Kind};
use super::value::{Block, Value};
use crate::Labels;

/// A value that labels cannot say.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{key}` cannot be written as a label: {why}")]
#[non_exhaustive]
pub struct EncodeError {
    /// The label it would be.
    pub key: String,
    /// Why not.
    pub why: &'static str,
}

impl Configuration {
    /// The labels that declare this configuration; values that are Traefik's presets are left out.
    ///
    /// ```
    /// use proxy_labels::traefik::Configuration;
    ///
    /// let labels = [
    ///     ("traefik.http.routers.web.rule", "Host(`a.example`)"),
    ///     ("traefik.http.services.web.loadbalancer.server.port", "8080"),
    /// ];
    /// let decoded = Configuration::from_labels(labels)?;
    /// let encoded = decoded.to_labels().unwrap();
    /// assert_eq!(encoded["traefik.http.routers.web.rule"], "Host(`a.example`)");
    /// assert_eq!(encoded.len(), 2);
    /// # Ok::<(), proxy_labels::traefik::LabelError>(())
    /// ```
    ///
    /// # Errors
    /// [`EncodeError`] for a list with an item that has a comma or blanks around it, a name with a
    /// dot, and values that need the file provider.
    pub fn to_labels(&self) -> Result<Labels, EncodeError> {
        let mut labels = Labels::new();
        for (protocol, section) in [("http", &self.http), ("tcp", &self.tcp), ("udp", &self.udp)] {
            for (name, blocks) in [
                ("routers", &section.routers),
                ("services", &section.services),
                ("middlewares", &section.middlewares),
            ] {
                named(&format!("traefik.{protocol}.{name}"), blocks, &mut labels)?;
            }
        }
        named("traefik.tls.stores", &self.stores, &mut labels)?;
        Ok(labels)
    }
}

fn named(prefix: &str, blocks: &Named, labels: &mut Labels) -> Result<(), EncodeError> {
    for (name, block) in blocks {
        let key = format!("{prefix}.{name}");
        if name.is_empty() || name.contains('.') || name.starts_with('[') || name.ends_with(']') {
            let why = "a name in a label has no dot and no bracket at its ends";
            return Err(EncodeError { key, why });
        }
        let before = labels.len();
        fields(&key, block, labels)?;
        if labels.len() == before {
            // Nothing but presets: the name alone declares it.
            labels.insert(key, String::new());
        }
    }
    Ok(())
}

fn fields(prefix: &str, block: &Block, labels: &mut Labels) -> Result<(), EncodeError> {
    let presets = Block::new(block.table);
    for (at, field) in block.table.fields.iter().enumerate() {
        let value = block.at(at);
        if value == presets.at(at) {
            continue;
        }
        let key = format!("{prefix}.{}", field.label_name().to_ascii_lowercase());
        match value {
            Some(value) => put(key, field, value, labels)?,
            // A preset that was taken away: only a zero does that.
            None => put_zero(key, field, labels)?,
        }
    }
    Ok(())
}

fn put_zero(key: String, field: &Field, labels: &mut Labels) -> Result<(), EncodeError> {
    let zero = match field.kind {
        Kind::Text => "",
        Kind::Bool => "false",
        Kind::Int | Kind::Duration => "0",
        _ => {
            let why = "a label cannot empty it";
            return Err(EncodeError { key, why });
        }
    };
    labels.insert(key, zero.to_owned());
    Ok(())
}

fn put(key: String, field: &Field, value: &Value, labels: &mut Labels) -> Result<(), EncodeError> {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Duration(duration) => duration.to_string(),
        Value::List(items) => list(&key, items)?,
        Value::Map(map) => return put_map(&key, map, labels),
        Value::Block(block) => {
            let before = labels.len();
            fields(&key, block, labels)?;
            if labels.len() > before {
                return Ok(());
            }
            if !field.bare {
                return bare_block(key, block, labels);
            }
            "true".to_owned()
        }
        Value::Blocks(blocks) => return put_blocks(key, field, blocks, labels),
        Value::Values(_) => {
            let why = "a list of a plugin";
            return Err(EncodeError { key, why });
        }
    };
    labels.insert(key, text);
    Ok(())
}

/// A block that holds nothing but presets and may not be written bare: one preset is said.
fn bare_block(key: String, block: &Block, labels: &mut Labels) -> Result<(), EncodeError> {
    for (at, field) in block.table.fields.iter().enumerate() {
        let value = block.at(at);
        let below = format!("{key}.{}", field.label_name().to_ascii_lowercase());
        match (value, field.kind) {
            (Some(Value::Block(_)), _) => {}
            (Some(value), _) => return put(below, field, value, labels),
            (None, Kind::Text | Kind::Bool | Kind::Int | Kind::Duration) => {
                return put_zero(below, field, labels);
            }
            (None, Kind::List) => {
                labels.insert(below, String::new());
                return Ok(());
            }
            (None, _) => {}
        }
    }
    let why = "an empty block";
    Err(EncodeError { key, why })
}

fn list(key: &str, items: &[String]) -> Result<String, EncodeError> {
    for item in items {
        if item.contains(',') {
            let (key, why) = (key.to_owned(), "an item with a comma in it would be two");
            return Err(EncodeError { key, why });
        }
        if item.trim() != item {
            let (key, why) = (key.to_owned(), "blanks around an item would be lost");
            return Err(EncodeError { key, why });
        }
    }
    if let [only] = items
        && only.is_empty()
    {
        // An empty value would be no list at all; a blank is a list of one empty item.
        return Ok(" ".to_owned());
    }
    Ok(items.join(","))
}

fn put_map(
    key: &str,
    map: &std::collections::BTreeMap<String, Value>,
    labels: &mut Labels,
) -> Result<(), EncodeError> {
    for (name, value) in map {
        let below = format!("{key}.{name}");
        match value {
            Value::Text(text) => {
                labels.insert(below, text.clone());
            }
            Value::Int(number) => {
                labels.insert(below, number.to_string());
            }
            Value::Map(inner) if inner.is_empty() => {
                labels.insert(below, String::new());
            }
            Value::Map(inner) => put_map(&below, inner, labels)?,
            Value::Values(items) => {
                for (at, item) in items.iter().enumerate() {
                    let key = format!("{below}[{at}]");
                    match item {
                        Value::Map(inner) => put_map(&key, inner, labels)?,
                        Value::Text(text) => {
                            labels.insert(key, text.clone());
                        }
                        _ => {
                            let why = "a list inside a list of a plugin";
                            return Err(EncodeError { key, why });
                        }
                    }
                }
            }
            _ => {
                let why = "a value that only the file provider can give";
                return Err(EncodeError { key: below, why });
            }
        }
    }
    Ok(())
}

fn put_blocks(
    key: String,
    field: &Field,
    blocks: &[Block],
    labels: &mut Labels,
) -> Result<(), EncodeError> {
    match (field.kind, blocks) {
        (Kind::Single(_), [server]) => {
            let before = labels.len();
            fields(&key, server, labels)?;
            if labels.len() == before {
                return bare_block(key, server, labels);
            }
            Ok(())
        }
        (Kind::Single(_), []) => Ok(()),
        (Kind::Single(_), _) => {
            let why = "labels can declare one server of a service only";
            Err(EncodeError { key, why })
        }
        // Indexes are sorted as texts, so they need one width.
        _ => {
            let width = blocks.len().saturating_sub(1).to_string().len();
            for (at, block) in blocks.iter().enumerate() {
                let key = format!("{key}[{at:0width$}]");
                let before = labels.len();
                fields(&key, block, labels)?;
                if labels.len() == before {
                    labels.insert(key, String::new());
                }
            }
            Ok(())
        }
    }
}
