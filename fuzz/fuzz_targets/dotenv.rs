//! Any text as an env file, in both dialects.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lookup = |name: &str| (name.len() % 2 == 0).then(|| name.to_owned());
    let _compose = compose_model::dotenv::parse(text, &lookup, &mut |_| {});
    let _raw = compose_model::dotenv::parse_raw(text, &lookup);
    match castfile::dotenv::parse(text) {
        Ok(entries) => entries.iter().for_each(|entry| {
            assert!(text.get(entry.name_range.clone()).is_some());
            assert!(text.get(entry.value_range.clone()).is_some());
        }),
        Err(error) => assert!(!error.issues.is_empty()),
    }
});
