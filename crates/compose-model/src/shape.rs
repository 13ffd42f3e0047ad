//! The canonical form: which attributes are printed, in which order, in which shape.
//!
//! A table says for every attribute what it holds; [`encode`] follows it. What the table does not
//! name is not printed, except `x-*`.

mod check;
mod number;
mod tables;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::emit::sort_natural;
use crate::grammar::{ByteSize, Duration, ExtraHosts, FileMode, command_words, device_count};
use crate::key_index::KeyIndex;
use crate::printed::{Entries, Printed};
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
    Struct(&'static Table),
    /// A structure that is printed also when it is empty, if it is written.
    StructAlways(&'static Table),
    /// A list of structures.
    Structs(&'static Table),
    /// A list of `pre_start` hooks, which are containers like the service itself.
    Containers,
    /// Names to structures, null staying null.
    StructMap(&'static Table),
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
    /// A list of texts, which only texts and whole numbers are taken for.
    StrictTexts,
    /// Names of build contexts to where they are.
    Contexts,
    /// What nothing is too little to be printed for: its own form, or this text, or zero.
    Always(&'static Self, Option<&'static str>),
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

/// The attributes of a structure.
#[derive(Debug)]
pub(crate) struct Table {
    /// In the order in which they are printed.
    fields: &'static [Field],
    /// Where each name is. Tables are long and structures short, so that what is written is looked
    /// up in the table and not the other way round.
    index: KeyIndex,
    /// Whether there are attributes that are printed also when they are not there.
    full: bool,
    /// Whether `x-*` are kept.
    extensible: bool,
}

impl Table {
    const fn new(fields: &'static [Field]) -> Self {
        let mut index = KeyIndex::new();
        let (mut full, mut extensible) = (false, true);
        let mut at = 0;
        while at < fields.len() {
            index = index.with(fields[at].name, at);
            match fields[at].kind {
                Kind::Always(..) | Kind::OptOut => full = true,
                Kind::NoExtensions => extensible = false,
                _ => {}
            }
            at += 1;
        }
        Self {
            fields,
            index,
            full,
            extensible,
        }
    }

    /// The entries of a structure that the table names, in the order of the table, each with its
    /// number there.
    fn named<'v>(&self, map: &'v Map) -> Vec<(usize, &'v Value)> {
        let mut found = Vec::with_capacity(map.len());
        found.extend(map.iter().filter_map(|(key, value)| {
            let number = self.index.find(key, |at| self.fields[at].name)?;
            Some((number, value))
        }));
        found.sort_unstable_by_key(|(number, _)| *number);
        found
    }
}

/// The canonical form of a structure.
pub(crate) fn encode_struct<'v>(value: &'v Value, table: &Table, form: Form) -> Printed<'v> {
    Printed::at(value, struct_entries(value, table, form))
}

fn struct_entries<'v>(value: &'v Value, table: &Table, form: Form) -> Entries<'v> {
    let Some(map) = value.as_map() else {
        let fields = table.fields.iter();
        return fields.filter_map(|field| field.absent(form)).collect();
    };
    let fields = table.fields;
    let written = table.named(map).into_iter();
    let written = written.map(|(number, value)| {
        let encoded = encode(value, fields[number].kind, form);
        (number, encoded)
    });
    let mut out = Entries::with_capacity(map.len());
    if table.full || form == Form::Json {
        let mut written = written.peekable();
        for (number, field) in fields.iter().enumerate() {
            let known = written.next_if(|(next, _)| *next == number);
            // An attribute of this kind that is true is not printed, but it is there.
            let said = known.is_some() && matches!(field.kind, Kind::OptOut);
            match known.and_then(|(_, value)| value) {
                Some(value) => out.push((field.written(form).into(), value)),
                None if said => {}
                None => out.extend(field.absent(form)),
            }
        }
    } else {
        out.extend(
            written.filter_map(|(number, value)| Some((fields[number].name.into(), value?))),
        );
    }
    if form == Form::Yaml && table.extensible {
        let mut extensions: Vec<_> = map.iter().filter(|(key, _)| is_extension(key)).collect();
        sort_natural(&mut extensions, |(key, _)| key);
        out.extend(
            extensions
                .into_iter()
                .map(|(key, value)| (name(key), any(value, form))),
        );
    }
    out
}

