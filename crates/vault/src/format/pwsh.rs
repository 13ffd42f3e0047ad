//! PowerShell.

/// In single quotes. PowerShell takes the typographic ones for quotes as well; each stands for
/// itself when it is doubled.
pub(super) fn quote(out: &mut String, value: &str) {
    out.push('\'');
    for char in value.chars() {
        if matches!(char, '\'' | '\u{2018}'..='\u{201B}') {
            out.push(char);
        }
        out.push(char);
    }
    out.push('\'');
}
