//! The words for text that is not YAML.
//!
//! The parser below says what it expected, in the terms of its grammar and often at the place
//! where it noticed rather than where the mistake is. Here the frequent mistakes get a message in
//! the terms of the person who made them, at the place to change.

mod line;

use line::Line;

use crate::events::Events;
use crate::offsets::Offsets;
use crate::{Diagnostic, Fix, Source, gap};

/// What the parser says of nesting that is too deep for it.
const TOO_DEEP: &str = "recursion limit exceeded";

/// A character that YAML does not allow in a text.
pub(crate) fn control_character(source: &Source, at: usize, character: char) -> Diagnostic {
    let code = u32::from(character);
    let escape = match code {
        0..=0xff => format!("\\x{code:02x}"),
        _ => format!("\\u{code:04x}"),
    };
    Diagnostic::error(
        "yaml::control-character",
        format!("control character U+{code:04X} is not allowed in YAML"),
    )
    .primary(source.span(at, at + 1), "")
    .help(format!(
        "remove it, or write it as `{escape}` in double quotes"
    ))
}

/// What is wrong at byte `at`, where the parser stopped with the words `info`; `open` is the
/// innermost `[` or `{` that is not closed yet.
pub(crate) fn diagnostic(
    source: &Source,
    at: usize,
    info: &str,
    open: Option<usize>,
) -> Diagnostic {
    let report = Report {
        source,
        text: source.text(),
        at: at.min(source.text().len()),
        open,
    };
    if info == TOO_DEEP {
        return Diagnostic::error("yaml::too-deep", "lists nest too deep")
            .primary(report.here(), "the limit is passed here");
    }
    let mut found = report
        .scalars(info)
        .or_else(|| report.flow(info))
        .or_else(|| report.block(info))
        .or_else(|| report.rest(info))
        .unwrap_or_else(|| report.other(info));
    found.fix = found.fix.filter(|fix| mends(report.text, fix, report.at));
    found
}

/// Whether the parser gets past byte `at` with this change.
fn mends(text: &str, fix: &Fix, at: usize) -> bool {
    let (before, after) = (&text[..fix.span.start()], &text[fix.span.end()..]);
    let mended = [before, &fix.replacement, after].concat();
    let Ok(offsets) = Offsets::new(&mended) else {
        return false;
    };
    // Where the byte at `at` is now, or the end of the change if it has gone.
    let moved = match at.checked_sub(fix.span.end()) {
        Some(behind) => mended.len() - after.len() + behind,
        None => mended.len() - after.len(),
    };
    let mut events = Events::new(&mended, offsets);
    loop {
        match events.next() {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err((stopped, _)) => return stopped > moved,
        }
    }
}

struct Report<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    open: Option<usize>,
}

