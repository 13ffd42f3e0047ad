//! Values as text, byte for byte as `docker compose config` prints them.
//!
//! Both forms keep the order of the tree. Neither doubles dollars: Docker Compose replaces `$` by
//! `$$` in the whole text after it has been laid out (unless it does not interpolate).

mod json;
mod order;
mod scalar;
mod time;
mod writer;
mod yaml;

#[cfg(test)]
mod tests;

pub(crate) use json::printed_to_json;
pub use json::{JsonError, to_json, to_json_compact};
pub use order::{natural_less, sort_natural};
pub(crate) use yaml::YamlWriter;
pub use yaml::to_yaml;
