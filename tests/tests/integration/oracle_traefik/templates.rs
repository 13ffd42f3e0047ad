//! The functions of templates, in the real program's default rule.

use std::fmt::Write as _;

use serde_json::json;

use super::{compare, container, labels, program};

/// Templates and what Go made of them, which the crate is tested with.
const VECTORS: &str = include_str!("../../../../crates/go-template/src/vectors.json");

/// All templates that work are put into one rule; what it then is shows what each has become.
#[test]
fn templates_of_rules() {
    let Some(program) = program() else { return };
    let vectors: Vec<(String, Option<String>)> = serde_json::from_str(VECTORS).unwrap();
    // A rule knows names and labels only, and a name can be defined once.
    let elsewhere = [
        ".Names",
        ".State",
        ".Created",
        ".HostConfig",
        ".Network",
        "upstreams",
        "{{ http",
        "define",
        "block",
    ];
    let mut rule = String::new();
    let mut count = 0;
    for (template, result) in &vectors {
        if result.is_some() && !elsewhere.iter().any(|word| template.contains(word)) {
            let _infallible = write!(rule, "<{template}>");
            count += 1;
        }
    }
    assert!(count > 80, "{count} templates");
    let pairs = [
        ("caddy", "a.example"),
        ("host", "hh"),
        ("port", "8080"),
        ("com.docker.compose.service", "sv"),
        ("list", "a, b,c"),
        ("n", "3"),
    ];
    let containers = [container(0, "web-1", &labels(pairs))];
    compare(&program, &containers, &json!({"defaultRule": rule}));
}
