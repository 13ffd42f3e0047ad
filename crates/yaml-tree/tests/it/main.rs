//! The public face of `yaml-tree`, by subject.

mod support;

mod spans;
