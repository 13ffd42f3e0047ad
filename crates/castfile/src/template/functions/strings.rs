//! sprig's functions for texts.

use super::{Arguments, Context, Function, MANY, Outcome, function, into_text, texts};
use crate::template::error::TemplateErrorKind;
use crate::value::{Map, Value, quoted};

pub(super) const FUNCTIONS: &[Function] = &[
    function("trim", 1, 1, |_, mut arguments| {
        Ok(arguments.text()?.trim().into())
    }),
    function("trimAll", 2, 2, trim_all),
    function("trimall", 2, 2, trim_all),
    function("trimPrefix", 2, 2, |_, mut arguments| {
        let (part, text) = (arguments.text()?, arguments.text()?);
        Ok(text.strip_prefix(&part).unwrap_or(&text).into())
    }),
    function("trimSuffix", 2, 2, |_, mut arguments| {
        let (part, text) = (arguments.text()?, arguments.text()?);
        Ok(text.strip_suffix(&part).unwrap_or(&text).into())
    }),
    function("nospace", 1, 1, |_, mut arguments| {
        let text = arguments.text()?;
        Ok(text
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .into())
    }),
    function("upper", 1, 1, |_, mut arguments| {
        Ok(arguments.text()?.to_uppercase().into())
    }),
    function("lower", 1, 1, |_, mut arguments| {
        Ok(arguments.text()?.to_lowercase().into())
    }),
    function("contains", 2, 2, |_, mut arguments| {
        let (part, text) = (arguments.text()?, arguments.text()?);
        Ok(text.contains(&part).into())
    }),
    function("hasPrefix", 2, 2, |_, mut arguments| {
        let (part, text) = (arguments.text()?, arguments.text()?);
        Ok(text.starts_with(&part).into())
    }),
    function("hasSuffix", 2, 2, |_, mut arguments| {
        let (part, text) = (arguments.text()?, arguments.text()?);
        Ok(text.ends_with(&part).into())
    }),
    function("repeat", 2, 2, |context, mut arguments| {
        let (count, text) = (arguments.count()?, arguments.text()?);
        context.charge(text.len().saturating_mul(count))?;
        Ok(text.repeat(count).into())
    }),
    function("substr", 3, 3, |_, mut arguments| {
        let (start, end) = (arguments.int()?, arguments.int()?);
        let text = arguments.text()?;
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        // as in sprig: a negative start is the beginning, a bad end is the end
        let start = start.max(0);
        let end = if end < 0 || end > length { length } else { end };
        Ok(characters(&text, start, end).into())
    }),
    function("trunc", 2, 2, |_, mut arguments| {
        let (count, text) = (arguments.int()?, arguments.text()?);
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        Ok(if count >= 0 {
            characters(&text, 0, count.min(length)).into()
        } else {
            characters(&text, length.saturating_add(count).max(0), length).into()
        })
    }),
    function("abbrev", 2, 2, |_, mut arguments| {
        let (width, text) = (arguments.int()?, arguments.text()?);
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        Ok(if width < 4 || length <= width {
            text.into()
        } else {
            format!("{}...", characters(&text, 0, width - 3)).into()
        })
    }),
    function("quote", 0, MANY, |context, arguments| {
        let texts = each_text(context, arguments)?;
        Ok(texts
            .iter()
            .map(|text| quoted(text))
            .collect::<Vec<_>>()
            .join(" ")
            .into())
    }),
    function("squote", 0, MANY, |context, arguments| {
        let texts = each_text(context, arguments)?;
        Ok(texts
            .iter()
            .map(|text| format!("'{text}'"))
            .collect::<Vec<_>>()
            .join(" ")
            .into())
    }),
    function("cat", 0, MANY, |context, arguments| {
        Ok(each_text(context, arguments)?.join(" ").trim().into())
    }),
    function("indent", 2, 2, |context, mut arguments| {
        indent(context, &mut arguments).map(Value::Str)
    }),
    function("nindent", 2, 2, |context, mut arguments| {
        Ok(format!("\n{}", indent(context, &mut arguments)?).into())
    }),
    function("replace", 3, 3, |context, mut arguments| {
        let (from, to, text) = (arguments.text()?, arguments.text()?, arguments.text()?);
        context.charge(text.matches(&from).count().saturating_mul(to.len()))?;
        Ok(text.replace(&from, &to).into())
    }),
    function("plural", 3, 3, |_, mut arguments| {
        let (one, many) = (arguments.text()?, arguments.text()?);
        Ok(if arguments.int()? == 1 { one } else { many }.into())
    }),
    function("toString", 1, 1, |_, mut arguments| {
        Ok(into_text(arguments.next()).into())
    }),
    function("toStrings", 1, 1, |_, mut arguments| {
        Ok(texts(arguments.next()).into())
    }),
    function("split", 2, 2, |context, mut arguments| {
        let (by, text) = (arguments.text()?, arguments.text()?);
        Ok(numbered(split(context, &text, &by, usize::MAX)?).into())
    }),
    function("splitn", 3, 3, |context, mut arguments| {
        let (by, most, text) = (arguments.text()?, arguments.int()?, arguments.text()?);
        // a negative number means all
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(numbered(split(context, &text, &by, most)?).into())
    }),
    function("splitList", 2, 2, |context, mut arguments| {
        let (by, text) = (arguments.text()?, arguments.text()?);
        Ok(split(context, &text, &by, usize::MAX)?.into())
    }),
    function("join", 2, 2, |context, mut arguments| {
        let by = arguments.text()?;
        let texts = texts(arguments.next());
        context.charge(texts.len().saturating_mul(by.len()))?;
        Ok(texts.join(&by).into())
    }),
    function("base", 1, 1, |_, mut arguments| {
        Ok(base(&arguments.text()?).into())
    }),
    function("dir", 1, 1, |_, mut arguments| {
        Ok(dir(&arguments.text()?).into())
    }),
    function("ext", 1, 1, |_, mut arguments| {
        Ok(ext(&arguments.text()?).into())
    }),
    function("clean", 1, 1, |_, mut arguments| {
        Ok(clean(&arguments.text()?).into())
    }),
    function("isAbs", 1, 1, |_, mut arguments| {
        Ok(arguments.text()?.starts_with('/').into())
    }),
    function("osBase", 1, 1, |_, mut arguments| {
        Ok(base(&arguments.text()?).into())
    }),
    function("osDir", 1, 1, |_, mut arguments| {
        Ok(dir(&arguments.text()?).into())
    }),
    function("osExt", 1, 1, |_, mut arguments| {
        Ok(ext(&arguments.text()?).into())
    }),
    function("osClean", 1, 1, |_, mut arguments| {
        Ok(clean(&arguments.text()?).into())
    }),
    function("osIsAbs", 1, 1, |_, mut arguments| {
        Ok(arguments.text()?.starts_with('/').into())
    }),
    function("env", 1, 1, |context, mut arguments| {
        let name = arguments.text()?;
        Ok(variable(context, &name).into())
    }),
    function("expandenv", 1, 1, expandenv),
];

