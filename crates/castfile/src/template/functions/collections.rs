//! sprig's functions for lists, defaults and kinds.

use super::{Arguments, Context, Function, MANY, Outcome, function, texts};
use crate::template::error::TemplateErrorKind;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    function("list", 0, MANY, |_, arguments| {
        Ok(Value::List(arguments.rest()))
    }),
    function("tuple", 0, MANY, |_, arguments| {
        Ok(Value::List(arguments.rest()))
    }),
    function("append", 2, 2, append),
    function("push", 2, 2, append),
    function("mustAppend", 2, 2, append),
    function("mustPush", 2, 2, append),
    function("prepend", 2, 2, prepend),
    function("mustPrepend", 2, 2, prepend),
    function("concat", 0, MANY, |_, mut arguments| {
        let mut items = Vec::new();
        while arguments.len() > 0 {
            items.extend(arguments.list()?);
        }
        Ok(Value::List(items))
    }),
    function("first", 1, 1, first),
    function("mustFirst", 1, 1, first),
    function("last", 1, 1, last),
    function("mustLast", 1, 1, last),
    function("rest", 1, 1, rest),
    function("mustRest", 1, 1, rest),
    function("initial", 1, 1, initial),
    function("mustInitial", 1, 1, initial),
    function("reverse", 1, 1, reverse),
    function("mustReverse", 1, 1, reverse),
    function("uniq", 1, 1, uniq),
    function("mustUniq", 1, 1, uniq),
    function("compact", 1, 1, compact),
    function("mustCompact", 1, 1, compact),
    function("without", 1, MANY, without),
    function("mustWithout", 1, MANY, without),
    function("has", 2, 2, has),
    function("mustHas", 2, 2, has),
    function("chunk", 2, 2, chunk),
    function("mustChunk", 2, 2, chunk),
    function("sortAlpha", 1, 1, |_, mut arguments| {
        let mut texts = texts(arguments.next());
        texts.sort();
        Ok(texts.into())
    }),
    function("default", 1, 2, |_, mut arguments| {
        let (default, given) = (arguments.next(), arguments.next());
        Ok(if given.is_empty() { default } else { given })
    }),
    function("empty", 1, 1, |_, mut arguments| {
        Ok(arguments.next().is_empty().into())
    }),
    function("coalesce", 0, MANY, |_, arguments| {
        let found = arguments.rest().into_iter().find(|value| !value.is_empty());
        Ok(found.unwrap_or_default())
    }),
    function("all", 0, MANY, |_, arguments| {
        Ok(arguments
            .rest()
            .iter()
            .all(|value| !value.is_empty())
            .into())
    }),
    function("any", 0, MANY, |_, arguments| {
        Ok(arguments
            .rest()
            .iter()
            .any(|value| !value.is_empty())
            .into())
    }),
    function("ternary", 3, 3, |_, mut arguments| {
        let (yes, no) = (arguments.next(), arguments.next());
        Ok(if arguments.bool()? { yes } else { no })
    }),
    function("typeOf", 1, 1, |_, mut arguments| {
        Ok(type_of(&arguments.next()).into())
    }),
    function("typeIs", 2, 2, |_, mut arguments| {
        let name = arguments.text()?;
        Ok((name == type_of(&arguments.next())).into())
    }),
    function("typeIsLike", 2, 2, |_, mut arguments| {
        let name = arguments.text()?;
        Ok((name.trim_start_matches('*') == type_of(&arguments.next())).into())
    }),
    function("kindOf", 1, 1, |_, mut arguments| {
        Ok(kind_of(&arguments.next()).into())
    }),
    function("kindIs", 2, 2, |_, mut arguments| {
        let name = arguments.text()?;
        Ok((name == kind_of(&arguments.next())).into())
    }),
    function("deepEqual", 2, 2, |_, mut arguments| {
        Ok((arguments.next() == arguments.next()).into())
    }),
    function("fail", 1, 1, |_, mut arguments| {
        Err(TemplateErrorKind::Failed {
            message: arguments.text()?,
        })
    }),
];

fn append(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut items = arguments.list()?;
    items.push(arguments.next());
    Ok(Value::List(items))
}

fn prepend(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut items = arguments.list()?;
    items.insert(0, arguments.next());
    Ok(Value::List(items))
}

fn first(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    Ok(arguments.list()?.into_iter().next().unwrap_or_default())
}

fn last(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    Ok(arguments.list()?.pop().unwrap_or_default())
}

fn rest(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    Ok(arguments.list()?.into_iter().skip(1).collect())
}

fn initial(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut items = arguments.list()?;
    items.pop();
    Ok(Value::List(items))
}

fn reverse(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut items = arguments.list()?;
    items.reverse();
    Ok(Value::List(items))
}

fn uniq(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let mut kept: Vec<Value> = Vec::new();
    for item in arguments.list()? {
        context.charge(kept.len())?;
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    Ok(Value::List(kept))
}

fn compact(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    Ok(arguments
        .list()?
        .into_iter()
        .filter(|item| !item.is_empty())
        .collect())
}

fn without(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let items = arguments.list()?;
    let dropped = arguments.rest();
    context.charge(items.len().saturating_mul(dropped.len()))?;
    Ok(items
        .into_iter()
        .filter(|item| !dropped.contains(item))
        .collect())
}

fn has(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let needle = arguments.next();
    match arguments.next() {
        // sprig has a nil hold nothing
        Value::Null => Ok(false.into()),
        Value::List(items) => Ok(items.contains(&needle).into()),
        other => arguments.wants("a list", &other),
    }
}

fn chunk(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (size, items) = (arguments.count()?, arguments.list()?);
    if size == 0 {
        return arguments.bad_input("chunks of size 0");
    }
    Ok(items.chunks(size).map(<[Value]>::to_vec).collect())
}

/// The name of the Go type which holds such a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float64",
        Value::Str(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
        Value::Time(_) => "time.Time",
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "invalid",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        Value::Time(_) => "struct",
        other => type_of(other),
    }
}
