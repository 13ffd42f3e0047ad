//! Words to blocks.

use yaml_tree::{Diagnostic, Parsed, Source, Span};

use super::lexer::words;
use super::{Corefile, Directive, Item, ServerBlock, Snippet, Word};

/// The deepest nesting of braces.
const DEEPEST: usize = 64;

/// Parses a Corefile.
///
/// Diagnostics, all errors: `corefile::unclosed` (a brace or a quote), `corefile::unexpected-brace`,
/// `corefile::no-brace` (a snippet without), `corefile::extra-comma`, `corefile::bad-import`,
/// `corefile::snippet-twice`, `corefile::too-deep`. The rest of the text is read in spite of them.
pub fn parse(source: &Source) -> Parsed<Corefile> {
    let mut parser = Parser {
        words: words(source),
        at: 0,
        found: Vec::new(),
    };
    parser.unclosed_quote(source);
    let items = parser.items();
    Parsed {
        value: Some(Corefile {
            source: source.clone(),
            items,
        }),
        diagnostics: parser.found,
    }
}

struct Parser {
    /// The words with their lines.
    words: Vec<(usize, Word)>,
    at: usize,
    found: Vec<Diagnostic>,
}

impl Parser {
    fn error(&mut self, code: &'static str, span: &Span, message: impl Into<String>) {
        self.found
            .push(Diagnostic::error(code, message).primary(span.clone(), ""));
    }

    fn unclosed_quote(&mut self, source: &Source) {
        let Some((_, last)) = self.words.last() else {
            return;
        };
        let written = last.span.text();
        if last.quoted
            && (written.len() < 2 || !written.ends_with('"') || written.ends_with("\\\""))
        {
            let span = source.span(last.span.start(), last.span.start() + 1);
            self.error("corefile::unclosed", &span, "this quote is not closed");
        }
    }

    /// Whether a word is a brace. Quotes do not change that for CoreDNS.
    fn is(&self, brace: &str) -> bool {
        self.words
            .get(self.at)
            .is_some_and(|(_, word)| word.text == brace)
    }

    fn next(&mut self) -> Option<Word> {
        let word = self.words.get(self.at)?.1.clone();
        self.at += 1;
        Some(word)
    }

    /// Whether the next word is the first of a line.
    fn at_new_line(&self) -> bool {
        let Some((line, _)) = self.words.get(self.at) else {
            return true;
        };
        let Some((before, last)) = self.at.checked_sub(1).and_then(|at| self.words.get(at)) else {
            return true;
        };
        before + last.text.matches('\n').count() < *line
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some((_, word)) = self.words.get(self.at) {
            let word = word.clone();
            if word.text == "import" && self.at_new_line() {
                self.at += 1;
                if let Some(pattern) = self.import(&word) {
                    items.push(Item::Import(pattern));
                }
                continue;
            }
            if word.text == "}" {
                self.error(
                    "corefile::unexpected-brace",
                    &word.span,
                    "this brace closes nothing",
                );
                self.at += 1;
                continue;
            }
            let keys = self.keys();
            match keys.as_slice() {
                [key] if key.text.starts_with('(') && key.text.ends_with(')') => {
                    let key = key.clone();
                    self.snippet(key, &mut items);
                }
                _ => {
                    let block = self.server(keys);
                    items.push(Item::Server(block));
                }
            }
        }
        items
    }

    /// The pattern behind `import`.
    fn import(&mut self, import: &Word) -> Option<Word> {
        let mut words = Vec::new();
        while !self.at_new_line() && !self.is("}") {
            words.extend(self.next());
        }
        match words.as_slice() {
            [] => self.error(
                "corefile::bad-import",
                &import.span,
                "`import` of what? write a file, a pattern or a snippet",
            ),
            [pattern] if pattern.text.is_empty() => {
                let span = pattern.span.clone();
                self.error(
                    "corefile::bad-import",
                    &span,
                    "`import` of what? write a file, a pattern or a snippet",
                );
            }
            [_, second, ..] => {
                let span = second.span.clone();
                self.error(
                    "corefile::bad-import",
                    &span,
                    "`import` takes one file, pattern or snippet",
                );
            }
            [_] => {}
        }
        words.into_iter().next()
    }

