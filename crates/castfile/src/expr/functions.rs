//! The functions there are.

use super::error::ExprErrorKind;

/// Makes the enum of functions and its table from one list.
macro_rules! functions {
    ($($variant:ident $name:literal $least:literal..$most:expr,)*) => {
        /// A function of values.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(super) enum Function {
            $($variant,)*
        }

        impl Function {
            pub(super) fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// How many arguments it takes, at least and at most.
            pub(super) fn arguments(self) -> (usize, usize) {
                match self {
                    $(Self::$variant => ($least, $most),)*
                }
            }
        }

        const FUNCTIONS: &[&str] = &[$($name,)*];
    };
}

functions! {
    Len "len" 1..1,
    Lower "lower" 1..1,
    Upper "upper" 1..1,
    Trim "trim" 1..2,
    TrimPrefix "trimPrefix" 2..2,
    TrimSuffix "trimSuffix" 2..2,
    Split "split" 2..3,
    Join "join" 1..2,
    Replace "replace" 3..3,
    Repeat "repeat" 2..2,
    IndexOf "indexOf" 2..2,
    LastIndexOf "lastIndexOf" 2..2,
    HasPrefix "hasPrefix" 2..2,
    HasSuffix "hasSuffix" 2..2,
    Int "int" 1..1,
    Float "float" 1..1,
    String "string" 1..1,
    Abs "abs" 1..1,
    Min "min" 1..usize::MAX,
    Max "max" 1..usize::MAX,
    Floor "floor" 1..1,
    Ceil "ceil" 1..1,
    Round "round" 1..1,
    Sum "sum" 1..1,
    First "first" 1..1,
    Last "last" 1..1,
    Take "take" 2..2,
    Reverse "reverse" 1..1,
    Keys "keys" 1..1,
    Values "values" 1..1,
    Type "type" 1..1,
    ToJson "toJSON" 1..1,
}

/// A function which evaluates its second argument for each element of its first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Predicate {
    All,
    Any,
    None,
    One,
    Filter,
    Map,
    Find,
    FindIndex,
    Count,
}

const PREDICATES: &[&str] = &[
    "all",
    "any",
    "none",
    "one",
    "filter",
    "map",
    "find",
    "findIndex",
    "count",
];

impl Predicate {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "all" => Self::All,
            "any" => Self::Any,
            "none" => Self::None,
            "one" => Self::One,
            "filter" => Self::Filter,
            "map" => Self::Map,
            "find" => Self::Find,
            "findIndex" => Self::FindIndex,
            "count" => Self::Count,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
            Self::One => "one",
            Self::Filter => "filter",
            Self::Map => "map",
            Self::Find => "find",
            Self::FindIndex => "findIndex",
            Self::Count => "count",
        }
    }

    /// `count(list)` counts the elements which are true.
    pub(super) fn body_is_optional(self) -> bool {
        self == Self::Count
    }

    pub(super) fn wrong_arguments(self, found: usize) -> ExprErrorKind {
        let expected = if self.body_is_optional() {
            "1 to 2 arguments"
        } else {
            "2 arguments"
        };
        ExprErrorKind::Arguments {
            name: self.name(),
            expected: expected.to_owned(),
            found,
        }
    }
}

/// The names of all functions, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().chain(PREDICATES).copied()
}
