//! Label keys as places in a Caddyfile.

use super::block::UNORDERED;

/// How deep a key may go: enough for every directive, too little for the stack to matter.
const MAX_DEPTH: usize = 100;

/// One level of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path<'k> {
    /// The key of the block above; empty at the top.
    pub(crate) parent: &'k str,
    pub(crate) order: i64,
    /// What is written, an escaped dot as a dot.
    pub(crate) name: String,
    /// Whether a number was taken off its start or end.
    pub(crate) stripped: bool,
}

/// A key that makes caddy-docker-proxy panic, or that is not worth reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    EmptyName,
    TooDeep,
}

/// Takes the last level off a key.
pub(crate) fn parse(key: &str) -> Result<Path<'_>, PathError> {
    // A dot behind a backslash does not divide.
    let dot = key
        .char_indices()
        .rev()
        .find(|(at, character)| *character == '.' && !key[..*at].ends_with('\\'));
    let (parent, level) = match dot {
        Some((at, _)) => (&key[..at], &key[at + 1..]),
        None => ("", key),
    };
    let bad_parent = dot.is_some() && (parent.is_empty() || parent.contains('\n'));
    if level.is_empty() || bad_parent {
        return Err(PathError::EmptyName);
    }
    let mut name = level;
    let mut order = UNORDERED;
    if let Some((digits, rest)) = level.split_once('_')
        && is_number(digits)
        && !rest.is_empty()
    {
        // A number too large is the largest there is.
        order = digits.parse().unwrap_or(i64::MAX);
        name = rest;
    }
    if let Some((rest, digits)) = name.rsplit_once('_')
        && is_number(digits)
        && !rest.is_empty()
    {
        name = rest;
    }
    Ok(Path {
        parent,
        order,
        name: name.replace("\\.", "."),
        stripped: name.len() != level.len(),
    })
}

/// Whether a key is readable at every level.
pub(crate) fn check(key: &str) -> Result<(), PathError> {
    let mut rest = key;
    for _ in 0..MAX_DEPTH {
        let path = parse(rest)?;
        if path.parent.is_empty() {
            return Ok(());
        }
        rest = path.parent;
    }
    Err(PathError::TooDeep)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The canonical form of a key: its prefix as `caddy`. `None` if it is none of Caddy's.
pub(crate) fn canonical(key: &str, prefix: &str) -> Option<String> {
    let rest = key.strip_prefix(prefix)?;
    let after = match rest.strip_prefix('_') {
        Some(number) => {
            let digits = number.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            &number[digits..]
        }
        None => rest,
    };
    (after.is_empty() || after.starts_with('.')).then(|| format!("caddy{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{UNORDERED, canonical, check, parse};

    fn level(key: &str) -> (String, i64, String) {
        let path = parse(key).unwrap();
        (path.parent.to_owned(), path.order, path.name)
    }

    #[test]
    fn numbers_come_off_both_ends_of_every_level() {
        for (key, parent, order, name) in [
            ("caddy", "", UNORDERED, "caddy"),
            ("caddy_1", "", UNORDERED, "caddy"),
            ("caddy.respond_2", "caddy", UNORDERED, "respond"),
            ("caddy.1_handle", "caddy", 1, "handle"),
            ("caddy.1_a_2", "caddy", 1, "a"),
            ("caddy.1_", "caddy", UNORDERED, "1_"),
            ("caddy._1", "caddy", UNORDERED, "_1"),
            ("caddy.1_2", "caddy", 1, "2"),
            ("caddy.1__2", "caddy", 1, "_2"),
            ("caddy.a.b\\.c", "caddy.a", UNORDERED, "b.c"),
            ("caddy.X-Foo_1", "caddy", UNORDERED, "X-Foo"),
            ("caddy.99999999999999999999_a", "caddy", i64::MAX, "a"),
        ] {
            assert_eq!(
                level(key),
                (parent.to_owned(), order, name.to_owned()),
                "{key}"
            );
        }
    }

    #[test]
    fn keys_that_bring_the_generator_down_are_refused() {
        for key in ["caddy.", "caddy..a", "caddy.a."] {
            assert!(check(key).is_err(), "{key}");
        }
        assert!(check(&"caddy.a".repeat(1_000)).is_err());
    }

    #[test]
    fn labels_of_others_are_not_touched() {
        assert_eq!(
            canonical("caddy_10.a", "caddy").as_deref(),
            Some("caddy_10.a")
        );
        assert_eq!(
            canonical("my-caddy.a", "my-caddy").as_deref(),
            Some("caddy.a")
        );
        for key in ["Caddy", "caddy_enable", "caddyfile", "caddy_", "caddy-a.b"] {
            assert_eq!(canonical(key, "caddy"), None, "{key}");
        }
    }
}