/// A key as it is in the model.
fn name(key: &str) -> Cow<'_, str> {
    Cow::Borrowed(key)
}

impl Field {
    /// The name as it is printed.
    fn written(&self, form: Form) -> &'static str {
        match form {
            Form::Yaml => self.name,
            Form::Json => self.json,
        }
    }

    /// What is printed for an attribute that is not there, if anything is.
    fn absent(&self, form: Form) -> Option<(Cow<'static, str>, Printed<'static>)> {
        let printed = match (self.name, self.kind) {
            (_, Kind::Always(_, empty)) => Printed::new(nothing(empty)),
            (_, Kind::OptOut) => Printed::new(false),
            _ if form == Form::Yaml => return None,
            ("command" | "entrypoint", Kind::Command) => Printed::new(Data::Null),
            ("resources" | "placement" | "ipam", Kind::Struct(_)) => Printed::new(Entries::new()),
            ("exec", Kind::Struct(_)) => {
                let command = ("command".into(), Printed::new(Data::Null));
                Printed::new(vec![command])
            }
            _ => return None,
        };
        Some((self.written(form).into(), printed))
    }
}

/// What stands for an attribute of [`Kind::Always`] that is empty.
fn nothing(empty: Option<&str>) -> Data {
    empty.map_or(Data::Int(0), Data::from)
}

/// The canonical form of an attribute; `None` if it is not printed.
fn encode(value: &Value, kind: Kind, form: Form) -> Option<Printed<'_>> {
    let text = || display(value);
    match kind {
        Kind::Text => (!value.is_null() && !text().is_empty()).then(|| Printed::at(value, text())),
        Kind::YamlText => {
            (form == Form::Yaml && !text().is_empty()).then(|| Printed::at(value, text()))
        }
        Kind::Flag => (truth(value) == Some(true)).then(|| Printed::at(value, true)),
        Kind::Switch => truth(value).map(|on| Printed::at(value, on)),
        Kind::DefaultTrue => (truth(value) == Some(false)).then(|| Printed::at(value, false)),
        Kind::OptOut => (truth(value) != Some(true)).then(|| Printed::at(value, false)),
        Kind::Int => integer(value)
            .filter(|number| *number != 0)
            .map(|number| Printed::at(value, number)),
        Kind::IntAlways => integer(value).map(|number| Printed::at(value, number)),
        Kind::Unsigned => unsigned(value)
            .filter(|number| *number != 0)
            .map(|number| Printed::at(value, Data::from_unsigned(number))),
        Kind::UnsignedAlways => {
            unsigned(value).map(|number| Printed::at(value, Data::from_unsigned(number)))
        }
        Kind::Narrow(bits) => unsigned(value)
            .map(|number| number & ((1 << bits) - 1))
            .filter(|number| *number != 0)
            .map(|number| Printed::at(value, Data::from_unsigned(number))),
        Kind::Number => single(value)
            .filter(|number| *number != 0.0)
            .map(|number| Printed::at(value, Data::Float(number))),
        Kind::NumberAlways => single(value).map(|number| Printed::at(value, Data::Float(number))),
        Kind::Bytes => {
            let bytes = bytes(value)?;
            (bytes != 0).then(|| Printed::at(value, bytes.to_string()))
        }
        Kind::Duration => {
            let text = text();
            match text.parse::<Duration>() {
                Ok(duration) => Some(Printed::at(value, duration.to_string())),
                Err(_) => (!value.is_null()).then(|| Printed::at(value, text)),
            }
        }
        Kind::Texts => {
            let items = match &value.data {
                Data::List(items) => items
                    .iter()
                    .map(|item| Printed::at(item, display(item)))
                    .collect(),
                Data::Null => Vec::new(),
                _ => vec![Printed::at(value, text())],
            };
            list(value, items)
        }
        Kind::Command => command(value),
        Kind::HealthTest => match &value.data {
            Data::Str(line) => Some(Printed::at(
                value,
                vec![Printed::at(value, "CMD-SHELL"), Printed::at(value, &**line)],
            )),
            _ => encode(value, Kind::Texts, form),
        },
        Kind::Pairs => pairs(value, form, true),
        Kind::Labels => pairs(value, form, false),
        Kind::Ssh => {
            let keys = value.as_map()?.iter().map(|(name, path)| match &path.data {
                Data::Null => Printed::at(path, &**name),
                _ => Printed::at(path, format!("{name}: {}", display(path))),
            });
            list(value, keys.collect())
        }
        Kind::ProviderOptions => {
            let options = sorted(value.as_map()?, form)
                .into_iter()
                .filter_map(|(key, option)| Some((name(key), encode(option, Kind::Texts, form)?)));
            entries(value, options.collect())
        }
        Kind::Always(kind, empty) => {
            Some(encode(value, *kind, form).unwrap_or_else(|| Printed::at(value, nothing(empty))))
        }
        Kind::NoExtensions => None,
        Kind::Strict | Kind::Contexts => encode(value, Kind::Labels, form),
        Kind::StrictText => encode(value, Kind::Text, form),
        Kind::StrictTexts => encode(value, Kind::Texts, form),
        Kind::Hosts => hosts(value),
        Kind::Mode => Some(match mode(value) {
            Some(mode) => Printed::at(value, mode.to_string()),
            None => Printed::same(value),
        }),
        Kind::DeviceCount => match &value.data {
            Data::Str(text) => Some(match device_count(text) {
                Ok(count) => Printed::at(value, count),
                Err(_) => Printed::same(value),
            }),
            _ => integer(value)
                .filter(|count| *count != 0)
                .map(|count| Printed::at(value, count)),
        },
        Kind::Struct(_) if value.is_null() => None,
        Kind::Struct(fields) => entries(value, struct_entries(value, fields, form)),
        Kind::StructAlways(fields) => {
            (!value.is_null()).then(|| encode_struct(value, fields, form))
        }
        Kind::Structs(fields) => {
            let items = value.as_list()?.iter().map(|item| match item.data {
                Data::Map(_) => encode_struct(item, fields, form),
                // A short form that was left alone because it is not interpolated.
                _ => Printed::same(item),
            });
            list(value, items.collect())
        }
        Kind::Containers => encode(value, Kind::Structs(&SERVICE), form),
        Kind::StructMap(fields) => {
            let inner = sorted(value.as_map()?, form)
                .into_iter()
                .map(|(key, inner)| {
                    let encoded = match inner.data {
                        Data::Map(_) => encode_struct(inner, fields, form),
                        _ => Printed::at(inner, Data::Null),
                    };
                    (name(key), encoded)
                });
            entries(value, inner.collect())
        }
        Kind::Ulimits => ulimits(value, form),
    }
}

