//! Real-world Compose projects with what Docker Compose v5.6.1 made of them.
//!
//! The corpus lies outside the repository: `HOMELAB_CORPUS` names its directory, else it is looked
//! for beside the repository.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::Utf8PathBuf;
use common::Io;
use homelab_tests::compose_oracle;
use serde_json::Value;
use tempfile::TempDir;

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
    fn text(&self, value: &Value) -> String {
        value.as_str().unwrap().replace(TOKEN, self.dir.as_str())
    }

    fn cwd(&self) -> Utf8PathBuf {
        match self.facts["cwd"].as_str() {
            None | Some("" | ".") => self.dir.clone(),
            Some(cwd) => self.dir.join(cwd),
        }
    }

    fn args(&self) -> impl Iterator<Item = String> {
        let args = self.facts["args"].as_array().into_iter().flatten();
        args.map(|arg| self.text(arg))
    }

    fn env(&self) -> BTreeMap<String, String> {
        let mut env = BTreeMap::from([
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), format!("{}/.home", self.dir)),
            ("PWD".to_owned(), self.cwd().to_string()),
        ]);
        for (name, value) in self.facts["env"].as_object().into_iter().flatten() {
            env.insert(name.clone(), self.text(value));
        }
        env
    }

    fn run(&self, more: &[&str]) -> (u8, String, String) {
        let mut words: Vec<OsString> = vec!["lab".into(), "config".into()];
        words.extend(self.args().map(OsString::from));
        words.extend(more.iter().map(OsString::from));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io::new(&mut out, &mut err);
        let code = lab::run_in(&self.cwd(), self.env(), words, &mut io);
        drop(io);
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

/// The cases of the corpus, copied into directories below `temp`.
fn cases(corpus: &Path, temp: &TempDir) -> impl Iterator<Item = Case> {
    let temp = Utf8PathBuf::from_path_buf(temp.path().canonicalize().unwrap()).unwrap();
    let mut names: Vec<_> = fs_err::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.json").is_file())
        .collect();
    names.sort();
    names.into_iter().map(move |source| {
        let name = source.file_name().unwrap().to_str().unwrap().to_owned();
        let dir = temp.join(&name);
        copy(&source, dir.as_std_path());
        let text = fs_err::read_to_string(source.join("case.json")).unwrap();
        let facts = serde_json::from_str(&text).unwrap();
        Case {
            name,
            source,
            dir,
            facts,
        }
    })
}

#[test]
fn agrees_with_docker_compose() {
    let Some(corpus) = corpus() else { return };
    let temp = tempfile::tempdir().unwrap();
    let mut tally = Tally::default();
    for case in cases(&corpus, &temp) {
        tally.judge(&case);
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

/// By its hash a service is known to have changed: it has to be the one that Docker Compose has.
#[test]
fn hashes_are_those_of_docker_compose() {
    let (Some(corpus), Some(compose)) = (corpus(), compose_oracle()) else {
        return;
    };
    let temp = tempfile::tempdir().unwrap();
    let (mut compared, mut differing) = (0, Vec::new());
    for case in cases(&corpus, &temp) {
        if case.facts["verdict"] != "accept" || case.facts["output"] == "text" {
            continue;
        }
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut args = case.args();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-f" | "--env-file" | "--profile" | "--project-directory" | "-p" => {
                    before.extend([Some(arg), args.next()].into_iter().flatten());
                }
                _ => after.push(arg),
            }
        }
        let output = Command::new(&compose)
            .args(before)
            .args(["config", "--hash", "*"])
            .args(after)
            .current_dir(case.cwd())
            .env_clear()
            .envs(case.env())
            .output()
            .unwrap();
        let lines = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let (_, ours, _) = case.run(&["--hash", "*"]);
        let (ours, theirs) = (
            lines(&ours),
            lines(&String::from_utf8_lossy(&output.stdout)),
        );
        compared += theirs.len();
        if ours != theirs {
            differing.push(case.name.clone());
        }
    }
    say(&format!("{compared} hashes compared"));
    assert!(differing.is_empty(), "{differing:?}");
    assert!(compared > 500);
}
