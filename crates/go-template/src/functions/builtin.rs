//! What Go's package `text/template` has itself.

use std::cmp::Ordering;
use std::fmt::Write as _;

use go_std::strconv::is_print;

use super::{Function, takes, takes_more};
use crate::format::print;
use crate::options::Param::{Any, Text};
use crate::options::{Meter, Outcome};
use crate::printf::printf;
use crate::{Data, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    // These two look at no more arguments than they need, which the caller does.
    takes_more(&["and", "or"], &[Any], Any, |_, _| Ok(Data::Nil)),
    takes(&["not"], &[Any], |_, a| Ok(Data::Bool(!a[0].truth()))),
    takes(&["len"], &[Any], |_, a| match a[0].length() {
        Some(length) => Ok(Data::Int(i64::try_from(length).unwrap_or(i64::MAX))),
        None => Err(Trouble::argument("a string, list or map", &a[0])),
    }),
    takes_more(&["index"], &[Any], Any, index),
    takes_more(&["print"], &[], Any, |_, a| Ok(Data::Text(print(a)))),
    takes_more(&["println"], &[], Any, |_, a| {
        let words: Vec<String> = a.iter().map(ToString::to_string).collect();
        Ok(Data::Text(format!("{}\n", words.join(" "))))
    }),
    takes_more(&["printf"], &[Text], Any, |meter, a| {
        printf(meter, a[0].as_text(), &a[1..]).map(Data::Text)
    }),
    takes_more(&["html"], &[], Any, |_, a| Ok(Data::Text(html(&text(a))))),
    takes_more(&["js"], &[], Any, |_, a| {
        Ok(Data::Text(javascript(&text(a))))
    }),
    takes_more(&["urlquery"], &[], Any, |_, a| {
        Ok(Data::Text(query(&text(a))))
    }),
    takes_more(&["eq"], &[Any, Any], Any, |_, a| equal(a).map(Data::Bool)),
    takes(&["ne"], &[Any, Any], |_, a| Ok(Data::Bool(!equal(a)?))),
    takes(&["lt"], &[Any, Any], |_, a| {
        Ok(Data::Bool(order(a)?.is_lt()))
    }),
    takes(&["le"], &[Any, Any], |_, a| {
        Ok(Data::Bool(order(a)?.is_le()))
    }),
    takes(&["gt"], &[Any, Any], |_, a| {
        Ok(Data::Bool(order(a)?.is_gt()))
    }),
    takes(&["ge"], &[Any, Any], |_, a| {
        Ok(Data::Bool(order(a)?.is_ge()))
    }),
];

/// What these escape: an absent value in the words of an action.
fn text(arguments: &[Data]) -> String {
    let absent = |value: &Data| match value {
        Data::Nil => Data::from("<no value>"),
        other => other.clone(),
    };
    print(&arguments.iter().map(absent).collect::<Vec<_>>())
}

/// `index x 1 "a"` is `x[1]["a"]`.
fn index(_: &mut Meter, arguments: &[Data]) -> Outcome {
    let mut value = arguments[0].clone();
    if value == Data::Nil {
        return Err(Trouble::argument("a list or map", &value));
    }
    for key in &arguments[1..] {
        value = match &value {
            Data::Text(text) => Data::Byte(text.as_bytes()[place(key, text.len())?]),
            Data::List(_, items) => items[place(key, items.len())?].clone(),
            Data::Texts(map) => Data::from(map.get(name(key)?).map_or("", String::as_str)),
            Data::Dict(map) => map.borrow().get(name(key)?).cloned().unwrap_or(Data::Nil),
            Data::Map(map) => {
                let found = map.entries.get(name(key)?).cloned();
                found.unwrap_or(Data::NilPointer(map.element))
            }
            other => return Err(Trouble::argument("a list or map", other)),
        };
    }
    Ok(value)
}

fn place(key: &Data, length: usize) -> Result<usize, Trouble> {
    match key {
        Data::Int(_) | Data::Long(_) | Data::Byte(_) => {
            let index = key.as_int();
            let place = usize::try_from(index).ok().filter(|at| *at < length);
            place.ok_or(Trouble::OutOfRange { index, length })
        }
        other => Err(Trouble::argument("an integer for a list", other)),
    }
}

fn name(key: &Data) -> Result<&str, Trouble> {
    match key {
        Data::Text(text) => Ok(text),
        other => Err(Trouble::argument("a string for a map", other)),
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

fn equal(arguments: &[Data]) -> Result<bool, Trouble> {
    let first = &arguments[0];
    for other in &arguments[1..] {
        let nil = *first == Data::Nil || *other == Data::Nil;
        let same = match (basic(first), basic(other)) {
            (Some(1), Some(1)) => first.as_int() == other.as_int(),
            (one, another) if one != another && !nil => {
                return Err(Trouble::incomparable(first, other));
            }
            (one, another) if one != another => false,
            (None, _) if !nil && !matches!((first, other), (Data::Record(_), Data::Record(_))) => {
                return Err(Trouble::incomparable(first, other));
            }
            _ => first == other,
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn order(arguments: &[Data]) -> Result<Ordering, Trouble> {
    let (one, other) = (&arguments[0], &arguments[1]);
    match (one, other) {
        (Data::Float(one), Data::Float(other)) => {
            Ok(one.partial_cmp(other).unwrap_or(Ordering::Greater))
        }
        (Data::Text(one), Data::Text(other)) => Ok(one.cmp(other)),
        _ if basic(one) == Some(1) && basic(other) == Some(1) => {
            Ok(one.as_int().cmp(&other.as_int()))
        }
        _ => Err(Trouble::incomparable(one, other)),
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