/// Items in the place of a value; nothing if there are none.
fn list<'v>(value: &'v Value, items: Vec<Printed<'v>>) -> Option<Printed<'v>> {
    (!items.is_empty()).then(|| Printed::at(value, items))
}

/// Entries in the place of a value; nothing if there are none.
fn entries<'v>(value: &'v Value, entries: Entries<'v>) -> Option<Printed<'v>> {
    (!entries.is_empty()).then(|| Printed::at(value, entries))
}

/// A value of free form with its mappings sorted.
pub(crate) fn any(value: &Value, form: Form) -> Printed<'_> {
    match &value.data {
        Data::Map(map) => {
            let entries = sorted(map, form).into_iter();
            let entries: Entries<'_> = entries
                .map(|(key, inner)| (name(key), any(inner, form)))
                .collect();
            Printed::at(value, entries)
        }
        Data::List(items) => {
            let items: Vec<_> = items.iter().map(|item| any(item, form)).collect();
            Printed::at(value, items)
        }
        _ => Printed::same(value),
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

pub(crate) fn bytes(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => Some(*number),
        // Compose takes sizes that are floats or larger for nothing.
        Data::Str(text) => text.parse::<ByteSize>().ok().map(ByteSize::get),
        _ => None,
    }
}

/// A text is taken apart as a shell would; null is absent, an empty one clears what the image has.
fn command(value: &Value) -> Option<Printed<'_>> {
    let words: Vec<_> = match &value.data {
        Data::Null => return None,
        Data::List(items) => items
            .iter()
            .map(|item| Printed::at(item, display(item)))
            .collect(),
        _ => {
            let words = command_words(&display(value)).ok()?.into_iter();
            words.map(|word| Printed::at(value, word)).collect()
        }
    };
    Some(Printed::at(value, words))
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
fn pairs(value: &Value, form: Form, keep_null: bool) -> Option<Printed<'_>> {
    let absent = |item| {
        if keep_null {
            Printed::at(item, Data::Null)
        } else {
            Printed::at(item, "")
        }
    };
    let mut pairs = Entries::new();
    match &value.data {
        Data::Map(map) => {
            let extensions = extensions(map).map(|text| (EXTENSIONS.into(), text));
            pairs.extend(extensions.map(|(key, text)| (key, Printed::at(value, text))));
            let named = map.iter().filter(|(key, _)| !is_extension(key));
            pairs.extend(named.map(|(key, entry)| {
                let encoded = match &entry.data {
                    Data::Null => absent(entry),
                    _ => Printed::at(entry, display(entry)),
                };
                (name(key), encoded)
            }));
        }
        Data::List(items) => {
            let mut known: HashMap<Cow<'_, str>, usize> = HashMap::new();
            for item in items {
                let (key, encoded) = match split_pair(display(item)) {
                    (key, Some(text)) => (key, Printed::at(item, text)),
                    (key, None) => (key, absent(item)),
                };
                // Of a key that comes twice, the later value counts, in the earlier place.
                match known.get(&key) {
                    Some(place) => pairs[*place].1 = encoded,
                    None => {
                        known.insert(key.clone(), pairs.len());
                        pairs.push((key, encoded));
                    }
                }
            }
        }
        _ => return None,
    }
    match form {
        Form::Yaml => sort_natural(&mut pairs, |(key, _)| key),
        Form::Json => pairs.sort_by(|(one, _), (other, _)| one.cmp(other)),
    }
    entries(value, pairs)
}

