//! Corefiles: any text is kept and checked without a panic, and our part of one is found again.

#![no_main]

use dns_zone::Marker;
use dns_zone::corefile::{Known, check, parse};
use libfuzzer_sys::fuzz_target;
use yaml_tree::Source;

fuzz_target!(|text: &str| {
    let parsed = parse(&Source::new("Corefile", text));
    let corefile = parsed.value.expect("there is always a value");
    check(&corefile, &Known::default());
    assert_eq!(corefile.to_string(), text);
    let marker = Marker::new('#', "ours");
    if let Ok(put) = marker.put(text.as_bytes(), b"a {\n}\n") {
        let block = marker.find(&put).expect("it was just put").expect("it was just put");
        assert!(block.is_intact);
    }
});
