//! Any bytes as YAML: no panic, and spans that lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_tree::{Node, Options, Source};

fn check(node: &Node) {
    let span = node.span();
    assert!(span.start() <= span.end() && span.end() <= span.source().text().len());
    let _text = span.text();
    for item in node.as_sequence().unwrap_or_default() {
        check(item);
    }
    for entry in node.as_mapping().map(|map| map.entries()).unwrap_or_default() {
        check(&entry.key);
        check(&entry.value);
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(source) = Source::from_bytes("input", bytes.to_vec()) {
        // Few nodes, so that following aliases again and again stays quick.
        let parsed = yaml_tree::parse(&source, &Options::default().max_nodes(2_000));
        parsed.value.iter().flatten().for_each(check);
        for found in &parsed.diagnostics {
            let _line = found.to_string();
        }
    }
});
