//! What a zone means, and what is wrong with that.

use std::sync::Arc;

use yaml_tree::Diagnostic;

use crate::problem::Problem;
use crate::{Loaded, RecordType, Zone};

/// What is known beyond the zone's own text.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CheckOptions {
    /// The zone as it is served now: a change of records has to raise the serial number.
    pub previous: Option<Arc<Zone>>,
}

/// Everything that is wrong with a zone, in its text first, then in what its records mean.
pub fn check(loaded: &Loaded, options: &CheckOptions) -> Vec<Diagnostic> {
    let zone = &loaded.zone;
    let mut problems: Vec<Problem> = loaded.problems().to_vec();
    apex(zone, &mut problems);
    let _ = options;
    let files = zone.files();
    problems
        .iter()
        .map(|problem| problem.to_diagnostic(files))
        .collect()
}

fn apex(zone: &Zone, problems: &mut Vec<Problem>) {
    if zone.soa().is_none() {
        problems.push(
            Problem::error(
                "dns::no-soa",
                format!("the zone `{}` has no SOA record", zone.origin()),
            )
            .help("the first record of a zone is its SOA, at the name of the zone: `@`"),
        );
    }
    let ns = zone
        .records_of(zone.origin())
        .any(|record| record.kind() == RecordType::NS);
    if !ns {
        problems.push(Problem::error(
            "dns::no-ns",
            format!("the zone `{}` has no NS record", zone.origin()),
        ));
    }
}