    fn keys(&mut self) -> Vec<Word> {
        let mut keys: Vec<Word> = Vec::new();
        let mut comma: Option<Span> = None;
        loop {
            if self.is("{") {
                if let Some(comma) = comma {
                    self.error(
                        "corefile::extra-comma",
                        &comma,
                        "another address is missing behind this comma",
                    );
                }
                return keys;
            }
            let Some(mut word) = self.next() else {
                return keys;
            };
            comma = None;
            if word.text.ends_with(',') {
                comma = Some(word.span.slice(word.span.text().len() - 1, usize::MAX));
                word.span = word.span.slice(0, word.span.text().len() - 1);
                word.text.pop();
            }
            if !word.text.is_empty() {
                keys.push(word);
            }
            if self.at >= self.words.len() {
                if let Some(comma) = comma {
                    self.error(
                        "corefile::extra-comma",
                        &comma,
                        "another address is missing behind this comma",
                    );
                }
                return keys;
            }
            if comma.is_none() && self.at_new_line() {
                return keys;
            }
        }
    }

    fn snippet(&mut self, key: Word, items: &mut Vec<Item>) {
        if !self.is("{") {
            self.error(
                "corefile::no-brace",
                &key.span,
                "a snippet needs `{` behind its name",
            );
            return;
        }
        let open = self.next();
        let directives = self.lines(1);
        self.close(open.as_ref());
        let earlier = items.iter().find_map(|item| match item {
            Item::Snippet(other) if other.key.text == key.text => Some(other.key.span.clone()),
            _ => None,
        });
        if let Some(earlier) = earlier {
            let message = format!("the snippet `{}` is there already", key.text);
            self.found.push(
                Diagnostic::error("corefile::snippet-twice", message)
                    .primary(key.span.clone(), "")
                    .secondary(earlier, "the first one"),
            );
        }
        items.push(Item::Snippet(Snippet { key, directives }));
    }

    fn server(&mut self, keys: Vec<Word>) -> ServerBlock {
        let mut block = ServerBlock {
            keys,
            directives: Vec::new(),
            braces: None,
            crowded: None,
        };
        let open = if self.is("{") { self.next() } else { None };
        if open.is_some() && !self.at_new_line() {
            let first = self.words.get(self.at).map(|(_, word)| word.span.clone());
            block.crowded = first.map(|first| self.rest_of_line(&first));
        }
        if open.is_none() {
            // Everything up to the end of the file is in it.
            while self.at < self.words.len() {
                block.directives.extend(self.lines(1));
                if let Some(brace) = self.next() {
                    self.error(
                        "corefile::unexpected-brace",
                        &brace.span,
                        "this brace closes nothing",
                    );
                }
            }
            return block;
        }
        block.directives = self.lines(1);
        let close = self.close(open.as_ref());
        block.braces = open.zip(close).map(|(open, close)| (open.span, close));
        block
    }

    fn rest_of_line(&self, first: &Span) -> Span {
        let mut at = self.at + 1;
        let mut last = first.clone();
        let line = self.words.get(self.at).map(|(line, _)| *line);
        while let Some((other, word)) = self.words.get(at)
            && Some(*other) == line
        {
            last = word.span.clone();
            at += 1;
        }
        first.to(&last)
    }

    /// Takes the closing brace that belongs to `open`.
    fn close(&mut self, open: Option<&Word>) -> Option<Span> {
        if self.is("}") {
            return self.next().map(|word| word.span);
        }
        if let Some(open) = open {
            self.error("corefile::unclosed", &open.span, "this brace is not closed");
        }
        None
    }

    /// The lines up to the closing brace of the block, or the end.
    fn lines(&mut self, depth: usize) -> Vec<Directive> {
        let mut lines = Vec::new();
        while self.at < self.words.len() && !self.is("}") {
            let Some(name) = self.next() else { break };
            if name.text == "{" {
                self.error(
                    "corefile::unexpected-brace",
                    &name.span,
                    "this brace belongs to no directive",
                );
                continue;
            }
            if name.text == "import" {
                let import = self.import(&name);
                lines.push(Directive {
                    name,
                    arguments: import.into_iter().collect(),
                    body: None,
                });
                continue;
            }
            let mut line = Directive {
                name,
                arguments: Vec::new(),
                body: None,
            };
            loop {
                // A block may open on the next line; further words are arguments of the line.
                if self.is("{") {
                    let open = self.next();
                    if depth >= DEEPEST {
                        if let Some(open) = &open {
                            let message = format!("braces are nested more than {DEEPEST} deep");
                            self.error("corefile::too-deep", &open.span, message);
                        }
                        self.at = self.words.len();
                        break;
                    }
                    let inner = self.lines(depth + 1);
                    self.close(open.as_ref());
                    line.body.get_or_insert_default().extend(inner);
                } else if self.at_new_line() || self.is("}") || self.at >= self.words.len() {
                    break;
                } else {
                    line.arguments.extend(self.next());
                }
            }
            lines.push(line);
        }
        lines
    }
}
