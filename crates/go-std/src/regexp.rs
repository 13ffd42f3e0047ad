//! Regular expressions, as Go's package `regexp` reads them (RE2).
//!
//! An expression is spelled anew for the crate `regex`, so that it means there what it means in Go:
//! `\d` and `\w` are ASCII, a brace that counts nothing is a brace, `[a&&b]` is four characters,
//! `a**` is an error.

use std::fmt::Write as _;

use regex::{NoExpand, Regex, RegexBuilder};

/// The most that a repetition may count to.
const MOST: u32 = 1000;

/// A regular expression of Go, ready to match.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    /// It is the empty text.
    empty: bool,
}

impl Pattern {
    /// An expression, as `regexp.Compile` reads it.
    ///
    /// # Errors
    /// Why Go refuses it, in words of ours; also an expression that takes more than 10 MiB.
    pub fn new(pattern: &str) -> Result<Self, String> {
        Self::within(pattern, 10 << 20)
    }

    /// An expression that takes no more than so many bytes when it is ready: less for those who
    /// read many.
    ///
    /// # Errors
    /// As [`Pattern::new`].
    pub fn within(pattern: &str, size: usize) -> Result<Self, String> {
        let mut reader = Reader {
            rest: pattern,
            out: String::with_capacity(pattern.len() + 8),
        };
        reader.expression()?;
        let regex = RegexBuilder::new(&reader.out).size_limit(size).build();
        let regex = regex.map_err(|error| {
            // The last line says what is wrong, those before draw the place.
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            reason.to_owned()
        })?;
        let empty = pattern.is_empty();
        Ok(Self { regex, empty })
    }

    /// Whether it matches anywhere in the text, as `MatchString`.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The first match, as `FindString`; nothing where Go gives the empty text.
    pub fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.regex.find(text).map(|found| found.as_str())
    }

    /// The matches, as `FindAllString`, up to a number of them.
    pub fn find_all<'t>(&self, text: &'t str, limit: usize) -> Vec<&'t str> {
        let found = self.regex.find_iter(text).take(limit);
        found.map(|found| found.as_str()).collect()
    }

    /// The text with another in place of each match, as `ReplaceAllString`: `$1` and `${name}` in
    /// it are what groups matched.
    pub fn replace_all(&self, text: &str, by: &str) -> String {
        self.regex.replace_all(text, by).into_owned()
    }

    /// The text with another in place of each match, as `ReplaceAllLiteralString`.
    pub fn replace_all_literal(&self, text: &str, by: &str) -> String {
        self.regex.replace_all(text, NoExpand(by)).into_owned()
    }

    /// What is between the matches, as `Split`, in no more than so many parts.
    pub fn split<'t>(&self, text: &'t str, limit: usize) -> Vec<&'t str> {
        if limit == 0 {
            return Vec::new();
        }
        if !self.empty && text.is_empty() {
            return vec![""];
        }
        let mut parts = Vec::new();
        let (mut start, mut end) = (0, 0);
        for found in self.regex.find_iter(text).take(limit) {
            if parts.len() + 1 == limit {
                break;
            }
            end = found.start();
            if found.end() != 0 {
                parts.push(&text[start..end]);
            }
            start = found.end();
        }
        if end != text.len() {
            parts.push(&text[start..]);
        }
        parts
    }
}

/// An expression that matches exactly the text, as `regexp.QuoteMeta`.
pub fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// The classes that have names of their own between brackets.
const ASCII_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Goes through an expression.
struct Reader<'p> {
    rest: &'p str,
    out: String,
}

