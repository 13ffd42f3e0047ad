//! Findings as annotations of GitHub Actions.

use yaml_tree::{Diagnostic, Severity};

/// A finding as a workflow command.
pub(super) fn line(found: &Diagnostic) -> String {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut place = String::new();
    if let Some(span) = found.location() {
        let (start, end) = (span.position(), span.end_position());
        place = format!(
            "file={},line={},col={},endLine={},endColumn={},",
            property(span.source().name()),
            start.line,
            start.column,
            end.line,
            end.column
        );
    }
    let help = found.help.iter().map(|help| format!("\n{help}"));
    let text = format!("{}{}", found.message, help.collect::<String>());
    format!(
        "::{level} {place}title={}::{}\n",
        property(&found.code),
        data(&text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
