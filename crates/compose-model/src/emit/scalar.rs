//! How a text may be written in YAML.

use yaml_tree::{Resolved, Schema, Style};

/// Finds how Go's YAML library writes `text`. Line breaks in a key make it a complex one, which
/// may have any style.
pub(super) fn style(text: &str) -> Style {
    let one_word = is_one_word(text);
    if one_word && starts_as_string(text) {
        return Style::Plain;
    }
    let wanted = wanted(text);
    if wanted == Style::DoubleQuoted || one_word && wanted == Style::Plain {
        return wanted;
    }
    let features = Features::of(text);
    match wanted {
        Style::Plain if features.plain_allowed() => Style::Plain,
        Style::Plain | Style::SingleQuoted if features.single_allowed() => Style::SingleQuoted,
        Style::Literal if features.literal_allowed() => Style::Literal,
        _ => Style::DoubleQuoted,
    }
}

/// Whether no text of this length that starts like this is anything else than a string: null,
/// booleans of YAML 1.1 and numbers are not.
fn starts_as_string(text: &str) -> bool {
    const LONGEST_BOOLEAN: usize = 5;
    match text.bytes().next() {
        Some(b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O') => {
            text.len() > LONGEST_BOOLEAN
        }
        Some(first) => first.is_ascii_alphabetic() || first == b'/',
        None => false,
    }
}

/// The style by the meaning of the text.
fn wanted(text: &str) -> Style {
    if text.contains('\n') {
        return if text.chars().all(char::is_whitespace) {
            Style::DoubleQuoted
        } else {
            Style::Literal
        };
    }
    if !is_string(text) {
        return Style::DoubleQuoted;
    }
    if is_yaml_1_1_bool(text) || is_base_60(text) || text == "<<" {
        return Style::SingleQuoted;
    }
    Style::Plain
}

/// Whether a plain scalar is this string to Go's YAML library.
fn is_string(text: &str) -> bool {
    // Only these begin something else.
    let special = b"~nNtTfF+-.0123456789";
    match text.as_bytes().first() {
        None => false,
        Some(first) if !special.contains(first) => true,
        _ => matches!(Schema::Go.plain(text), Resolved::Str(_)),
    }
}

fn is_yaml_1_1_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: a number in base 60 to readers of YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains(':') {
        return false;
    }
    let loose = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = text.split(':');
    parts.next().is_some_and(loose)
        && loose(fraction)
        && text.contains(':')
        && parts.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [b'0'..=b'5', digit] => digit.is_ascii_digit(),
            _ => false,
        })
}

/// Whether a text is so plain that nothing in it can forbid a style; this spares most texts the
/// look at each character with its neighbours.
pub(super) fn is_one_word(text: &str) -> bool {
    let [first, .., last] = text.as_bytes() else {
        return false;
    };
    (first.is_ascii_alphanumeric() || matches!(first, b'/' | b'.' | b'_' | b'$'))
        && *last != b':'
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with("...")
}

/// What in a text forbids a style.
#[derive(Default)]
struct Features {
    indicators: bool,
    line_breaks: bool,
    tabs: bool,
    special: bool,
    outer_space: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

impl Features {
    fn of(text: &str) -> Self {
        let mut found = Self {
            indicators: text.starts_with("---") || text.starts_with("..."),
            ..Self::default()
        };
        let mut before = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let after = characters.peek().copied();
            found.indicators |= is_indicator(before, character, after);
            let edge = before.is_none() || after.is_none();
            match character {
                ' ' => {
                    found.outer_space |= edge;
                    found.trailing_space |= after.is_none();
                    found.break_space |= before.is_some_and(is_break);
                }
                '\t' => found.tabs = true,
                _ if is_break(character) => {
                    found.line_breaks = true;
                    found.outer_space |= edge;
                    found.space_break |= before == Some(' ');
                    found.special |= !is_printable(character);
                }
                _ => found.special |= !is_printable(character),
            }
            before = Some(character);
        }
        found
    }

    fn plain_allowed(&self) -> bool {
        self.single_allowed() && !self.indicators && !self.line_breaks && !self.outer_space
    }

    fn single_allowed(&self) -> bool {
        !(self.tabs || self.special || self.break_space || self.space_break)
    }

    fn literal_allowed(&self) -> bool {
        !(self.special || self.trailing_space || self.space_break)
    }
}

/// Whether a character means something outside of quotes where it stands.
fn is_indicator(before: Option<char>, character: char, after: Option<char>) -> bool {
    let blank = |neighbour: Option<char>| neighbour.is_none_or(|c| matches!(c, ' ' | '\t'));
    match character {
        ':' => blank(after),
        '#' => blank(before) || before == Some('\0') || before.is_some_and(is_break),
        _ if before.is_some() => false,
        '?' | '-' => blank(after),
        ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
        | '`' => true,
        _ => false,
    }
}

/// What YAML 1.1 takes for a line break.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What Go's YAML library does not escape; nothing outside of the basic plane.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character,
        '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && character != '\u{feff}'
}
