//! The functions of templates: Go's own and the text functions of sprig that people use.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::data::Data;

type Outcome = Result<Data, String>;

/// Calls a function; `None` if there is none of that name.
pub(super) fn call(name: &str, arguments: &[Data]) -> Option<Outcome> {
    builtin(name, arguments)
        .or_else(|| texts(name, arguments))
        .or_else(|| lists(name, arguments))
}

/// Whether there is a function of that name.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "and" | "or") || call(name, &[]).is_some()
}

fn text(arguments: &[Data], at: usize) -> Result<&str, String> {
    match arguments.get(at) {
        Some(Data::Text(text)) => Ok(text),
        Some(other) => Err(format!(
            "wrong type for value; expected string; got {}",
            other.kind()
        )),
        None => Err("wrong number of args".to_owned()),
    }
}

fn any(arguments: &[Data], at: usize) -> Result<&Data, String> {
    arguments
        .get(at)
        .ok_or_else(|| "wrong number of args".to_owned())
}

fn length(count: usize) -> Data {
    Data::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What Go's template package has itself.
fn builtin(name: &str, arguments: &[Data]) -> Option<Outcome> {
    Some(match name {
        "not" => any(arguments, 0).map(|value| Data::Bool(!value.truth())),
        "len" => match any(arguments, 0) {
            Ok(Data::Text(text)) => Ok(length(text.len())),
            Ok(Data::List(items)) => Ok(length(items.len())),
            Ok(Data::Map(map)) => Ok(length(map.len())),
            Ok(other) => Err(format!("len of type {}", other.kind())),
            Err(error) => Err(error),
        },
        "index" => index(arguments),
        "slice" => slice(arguments),
        "print" => Ok(Data::Text(print(arguments))),
        "println" => {
            let words: Vec<String> = arguments.iter().map(ToString::to_string).collect();
            Ok(Data::Text(format!("{}\n", words.join(" "))))
        }
        "printf" => printf(arguments),
        "html" | "js" | "urlquery" | "call" => {
            Err(format!("function `{name}` is not supported here"))
        }
        "eq" => any(arguments, 0).and_then(|first| {
            let rest = &arguments[1..];
            if rest.is_empty() {
                return Err("missing argument for comparison".to_owned());
            }
            for other in rest {
                if std::mem::discriminant(first) != std::mem::discriminant(other)
                    && *first != Data::Nil
                    && *other != Data::Nil
                {
                    return Err("incompatible types for comparison".to_owned());
                }
            }
            Ok(Data::Bool(rest.contains(first)))
        }),
        "ne" => two(arguments).map(|(one, other)| Data::Bool(one != other)),
        "lt" | "le" | "gt" | "ge" => two(arguments).and_then(|(one, other)| {
            let order = match (one, other) {
                (Data::Int(one), Data::Int(other)) => one.partial_cmp(other),
                (Data::Float(one), Data::Float(other)) => one.partial_cmp(other),
                (Data::Text(one), Data::Text(other)) => one.partial_cmp(other),
                _ => return Err("incompatible types for comparison".to_owned()),
            };
            let order = order.ok_or("incompatible types for comparison")?;
            Ok(Data::Bool(match name {
                "lt" => order.is_lt(),
                "le" => order.is_le(),
                "gt" => order.is_gt(),
                _ => order.is_ge(),
            }))
        }),
        _ => return None,
    })
}

fn two(arguments: &[Data]) -> Result<(&Data, &Data), String> {
    Ok((any(arguments, 0)?, any(arguments, 1)?))
}

/// Go puts a blank between operands when neither is a text.
fn print(arguments: &[Data]) -> String {
    let mut out = String::new();
    for (at, argument) in arguments.iter().enumerate() {
        let texts = |data: &Data| matches!(data, Data::Text(_));
        if at > 0 && !texts(argument) && !texts(&arguments[at - 1]) {
            out.push(' ');
        }
        out.push_str(&argument.to_string());
    }
    out
}

fn index(arguments: &[Data]) -> Outcome {
    let mut value = any(arguments, 0)?.clone();
    for key in &arguments[1..] {
        value = match (value, key) {
            (Data::Map(map), Data::Text(key)) => {
                // Maps here hold texts, whose nothing is the empty text.
                map.get(key)
                    .cloned()
                    .unwrap_or_else(|| Data::Text(String::new()))
            }
            (Data::List(items), Data::Int(at)) => {
                let item = usize::try_from(*at)
                    .ok()
                    .and_then(|at| items.get(at).cloned());
                item.ok_or_else(|| format!("index out of range: {at}"))?
            }
            (Data::Text(text), Data::Int(at)) => {
                let byte = usize::try_from(*at)
                    .ok()
                    .and_then(|at| text.as_bytes().get(at).copied());
                Data::Int(i64::from(
                    byte.ok_or_else(|| format!("index out of range: {at}"))?,
                ))
            }
            (Data::Nil, _) => return Err("index of untyped nil".to_owned()),
            (other, _) => return Err(format!("can't index item of type {}", other.kind())),
        };
    }
    Ok(value)
}

fn slice(arguments: &[Data]) -> Outcome {
    let bound = |at: usize, default: usize| match arguments.get(at) {
        Some(Data::Int(bound)) => {
            usize::try_from(*bound).map_err(|_| "index out of range".to_owned())
        }
        Some(_) => Err("cannot index slice with that type".to_owned()),
        None => Ok(default),
    };
    match any(arguments, 0)? {
        Data::Text(text) => {
            let (start, end) = (bound(1, 0)?, bound(2, text.len())?);
            let part = text.get(start..end).ok_or("index out of range")?;
            Ok(Data::from(part))
        }
        Data::List(items) => {
            let (start, end) = (bound(1, 0)?, bound(2, items.len())?);
            let part = items.get(start..end).ok_or("index out of range")?;
            Ok(Data::List(part.to_vec()))
        }
        other => Err(format!("can't slice item of type {}", other.kind())),
    }
}

fn hex(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let _infallible = write!(out, "{byte:02x}");
    }
    out
}

