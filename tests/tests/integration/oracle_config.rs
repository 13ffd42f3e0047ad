//! `lab config` beside `docker compose config`: every option, over projects that find their files,
//! variables and profiles in every way there is.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use common::Io;
use homelab_tests::{Sandbox, compose_oracle};

/// A project, by what the two programs are given.
struct Project {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Variables of the process.
    env: &'static [(&'static str, &'static str)],
    /// Where they run, below the project.
    dir: &'static str,
    /// Options that choose the project: they stand in front of `config` for Docker Compose.
    chosen: &'static [&'static str],
    /// A service, for the options that take one.
    service: &'static str,
}

const NOTHING: Project = Project {
    name: "",
    files: &[],
    env: &[],
    dir: "",
    chosen: &[],
    service: "",
};

const PROJECTS: &[Project] = &[
    Project {
        name: "files found by name, an override, a `.env`",
        files: &[
            (
                "compose.yaml",
                "services:\n  web:\n    image: nginx:${TAG}\n    ports: ['8080:80', 443]\n    volumes: ['data:/data', './conf:/etc/conf:ro']\n    depends_on: [db]\n  db:\n    image: postgres\n    environment: {POSTGRES_PASSWORD: '${PW:-secret}'}\n    volumes: ['data:/var/lib', 'more:/more']\n    networks: [back, default]\nvolumes:\n  data:\n  more: {labels: {a: b}}\n  unused:\nnetworks:\n  back: {internal: true}\n  idle:\n",
            ),
            (
                "compose.override.yaml",
                "services:\n  web:\n    labels: {b: 2, a: 1}\n    mem_limit: 64m\n",
            ),
            (".env", "TAG=1.27\nOTHER='a b'\n"),
        ],
        service: "db",
        ..NOTHING
    },
    Project {
        name: "profiles by COMPOSE_PROFILES",
        files: &[(
            "docker-compose.yml",
            "services:\n  a: {image: x}\n  b: {image: y, profiles: [p, q]}\n  c: {image: z, profiles: [r], depends_on: [a]}\n",
        )],
        env: &[("COMPOSE_PROFILES", "q, none")],
        service: "c",
        ..NOTHING
    },
    Project {
        name: "profiles by option",
        files: &[(
            "compose.yml",
            "services:\n  a: {image: x}\n  b: {image: y, profiles: [p, q]}\n  c: {image: z, profiles: [r]}\n",
        )],
        env: &[("COMPOSE_PROFILES", "q")],
        chosen: &["--profile", "r", "--profile", "s"],
        service: "b",
        ..NOTHING
    },
    Project {
        name: "COMPOSE_FILE in `.env`, with a separator of its own",
        files: &[
            (
                ".env",
                "COMPOSE_FILE=one.yaml;two.yaml\nCOMPOSE_PATH_SEPARATOR=;\nNAME=v\n",
            ),
            ("one.yaml", "services:\n  a: {image: 'x:$NAME'}\n"),
            (
                "two.yaml",
                "services:\n  a: {command: 'run it'}\n  b: {image: y, links: [a]}\n",
            ),
        ],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "COMPOSE_FILE and COMPOSE_ENV_FILES of the process",
        files: &[
            (
                "one.yaml",
                "name: named\nservices:\n  a: {image: 'x:$A-$B'}\n",
            ),
            ("two.yaml", "services:\n  a: {hostname: $A}\n"),
            ("one.env", "A=1\nB=1\n"),
            ("two.env", "A=2\n"),
            (".env", "A=3\n"),
        ],
        env: &[
            ("COMPOSE_FILE", "one.yaml:two.yaml"),
            ("COMPOSE_ENV_FILES", "one.env,two.env"),
        ],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "COMPOSE_PROJECT_NAME and COMPOSE_DISABLE_ENV_FILE",
        files: &[
            (
                "compose.yaml",
                "name: other\nservices:\n  a: {image: 'x:${A:-none}', container_name: 'c-$COMPOSE_PROJECT_NAME'}\n",
            ),
            (".env", "A=1\n"),
        ],
        env: &[
            ("COMPOSE_PROJECT_NAME", "mine"),
            ("COMPOSE_DISABLE_ENV_FILE", "true"),
        ],
        service: "a",
        ..NOTHING
    },
    Project {
        name: BELOW,
        files: &[
            (
                "compose.yaml",
                "services:\n  a: {build: ./src, env_file: a.env}\n  b: {build: {context: ., args: [X]}, image: own}\n",
            ),
            ("a.env", "E=${X}\n"),
            ("sub/dir/.env", "X=below\nY=below\n"),
            (".env", "X=project\nZ=project\n"),
        ],
        dir: "sub/dir",
        chosen: &["-p", "chosen"],
        service: "b",
        ..NOTHING
    },
    Project {
        name: "another project directory, env files by option",
        files: &[
            (
                "files/base.yaml",
                "services:\n  a: {build: ./src, image: 'x:$V', volumes: ['./d:/d']}\n",
            ),
            ("files/more.yaml", "services:\n  a: {hostname: h}\n"),
            ("v.env", "V=1\n"),
            ("w.env", "V=2\nW=2\n"),
        ],
        chosen: &[
            "-f",
            "files/base.yaml",
            "-f",
            "files/more.yaml",
            "--project-directory",
            "place",
            "--env-file",
            "v.env",
            "--env-file",
            "w.env",
        ],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "include and extends",
        files: &[
            (
                "compose.yaml",
                "include:\n  - db/compose.yaml\n  - {path: cache.yaml, env_file: cache.env}\nservices:\n  web:\n    extends: {file: common/base.yaml, service: base}\n    depends_on: [db, cache]\n",
            ),
            (
                "db/compose.yaml",
                "services:\n  db:\n    image: 'db:$TAG'\n    volumes: ['./data:/data', 'files:/files']\n    secrets: [pw]\nvolumes:\n  files:\nsecrets:\n  pw: {file: ./pw}\n",
            ),
            ("db/.env", "TAG=9\n"),
            ("cache.yaml", "services:\n  cache: {image: 'cache:$TAG'}\n"),
            ("cache.env", "TAG=7\n"),
            (
                "common/base.yaml",
                "services:\n  base:\n    image: base\n    build: .\n    labels: [x=y]\n    volumes: ['./b:/b']\n",
            ),
        ],
        service: "db",
        ..NOTHING
    },
    Project {
        name: "variables of every kind",
        files: &[(
            "compose.yaml",
            "services:\n  a:\n    image: 'x:${TAG:-latest}'\n    hostname: ${HOST?needed}\n    environment:\n      A: ${ONE-1} ${TWO:+two} ${NESTED:-${INNER-i}}\n      B: $PLAIN ${BRACED} $$ESCAPED\n      C: ${EMPTY:?not empty}\n      D: ${PLAIN:-later}\n  b: {image: $PLAIN, profiles: [p]}\n",
        )],
        env: &[("HOST", "h"), ("EMPTY", "e"), ("PLAIN", "plain")],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "models, secrets, configs, jobs, a provider",
        files: &[(
            "compose.yaml",
            "services:\n  a:\n    image: x\n    models: {m: {endpoint_var: E}}\n    secrets: [s]\n    configs: [{source: c, target: /c}]\n    x-own: 1\n  ext:\n    provider: {type: p, options: {a: b}}\n  built:\n    build: .\n    depends_on: [a, ext]\njobs:\n  j: {image: y, triggers: {schedule: ['@daily']}}\nmodels:\n  m: {model: ai/m}\n  unused: {model: ai/n}\nsecrets:\n  s: {environment: S}\nconfigs:\n  c: {content: 'text $S'}\nx-top: {b: 1, a: 2}\n",
        )],
        env: &[("S", "value")],
        service: "built",
        ..NOTHING
    },
    Project {
        name: "a graph of dependencies",
        files: &[(
            "compose.yaml",
            "services:\n  e: {image: x, depends_on: [d, a]}\n  d: {image: x, depends_on: {c: {condition: service_healthy}, b: {condition: service_started, restart: true}}}\n  c: {image: x, network_mode: 'service:b'}\n  b: {image: x, volumes_from: [a]}\n  a: {image: x, scale: 2, deploy: {}}\n  f: {image: x, depends_on: {g: {condition: service_started, required: false}}}\n  g: {image: x, profiles: [p]}\n",
        )],
        service: "d",
        ..NOTHING
    },
    Project {
        name: "standard input",
        files: &[
            (
                "(stdin)",
                "services:\n  a: {image: 'x:$A', build: ./b}\n  b: {image: y, env_file: e.env, label_file: l.labels}\n",
            ),
            ("e.env", "A=file\nB=$A\n"),
            ("l.labels", "l=1\n"),
            (".env", "A=1\n"),
        ],
        chosen: &["-f", "-"],
        service: "b",
        ..NOTHING
    },
    Project {
        name: "what is refused: a reference",
        files: &[(
            "compose.yaml",
            "services:\n  a: {image: x, networks: [nowhere], depends_on: [nobody]}\n  b: {image: x}\n",
        )],
        service: "b",
        ..NOTHING
    },
    Project {
        name: "what is refused: a value",
        files: &[(
            "compose.yaml",
            "services:\n  a: {image: x, ports: ['a:b']}\n",
        )],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "what is refused: a variable",
        files: &[(
            "compose.yaml",
            "services:\n  a: {image: 'x:${NO:?missing}', volumes: ['${V}:/x']}\n",
        )],
        service: "a",
        ..NOTHING
    },
    Project {
        name: "no files at all",
        files: &[("other.txt", "")],
        service: "a",
        ..NOTHING
    },
];

