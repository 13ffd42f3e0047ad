//! `$INCLUDE` beside the checkers; ldns knows the directive not at all.

use dns_zone::{CheckOptions, LoadOptions, check};
use yaml_tree::Disk;

use super::checkers::Checkers;
use super::origin;

const HEAD: &str = "$TTL 60\n@ SOA ns1 h 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.168.1.2\n";

/// Lines behind the start of a zone, what `more` in its directory holds, and who refuses that.
const CASES: &[(&str, &str, &[&str])] = &[
    ("$INCLUDE more\n", "a A 192.168.1.3\n", &[]),
    ("$INCLUDE more ; it\n", "a A 192.168.1.3\n", &[]),
    ("$INCLUDE ./more\n", "a A 192.168.1.3\n", &[]),
    ("$INCLUDE more\nb A 192.168.1.4\n", "a A 192.168.1.3", &[]),
    (
        "$INCLUDE more\na A 192.168.1.4\n",
        "$ORIGIN x.home.lab.\n@ A 192.168.1.3\n",
        &[],
    ),
    ("a TXT x\n$INCLUDE more\n TXT y\n", "", &[]),
    (
        "$INCLUDE more sub.home.lab.\n",
        "a A 192.168.1.3\n",
        &["validns"],
    ),
    (
        "$INCLUDE more sub\n",
        "a A 192.168.1.3\n",
        &["kzonecheck", "nsd-checkzone", "validns"],
    ),
    (
        "$INCLUDE more\n",
        "a A 192.168.1\n",
        &["named-checkzone", "kzonecheck", "nsd-checkzone", "validns"],
    ),
    (
        "$INCLUDE more x.org.\n",
        "a A 192.168.1.3\n",
        &["nsd-checkzone", "validns"],
    ),
    (
        "$INCLUDE \"more\"\n",
        "a A 192.168.1.3\n",
        &["nsd-checkzone", "validns"],
    ),
    (
        "$INCLUDE (more)\n",
        "a A 192.168.1.3\n",
        &["kzonecheck", "nsd-checkzone"],
    ),
    (
        "$INCLUDE m\\ore\n",
        "a A 192.168.1.3\n",
        &["named-checkzone", "nsd-checkzone", "validns"],
    ),
    ("a TXT x\n$INCLUDE more\n", " TXT y\n", &["kzonecheck"]),
    (
        "$INCLUDE zone\n",
        "",
        &["named-checkzone", "kzonecheck", "nsd-checkzone", "validns"],
    ),
    (
        "$INCLUDE nowhere\n",
        "",
        &["named-checkzone", "kzonecheck", "nsd-checkzone", "validns"],
    ),
];

/// What is right and refused by one of them is a warning, or not even that where validns alone does
/// not know the origin.
const RIGHT: &[&str] = &["$INCLUDE more sub.home.lab.\n", "$INCLUDE more sub\n"];

#[test]
fn included_files_are_refused_as_the_checkers_do() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    let mut wrong = Vec::new();
    for (lines, more, refused) in CASES {
        checkers.file("more", more);
        let text = format!("{HEAD}{lines}");
        let refusals = checkers.refusals(text.as_bytes());
        let mut theirs: Vec<_> = refusals
            .iter()
            .filter_map(|refusal| refusal.split(':').next())
            .collect();
        theirs.retain(|name| *name != "ldns-read-zone");
        let path = checkers.zone();
        let loaded = dns_zone::load(&path, &LoadOptions::new(origin()), &Disk).unwrap();
        let found = check(&loaded, &CheckOptions::default());
        let ours = found.iter().any(yaml_tree::Diagnostic::is_error);
        let wanted = !refused.is_empty() && !RIGHT.contains(lines);
        if theirs != *refused || ours != wanted {
            wrong.push(format!("{lines:?} {more:?}: {theirs:?} {found:#?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}
