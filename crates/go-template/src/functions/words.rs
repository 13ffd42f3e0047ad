//! Functions over the words of a text.

use super::texts::{lower, upper};
use super::{Function, takes, whole};
use crate::options::Param::{Int, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["title"], &[Text], |_, a| {
        Ok(Data::Text(title(a[0].as_text())))
    }),
    takes(&["untitle"], &[Text], |_, a| {
        Ok(Data::Text(untitle(a[0].as_text())))
    }),
    takes(&["swapcase"], &[Text], |_, a| {
        Ok(Data::Text(swapped(a[0].as_text())))
    }),
    takes(&["nospace"], &[Text], |_, a| {
        Ok(Data::Text(without_spaces(a[0].as_text())))
    }),
    takes(&["initials"], &[Text], |_, a| {
        Ok(Data::Text(initials(a[0].as_text())))
    }),
    takes(&["snakecase"], &[Text], |_, a| {
        Ok(Data::Text(separated(a[0].as_text(), '_')))
    }),
    takes(&["kebabcase"], &[Text], |_, a| {
        Ok(Data::Text(separated(a[0].as_text(), '-')))
    }),
    takes(&["camelcase"], &[Text], |_, a| {
        Ok(Data::Text(camel(a[0].as_text(), Camel::Lower)))
    }),
    takes(&["abbrev"], &[Int, Text], |_, a| {
        let width = a[0].as_int();
        if width < 4 {
            return Ok(a[1].clone());
        }
        abbreviated(a[1].as_text().as_bytes(), 0, size(width)).and_then(|b| whole(&b))
    }),
    takes(&["abbrevboth"], &[Int, Int, Text], |_, a| {
        let (left, right) = (a[0].as_int(), a[1].as_int());
        if right < 4 || (left > 0 && right < 7) {
            return Ok(a[2].clone());
        }
        abbreviated(a[2].as_text().as_bytes(), left, size(right)).and_then(|b| whole(&b))
    }),
    takes(&["wrap"], &[Int, Text], |meter, a| {
        wrapped(meter, a[1].as_text(), a[0].as_int(), "\n", false)
    }),
    takes(&["wrapWith"], &[Int, Text, Text], |meter, a| {
        wrapped(meter, a[2].as_text(), a[0].as_int(), a[1].as_text(), true)
    }),
];

fn size(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// Capital letters where a word begins.
fn title(text: &str) -> String {
    let separates = |c: char| {
        if c.is_ascii() {
            !c.is_ascii_alphanumeric() && c != '_'
        } else {
            !c.is_alphanumeric() && c.is_whitespace()
        }
    };
    let mut start = true;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        out.push(if start { upper(character) } else { character });
        start = separates(character);
    }
    out
}

fn untitle(text: &str) -> String {
    let mut start = true;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() {
            start = true;
            out.push(character);
        } else {
            out.push(if start { lower(character) } else { character });
            start = false;
        }
    }
    out
}

fn swapped(text: &str) -> String {
    let swap = |c: char| if c.is_uppercase() { lower(c) } else { upper(c) };
    text.chars().map(swap).collect()
}

/// The bytes that are no blanks, each as a character of its own if there was any blank.
fn without_spaces(text: &str) -> String {
    let bytes = text.bytes().map(char::from);
    let kept: Vec<char> = bytes.filter(|c| !c.is_whitespace()).collect();
    if kept.len() == text.len() {
        text.to_owned()
    } else {
        kept.into_iter().collect()
    }
}

/// The first byte of each word, as a character.
fn initials(text: &str) -> String {
    let mut gap = true;
    let mut out = String::new();
    for character in text.bytes().map(char::from) {
        let blank = character.is_whitespace();
        if gap && !blank {
            out.push(character);
        }
        gap = blank;
    }
    out
}

/// A text no longer than `width`, with dots for what is left out.
fn abbreviated(text: &[u8], offset: i64, width: usize) -> Result<Vec<u8>, Trouble> {
    if text.is_empty() || width < 4 {
        return Ok(Vec::new());
    }
    let length = text.len();
    if length <= width {
        return Ok(text.to_vec());
    }
    let mut offset = offset.min(i64::try_from(length).unwrap_or(i64::MAX));
    let room = width - 3;
    let signed = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    if signed(length) - offset < signed(room) {
        offset = signed(length - room);
    }
    if offset <= 4 {
        return Ok([&text[..room], b"..."].concat());
    }
    if width < 7 {
        return Ok(Vec::new());
    }
    let offset = size(offset);
    if offset + room < length {
        let rest = abbreviated(&text[offset..], 0, room)?;
        return Ok([b"...", rest.as_slice()].concat());
    }
    Ok([b"...", &text[length - room..]].concat())
}

/// Lines no longer than `width`, as far as there are blanks; words that are too long are cut if
/// `cuts`.
fn wrapped(meter: &mut Meter, text: &str, width: i64, separator: &str, cuts: bool) -> Outcome {
    let separator = if separator.is_empty() {
        "\n"
    } else {
        separator
    };
    let width = size(width).max(1);
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut offset = 0;
    while bytes.len() - offset > width {
        meter.charge(separator.len())?;
        if bytes[offset] == b' ' {
            offset += 1;
            continue;
        }
        let line = &bytes[offset..=offset + width];
        let (end, next) = match line.iter().rposition(|byte| *byte == b' ') {
            Some(space) => (offset + space, offset + space + 1),
            None if cuts => (offset + width, offset + width),
            None => match bytes[offset + width..]
                .iter()
                .position(|byte| *byte == b' ')
            {
                Some(space) => (offset + width + space, offset + width + space + 1),
                None => break,
            },
        };
        out.extend_from_slice(&bytes[offset..end]);
        out.extend_from_slice(separator.as_bytes());
        offset = next;
    }
    out.extend_from_slice(&bytes[offset..]);
    whole(&out)
}

