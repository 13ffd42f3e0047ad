//! The programs that check zones.

use camino::Utf8PathBuf;
use homelab_tests::{Sandbox, oracle};

use dns_zone::CheckOptions;

use super::{ORIGIN, errors, read, rounds, zones};

/// What validns says of zones that are right: its own way to read, types it does not know, and that
/// a zone is not signed.
const FAULTS: [&str; 9] = [
    "unexpected opening parenthesis",
    "unexpected closing parenthesis",
    "unexpected end of file",
    "should not be empty",
    "no corresponding NSEC3 found",
    "closing quote not found",
    "a dot within a label",
    "unsupported rdtype",
    "apex NSEC not found",
];

/// The five of them, with their paths.
pub(super) struct Checkers {
    programs: Vec<(&'static str, Utf8PathBuf)>,
    sandbox: Sandbox,
}

impl Checkers {
    pub(super) fn find() -> Option<Self> {
        let names = [
            "named-checkzone",
            "kzonecheck",
            "nsd-checkzone",
            "ldns-read-zone",
            "validns",
        ];
        let programs = names.map(|name| Some((name, oracle(name)?)));
        Some(Self {
            programs: programs.into_iter().collect::<Option<_>>()?,
            sandbox: Sandbox::new(),
        })
    }

    /// Where the zone is that they look at.
    pub(super) fn zone(&self) -> Utf8PathBuf {
        self.sandbox.path().join("zone")
    }

    /// Puts a file beside the zone.
    pub(super) fn file(&self, name: &str, text: &str) {
        self.sandbox.file(name, text);
    }

    /// Which of them refuse a zone, and what they say.
    pub(super) fn refusals(&self, text: &[u8]) -> Vec<String> {
        let file = self.zone();
        fs_err::write(&file, text).unwrap();
        let absolute = format!("{ORIGIN}.");
        let mut refusals = Vec::new();
        for (name, path) in &self.programs {
            let args = match *name {
                // not asking the network about hosts outside of the zone
                "named-checkzone" => vec!["-i", "local", ORIGIN, file.as_str()],
                "nsd-checkzone" => vec![ORIGIN, file.as_str()],
                "kzonecheck" => vec!["-o", &absolute, file.as_str()],
                "validns" => vec!["-z", &absolute, file.as_str()],
                _ => vec![file.as_str()],
            };
            let outcome = self.sandbox.run(path, args);
            let fault =
                *name == "validns" && FAULTS.iter().any(|fault| outcome.stderr.contains(fault));
            if outcome.code != Some(0) && !fault {
                refusals.push(format!("{name}: {}{}", outcome.stdout, outcome.stderr));
            }
        }
        refusals
    }

