//! Rules for text: what Compose checks by patterns.

use super::shape::Rule;
use crate::grammar::is_pull_policy;

/// `container_name`. Compose looks for the pattern anywhere in the text, which comes down to two
/// characters beside each other.
pub(super) const CONTAINER_NAME: Rule = Rule {
    holds: |text| {
        text.as_bytes().windows(2).any(|pair| {
            pair[0].is_ascii_alphanumeric()
                && (pair[1].is_ascii_alphanumeric() || b"_.-".contains(&pair[1]))
        })
    },
    advice: "write at least two characters: a letter or digit, then letters, digits, `_`, `.` or `-`",
};

/// `pull_policy`.
pub(super) const PULL_POLICY: Rule = Rule {
    holds: is_pull_policy,
    advice: "write `always`, `never`, `build`, `if_not_present`, `missing`, `refresh`, `daily`, \
             `weekly` or an interval such as `every_12h`",
};
