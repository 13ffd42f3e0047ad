//! Values whose text cannot be read: sizes, durations, commands, hosts, modes.

use yaml_tree::Diagnostic;

use super::{Kind, SERVICE, Table, extra_hosts};
use crate::grammar::{ByteSize, Duration, FileMode, command_words, device_count};
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
            _ => None,
        },
        Kind::Mode if value.as_str().is_some() => text()
            .parse::<FileMode>()
            .err()
            .map(|error| error.to_string()),
        Kind::DeviceCount if value.as_str().is_some() => {
            device_count(&text()).err().map(|error| error.to_string())
        }
        Kind::Number | Kind::NumberAlways if value.as_str().is_some() => text()
            .parse::<f64>()
            .err()
            .map(|_| format!("{:?} is no number", text())),
        Kind::Int | Kind::IntAlways if value.as_str().is_some() => text()
            .parse::<i64>()
            .err()
            .map(|_| format!("{:?} is no whole number", text())),
        Kind::Flag | Kind::Switch | Kind::DefaultTrue if value.as_str().is_some() => {
            super::truth(value)
                .is_none()
                .then(|| format!("{:?} is no boolean", text()))
        }
        _ => None,
    };
    if let Some(why) = why {
        found.push(error(
            "compose::bad-value",
            format!("{path}: {why}"),
            value.place(),
        ));
    }
}
