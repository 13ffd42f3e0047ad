//! The Caddyfile as blocks.

/// A line of a Caddyfile with the block below it: a site, a snippet, global options, a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// Where it stands among its neighbours; the lowest first.
    pub order: i64,
    /// The words of the line. Global options have none.
    pub keys: Vec<String>,
    /// The lines below.
    pub children: Vec<Self>,
}

/// The order of blocks without a number.
pub(crate) const UNORDERED: i64 = i32::MAX as i64;

impl Block {
    /// A block without anything below it.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self {
            order: UNORDERED,
            keys: keys.into_iter().map(str::to_owned).collect(),
            children: Vec::new(),
        }
    }

    /// Its first word; empty for global options.
    pub fn name(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    /// Whether it holds global options.
    pub fn is_global(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether it is a snippet, `(name)`.
    pub fn is_snippet(&self) -> bool {
        matches!(&*self.keys, [key] if key.starts_with('(') && key.ends_with(')'))
    }

    /// Whether it is a named matcher, `@name`.
    pub fn is_matcher(&self) -> bool {
        self.name().starts_with('@')
    }

    /// The first child with this first word.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name() == name)
    }
}
