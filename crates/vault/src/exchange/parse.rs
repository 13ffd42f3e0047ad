//! The document, checked as a whole before anything is done.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::change::Change;
use crate::entry::fields;
use crate::{KeyPath, Rules, Secret};

/// One secret of a document.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Item {
    /// Its key.
    pub key: String,
    pub(super) value: Option<Secret>,
    pub(super) is_null: bool,
    pub(super) ensure: bool,
    pub(super) delete: bool,
    pub(super) rules: Rules,
    pub(super) changes: Vec<Change>,
    /// Properties that are not known, and were passed over.
    pub unknown: Vec<String>,
}

/// What is wrong with a document. No message has a value in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// It is not JSON.
    #[error("not JSON: line {line}, column {column}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is JSON, but not an object.
    #[error("the document is not an object from keys to secrets")]
    NotAnObject,
    /// A key that cannot be one.
    #[error("{message}")]
    Key {
        /// What is wrong with it.
        message: String,
    },
    /// A property of the wrong kind.
    #[error("`{property}` of `{key}` is not {wanted}")]
    Property {
        /// The key.
        key: String,
        /// The property.
        property: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A property that is not known, where that is not allowed.
    #[error("`{key}` has `{property}`, which is not known")]
    Unknown {
        /// The key.
        key: String,
        /// The property.
        property: String,
    },
}

/// Reads a document for [`import`](crate::import) or [`sync`](crate::sync). All mistakes are told
/// at once, and nothing is done as long as there is one.
///
/// # Errors
/// Everything that is wrong with it; properties that are not known only if `strict`.
pub fn parse_exchange(text: &str, strict: bool) -> Result<Vec<Item>, Vec<ExchangeError>> {
    // the message of the parser could have a part of a value in it
    let value: Value = serde_json::from_str(text).map_err(|error| {
        vec![ExchangeError::Syntax {
            line: error.line(),
            column: error.column(),
        }]
    })?;
    let Value::Object(object) = value else {
        return Err(vec![ExchangeError::NotAnObject]);
    };
    let mut errors = Vec::new();
    let mut items = Vec::new();
    for (key, secret) in object {
        if let Err(error) = key.parse::<KeyPath>() {
            let message = error.to_string();
            errors.push(ExchangeError::Key { message });
            continue;
        }
        let mut reading = Reading {
            item: Item {
                key,
                value: None,
                is_null: false,
                ensure: false,
                delete: false,
                rules: Rules::for_import(),
                changes: Vec::new(),
                unknown: Vec::new(),
            },
            errors: Vec::new(),
        };
        match secret {
            Value::String(text) => reading.item.value = Some(Secret::from(text)),
            Value::Null => reading.item.is_null = true,
            Value::Object(properties) => reading.properties(properties),
            _ => reading.wrong("value", "a text, an object or null"),
        }
        if strict {
            let key = &reading.item.key;
            let unknown = reading
                .item
                .unknown
                .iter()
                .map(|property| ExchangeError::Unknown {
                    key: key.clone(),
                    property: property.clone(),
                });
            errors.extend(unknown);
        }
        for change in &reading.item.changes {
            if let Err(error) = change.check() {
                let message = format!("`{}`: {error}", reading.item.key);
                errors.push(ExchangeError::Key { message });
            }
        }
        if reading
            .item
            .value
            .as_ref()
            .is_some_and(|value| value.expose().contains('\0'))
        {
            reading.wrong("value", "free of NUL characters");
        }
        errors.extend(reading.errors);
        items.push(reading.item);
    }
    if errors.is_empty() {
        Ok(items)
    } else {
        Err(errors)
    }
}

struct Reading {
    item: Item,
    errors: Vec<ExchangeError>,
}

impl Reading {
    fn wrong(&mut self, property: &str, wanted: &'static str) {
        self.errors.push(ExchangeError::Property {
            key: self.item.key.clone(),
            property: property.to_owned(),
            wanted,
        });
    }

