//! Placeholder.
mod value;
pub use value::{Data, Map, Value};

pub mod dotenv;
mod go;
mod interpolate;
pub use interpolate::{InterpolateError, InterpolateErrorKind, Variable, interpolate, variables};
