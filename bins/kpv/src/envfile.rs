//! The lines of `.env` files, as far as one has to see them to put secrets in: names, quotes, and
//! where a `$(…)` stands. The dialect is that of Docker Compose.

use std::ops::Range;

use vault::{Export, Format, FoundCall, OsRandom, Secret, find_calls};
use yaml_tree::{Diagnostic, Source};

/// How a value is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quote {
    None,
    Single,
    Double,
}

/// `NAME=value`.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) quote: Quote,
    /// The value with its quotes, in bytes of the file.
    pub(crate) range: Range<usize>,
    /// The value inside its quotes.
    pub(crate) inner: Range<usize>,
    /// The calls of kpv in it; their places are those of the file.
    pub(crate) calls: Vec<FoundCall>,
}

/// Reads a file. All mistakes are told at once.
pub(crate) fn parse(source: &Source) -> Result<Vec<Assignment>, Vec<Diagnostic>> {
    let text = source.text();
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let Some((name, start)) = name(text, at, line_end) else {
            at = line_end + 1;
            continue;
        };
        let (quote, range, inner) = value(text, start, line_end);
        at = text[range.end..]
            .find('\n')
            .map_or(text.len(), |end| range.end + end)
            + 1;
        let calls = if quote == Quote::Single {
            Vec::new()
        } else {
            calls(source, &inner, &mut problems)
        };
        found.push(Assignment {
            name,
            quote,
            range,
            inner,
            calls,
        });
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

/// The name of the assignment in a line, and where its value begins.
fn name(text: &str, start: usize, end: usize) -> Option<(String, usize)> {
    let line = &text[start..end];
    let begin = line.trim_start_matches(['\u{FEFF}', ' ', '\t']);
    let begin = begin.strip_prefix("export ").map_or(begin, str::trim_start);
    let offset = line.len() - begin.len();
    let length = begin.find(['=', ':'])?;
    let name = begin[..length].trim();
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_.-[]".contains(char));
    if !is_name {
        return None;
    }
    let after = &begin[length + 1..];
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    Some((name.to_owned(), start + offset + length + 1 + blanks))
}

/// How the value that begins at `start` is quoted, and where it stands with and without quotes. A
/// quote that is never closed is a character like others.
fn value(text: &str, start: usize, line_end: usize) -> (Quote, Range<usize>, Range<usize>) {
    let rest = &text[start..];
    if rest.starts_with('"')
        && let Some(end) = double_quoted(&rest[1..])
    {
        let inner = start + 1..start + 1 + end;
        return (Quote::Double, start..inner.end + 1, inner);
    }
    if rest.starts_with('\'')
        && let Some(end) = rest[1..].find('\'')
    {
        let inner = start + 1..start + 1 + end;
        return (Quote::Single, start..inner.end + 1, inner);
    }
    let line = text[start..line_end].trim_end_matches('\r');
    let mut end = line.len();
    let mut at = 0;
    while at < line.len() {
        let here = &line[at..];
        if let Some(length) = substitution(here) {
            at += length;
        } else if here.starts_with('#') && (at == 0 || line[..at].ends_with([' ', '\t'])) {
            end = at;
            break;
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    let end = start + line[..end].trim_end().len();
    (Quote::None, start..end, start..end)
}

/// Where a value in double quotes ends. A `$(…)` may have quotes of its own.
fn double_quoted(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let here = &text[at..];
        if let Some(length) = substitution(here) {
            at += length;
            continue;
        }
        let mut chars = here.chars();
        match chars.next()? {
            '"' => return Some(at),
            '\\' => at += 1 + chars.next().map_or(0, char::len_utf8),
            char => at += char.len_utf8(),
        }
    }
    None
}

/// The length of the `$(…)` that a text begins with.
fn substitution(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("$(")?;
    let mut quote = None;
    let mut depth = 0_usize;
    let mut chars = inside.char_indices();
    while let Some((at, char)) = chars.next() {
        match (quote, char) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => {
                chars.next();
            }
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(char),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Some(at + 3),
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

/// A mistake at a place. The line is not shown: lines of such files have secrets in them.
pub(crate) fn problem(source: &Source, at: usize, code: &'static str, message: &str) -> Diagnostic {
    Diagnostic::error(code, format!("{}: {message}", source.span(at, at)))
}

/// The calls in a value. Any other command in `$(…)` is a mistake: whoever reads the file takes it
/// for the value itself.
fn calls(source: &Source, inner: &Range<usize>, problems: &mut Vec<Diagnostic>) -> Vec<FoundCall> {
    let text = &source.text()[inner.clone()];
    let calls = match find_calls(text) {
        Ok(calls) => calls,
        Err(error) => {
            let at = (inner.start + error.at).min(inner.end);
            problems.push(problem(source, at, "kpv::call", &error.message).help(
                "only a question to a vault is answered here: `kpv get`, `get-string` or `ensure`",
            ));
            return Vec::new();
        }
    };
    let mut at = 0;
    while let Some(start) = text[at..].find("$(").map(|start| at + start) {
        let call = calls.iter().find(|call| call.range.start == start);
        at = match call {
            Some(call) => call.range.end,
            None => {
                let length = substitution(&text[start..]).unwrap_or(2);
                let message = "`$(…)` with a command that is not kpv";
                problems.push(
                    problem(source, inner.start + start, "kpv::command", message)
                        .help("only calls of kpv are answered; Docker Compose would take this for the value itself"),
                );
                start + length
            }
        };
    }
    let shifted = calls.into_iter().map(|mut call| {
        call.range.start += inner.start;
        call.range.end += inner.start;
        call
    });
    shifted.collect()
}

impl Assignment {
    /// The value with answers in the place of the calls, quoted so that it reads as it is. `${…}`
    /// outside the calls stays what it is.
    pub(crate) fn rendered(&self, text: &str, answers: &[Secret]) -> Secret {
        let mut literals = Vec::with_capacity(self.calls.len() + 1);
        let mut at = self.inner.start;
        for call in &self.calls {
            literals.push(&text[at..call.range.start]);
            at = call.range.end;
        }
        literals.push(&text[at..self.inner.end]);
        let is_plain = |literal: &&str| !literal.contains(['$', '\\']);
        if literals.iter().all(is_plain) {
            let mut value = String::new();
            join(&literals, answers, String::push_str, &mut value, false);
            return dotenv(Secret::from(value));
        }
        let mut value = String::from("\"");
        let quote = self.quote;
        let put = |value: &mut String, literal: &str| {
            if quote == Quote::Double {
                return value.push_str(literal);
            }
            for char in literal.chars() {
                if matches!(char, '"' | '\\') {
                    value.push('\\');
                }
                value.push(char);
            }
        };
        join(&literals, answers, put, &mut value, true);
        value.push('"');
        Secret::from(value)
    }
}

fn join(
    literals: &[&str],
    answers: &[Secret],
    put: impl Fn(&mut String, &str),
    out: &mut String,
    escape: bool,
) {
    for (at, literal) in literals.iter().enumerate() {
        put(out, literal);
        if let Some(answer) = answers.get(at) {
            if escape {
                double_quote(out, answer.expose());
            } else {
                out.push_str(answer.expose());
            }
        }
    }
}

/// As Docker Compose reads it inside double quotes.
fn double_quote(out: &mut String, value: &str) {
    for char in value.chars() {
        match char {
            '"' | '\\' | '$' => out.extend(['\\', char]),
            '\r' => out.push_str("\\r"),
            '`' => out.push_str("\\0140"),
            _ => out.push(char),
        }
    }
}

/// A whole value, as the format `dotenv` writes it.
fn dotenv(value: Secret) -> Secret {
    let Ok(name) = "X".parse() else { return value };
    let export = Export {
        key: String::new(),
        name,
        value: value.clone(),
    };
    // a value from a vault has no NUL, so that this cannot fail
    match Format::Dotenv.render(&[export], &mut OsRandom) {
        Ok(rendered) => {
            let line = rendered.stdout.expose();
            let line = line.strip_prefix("X=").unwrap_or(line);
            Secret::from(line.strip_suffix('\n').unwrap_or(line))
        }
        Err(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let found = parse(&Source::new(".env", text)).unwrap();
        let show = |it: &Assignment| {
            let calls: Vec<_> = it
                .calls
                .iter()
                .map(|call| &text[call.range.clone()])
                .collect();
            format!(
                "{}|{}|{}",
                it.name,
                &text[it.inner.clone()],
                calls.join(" ")
            )
        };
        found.iter().map(show).collect()
    }

    #[test]
    fn values_end_where_compose_ends_them() {
        let text = "\u{FEFF}A=x y # z\nB = \"a\\\"b\" # c\n\nexport C='$(kpv'\nno line\nD: z\r\nE=\nF=a#b\n";
        assert_eq!(
            shown(text),
            ["A|x y|", "B|a\\\"b|", "C|$(kpv|", "D|z|", "E||", "F|a#b|"]
        );
    }

    #[test]
    fn calls_have_quotes_and_comments_of_their_own() {
        let text =
            "A=$(kpv get 'a # b') # c\nB=\"$(kpv get \"x y\")-$(kpv get z)\"\n# $(kpv get no)\n";
        let expected = [
            "A|$(kpv get 'a # b')|$(kpv get 'a # b')",
            "B|$(kpv get \"x y\")-$(kpv get z)|$(kpv get \"x y\") $(kpv get z)",
        ];
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn mistakes_are_told_together_without_the_line() {
        let source = Source::new(".env", "A=hunter2$(kpv ls)\nB=$(date)\n");
        let found = parse(&source).unwrap_err();
        let found: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with(".env:1:"), "{}", found[0]);
        assert_eq!(found[1], ".env:2:3: `$(…)` with a command that is not kpv");
        assert!(!found.concat().contains("hunter2"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([A-Z]=|\"|'|\\$\\(|\\)|kpv|get| a|#|\\\\|é|\n|\r|\\||.){0,40}") {
            if let Ok(found) = parse(&Source::new(".env", text.as_str())) {
                for assignment in found {
                    let answers = vec![Secret::from("x'y"); assignment.calls.len()];
                    assignment.rendered(&text, &answers);
                }
            }
            let _whatever = crate::template::references(&Source::new("t", text.as_str()));
        }
    }
}
