//! Going through a document with the tables.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use yaml_tree::Diagnostic;

use super::report::{self, Path};
use super::shape::{Keys, Others, Record, Shape};
use crate::side_by_side::{WORTHWHILE, in_parts};
use crate::{Data, Map, Value};

/// Findings after this many are left out: a file that is not a Compose file at all can have
/// millions.
const LIMIT: usize = 1000;

/// Everything in `root` that `shape` does not allow.
pub(super) fn check(root: &Value, shape: &'static Shape) -> Vec<Diagnostic> {
    let mut checker = Checker { found: Vec::new() };
    checker.value(root, shape, &Path::Root);
    if checker.full() {
        checker.found.push(report::more());
    }
    checker.found
}

struct Checker {
    found: Vec<Diagnostic>,
}

impl Checker {
    fn full(&self) -> bool {
        self.found.len() >= LIMIT
    }

    fn value(&mut self, value: &Value, shape: &'static Shape, path: &Path<'_>) {
        if self.full() {
            return;
        }
        if let Data::Float(number) = value.data
            && !number.is_finite()
        {
            self.found.push(report::not_finite(value, path));
            return;
        }
        let Some(shape) = shape.alternative(&value.data) else {
            self.found.push(report::wrong_type(value, shape, path));
            return;
        };
        match (shape, &value.data) {
            (Shape::Any, _) => self.any(value, path),
            (Shape::List(item), Data::List(items)) => self.items(items, item, path),
            (Shape::Set(item), Data::List(items)) => {
                self.items(items, item, path);
                for (first, again) in repetitions(items) {
                    self.found.push(report::repeated(first, again, path));
                }
            }
            (Shape::Map(record), Data::Map(map)) => self.record(value, map, record, path),
            (Shape::Each(keys, others, each), Data::Map(map)) => {
                self.entries(map, *keys, *others, each, path);
            }
            (Shape::Word(words), Data::Str(text)) if !words.contains(&&**text) => {
                self.found.push(report::no_such_word(value, words, path));
            }
            (Shape::Like(rule), Data::Str(text)) if !(rule.holds)(text) => {
                self.found.push(report::against_rule(value, rule, path));
            }
            (Shape::Within(least, most), data) if !within(data, *least, *most) => {
                self.found
                    .push(report::out_of_range(value, *least, *most, path));
            }
            _ => {}
        }
    }

    fn items(&mut self, items: &[Value], shape: &'static Shape, path: &Path<'_>) {
        for (index, item) in items.iter().enumerate() {
            self.value(item, shape, &Path::Index(path, index));
        }
    }

    fn record(&mut self, value: &Value, map: &Map, record: &'static Record, path: &Path<'_>) {
        for key in record.required {
            if !map.contains_key(key) {
                self.found.push(report::missing(value, &[key], path));
            }
        }
        if !record.one_of.is_empty() && !record.one_of.iter().any(|key| map.contains_key(key)) {
            self.found.push(report::missing(value, record.one_of, path));
        }
        for (key, value) in map.iter() {
            let inner = Path::Key(path, key);
            if let Some(shape) = record.field(key) {
                self.value(value, shape, &inner);
            } else if record.others.allow(key) {
                self.any(value, &inner);
            } else if !self.full() {
                self.found
                    .push(report::unknown_key(key, value, map, record, path));
            }
        }
    }

    fn entries(
        &mut self,
        map: &Map,
        keys: Keys,
        others: Others,
        shape: &'static Shape,
        path: &Path<'_>,
    ) {
        if map.len() < WORTHWHILE {
            return self.some_entries(map.iter(), keys, others, shape, path);
        }
        let entries: Vec<_> = map.iter().collect();
        let parts = in_parts(&entries, |entries| {
            let mut checker = Self { found: Vec::new() };
            checker.some_entries(entries.iter().copied(), keys, others, shape, path);
            checker.found
        });
        let all: usize = parts.iter().map(Vec::len).sum();
        if self.found.len() + all < LIMIT {
            self.found.extend(parts.into_iter().flatten());
        } else {
            // Where the limit is passed, what comes before counts.
            self.some_entries(map.iter(), keys, others, shape, path);
        }
    }