impl Report<'_> {
    fn here(&self) -> crate::Span {
        self.place(self.at)
    }

    /// The character at `at`, or the empty range at the end of a line.
    fn place(&self, at: usize) -> crate::Span {
        match self.text[at..].chars().next() {
            None | Some('\n' | '\r') => self.source.span(at, at),
            Some(character) => self.source.span(at, at + character.len_utf8()),
        }
    }

    fn character(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn error(&self, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        syntax(message).primary(self.here(), label)
    }

    /// Quotes, escapes, tabs and what may not start a plain scalar.
    fn scalars(&self, info: &str) -> Option<Diagnostic> {
        if info.contains("tab") && !info.contains("expected") {
            return Some(self.tab());
        }
        Some(match info {
            "while scanning a quoted scalar, found unexpected end of stream"
            | "while scanning a quoted scalar, found unexpected document indicator" => {
                self.error("the closing quote is missing", "this quote is never closed")
            }
            "invalid indentation in quoted scalar" => self
                .error(
                    "the closing quote is missing, or a line of the quoted text is indented too little",
                    "the quoted text starts here",
                )
                .help("close the quote, or indent all its lines deeper than the key"),
            "invalid trailing content after double-quoted scalar" => self.after_quote(),
            _ if info.starts_with("while parsing a quoted scalar") => self.escape(),
            _ if info.starts_with("unexpected character") => {
                let message = match self.character()? {
                    '`' => "a value cannot start with a backtick".to_owned(),
                    character => format!("a value cannot start with `{character}`"),
                };
                let found = self.error(message, "this character has no meaning here");
                self.with_quotes(found, self.at)
            }
            "plain scalar cannot start with '-' followed by ,[]{}" => self
                .error("a lone `-` is not a value", "expected a value")
                .help("quote it if it is meant as text: `'-'`"),
            "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
                let (sign, what) = match self.character()? {
                    '*' => ('*', "alias"),
                    sign => (sign, "anchor"),
                };
                self.error(format!("the {what} has no name"), format!("expected `{sign}name`"))
                    .help(format!("quote the value if `{sign}` is meant as text"))
            }
            "while scanning a block scalar, did not find expected comment or line break" => {
                let header = gap::header_end(self.text, self.at);
                let text = gap::skip_blank(self.text, header);
                syntax("the text of a block starts on the line after `|` or `>`")
                    .primary(Line::of(self.text, self.at).rest(self.source, text), "unexpected text")
            }
            "while scanning a block scalar, found an indentation indicator equal to 0" => self
                .error("the indentation of a block cannot be 0", "expected a digit from 1 to 9"),
            "wrongly indented line in block scalar" => self
                .error("a blank line above is indented deeper than the text of the block", "the text starts here")
                .help("remove the spaces on the blank lines"),
            "comment intercepting the multiline text" => self
                .error("a comment ends a plain value, but the next line goes on with it", "the value ends here")
                .help("quote the value, or move the comment to its own line"),
            _ => return None,
        })
    }

    /// `[`, `]`, `{`, `}` and `,`.
    fn flow(&self, info: &str) -> Option<Diagnostic> {
        let ended = gap::skip_blank(self.text, self.at) == self.text.len();
        let bracket = |at: usize| self.text[at..].chars().next();
        Some(match info {
            "while parsing a flow sequence, expected ',' or ']'"
            | "while parsing a flow mapping, did not find expected ',' or '}'"
            | "while parsing a node, did not find expected node content"
            | "illegal placement of ':' indicator"
                if self.open.is_some() =>
            {
                let open = self.open?;
                let sign = bracket(open)?;
                let close = if sign == '[' { ']' } else { '}' };
                if ended {
                    return Some(
                        syntax(format!("the closing `{close}` is missing"))
                            .primary(self.place(open), format!("this `{sign}` is never closed")),
                    );
                }
                let found = match self.character()? {
                    ',' => self.error("a value is missing before `,`", "expected a value"),
                    other @ (']' | '}') if other != close => self.error(
                        format!("`{other}` cannot close what `{sign}` opens"),
                        format!("expected `{close}`"),
                    ),
                    _ => self.error(
                        format!("expected `,` or `{close}`"),
                        format!("expected `,` or `{close}` before this"),
                    ),
                };
                found.secondary(self.place(open), format!("after this `{sign}`"))
            }
            "misplaced bracket" => {
                let sign = self.character()?;
                self.error(format!("`{sign}` closes nothing"), "nothing is open here")
            }
            "while parsing a node, did not find expected node content" => {
                let sign = self.character()?;
                let found = self.error(
                    format!("a value cannot start with `{sign}`"),
                    "expected a value",
                );
                self.with_quotes(found, self.at)
            }
            "':' may not precede any of `[{` in flow mapping" => {
                let after = self.source.span(self.at + 1, self.at + 1);
                self.error("expected a space after `:`", "no space after this")
                    .fix("add a space", after, " ")
            }
            "illegal placement of ':' indicator" => self.error(
                "unexpected `:`",
                "a key must stand on one line with its `:`",
            ),
            "\"-\" is only valid inside a block" => self
                .error("`- ` cannot stand between brackets", "unexpected list item")
                .help("separate the items with `,`"),
            "invalid indentation" | "invalid indentation in flow construct" => self
                .error(
                    "a line between brackets is indented too little",
                    "too far to the left",
                )
                .help("indent it deeper than the key of the list or mapping it belongs to"),
            _ => return None,
        })
    }

    /// Indentation, `:` and `-`.
    fn block(&self, info: &str) -> Option<Diagnostic> {
        let line = Line::of(self.text, self.at);
        Some(match info {
            "mapping values are not allowed in this context" => self.colon(&line),
            "simple key expect ':'" | "simple key expected" => {
                let line = if self.text[line.start..self.at].trim().is_empty() {
                    line.before().unwrap_or(line)
                } else {
                    line
                };
                self.no_colon(&line)
            }
            "while parsing a block mapping, did not find expected key" => {
                if line.content().starts_with("- ") && self.at <= line.first() + 2 {
                    syntax("a list item stands among the keys of a mapping")
                        .primary(self.place(line.first()), "expected a key")
                        .help("indent the list deeper, or remove the value of the key above it")
                } else if line.first() == self.at {
                    self.misaligned(&line)
                } else {
                    let found = self.error("unexpected text after a value", "the value ends before this");
                    self.with_quotes(found, line.value()?)
                }
            }
            "while parsing a block collection, did not find expected '-' indicator" => {
                if line.first() == self.at && line.indent() > 0 {
                    self.misaligned(&line)
                } else {
                    self.error("expected a list item", "the lines above are items of a list")
                        .help("start the line with `- `, or give it the indentation of the key it belongs to")
                }
            }
            "did not find expected <document start>" => {
                let directive = self.text[..self.at].lines().any(|line| line.starts_with('%'));
                if directive {
                    self.error("expected `---` after the directives", "the document starts here")
                } else if line.first() == self.at {
                    self.error("this line is indented less than the first one", "expected the same indentation")
                        .help("give all keys of a mapping the same indentation")
                } else {
                    self.error("unexpected text after the value", "the document ends before this")
                }
            }
            "block sequence entries are not allowed in this context" => self
                .error("a list cannot start on the line of its key", "unexpected list item")
                .help("put the first `- ` on the next line, or quote the value if it is meant as text"),
            "mapping keys are not allowed in this context" => {
                let found = self.error("`? ` cannot stand here", "unexpected start of a key");
                self.with_quotes(found, self.at)
            }
            "invalid indentation for anchor" => self
                .error("an anchor or tag stands too far to the left", "must be indented like its value"),
            _ => return None,
        })
    }

    /// Tags, directives, documents, comments.
    fn rest(&self, info: &str) -> Option<Diagnostic> {
        Some(match info {
            "the handle wasn't declared" => {
                let end = gap::skip_property(self.text, self.at);
                syntax("the prefix of this tag is not declared").primary(
                    self.source.span(self.at, end),
                    "expected `!name` or `!!name`",
                )
            }
            "comments must be separated from other tokens by whitespace" => {
                let at = self.source.span(self.at, self.at);
                self.error(
                    "expected a space before `#`",
                    "a comment needs a space before it",
                )
                .fix("add a space", at, " ")
            }
            "a byte order mark must not appear inside a document" => {
                let mark = self.here();
                self.error(
                    "a byte order mark stands inside the text",
                    "invisible character U+FEFF",
                )
                .fix("remove it", mark, "")
            }
            "invalid content after document end marker" => {
                self.error("unexpected text after `...`", "the document has ended")
            }
            "missing explicit document end marker before directive" => self
                .error(
                    "a directive stands inside a document",
                    "unexpected directive",
                )
                .help("end the document before it with `...`"),
            _ if info.contains("tag") && self.character() != Some('%') => {
                let end = gap::skip_property(self.text, self.at);
                syntax("malformed tag")
                    .primary(
                        self.source.span(self.at, end),
                        "expected `!name` or `!!name`",
                    )
                    .help("quote the value if `!` is meant as text")
            }
            _ if self.character() == Some('%') => {
                self.error("malformed directive", "expected `%YAML 1.2` or `%TAG`")
            }
            _ => return None,
        })
    }

    /// What the parser itself says, without the half about what it was doing.
    fn other(&self, info: &str) -> Diagnostic {
        let said = match info.split_once(", ") {
            Some((doing, said)) if doing.starts_with("while ") => said,
            _ => info,
        };
        self.error(format!("not valid YAML: {said}"), "")
    }

    fn tab(&self) -> Diagnostic {
        let mut line = Some(Line::of(self.text, self.at));
        // Some of these are reported at the start of the value before the tab.
        for _ in 0..3 {
            let Some(here) = line else { break };
            if let Some(tabs) = here.leading_tabs() {
                return syntax("a tab is used for indentation")
                    .primary(self.source.span(tabs.start, tabs.end), "tab")
                    .help("indent with spaces");
            }
            line = here.after();
        }
        let line = Line::of(self.text, self.at);
        let at = self.text[line.start..self.at]
            .rfind('\t')
            .map_or(self.at, |found| line.start + found);
        syntax("a tab stands where a space must").primary(self.place(at), "tab")
    }

    fn after_quote(&self) -> Diagnostic {
        let found = self.error(
            "unexpected text after the closing quote",
            "the quoted text ends before this",
        );
        match self.text[..self.at].trim_end().chars().next_back() {
            Some('\'') => found.help("between single quotes, write a single quote twice: `''`"),
            _ => found.help("between double quotes, write a double quote as `\\\"`"),
        }
    }

    fn escape(&self) -> Diagnostic {
        let mut rest = self.text[self.at..].char_indices();
        while let Some((offset, character)) = rest.next() {
            if character != '\\' {
                continue;
            }
            let start = self.at + offset;
            let Some((_, name)) = rest.next() else { break };
            let digits = match name {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/'
                | '\\' | 'N' | '_' | 'L' | 'P' | '\n' | '\r' => continue,
                _ => {
                    return syntax(format!("unknown escape `\\{name}` in double quotes"))
                        .primary(
                            self.source.span(start, start + 1 + name.len_utf8()),
                            "unknown escape",
                        )
                        .help("write a backslash as `\\\\`, or use single quotes");
                }
            };
            let code: String = self.text[start + 2..].chars().take(digits).collect();
            let valid = code.len() == digits
                && u32::from_str_radix(&code, 16)
                    .ok()
                    .and_then(char::from_u32)
                    .is_some();
            if !valid {
                return syntax(format!(
                    "`\\{name}` needs the {digits} hexadecimal digits of a character after it"
                ))
                .primary(self.source.span(start, start + 2), "this escape")
                .help("write a backslash as `\\\\`, or use single quotes");
            }
        }
        self.error("malformed escape in double quotes", "in this text")
    }

    /// A `:` that makes a mapping where none can be.
    fn colon(&self, line: &Line<'_>) -> Diagnostic {
        if let Some(value) = line.value().filter(|value| *value < self.at) {
            let found = self.error(
                "unexpected `: ` inside a value",
                "a mapping cannot start here",
            );
            return self.with_quotes(found, value);
        }
        let before = line.before();
        match before {
            Some(before) if before.value().is_some() && line.indent() > before.indent() => {
                let above = self.source.span(before.first(), before.end());
                syntax("this key is indented deeper than the line above, which has a value already")
                    .primary(self.source.span(line.first(), self.at), "unexpected key")
                    .secondary(above, "the value above goes on in lines indented deeper")
                    .help("give the key the indentation of its neighbours")
            }
            Some(before) if !before.content().is_empty() && before.value().is_none() => {
                self.no_colon(&before)
            }
            _ => self.error("unexpected `:`", "a mapping cannot start here"),
        }
    }

    fn no_colon(&self, line: &Line<'_>) -> Diagnostic {
        let span = self.source.span(line.first(), line.end());
        let found = syntax("expected `:` after a key").primary(span, "this line has no `: `");
        let content = line.content();
        match content.find(':') {
            Some(colon) if colon > 0 && colon + 1 < content.len() => {
                let at = line.first() + colon + 1;
                found.fix("add a space after `:`", self.source.span(at, at), " ")
            }
            _ => found,
        }
    }

    /// A line whose indentation is none of those open above it.
    fn misaligned(&self, line: &Line<'_>) -> Diagnostic {
        let spaces = line.indent();
        let mut above = Vec::new();
        let mut least = usize::MAX;
        let mut upwards = line.before();
        while let Some(upper) = upwards {
            if upper.indent() < least {
                least = upper.indent();
                above.push(least);
            }
            upwards = if least == 0 { None } else { upper.before() };
        }
        above.reverse();
        let found = self.error(
            format!("the indentation of {spaces} matches no line above"),
            "misaligned",
        );
        match above.as_slice() {
            [] | [_] => found,
            [rest @ .., last] => {
                let rest: Vec<String> = rest.iter().map(usize::to_string).collect();
                found.help(format!(
                    "the lines it could belong to are indented by {} and {last}",
                    rest.join(", ")
                ))
            }
        }
    }

    /// `found`, with quotes around the value that starts at `value` as its fix, if they would
    /// mend it.
    fn with_quotes(&self, found: Diagnostic, value: usize) -> Diagnostic {
        let line = Line::of(self.text, value);
        let text = &self.text[value..line.end().max(value)];
        let text = text.find(" #").map_or(text, |comment| &text[..comment]);
        let key = self.text[line.start..value]
            .trim_matches([' ', '-'])
            .is_empty();
        let text = match text.find(": ") {
            Some(colon) if key => &text[..colon],
            _ => text.trim_end(),
        };
        let quoted_already = text.starts_with(['"', '\'', '|', '>', '&', '*', '!', '[']);
        if text.is_empty() || quoted_already || self.open.is_some_and(|open| open < value) {
            return found;
        }
        let quoted = format!("'{}'", text.replace('\'', "''"));
        let span = self.source.span(value, value + text.len());
        found.fix("quote the value", span, quoted)
    }
}

fn syntax(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("yaml::syntax", message)
}
