//! The vocabulary of the tables: what a value may be.

/// What a value may be.
#[derive(Debug)]
pub(super) enum Shape {
    /// Anything that JSON can express.
    Any,
    /// Null.
    Null,
    /// `true` or `false`.
    Bool,
    /// Text. A date is not: Compose's own check lets it pass, but its decoder refuses it.
    Text,
    /// Text, or a date, of which text is made.
    TextOrDate,
    /// Any number.
    Number,
    /// A number without a fraction; `2.0` is one.
    Whole,
    /// A whole number from the first up to and with the second.
    Within(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Text that a [`Rule`] accepts.
    Like(&'static Rule),
    /// A list.
    List(&'static Self),
    /// A list without repetitions.
    Set(&'static Self),
    /// A mapping with known keys.
    Map(Record),
    /// A mapping whose keys the user chooses.
    Each(Keys, Others, &'static Self),
    /// One of these; no two of them accept the same kind of value.
    Either(&'static [Self]),
}

/// A rule for text that goes beyond "text".
#[derive(Debug)]
pub(super) struct Rule {
    /// Says whether a text follows the rule.
    pub(super) holds: fn(&str) -> bool,
    /// What to write instead, as a sentence without a period.
    pub(super) advice: &'static str,
}

/// Which keys a mapping of [`Shape::Each`] gives a meaning to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// Names of services and resources: letters, digits, `.`, `_`, `-`.
    Names,
    /// Lower-case letters.
    Lower,
    /// One line of text.
    Line,
    /// Text in which there is more than line breaks.
    Text,
}

/// What happens to a key without a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// It is an error.
    Refused,
    /// It is an error unless it starts with `x-`.
    Extensions,
    /// It may be there, with any value.
    Ignored,
}

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct Record {
    /// The keys of its own.
    fields: &'static [Field],
    /// Tables of keys shared with other mappings.
    shared: &'static [&'static [Field]],
    /// The keys that must be there.
    pub(super) required: &'static [&'static str],
    /// If not empty: one of these must be there.
    pub(super) one_of: &'static [&'static str],
    /// What about other keys.
    pub(super) others: Others,
}

/// A key and what its value may be. Tables are sorted by key.
pub(super) type Field = (&'static str, Shape);

/// A mapping with these keys and `x-*`.
pub(super) const fn record(fields: &'static [Field]) -> Record {
    Record {
        fields,
        shared: &[],
        required: &[],
        one_of: &[],
        others: Others::Extensions,
    }
}

impl Record {
    /// Adds the keys of other tables.
    pub(super) const fn and(self, shared: &'static [&'static [Field]]) -> Self {
        Self { shared, ..self }
    }

    /// Keys that must be there.
    pub(super) const fn required(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    /// At least one of these must be there.
    pub(super) const fn one_of(self, one_of: &'static [&'static str]) -> Self {
        Self { one_of, ..self }
    }

    /// Refuses `x-*` too.
    pub(super) const fn closed(self) -> Self {
        Self {
            others: Others::Refused,
            ..self
        }
    }

    /// Accepts any other key.
    pub(super) const fn open(self) -> Self {
        Self {
            others: Others::Ignored,
            ..self
        }
    }

    /// What the value under `key` may be.
    pub(super) fn field(&self, key: &str) -> Option<&'static Shape> {
        self.tables().find_map(|table| {
            let at = table.binary_search_by_key(&key, |(name, _)| name).ok()?;
            Some(&table.get(at)?.1)
        })
    }

    /// All tables of keys.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static [Field]> {
        std::iter::once(self.fields).chain(self.shared.iter().copied())
    }

    /// All known keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.tables().flatten().map(|(name, _)| *name)
    }
}

impl Others {
    /// Whether a key without a meaning may stand there.
    pub(super) fn allow(self, key: &str) -> bool {
        match self {
            Self::Refused => false,
            Self::Extensions => key.starts_with("x-"),
            Self::Ignored => true,
        }
    }
}

impl Keys {
    /// Whether `key` is one of these.
    pub(super) fn contain(self, key: &str) -> bool {
        match self {
            Self::Names => {
                !key.is_empty()
                    && key
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            }
            Self::Lower => !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase()),
            Self::Line => !key.is_empty() && !key.contains('\n'),
            Self::Text => key.bytes().any(|byte| byte != b'\n'),
        }
    }
}