    /// What BIND makes of a zone, one record a line, blanks single; or what it says.
    pub(super) fn compiled(&self, text: &[u8]) -> Result<Vec<String>, String> {
        let file = self.zone();
        fs_err::write(&file, text).unwrap();
        let compile = oracle("named-compilezone").ok_or("it is not there")?;
        let args = [
            "-q", "-D", "-s", "full", "-k", "ignore", "-i", "none", "-o", "-",
        ];
        let outcome = self
            .sandbox
            .run(compile, args.into_iter().chain([ORIGIN, file.as_str()]));
        if outcome.code != Some(0) {
            return Err(outcome.stdout + &outcome.stderr);
        }
        let lines = outcome.stdout.lines().filter(|line| !line.starts_with(';'));
        Ok(lines.map(single_blanks).collect())
    }
}

impl Checkers {
    /// What ldns makes of a zone, one record a line.
    pub(super) fn canonicalised(&self, text: &[u8]) -> Vec<String> {
        let file = self.zone();
        fs_err::write(&file, text).unwrap();
        let ldns = oracle("ldns-read-zone").unwrap();
        let outcome = self
            .sandbox
            .run(ldns, ["-c", "-0", file.as_str()])
            .success();
        outcome.stdout.lines().map(str::to_owned).collect()
    }
}

/// Blanks outside of quotes as one, chunks of digits of binary data joined, the owner in lower case.
fn single_blanks(line: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut escaped = false;
    for c in line.trim_end().chars() {
        if !quoted && (c == ' ' || c == '\t') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    let mut words: Vec<&str> = out.split(' ').collect();
    let digits = match words.get(3).copied() {
        Some("SSHFP") => 6,
        Some("TLSA" | "DS" | "DNSKEY") => 7,
        _ => usize::MAX,
    };
    let joined = words.get(digits..).map(<[&str]>::concat);
    if let Some(joined) = &joined {
        words.truncate(digits);
        words.push(joined);
    }
    let owner = words[0].to_ascii_lowercase();
    words[0] = &owner;
    for_everybody(&words.join(" "))
}

/// What BIND prints otherwise than we do, since some program does not read it.
fn for_everybody(line: &str) -> String {
    let forms = [
        ("t+e=s~t", "t\\+e\\=s\\~t"),
        ("back\\\\slash", "back\\092slash"),
        (
            " NSAP 0x47000580005a0000000001e133ffffff00016200",
            " TYPE22 \\# 20 47000580005A0000000001E133FFFFFF00016200",
        ),
        (" 2001:db8:1140:1000", " 2001:0db8:1140:1000"),
    ];
    forms.iter().fold(line.to_owned(), |line, (theirs, ours)| {
        line.replace(theirs, ours)
    })
}

/// Where we warn and some program refuses: the zone is right, and the servers differ.
const WARNED: [(&str, &[&str]); 25] = [
    ("dns::adjacent-texts", &["kzonecheck"]),
    ("dns::raw-octets", &["kzonecheck"]),
    ("dns::carriage-return", &["kzonecheck", "validns"]),
    ("dns::generic-class", &["kzonecheck", "validns"]),
    ("dns::lower-case-directive", &["ldns-read-zone", "validns"]),
    ("dns::relative-origin", &["kzonecheck", "nsd-checkzone"]),
    ("dns::no-default-ttl", &["validns"]),
    ("dns::mixed-ttl", &["validns"]),
    ("dns::literal-asterisk", &["validns"]),
    ("dns::bare-text", &["ldns-read-zone", "validns"]),
    ("dns::blank-first", &["kzonecheck"]),
    ("dns::parenthesis-touches", &["validns"]),
    ("dns::text-at", &["nsd-checkzone"]),
    (
        "dns::unquoted-text",
        &["nsd-checkzone", "kzonecheck", "ldns-read-zone", "validns"],
    ),
    ("dns::named-path", &["kzonecheck"]),
    ("dns::split-base64", &["kzonecheck"]),
    ("dns::short-groups", &["kzonecheck"]),
    ("dns::signature-time", &["nsd-checkzone"]),
    ("dns::many-zeros", &["kzonecheck"]),
    ("dns::no-types", &["ldns-read-zone"]),
    ("dns::numbered-parameter", &[]),
    (
        "dns::rare-type",
        &["kzonecheck", "nsd-checkzone", "ldns-read-zone", "validns"],
    ),
    (
        "dns::include-relative",
        &["named-checkzone", "nsd-checkzone"],
    ),
    ("dns::include", &["ldns-read-zone"]),
    (
        "dns::generate",
        &["kzonecheck", "nsd-checkzone", "ldns-read-zone", "validns"],
    ),
];

/// Whether a warning says that this program refuses the zone.
fn is_excused(refusal: &str, codes: &[&str]) -> bool {
    let mut rules = WARNED.iter().filter(|(code, _)| codes.contains(code));
    rules.any(|(_, programs)| programs.iter().any(|name| refusal.starts_with(name)))
}

/// Which programs refuse what we write of a zone without errors: the canonical form, but for records
/// that have no form which all take; and the form for people, but for what a warning says of it.
pub(super) fn refused_writing(checkers: &Checkers, text: &[u8]) -> Vec<String> {
    let loaded = read(text);
    if !errors(&loaded).is_empty() {
        return Vec::new();
    }
    let canonical = loaded.zone.to_canonical().into_bytes();
    let pretty = loaded.zone.files()[0].to_pretty();
    let mut refused = Vec::new();
    for (written, formless) in [
        (canonical, Some(["dns::literal-asterisk", "dns::no-types"])),
        (pretty, None),
    ] {
        let found = dns_zone::check(&read(&written), &CheckOptions::default());
        let mut codes: Vec<&str> = found.iter().map(|found| found.code.as_ref()).collect();
        if let Some(formless) = formless {
            codes.retain(|code| formless.contains(code));
        }
        let refusals = checkers.refusals(&written);
        let shown = String::from_utf8_lossy(&written);
        refused.extend(
            refusals
                .iter()
                .filter(|refusal| !is_excused(refusal, &codes))
                .map(|refusal| format!("{refusal}\n{shown}\n")),
        );
    }
    refused
}

/// Where the programs and we are of different minds about a zone.
pub(super) fn disagreement(checkers: &Checkers, text: &[u8]) -> Option<String> {
    let loaded = read(text);
    let found = dns_zone::check(&loaded, &CheckOptions::default());
    let codes: Vec<&str> = found.iter().map(|found| found.code.as_ref()).collect();
    let mut refusals = checkers.refusals(text);
    let all = refusals.len();
    refusals.retain(|refusal| !is_excused(refusal, &codes));
    let ours = errors(&loaded);
    // What every checker takes and no client gets to see.
    let stricter = ["dns::alias-loop", "dns::alias-chain", "dns::ttl"];
    let only_stricter = ours
        .iter()
        .all(|error| stricter.iter().any(|code| error.starts_with(code)));
    let differs = (!refusals.is_empty() && ours.is_empty()) || (all == 0 && !only_stricter);
    differs.then(|| {
        let shown = String::from_utf8_lossy(text);
        format!("{refusals:#?} {ours:#?}\n{shown}\n")
    })
}

#[test]
fn generated_zones_are_taken_by_all_and_by_us() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    for seed in 0..rounds(12) {
        let text = zones::zone(seed, 40);
        let loaded = read(&text);
        assert_eq!(errors(&loaded), Vec::<String>::new(), "{text}");
        let refusals = checkers.refusals(text.as_bytes());
        assert!(refusals.is_empty(), "{seed}: {refusals:?}\n{text}");
        for written in [
            loaded.zone.files()[0].to_pretty(),
            loaded.zone.to_canonical().into_bytes(),
        ] {
            let shown = String::from_utf8_lossy(&written).into_owned();
            let refusals = checkers.refusals(&written);
            assert!(refusals.is_empty(), "{seed}: {refusals:?}\n{shown}");
            assert_eq!(errors(&read(&written)), Vec::<String>::new(), "{shown}");
        }
    }
}
