//! sprig's functions for regular expressions, in RE2 syntax.

use super::{Arguments, Context, Function, Outcome, function};
use crate::template::error::TemplateErrorKind;
use crate::value::Value;
use regex::{NoExpand, Regex, RegexBuilder};

pub(super) const FUNCTIONS: &[Function] = &[
    function("regexMatch", 2, 2, is_match),
    function("mustRegexMatch", 2, 2, is_match),
    function("regexFind", 2, 2, find),
    function("mustRegexFind", 2, 2, find),
    function("regexFindAll", 3, 3, find_all),
    function("mustRegexFindAll", 3, 3, find_all),
    function("regexReplaceAll", 3, 3, replace_all),
    function("mustRegexReplaceAll", 3, 3, replace_all),
    function("regexReplaceAllLiteral", 3, 3, replace_all_literal),
    function("mustRegexReplaceAllLiteral", 3, 3, replace_all_literal),
    function("regexSplit", 3, 3, split),
    function("mustRegexSplit", 3, 3, split),
    function("regexQuoteMeta", 1, 1, |_, mut arguments| {
        Ok(regex::escape(&arguments.text()?).into())
    }),
];

/// The first two arguments: a regular expression and a text.
fn inputs(
    context: &mut Context<'_>,
    arguments: &mut Arguments,
) -> Result<(Regex, String), TemplateErrorKind> {
    let (pattern, text) = (arguments.text()?, arguments.text()?);
    // compiling is the expensive part
    context.charge(20_000 + pattern.len() * 100 + text.len() * 2)?;
    match RegexBuilder::new(&pattern).size_limit(1 << 20).build() {
        Ok(regex) => Ok((regex, text)),
        Err(error) => {
            // the last line says what is wrong, those before draw the place
            let message = error.to_string();
            let message = message.lines().last().unwrap_or_default();
            arguments.bad_input(message.trim_start_matches("error: "))
        }
    }
}

/// `n` results; all of them when it is negative.
fn limit(arguments: &mut Arguments) -> Result<usize, TemplateErrorKind> {
    Ok(usize::try_from(arguments.int()?).unwrap_or(usize::MAX))
}

fn is_match(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    Ok(regex.is_match(&text).into())
}

fn find(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    Ok(regex.find(&text).map_or("", |found| found.as_str()).into())
}

fn find_all(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    context.charge(text.len() * 32)?;
    let limit = limit(&mut arguments)?;
    Ok(regex
        .find_iter(&text)
        .take(limit)
        .map(|found| found.as_str())
        .collect())
}

fn replace_all(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    let by = arguments.text()?;
    // each match may put in the whole text once per reference
    let matches = regex.find_iter(&text).count();
    let references = by.matches('$').count();
    context.charge(
        matches
            .saturating_mul(by.len())
            .saturating_add(text.len().saturating_mul(references)),
    )?;
    Ok(regex.replace_all(&text, by.as_str()).into_owned().into())
}

fn replace_all_literal(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    let by = arguments.text()?;
    context.charge(regex.find_iter(&text).count().saturating_mul(by.len()))?;
    Ok(regex.replace_all(&text, NoExpand(&by)).into_owned().into())
}

fn split(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let (regex, text) = inputs(context, &mut arguments)?;
    context.charge(text.len() * 32)?;
    let limit = limit(&mut arguments)?;
    if regex.as_str().is_empty() && text.is_empty() {
        return Ok(Value::List(Vec::new()));
    }
    // an empty match at the start splits nothing off, as in Go
    let mut parts: Vec<&str> = Vec::new();
    let mut start = 0;
    for found in regex.find_iter(&text) {
        if parts.len() + 1 >= limit {
            break;
        }
        if found.end() == 0 || found.is_empty() && found.start() == text.len() {
            continue;
        }
        parts.push(&text[start..found.start()]);
        start = found.end();
    }
    if limit > 0 {
        parts.push(&text[start..]);
    }
    Ok(Value::from(parts))
}
