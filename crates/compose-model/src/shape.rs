//! The canonical form: which attributes are printed, in which order, in which shape.
//!
//! A table says for every attribute what it holds; [`encode`] follows it. What the table does not
//! name is not printed, except `x-*`.

mod check;
mod number;
mod tables;

use std::sync::Arc;

use crate::emit::sort_natural;
use crate::grammar::{ByteSize, Duration, ExtraHosts, FileMode, command_words, device_count};
use crate::text::display;
use crate::value::{Data, Map, Value};

pub(crate) use check::check_struct;
use number::single;
pub(crate) use number::{integer, truth, unsigned};
pub(crate) use tables::{CONFIG, MODEL, NETWORK, SECRET, SERVICE, VOLUME};

/// Which of the two forms of the oracle's output is wanted; they differ in details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Yaml,
    Json,
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text, left out when empty.
    Text,
    /// Text that JSON leaves out.
    YamlText,
    /// A boolean, left out when false.
    Flag,
    /// A boolean, printed whenever it is written.
    Switch,
    /// A boolean that is true unless written otherwise, left out when true.
    DefaultTrue,
    /// The same, and false when it is not there.
    OptOut,
    /// An integer, left out when zero.
    Int,
    /// An integer, printed whenever it is written.
    IntAlways,
    /// An integer that is not negative, left out when zero.
    Unsigned,
    /// The same, printed whenever it is written.
    UnsignedAlways,
    /// The same in so many bits, which a text is not taken for.
    Narrow(u32),
    /// A number, left out when zero.
    Number,
    /// A number, printed whenever it is written.
    NumberAlways,
    /// A size in bytes, printed as decimal text, left out when zero.
    Bytes,
    /// A duration in Go's form.
    Duration,
    /// A list of texts; one text is a list of one.
    Texts,
    /// A command: words of a shell, or a list.
    Command,
    /// `test` of a health check.
    HealthTest,
    /// Names to values that may be null.
    Pairs,
    /// Names to texts; null is empty.
    Labels,
    /// `host=address` items in order.
    Hosts,
    /// A permission mode in octal.
    Mode,
    /// A number of devices, -1 for all.
    DeviceCount,
    /// A structure, left out when it is empty; JSON prints it always.
    Struct(&'static [Field]),
    /// A structure that is printed also when it is empty, if it is written.
    StructAlways(&'static [Field]),
    /// A list of structures.
    Structs(&'static [Field]),
    /// A list of `pre_start` hooks, which are containers like the service itself.
    Containers,
    /// Names to structures, null staying null.
    StructMap(&'static [Field]),
    /// `soft` and `hard`, or one number for both.
    Ulimits,
    /// Keys of an ssh agent: a list of names, with their paths where they have one.
    Ssh,
    /// Options of a provider: names to lists of texts.
    ProviderOptions,
    /// Names to texts, which only texts and whole numbers are taken for.
    Strict,
    /// A text, which only texts and whole numbers are taken for.
    StrictText,
    /// Names of build contexts to where they are.
    Contexts,
    /// A list of texts, which only texts and whole numbers are taken for.
    StrictTexts,
    /// What nothing is too little to be printed for: its own form, or this text, or zero.
    Always(&'static Self, &'static str),
    /// `x-*` are not kept in this structure.
    NoExtensions,
}

/// An attribute of a structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// The name in JSON, where it is another one.
    pub(crate) json: &'static str,
    pub(crate) kind: Kind,
}

impl Field {
    fn written(&self, form: Form) -> &'static str {
        match form {
            Form::Yaml => self.name,
            Form::Json => self.json,
        }
    }
}

/// What is printed for an attribute that is printed also when it is empty.
fn always(empty: &str) -> Value {
    match empty {
        "" | "0" => Value::new(empty),
        _ => Value::new(0),
    }
}

/// The canonical form of a structure.
pub(crate) fn encode_struct(value: &Value, fields: &[Field], form: Form) -> Value {
    let mut out = Map::new();
    let nothing = Map::new();
    let map = value.as_map().unwrap_or(&nothing);
    for field in fields {
        let written = map.get(field.name);
        match (written, field.kind) {
            (None, Kind::Always(_, empty)) => {
                out.insert(field.written(form), always(empty));
                continue;
            }
            (None, Kind::OptOut) => {
                out.insert(field.written(form), Value::new(false));
                continue;
            }
            _ => {}
        }
        match written.and_then(|written| encode(written, field.kind, form)) {
            Some(encoded) => {
                out.insert(field.written(form), encoded);
            }
            None if form == Form::Json => {
                if let Some(always) = json_always(field) {
                    out.insert(field.name, always);
                }
            }
            None => {}
        }
    }
    let keeps_extensions = !fields
        .iter()
        .any(|field| matches!(field.kind, Kind::NoExtensions));
    if form == Form::Yaml && keeps_extensions {
        let mut extensions: Vec<_> = map
            .iter()
            .filter(|(key, _)| key.starts_with("x-"))
            .collect();
        sort_natural(&mut extensions, |(key, _)| key);
        for (key, value) in extensions {
            out.insert(Arc::clone(key), any(value, form));
        }
    }
    value.with(out)
}

/// What JSON prints for an attribute that is not there.
fn json_always(field: &Field) -> Option<Value> {
    match (field.name, field.kind) {
        ("command" | "entrypoint", Kind::Command) => Some(Value::null()),
        ("resources" | "placement" | "ipam", Kind::Struct(_)) => Some(Value::new(Map::new())),
        ("exec", Kind::Struct(_)) => Some(Value::new(
            [("command", Value::null())].into_iter().collect::<Map>(),
        )),
        _ => None,
    }
}

/// The canonical form of an attribute; `None` if it is not printed.
pub(crate) fn encode(value: &Value, kind: Kind, form: Form) -> Option<Value> {
    let text = || display(value).into_owned();
    match kind {
        Kind::Text => (!value.is_null() && !text().is_empty()).then(|| value.with(text())),
        Kind::YamlText => (form == Form::Yaml && !text().is_empty()).then(|| value.with(text())),
        Kind::Flag => (truth(value) == Some(true)).then(|| value.with(true)),
        Kind::Switch => truth(value).map(|on| value.with(on)),
        Kind::DefaultTrue => (truth(value) == Some(false)).then(|| value.with(false)),
        Kind::OptOut => (truth(value) != Some(true)).then(|| value.with(false)),
        Kind::Int => integer(value)
            .filter(|number| *number != 0)
            .map(|number| value.with(number)),
        Kind::IntAlways => integer(value).map(|number| value.with(number)),
        Kind::Unsigned => unsigned(value)
            .filter(|number| *number != 0)
            .map(|number| value.with(Data::from_unsigned(number))),
        Kind::UnsignedAlways => {
            unsigned(value).map(|number| value.with(Data::from_unsigned(number)))
        }
        Kind::Narrow(bits) => unsigned(value)
            .map(|number| number & ((1 << bits) - 1))
            .filter(|number| *number != 0)
            .map(|number| value.with(Data::from_unsigned(number))),
        Kind::Number => single(value).filter(|found| !is_zero(found)),
        Kind::NumberAlways => single(value),
        Kind::Bytes => {
            let bytes = bytes(value)?;
            (bytes != 0).then(|| value.with(bytes.to_string()))
        }
        Kind::Duration => {
            let text = text();
            match text.parse::<Duration>() {
                Ok(duration) => Some(value.with(duration.to_string())),
                Err(_) => (!value.is_null()).then(|| value.with(text)),
            }
        }
        Kind::Texts => {
            let items = match &value.data {
                Data::List(items) => items
                    .iter()
                    .map(|item| item.with(&*display(item)))
                    .collect(),
                Data::Null => Vec::new(),
                _ => vec![value.with(text())],
            };
            (!items.is_empty()).then(|| value.with(items))
        }
        Kind::Command => command(value),
        Kind::HealthTest => match &value.data {
            Data::Str(line) => {
                Some(value.with(vec![value.with("CMD-SHELL"), value.with(Arc::clone(line))]))
            }
            _ => encode(value, Kind::Texts, form),
        },
        Kind::Pairs => pairs(value, form, true),
        Kind::Labels => pairs(value, form, false),
        Kind::Ssh => {
            let keys = value.as_map()?.iter().map(|(name, path)| match &path.data {
                Data::Null => path.with(&**name),
                _ => path.with(format!("{name}: {}", display(path))),
            });
            let keys: Vec<_> = keys.collect();
            (!keys.is_empty()).then(|| value.with(keys))
        }
        Kind::ProviderOptions => {
            let options: Map = sorted(value.as_map()?, form)
                .into_iter()
                .filter_map(|(name, option)| {
                    Some((Arc::clone(name), encode(option, Kind::Texts, form)?))
                })
                .collect();
            (!options.is_empty()).then(|| value.with(options))
        }
        Kind::Always(kind, empty) => {
            Some(encode(value, *kind, form).unwrap_or_else(|| always(empty)))
        }
        Kind::NoExtensions => None,
        Kind::Strict => pairs(value, form, false),
        Kind::StrictText => encode(value, Kind::Text, form),
        Kind::Contexts => encode(value, Kind::Labels, form),
        Kind::StrictTexts => encode(value, Kind::Texts, form),
        Kind::Hosts => hosts(value),
        Kind::Mode => Some(match mode(value) {
            Some(mode) => value.with(mode.to_string()),
            None => value.clone(),
        }),
        Kind::DeviceCount => match &value.data {
            Data::Str(text) => {
                Some(device_count(text).map_or_else(|_| value.clone(), |count| value.with(count)))
            }
            _ => integer(value)
                .filter(|count| *count != 0)
                .map(|count| value.with(count)),
        },
        Kind::Struct(fields) => {
            let encoded = encode_struct(value, fields, form);
            (!value.is_null() && encoded.as_map().is_some_and(|map| !map.is_empty()))
                .then_some(encoded)
        }
        Kind::StructAlways(fields) => {
            (!value.is_null()).then(|| encode_struct(value, fields, form))
        }
        Kind::Structs(fields) => {
            let Data::List(items) = &value.data else {
                return None;
            };
            let items: Vec<_> = items
                .iter()
                .map(|item| match item.data {
                    Data::Map(_) => encode_struct(item, fields, form),
                    // A short form that was left alone because it is not interpolated.
                    _ => item.clone(),
                })
                .collect();
            (!items.is_empty()).then(|| value.with(items))
        }
        Kind::Containers => encode(value, Kind::Structs(SERVICE), form),
        Kind::StructMap(fields) => {
            let map = value.as_map()?;
            let sorted = sorted(map, form).into_iter().map(|(key, inner)| {
                let encoded = match inner.data {
                    Data::Map(_) => encode_struct(inner, fields, form),
                    _ => inner.with(Data::Null),
                };
                (Arc::clone(key), encoded)
            });
            let sorted: Map = sorted.collect();
            (!sorted.is_empty()).then(|| value.with(sorted))
        }
        Kind::Ulimits => ulimits(value, form),
    }
}

/// A value of free form with its mappings sorted.
pub(crate) fn any(value: &Value, form: Form) -> Value {
    match &value.data {
        Data::Map(map) => {
            let map: Map = sorted(map, form)
                .into_iter()
                .map(|(key, inner)| (Arc::clone(key), any(inner, form)))
                .collect();
            value.with(map)
        }
        Data::List(items) => {
            value.with(items.iter().map(|item| any(item, form)).collect::<Vec<_>>())
        }
        _ => value.clone(),
    }
}

/// Entries in the order in which user-named mappings are printed: YAML naturally, JSON by bytes.
pub(crate) fn sorted(map: &Map, form: Form) -> Vec<(&Arc<str>, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    match form {
        Form::Yaml => sort_natural(&mut entries, |(key, _)| key),
        Form::Json => entries.sort_by_key(|(one, _)| *one),
    }
    entries
}

fn is_zero(value: &Value) -> bool {
    match value.data {
        Data::Int(number) => number == 0,
        Data::UInt(number) => number == 0,
        Data::Float(number) => number == 0.0,
        _ => false,
    }
}

pub(crate) fn bytes(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => Some(*number),
        // Compose takes sizes that are floats or larger for nothing.
        Data::Str(text) => text.parse::<ByteSize>().ok().map(ByteSize::get),
        _ => None,
    }
}

