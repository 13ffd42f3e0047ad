//! Rules for text: what Compose checks by patterns.

use super::shape::Rule;

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
    holds: |text| match text.strip_prefix("every_") {
        Some(interval) => is_interval(interval),
        None => PULL_POLICIES.contains(&text),
    },
    advice: "write `always`, `never`, `build`, `if_not_present`, `missing`, `refresh`, `daily`, \
             `weekly` or an interval such as `every_12h`",
};

const PULL_POLICIES: [&str; 8] = [
    "always",
    "never",
    "build",
    "if_not_present",
    "missing",
    "refresh",
    "daily",
    "weekly",
];

/// One or more of a whole number and one of the units `w d h m s`.
fn is_interval(text: &str) -> bool {
    let mut digits = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'w' | b'd' | b'h' | b'm' | b's' if digits > 0 => digits = 0,
            _ => return false,
        }
    }
    !text.is_empty() && digits == 0
}
