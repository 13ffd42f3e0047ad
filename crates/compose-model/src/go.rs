//! What Go's standard library does with texts, where Docker Compose shows it.

mod number;

pub(crate) use go_std::path::clean as clean_path;
pub(crate) use go_std::strconv::quote;
pub(crate) use number::{NumberError, parse_float, parse_int};

/// Go's `strconv.ParseBool`.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
