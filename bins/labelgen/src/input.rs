//! Where containers come from: JSON, or Compose files.

pub(crate) mod compose;
pub(crate) mod json;
