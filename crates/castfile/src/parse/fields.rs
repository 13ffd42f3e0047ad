//! Reading nodes into values, collecting what is wrong on the way.

use yaml_tree::{Diagnostic, Entry, Mapping, Node, Resolved, Severity, Spanned};

use super::SCHEMA;
use yaml_tree::nearest;

/// Collects diagnostics while the parts of a file are read.
pub(crate) struct Reader {
    diagnostics: Vec<Diagnostic>,
    errors: usize,
}

impl Reader {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            diagnostics,
            errors: 0,
        }
    }

    /// How many errors have been found while reading. What is missing from a part that has an
    /// error already is not worth a second one.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// What was found, in the order of the text.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics
            .sort_by_key(|found| found.location().map(yaml_tree::Span::start));
        self.diagnostics
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.diagnostics.push(diagnostic);
    }

    /// `what` is wrong because a node of another kind stands there.
    pub(crate) fn wrong_kind(&mut self, node: &Node, what: &str, expected: &str) {
        self.push(
            Diagnostic::error(
                "castfile::wrong-kind",
                format!(
                    "{what} must be {expected}, found {}",
                    node.kind_name(SCHEMA)
                ),
            )
            .primary(first_line(node), ""),
        );
    }

    /// `key` does not belong in `place`; names the nearest key that does.
    pub(crate) fn unknown_key(
        &mut self,
        key: &Spanned<String>,
        place: &str,
        known: &[&str],
        severity: Severity,
    ) {
        let effect = if severity == Severity::Error {
            ""
        } else {
            "; it is ignored"
        };
        let message = format!("unknown key `{}` in {place}{effect}", key.value);
        let mut found = Diagnostic::new(severity, "castfile::unknown-key", message)
            .primary(key.span.clone(), "");
        let elsewhere = foreign(&key.value).filter(|own| known.contains(own));
        found = match (elsewhere, nearest(&key.value, known.iter().copied())) {
            (Some(own), _) => found.help(format!("here it is called `{own}`")),
            (None, Some(near)) => {
                found.fix(format!("did you mean `{near}`?"), key.span.clone(), near)
            }
            (None, None) => found.help(format!("the keys are {}", list(known))),
        };
        self.push(found);
    }

    /// The key of an entry as text; a key of another kind is an error.
    pub(crate) fn key(&mut self, entry: &Entry) -> Option<Spanned<String>> {
        if let Some(text) = entry.key.as_text() {
            Some(Spanned::new(text.to_owned(), entry.key.site().clone()))
        } else {
            self.wrong_kind(&entry.key, "a key", "a name");
            None
        }
    }

    /// The literal text of a scalar; null is nothing, another kind an error.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<Spanned<String>> {
        if node.is_null(SCHEMA) {
            return None;
        }
        let found = text(node);
        if found.is_none() {
            self.wrong_kind(node, &quoted(what), "a single value");
        }
        found
    }

    /// One text or a list of them; null is nothing.
    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<Spanned<String>> {
        let Some(items) = node.as_sequence() else {
            return self.text(node, what).into_iter().collect();
        };
        items
            .iter()
            .filter_map(|item| self.text(item, &format!("an item of {}", quoted(what))))
            .collect()
    }

    /// A list of texts; one text alone is an error.
    pub(crate) fn list_of_texts(&mut self, node: &Node, what: &str) -> Vec<Spanned<String>> {
        if node.as_sequence().is_none() && !node.is_null(SCHEMA) {
            self.wrong_kind(node, &quoted(what), "a list");
            return Vec::new();
        }
        self.texts(node, what)
    }

    /// The items of a sequence, or the node itself where one alone may stand; null is nothing.
    pub(crate) fn items<'n>(&mut self, node: &'n Node, what: &str) -> Vec<&'n Node> {
        if node.is_null(SCHEMA) {
            return Vec::new();
        }
        match node.as_sequence() {
            Some(items) => items.iter().collect(),
            None if node.as_scalar().is_some() => vec![node],
            None => {
                self.wrong_kind(node, &quoted(what), "a single value or a list");
                Vec::new()
            }
        }
    }

    /// The mapping that `node` is; null is nothing, another kind an error.
    pub(crate) fn mapping<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Mapping> {
        if node.is_null(SCHEMA) {
            return None;
        }
        let found = node.as_mapping();
        if found.is_none() {
            self.wrong_kind(node, &quoted(what), "a mapping");
        }
        found
    }

    /// `true`/`yes`/`on`/`1` or `false`/`no`/`off`/`0`, in any case.
    pub(crate) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        let found = boolean(node);
        if found.is_none() && !node.is_null(SCHEMA) {
            self.wrong_kind(node, &quoted(what), "`true` or `false`");
        }
        found
    }

    /// Whether `value` is one of `known`; if not, says so.
    pub(crate) fn one_of(&mut self, value: &Spanned<String>, what: &str, known: &[&str]) -> bool {
        if known.contains(&value.as_str()) {
            return true;
        }
        self.push(
            Diagnostic::error(
                "castfile::wrong-value",
                format!(
                    "`{what}` must be one of {}, found `{}`",
                    list(known),
                    value.value
                ),
            )
            .primary(value.span.clone(), ""),
        );
        false
    }
}

/// Our key for one that other task runners and Compose have.
fn foreign(key: &str) -> Option<&'static str> {
    Some(match key {
        "cmd" | "cmds" | "command" | "commands" | "script" | "scripts" => "run",
        "vars" | "variables" | "environment" => "env",
        "depends" | "depends_on" | "depends-on" | "requires" => "needs",
        "dir" | "working_dir" | "working-directory" | "workdir" => "cwd",
        "env_file" | "envFile" => "dotenv",
        "shell" | "runner" => "uses",
        "summary" => "desc",
        _ => return None,
    })
}

/// The literal text of a scalar, with the place to show for it.
pub(crate) fn text(node: &Node) -> Option<Spanned<String>> {
    node.as_text()
        .map(|text| Spanned::new(text.to_owned(), node.span().clone()))
}

/// The boolean a scalar spells, in the words the original takes.
pub(crate) fn boolean(node: &Node) -> Option<bool> {
    if let Some(Resolved::Bool(value)) = node.resolve(SCHEMA) {
        return Some(value);
    }
    match node.as_text()?.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// The place of a node, cut at its first line so that a report does not show a whole block.
pub(crate) fn first_line(node: &Node) -> yaml_tree::Span {
    let span = node.site();
    let length = span.text().find(['\n', '\r']).unwrap_or(span.text().len());
    span.slice(0, length)
}

fn quoted(what: &str) -> String {
    if what.contains(' ') {
        what.to_owned()
    } else {
        format!("`{what}`")
    }
}

/// "`a`, `b` or `c`".
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}
