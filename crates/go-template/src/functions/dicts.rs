//! Functions over dicts. Labels are none: they hold texts only, and Go tells the two apart.

use super::{Function, takes, takes_more};
use crate::options::Param::{Any, Dict as Map, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Dict, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes_more(&["dict"], &[], Any, |_, a| {
        let pairs = a.chunks(2).map(|pair| {
            let value = pair.get(1).cloned();
            (pair[0].text(), value.unwrap_or_else(|| Data::from("")))
        });
        Ok(Data::dict(pairs))
    }),
    takes(&["get"], &[Map, Text], |_, a| {
        let value = dict(&a[0]).borrow().get(a[1].as_text()).cloned();
        Ok(value.unwrap_or_else(|| Data::from("")))
    }),
    takes(&["set"], &[Map, Text, Any], |meter, a| {
        let map = dict(&a[0]);
        if a[0] == Data::Nil {
            return Err("there is no dict to put it into".into());
        }
        if a[2].holds(&map) {
            return Err("a dict cannot be put into itself".into());
        }
        meter.deepen(&a[2])?;
        let key = a[1].as_text().to_owned();
        map.borrow_mut().insert(key, a[2].clone());
        Ok(a[0].clone())
    }),
    takes(&["unset"], &[Map, Text], |_, a| {
        dict(&a[0]).borrow_mut().remove(a[1].as_text());
        Ok(a[0].clone())
    }),
    takes(&["hasKey"], &[Map, Text], |_, a| {
        Ok(Data::Bool(
            dict(&a[0]).borrow().contains_key(a[1].as_text()),
        ))
    }),
    takes_more(&["pluck"], &[Text], Map, |_, a| {
        let found = a[1..]
            .iter()
            .filter_map(|map| dict(map).borrow().get(a[0].as_text()).cloned());
        Ok(Data::list(found.collect()))
    }),
    // Go has no order here; who cares sorts.
    takes_more(&["keys"], &[], Map, |_, a| {
        let mut keys = Vec::new();
        for map in a {
            keys.extend(dict(map).borrow().keys().cloned());
        }
        Ok(Data::texts(keys))
    }),
    takes(&["values"], &[Map], |_, a| {
        Ok(Data::list(dict(&a[0]).borrow().values().cloned().collect()))
    }),
    takes_more(&["pick"], &[Map], Text, |_, a| {
        let map = dict(&a[0]);
        let map = map.borrow();
        let keys = a[1..].iter().map(Data::as_text);
        Ok(Data::dict(keys.filter_map(|key| {
            Some((key.to_owned(), map.get(key)?.clone()))
        })))
    }),
    takes_more(&["omit"], &[Map], Text, |_, a| {
        let map = dict(&a[0]);
        let map = map.borrow();
        let left = map
            .iter()
            .filter(|(key, _)| !a[1..].iter().any(|omitted| omitted.as_text() == *key));
        Ok(Data::dict(left.map(|(k, v)| (k.clone(), v.clone()))))
    }),
    takes_more(&["merge", "mustMerge"], &[Map], Map, |meter, a| {
        merge(meter, a, false)
    }),
    takes_more(
        &["mergeOverwrite", "mustMergeOverwrite"],
        &[Map],
        Map,
        |meter, a| merge(meter, a, true),
    ),
    takes_more(&["dig"], &[Any, Any, Any], Any, dig),
    takes(&["deepCopy", "mustDeepCopy"], &[Any], |_, a| {
        Ok(copy(&a[0]))
    }),
];

fn dict(value: &Data) -> Dict {
    match value {
        Data::Dict(map) => map.clone(),
        _ => Dict::default(),
    }
}

fn merge(meter: &mut Meter, arguments: &[Data], overwrite: bool) -> Outcome {
    let into = dict(&arguments[0]);
    for from in &arguments[1..] {
        merge_into(meter, &into, &dict(from), overwrite)?;
    }
    // No dict at all becomes an empty one.
    Ok(Data::Dict(into))
}

fn merge_into(meter: &mut Meter, into: &Dict, from: &Dict, overwrite: bool) -> Result<(), Trouble> {
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
            (Some(Data::Dict(known)), Data::Dict(value)) => {
                merge_into(meter, known, value, overwrite)?;
            }
            (Some(known), _) if known.truth() && !overwrite => {}
            _ => {
                if value.holds(into) {
                    return Err("a dict cannot be put into itself".into());
                }
                meter.deepen(&value)?;
                into.borrow_mut().insert(key, value);
            }
        }
    }
    Ok(())
}

/// A value deep in dicts, or a default: the keys, the default, the dict.
fn dig(_: &mut Meter, arguments: &[Data]) -> Outcome {
    let [keys @ .., default, map] = arguments else {
        return Err("it takes keys, a default and a dict".into());
    };
    let mut value = map.clone();
    for (at, key) in keys.iter().enumerate() {
        let Data::Text(key) = key else {
            return Err(Trouble::argument("a string for each key", key));
        };
        let Data::Dict(map) = &value else {
            let expected = match at {
                0 => "a map as the last argument",
                _ => "a map under each key",
            };
            return Err(Trouble::argument(expected, &value));
        };
        let inner = map.borrow().get(key).cloned();
        match inner {
            Some(inner) => value = inner,
            None => return Ok(default.clone()),
        }
    }
    Ok(value)
}

pub(crate) fn copy(value: &Data) -> Data {
    match value {
        Data::Dict(map) => {
            let map = map.borrow();
            Data::dict(map.iter().map(|(key, value)| (key.clone(), copy(value))))
        }
        Data::List(kind, items) => Data::List(*kind, items.iter().map(copy).collect()),
        other => other.clone(),
    }
}
