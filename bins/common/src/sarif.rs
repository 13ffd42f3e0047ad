//! Findings as SARIF 2.1.0.

use serde_json::{Value, json};
use yaml_tree::{Diagnostic, Severity, Span};

/// A document of one run: the program and its version, its rules, and the results; ends with a
/// newline. Rules are objects with an `id`, results those of [`result`].
pub fn document(program: &str, version: &str, rules: &[Value], results: &[Value]) -> String {
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": program,
                "version": version,
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

/// A finding as a result: its code, level, message with the help behind it, place and fix.
pub fn result(found: &Diagnostic) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let help = found.help.iter().map(|help| format!("\n{help}"));
    let mut result = json!({
        "ruleId": found.code,
        "level": level,
        "message": {"text": format!("{}{}", found.message, help.collect::<String>())},
    });
    if let Some(span) = found.location() {
        result["locations"] = json!([{"physicalLocation": physical(span)}]);
    }
    if let Some(fix) = &found.fix {
        result["fixes"] = json!([{
            "description": {"text": fix.title},
            "artifactChanges": [{
                "artifactLocation": {"uri": fix.span.source().name()},
                "replacements": [{
                    "deletedRegion": region(&fix.span),
                    "insertedContent": {"text": fix.replacement},
                }],
            }],
        }]);
    }
    result
}

fn physical(span: &Span) -> Value {
    json!({"artifactLocation": {"uri": span.source().name()}, "region": region(span)})
}

fn region(span: &Span) -> Value {
    let (start, end) = (span.position(), span.end_position());
    json!({
        "startLine": start.line, "startColumn": start.column,
        "endLine": end.line, "endColumn": end.column,
    })
}
