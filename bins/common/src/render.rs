//! Findings for people, with the lines of the file.

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Patch, Renderer as Snippets, Snippet,
    renderer::{DEFAULT_TERM_WIDTH, DecorStyle},
};
use yaml_tree::{Diagnostic, Fix, Label, Severity, Source, Span};

/// More text than this, in bytes, is not shown: the layout would take its time over it.
const MAX_TEXT: usize = 256 << 10;

/// In longer lines, in bytes, one place is shown and no change: the layout cuts a line around one
/// place only, and patches not at all.
const MAX_LINE: usize = 2_000;

/// Renders findings in the layout known from rustc.
#[derive(Clone, Debug)]
pub struct Renderer {
    snippets: Snippets,
}

impl Renderer {
    /// A renderer, with colours or without.
    pub fn new(color: bool) -> Self {
        let snippets = if color {
            Snippets::styled()
        } else {
            Snippets::plain()
        };
        let snippets = snippets
            .decor_style(DecorStyle::Ascii)
            .term_width(DEFAULT_TERM_WIDTH);
        Self { snippets }
    }

    /// The report of one finding: code, message, places with their lines, help, and the fix as a
    /// patch; ends with an empty line.
    pub fn render(&self, found: &Diagnostic) -> String {
        let level = match found.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut main = level
            .primary_title(found.message.as_str())
            .id(&*found.code)
            .element_list(&found.labels);
        if found.labels.is_empty() && found.fix.is_none() {
            // There is no snippet whose gutter the advice could stand in.
            let help = found.help.iter();
            let help =
                help.map(|help| Group::with_title(Level::HELP.secondary_title(help.as_str())));
            let lines: Vec<_> = std::iter::once(main)
                .chain(help)
                .map(|group| self.snippets.render(&[group]))
                .collect();
            return format!("{}\n\n", lines.join("\n"));
        }
        for help in &found.help {
            main = main.element(Level::HELP.message(help.as_str()));
        }
        let mut groups = vec![main];
        if let Some(fix) = &found.fix {
            groups.push(patch(fix));
        }
        format!("{}\n\n", self.snippets.render(&groups))
    }
}

/// Labels grouped by the file they are in, the primary one's first.
trait Labelled<'d> {
    fn element_list(self, labels: &'d [Label]) -> Group<'d>;
}

impl<'d> Labelled<'d> for annotate_snippets::Title<'d> {
    fn element_list(self, labels: &'d [Label]) -> Group<'d> {
        let mut group = Group::with_title(self);
        let mut sources: Vec<&Source> = Vec::new();
        for label in labels {
            if !sources.contains(&label.span.source()) {
                sources.push(label.span.source());
            }
        }
        for source in sources {
            let mut here: Vec<_> = labels
                .iter()
                .filter(|label| label.span.source() == source)
                .collect();
            let mut window = Window::around(source, here.iter().map(|label| &label.span));
            if window.text.len() > MAX_TEXT || window.has_long_line() {
                // Places too far apart, or a line without end: the first place has to do.
                here.truncate(1);
                window = Window::around(source, here.iter().map(|label| &label.span));
            }
            if window.text.len() > MAX_TEXT {
                let position = here[0].span.position();
                let origin = Origin::path(source.name()).line(position.line);
                group = group.element(origin.char_column(position.column));
                if !here[0].message.is_empty() {
                    group = group.element(Level::NOTE.message(here[0].message.as_str()));
                }
                continue;
            }
            let annotations = here.iter().map(|label| {
                let kind = if label.primary {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let annotation = kind.span(window.range(&label.span));
                if label.message.is_empty() {
                    annotation
                } else {
                    annotation.label(label.message.as_str())
                }
            });
            group = group.element(
                Snippet::source(window.text)
                    .path(source.name())
                    .line_start(window.line)
                    .fold(true)
                    .annotations(annotations),
            );
        }
        group
    }
}

fn patch(fix: &Fix) -> Group<'_> {
    let title = Level::HELP.secondary_title(fix.title.as_str());
    let source = fix.span.source();
    let window = Window::around(source, std::iter::once(&fix.span));
    if window.has_long_line() {
        return Group::with_title(title);
    }
    title.element(
        Snippet::source(window.text)
            .path(source.name())
            .line_start(window.line)
            .fold(true)
            .patch(Patch::new(
                window.range(&fix.span),
                fix.replacement.as_str(),
            )),
    )
}

/// The lines of a source that a finding speaks of: what is rendered is not the whole file.
struct Window<'s> {
    text: &'s str,
    /// Offset of the text in the source.
    start: usize,
    /// Number of its first line.
    line: usize,
}

impl<'s> Window<'s> {
    /// The lines of all `spans`, which are in `source`.
    fn around<'a>(source: &'s Source, spans: impl Iterator<Item = &'a Span>) -> Self {
        let text = source.text();
        let (mut first, mut last) = (text.len(), 0);
        for span in spans {
            first = first.min(span.start());
            last = last.max(span.end());
        }
        let last = last.max(first);
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        let end = start + text[start..end].trim_end_matches('\r').len();
        Self {
            text: &text[start..end.max(last)],
            start,
            line: source.position(start).line,
        }
    }

    fn has_long_line(&self) -> bool {
        self.text.lines().any(|line| line.len() > MAX_LINE)
    }

    fn range(&self, span: &Span) -> std::ops::Range<usize> {
        span.start() - self.start..span.end() - self.start
    }
}