fn trim_all(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (set, text) = (arguments.text()?, arguments.text()?);
    Ok(text.trim_matches(|c| set.contains(c)).into())
}

/// The characters from `start` up to `end`; nothing when that is backwards.
fn characters(text: &str, start: i64, end: i64) -> String {
    let skip = usize::try_from(start).unwrap_or(0);
    let take = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
    text.chars().skip(skip).take(take).collect()
}

/// The arguments as texts, without nils.
fn each_text(
    context: &mut Context<'_>,
    arguments: Arguments,
) -> Result<Vec<String>, TemplateErrorKind> {
    let texts = texts(Value::List(arguments.rest()));
    context.charge(texts.iter().map(String::len).sum())?;
    Ok(texts)
}

fn indent(
    context: &mut Context<'_>,
    arguments: &mut Arguments,
) -> Result<String, TemplateErrorKind> {
    let (count, text) = (arguments.count()?, arguments.text()?);
    context.charge(count.saturating_mul(text.matches('\n').count() + 1))?;
    let pad = " ".repeat(count);
    Ok(format!("{pad}{}", text.replace('\n', &format!("\n{pad}"))))
}

/// At most `most` parts; an empty separator splits between all characters.
pub(super) fn split(
    context: &mut Context<'_>,
    text: &str,
    by: &str,
    most: usize,
) -> Result<Vec<String>, TemplateErrorKind> {
    context.charge(text.len().saturating_mul(32))?;
    if most == 0 {
        return Ok(Vec::new());
    }
    if !by.is_empty() {
        return Ok(text.splitn(most, by).map(str::to_owned).collect());
    }
    let mut parts: Vec<String> = text.chars().take(most - 1).map(String::from).collect();
    let rest: String = text.chars().skip(parts.len()).collect();
    if !rest.is_empty() {
        parts.push(rest);
    }
    Ok(parts)
}

/// `_0`, `_1` and so on.
fn numbered(parts: Vec<String>) -> Map {
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| (format!("_{index}"), part))
        .collect()
}

/// The last element of a path, as Go's `path.Base`.
fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let path = path.trim_end_matches('/');
    let base = path.rsplit('/').next().unwrap_or(path);
    if base.is_empty() {
        "/".to_owned()
    } else {
        base.to_owned()
    }
}

fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |slash| &path[..=slash]))
}

fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

/// The shortest equal path, as Go's `path.Clean`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    match (rooted, kept.is_empty()) {
        (true, _) => format!("/{}", kept.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => kept.join("/"),
    }
}

fn variable(context: &Context<'_>, name: &str) -> String {
    let value = context
        .environment
        .and_then(|environment| environment.get(name));
    value.cloned().map(into_text).unwrap_or_default()
}

/// `$NAME` and `${NAME}`.
fn expandenv(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let text = arguments.text()?;
    let mut expanded = String::new();
    let mut rest = text.as_str();
    while let Some(dollar) = rest.find('$') {
        expanded.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let braced = after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let (name, behind) = braced.unwrap_or_else(|| {
            let end = after.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            after.split_at(end.unwrap_or(after.len()))
        });
        if name.is_empty() {
            expanded.push('$');
        } else {
            let value = variable(context, name);
            context.charge(value.len())?;
            expanded.push_str(&value);
        }
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded.into())
}
