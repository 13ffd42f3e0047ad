//! Any text with variables, in both dialects.
#![no_main]

use castfile::{Env, expand};
use compose_model::{interpolate, variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lookup = |name: &str| (name.len() % 2 == 0).then(|| format!("<{name}>"));
    if let Err(error) = interpolate(text, &lookup, &mut |_| {}) {
        let range = error.range();
        assert!(text.get(range).is_some());
    }
    for variable in variables(text) {
        assert!(text.get(variable.range).is_some());
    }
    let mut env: Env = [("A", "1"), ("B", "$A"), ("LONG", "é ü")].into_iter().collect();
    if let Err(error) = expand::expand(text, &mut env, None) {
        assert!(text.get(error.start..error.end).is_some());
    }
    for reference in expand::references(text) {
        assert!(text.get(reference.range).is_some());
    }
});
