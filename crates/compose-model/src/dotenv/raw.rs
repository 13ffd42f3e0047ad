//! The raw format.

use super::parser::is_unicode_space;
use super::{Assignment, DotenvError, DotenvErrorKind};

pub(super) fn parse(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Assignment>, DotenvError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Vec::new();
    for (at, line) in text.split('\n').enumerate() {
        let error = |kind| DotenvError::new(kind, at + 1);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = line.trim_start_matches(is_unicode_space);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = match line.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (line, None),
        };
        let template = value.is_none().then(|| format!("${{{name}}}"));
        if name.contains([' ', '\t']) {
            let name = Some(name.to_owned());
            return Err(error(DotenvErrorKind::SpaceInName { name }));
        }
        if name.is_empty() {
            let text = line.to_owned();
            return Err(error(DotenvErrorKind::NoName { text }));
        }
        if let Some(value) = value.or_else(|| lookup(name)) {
            found.push(Assignment {
                name: name.to_owned(),
                value,
                template,
                line: at + 1,
            });
        }
    }
    Ok(found)
}
