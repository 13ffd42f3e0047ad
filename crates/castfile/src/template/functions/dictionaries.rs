//! sprig's functions for maps.

use super::{Arguments, Context, Function, MANY, Outcome, Run, function, into_text};
use crate::template::error::TemplateErrorKind;
use crate::value::{Map, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("dict", 0, MANY, |_, arguments| Ok(dict(arguments).into())),
    function("get", 2, 2, |_, mut arguments| {
        let (mut map, key) = (arguments.map()?, arguments.text()?);
        Ok(map.remove(&key).unwrap_or_else(|| "".into()))
    }),
    function("hasKey", 2, 2, |_, mut arguments| {
        let (map, key) = (arguments.map()?, arguments.text()?);
        Ok(map.contains_key(&key).into())
    }),
    function("pluck", 1, MANY, |_, mut arguments| {
        let key = arguments.text()?;
        let mut found = Vec::new();
        while arguments.len() > 0 {
            found.extend(arguments.map()?.remove(&key));
        }
        Ok(Value::List(found))
    }),
    function("keys", 0, MANY, |_, mut arguments| {
        let mut keys = Vec::new();
        while arguments.len() > 0 {
            keys.extend(arguments.map()?.into_iter().map(|(key, _)| key));
        }
        Ok(keys.into())
    }),
    function("values", 1, 1, |_, mut arguments| {
        Ok(arguments
            .map()?
            .into_iter()
            .map(|(_, value)| value)
            .collect())
    }),
    function("pick", 1, MANY, |_, mut arguments| {
        let mut map = arguments.map()?;
        let mut picked = Map::new();
        while arguments.len() > 0 {
            let key = arguments.text()?;
            if let Some(value) = map.remove(&key) {
                picked.insert(key, value);
            }
        }
        Ok(picked.into())
    }),
    function("omit", 1, MANY, |_, mut arguments| {
        let mut map = arguments.map()?;
        while arguments.len() > 0 {
            map.remove(&arguments.text()?);
        }
        Ok(map.into())
    }),
    function("dig", 3, MANY, dig),
    Function {
        name: "set",
        least: 3,
        most: 3,
        run: Run::Change(set),
    },
    Function {
        name: "unset",
        least: 2,
        most: 2,
        run: Run::Change(unset),
    },
    Function {
        name: "merge",
        least: 1,
        most: MANY,
        run: Run::Change(merge),
    },
    Function {
        name: "mustMerge",
        least: 1,
        most: MANY,
        run: Run::Change(merge),
    },
    Function {
        name: "mergeOverwrite",
        least: 1,
        most: MANY,
        run: Run::Change(overwrite),
    },
    Function {
        name: "mustMergeOverwrite",
        least: 1,
        most: MANY,
        run: Run::Change(overwrite),
    },
    function("deepCopy", 1, 1, |_, mut arguments| Ok(arguments.next())),
    function(
        "mustDeepCopy",
        1,
        1,
        |_, mut arguments| Ok(arguments.next()),
    ),
];

/// Keys and values in turn; a last key alone has the empty text.
fn dict(mut arguments: Arguments) -> Map {
    let mut map = Map::new();
    while arguments.len() > 0 {
        let key = into_text(arguments.next());
        let value = if arguments.len() > 0 {
            arguments.next()
        } else {
            "".into()
        };
        map.insert(key, value);
    }
    map
}

/// `dig "a" "b" default map`.
fn dig(_: &mut Context<'_>, arguments: Arguments) -> Outcome {
    let function = arguments.function;
    let mut keys = arguments.rest();
    let (mut map, default) = match (keys.pop(), keys.pop()) {
        (Some(Value::Map(map)), Some(default)) => (map, default),
        (found, _) => {
            return Arguments::new(function, Vec::new())
                .wants("a map as the last argument", &found.unwrap_or_default());
        }
    };
    let mut keys = Arguments::new(function, keys);
    loop {
        let key = keys.text()?;
        let Some(value) = map.remove(&key) else {
            return Ok(default);
        };
        if keys.len() == 0 {
            return Ok(value);
        }
        map = match value {
            Value::Map(map) => map,
            other => return keys.wants("a map under each key", &other),
        };
    }
}

fn set(map: &mut Map, mut arguments: Arguments) -> Result<(), TemplateErrorKind> {
    let key = arguments.text()?;
    map.insert(key, arguments.next());
    Ok(())
}

fn unset(map: &mut Map, mut arguments: Arguments) -> Result<(), TemplateErrorKind> {
    map.remove(&arguments.text()?);
    Ok(())
}

fn merge(map: &mut Map, mut arguments: Arguments) -> Result<(), TemplateErrorKind> {
    while arguments.len() > 0 {
        merge_into(map, arguments.map()?, false);
    }
    Ok(())
}

fn overwrite(map: &mut Map, mut arguments: Arguments) -> Result<(), TemplateErrorKind> {
    while arguments.len() > 0 {
        merge_into(map, arguments.map()?, true);
    }
    Ok(())
}

/// Maps are merged; another value is taken when there is none, an empty one, or with `overwrite`.
fn merge_into(map: &mut Map, other: Map, overwrite: bool) {
    for (key, value) in other {
        match (map.get_mut(&key), value) {
            (Some(Value::Map(inner)), Value::Map(other)) => merge_into(inner, other, overwrite),
            (Some(held), _) if !overwrite && !held.is_empty() => {}
            (_, value) => {
                map.insert(key, value);
            }
        }
    }
}
