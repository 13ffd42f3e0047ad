//! Values whose text cannot be read: sizes, durations, commands, hosts, modes.

use yaml_tree::Diagnostic;

use super::{Kind, SERVICE, Table, extra_hosts, unsigned};
use crate::go;
use crate::grammar::{ByteSize, Duration, FileMode, command_words, device_count};
use crate::interpolation::word_for_boolean;
use crate::path::Path;
use crate::semantic::error;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Reports every attribute of a structure whose text its kind cannot be read from.
pub(crate) fn check_struct(
    value: &Value,
    table: &Table,
    path: &Path<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(map) = value.as_map() else { return };
    for (number, value) in table.named(map) {
        let field = table.fields[number];
        check(value, field.kind, &path.key(field.name), found);
    }
}

fn check(value: &Value, kind: Kind, path: &Path<'_>, found: &mut Vec<Diagnostic>) {
    let text = || display(value);
    let why = match kind {
        Kind::Struct(fields) | Kind::StructAlways(fields) => {
            return check_struct(value, fields, path, found);
        }
        Kind::Structs(fields) => {
            for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
                check_struct(item, fields, &path.item(at), found);
            }
            return;
        }
        Kind::Containers => return check(value, Kind::Structs(&SERVICE), path, found),
        Kind::StructMap(fields) => {
            for (name, inner) in value.as_map().into_iter().flat_map(Map::iter) {
                check_struct(inner, fields, &path.key(name), found);
            }
            return;
        }
        Kind::Bytes if !matches!(value.data, Data::Null | Data::Int(_)) => text()
            .parse::<ByteSize>()
            .err()
            .map(|error| error.to_string()),
        Kind::Duration if !value.is_null() => text()
            .parse::<Duration>()
            .err()
            .map(|error| error.to_string()),
        Kind::Command if value.as_str().is_some() => {
            command_words(&text()).err().map(|error| error.to_string())
        }
        Kind::Hosts => match extra_hosts(value) {
            Some(Err(error)) => Some(error.to_string()),
            // The original takes it for an extension, and then for an address that is none.
            Some(Ok(_)) => value
                .as_map()
                .and_then(|map| map.keys().find(|name| name.starts_with("x-")))
                .map(|name| format!("the host {name:?} cannot be in a mapping; write a list")),
            None => None,
        },
        Kind::Mode => match &value.data {
            Data::Str(text) => text
                .parse::<FileMode>()
                .err()
                .map(|error| error.to_string()),
            data => (!is_whole(data)).then(|| format!("`{}` is no mode", text())),
        },
        Kind::DeviceCount => match &value.data {
            Data::Str(text) => device_count(text).err().map(|error| error.to_string()),
            data => (!is_whole(data)).then(|| format!("`{}` is no number of devices", text())),
        },
        Kind::Number | Kind::NumberAlways if value.as_str().is_some() => go::parse_float(&text())
            .err()
            .map(|_| format!("{:?} is no number", text())),
        Kind::Int | Kind::IntAlways if value.as_str().is_some() => go::parse_int(&text(), 10)
            .err()
            .map(|_| format!("{:?} is no whole number", text())),
        Kind::Unsigned | Kind::UnsignedAlways if !value.is_null() => unsigned(value)
            .is_none()
            .then(|| format!("`{}` is no whole number from zero on", text())),
        Kind::Narrow(_) if !value.is_null() => (value.as_str().is_some()
            || unsigned(value).is_none())
        .then(|| format!("`{}` is no whole number from zero on", text())),
        Kind::Always(kind, _) => return check(value, *kind, path, found),
        Kind::Strict => {
            for (name, inner) in value.as_map().into_iter().flat_map(Map::iter) {
                let at = path.key(name);
                check_strict(inner, &at, name.starts_with("x-"), found);
            }
            return;
        }
        Kind::StrictTexts => {
            for (at, item) in value.as_list().unwrap_or_default().iter().enumerate() {
                check_strict(item, &path.item(at), false, found);
            }
            return;
        }
        Kind::Ulimits => {
            for (name, limit) in value.as_map().into_iter().flat_map(Map::iter) {
                check_limit(limit, &path.key(name), found);
            }
            return;
        }
        Kind::Flag | Kind::Switch | Kind::DefaultTrue | Kind::OptOut
            if value.as_str().is_some() =>
        {
            match word_for_boolean(&text()) {
                Some((_, Some(warning))) => {
                    let warning = Diagnostic::warning("compose::boolean", warning);
                    found.push(match value.place() {
                        Some(place) => warning.primary(place.clone(), ""),
                        None => warning,
                    });
                    None
                }
                Some(_) => None,
                None => Some(format!("{:?} is no boolean", text())),
            }
        }
        // Of services and jobs, not of hooks.
        Kind::Text if value.is_null() && path.is("pid", 3) => {
            Some("null is no namespace; leave the line out".to_owned())
        }
        Kind::Contexts => {
            for (name, context) in value.as_map().into_iter().flat_map(Map::iter) {
                let why = context.as_str().is_none();
                let why = why.then(|| "a build context is text".to_owned());
                report(why, context, &path.key(name), found);
            }
            return;
        }
        Kind::StrictText => return check_strict(value, path, false, found),
        _ => None,
    };
    report(why, value, path, found);
}

fn is_whole(data: &Data) -> bool {
    matches!(data, Data::Null | Data::Int(_))
}

/// A text, or a whole number that becomes one.
fn check_strict(value: &Value, path: &Path<'_>, refused: bool, found: &mut Vec<Diagnostic>) {
    let fits = matches!(value.data, Data::Null | Data::Str(_) | Data::Int(_));
    let why = (refused || !fits).then(|| "only text and whole numbers are taken here".to_owned());
    report(why, value, path, found);
}

/// One number, or a pair of them.
fn check_limit(limit: &Value, path: &Path<'_>, found: &mut Vec<Diagnostic>) {
    let fits = match &limit.data {
        Data::Map(pair) => ["soft", "hard"]
            .iter()
            .filter_map(|key| pair.get(key))
            .all(|number| is_whole(&number.data)),
        data => is_whole(data),
    };
    let why = (!fits).then(|| "a limit is a whole number".to_owned());
    report(why, limit, path, found);
}

fn report(why: Option<String>, value: &Value, path: &Path<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(why) = why {
        found.push(error(
            "compose::bad-value",
            format!("{path}: {why}"),
            value.place(),
        ));
    }
}
