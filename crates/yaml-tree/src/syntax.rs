//! The words for text that is not YAML.

use crate::{Diagnostic, Source};

pub(crate) fn diagnostic(source: &Source, at: usize, info: &str) -> Diagnostic {
    Diagnostic::error("yaml::syntax", info).primary(source.span(at, at + 1), "")
}

pub(crate) fn control_character(source: &Source, at: usize, character: char) -> Diagnostic {
    Diagnostic::error("yaml::control-character", format!("control character U+{:04X}", u32::from(character)))
        .primary(source.span(at, at + 1), "")
}
