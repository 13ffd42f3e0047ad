//! One module a verb.

pub(crate) mod check;
pub(crate) mod convert;
pub(crate) mod decode;
pub(crate) mod explain;
pub(crate) mod synth;