/// `%s`, `%v`, `%d`, `%q`, `%t`, `%x`, `%%`, with a width.
fn printf(arguments: &[Data]) -> Outcome {
    let format = text(arguments, 0)?;
    let mut rest = arguments[1..].iter();
    let mut out = String::new();
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = characters.next_if(|c| "-+# 0".contains(*c)) {
            flags.push(flag);
        }
        let mut width = String::new();
        while let Some(digit) = characters.next_if(char::is_ascii_digit) {
            width.push(digit);
        }
        let Some(verb) = characters.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = rest.next() else {
            let _infallible = write!(out, "%!{verb}(MISSING)");
            continue;
        };
        let shown = match (verb, value) {
            ('q', Data::Text(text)) => format!("{text:?}"),
            ('x', Data::Int(number)) => format!("{number:x}"),
            ('x', Data::Text(text)) => hex(text),
            ('s', Data::Text(_)) | ('d', Data::Int(_)) | ('t', Data::Bool(_)) | ('v', _) => {
                value.to_string()
            }
            ('s', _) => format!("%!s({}={value})", value.kind()),
            ('d', _) => format!("%!d({}={value})", value.kind()),
            _ => return Err(format!("printf verb `%{verb}` is not supported here")),
        };
        let width: usize = width.parse().unwrap_or(0).min(1_000);
        if flags.contains('-') {
            let _infallible = write!(out, "{shown:<width$}");
        } else if flags.contains('0') {
            let _infallible = write!(out, "{shown:0>width$}");
        } else {
            let _infallible = write!(out, "{shown:>width$}");
        }
    }
    Ok(Data::Text(out))
}

