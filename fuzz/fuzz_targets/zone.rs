//! Any octets as a master file: nothing is lost, nothing panics, and what is printed is the same
//! zone.
#![no_main]

use dns_zone::{CheckOptions, LoadOptions, Name, RecordType, ZoneFile, check, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let file = ZoneFile::parse("zone", text);
    assert_eq!(file.to_bytes(), text);
    let origin: Name = "home.lab".parse().expect("a name");
    let mut options = LoadOptions::new(origin);
    options.max_generated = 1_000;
    let loaded = parse("zone", text, &options);
    let _findings = check(&loaded, &CheckOptions::default());
    for record in loaded.zone.records().take(20) {
        let _answer = loaded.zone.answer(&record.owner, RecordType::A);
    }
    let canonical = loaded.zone.to_canonical();
    let again = parse("canonical", &canonical, &LoadOptions::new(Name::root()));
    assert!(again.is_complete());
    assert_eq!(again.zone.to_canonical(), canonical);
    if loaded.is_complete() {
        let pretty = file.to_pretty();
        let again = parse("pretty", &pretty, &options);
        assert_eq!(again.zone.to_canonical(), canonical);
    }
});
