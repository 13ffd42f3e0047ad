//! Zones beside five checkers (named-checkzone, kzonecheck, nsd-checkzone, ldns-read-zone, validns)
//! and three servers (BIND, Knot, NSD).

mod canonical;
mod checkers;
mod hickory;
mod includes;
mod mutants;
mod rules;
mod servers;
mod zones;

use dns_zone::{CheckOptions, LoadOptions, Loaded, Name};

/// The zone all of them are about.
const ORIGIN: &str = "home.lab";

fn origin() -> Name {
    ORIGIN.parse().unwrap()
}

fn read(text: impl AsRef<[u8]>) -> Loaded {
    dns_zone::parse("zone", text, &LoadOptions::new(origin()))
}

/// The codes of our errors.
fn errors(loaded: &Loaded) -> Vec<String> {
    let found = dns_zone::check(loaded, &CheckOptions::default());
    let errors = found.iter().filter(|found| found.is_error());
    errors
        .map(|found| format!("{} {found}", found.code))
        .collect()
}

/// How many zones are generated; the variable is for a longer look.
fn rounds(usual: u64) -> u64 {
    let more = std::env::var("DNS_ROUNDS").ok();
    more.and_then(|more| more.parse().ok()).unwrap_or(usual)
}
