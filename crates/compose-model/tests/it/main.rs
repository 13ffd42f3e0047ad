//! The public face of `compose-model`, by subject.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests end the test as the tests do"
)]

mod as_json;
mod comparison;
mod support;

mod corpus;
mod everything;
mod examples;
mod homelab;
mod odd;
mod provenance;
mod rules;
mod shapes;
mod templates;
