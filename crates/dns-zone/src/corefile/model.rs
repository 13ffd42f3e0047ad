//! What stands in a Corefile.

use std::fmt;

use yaml_tree::{Source, Span};

use super::Address;

/// A parsed Corefile. `Display` prints the text that was parsed, byte for byte.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Corefile {
    /// The text.
    pub source: Source,
    /// What stands in it, in order.
    pub items: Vec<Item>,
}

/// Something at the top of a Corefile.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// A server block.
    Server(ServerBlock),
    /// A snippet, `(name) { … }`.
    Snippet(Snippet),
    /// `import PATTERN`.
    Import(Word),
}

/// A server block: addresses and what is done with their queries.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerBlock {
    /// The addresses as written, without commas.
    pub keys: Vec<Word>,
    /// What stands in the block, in order.
    pub directives: Vec<Directive>,
    /// Where the braces are; a file with one block may leave them out.
    pub braces: Option<(Span, Span)>,
    /// What stands behind the opening brace on its line, where CoreDNS misreads it.
    pub crowded: Option<Span>,
}

/// A snippet, which `import` puts in somewhere else.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snippet {
    /// The name with its parentheses.
    pub key: Word,
    /// What stands in it.
    pub directives: Vec<Directive>,
}

/// A line of a block, with the lines in its own braces.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Directive {
    /// Its first word: a plugin, or an option of one.
    pub name: Word,
    /// The words behind it.
    pub arguments: Vec<Word>,
    /// The lines in its braces; `None` without any.
    pub body: Option<Vec<Self>>,
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The text it stands for; variables are not put in.
    pub text: String,
    /// Where it stands, its quotes included.
    pub span: Span,
    /// Whether it stands in quotes.
    pub quoted: bool,
}

impl Word {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a variable of the environment stands in it.
    pub fn has_variable(&self) -> bool {
        self.text.contains("{$") || self.text.contains("{%")
    }
}

impl Corefile {
    /// The server blocks in order.
    pub fn servers(&self) -> impl Iterator<Item = &ServerBlock> {
        self.items.iter().filter_map(|item| match item {
            Item::Server(block) => Some(block),
            _ => None,
        })
    }
}

impl ServerBlock {
    /// The addresses, those that have no variables in them and make sense.
    pub fn addresses(&self) -> Vec<(&Word, Vec<Address>)> {
        let keys = self.keys.iter().filter(|key| !key.has_variable());
        keys.filter_map(|key| Some((key, Address::read(&key.text).ok()?)))
            .collect()
    }

    /// The directives of a plugin.
    pub fn all<'b>(&'b self, plugin: &'b str) -> impl Iterator<Item = &'b Directive> {
        self.directives
            .iter()
            .filter(move |directive| directive.name.text == plugin)
    }

    /// The first directive of a plugin.
    pub fn first(&self, plugin: &str) -> Option<&Directive> {
        self.directives
            .iter()
            .find(|directive| directive.name.text == plugin)
    }
}

impl Directive {
    /// The first line in its braces with this name.
    pub fn option(&self, name: &str) -> Option<&Self> {
        let lines = self.body.iter().flatten();
        lines.into_iter().find(|line| line.name.text == name)
    }

    /// The argument with this number, from 0.
    pub fn argument(&self, at: usize) -> Option<&str> {
        self.arguments.get(at).map(Word::as_str)
    }
}

impl fmt::Display for Corefile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.source.text())
    }
}
