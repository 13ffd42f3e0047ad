//! Functions over dicts. Labels are none: they hold texts only, and Go tells the two apart.

use super::super::data::{Data, Dict};
use super::Param::{Any, Dict as Map, Text};
use super::{Function, Outcome, takes, takes_more};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "dict" => takes_more(&[], Any, |a| {
            let pairs = a.chunks(2).map(|pair| {
                let value = pair.get(1).cloned();
                (pair[0].text(), value.unwrap_or_else(|| Data::from("")))
            });
            Ok(Data::dict(pairs))
        }),
        "get" => takes(&[Map, Text], |a| {
            let value = dict(&a[0]).borrow().get(a[1].as_text()).cloned();
            Ok(value.unwrap_or_else(|| Data::from("")))
        }),
        "set" => takes(&[Map, Text, Any], |a| {
            let map = dict(&a[0]);
            if a[0] == Data::Nil {
                return Err("assignment to entry in nil map".to_owned());
            }
            if a[2].holds(&map) {
                return Err("a dict cannot be put into itself".to_owned());
            }
            let key = a[1].as_text().to_owned();
            map.borrow_mut().insert(key, a[2].clone());
            Ok(a[0].clone())
        }),
        "unset" => takes(&[Map, Text], |a| {
            dict(&a[0]).borrow_mut().remove(a[1].as_text());
            Ok(a[0].clone())
        }),
        "hasKey" => takes(&[Map, Text], |a| {
            Ok(Data::Bool(
                dict(&a[0]).borrow().contains_key(a[1].as_text()),
            ))
        }),
        "pluck" => takes_more(&[Text], Map, |a| {
            let found = a[1..]
                .iter()
                .filter_map(|map| dict(map).borrow().get(a[0].as_text()).cloned());
            Ok(Data::list(found.collect()))
        }),
        // Go has no order here; who cares sorts.
        "keys" => takes_more(&[], Map, |a| {
            let mut keys = Vec::new();
            for map in a {
                keys.extend(dict(map).borrow().keys().cloned());
            }
            Ok(Data::texts(keys))
        }),
        "values" => takes(&[Map], |a| {
            Ok(Data::list(dict(&a[0]).borrow().values().cloned().collect()))
        }),
        "pick" => takes_more(&[Map], Text, |a| {
            let map = dict(&a[0]);
            let map = map.borrow();
            let keys = a[1..].iter().map(Data::as_text);
            Ok(Data::dict(keys.filter_map(|key| {
                Some((key.to_owned(), map.get(key)?.clone()))
            })))
        }),
        "omit" => takes_more(&[Map], Text, |a| {
            let map = dict(&a[0]);
            let map = map.borrow();
            let left = map
                .iter()
                .filter(|(key, _)| !a[1..].iter().any(|omitted| omitted.as_text() == *key));
            Ok(Data::dict(left.map(|(k, v)| (k.clone(), v.clone()))))
        }),
        "merge" | "mustMerge" => takes_more(&[Map], Map, |a| merge(a, false)),
        "mergeOverwrite" | "mustMergeOverwrite" => takes_more(&[Map], Map, |a| merge(a, true)),
        "dig" => takes_more(&[], Any, dig),
        "deepCopy" | "mustDeepCopy" => takes(&[Any], |a| Ok(copy(&a[0]))),
        _ => None,
    }
}

fn dict(value: &Data) -> Dict {
    match value {
        Data::Dict(map) => map.clone(),
        _ => Dict::default(),
    }
}

fn merge(arguments: &[Data], overwrite: bool) -> Outcome {
    let into = dict(&arguments[0]);
    for from in &arguments[1..] {
        merge_into(&into, &dict(from), overwrite)?;
    }
    Ok(arguments[0].clone())
}

fn merge_into(into: &Dict, from: &Dict, overwrite: bool) -> Result<(), String> {
    if std::rc::Rc::ptr_eq(into, from) {
        return Ok(());
    }
    let entries: Vec<(String, Data)> = {
        let from = from.borrow();
        from.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    for (key, value) in entries {
        let known = into.borrow().get(&key).cloned();
        match (&known, &value) {
            (Some(Data::Dict(known)), Data::Dict(value)) => merge_into(known, value, overwrite)?,
            (Some(known), _) if known.truth() && !overwrite => {}
            _ => {
                if value.holds(into) {
                    return Err("a dict cannot be put into itself".to_owned());
                }
                into.borrow_mut().insert(key, value);
            }
        }
    }
    Ok(())
}

/// A value deep in dicts, or a default: the keys, the default, the dict.
fn dig(arguments: &[Data]) -> Outcome {
    let [keys @ .., default, map] = arguments else {
        return Err("dig needs at least three arguments".to_owned());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".to_owned());
    }
    let mut value = map.clone();
    for key in keys {
        let (Data::Text(key), Data::Dict(map)) = (key, &value) else {
            return Err(format!(
                "interface conversion: {} is not what dig goes through",
                value.type_name()
            ));
        };
        let inner = map.borrow().get(key).cloned();
        match inner {
            Some(inner) => value = inner,
            None => return Ok(default.clone()),
        }
    }
    Ok(value)
}

fn copy(value: &Data) -> Data {
    match value {
        Data::Dict(map) => {
            let map = map.borrow();
            Data::dict(map.iter().map(|(key, value)| (key.clone(), copy(value))))
        }
        Data::List(kind, items) => Data::List(*kind, items.iter().map(copy).collect()),
        other => other.clone(),
    }
}
