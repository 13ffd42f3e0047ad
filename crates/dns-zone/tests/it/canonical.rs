//! Records, beside what BIND 9.18 makes of the same zone
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
        .records()
        .map(|record| {
            let owner = record.owner.to_string().to_ascii_lowercase();
            let (ttl, kind, data) = (record.ttl, record.kind(), &record.data);
            format!("{owner} {ttl} IN {kind} {data}")
        })
        .collect();
    let mut theirs: Vec<_> = include_str!("fixtures/types.bind")
        .lines()
        .map(for_everybody)
        .collect();
    ours.sort();
    theirs.sort();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.len(), theirs.len());
}

/// Forms of BIND that Knot does not read.
fn for_everybody(line: &str) -> String {
    let forms = [
        ("x'y.", "x\\'y."),
        (" 14:4fff:", " 0014:4fff:"),
        (" 2001:db8:1140:1000", " 2001:0db8:1140:1000"),
    ];
    forms.iter().fold(line.to_owned(), |line, (theirs, ours)| {
        line.replace(theirs, ours)
    })
}

#[test]
fn names_of_types_that_not_everybody_knows_are_numbers() {
    let text = "$TTL 60\na AVC \"x\"\nb MB c\nd NSEC a A AVC\ne SVCB 1 . dohpath=/q{?dns}\nf NSEC3PARAM 1 0 0 -\n";
    let options = LoadOptions::new("home.lab".parse().unwrap());
    let canonical = parse("zone", text, &options).zone.to_canonical();
    let lines: Vec<_> = canonical.lines().collect();
    assert_eq!(
        lines,
        [
            "a.home.lab. 60 IN TYPE258 \\# 2 0178",
            "b.home.lab. 60 IN TYPE7 \\# 12 016304686F6D65036C616200",
            "d.home.lab. 60 IN NSEC a.home.lab. A TYPE258",
            "e.home.lab. 60 IN SVCB 1 . key7=\"/q{?dns}\"",
            "f.home.lab. 60 IN NSEC3PARAM 1 0 0 -",
        ]
    );
}
