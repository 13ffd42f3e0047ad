//! Real-world Compose projects with what Docker Compose v5.6.1 made of them.
//!
//! The corpus lies outside the repository: `HOMELAB_CORPUS` names its directory, else it is looked
//! for beside the repository.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use camino::Utf8PathBuf;
use common::Io;
use serde_json::Value;

/// Cases known to differ, one `name: reason` a line. A case that passes must leave the list.
const KNOWN: &str = include_str!("corpus_known.txt");

/// What stands for a case's own directory in the expected output.
const TOKEN: &str = "@CASE_DIR@";

fn corpus() -> Option<PathBuf> {
    let found = match std::env::var_os("HOMELAB_CORPUS") {
        Some(dir) => Path::new(&dir).join("compose"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/compose"),
    };
    if found.is_dir() {
        return Some(found);
    }
    // A corpus that was asked for has to be there.
    assert!(
        std::env::var_os("HOMELAB_CORPUS").is_none(),
        "no corpus in {}",
        found.display()
    );
    say("skipped corpus: HOMELAB_CORPUS is not set");
    None
}

/// Speaks past the capture of the test runner, so that a skip is seen.
fn say(text: &str) {
    use std::io::Write as _;
    // Whether anybody reads it does not matter.
    let _written = writeln!(std::io::stderr(), "{text}");
}

/// A case in a directory of its own, under the name it has in the corpus.
struct Case {
    name: String,
    source: PathBuf,
    dir: Utf8PathBuf,
    facts: Value,
}

impl Case {
    fn run(&self, more: &[&str]) -> (u8, String, String) {
        let text = |value: &Value| value.as_str().unwrap().replace(TOKEN, self.dir.as_str());
        let cwd = match self.facts["cwd"].as_str() {
            None | Some("" | ".") => self.dir.clone(),
            Some(cwd) => self.dir.join(cwd),
        };
        let mut env = BTreeMap::from([
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), format!("{}/.home", self.dir)),
            ("PWD".to_owned(), cwd.to_string()),
        ]);
        for (name, value) in self.facts["env"].as_object().into_iter().flatten() {
            env.insert(name.clone(), text(value));
        }
        let mut words: Vec<OsString> = vec!["lab".into(), "config".into()];
        let args = self.facts["args"].as_array().into_iter().flatten();
        words.extend(args.map(|arg| OsString::from(text(arg))));
        words.extend(more.iter().map(OsString::from));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = lab::run_in(&cwd, env, words, &mut Io::new(&mut out, &mut err));
        let shown = |bytes| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(self.dir.as_str(), TOKEN)
        };
        (code, shown(out), shown(err))
    }

    fn expected(&self, file: &str) -> String {
        fs_err::read_to_string(self.source.join(file)).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let own = [
            "case.json",
            "expected.json",
            "expected.yaml",
            "expected.txt",
        ];
        if own.iter().any(|own| name == **own) {
            continue;
        }
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs_err::copy(&from, &to).unwrap();
        }
    }
}

/// Equality of JSON in which `1` and `1.0` are one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

#[derive(Default)]
struct Tally {
    accepted: u32,
    rejected: u32,
    json: u32,
    yaml: u32,
    refused: u32,
    differing: Vec<String>,
}

impl Tally {
    fn judge(&mut self, case: &Case) {
        let ok = match (
            case.facts["verdict"].as_str().unwrap(),
            case.facts["output"].as_str(),
        ) {
            ("reject", _) => {
                let (code, _, err) = case.run(&[]);
                self.rejected += 1;
                let refused = code != 0 && !err.is_empty();
                self.refused += u32::from(refused);
                refused
            }
            (_, Some("text")) => {
                let (code, out, _) = case.run(&[]);
                let lines = |text: &str| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    if case.facts["sorted"].as_bool() == Some(true) {
                        lines.sort();
                    }
                    lines
                };
                self.accepted += 1;
                let equal = code == 0 && lines(&out) == lines(&case.expected("expected.txt"));
                self.json += u32::from(equal);
                self.yaml += u32::from(equal);
                equal
            }
            _ => {
                self.accepted += 1;
                let (_, json, _) = case.run(&["--format", "json"]);
                let expected: Value =
                    serde_json::from_str(&case.expected("expected.json")).unwrap();
                let json =
                    serde_json::from_str(&json).is_ok_and(|json: Value| same(&json, &expected));
                let (_, yaml, _) = case.run(&["--format", "yaml"]);
                let yaml = yaml == case.expected("expected.yaml");
                self.json += u32::from(json);
                self.yaml += u32::from(yaml);
                json && yaml
            }
        };
        if !ok {
            self.differing.push(case.name.clone());
        }
    }
}

#[test]
fn agrees_with_docker_compose() {
    let Some(corpus) = corpus() else { return };
    let temp = tempfile::tempdir().unwrap();
    let temp = Utf8PathBuf::from_path_buf(temp.path().canonicalize().unwrap()).unwrap();
    let mut names: Vec<_> = fs_err::read_dir(&corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.json").is_file())
        .collect();
    names.sort();
    let mut tally = Tally::default();
    for source in names {
        let name = source.file_name().unwrap().to_str().unwrap().to_owned();
        let dir = temp.join(&name);
        copy(&source, dir.as_std_path());
        let text = fs_err::read_to_string(source.join("case.json")).unwrap();
        let facts = serde_json::from_str(&text).unwrap();
        tally.judge(&Case {
            name,
            source,
            dir,
            facts,
        });
    }
    let Tally {
        accepted,
        rejected,
        json,
        yaml,
        refused,
        differing,
    } = tally;
    say(&format!(
        "JSON {json}/{accepted}, YAML {yaml}/{accepted}, rejects {refused}/{rejected}"
    ));
    let mut known: Vec<_> = KNOWN
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once(": ").expect("`name: reason`").0.to_owned())
        .collect();
    known.sort();
    assert_eq!(differing, known, "cases that differ, and those known to");
    assert!(json * 100 >= accepted * 99 && yaml * 100 >= accepted * 95);
    assert!(refused * 100 >= rejected * 98);
}