/// A text is taken apart as a shell would; null is absent, an empty one clears what the image has.
fn command(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Null => None,
        Data::List(items) => Some(
            value.with(
                items
                    .iter()
                    .map(|item| item.with(&*display(item)))
                    .collect::<Vec<_>>(),
            ),
        ),
        _ => {
            let text = display(value);
            let words = command_words(&text).ok()?;
            Some(
                value.with(
                    words
                        .into_iter()
                        .map(|word| value.with(word))
                        .collect::<Vec<_>>(),
                ),
            )
        }
    }
}

/// Where the original keeps the keys `x-*` of any mapping, also of one that has no extensions.
const EXTENSIONS: &str = "#extensions";

fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// The entries `x-*` in the form in which Go prints a mapping, if there are any.
fn extensions(map: &Map) -> Option<String> {
    let mut entries: Vec<_> = map.iter().filter(|(key, _)| is_extension(key)).collect();
    if entries.is_empty() {
        return None;
    }
    entries.sort_by_key(|(key, _)| *key);
    let entries: Vec<_> = entries
        .into_iter()
        .map(|(key, value)| match value.data {
            Data::Null => format!("{key}:<nil>"),
            _ => format!("{key}:{}", display(value)),
        })
        .collect();
    Some(format!("map[{}]", entries.join(" ")))
}