/// Functions of sprig over texts. The text comes last, so that it can be piped in.
fn texts(name: &str, arguments: &[Data]) -> Option<Outcome> {
    let one = |change: fn(&str) -> String| text(arguments, 0).map(|text| Data::Text(change(text)));
    let cut = |change: fn(&str, &str) -> String| -> Outcome {
        Ok(Data::Text(change(text(arguments, 0)?, text(arguments, 1)?)))
    };
    let ask = |question: fn(&str, &str) -> bool| -> Outcome {
        Ok(Data::Bool(question(
            text(arguments, 0)?,
            text(arguments, 1)?,
        )))
    };
    Some(match name {
        "lower" => one(str::to_lowercase),
        "upper" => one(str::to_uppercase),
        "title" => one(title),
        "untitle" => one(untitle),
        "trim" => one(|text| text.trim().to_owned()),
        "nospace" => one(|text| text.split_whitespace().collect()),
        "initials" => one(|text| {
            text.split_whitespace()
                .filter_map(|word| word.chars().next())
                .collect()
        }),
        "snakecase" => one(|text| separated(text, '_')),
        "kebabcase" => one(|text| separated(text, '-')),
        "trimAll" => cut(|set, text| text.trim_matches(|c| set.contains(c)).to_owned()),
        "trimSuffix" => cut(|end, text| text.strip_suffix(end).unwrap_or(text).to_owned()),
        "trimPrefix" => cut(|start, text| text.strip_prefix(start).unwrap_or(text).to_owned()),
        "contains" => ask(|part, text| text.contains(part)),
        "hasPrefix" => ask(|start, text| text.starts_with(start)),
        "hasSuffix" => ask(|end, text| text.ends_with(end)),
        "replace" => (|| {
            Ok(Data::Text(
                text(arguments, 2)?.replace(text(arguments, 0)?, text(arguments, 1)?),
            ))
        })(),
        "repeat" => any(arguments, 0).and_then(|count| {
            let count = usize::try_from(count.int()).unwrap_or(0).min(10_000);
            Ok(Data::Text(text(arguments, 1)?.repeat(count)))
        }),
        "trunc" => any(arguments, 0).and_then(|count| truncate(count.int(), text(arguments, 1)?)),
        "substr" => (|| {
            let (start, end) = (any(arguments, 0)?.int(), any(arguments, 1)?.int());
            substring(start, end, text(arguments, 2)?)
        })(),
        "cat" => {
            let words: Vec<String> = arguments.iter().map(Data::text).collect();
            Ok(Data::Text(words.join(" ")))
        }
        "quote" => {
            let given = arguments.iter().filter(|value| **value != Data::Nil);
            let words: Vec<String> = given.map(|value| format!("{:?}", value.text())).collect();
            Ok(Data::Text(words.join(" ")))
        }
        "squote" => {
            let given = arguments.iter().filter(|value| **value != Data::Nil);
            let words: Vec<String> = given.map(|value| format!("'{value}'")).collect();
            Ok(Data::Text(words.join(" ")))
        }
        "indent" | "nindent" => any(arguments, 0).and_then(|count| {
            let pad = " ".repeat(usize::try_from(count.int()).unwrap_or(0).min(1_000));
            let text = format!(
                "{pad}{}",
                text(arguments, 1)?.replace('\n', &format!("\n{pad}"))
            );
            Ok(Data::Text(if name == "nindent" {
                format!("\n{text}")
            } else {
                text
            }))
        }),
        "toString" => any(arguments, 0).map(|value| Data::Text(value.text())),
        "int" | "int64" | "atoi" => any(arguments, 0).map(|value| Data::Int(value.int())),
        "regexMatch" | "mustRegexMatch" => (|| {
            let pattern = pattern(text(arguments, 0)?)?;
            Ok(Data::Bool(pattern.is_match(text(arguments, 1)?)))
        })(),
        "regexFind" | "mustRegexFind" => (|| {
            let pattern = pattern(text(arguments, 0)?)?;
            let found = pattern
                .find(text(arguments, 1)?)
                .map_or("", |found| found.as_str());
            Ok(Data::from(found))
        })(),
        "regexReplaceAll" | "mustRegexReplaceAll" => (|| {
            let pattern = pattern(text(arguments, 0)?)?;
            let replaced = pattern.replace_all(text(arguments, 1)?, text(arguments, 2)?);
            Ok(Data::from(&*replaced))
        })(),
        "regexReplaceAllLiteral" => (|| {
            let pattern = pattern(text(arguments, 0)?)?;
            let by = regex::NoExpand(text(arguments, 2)?);
            Ok(Data::from(&*pattern.replace_all(text(arguments, 1)?, by)))
        })(),
        _ => return None,
    })
}

