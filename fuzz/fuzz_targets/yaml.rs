//! Any bytes as YAML: no panic, spans that lie in the text, and the same from both readers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_tree::{Node, Options, Parsed, Source};

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

fn parse(source: &Source) -> Parsed<Vec<Node>> {
    // Few nodes, so that following aliases again and again stays quick.
    yaml_tree::parse(source, &Options::default().max_nodes(2_000))
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::from_bytes("input", bytes.to_vec()) else {
        return;
    };
    let parsed = parse(&source);
    parsed.value.iter().flatten().for_each(check);
    for found in &parsed.diagnostics {
        let _line = found.to_string();
    }
    // The reader of plain documents leaves a text with a document marker at its end to the parser
    // for all of YAML, to which the marker changes nothing. (There has to be a document before it,
    // and it is no lone scalar: the parser refuses `|2` without text in front of a marker.)
    let documents = parsed.value.as_deref().unwrap_or_default();
    let collection = |node: &Node| node.as_sequence().is_some() || node.as_mapping().is_some();
    let plain = !documents.is_empty() && documents.iter().all(collection);
    if plain && !parsed.has_errors() && source.text().ends_with('\n') {
        let marked = Source::new("input", format!("{}...\n", source.text()));
        let again = parse(&marked);
        assert_eq!(format!("{:?}", parsed.value), format!("{:?}", again.value));
        assert_eq!(again.diagnostics.len(), parsed.diagnostics.len());
    }
});