/// `[K=V]` or `{K: V}` as a mapping of texts.
fn pairs(value: &Value, form: Form, keep_null: bool) -> Option<Value> {
    let absent = |item: &Value| {
        if keep_null {
            item.with(Data::Null)
        } else {
            item.with("")
        }
    };
    let mut map = Map::new();
    match &value.data {
        Data::Map(entries) => {
            if let Some(text) = extensions(entries) {
                map.insert(EXTENSIONS, value.with(text));
            }
            for (key, entry) in entries.iter().filter(|(key, _)| !is_extension(key)) {
                let encoded = match &entry.data {
                    Data::Null => absent(entry),
                    _ => entry.with(&*display(entry)),
                };
                map.insert(Arc::clone(key), encoded);
            }
        }
        Data::List(items) => {
            for item in items {
                let text = display(item);
                match text.split_once('=') {
                    Some((key, text)) => map.insert(key, item.with(text)),
                    None => map.insert(&*text, absent(item)),
                };
            }
        }
        _ => return None,
    }
    let map: Map = sorted(&map, form)
        .into_iter()
        .map(|(key, value)| (Arc::clone(key), value.clone()))
        .collect();
    (!map.is_empty()).then(|| value.with(map))
}

/// `host=address` items, sorted by bytes.
fn hosts(value: &Value) -> Option<Value> {
    let Ok(hosts) = extra_hosts(value)? else {
        return Some(value.clone());
    };
    let items: Vec<_> = hosts
        .to_list()
        .into_iter()
        .map(|text| value.with(text))
        .collect();
    // A name without addresses counts.
    let named = value.as_map().is_some_and(|map| !map.is_empty());
    (named || !items.is_empty()).then(|| value.with(items))
}