fn pattern(text: &str) -> Result<regex::Regex, String> {
    regex::Regex::new(text).map_err(|_| format!("error parsing regexp: `{text}`"))
}

/// Functions of sprig over lists, defaults and numbers.
fn lists(name: &str, arguments: &[Data]) -> Option<Outcome> {
    let number = |fold: fn(i64, i64) -> i64, start: Option<i64>| -> Outcome {
        let mut numbers = arguments.iter().map(Data::int);
        let first = match start {
            Some(start) => start,
            None => numbers.next().ok_or("wrong number of args")?,
        };
        Ok(Data::Int(numbers.fold(first, fold)))
    };
    Some(match name {
        "default" => any(arguments, 0).map(|default| match arguments.get(1) {
            Some(given) if !given.is_empty() => given.clone(),
            _ => default.clone(),
        }),
        "empty" => any(arguments, 0).map(|value| Data::Bool(value.is_empty())),
        "coalesce" => Ok(arguments
            .iter()
            .find(|value| !value.is_empty())
            .cloned()
            .unwrap_or(Data::Nil)),
        "all" => Ok(Data::Bool(arguments.iter().all(|value| !value.is_empty()))),
        "any" => Ok(Data::Bool(arguments.iter().any(|value| !value.is_empty()))),
        "ternary" => any(arguments, 2).map(|test| arguments[usize::from(!test.truth())].clone()),
        "fail" => text(arguments, 0).and_then(|message| Err(message.to_owned())),
        "required" => any(arguments, 1).and_then(|value| {
            if value.is_empty() {
                Err(any(arguments, 0)?.text())
            } else {
                Ok(value.clone())
            }
        }),
        "list" | "tuple" => Ok(Data::List(arguments.to_vec())),
        "dict" => {
            let pairs = arguments.chunks(2);
            let map = pairs.map(|pair| {
                (
                    pair[0].text(),
                    pair.get(1).cloned().unwrap_or_else(|| Data::from("")),
                )
            });
            Ok(Data::Map(map.collect::<BTreeMap<_, _>>()))
        }
        "get" => two(arguments).map(|(map, key)| match map {
            Data::Map(map) => map
                .get(&key.text())
                .cloned()
                .unwrap_or_else(|| Data::from("")),
            _ => Data::from(""),
        }),
        "hasKey" => two(arguments).map(|(map, key)| {
            Data::Bool(matches!(map, Data::Map(map) if map.contains_key(&key.text())))
        }),
        "keys" => any(arguments, 0).map(|map| match map {
            Data::Map(map) => Data::List(map.keys().map(|key| Data::from(key.as_str())).collect()),
            _ => Data::List(Vec::new()),
        }),
        "first" | "last" => items(arguments, 0).map(|items| {
            let item = if name == "first" {
                items.first()
            } else {
                items.last()
            };
            item.cloned().unwrap_or(Data::Nil)
        }),
        "rest" | "initial" => items(arguments, 0).map(|items| {
            let most = items.len().saturating_sub(1);
            let part = if name == "rest" {
                &items[items.len() - most..]
            } else {
                &items[..most]
            };
            Data::List(part.to_vec())
        }),
        "reverse" => items(arguments, 0).map(|items| Data::List(items.into_iter().rev().collect())),
        "has" => two(arguments).map(|(value, list)| {
            Data::Bool(matches!(list, Data::List(items) if items.contains(value)))
        }),
        "sortAlpha" => items(arguments, 0).map(|items| {
            let mut texts: Vec<String> = items.iter().map(Data::text).collect();
            texts.sort();
            Data::List(texts.into_iter().map(Data::Text).collect())
        }),
        "join" => (|| {
            let separator = text(arguments, 0)?;
            let texts: Vec<String> = items(arguments, 1)?.iter().map(Data::text).collect();
            Ok(Data::Text(texts.join(separator)))
        })(),
        "splitList" => (|| {
            let parts = text(arguments, 1)?.split(text(arguments, 0)?);
            Ok(Data::List(parts.map(Data::from).collect()))
        })(),
        "split" => (|| Ok(numbered(text(arguments, 1)?.split(text(arguments, 0)?))))(),
        "splitn" => (|| {
            let count = usize::try_from(any(arguments, 1)?.int()).unwrap_or(usize::MAX);
            Ok(numbered(
                text(arguments, 2)?.splitn(count, text(arguments, 0)?),
            ))
        })(),
        "add" => number(i64::wrapping_add, Some(0)),
        "sub" => number(i64::wrapping_sub, None),
        "mul" => number(i64::wrapping_mul, None),
        "div" | "mod" => two(arguments).and_then(|(one, other)| {
            let (one, other) = (one.int(), other.int());
            let value = if name == "div" {
                one.checked_div(other)
            } else {
                one.checked_rem(other)
            };
            value
                .map(Data::Int)
                .ok_or_else(|| "division by zero".to_owned())
        }),
        "max" => number(i64::max, None),
        "min" => number(i64::min, None),
        "add1" => any(arguments, 0).map(|value| Data::Int(value.int().wrapping_add(1))),
        "until" => any(arguments, 0)
            .map(|count| Data::List((0..count.int().min(10_000)).map(Data::Int).collect())),
        _ => return None,
    })
}

