//! What Go's package `text/template` has itself.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::super::data::Data;
use super::super::format::{is_print, print};
use super::super::printf::printf;
use super::Param::{Any, Text};
use super::{Function, Outcome, takes, takes_more};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        // These two look at no more arguments than they need, which the caller does.
        "and" | "or" => takes_more(&[Any], Any, |_| Ok(Data::Nil)),
        "not" => takes(&[Any], |a| Ok(Data::Bool(!a[0].truth()))),
        "len" => takes(&[Any], |a| match a[0].length() {
            Some(length) => Ok(Data::Int(i64::try_from(length).unwrap_or(i64::MAX))),
            None => Err(format!("len of type {}", a[0].type_name())),
        }),
        "index" => takes_more(&[Any], Any, index),
        "print" => takes_more(&[], Any, |a| Ok(Data::Text(print(a)))),
        "println" => takes_more(&[], Any, |a| {
            let words: Vec<String> = a.iter().map(ToString::to_string).collect();
            Ok(Data::Text(format!("{}\n", words.join(" "))))
        }),
        "printf" => takes_more(&[Text], Any, |a| {
            Ok(Data::Text(printf(a[0].as_text(), &a[1..])))
        }),
        "html" => takes_more(&[], Any, |a| Ok(Data::Text(html(&text(a))))),
        "js" => takes_more(&[], Any, |a| Ok(Data::Text(javascript(&text(a))))),
        "urlquery" => takes_more(&[], Any, |a| Ok(Data::Text(query(&text(a))))),
        "eq" => takes_more(&[Any], Any, |a| equal(a).map(Data::Bool)),
        "ne" => takes(&[Any, Any], |a| Ok(Data::Bool(!equal(a)?))),
        "lt" => takes(&[Any, Any], |a| Ok(Data::Bool(order(a)?.is_lt()))),
        "le" => takes(&[Any, Any], |a| Ok(Data::Bool(order(a)?.is_le()))),
        "gt" => takes(&[Any, Any], |a| Ok(Data::Bool(order(a)?.is_gt()))),
        "ge" => takes(&[Any, Any], |a| Ok(Data::Bool(order(a)?.is_ge()))),
        _ => None,
    }
}

/// What these escape: an absent value in the words of an action.
fn text(arguments: &[Data]) -> String {
    let absent = |value: &Data| match value {
        Data::Nil => Data::from("<no value>"),
        other => other.clone(),
    };
    print(&arguments.iter().map(absent).collect::<Vec<_>>())
}

fn index(arguments: &[Data]) -> Outcome {
    let mut value = arguments[0].clone();
    if value == Data::Nil {
        return Err("index of untyped nil".to_owned());
    }
    for key in &arguments[1..] {
        value = match &value {
            Data::Text(text) => Data::Byte(text.as_bytes()[place(key, text.len())?]),
            Data::List(_, items) => items[place(key, items.len())?].clone(),
            Data::Texts(map) => Data::from(map.get(name(key)?).map_or("", String::as_str)),
            Data::Dict(map) => map.borrow().get(name(key)?).cloned().unwrap_or(Data::Nil),
            Data::Map(map) => map.get(name(key)?).cloned().unwrap_or(Data::NilPointer),
            Data::Nil | Data::NilPointer => return Err("index of nil pointer".to_owned()),
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(value)
}

fn place(key: &Data, length: usize) -> Result<usize, String> {
    match key {
        Data::Int(_) | Data::Long(_) | Data::Byte(_) => usize::try_from(key.as_int())
            .ok()
            .filter(|at| *at < length)
            .ok_or_else(|| format!("index out of range: {key}")),
        Data::Nil => Err("cannot index slice/array with nil".to_owned()),
        other => Err(format!(
            "cannot index slice/array with type {}",
            other.type_name()
        )),
    }
}

fn name(key: &Data) -> Result<&str, String> {
    match key {
        Data::Text(text) => Ok(text),
        Data::Nil => Err("value is nil; should be of type string".to_owned()),
        other => Err(format!(
            "value has type {}; should be string",
            other.type_name()
        )),
    }
}

/// The kinds that can be compared by value.
fn basic(value: &Data) -> Option<u8> {
    Some(match value {
        Data::Bool(_) => 0,
        Data::Int(_) | Data::Long(_) | Data::Byte(_) => 1,
        Data::Float(_) => 2,
        Data::Text(_) => 3,
        _ => return None,
    })
}

fn equal(arguments: &[Data]) -> Result<bool, String> {
    let first = &arguments[0];
    if arguments.len() < 2 {
        return Err("missing argument for comparison".to_owned());
    }
    for other in &arguments[1..] {
        let same = match (basic(first), basic(other)) {
            (Some(1), Some(1)) => first.as_int() == other.as_int(),
            (one, another) if one != another => {
                if *first != Data::Nil && *other != Data::Nil {
                    return Err("incompatible types for comparison".to_owned());
                }
                false
            }
            (Some(_), _) => first == other,
            (None, _) => {
                if *first != Data::Nil && *other != Data::Nil {
                    let record = matches!((first, other), (Data::Record(_), Data::Record(_)));
                    if !record {
                        return Err(format!(
                            "non-comparable type {first}: {}",
                            first.type_name()
                        ));
                    }
                }
                first == other
            }
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn order(arguments: &[Data]) -> Result<Ordering, String> {
    let (one, other) = (&arguments[0], &arguments[1]);
    let (Some(kind), Some(its)) = (basic(one), basic(other)) else {
        return Err("invalid type for comparison".to_owned());
    };
    if kind != its {
        return Err("incompatible types for comparison".to_owned());
    }
    match (one, other) {
        (Data::Float(one), Data::Float(other)) => {
            Ok(one.partial_cmp(other).unwrap_or(Ordering::Greater))
        }
        (Data::Text(one), Data::Text(other)) => Ok(one.cmp(other)),
        (Data::Bool(_), _) => Err("invalid type for comparison".to_owned()),
        (one, other) => Ok(one.as_int().cmp(&other.as_int())),
    }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\0' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

fn javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(character);
            }
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => {
                let _infallible = write!(out, "\\u{code:04X}");
            }
            other if other.is_ascii() || is_print(other) => out.push(other),
            _ => {
                let _infallible = write!(out, "\\u{code:04X}");
            }
        }
    }
    out
}

fn query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _infallible = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
