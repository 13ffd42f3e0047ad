//! Functions over regular expressions.

use regex::{NoExpand, Regex};

use super::super::data::Data;
use super::Param::{Int, Text};
use super::{Function, takes};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "regexMatch" => takes(&[Text, Text], |a| {
            let matches = pattern(&a[0]).is_ok_and(|pattern| pattern.is_match(a[1].as_text()));
            Ok(Data::Bool(matches))
        }),
        "mustRegexMatch" => takes(&[Text, Text], |a| {
            Ok(Data::Bool(pattern(&a[0])?.is_match(a[1].as_text())))
        }),
        "regexFind" | "mustRegexFind" => takes(&[Text, Text], |a| {
            let pattern = pattern(&a[0])?;
            let found = pattern.find(a[1].as_text());
            Ok(Data::from(found.map_or("", |found| found.as_str())))
        }),
        "regexFindAll" | "mustRegexFindAll" => takes(&[Text, Text, Int], |a| {
            let pattern = pattern(&a[0])?;
            let found = pattern
                .find_iter(a[1].as_text())
                .map(|found| found.as_str());
            Ok(Data::texts(found.take(limit(&a[2]))))
        }),
        "regexReplaceAll" | "mustRegexReplaceAll" => takes(&[Text, Text, Text], |a| {
            let replaced = pattern(&a[0])?
                .replace_all(a[1].as_text(), a[2].as_text())
                .into_owned();
            Ok(Data::Text(replaced))
        }),
        "regexReplaceAllLiteral" | "mustRegexReplaceAllLiteral" => {
            takes(&[Text, Text, Text], |a| {
                let by = NoExpand(a[2].as_text());
                let replaced = pattern(&a[0])?.replace_all(a[1].as_text(), by).into_owned();
                Ok(Data::Text(replaced))
            })
        }
        "regexSplit" | "mustRegexSplit" => takes(&[Text, Text, Int], |a| {
            let pattern = pattern(&a[0])?;
            Ok(Data::texts(split(&pattern, a[1].as_text(), limit(&a[2]))))
        }),
        "regexQuoteMeta" => takes(&[Text], |a| {
            let mut out = String::new();
            for character in a[0].as_text().chars() {
                if r"\.+*?()|[]{}^$".contains(character) {
                    out.push('\\');
                }
                out.push(character);
            }
            Ok(Data::Text(out))
        }),
        _ => None,
    }
}

fn limit(count: &Data) -> usize {
    usize::try_from(count.as_int()).unwrap_or(usize::MAX)
}

fn pattern(text: &Data) -> Result<Regex, String> {
    Regex::new(text.as_text()).map_err(|_| format!("error parsing regexp: `{text}`"))
}

fn split<'t>(pattern: &Regex, text: &'t str, limit: usize) -> Vec<&'t str> {
    if limit == 0 {
        return Vec::new();
    }
    if !pattern.as_str().is_empty() && text.is_empty() {
        return vec![""];
    }
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in pattern.find_iter(text).take(limit) {
        if parts.len() + 1 == limit {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(&text[start..end]);
        }
        start = found.end();
    }
    if end != text.len() {
        parts.push(&text[start..]);
    }
    parts
}