fn is_connector(character: char) -> bool {
    matches!(character, '-' | '_') || character.is_whitespace()
}

/// How camel case begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Camel {
    /// `someWords`
    Lower,
    /// `SomeWords`
    Upper,
}

/// `some_words` as one word.
pub(super) fn camel(text: &str, start: Camel) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    // What connects at the start stays.
    while let Some(connector) = characters.next_if(|c| is_connector(*c)) {
        out.push(connector);
    }
    let Some(first) = characters.next() else {
        if start == Camel::Lower {
            // The last of nothing but these comes twice.
            out.extend(text.chars().next_back());
        }
        return out;
    };
    // Whether a word has had capital letters only.
    let mut capitals = first.is_uppercase();
    let mut current = match start {
        Camel::Lower => lower(first),
        Camel::Upper => upper(first),
    };
    for character in characters {
        let before = std::mem::replace(&mut current, character);
        if !is_connector(before) {
            if capitals && current.is_uppercase() {
                current = lower(current);
            } else {
                capitals = false;
            }
            out.push(before);
        } else if is_connector(current) {
            out.push(before);
        } else {
            capitals = current.is_uppercase();
            current = upper(current);
        }
    }
    let lowered = capitals && start == Camel::Lower;
    out.push(if lowered { lower(current) } else { current });
    out
}

/// What a stretch of characters is, when a text is taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stretch {
    None,
    Number,
    Upper,
    Letters,
    Connector,
    Punctuation,
    Other,
}

fn is_letter(character: char) -> bool {
    // Scripts without upper and lower case have no words of this kind.
    character.is_alphabetic() && (character.is_lowercase() || character.is_uppercase())
}

fn is_punctuation(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_punctuation() && !"$+<=>^`|~".contains(character);
    }
    matches!(character, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}')
}

/// The next stretch and what is left.
fn stretch(text: &str) -> (Stretch, &str, &str) {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return (Stretch::None, "", "");
    };
    let run = |is: &dyn Fn(char) -> bool| {
        let rest = &text[first.len_utf8()..];
        first.len_utf8() + rest.find(|c| !is(c)).unwrap_or(rest.len())
    };
    let lower = |c: char| is_letter(c) && !c.is_uppercase();
    let (kind, end) = if is_connector(first) {
        (Stretch::Connector, run(&is_connector))
    } else if is_punctuation(first) {
        (Stretch::Punctuation, run(&is_punctuation))
    } else if first.is_uppercase() {
        let end = match characters.next() {
            Some(second) if second.is_uppercase() => {
                let end = run(&char::is_uppercase);
                let before = text[..end].chars().next_back().map_or(0, char::len_utf8);
                // The last capital letter begins the next word.
                if text[end..].starts_with(is_letter) {
                    end - before
                } else {
                    end
                }
            }
            Some(second) if is_letter(second) => run(&lower),
            _ => first.len_utf8(),
        };
        (Stretch::Upper, end)
    } else if is_letter(first) {
        (Stretch::Letters, run(&lower))
    } else if first.is_numeric() {
        (Stretch::Number, run(&char::is_numeric))
    } else {
        let other =
            |c: char| !(is_connector(c) || is_letter(c) || c.is_numeric() || is_punctuation(c));
        (Stretch::Other, run(&other))
    };
    (kind, &text[..end], &text[end..])
}

/// `FirstName` as `first-name`.
fn separated(text: &str, connector: char) -> String {
    use Stretch::{Connector, Letters, None as Nothing, Number, Punctuation, Upper};
    let mut out = String::new();
    let write = |out: &mut String, kind: Stretch, word: &str| {
        if matches!(kind, Upper | Connector) {
            let change = |c: char| if is_connector(c) { connector } else { lower(c) };
            out.extend(word.chars().map(change));
        } else {
            out.push_str(word);
        }
    };
    let (mut kind, mut word, mut rest) = stretch(text);
    while !rest.is_empty() {
        if kind != Connector {
            write(&mut out, kind, word);
        }
        let (before, last) = (kind, word);
        (kind, word, rest) = stretch(rest);
        match before {
            Number => {
                while matches!(kind, Letters | Number) {
                    write(&mut out, kind, word);
                    (kind, word, rest) = stretch(rest);
                }
                if !matches!(kind, Nothing | Punctuation | Connector) {
                    out.push(connector);
                }
            }
            Connector => write(&mut out, before, last),
            Punctuation => {}
            _ if kind != Number => {
                if !matches!(kind, Connector | Punctuation) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word, rest) = stretch(rest);
                if kind == Letters {
                    // Small letters behind a number belong to it: `HTTP2xx` is `http_2xx`.
                    out.push(connector);
                    write(&mut out, Number, number);
                    while matches!(kind, Letters | Number) {
                        write(&mut out, kind, word);
                        (kind, word, rest) = stretch(rest);
                    }
                    if !matches!(kind, Nothing | Connector | Punctuation) {
                        out.push(connector);
                    }
                } else {
                    // A number belongs to the word before: `Bld4Floor` is `bld4_floor`.
                    write(&mut out, Number, number);
                    if !matches!(kind, Connector | Punctuation) {
                        out.push(connector);
                    }
                }
            }
        }
    }
    write(&mut out, kind, word);
    out
}