/// The additional hosts that a list or mapping means.
pub(crate) fn extra_hosts(
    value: &Value,
) -> Option<Result<ExtraHosts, crate::grammar::ExtraHostsError>> {
    Some(match &value.data {
        Data::List(items) => {
            let texts: Vec<_> = items.iter().map(display).collect();
            ExtraHosts::from_list(texts.iter().map(|text| &**text))
        }
        Data::Map(map) => ExtraHosts::from_entries(map.iter().map(|(name, addresses)| {
            let addresses = match &addresses.data {
                Data::List(items) => items.iter().map(|one| display(one).into_owned()).collect(),
                _ => vec![display(addresses).into_owned()],
            };
            (name.to_string(), addresses)
        })),
        _ => return None,
    })
}

/// A permission mode: a number as it is, a text in octal.
fn mode(value: &Value) -> Option<FileMode> {
    match &value.data {
        Data::Int(number) => Some(FileMode::new(*number)),
        Data::Str(text) => text.parse().ok(),
        _ => None,
    }
}

fn ulimits(value: &Value, form: Form) -> Option<Value> {
    let map = value.as_map()?;
    let mut limits = Map::new();
    if map.keys().any(|name| is_extension(name)) {
        limits.insert(EXTENSIONS, limit_pair(&Value::null(), form));
    }
    let named = sorted(map, form)
        .into_iter()
        .filter(|(name, _)| !is_extension(name))
        .map(|(name, limit)| {
            let encoded = match limit.data {
                Data::Map(_) => limit_pair(limit, form),
                // Zero for both is the pair, as Compose cannot tell it from none.
                _ if integer(limit) == Some(0) => limit_pair(limit, form),
                _ => integer(limit).map_or_else(|| limit.clone(), |number| limit.with(number)),
            };
            (Arc::clone(name), encoded)
        });
    for (name, limit) in named {
        limits.insert(name, limit);
    }
    (!limits.is_empty()).then(|| value.with(limits))
}

fn limit_pair(limit: &Value, form: Form) -> Value {
    let mut pair = Map::new();
    for key in ["soft", "hard"] {
        let number = limit.get(key).and_then(integer).unwrap_or(0);
        if number != 0 || form == Form::Yaml {
            pair.insert(key, Value::new(number));
        }
    }
    limit.with(pair)
}
