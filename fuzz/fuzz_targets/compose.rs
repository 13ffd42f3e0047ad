//! Any text as a Compose file: all stages, printed, and read again.
#![no_main]

use std::collections::BTreeMap;

use compose_model::{MemoryFiles, Options, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    if let Ok(project) = load(&files, &Options::new("/lab", BTreeMap::new())) {
        let _json = project.to_json();
        let _yaml = project.to_yaml();
        for name in project.service_names() {
            let _hash = project.service_hash(name);
        }
    }
});
