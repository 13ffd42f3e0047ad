//! The typed model of real projects beside what Docker Compose v5.6.1 printed for them.
//!
//! The corpus lies outside the repository: `HOMELAB_CORPUS` names its directory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use camino::Utf8PathBuf;
use compose_model::{Data, Disk, FileArg, Options, load, variables};
use serde_json::Value;

use crate::comparison::{differences, left_out};

/// What stands for the directory of a case.
const TOKEN: &str = "@CASE_DIR@";

#[test]
fn typed_models_say_what_docker_compose_says() {
    let mut problems = Vec::new();
    let mut untyped = BTreeSet::new();
    for case in cases("typed_models_say_what_docker_compose_says") {
        let found = case.problems(&mut untyped);
        problems.extend(found.into_iter().map(|it| format!("{}: {it}", case.name)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    if !untyped.is_empty() {
        let untyped: Vec<_> = untyped.iter().map(String::as_str).collect();
        assert_eq!(untyped, REFUSED_BY_THE_ENGINE);
    }
}

#[test]
fn whatever_is_written_with_variables_is_known_to_be() {
    fn check(path: &str, value: &compose_model::Value, problems: &mut Vec<String>) {
        match &value.data {
            Data::List(items) => items.iter().for_each(|item| check(path, item, problems)),
            Data::Map(map) => {
                for (key, value) in map.iter() {
                    check(&format!("{path}.{key}"), value, problems);
                }
            }
            _ => {
                let Some(span) = &value.span else { return };
                let written = !variables(span.text()).is_empty();
                let known = value
                    .template
                    .as_deref()
                    .map(variables)
                    .is_some_and(|it| !it.is_empty());
                // Env files have no variables in single quotes.
                let quoted = span.text().contains("='");
                if written != known && !quoted {
                    problems.push(format!("{path}: {span}: {}", span.text()));
                }
            }
        }
    }
    let mut problems = Vec::new();
    for case in cases("whatever_is_written_with_variables_is_known_to_be") {
        if let Ok(project) = load(&Disk, &case.options()) {
            check(&case.name, &project.model, &mut problems);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The accepted cases; none, said on stderr, without a corpus.
fn cases(test: &str) -> Vec<Case> {
    let Some(dir) = std::env::var_os("HOMELAB_CORPUS") else {
        // Past the capture of the test runner, so that a skip is seen.
        let skipped = format!("skipped {test}: HOMELAB_CORPUS is not set\n");
        let _written = io::Write::write_all(&mut io::stderr(), skipped.as_bytes());
        return Vec::new();
    };
    let corpus = Path::new(&dir).join("compose").canonicalize().unwrap();
    let mut roots: Vec<_> = fs_err::read_dir(corpus)
        .unwrap()
        .map(|entry| Utf8PathBuf::try_from(entry.unwrap().path()).unwrap())
        .filter(|root| root.join("expected.json").is_file())
        .collect();
    roots.sort();
    assert!(roots.len() > 200, "{} cases", roots.len());
    roots.into_iter().map(Case::new).collect()
}

/// All that has no type in the corpus: Docker Compose passes it on, the engine refuses it.
const REFUSED_BY_THE_ENGINE: &[&str] = &[
    "deploy.restart_policy.condition: unless-stopped",
    "dns[1]: my.resolvers.ip.addr",
    "image: frappe/erpnext:",
    "image: localbuild/connect_distributed_with_:",
    "image: localhost:5000/frappe/erpnext:",
    "image: reallibrephotos/librephotos-proxy:",
];

struct Case {
    name: String,
    root: Utf8PathBuf,
    facts: Value,
}

impl Case {
    fn new(root: Utf8PathBuf) -> Self {
        let name = root.file_name().unwrap().to_owned();
        let facts = fs_err::read_to_string(root.join("case.json")).unwrap();
        let facts = serde_json::from_str(&facts).unwrap();
        Self { name, root, facts }
    }

    fn options(&self) -> Options {
        let text = |value: &Value| value.as_str().unwrap().replace(TOKEN, self.root.as_str());
        let cwd = self
            .root
            .join(self.facts["cwd"].as_str().unwrap_or_default());
        let cwd = cwd.as_str().trim_end_matches(['/', '.']).to_owned();
        let mut env = BTreeMap::from([
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), format!("{}/.home", self.root)),
            ("PWD".to_owned(), cwd.clone()),
        ]);
        for (name, value) in self.facts["env"].as_object().into_iter().flatten() {
            env.insert(name.clone(), text(value));
        }
        let mut options = Options::new(cwd, env);
        let mut args = self.facts["args"].as_array().unwrap().iter().map(text);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-f" => options
                    .files
                    .push(FileArg::Path(args.next().unwrap().into())),
                "--env-file" => options.env_files.push(args.next().unwrap().into()),
                "--profile" => options.profiles.push(args.next().unwrap()),
                "--no-env-resolution" => options.resolve_env = false,
                name => {
                    assert!(!name.starts_with('-'), "{}: {name}", self.name);
                    options.services.push(arg);
                }
            }
        }
        options
    }

    /// Where the typed model says something else than Docker Compose; what has no type is put
    /// into `untyped` instead.
    fn problems(&self, untyped: &mut BTreeSet<String>) -> Vec<String> {
        let project = match load(&Disk, &self.options()) {
            Ok(project) => project,
            Err(found) => return vec![format!("{found:?}")],
        };
        let expected = fs_err::read_to_string(self.root.join("expected.json")).unwrap();
        let expected = expected.replace(TOKEN, self.root.as_str());
        let mut problems = differences(&project, &expected);
        for (owner, left_out) in left_out(&project) {
            let path = left_out.path.split('[').next().unwrap();
            let path = format!("{owner}.{path}: ");
            problems.retain(|problem| !problem.starts_with(&path));
            let shown = left_out.value.as_str().unwrap_or("no text");
            untyped.insert(format!("{}: {shown}", left_out.path));
        }
        problems
    }
}
