//! Changing `config` entries in the text of a castfile, leaving every other byte as it is.

use std::fmt::Write as _;

use yaml_tree::{Node, Span};

use crate::model::Castfile;

impl Castfile {
    /// The entry `key` of `config` as text; `None` if there is none. A list is given in YAML's
    /// flow style.
    pub fn config_value(&self, key: &str) -> Option<String> {
        let config = self.config.as_ref()?;
        let (_, node) = config
            .values
            .iter()
            .rev()
            .find(|(name, _)| name.value == key)?;
        Some(match node.as_text() {
            Some(text) => text.to_owned(),
            None => node.span().text().to_owned(),
        })
    }

    /// The text of the file with the entry `key` of `config` set to `value`.
    ///
    /// Only the touched line differs; an entry or a whole `config` block is added where there is
    /// none (the original rewrites the file in its own layout).
    pub fn with_config(&self, key: &str, value: &str) -> String {
        let text = self.source.text();
        let written = scalar(value);
        let Some(config) = &self.config else {
            return prepend_block(text, &format!("config:\n  {}: {written}\n", scalar(key)));
        };
        if let Some((name, node)) = config
            .values
            .iter()
            .rev()
            .find(|(name, _)| name.value == key)
        {
            return if node.span().text().is_empty() {
                splice(
                    text,
                    name.span.end(),
                    name.span.end(),
                    &format!(": {written}"),
                    Some(':'),
                )
            } else {
                splice(text, node.span().start(), node.span().end(), &written, None)
            };
        }
        let Some((last_name, last)) = config.values.last() else {
            // `config:` without entries, or `config: {}`.
            let end = config.span.end();
            let empty = config.span.text();
            if empty.starts_with('{') {
                let entry = format!("{{{}: {written}}}", scalar(key));
                return splice(text, config.span.start(), end, &entry, None);
            }
            let line = line_end(text, end);
            return splice(
                text,
                line,
                line,
                &format!("\n  {}: {written}", scalar(key)),
                None,
            );
        };
        if config.span.text().starts_with('{') {
            let at = end_of(last, &last_name.span);
            return splice(text, at, at, &format!(", {}: {written}", scalar(key)), None);
        }
        let indent = last_name.span.position().column - 1;
        let at = line_end(text, end_of(last, &last_name.span));
        let entry = format!("\n{}{}: {written}", " ".repeat(indent), scalar(key));
        splice(text, at, at, &entry, None)
    }

    /// The text of the file without the entry `key` of `config`; `None` if there is none.
    pub fn without_config(&self, key: &str) -> Option<String> {
        let config = self.config.as_ref()?;
        let text = self.source.text();
        let at = config
            .values
            .iter()
            .position(|(name, _)| name.value == key)?;
        let (name, node) = &config.values[at];
        let end = end_of(node, &name.span);
        if config.span.text().starts_with('{') {
            // In flow style the comma goes with it.
            let (from, to) = match (config.values.get(at + 1), at.checked_sub(1)) {
                (Some((next, _)), _) => (name.span.start(), next.span.start()),
                (None, Some(before)) => {
                    let (before_name, before) = &config.values[before];
                    (end_of(before, &before_name.span), end)
                }
                (None, None) => (name.span.start(), end),
            };
            return Some(splice(text, from, to, "", None));
        }
        let from = text[..name.span.start()].rfind('\n').map_or(0, |at| at + 1);
        let to = (line_end(text, end) + 1).min(text.len());
        let left = splice(text, from, to, "", None);
        // An empty `config:` would be left: it goes too.
        if config.values.len() == 1 {
            let key_line = left[..from].trim_end().rfind('\n').map_or(0, |at| at + 1);
            if left[key_line..from].trim() == "config:" {
                return Some(splice(&left, key_line, from, "", None));
            }
        }
        Some(left)
    }
}

fn end_of(node: &Node, name: &Span) -> usize {
    // An entry reached through an alias ends where the alias does.
    let end = node.site().end();
    if node.site().source() == name.source() && end > name.end() {
        end
    } else {
        name.end()
    }
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at)
}

/// Replaces a part of the text; with `skip`, one such character behind it goes as well.
fn splice(text: &str, from: usize, to: usize, with: &str, skip: Option<char>) -> String {
    let mut rest = &text[to..];
    if let Some(skip) = skip {
        rest = rest.strip_prefix(skip).unwrap_or(rest);
    }
    format!("{}{with}{rest}", &text[..from])
}

/// Puts a block before everything but comments and directives at the top.
fn prepend_block(text: &str, block: &str) -> String {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') || bare.starts_with('%') || bare == "---" {
            at += line.len();
        } else {
            break;
        }
    }
    let gap = if text[..at].is_empty() || text[..at].ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{}{gap}{block}{}", &text[..at], &text[at..])
}

/// A text as a YAML scalar on one line, quoted where it would mean something else.
fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        && !text.starts_with(['-', '.'])
        && !text.ends_with('.');
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // Writing to a string does not fail.
            c if c.is_control() => drop(write!(quoted, "\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use yaml_tree::Source;

    use crate::parse;

    fn edited(text: &str, key: &str, value: Option<&str>) -> String {
        let file = parse(&Source::new("castfile", text), "/castfile")
            .into_result()
            .unwrap();
        let edited = match value {
            Some(value) => file.with_config(key, value),
            None => file.without_config(key).unwrap(),
        };
        let again = parse(&Source::new("castfile", edited.as_str()), "/castfile").into_result();
        assert_eq!(
            again.unwrap().config_value(key).as_deref(),
            value,
            "{edited}"
        );
        edited
    }

    #[test]
    fn only_the_entry_changes() {
        let text = "# lab\nconfig:\n  # why\n  context: dev   # mine\n  shell: bash\ntasks: {}\n";
        assert_eq!(
            edited(text, "context", Some("prod")),
            "# lab\nconfig:\n  # why\n  context: prod   # mine\n  shell: bash\ntasks: {}\n"
        );
        assert_eq!(
            edited(text, "region", Some("a b")),
            "# lab\nconfig:\n  # why\n  context: dev   # mine\n  shell: bash\n  region: \"a b\"\ntasks: {}\n"
        );
        assert_eq!(
            edited(text, "context", None),
            "# lab\nconfig:\n  # why\n  shell: bash\ntasks: {}\n"
        );
    }

    #[test]
    fn a_block_is_made_and_taken_away() {
        let made = edited("# lab\n\ntasks: {}\n", "context", Some("prod"));
        assert_eq!(made, "# lab\n\nconfig:\n  context: prod\ntasks: {}\n");
        assert_eq!(edited(&made, "context", None), "# lab\n\ntasks: {}\n");
    }

    #[test]
    fn flow_style_stays() {
        let text = "config: {context: dev, shell: bash}\n";
        assert_eq!(
            edited(text, "context", Some("x")),
            "config: {context: x, shell: bash}\n"
        );
        assert_eq!(edited(text, "context", None), "config: {shell: bash}\n");
        assert_eq!(edited(text, "shell", None), "config: {context: dev}\n");
        assert_eq!(
            edited(text, "k", Some("v")),
            "config: {context: dev, shell: bash, k: v}\n"
        );
    }

    #[test]
    fn values_that_yaml_would_read_otherwise_are_quoted() {
        for value in ["", " x", "a: b", "# x", "\"q\" \\", "é", "-x", "two\nlines"] {
            edited("config:\n  k: v\n", "k", Some(value));
        }
        edited("config:\n  k:\n", "k", Some("v"));
        edited("config:\n", "k", Some("v"));
        edited("config: {}\n", "k", Some("v"));
    }
}
