//! The canonical form, beside what BIND 9.18 makes of the same zone
//! (`named-compilezone -D -s full -k ignore -i none`, blanks normalised).

use dns_zone::{LoadOptions, parse};

#[test]
fn every_record_type_as_bind_prints_it() {
    let text = include_str!("fixtures/types.zone");
    let options = LoadOptions::new("home.lab".parse().unwrap());
    let loaded = parse("types.zone", text, &options);
    let errors: Vec<_> = loaded
        .diagnostics()
        .iter()
        .filter(|found| found.is_error())
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut ours: Vec<_> = loaded
        .zone
        .to_canonical()
        .lines()
        .map(str::to_owned)
        .collect();
    let mut theirs: Vec<_> = include_str!("fixtures/types.bind")
        .lines()
        .map(str::to_owned)
        .collect();
    ours.sort();
    theirs.sort();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.len(), theirs.len());
}
