//! GitHub Actions, and others that read such files.

use crate::format::{Export, FormatError};
use crate::{Random, Secret};

/// The commands that keep a value out of the log: one for each line, since logs pass by in lines.
pub(super) fn mask(out: &mut String, value: &Secret) {
    let lines = value.expose().split(['\n', '\r']);
    for line in lines.filter(|line| !line.trim().is_empty()) {
        out.push_str("::add-mask::");
        for char in line.chars() {
            match char {
                '%' => out.push_str("%25"),
                _ => out.push(char),
            }
        }
        out.push('\n');
    }
}

/// `NAME=value`; a value of several lines stands between two delimiters that nobody can foresee.
pub(super) fn assign(
    out: &mut String,
    export: &Export,
    random: &mut dyn Random,
) -> Result<(), FormatError> {
    let (name, value) = (export.name.as_str(), export.value.expose());
    if !value.contains(['\n', '\r']) {
        out.extend([name, "=", value, "\n"]);
        return Ok(());
    }
    let delimiter = loop {
        let mut bytes = [0; 16];
        random.fill(&mut bytes).map_err(FormatError::Random)?;
        let delimiter = format!("ghadelimiter_{:032x}", u128::from_le_bytes(bytes));
        if !value.contains(&delimiter) {
            break delimiter;
        }
    };
    out.extend([name, "<<", &delimiter, "\n", value, "\n", &delimiter, "\n"]);
    Ok(())
}
