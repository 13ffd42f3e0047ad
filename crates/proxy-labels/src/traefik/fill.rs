//! Elements of label keys to blocks.
//!
//! Traefik does it in two passes: the first looks at the names of all elements, the second reads
//! the values. What the first refuses is reported even where the second would not have looked.

use std::collections::BTreeMap;

use yaml_tree::nearest;

use super::error::{LabelError, LabelErrorKind as Bad};
use super::node::Node;
use super::schema::{Field, Kind, Table};
use super::value::{Block, Value};

/// Checks the names of everything below a block. `found` is in the order in which Traefik meets it.
pub(crate) fn check(node: &Node<'_>, table: &'static Table, found: &mut Vec<LabelError>) {
    for child in &node.children {
        check_field(child, table, found);
    }
}

fn check_field(node: &Node<'_>, table: &'static Table, found: &mut Vec<LabelError>) {
    let Some(at) = table.find(node.name) else {
        let kind = Bad::UnknownField {
            name: node.name.to_owned(),
            block: article(table.name),
            nearest: nearest(node.name, table.label_names()),
        };
        found.push(LabelError::new(node.first_key, kind));
        return;
    };
    let field = &table.fields[at];
    if node.children.is_empty() {
        if field.is_block() && !field.bare && !field.ignored {
            let kind = Bad::BareBlock(node.name.to_owned());
            found.push(LabelError::new(node.key(), kind));
        }
        return;
    }
    match field.kind {
        Kind::Block(table) | Kind::Single(table) => check(node, table, found),
        Kind::Named(table) | Kind::Blocks(table) => {
            for child in &node.children {
                check(child, table, found);
            }
        }
        Kind::TextMap | Kind::IntMap | Kind::Raw => {}
        Kind::List => {
            // An index is let pass, and dropped; what stands below it is not.
            for below in node.children.iter().flat_map(|child| &child.children) {
                let kind = Bad::NotABlock {
                    name: node.name.to_owned(),
                    kind: "list",
                };
                found.push(LabelError::new(below.first_key, kind));
            }
        }
        Kind::Text | Kind::Bool | Kind::Int | Kind::Duration => {
            let kind = Bad::NotABlock {
                name: node.name.to_owned(),
                kind: match field.kind_name() {
                    "string" => "text",
                    "bool" => "boolean",
                    "int64" => "duration",
                    _ => "number",
                },
            };
            found.push(LabelError::new(node.children[0].first_key, kind));
        }
    }
}

fn article(name: &str) -> String {
    match name {
        "configuration" => "`traefik`".to_owned(),
        "provider" => "the provider".to_owned(),
        "router" | "service" | "middleware" | "model" | "store" => format!("a {name}"),
        name => format!("`{name}`"),
    }
}

/// A block with the values of its element. Values that cannot be read are left out and reported.
pub(crate) fn block(node: &Node<'_>, table: &'static Table, found: &mut Vec<LabelError>) -> Block {
    let mut block = Block::new(table);
    fill(&mut block, node, found);
    block
}

/// Sets the fields of a block from the elements below its own.
pub(crate) fn fill(block: &mut Block, node: &Node<'_>, found: &mut Vec<LabelError>) {
    for child in &node.children {
        let Some(at) = block.table.find(child.name) else {
            continue;
        };
        let field = &block.table.fields[at];
        if field.ignored || switched_off(field, child) {
            continue;
        }
        match value(field, child, found) {
            Read::Value(value) => block.set_at(at, Some(value)),
            Read::Unset => {}
        }
    }
}

/// A bare block with a value that is neither empty nor `true` is off, and all below it.
pub(crate) fn switched_off(field: &Field, node: &Node<'_>) -> bool {
    field.bare && !node.value.is_empty() && !node.value.eq_ignore_ascii_case("true")
}

enum Read {
    Value(Value),
    Unset,
}

fn value(field: &Field, node: &Node<'_>, found: &mut Vec<LabelError>) -> Read {
    let mut bad = |key: &str, kind: Bad| {
        found.push(LabelError::new(key, kind));
        Read::Unset
    };
    Read::Value(match field.kind {
        Kind::Text => Value::Text(node.value.to_owned()),
        Kind::Bool => match parse_bool(node.value) {
            Some(flag) => Value::Bool(flag),
            None => return bad(node.key(), Bad::Bool(node.value.to_owned())),
        },
        Kind::Int => match node.value.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => return bad(node.key(), Bad::Int(node.value.to_owned())),
        },
        Kind::Duration => match node.value.parse() {
            Ok(duration) => Value::Duration(duration),
            Err(_) => return bad(node.key(), Bad::Duration(node.value.to_owned())),
        },
        Kind::List if node.value.is_empty() => return Read::Unset,
        Kind::List => {
            let items = node.value.split(',');
            Value::List(items.map(|item| item.trim().to_owned()).collect())
        }
        Kind::TextMap => {
            let mut map = BTreeMap::new();
            for child in &node.children {
                texts(child, String::new(), &mut map);
            }
            Value::Map(map)
        }
        Kind::IntMap => {
            let mut map = BTreeMap::new();
            for child in &node.children {
                match child.value.parse() {
                    Ok(number) => {
                        map.insert(child.name.to_owned(), Value::Int(number));
                    }
                    Err(_) => {
                        return bad(child.key(), Bad::Int(child.value.to_owned()));
                    }
                }
            }
            Value::Map(map)
        }
        Kind::Raw => Value::Map(node.children.iter().map(plugin).collect()),
        Kind::Block(table) => Value::Block(block(node, table, found)),
        Kind::Blocks(table) => {
            let blocks = node.children.iter();
            Value::Blocks(blocks.map(|child| block(child, table, found)).collect())
        }
        Kind::Single(_) if node.children.is_empty() => {
            return bad(node.key(), Bad::EmptyServer(node.name.to_owned()));
        }
        Kind::Single(table) => Value::Blocks(vec![block(node, table, found)]),
        // Only at the top, where the caller takes them apart.
        Kind::Named(_) => return Read::Unset,
    })
}

/// Booleans as Go reads them.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// The ends of a tree as one flat map, their names joined with dots.
fn texts(node: &Node<'_>, mut name: String, map: &mut BTreeMap<String, Value>) {
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(node.name);
    if node.children.is_empty() {
        map.insert(name, Value::Text(node.value.to_owned()));
        return;
    }
    for child in &node.children {
        texts(child, name.clone(), map);
    }
}

/// What a plugin gets: nested maps of texts, and lists where keys have indexes.
fn plugin(node: &Node<'_>) -> (String, Value) {
    let mut map = BTreeMap::new();
    for child in &node.children {
        // An option that holds an option of its own name is taken for that one.
        let inner = child.children.iter().any(|below| below.name == child.name);
        match raw(child) {
            Value::Map(below) if inner => map.extend(below),
            value => {
                map.insert(child.name.to_owned(), value);
            }
        }
    }
    (node.name.to_owned(), Value::Map(map))
}

fn raw(node: &Node<'_>) -> Value {
    let Some(first) = node.children.first() else {
        return Value::Text(node.value.to_owned());
    };
    if first.name.starts_with('[') {
        return Value::Values(node.children.iter().map(raw).collect());
    }
    let children = node.children.iter();
    Value::Map(
        children
            .map(|child| (child.name.to_owned(), raw(child)))
            .collect(),
    )
}
