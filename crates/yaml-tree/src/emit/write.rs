//! The text of a value.

use serde_yaml::Value;

use crate::{Resolved, Schema};

/// How much deeper each level stands.
const STEP: usize = 2;

/// A whole document.
pub(super) fn document(value: &Value) -> String {
    let mut writer = Writer { out: String::new() };
    writer.block(value, 0);
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    /// `value` at the cursor, its further lines indented by `indent`; ends its line.
    fn block(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Sequence(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    self.indent(at, indent);
                    self.out.push_str("- ");
                    self.block(item, indent + STEP);
                }
            }
            Value::Mapping(mapping) if !mapping.is_empty() => {
                for (at, (key, value)) in mapping.iter().enumerate() {
                    self.indent(at, indent);
                    self.entry(key, value, indent);
                }
            }
            Value::Tagged(tagged) => {
                let name = tagged.tag.to_string();
                let name = name.strip_prefix('!').unwrap_or(&name);
                self.entry(&Value::from(name), &tagged.value, indent);
            }
            Value::String(text) if is_block(text) => self.literal(text, indent),
            _ => {
                self.scalar(value);
                self.out.push('\n');
            }
        }
    }

    fn entry(&mut self, key: &Value, value: &Value, indent: usize) {
        if is_collection(key) {
            self.out.push_str("? ");
            self.block(key, indent + STEP);
            self.indent(1, indent);
            self.out.push_str(": ");
            return self.block(value, indent + STEP);
        }
        self.scalar(key);
        self.out.push(':');
        match value {
            // A sequence stands as deep as its key.
            Value::Sequence(items) if !items.is_empty() => {
                self.out.push('\n');
                self.indent(1, indent);
                self.block(value, indent);
            }
            _ if is_collection(value) => {
                self.out.push('\n');
                self.indent(1, indent + STEP);
                self.block(value, indent + STEP);
            }
            _ => {
                self.out.push(' ');
                self.block(value, indent + if is_text(value) { STEP } else { 0 });
            }
        }
    }

    /// The indentation of a line; the first one of a value has it already.
    fn indent(&mut self, line: usize, indent: usize) {
        if line > 0 {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    /// A value on one line.
    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.out.push_str(&number.to_string()),
            Value::String(text) => self.string(text),
            Value::Sequence(_) => self.out.push_str("[]"),
            Value::Mapping(_) | Value::Tagged(_) => self.out.push_str("{}"),
        }
    }

    fn string(&mut self, text: &str) {
        if is_plain(text) {
            self.out.push_str(text);
        } else if text.chars().all(is_printable) {
            self.out.push('\'');
            self.out.push_str(&text.replace('\'', "''"));
            self.out.push('\'');
        } else {
            self.out.push('"');
            text.chars().for_each(|character| self.escaped(character));
            self.out.push('"');
        }
    }

    fn escaped(&mut self, character: char) {
        let code = u32::from(character);
        let escape = match character {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\n' => "\\n".to_owned(),
            '\t' => "\\t".to_owned(),
            '\r' => "\\r".to_owned(),
            _ if is_printable(character) => return self.out.push(character),
            _ if code <= 0xff => format!("\\x{code:02x}"),
            _ if code <= 0xffff => format!("\\u{code:04x}"),
            _ => format!("\\U{code:08x}"),
        };
        self.out.push_str(&escape);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        let chomping = match text.strip_suffix('\n') {
            None => "|-\n",
            Some(rest) if rest.ends_with('\n') => "|+\n",
            Some(_) => "|\n",
        };
        self.out.push_str(chomping);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.indent(1, indent.max(STEP));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }
}

fn is_collection(value: &Value) -> bool {
    match value {
        Value::Sequence(items) => !items.is_empty(),
        Value::Mapping(mapping) => !mapping.is_empty(),
        Value::Tagged(_) => true,
        _ => false,
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::String(_))
}

/// Whether a string reads well as a literal block, and comes back from one.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && text
            .chars()
            .all(|character| is_printable(character) || matches!(character, '\n' | '\t'))
        && text
            .split('\n')
            .all(|line| line.is_empty() || !line.trim_matches([' ', '\t']).is_empty())
}

/// Whether a string without quotes is that string to every reader.
fn is_plain(text: &str) -> bool {
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return false;
    };
    let starts = match first {
        // `-c` and `--flag` are common, and no list items.
        '-' => letters
            .next()
            .is_some_and(|second| second.is_alphanumeric() || second == '-'),
        '?' | ':' | ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\''
        | '"' | '%' | '@' | '`' | ' ' => false,
        _ => true,
    };
    starts
        && text.chars().all(is_printable)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !is_yaml_1_1(text)
        && [Schema::Core, Schema::Go]
            .iter()
            .all(|schema| matches!(schema.plain(text), Resolved::Str(_)))
}

/// Booleans and numbers of YAML 1.1 that no schema here knows, and its special keys.
fn is_yaml_1_1(text: &str) -> bool {
    let word = ["y", "n", "yes", "no", "on", "off"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    let digits = || {
        let mut letters = text.chars();
        letters.all(|letter| letter.is_ascii_digit() || ":._+-eExXoObB".contains(letter))
    };
    word || matches!(text, "<<" | "=") || (text.contains(|c: char| c.is_ascii_digit()) && digits())
}

/// Whether a character may stand in a text as it is, on one line.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}'
        )
}
