//! Extended regular expressions of POSIX, as far as it takes to say whether BIND takes one.

/// Counts in braces are at most that.
const MOST_TIMES: u16 = 255;

const CLASSES: [&[u8]; 12] = [
    b"alnum", b"alpha", b"blank", b"cntrl", b"digit", b"graph", b"lower", b"print", b"punct",
    b"space", b"upper", b"xdigit",
];

/// How many groups a pattern has; or what is wrong with it.
pub(super) fn groups(pattern: &[u8]) -> Result<u8, &'static str> {
    let mut reader = Reader {
        rest: pattern,
        groups: 0,
        open: 0,
    };
    reader.alternatives()?;
    Ok(reader.groups)
}

struct Reader<'p> {
    rest: &'p [u8],
    groups: u8,
    open: usize,
}

type Outcome<T = ()> = Result<T, &'static str>;

/// What stands in front of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing, at the start of an alternative.
    Nothing,
    /// Something that can be repeated.
    Atom,
    /// An anchor or a repetition.
    Repeated,
}

impl Before {
    fn repeated(self) -> Outcome {
        match self {
            Self::Nothing => Err("repeats nothing"),
            Self::Repeated => Err("repeats a repetition"),
            Self::Atom => Ok(()),
        }
    }
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn alternatives(&mut self) -> Outcome {
        let mut before = Before::Nothing;
        // `()` is a group of nothing, `(a|)` is not.
        let mut may_be_empty = false;
        while let Some(byte) = self.next() {
            before = match byte {
                b'\\' => {
                    self.escape()?;
                    Before::Atom
                }
                b'[' => {
                    self.bracket()?;
                    Before::Atom
                }
                b'(' => {
                    self.groups = self.groups.saturating_add(1);
                    self.open += 1;
                    may_be_empty = true;
                    Before::Nothing
                }
                b')' => {
                    if self.open > 0 {
                        if before == Before::Nothing && !may_be_empty {
                            return Err("has an empty alternative");
                        }
                        self.open -= 1;
                    }
                    Before::Atom
                }
                b'|' if before == Before::Nothing => return Err("has an empty alternative"),
                b'|' => {
                    may_be_empty = false;
                    Before::Nothing
                }
                b'^' | b'$' => Before::Repeated,
                b'{' if self.rest.first().is_some_and(u8::is_ascii_digit) => {
                    before.repeated()?;
                    self.times()?;
                    Before::Repeated
                }
                b'*' | b'+' | b'?' => {
                    before.repeated()?;
                    Before::Repeated
                }
                _ => Before::Atom,
            };
        }
        if self.open > 0 {
            return Err("has a group that is not closed");
        }
        if before == Before::Nothing {
            return Err("has an empty alternative");
        }
        Ok(())
    }

    fn escape(&mut self) -> Outcome {
        match self.next() {
            None => Err("ends with a backslash"),
            Some(digit @ b'1'..=b'9') if digit - b'0' > self.groups => {
                Err("refers to a group that is not there")
            }
            Some(_) => Ok(()),
        }
    }

    /// `2}`, `2,}`, `2,5}`.
    fn times(&mut self) -> Outcome {
        let end = self.rest.iter().position(|byte| *byte == b'}');
        let (inner, rest) = end
            .and_then(|end| Some((self.rest.get(..end)?, self.rest.get(end + 1..)?)))
            .ok_or("has a brace that is not closed")?;
        self.rest = rest;
        let text = std::str::from_utf8(inner).unwrap_or("x");
        let (low, high) = text.split_once(',').unwrap_or((text, ""));
        let count = |text: &str| {
            text.parse::<u16>()
                .ok()
                .filter(|count| *count <= MOST_TIMES)
        };
        let low = count(low).ok_or("has a wrong number of repetitions")?;
        if !high.is_empty() && count(high).is_none_or(|high| high < low) {
            return Err("has a wrong number of repetitions");
        }
        Ok(())
    }

    fn bracket(&mut self) -> Outcome {
        if self.rest.first() == Some(&b'^') {
            self.next();
        }
        let mut first = true;
        // The start of a range, as long as one may follow.
        let mut from: Option<u8> = None;
        loop {
            let byte = self.next().ok_or("has a bracket that is not closed")?;
            match byte {
                b']' if !first => return Ok(()),
                b'[' if matches!(self.rest.first(), Some(b':' | b'.' | b'=')) => {
                    self.class()?;
                    from = None;
                }
                b'-' if !first && self.rest.first() != Some(&b']') => {
                    let start = from.take().ok_or("has a range without a start")?;
                    let end = self.next().ok_or("has a bracket that is not closed")?;
                    if end < start {
                        return Err("has a range that ends before it starts");
                    }
                }
                byte => from = Some(byte),
            }
            first = false;
        }
    }

    /// `:digit:]`, `.x.]`, `=x=]`.
    fn class(&mut self) -> Outcome {
        let kind = self.next().unwrap_or(b':');
        let end = self.rest.windows(2).position(|pair| pair == [kind, b']']);
        let end = end.ok_or("has a class that is not closed")?;
        let name = &self.rest[..end];
        if name.is_empty() || (kind == b':' && !CLASSES.contains(&name)) {
            return Err("has a class that is not there");
        }
        self.rest = &self.rest[end + 2..];
        Ok(())
    }
}