/// The options; `SERVICE` stands for the project's. Where the order of Docker Compose changes from
/// run to run, the lines are sorted.
const OPTIONS: &[(&str, Order)] = &[
    ("", Order::Same),
    ("SERVICE", Order::Same),
    ("--format json", Order::Same),
    ("--format json SERVICE", Order::Same),
    ("-q", Order::Same),
    ("--no-interpolate", Order::Same),
    ("--no-interpolate --format json", Order::Same),
    ("--no-normalize", Order::Same),
    ("--no-normalize --format json", Order::Same),
    ("--no-path-resolution", Order::Same),
    ("--no-env-resolution", Order::Same),
    ("--no-env-resolution --format json", Order::Same),
    ("--no-consistency", Order::Same),
    (
        "--no-interpolate --no-normalize --no-path-resolution --no-env-resolution --no-consistency",
        Order::Same,
    ),
    ("--services", Order::Sorted),
    ("--services SERVICE", Order::Sorted),
    ("--services --no-interpolate", Order::Sorted),
    ("--volumes", Order::Sorted),
    ("--volumes SERVICE", Order::Sorted),
    ("--networks", Order::Sorted),
    ("--models", Order::Sorted),
    ("--images", Order::Sorted),
    ("--images SERVICE", Order::Sorted),
    ("--profiles", Order::Sorted),
    ("--profiles SERVICE", Order::Sorted),
    ("--environment", Order::Sorted),
    ("--variables", Order::Sorted),
    ("--variables --format json", Order::Same),
    ("--services no-such-service", Order::Sorted),
    ("--hash *", Order::Sorted),
    ("--hash SERVICE", Order::Same),
    ("--hash no-such-service", Order::Same),
    ("no-such-service", Order::Same),
    ("-o out.yaml", Order::Same),
    ("--format json --output out.json SERVICE", Order::Same),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Same,
    Sorted,
}

