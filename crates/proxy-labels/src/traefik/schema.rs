//! How Traefik's dynamic configuration is described: one table a block, from which decoding,
//! printing, encoding and the lints follow.

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Bool,
    Int,
    /// Nanoseconds; a bare number in a label is seconds.
    Duration,
    /// Texts, separated by commas.
    List,
    /// Texts by name; the rest of the key is the name, dots and all.
    TextMap,
    /// Numbers by name.
    IntMap,
    /// Whatever a plugin takes, by plugin name.
    Raw,
    /// One block.
    Block(&'static Table),
    /// A list of blocks, written with an index (`domains[0].main`).
    Blocks(&'static Table),
    /// A list that labels can give just one item, without an index (`server.port`).
    Single(&'static Table),
    /// Blocks by name.
    Named(&'static Table),
}

/// What a field is when nobody sets it, in a block that somebody made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Preset {
    None,
    Bool(bool),
    Int(i64),
    Millis(i64),
    Text(&'static str),
    List(&'static [&'static str]),
    /// The block itself, with its own presets.
    Block,
}

/// A field of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// The name in Traefik's file provider and API. Labels write it in any case.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) preset: Preset,
    /// A block that may be written bare: empty or `true` makes it.
    pub(crate) bare: bool,
    /// Shown even when it is zero, false or empty.
    pub(crate) zero: bool,
    /// Labels may write it, and Traefik does not look at it.
    pub(crate) ignored: bool,
    /// Not part of the file format: a help of the label form, such as `server.port`.
    pub(crate) label_only: bool,
    /// Why it should not be used any more.
    pub(crate) deprecated: Option<&'static str>,
}

/// A block: its fields, in the order in which Traefik shows them.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Table {
    /// The field a label means by `name`, whatever its case.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| same(field.label_name(), name))
    }

    /// The index of a field that is known to be there, by its exact name.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The names that labels may write.
    pub(crate) fn label_names(&self) -> impl Iterator<Item = &'static str> {
        self.fields
            .iter()
            .filter(|field| !field.ignored)
            .map(Field::label_name)
    }
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            preset: Preset::None,
            bare: false,
            zero: false,
            ignored: false,
            label_only: false,
            deprecated: None,
        }
    }

    pub(crate) const fn preset(mut self, preset: Preset) -> Self {
        self.preset = preset;
        self
    }

    pub(crate) const fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    pub(crate) const fn zero(mut self) -> Self {
        self.zero = true;
        self
    }

    pub(crate) const fn ignored(mut self) -> Self {
        self.ignored = true;
        self
    }

    pub(crate) const fn label_only(mut self) -> Self {
        self.label_only = true;
        self
    }

    pub(crate) const fn deprecated(mut self, why: &'static str) -> Self {
        self.deprecated = Some(why);
        self
    }

    /// What a label calls it: lists of one item are written in the singular.
    pub(crate) fn label_name(&self) -> &'static str {
        match self.kind {
            Kind::Single(_) => "server",
            _ => self.name,
        }
    }

    /// Whether a label may not give it a value of its own, only fields below.
    pub(crate) fn is_block(&self) -> bool {
        matches!(
            self.kind,
            Kind::Block(_) | Kind::Named(_) | Kind::TextMap | Kind::IntMap | Kind::Raw
        )
    }

    /// What Traefik's error messages call the kind.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Text => "string",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Duration => "int64",
            Kind::List | Kind::Blocks(_) | Kind::Single(_) => "slice",
            Kind::TextMap | Kind::IntMap | Kind::Raw | Kind::Named(_) => "map",
            Kind::Block(_) => "struct",
        }
    }
}

/// Whether two names are the same but for case, as Go's `EqualFold` sees it.
pub(crate) fn same(one: &str, other: &str) -> bool {
    // Most names differ in their first letter.
    if let (Some(a), Some(b)) = (one.as_bytes().first(), other.as_bytes().first())
        && a.is_ascii()
        && b.is_ascii()
        && !a.eq_ignore_ascii_case(b)
    {
        return false;
    }
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().map(fold).eq(other.chars().map(fold))
}

/// A character without its case; the two letters whose fold is ASCII are among them.
pub(crate) fn fold(character: char) -> char {
    match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => {
            let mut lower = other.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => other,
            }
        }
    }
}