    fn properties(&mut self, properties: Map<String, Value>) {
        let mut special = None;
        let mut no_special = false;
        for (name, value) in properties {
            let flag = |value: &Value| value.as_bool();
            match (name.as_str(), value) {
                // as if it were not there
                (_, Value::Null) => {}
                ("value", Value::String(text)) => self.item.value = Some(Secret::from(text)),
                ("username", Value::String(text)) => self.text(fields::USERNAME, text),
                ("url", Value::String(text)) => self.text(fields::URL, text),
                ("notes", Value::String(text)) => self.text(fields::NOTES, text),
                ("strings", Value::Object(strings)) => self.strings(strings),
                ("tags", Value::Object(tags)) => {
                    let tags = tags.into_iter().map(|(tag, _)| tag).collect();
                    self.item.changes.push(Change::AddTags(tags));
                }
                ("tags", Value::Array(tags)) => self.tags(&tags),
                ("binaries", Value::Object(binaries)) => self.binaries(binaries),
                ("size", Value::Number(size)) => match size.as_i64().map(usize::try_from) {
                    // as the Go kpv has it: no size is the usual one
                    Some(Ok(0) | Err(_)) => {}
                    Some(Ok(size)) => self.item.rules.size = size,
                    None => self.wrong("size", "a whole number"),
                },
                ("special", Value::String(symbols)) => special = Some(symbols),
                ("chars", Value::String(chars)) if chars.is_empty() => {}
                ("chars", Value::String(chars)) => self.item.rules.chars = Some(chars),
                ("ensure", value) if flag(&value).is_some() => {
                    self.item.ensure = value == Value::Bool(true);
                }
                ("delete", value) if flag(&value).is_some() => {
                    self.item.delete = value == Value::Bool(true);
                }
                ("noUpper", Value::Bool(is_off)) => self.item.rules.upper = !is_off,
                ("noLower", Value::Bool(is_off)) => self.item.rules.lower = !is_off,
                ("noDigits", Value::Bool(is_off)) => self.item.rules.digits = !is_off,
                ("noSpecial", Value::Bool(is_off)) => no_special = is_off,
                ("ensure" | "delete" | "noUpper" | "noLower" | "noDigits" | "noSpecial", _) => {
                    self.wrong(&name, "true or false");
                }
                ("value" | "username" | "url" | "notes" | "special" | "chars", _) => {
                    self.wrong(&name, "a text");
                }
                ("strings" | "binaries", _) => self.wrong(&name, "an object"),
                ("tags", _) => self.wrong(&name, "an object or a list"),
                ("size", _) => self.wrong(&name, "a whole number"),
                _ => self.item.unknown.push(name),
            }
        }
        if let Some(symbols) = special.filter(|symbols| !symbols.is_empty()) {
            self.item.rules.symbols = symbols;
        }
        if no_special {
            self.item.rules.symbols.clear();
        }
    }

    fn text(&mut self, field: &str, text: String) {
        self.item.changes.push(Change::field(field, text));
    }

    fn tags(&mut self, tags: &[Value]) {
        let texts: Option<Vec<String>> = tags
            .iter()
            .map(|tag| tag.as_str().map(str::to_owned))
            .collect();
        match texts {
            Some(tags) => self.item.changes.push(Change::AddTags(tags)),
            None => self.wrong("tags", "a list of texts"),
        }
    }

    fn strings(&mut self, strings: Map<String, Value>) {
        for (name, value) in strings {
            let (text, is_protected) = match &value {
                Value::String(text) => (Some(text.as_str()), None),
                Value::Object(object) => (
                    object.get("value").and_then(Value::as_str),
                    object.get("encrypted").and_then(Value::as_bool),
                ),
                _ => (None, None),
            };
            match text {
                Some(text) => self.item.changes.push(Change::Field {
                    name,
                    value: Some(Secret::from(text)),
                    is_protected,
                }),
                None => self.wrong(&format!("strings.{name}"), "a text with `value`"),
            }
        }
    }

    fn binaries(&mut self, binaries: Map<String, Value>) {
        for (name, value) in binaries {
            let text = value.get("value").and_then(Value::as_str);
            let data = text.and_then(|text| STANDARD.decode(text).ok());
            let is_protected = value.get("encrypted").and_then(Value::as_bool);
            match data {
                Some(data) => self.item.changes.push(Change::Attach {
                    name,
                    data: data.into(),
                    is_protected: is_protected.unwrap_or(false),
                }),
                None => self.wrong(&format!("binaries.{name}"), "base64 in `value`"),
            }
        }
    }
}
