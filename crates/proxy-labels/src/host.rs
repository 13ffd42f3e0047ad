//! Host names.

/// A host name in its ASCII form: letters outside ASCII become punycode, the rest lower case. `None`
/// if it is no host name. A leading `*.` stays.
///
/// ```
/// assert_eq!(proxy_labels::host_to_ascii("Bücher.example").as_deref(), Some("xn--bcher-kva.example"));
/// assert_eq!(proxy_labels::host_to_ascii("a b"), None);
/// ```
pub fn host_to_ascii(name: &str) -> Option<String> {
    to_ascii(name)
}

pub(crate) fn to_ascii(name: &str) -> Option<String> {
    let (wildcard, rest) = match name.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", name),
    };
    let ascii = idna::domain_to_ascii(rest).ok()?;
    is_name(&ascii).then(|| format!("{wildcard}{ascii}"))
}

/// Whether a text can be the name of a host: labels of letters, digits and `-`, also `_`, as local
/// networks have it.
pub(crate) fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
}
