//! Trees of any shape: nothing that is there is dropped in silence.

use compose_model::{Data, Map, Project, Value};

use crate::everything::ATTRIBUTES;
use crate::support::project;

/// Values of every kind, none of them empty or zero.
fn values() -> Vec<Value> {
    let list = |value: &Value| Value::new(vec![value.clone()]);
    let map = |key: &str, value: &Value| {
        let entry = (key, value.clone());
        Value::new([entry].into_iter().collect::<Map>())
    };
    let keys = [
        "odd", "source", "type", "limits", "test", "watch", "options",
    ];
    let scalars = vec![
        Value::new(7),
        Value::new(true),
        Value::new("$odd"),
        Value::new(Data::Float(1.5)),
        Value::new(Data::UInt(u64::MAX)),
    ];
    let lists = scalars.iter().map(list);
    let maps = scalars
        .iter()
        .flat_map(|value| keys.map(|key| map(key, value)));
    let inner: Vec<_> = lists.chain(maps).collect();
    let outer = inner
        .iter()
        .flat_map(|value| [list(value), map("odd", value)]);
    let outer: Vec<_> = outer.collect();
    [scalars, inner, outer].concat()
}

/// The attributes of `section.name` that make no difference to what `typed` gives.
fn dropped<T: PartialEq>(
    section: &str,
    name: &str,
    typed: impl Fn(&Project) -> Option<T>,
) -> Vec<String> {
    let mut project = project(
        "services: {web: {image: x, networks: [n], secrets: [s]}}\nnetworks: {n: }\nsecrets: {s: {file: a}}\n",
    );
    let owner = |project: &mut Project, change: &mut dyn FnMut(&mut Map)| {
        let section = project.model.get_mut(section).unwrap();
        change(section.get_mut(name).unwrap().as_map_mut().unwrap());
    };
    owner(&mut project, &mut |map| map.retain(|_, _| false));
    let nothing = typed(&project);
    let more = "unknown external driver_opts ipam file content name";
    let mut dropped = Vec::new();
    for attribute in ATTRIBUTES.split_whitespace().chain(more.split_whitespace()) {
        for value in values() {
            let mut insert = |map: &mut Map| drop(map.insert(attribute, value.clone()));
            owner(&mut project, &mut insert);
            if typed(&project) == nothing {
                dropped.push(format!("{section}.{attribute}: {:?}", value.data));
            }
            owner(&mut project, &mut |map| drop(map.remove(attribute)));
        }
    }
    dropped
}

#[test]
fn whatever_is_there_is_typed_or_listed() {
    let mut all = dropped("services", "web", |project| project.service("web"));
    all.extend(dropped("networks", "n", |project| project.network("n")));
    all.extend(dropped("secrets", "s", |project| project.secret("s")));
    assert!(all.is_empty(), "{} values:\n{}", all.len(), all.join("\n"));
}
