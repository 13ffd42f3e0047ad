//! Findings as annotations of GitHub Actions, one a line.

use yaml_tree::{Diagnostic, Severity};

/// A finding as a workflow command with its newline.
pub fn line(found: &Diagnostic) -> String {
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

#[cfg(test)]
mod tests {
    use yaml_tree::{Diagnostic, Source};

    #[test]
    fn signs_of_the_form_are_escaped() {
        let source = Source::new("a,b:c", "x: y\n");
        let found = Diagnostic::warning("x::y", "100% sure")
            .primary(source.span(3, 4), "")
            .help("or not");
        insta::assert_snapshot!(super::line(&found), @"::warning file=a%2Cb%3Ac,line=1,col=4,endLine=1,endColumn=5,title=x%3A%3Ay::100%25 sure%0Aor not");
    }
}