/// `K=V` as key and value; none without a `=`.
fn split_pair(text: Cow<'_, str>) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    match text {
        Cow::Borrowed(text) => match text.split_once('=') {
            Some((key, value)) => (key.into(), Some(value.into())),
            None => (text.into(), None),
        },
        Cow::Owned(text) => match text.split_once('=') {
            Some((key, value)) => (key.to_owned().into(), Some(value.to_owned().into())),
            None => (text.into(), None),
        },
    }
}

/// `host=address` items, sorted by bytes.
fn hosts(value: &Value) -> Option<Printed<'_>> {
    let Ok(hosts) = extra_hosts(value)? else {
        return Some(Printed::same(value));
    };
    let items = hosts.to_list().into_iter();
    let items: Vec<_> = items.map(|text| Printed::at(value, text)).collect();
    // A name without addresses counts.
    let named = value.as_map().is_some_and(|map| !map.is_empty());
    (named || !items.is_empty()).then(|| Printed::at(value, items))
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

fn ulimits(value: &Value, form: Form) -> Option<Printed<'_>> {
    let map = value.as_map()?;
    let mut limits = Entries::new();
    if map.keys().any(|key| is_extension(key)) {
        limits.push((EXTENSIONS.into(), Printed::new(pair_of(None, form))));
    }
    let named = sorted(map, form)
        .into_iter()
        .filter(|(key, _)| !is_extension(key));
    limits.extend(named.map(|(key, limit)| {
        let encoded = match integer(limit) {
            // Zero for both is the pair, as Compose cannot tell it from none.
            Some(number) if number != 0 => Printed::at(limit, number),
            None if limit.as_map().is_none() => Printed::same(limit),
            _ => Printed::at(limit, pair_of(Some(limit), form)),
        };
        (name(key), encoded)
    }));
    entries(value, limits)
}

/// The `soft` and `hard` of a limit.
fn pair_of(limit: Option<&Value>, form: Form) -> Entries<'static> {
    let mut pair = Entries::new();
    for key in ["soft", "hard"] {
        let number = limit.and_then(|limit| limit.get(key)).and_then(integer);
        let number = number.unwrap_or(0);
        if number != 0 || form == Form::Yaml {
            pair.push((key.into(), Printed::new(number)));
        }
    }
    pair
}