impl<'p> Reader<'p> {
    fn expression(&mut self) -> Result<(), String> {
        let mut repeated = false;
        while let Some(character) = self.next() {
            let was_repeated = std::mem::take(&mut repeated);
            match character {
                '*' | '+' | '?' => {
                    self.out.push(character);
                    repeated = true;
                }
                '{' => match self.count() {
                    Some(count) => {
                        let count = count_within(count)?;
                        let _ = write!(self.out, "{{{count}}}");
                        repeated = true;
                    }
                    None => self.literal('{'),
                },
                '[' => self.class()?,
                '(' => self.group()?,
                '\\' => self.escape()?,
                '.' | '^' | '$' | '|' | ')' => self.out.push(character),
                literal => self.literal(literal),
            }
            if repeated {
                if was_repeated {
                    return Err("a repetition of a repetition".to_owned());
                }
                if self.skip("?") {
                    self.out.push('?');
                }
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes what stands before `end`, and the end.
    fn until(&mut self, end: &str) -> Option<&'p str> {
        let (taken, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(taken)
    }

    fn literal(&mut self, character: char) {
        self.out
            .push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }

    /// `{2}`, `{2,}` or `{2,3}`, of which the first brace has been read.
    fn count(&mut self) -> Option<&'p str> {
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (count, rest) = self.rest.split_once('}')?;
        let (least, most) = count.split_once(',').unwrap_or((count, ""));
        if !is_number(least) || !(most.is_empty() || is_number(most)) {
            return None;
        }
        self.rest = rest;
        Some(count)
    }

    /// The start of a group, of which the parenthesis has been read.
    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if !self.skip("?") {
            return Ok(());
        }
        self.out.push('?');
        for name in ["P<", "<"] {
            if self.skip(name) {
                self.out.push_str(name);
                return Ok(());
            }
        }
        let flags = self.rest.find([':', ')']).map(|end| &self.rest[..end]);
        match flags {
            Some(flags) if flags.chars().all(|flag| "imsU-".contains(flag)) => {
                self.out.push_str(flags);
                self.rest = &self.rest[flags.len()..];
                // What ends the flags is no literal either.
                self.out.extend(self.rest.chars().next());
                self.rest = &self.rest[1..];
                Ok(())
            }
            _ => Err("no such group or flag".to_owned()),
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<(), String> {
        let kind = self.rest.chars().next();
        match kind {
            Some('A' | 'z') => {
                self.out.push('\\');
                let anchor = self.next();
                self.out.extend(anchor);
            }
            // The boundaries of ASCII words.
            Some('b') => {
                self.next();
                self.out.push_str(r"(?-u:\b)");
            }
            Some('B') => {
                self.next();
                self.out.push_str(r"(?-u:\B)");
            }
            Some('Q') => {
                self.next();
                let quoted = match self.until(r"\E") {
                    Some(quoted) => quoted,
                    None => std::mem::take(&mut self.rest),
                };
                // Each by itself, for a repetition repeats the last.
                quoted.chars().for_each(|quoted| self.literal(quoted));
            }
            _ => {
                if !self.named_class()? {
                    let character = self.escaped_character()?;
                    self.literal(character);
                }
            }
        }
        Ok(())
    }

    /// `d`, `pL`, `p{Greek}` and the like, whose backslash has been read.
    fn named_class(&mut self) -> Result<bool, String> {
        let ascii = match self.rest.chars().next() {
            Some('d') => "[0-9]",
            Some('D') => "[^0-9]",
            Some('s') => r"[\t\n\f\r ]",
            Some('S') => r"[^\t\n\f\r ]",
            Some('w') => "[0-9A-Za-z_]",
            Some('W') => "[^0-9A-Za-z_]",
            Some(kind @ ('p' | 'P')) => {
                self.next();
                return self.unicode_class(kind == 'P').map(|()| true);
            }
            _ => return Ok(false),
        };
        self.next();
        self.out.push_str(ascii);
        Ok(true)
    }

    fn unicode_class(&mut self, mut negated: bool) -> Result<(), String> {
        let unknown = || "no such class of characters".to_owned();
        let before = self.rest;
        let mut name = if self.skip("{") {
            self.until("}").ok_or_else(unknown)?
        } else {
            let letter = self.next().ok_or_else(unknown)?;
            &before[..letter.len_utf8()]
        };
        if let Some(other) = name.strip_prefix('^') {
            negated = !negated;
            name = other;
        }
        let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        if !is_name {
            return Err(unknown());
        }
        let letter = if negated { 'P' } else { 'p' };
        let _ = write!(self.out, "\\{letter}{{{name}}}");
        Ok(())
    }

    /// One character, of which the backslash has been read.
    fn escaped_character(&mut self) -> Result<char, String> {
        let bad = || "a backslash with nothing it could mean".to_owned();
        let before = self.rest;
        let character = self.next().ok_or_else(bad)?;
        let code = match character {
            'a' => 0x07,
            'f' => 0x0c,
            'n' => u32::from(b'\n'),
            'r' => u32::from(b'\r'),
            't' => u32::from(b'\t'),
            'v' => 0x0b,
            '0'..='7' => {
                let is_octal = |byte: &u8| (b'0'..=b'7').contains(byte);
                let digits = before.bytes().take(3).take_while(is_octal).count();
                if character != '0' && digits == 1 {
                    return Err(bad());
                }
                self.rest = &before[digits..];
                u32::from_str_radix(&before[..digits], 8).map_err(|_| bad())?
            }
            'x' => {
                let digits = if self.skip("{") {
                    self.until("}").ok_or_else(bad)?
                } else {
                    let digits = self.rest.get(..2).ok_or_else(bad)?;
                    self.rest = &self.rest[2..];
                    digits
                };
                if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(bad());
                }
                u32::from_str_radix(digits, 16).map_err(|_| bad())?
            }
            other if other.is_ascii() && !other.is_ascii_alphanumeric() => other.into(),
            _ => return Err(bad()),
        };
        char::from_u32(code).ok_or_else(bad)
    }

    /// The characters between brackets, of which the first has been read.
    fn class(&mut self) -> Result<(), String> {
        let bad = || "a class of characters that does not end, or a range the wrong way".to_owned();
        self.out.push('[');
        if self.skip("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.rest.starts_with("[:") {
                if let Some(end) = self.rest.find(":]") {
                    let name = self.rest[2..end].trim_start_matches('^');
                    if !ASCII_CLASSES.contains(&name) {
                        return Err("no such class of characters".to_owned());
                    }
                    self.out.push_str(&self.rest[..end + 2]);
                    self.rest = &self.rest[end + 2..];
                    continue;
                }
            } else if let Some(escaped) = self.rest.strip_prefix('\\') {
                let whole = std::mem::replace(&mut self.rest, escaped);
                if self.named_class()? {
                    continue;
                }
                self.rest = whole;
            }
            let low = self.class_character().ok_or_else(bad)??;
            let mut high = low;
            let is_range = self.rest.len() > 1 && !self.rest.starts_with("-]");
            if is_range && self.skip("-") {
                high = self.class_character().ok_or_else(bad)??;
            }
            if high < low {
                return Err(bad());
            }
            let _ = write!(
                self.out,
                "\\x{{{:X}}}-\\x{{{:X}}}",
                u32::from(low),
                u32::from(high)
            );
        }
        self.next();
        self.out.push(']');
        Ok(())
    }

    fn class_character(&mut self) -> Option<Result<char, String>> {
        match self.next()? {
            '\\' => Some(self.escaped_character()),
            character => Some(Ok(character)),
        }
    }
}

/// A count, if it is no more than Go counts.
fn count_within(count: &str) -> Result<&str, String> {
    let mut numbers = count.split(',').filter(|number| !number.is_empty());
    if numbers.all(|number| number.parse().is_ok_and(|number: u32| number <= MOST)) {
        Ok(count)
    } else {
        Err(format!("a repetition of more than {MOST}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn expressions_mean_what_they_mean_in_go() {
        for (pattern, text, found) in [
            (r"{\w+}", "a{x}", Some("{x}")),
            (r"x{,2}", "xx x{,2}", Some("x{,2}")),
            (r"a{2,}", "aaa", Some("aaa")),
            (r"\d", "٣", None),
            (r"[\d.]+", "a1.2", Some("1.2")),
            (r"\w+", "é_1", Some("_1")),
            (r"[^\W]+", "éa", Some("a")),
            (r"\bx\b", "éxé", Some("x")),
            (r"[a&&b]+", "&&", Some("&&")),
            (r"[a-c--b]", "b", Some("b")),
            (r"[[]", "[", Some("[")),
            (r"[]a]+", "]a", Some("]a")),
            (r"[[:alpha:]-]+", "a-1", Some("a-")),
            (r"\Qa.b*\E+", "a.b**", Some("a.b**")),
            (r"\<a\>", "<a>", Some("<a>")),
            (r"\101\x42\x{43}", "ABC", Some("ABC")),
            (r"\pL+\P{L}", "éb1", Some("éb1")),
            (r"\p{^Greek}", "α1", Some("1")),
            (r"(?P<n>a)(?<m>b)(?i:C)", "abc", Some("abc")),
            (r"(?i)k", "\u{212a}", Some("\u{212a}")),
            (r"a b#", "a b#", Some("a b#")),
            (r"a*?b}]", "aab}]", Some("aab}]")),
        ] {
            let compiled = Pattern::new(pattern).unwrap();
            assert_eq!(compiled.find(text), found, "{pattern}");
        }
    }

    #[test]
    fn what_go_refuses_is_an_error() {
        for pattern in [
            "(",
            ")",
            "[",
            "[b-a]",
            "*",
            "a**",
            "a{2}{3}",
            "a+?*",
            "a{1001}",
            r"\",
            r"\8",
            r"\1",
            r"\q",
            r"\Z",
            r"\C",
            r"[\b]",
            "(?x)a",
            "(?=a)",
            "(?<=a)",
            r"\p{nosuch}",
            r"\p{L",
            "[[:nosuch:]]",
            "{2}",
        ] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
