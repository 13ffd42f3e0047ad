//! JSON text, written.

use std::fmt::Write as _;

use crate::side_by_side::in_parts;

/// No more than this is asked for on a guess.
const MUCH: usize = 1 << 24;

/// Writes indented JSON.
pub(crate) struct Writer {
    out: String,
    depth: usize,
    /// Whether the collection at hand has an entry already.
    filled: bool,
    /// Whether a key was just written.
    keyed: bool,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self {
            out: String::with_capacity(1 << 12),
            depth: 0,
            filled: false,
            keyed: false,
        }
    }

    /// The text, with a newline at the end.
    pub(crate) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    pub(crate) fn key(&mut self, key: &str) {
        self.entry();
        self.quoted(key);
        self.out.push_str(": ");
        self.keyed = true;
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.entry();
        self.quoted(text);
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.entry();
        self.out.push_str(text);
    }

    pub(crate) fn object(&mut self, body: impl FnOnce(&mut Self)) {
        self.collection('{', '}', body);
    }

    pub(crate) fn array<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.collection('[', ']', |out| {
            for item in items {
                each(out, item);
            }
        });
    }

    /// An object of very many entries, which `each` writes, key and value.
    pub(crate) fn object_of<T: Sync>(&mut self, items: &[T], each: impl Fn(&mut Self, &T) + Sync) {
        self.collection('{', '}', |out| {
            let depth = out.depth;
            let parts = in_parts(items, |items| {
                let mut part = Self::new();
                part.depth = depth;
                for (at, item) in items.iter().enumerate() {
                    each(&mut part, item);
                    // The first entry stands for all: a text that grows in steps is copied often.
                    if at == 0 {
                        part.out.reserve((items.len() * part.out.len()).min(MUCH));
                    }
                }
                part.out
            });
            out.out
                .reserve(parts.iter().map(|part| part.len() + 1).sum());
            for part in parts.iter().filter(|part| !part.is_empty()) {
                if out.filled {
                    out.out.push(',');
                }
                out.out.push_str(part);
                out.filled = true;
            }
        });
    }

    fn collection(&mut self, open: char, close: char, body: impl FnOnce(&mut Self)) {
        self.entry();
        self.out.push(open);
        self.depth += 1;
        self.filled = false;
        body(self);
        self.depth -= 1;
        if self.filled {
            self.line();
        }
        self.out.push(close);
        self.filled = true;
    }

    /// What stands between entries, unless this is the value of a key.
    fn entry(&mut self) {
        if std::mem::take(&mut self.keyed) {
            return;
        }
        if self.depth > 0 {
            if self.filled {
                self.out.push(',');
            }
            self.line();
        }
        self.filled = true;
    }

    fn line(&mut self) {
        const BLANKS: &str = "                                ";
        self.out.push('\n');
        let mut missing = self.depth * 2;
        while missing > 0 {
            let part = missing.min(BLANKS.len());
            self.out.push_str(&BLANKS[..part]);
            missing -= part;
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        // By bytes, as all that is escaped is ASCII.
        while let Some(at) = rest
            .bytes()
            .position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)
        {
            self.out.push_str(&rest[..at]);
            match rest.as_bytes()[at] {
                b'"' => self.out.push_str("\\\""),
                b'\\' => self.out.push_str("\\\\"),
                b'\n' => self.out.push_str("\\n"),
                b'\r' => self.out.push_str("\\r"),
                b'\t' => self.out.push_str("\\t"),
                other => {
                    let _infallible = write!(self.out, "\\u{other:04x}");
                }
            }
            rest = &rest[at + 1..];
        }
        self.out.push_str(rest);
        self.out.push('"');
    }
}
