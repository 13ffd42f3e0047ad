//! The rules by which Docker Compose reads a project, one fixture a rule, in `tests/fixtures/rules`.
//!
//! What a fixture says is printed came from the real program, and is compared with it again where
//! that is installed. `HOMELAB_UPDATE=1` writes the results of the fixtures anew: what is printed
//! from the real program, errors and warnings from this crate.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is how a test fails, in its helpers as well"
)]

mod fixture;
mod ours;
mod theirs;

use std::process::Command;
use std::sync::Mutex;

use camino::Utf8Path;
use fixture::{Fixture, directory, fixtures};
use homelab_tests::{compose_oracle, skip};
use ours::Outcome;
use theirs::{Answer, Laid};

/// The program whose answers the fixtures hold.
const DOCKER_COMPOSE: &str = "5.6.1";

/// Fails with all complaints about fixtures.
fn judge(complaints: &[String], of: usize) {
    assert!(
        complaints.is_empty(),
        "{} of {of} rules do not hold:\n\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// A complaint about a fixture, with the lines between the first and the last that differ.
fn complain(fixture: &Fixture, what: &str, stored: &str, found: &str) -> String {
    let (stored, found): (Vec<_>, Vec<_>) = (stored.lines().collect(), found.lines().collect());
    let pairs = stored.iter().zip(&found);
    let start = pairs.take_while(|(one, other)| one == other).count();
    let (stored, found) = (&stored[start..], &found[start..]);
    let pairs = stored.iter().rev().zip(found.iter().rev());
    let end = pairs.take_while(|(one, other)| one == other).count();
    let part = |lines: &[&str]| lines[..lines.len() - end].join("\n");
    format!(
        "=== {}\n{}\n--- {what}, from line {} on, as stored\n{}\n--- as found\n{}\n",
        fixture.name,
        fixture.rule,
        start + 1,
        part(stored),
        part(found)
    )
}

#[test]
fn every_rule_holds() {
    let fixtures = fixtures();
    let mut complaints = Vec::new();
    for fixture in &fixtures {
        check(fixture, &ours::run(fixture), &mut complaints);
    }
    judge(&complaints, fixtures.len());
    assert!(fixtures.len() > 150, "fixtures are missing");
}

fn check(fixture: &Fixture, ours: &Outcome, complaints: &mut Vec<String>) {
    let printed = ours.printed.as_ref();
    let results = [
        ("yaml", printed.map(|printed| &*printed.yaml)),
        ("json", printed.map(|printed| &*printed.json)),
        ("refused", Some(&*ours.refused)),
        ("warned", Some(&*ours.warned)),
    ];
    for (section, found) in results {
        let found = &fixture::whole_lines(found.unwrap_or_default());
        let stored = fixture.section(section);
        if section == "json" && stored.is_none() {
            continue;
        }
        if stored.unwrap_or_default() != found {
            complaints.push(complain(
                fixture,
                section,
                stored.unwrap_or_default(),
                found,
            ));
        }
    }
    for (path, _, to_be_read) in fixture.files() {
        if ours.read.contains(&ours::absolute(path)) != to_be_read {
            let what = if to_be_read { "is not" } else { "is" };
            complaints.push(format!("=== {}\n`{path}` {what} read\n", fixture.name));
        }
    }
}

#[test]
fn every_rule_is_one_of_docker_compose() {
    let Some(program) = compose_oracle() else {
        return;
    };
    let version = version(&program);
    if version != DOCKER_COMPOSE {
        return skip(&format!(
            "the rules are those of Docker Compose {DOCKER_COMPOSE}, this is {version}"
        ));
    }
    let update = std::env::var("HOMELAB_UPDATE").is_ok_and(|value| value == "1");
    let fixtures = fixtures();
    let open = Mutex::new(fixtures.iter());
    let complaints = Mutex::new(Vec::new());
    // Starting the program is what takes the time.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(fixture) = open.lock().unwrap().next() else {
                        break;
                    };
                    let found = compare(fixture, &program, update);
                    complaints.lock().unwrap().extend(found);
                }
            });
        }
    });
    judge(&complaints.into_inner().unwrap(), fixtures.len());
}

fn version(program: &Utf8Path) -> String {
    let output = Command::new(program).args(["version", "--short"]).output();
    let version = String::from_utf8(output.unwrap().stdout).unwrap();
    version.trim().trim_start_matches('v').to_owned()
}

/// What Docker Compose says otherwise than a fixture does.
fn compare(fixture: &Fixture, program: &Utf8Path, update: bool) -> Vec<String> {
    let laid = Laid::out(fixture, program);
    let (yaml, json) = (laid.ask("yaml"), laid.ask("json"));
    let ours = ours::run(fixture);
    if update {
        rewrite(fixture, &ours, &yaml, &json);
        let path = directory().join(format!("{}.txt", fixture.name));
        let fixture = Fixture::parse(&fixture.name, &fs_err::read_to_string(path).unwrap());
        return disagreements(&fixture, &ours, &yaml, &json);
    }
    disagreements(fixture, &ours, &yaml, &json)
}

fn disagreements(fixture: &Fixture, ours: &Outcome, yaml: &Answer, json: &Answer) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |what: &str, stored: &str, found: &str| {
        complaints.push(complain(fixture, what, stored, found));
    };
    match (fixture.section("yaml"), yaml.accepted) {
        (Some(stored), true) if stored == yaml.stdout => {}
        (None, false) => {}
        (stored, _) => complain(
            "answer of Docker Compose",
            stored.unwrap_or("refused\n"),
            &format!("{}{}", yaml.stdout, yaml.stderr),
        ),
    }
    let printed = ours.printed.as_ref().map(|printed| printed.json.as_str());
    if printed.unwrap_or_default() != json.stdout {
        complain(
            "JSON, ours and that of Docker Compose",
            printed.unwrap_or_default(),
            &format!("{}{}", json.stdout, json.stderr),
        );
    }
    let warned = yaml.stderr.contains("level=warning");
    if yaml.accepted && warned == ours.warned.is_empty() {
        complain(
            "warnings, ours and those of Docker Compose",
            &ours.warned,
            &yaml.stderr,
        );
    }
    complaints
}

fn rewrite(fixture: &Fixture, ours: &Outcome, yaml: &Answer, json: &Answer) {
    let mut results = Vec::new();
    if yaml.accepted {
        results.push(("yaml", yaml.stdout.clone()));
        if fixture.section("json").is_some() {
            results.push(("json", json.stdout.clone()));
        }
    } else {
        results.push(("refused", ours.refused.clone()));
    }
    if !ours.warned.is_empty() {
        results.push(("warned", ours.warned.clone()));
    }
    let path = directory().join(format!("{}.txt", fixture.name));
    fs_err::write(path, fixture.with_results(&results)).unwrap();
}

#[test]
fn a_fixture_is_read_in_sections() {
    let text = "A rule\nin two lines.\n\n-- a.yaml --\nx: 1\n-- b.env (unread) --\n-- options --\n-p x\n-- yaml --\ny\n";
    let fixture = Fixture::parse("topic/rule", text);
    assert_eq!(fixture.rule, "A rule\nin two lines.");
    let files: Vec<_> = fixture.files().collect();
    assert_eq!(files, [("a.yaml", "x: 1\n", true), ("b.env", "", false)]);
    assert_eq!(fixture.options().collect::<Vec<_>>(), ["-p", "x"]);
    assert_eq!(fixture.section("yaml"), Some("y\n"));
    let text = fixture.with_results(&[("refused", "z\n".into())]);
    assert!(text.ends_with("-- options --\n-p x\n-- refused --\nz\n"));
}
