//! Where containers come from: JSON, or Compose files.

pub(crate) mod json;
