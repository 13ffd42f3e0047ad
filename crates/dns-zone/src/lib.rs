//! DNS zones.

pub mod corefile;
