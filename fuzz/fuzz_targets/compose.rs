//! Any text as a Compose file: all stages, printed, and typed.
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
        for service in project.services() {
            let _names = project.container_names(&service).take(9).count();
            let _networks = project.networks_of(&service);
            let _swarm = service.swarm_only();
        }
        let _jobs = project.jobs().count();
    }
});