/// Where the two differ on purpose, by project and options; each has its line in
/// `docs/compose-compat.md`.
const KNOWN: &[(&str, &str)] = &[(BELOW, "--no-interpolate --format json")];

const BELOW: &str = "a directory below, a name by option";

/// What a run leaves behind.
#[derive(Debug, PartialEq)]
struct Left {
    accepted: bool,
    stdout: String,
    written: Vec<String>,
}

#[test]
fn every_option_does_what_it_does_in_docker_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let mut unexpected = Vec::new();
    for project in PROJECTS {
        let sandbox = Sandbox::new();
        for (path, text) in project.files {
            sandbox.file(path, text);
        }
        let dir = sandbox.path().join(project.dir);
        for (options, order) in OPTIONS {
            let words: Vec<_> = options
                .split_whitespace()
                .map(|word| {
                    if word == "SERVICE" {
                        project.service
                    } else {
                        word
                    }
                })
                .collect();
            let theirs = theirs(&compose, project, &dir, &words, *order);
            let ours = ours(project, &dir, &words, *order);
            let known = KNOWN.contains(&(project.name, *options));
            if (ours == theirs) == known {
                unexpected.push(format!(
                    "=== {}: {options}\n--- ours\n{ours:#?}\n--- theirs\n{theirs:#?}",
                    project.name
                ));
            }
        }
    }
    assert!(
        unexpected.is_empty(),
        "{} of {} differ, or are known to and do not:\n{}",
        unexpected.len(),
        PROJECTS.len() * OPTIONS.len(),
        unexpected.join("\n")
    );
}

fn environment(project: &Project, dir: &Utf8Path) -> BTreeMap<String, String> {
    [("HOME", "/home/me"), ("PWD", dir.as_str())]
        .iter()
        .chain(project.env)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn stdin(project: &Project) -> &'static str {
    let found = project.files.iter().find(|(path, _)| *path == "(stdin)");
    found.map_or("", |(_, text)| text)
}

fn left(code: i32, stdout: Vec<u8>, dir: &Utf8Path, order: Order) -> Left {
    let mut stdout = String::from_utf8(stdout).unwrap();
    if order == Order::Sorted {
        let mut lines: Vec<_> = stdout.lines().collect();
        lines.sort_unstable();
        stdout = lines.join("\n");
    }
    let written = ["out.yaml", "out.json"].map(|name| {
        let path = dir.join(name);
        let text = fs_err::read_to_string(&path).ok();
        // The next run starts without it.
        fs_err::remove_file(path).ok();
        text
    });
    Left {
        accepted: code == 0,
        stdout,
        written: written.into_iter().flatten().collect(),
    }
}

fn theirs(
    compose: &Utf8Path,
    project: &Project,
    dir: &Utf8Path,
    words: &[&str],
    order: Order,
) -> Left {
    let mut child = Command::new(compose)
        .args(project.chosen)
        .arg("config")
        .args(words)
        .current_dir(dir)
        .env_clear()
        .envs(environment(project, dir))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let input = child.stdin.take().unwrap();
    // A program that does not read its input closes it.
    let _written = { input }.write_all(stdin(project).as_bytes());
    let output = child.wait_with_output().unwrap();
    left(output.status.code().unwrap(), output.stdout, dir, order)
}

fn ours(project: &Project, dir: &Utf8Path, words: &[&str], order: Order) -> Left {
    let line: Vec<OsString> = ["lab", "config"]
        .iter()
        .chain(project.chosen)
        .chain(words)
        .map(OsString::from)
        .collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = lab::run_in(
        dir,
        environment(project, dir),
        line,
        &mut Io::new(&mut out, &mut err).with_input(stdin(project).as_bytes()),
    );
    assert!(code == 0 || !err.is_empty(), "refused without a word");
    left(code.into(), out, dir, order)
}
