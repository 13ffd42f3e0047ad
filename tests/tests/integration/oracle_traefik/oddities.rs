//! What labels can get wrong.

mod middlewares;
mod others;
mod routers;
mod services;

use serde_json::{Value, json};

use super::{compare, container, labels, program};

/// A container by name, and its labels: one mistake or oddity.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

#[test]
fn oddities_of_labels() {
    let Some(program) = program() else { return };
    let all = [
        routers::CASES,
        services::CASES,
        middlewares::CASES,
        others::CASES,
    ];
    let containers: Vec<Value> = all
        .concat()
        .iter()
        .enumerate()
        .map(|(at, (name, pairs))| container(at, name, &labels(pairs.iter().copied())))
        .collect();
    assert!(compare(&program, &containers, &json!({})) > 150);
}