    fn some_entries<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v Arc<str>, &'v Value)>,
        keys: Keys,
        others: Others,
        shape: &'static Shape,
        path: &Path<'_>,
    ) {
        for (key, value) in entries {
            let inner = Path::Key(path, key);
            if keys.contain(key) {
                self.value(value, shape, &inner);
            } else if others.allow(key) {
                self.any(value, &inner);
            } else if !self.full() {
                self.found.push(report::bad_name(key, value, keys, path));
            }
        }
    }

    /// What has no meaning may hold anything but a number that JSON cannot express.
    fn any(&mut self, value: &Value, path: &Path<'_>) {
        match &value.data {
            Data::Float(number) if !number.is_finite() && !self.full() => {
                self.found.push(report::not_finite(value, path));
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.any(item, &Path::Index(path, index));
                }
            }
            Data::Map(map) => {
                for (key, value) in map.iter() {
                    self.any(value, &Path::Key(path, key));
                }
            }
            _ => {}
        }
    }
}

impl Shape {
    /// The one of the alternatives that is about this kind of value; the shape itself if there are
    /// no alternatives and it is.
    pub(super) fn alternative(&'static self, data: &Data) -> Option<&'static Self> {
        let fits = match self {
            Self::Either(shapes) => {
                return shapes.iter().find_map(|shape| shape.alternative(data));
            }
            Self::Any => true,
            Self::Null => matches!(data, Data::Null),
            Self::Bool => matches!(data, Data::Bool(_)),
            Self::Text | Self::Word(_) | Self::Like(_) => matches!(data, Data::Str(_)),
            Self::TextOrDate => matches!(data, Data::Str(_) | Data::Time(_)),
            Self::Number => matches!(data, Data::Int(_) | Data::UInt(_) | Data::Float(_)),
            Self::Whole | Self::Within(..) => match data {
                Data::Int(_) | Data::UInt(_) => true,
                Data::Float(number) => number.fract() == 0.0,
                _ => false,
            },
            Self::List(_) | Self::Set(_) => matches!(data, Data::List(_)),
            Self::Map(_) | Self::Each(..) => matches!(data, Data::Map(_)),
        };
        fits.then_some(self)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "limits are small, or the largest number there is"
)]
fn within(data: &Data, least: i64, most: i64) -> bool {
    match data {
        Data::Int(number) => (least..=most).contains(number),
        Data::UInt(_) => most == i64::MAX,
        Data::Float(number) => {
            *number >= least as f64 && (most == i64::MAX || *number <= most as f64)
        }
        _ => true,
    }
}

/// The items that are there already, each with the one before it. `1` and `1.0` are the same.
fn repetitions(items: &[Value]) -> Vec<(&Value, &Value)> {
    if items.len() < 2 || are_different_texts(items) {
        return Vec::new();
    }
    let mut seen: HashMap<String, &Value> = HashMap::with_capacity(items.len());
    let mut found = Vec::new();
    for item in items {
        let mut key = String::new();
        identity(&item.data, &mut key);
        match seen.get(&key) {
            Some(first) => found.push((*first, item)),
            None => {
                seen.insert(key, item);
            }
        }
    }
    found
}

/// Whether these are few texts of which no two are the same: the usual case, told without a table.
fn are_different_texts(items: &[Value]) -> bool {
    const FEW: usize = 16;
    items.len() <= FEW
        && items.iter().enumerate().all(|(at, item)| {
            let before = items[..at].iter().map(Value::as_str);
            item.as_str().is_some() && before.into_iter().all(|text| text != item.as_str())
        })
}

/// Writes a text that is the same for equal data only.
fn identity(data: &Data, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = match data {
        Data::Null => write!(out, "n"),
        Data::Bool(value) => write!(out, "b{value};"),
        Data::Int(number) => write!(out, "i{number};"),
        Data::UInt(number) => write!(out, "i{number};"),
        Data::Float(number) if number.fract() == 0.0 => write!(out, "i{number:.0};"),
        Data::Float(number) => write!(out, "f{number};"),
        Data::Time(text) | Data::Str(text) => write!(out, "s{}:{text}", text.len()),
        Data::List(items) => {
            out.push('[');
            for item in items {
                identity(&item.data, out);
            }
            write!(out, "]")
        }
        Data::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in entries {
                let _ = write!(out, "{}:{key}", key.len());
                identity(&value.data, out);
            }
            write!(out, "}}")
        }
    };
}
