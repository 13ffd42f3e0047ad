//! Findings as JSON, one object a line, for editors and scripts.
//!
//! The object has `level` (`error`, `warning`, `note`), `code`, `message`, `spans` (each `file`,
//! `start` and `end` with `line`, `column` and `byte`, `label`, `primary`), `help` (a list of
//! texts) and `fix` (`title`, `span`, `replacement`, or null). Lines and columns count from 1,
//! columns in characters, bytes from 0.

use serde_json::{Value, json};
use yaml_tree::{Diagnostic, Position, Severity, Span};

/// A finding as one line of JSON with its newline.
pub fn line(found: &Diagnostic) -> String {
    format!("{}\n", object(found))
}

/// A finding as a JSON object, for a program that has more to say about it.
pub fn object(found: &Diagnostic) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let spans: Vec<Value> = found
        .labels
        .iter()
        .map(|label| {
            let mut object = span(&label.span);
            object["label"] = label.message.as_str().into();
            object["primary"] = label.primary.into();
            object
        })
        .collect();
    let fix = found.fix.as_ref().map(|fix| {
        json!({ "title": fix.title, "span": span(&fix.span), "replacement": fix.replacement })
    });
    json!({
        "level": level,
        "code": found.code,
        "message": found.message,
        "spans": spans,
        "help": found.help,
        "fix": fix,
    })
}

fn span(span: &Span) -> Value {
    let point = |position: Position, byte: usize| json!({ "line": position.line, "column": position.column, "byte": byte });
    json!({
        "file": span.source().name(),
        "start": point(span.position(), span.start()),
        "end": point(span.end_position(), span.end()),
    })
}

#[cfg(test)]
mod tests {
    use yaml_tree::{Diagnostic, Source};

    #[test]
    fn places_are_counted_in_characters_and_bytes() {
        let source = Source::new("castfile", "é: ü\n");
        let found = Diagnostic::warning("x::y", "two words")
            .primary(source.span(4, 6), "here")
            .help("do")
            .fix("use u", source.span(4, 6), "u");
        insta::assert_snapshot!(super::line(&found), @r#"{"level":"warning","code":"x::y","message":"two words","spans":[{"file":"castfile","start":{"line":1,"column":4,"byte":4},"end":{"line":1,"column":5,"byte":6},"label":"here","primary":true}],"help":["do"],"fix":{"title":"use u","span":{"file":"castfile","start":{"line":1,"column":4,"byte":4},"end":{"line":1,"column":5,"byte":6}},"replacement":"u"}}"#);
    }
}
