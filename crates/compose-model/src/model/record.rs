//! Structures and words, written as tables.

/// A structure whose attributes are read by their names, or by the text in parentheses behind the
/// name, as their type says, or by the function behind `=`.
///
/// What cannot be read of it is left out. `with PART: TYPE` takes in another structure that is
/// written at the same level, to which it dereferences.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident $(with $part:ident: $part_type:ty)? {
            $($(#[$of_field:meta])* $field:ident $(($key:literal))?: $type:ty $(= $read:path)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                /// What it has in common with others; its fields are reached directly as well.
                pub $part: $part_type,
            )?
            $($(#[$of_field])* pub $field: $type,)*
        }

        impl $crate::model::decode::Record for $name {
            fn knows(key: &str) -> bool {
                [$($crate::model::record::record!(@key $field $($key)?)),*].contains(&key)
                    $(|| <$part_type as $crate::model::decode::Record>::knows(key))?
            }

            fn fields(
                value: &$crate::value::Value,
                log: &mut $crate::model::decode::Log,
            ) -> Option<Self> {
                Some(Self {
                    $($part: $crate::model::decode::Record::fields(value, log)?,)?
                    $($field: $crate::model::record::record!(
                        @read value, log, ($field $($key)?), ($($read)?)
                    ),)*
                })
            }
        }

        impl $crate::model::decode::Decode for $name {
            fn decode(
                value: &$crate::value::Value,
                log: &mut $crate::model::decode::Log,
            ) -> Option<Self> {
                $crate::model::decode::structure(value, log)
            }
        }

        $(
            impl std::ops::Deref for $name {
                type Target = $part_type;

                fn deref(&self) -> &$part_type {
                    &self.$part
                }
            }
        )?
    };
    (@read $value:ident, $log:ident, ($field:ident $($key:literal)?), ()) => {
        $crate::model::decode::attribute(
            $value,
            $crate::model::record::record!(@key $field $($key)?),
            $log,
        )?
    };
    (@read $value:ident, $log:ident, ($field:ident $($key:literal)?), ($read:path)) => {
        $read($value, $crate::model::record::record!(@key $field $($key)?), $log)
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// Words of which an attribute takes one.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$of_word:meta])* $word:ident = $text:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of_word])* $word,)*
        }

        impl $name {
            /// The word as it is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::model::decode::Decode for $name {
            fn decode(
                value: &$crate::value::Value,
                _log: &mut $crate::model::decode::Log,
            ) -> Option<Self> {
                match value.as_str()? {
                    $($text => Some(Self::$word),)*
                    _ => None,
                }
            }
        }
    };
}

pub(super) use {record, words};
