//! Scalars and lines of YAML.

use std::fmt::Write as _;

use yaml_tree::Style;

use super::scalar::{is_break, is_printable, style};

/// Lines longer than this are broken at the next space.
const BEST_WIDTH: usize = 80;
/// How much deeper each level stands.
pub(super) const STEP: usize = 2;

/// What most lines are indented by.
const SPACES: &str = "                                ";

/// The text so far, and what has to be known of its end.
pub(super) struct Writer {
    out: String,
    /// Characters on the current line.
    column: usize,
    /// Whether a space or nothing stands at the end of the line.
    whitespace: bool,
    /// Whether the line has nothing but indentation and indicators.
    indentation: bool,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            out: String::new(),
            column: 0,
            whitespace: true,
            indentation: true,
        }
    }

    /// The text with a line break at its end.
    pub(super) fn finish(mut self) -> String {
        self.indent(0);
        self.out
    }

    /// Goes to the column `indent` of this line if it is still free, else of the next line.
    pub(super) fn indent(&mut self, indent: usize) {
        if !self.indentation || self.column > indent || (self.column == indent && !self.whitespace)
        {
            self.line_break();
        }
        let missing = indent.saturating_sub(self.column);
        match SPACES.get(..missing) {
            Some(spaces) => self.out.push_str(spaces),
            None => self.out.extend(std::iter::repeat_n(' ', missing)),
        }
        self.column += missing;
        self.whitespace = true;
    }

    /// Whole lines, on a line of their own.
    pub(super) fn lines(&mut self, lines: &str) {
        self.indent(0);
        self.out.push_str(lines);
    }

    /// A `-`, `?` or the `:` of a complex key.
    pub(super) fn block_indicator(&mut self, indicator: char) {
        self.space();
        self.put(indicator);
        self.whitespace = false;
    }

    /// The `:` behind a simple key.
    pub(super) fn colon(&mut self) {
        self.put(':');
        self.whitespace = false;
        self.indentation = false;
    }

    /// A text that needs no quotes.
    pub(super) fn bare(&mut self, text: &str) {
        self.space();
        self.put_all(text);
        self.end_scalar();
    }

    /// A string; its further lines are indented by `indent`. Lines of a simple key are not broken.
    pub(super) fn string(&mut self, text: &str, indent: usize, simple_key: bool) {
        let folds = !simple_key;
        match style(text) {
            Style::Plain => {
                self.space();
                self.folded(text, indent, folds, &Plain);
                self.end_scalar();
            }
            Style::SingleQuoted => {
                self.quote('\'');
                self.folded(text, indent, folds, &Single);
                self.put('\'');
                self.end_scalar();
            }
            Style::Literal => self.literal(text, indent),
            Style::DoubleQuoted | Style::Folded => {
                self.quote('"');
                self.double_quoted(text, indent, folds);
                self.put('"');
                self.end_scalar();
            }
        }
    }

    /// A space if the line has none at its end.
    fn space(&mut self) {
        if !self.whitespace {
            self.put(' ');
        }
    }

    fn quote(&mut self, quote: char) {
        self.space();
        self.put(quote);
        self.whitespace = false;
        self.indentation = false;
    }

    fn end_scalar(&mut self) {
        self.whitespace = false;
        self.indentation = false;
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn put_all(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.indentation = true;
    }

    /// The inside of a plain or single-quoted scalar, broken at single spaces.
    fn folded(&mut self, text: &str, indent: usize, folds: bool, form: &impl Form) {
        if self.column + text.len() <= BEST_WIDTH && form.is_verbatim(text) {
            return self.put_all(text);
        }
        let mut after_space = false;
        let mut after_break = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if character == ' ' {
                let breaks = folds
                    && !after_space
                    && self.column > BEST_WIDTH
                    && form.may_break(at, next)
                    && next != Some(' ');
                if breaks {
                    self.indent(indent);
                } else {
                    self.put(' ');
                }
                after_space = true;
                continue;
            }
            if is_break(character) {
                self.foreign_break(character);
                after_break = true;
                continue;
            }
            if after_break {
                self.indent(indent);
            }
            if form.doubles(character) {
                self.put(character);
            }
            self.put(character);
            self.indentation = false;
            after_space = false;
            after_break = false;
        }
    }

    /// A line break that is none to YAML 1.2 stands as it is.
    fn foreign_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
        self.indentation = true;
    }

    fn double_quoted(&mut self, text: &str, indent: usize, folds: bool) {
        // Go's library looks for a byte order mark at the start, whatever character it is at.
        let all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if all
                || !is_printable(character)
                || is_break(character)
                || matches!(character, '"' | '\\')
            {
                self.escape(character);
                after_space = false;
            } else if character == ' ' {
                let breaks =
                    folds && !after_space && self.column > BEST_WIDTH && at > 0 && next.is_some();
                if breaks {
                    self.indent(indent);
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else {
                self.put(character);
                after_space = false;
            }
        }
    }

    fn escape(&mut self, character: char) {
        let code = u32::from(character);
        let letter = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let from = self.out.len();
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                self.column += self.out.len() - from;
                return;
            }
        };
        self.put('\\');
        self.put(letter);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.space();
        self.put('|');
        if text.starts_with(' ') {
            self.put('2');
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), before) if is_break(last) => {
                if before.is_none_or(is_break) {
                    self.put('+');
                }
            }
            _ => self.put('-'),
        }
        self.line_break();
        self.whitespace = true;
        let mut after_break = true;
        for character in text.chars() {
            if character == '\n' {
                self.line_break();
            } else if is_break(character) {
                self.foreign_break(character);
            } else {
                if after_break {
                    self.indent(indent);
                }
                self.put(character);
                self.indentation = false;
            }
            after_break = is_break(character);
        }
    }
}

/// What tells plain from single-quoted scalars.
trait Form {
    /// Whether a short text can be copied.
    fn is_verbatim(&self, text: &str) -> bool;
    /// Whether the line may be broken at a space here.
    fn may_break(&self, at: usize, next: Option<char>) -> bool;
    fn doubles(&self, character: char) -> bool;
}

struct Plain;

impl Form for Plain {
    fn is_verbatim(&self, _: &str) -> bool {
        true
    }

    fn may_break(&self, _: usize, _: Option<char>) -> bool {
        true
    }

    fn doubles(&self, _: char) -> bool {
        false
    }
}

struct Single;

impl Form for Single {
    fn is_verbatim(&self, text: &str) -> bool {
        !text.contains(|c| c == '\'' || is_break(c))
    }

    fn may_break(&self, at: usize, next: Option<char>) -> bool {
        at > 0 && next.is_some()
    }

    fn doubles(&self, character: char) -> bool {
        character == '\''
    }
}
