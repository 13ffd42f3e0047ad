//! The one test binary of this package; modules beside it, by topic.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails, in its helpers as well"
)]

mod backup;
mod databases;
mod engine;
mod example_dns;
mod example_engine;
mod example_files;
mod example_labels;
mod exec;
mod notify;
mod oracle_caddy;
mod oracle_compose;
mod oracle_config;
mod oracle_dns;
mod oracle_traefik;
mod oracle_zonegen;
mod restic;
mod schedule;
mod secrets;
mod vault;
mod zonegen_disk;
mod zonegen_watch;

/// A file which no `mod` line names would never run.
#[test]
fn no_module_is_forgotten() {
    let dir = homelab_tests::repository().join("tests/tests/integration");
    let main = fs_err::read_to_string(dir.join("main.rs")).unwrap();
    for entry in dir.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().trim_end_matches(".rs");
        assert!(
            name == "main" || main.lines().any(|line| line == format!("mod {name};")),
            "{} is not named in main.rs",
            entry.file_name()
        );
    }
}
