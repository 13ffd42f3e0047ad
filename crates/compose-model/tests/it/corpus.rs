//! The typed model of real projects beside what Docker Compose v5.6.1 printed for them.
//!
//! The corpus lies outside the repository: `HOMELAB_CORPUS` names its directory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use camino::Utf8PathBuf;
use compose_model::model::Untyped;
use compose_model::{Disk, Duration, FileArg, Options, Project, load};
use serde_json::{Map, Value, json};

use crate::as_json::{AsJson, NO_VALUE, SWITCHED_OFF, is_nothing};

/// What stands for the directory of a case.
const TOKEN: &str = "@CASE_DIR@";

#[test]
fn typed_models_say_what_docker_compose_says() {
    let Some(dir) = std::env::var_os("HOMELAB_CORPUS") else {
        // Past the capture of the test runner, so that a skip is seen.
        let _written = io::Write::write_all(
            &mut io::stderr(),
            b"skipped typed_models_say_what_docker_compose_says: HOMELAB_CORPUS is not set\n",
        );
        return;
    };
    let mut cases = 0;
    let mut problems = Vec::new();
    let mut untyped = BTreeSet::new();
    let corpus = Path::new(&dir).join("compose").canonicalize().unwrap();
    for entry in fs_err::read_dir(corpus).unwrap() {
        let root = Utf8PathBuf::try_from(entry.unwrap().path()).unwrap();
        if !root.join("expected.json").is_file() {
            continue;
        }
        cases += 1;
        let case = Case::new(root);
        let found = case.problems(&mut untyped);
        problems.extend(found.into_iter().map(|it| format!("{}: {it}", case.name)));
    }
    problems.sort();
    assert!(
        problems.is_empty(),
        "{cases} cases:\n{}",
        problems.join("\n")
    );
    let untyped: Vec<_> = untyped.iter().map(String::as_str).collect();
    assert_eq!(untyped, REFUSED_BY_THE_ENGINE);
    assert!(cases > 200, "{cases} cases");
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
        let text = fs_err::read_to_string(self.root.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let expected = plain(&expected, self.root.as_str());
        let mut problems = Vec::new();
        for (section, found) in sections(&project) {
            compare(
                section,
                &found,
                &wanted(section, &expected[section]),
                &mut problems,
            );
        }
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

/// What is untyped, with the path of the service or resource it belongs to.
fn left_out(project: &Project) -> Vec<(String, Untyped)> {
    let services = project
        .services()
        .map(|it| ("services", it.name, it.untyped));
    let jobs = project.jobs().map(|it| ("jobs", it.name, it.untyped));
    let networks = project
        .networks()
        .map(|it| ("networks", it.key, it.untyped));
    let volumes = project.volumes().map(|it| ("volumes", it.key, it.untyped));
    let secrets = project.secrets().map(|it| ("secrets", it.key, it.untyped));
    let configs = project.configs().map(|it| ("configs", it.key, it.untyped));
    let models = project.models().map(|it| ("models", it.key, it.untyped));
    let workloads = services.chain(jobs);
    let resources = networks
        .chain(volumes)
        .chain(secrets)
        .chain(configs)
        .chain(models);
    workloads
        .chain(resources)
        .flat_map(|(section, name, untyped)| {
            let untyped = untyped.into_iter();
            untyped.map(move |it| (format!("{section}.{name}"), it))
        })
        .collect()
}

fn sections(project: &Project) -> [(&'static str, Value); 6] {
    fn object<T: AsJson>(entries: impl Iterator<Item = (String, T)>) -> Value {
        entries
            .map(|(key, value)| (key, value.as_json()))
            .collect::<Map<_, _>>()
            .into()
    }
    [
        (
            "services",
            object(project.services().map(|it| (it.name.clone(), it))),
        ),
        (
            "jobs",
            object(project.jobs().map(|it| (it.name.clone(), it))),
        ),
        (
            "networks",
            object(project.networks().map(|it| (it.key.clone(), it))),
        ),
        (
            "volumes",
            object(project.volumes().map(|it| (it.key.clone(), it))),
        ),
        (
            "secrets",
            object(project.secrets().map(|it| (it.key.clone(), it))),
        ),
        (
            "configs",
            object(project.configs().map(|it| (it.key.clone(), it))),
        ),
    ]
}

/// The texts as they are before printing.
fn plain(value: &Value, dir: &str) -> Value {
    let text = |text: &str| text.replace("$$", "$").replace(TOKEN, dir);
    match value {
        Value::String(it) => text(it).into(),
        Value::Array(items) => items.iter().map(|item| plain(item, dir)).collect(),
        Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (text(key), plain(value, dir)));
            Value::Object(entries.collect())
        }
        _ => value.clone(),
    }
}

/// What Docker Compose printed, in one form where it has several.
fn wanted(key: &str, value: &Value) -> Value {
    let no_value = |value: &Value| match value {
        Value::Null => NO_VALUE.into(),
        value => value.clone(),
    };
    match (key, value) {
        ("environment" | "args", Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), no_value(value)));
            Value::Object(entries.collect())
        }
        ("ssh", Value::Array(keys)) => {
            let keys = keys
                .iter()
                .map(|key| match key.as_str().unwrap().split_once(": ") {
                    Some((key, path)) => (key.to_owned(), path.into()),
                    None => (key.as_str().unwrap().to_owned(), NO_VALUE.into()),
                });
            Value::Object(keys.collect())
        }
        ("ulimits", Value::Object(map)) => {
            let pair = |limit: &Value| match limit {
                Value::Number(_) => json!({"soft": limit, "hard": limit}),
                pair => pair.clone(),
            };
            let entries = map.iter().map(|(key, limit)| (key.clone(), pair(limit)));
            Value::Object(entries.collect())
        }
        ("networks" | "models", Value::Object(map)) => {
            let entries = map.iter().map(|(key, value)| match value {
                Value::Null => (key.clone(), json!({})),
                value => (key.clone(), wanted("", value)),
            });
            Value::Object(entries.collect())
        }
        ("services" | "volumes" | "secrets" | "configs" | "jobs", Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), wanted("", value)));
            Value::Object(entries.collect())
        }
        ("expose", Value::Array(ports)) => {
            let with_protocol = |port: &Value| match port.as_str().unwrap() {
                text if text.contains('/') => text.to_owned(),
                text => format!("{text}/tcp"),
            };
            ports.iter().map(with_protocol).collect()
        }
        ("required" | "create_host_path", Value::Bool(on)) => match on {
            true => Value::Null,
            false => SWITCHED_OFF.into(),
        },
        ("pull_policy", Value::String(policy)) => {
            let interval = match policy.as_str() {
                "daily" => "1d",
                "weekly" => "1w",
                other => other.trim_start_matches("every_"),
            };
            let interval = interval.parse::<Duration>();
            interval.map_or_else(|_| value.clone(), |interval| interval.to_string().into())
        }
        (_, Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), wanted(key, value)));
            Value::Object(entries.filter(|(_, value)| !is_nothing(value)).collect())
        }
        (_, Value::Array(items)) => items.iter().map(|item| wanted("", item)).collect(),
        _ => value.clone(),
    }
}

/// Says where two values differ.
fn compare(path: &str, found: &Value, wanted: &Value, problems: &mut Vec<String>) {
    match (found, wanted) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one
                .keys()
                .chain(other.keys().filter(|key| !one.contains_key(*key)))
            {
                compare(
                    &format!("{path}.{key}"),
                    &found[key],
                    &wanted[key],
                    problems,
                );
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if found == wanted || (is_nothing(found) && is_nothing(wanted)) => {}
        _ => problems.push(format!("{path}: {found} is not {wanted}")),
    }
}