fn items(arguments: &[Data], at: usize) -> Result<Vec<Data>, String> {
    match any(arguments, at)? {
        Data::List(items) => Ok(items.clone()),
        Data::Nil => Ok(Vec::new()),
        other => Ok(vec![other.clone()]),
    }
}

fn numbered<'t>(parts: impl Iterator<Item = &'t str>) -> Data {
    let parts = parts.enumerate();
    Data::Map(
        parts
            .map(|(at, part)| (format!("_{at}"), Data::from(part)))
            .collect(),
    )
}

/// Capital letters where a word begins: after anything that is no letter, digit, `_` or `'`.
fn title(text: &str) -> String {
    let mut start = true;
    let mut out = String::new();
    for character in text.chars() {
        if start {
            out.extend(character.to_uppercase());
        } else {
            out.push(character);
        }
        start = !(character.is_alphanumeric() || character == '_' || character == '\'');
    }
    out
}

fn untitle(text: &str) -> String {
    let mut start = true;
    let mut out = String::new();
    for character in text.chars() {
        if start {
            out.extend(character.to_lowercase());
        } else {
            out.push(character);
        }
        start = character.is_whitespace();
    }
    out
}

/// `FirstName` as `first-name`.
fn separated(text: &str, separator: char) -> String {
    let mut out = String::new();
    let mut before_lower = false;
    for character in text.chars() {
        if matches!(character, '-' | '_' | ' ') {
            out.push(separator);
            before_lower = false;
        } else {
            if character.is_uppercase() && before_lower {
                out.push(separator);
            }
            out.extend(character.to_lowercase());
            before_lower = character.is_lowercase() || character.is_ascii_digit();
        }
    }
    out
}

/// The first so many characters, or the last if the count is negative; sprig counts bytes.
fn truncate(count: i64, text: &str) -> Outcome {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let part = if count < 0 && length + count > 0 {
        usize::try_from(length + count)
            .ok()
            .and_then(|at| text.get(at..))
    } else if count >= 0 && length > count {
        usize::try_from(count).ok().and_then(|at| text.get(..at))
    } else {
        Some(text)
    };
    part.map(Data::from)
        .ok_or_else(|| "a character is cut in two".to_owned())
}

fn substring(start: i64, end: i64, text: &str) -> Outcome {
    let length = text.len();
    let from = usize::try_from(start).unwrap_or(0);
    let to = usize::try_from(end).map_or(length, |end| end.min(length));
    let range = if start < 0 { 0..to } else { from..to };
    text.get(range)
        .map(Data::from)
        .ok_or_else(|| "index out of range".to_owned())
}
