//! From keys to the names of environment variables.

use std::fmt;
use std::str::FromStr;

use crate::Entry;

/// A name that every shell and every program takes for a variable: letters, digits and `_`, no digit
/// at the front.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvName(String);

/// A text is no name of a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name:?} is no name for an environment variable: use letters, digits and `_`, no digit first"
)]
pub struct InvalidEnvName {
    /// The text.
    pub name: String,
}

impl EnvName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvName {
    type Err = InvalidEnvName;

    fn from_str(name: &str) -> Result<Self, InvalidEnvName> {
        let is_fit = |char: char| char.is_ascii_alphanumeric() || char == '_';
        if name.chars().all(is_fit)
            && !name.starts_with(|char: char| char.is_ascii_digit())
            && !name.is_empty()
        {
            return Ok(Self(name.to_owned()));
        }
        Err(InvalidEnvName {
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for EnvName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How names are made from keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// From the whole key: `shop/db-password` is `SHOP_DB_PASSWORD`.
    #[default]
    Path,
    /// From the title alone: `shop/db-password` is `DB_PASSWORD`, as `.env` files name things.
    Leaf,
    /// As the Go kpv makes them from whole keys, with `_` before every capital:
    /// `POSTGRES_PASSWORD` is `P_O_S_T_G_R_E_S__P_A_S_S_W_O_R_D`.
    Kpv,
}

/// A name of a [`Naming`] is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no naming `{0}`: there are `path`, `leaf` and `kpv`")]
pub struct UnknownNaming(String);

impl FromStr for Naming {
    type Err = UnknownNaming;

    fn from_str(name: &str) -> Result<Self, UnknownNaming> {
        match name {
            "path" => Ok(Self::Path),
            "leaf" => Ok(Self::Leaf),
            "kpv" => Ok(Self::Kpv),
            _ => Err(UnknownNaming(name.to_owned())),
        }
    }
}

impl Naming {
    /// The name for a key.
    ///
    /// Letters are put in capitals, every run of other characters is one `_`, as is the step from a
    /// small letter or digit to a capital (`fooBar` is `FOO_BAR`) unless there are no small letters
    /// at all; none at the ends; a digit at the front gets one before it. What is not ASCII counts as
    /// other characters.
    ///
    /// # Errors
    /// When nothing is left of the key.
    ///
    /// ```
    /// use vault::Naming;
    /// assert_eq!(Naming::Path.name("default/postgres-password")?.as_str(), "DEFAULT_POSTGRES_PASSWORD");
    /// assert_eq!(Naming::Leaf.name("default/postgres-password")?.as_str(), "POSTGRES_PASSWORD");
    /// assert_eq!(Naming::Path.name("fooBar.2")?.as_str(), "FOO_BAR_2");
    /// # Ok::<(), vault::InvalidEnvName>(())
    /// ```
    pub fn name(self, key: &str) -> Result<EnvName, InvalidEnvName> {
        let trimmed = key.trim_matches('/');
        let name = match self {
            Self::Path => words(trimmed),
            Self::Leaf => words(trimmed.rsplit('/').next().unwrap_or_default()),
            Self::Kpv => kpv(trimmed),
        };
        let name = match name.chars().next() {
            Some(first) if first.is_ascii_digit() => format!("_{name}"),
            _ => name,
        };
        name.parse().map_err(|_| InvalidEnvName {
            name: key.to_owned(),
        })
    }

    /// The name for an entry, whose title may have a `/` in it.
    ///
    /// # Errors
    /// As [`name`](Self::name).
    pub fn of(self, entry: &Entry) -> Result<EnvName, InvalidEnvName> {
        match self {
            Self::Leaf => Self::Path.name(entry.title()),
            _ => self.name(&entry.key().to_string()),
        }
    }
}

fn words(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 4);
    // what is in capitals already is a name, and `S3BUCKET` is one word
    let has_small = key.contains(|char: char| char.is_ascii_lowercase());
    let mut before = '_';
    for char in key.chars() {
        if char.is_ascii_alphanumeric() {
            let starts_word = has_small
                && char.is_ascii_uppercase()
                && (before.is_ascii_lowercase() || before.is_ascii_digit());
            if starts_word {
                name.push('_');
            }
            name.push(char.to_ascii_uppercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
        before = char;
    }
    name.trim_matches('_').to_owned()
}

/// The rule of the Go kpv: `_` before each capital, and before a small letter that follows one
/// inside a word of capitals.
fn kpv(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    let mut name = String::with_capacity(key.len() * 2);
    for (at, &char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        if char.is_ascii_uppercase() {
            if before.is_some() {
                name.push('_');
            }
            name.push(char);
        } else if char.is_ascii_lowercase() {
            if before.is_some_and(|before| before.is_ascii_uppercase()) {
                name.push('_');
            }
            name.push(char.to_ascii_uppercase());
        } else if char.is_ascii_digit() {
            name.push(char);
        } else {
            name.push('_');
        }
    }
    name
}

/// Two keys would be one variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{first}` and `{second}` would both be the variable `{name}`")]
pub struct NameClash {
    /// The variable.
    pub name: EnvName,
    /// One key.
    pub first: String,
    /// The other.
    pub second: String,
}

/// Whether all variables are different.
///
/// # Errors
/// The first two keys with one name.
pub fn check_names<'a>(
    names: impl IntoIterator<Item = (&'a EnvName, &'a str)>,
) -> Result<(), NameClash> {
    let mut seen: Vec<(&EnvName, &str)> = Vec::new();
    for (name, key) in names {
        if let Some((_, first)) = seen.iter().find(|other| other.0 == name) {
            return Err(NameClash {
                name: name.clone(),
                first: (*first).to_owned(),
                second: key.to_owned(),
            });
        }
        seen.push((name, key));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_become_names() {
        let path = |key: &str| {
            Naming::Path
                .name(key)
                .map(|name| name.0)
                .unwrap_or_default()
        };
        assert_eq!(path("POSTGRES_PASSWORD"), "POSTGRES_PASSWORD");
        assert_eq!(path("camelCaseKey2"), "CAMEL_CASE_KEY2");
        assert_eq!(path("key2X"), "KEY2_X");
        assert_eq!(path("S3BUCKET"), "S3BUCKET");
        assert_eq!(path("HTTPServer"), "HTTPSERVER");
        assert_eq!(path("2fa"), "_2FA");
        assert_eq!(path("--a//b  c--"), "A_B_C");
        assert_eq!(path("größe"), "GR_E");
        assert_eq!(path("äöü"), "");
        assert_eq!(path(""), "");
    }

    /// As observed with the Go kpv.
    #[test]
    fn the_old_rule() {
        let kpv = |key: &str| Naming::Kpv.name(key).unwrap().0;
        assert_eq!(kpv("POSTGRES_PASSWORD"), "P_O_S_T_G_R_E_S__P_A_S_S_W_O_R_D");
        assert_eq!(kpv("fooBar"), "FOO_B_AR");
        assert_eq!(kpv("camelCaseKey2"), "CAMEL_C_ASE_K_EY2");
        assert_eq!(
            kpv("default/postgres-password"),
            "DEFAULT_POSTGRES_PASSWORD"
        );
    }

    #[test]
    fn two_keys_with_one_name_are_told() {
        let names = ["a-b", "a_b"].map(|key| (Naming::Path.name(key).unwrap(), key));
        let clash = check_names(names.iter().map(|(name, key)| (name, *key))).unwrap_err();
        assert_eq!(
            clash.to_string(),
            "`a-b` and `a_b` would both be the variable `A_B`"
        );
    }

    proptest! {
        #[test]
        fn names_are_names_and_stay_so(key in any::<String>()) {
            if let Ok(name) = Naming::Path.name(&key) {
                let text = name.as_str();
                prop_assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'));
                prop_assert!(text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
                // a digit at the front keeps the `_` it got
                let again = Naming::Path.name(text);
                prop_assert_eq!(again.unwrap(), name);
            }
        }
    }
}
