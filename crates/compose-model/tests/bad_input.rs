//! What is said of projects that cannot be right: everything at once, each with the places that led
//! there, soon, and without a panic.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests end the test as the tests do"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::{Files, MAX_BYTES, MemoryFiles, Options, Project, load};
use insta::assert_snapshot;
use proptest::prelude::*;
use yaml_tree::{Diagnostic, DirEntry, FileKind};

fn options() -> Options {
    Options::new("/lab", BTreeMap::new())
}

fn files<const N: usize>(files: [(&str, &str); N]) -> MemoryFiles {
    MemoryFiles::from(files.map(|(path, text)| (format!("/lab/{path}"), text)))
}

/// The errors of a project, each with its other places below.
#[track_caller]
fn refused<const N: usize>(project: [(&str, &str); N]) -> String {
    said(load(&files(project), &options()))
}

#[track_caller]
fn said(loaded: Result<Project, Vec<Diagnostic>>) -> String {
    let mut text = String::new();
    for found in loaded.unwrap_err() {
        let _written = writeln!(text, "{found}");
        for label in found.labels.iter().filter(|label| !label.primary) {
            let _written = writeln!(text, "  {}: {}", label.span, label.message);
        }
        for help in found.help {
            let _written = writeln!(text, "  help: {help}");
        }
    }
    text
}

#[test]
fn everything_is_said_at_once() {
    assert_snapshot!(refused([
        ("compose.yaml", "\
services:
  a:
    image: x:${A:?set A}
    ports: ['a:b']
    mem_limit: 1x
    comand: y
  b:
    networks: [nett]
    depends_on: [cc]
    env_file: no.env
  c:
    image: x
    stop_grace_period: long
    healthcheck: {test: [curl]}
networks:
  net:
"),
        ("compose.override.yaml", "\
services:
  d: {image: x, privileged: maybe, container_name: one}
  e: {image: x, container_name: two, scale: 2}
"),
    ]), @r#"
    compose.yaml:3:14: error while interpolating services.a.image: required variable A is missing a value: set A
    compose.yaml:6:5: unknown key `comand` in service `a`
    compose.yaml:4:13: services.a.ports[0]: invalid containerPort: b
    compose.override.yaml:2:29: error while interpolating services.d.privileged: failed to cast to expected type: invalid boolean: maybe
    compose.yaml:5:16: services.a.mem_limit: invalid suffix: 'x'
    compose.yaml:13:24: services.c.stop_grace_period: time: invalid duration "long"
    compose.yaml:7:3: service "b" has neither an image nor a build context specified
    compose.yaml:8:16: service "b" refers to undefined network nett
      help: did you mean `net`?
    compose.yaml:9:18: service "b" depends on undefined service "cc"
      help: did you mean `c`?
    compose.yaml:14:26: healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"
    compose.override.yaml:3:17: services.e: can't set container_name and scale as container name must be unique
    compose.yaml:10:15: env file /lab/no.env not found: stat /lab/no.env: no such file or directory
    "#);
}

#[test]
fn nothing_is_said_twice() {
    // The name is what is wrong; that there is no image follows from it.
    assert_snapshot!(refused([("compose.yaml", "services:\n  a: {imag: x}\n")]), @"compose.yaml:2:7: unknown key `imag` in service `a`");
    assert_snapshot!(refused([("compose.yaml", "\
services:
  a:
    image: x
    mem_limit: ${M:?say how much}
    networks: ['${N:?which}']
    volumes: ['${V:?where}:/x']
")]), @"
    compose.yaml:4:16: error while interpolating services.a.mem_limit: required variable M is missing a value: say how much
    compose.yaml:5:17: error while interpolating services.a.networks[0]: required variable N is missing a value: which
    compose.yaml:6:16: error while interpolating services.a.volumes[0]: required variable V is missing a value: where
    ");
    // Where sections or files are missing it cannot be known what is missing in them.
    assert_snapshot!(refused([("compose.yaml", "services:\n  a: {image: x, networks: [n]}\nnetworks: [n]\n")]), @"compose.yaml:3:11: networks must be a mapping");
    assert_snapshot!(refused([("compose.yaml", "include: [no.yaml]\nservices:\n  a: {image: x, depends_on: [db]}\n")]), @"compose.yaml:1:11: open no.yaml: no such file or directory");
    assert_snapshot!(refused([("compose.yaml", "\
services:
  a: {extends: b}
  b: {extends: c}
  d: {extends: a}
")]), @r#"
    compose.yaml:3:16: cannot extend service "b" in compose.yaml: service "c" not found
      compose.yaml:2:16: extended here
    "#);
}

#[test]
fn an_error_in_an_included_file_names_the_way_there() {
    assert_snapshot!(refused([
        ("compose.yaml", "include: [one/compose.yaml]\nservices:\n  a: {image: x}\n"),
        ("one/compose.yaml", "include:\n  - path: ../two.yaml\n"),
        ("two.yaml", "\
services:
  b:
    image: ${NO:?}
    imag: y
    ports: ['99999:80']
    mem_limit: 1x
  c:
    image: x
    networks: [n]
"),
    ]), @r#"
    two.yaml:3:12: error while interpolating services.b.image: required variable NO is missing a value
      one/compose.yaml:2:5: included here
      compose.yaml:1:11: included here
    two.yaml:4:5: unknown key `imag` in service `b`
      one/compose.yaml:2:5: included here
      compose.yaml:1:11: included here
    two.yaml:5:13: services.b.ports[0]: invalid hostPort: 99999
      one/compose.yaml:2:5: included here
      compose.yaml:1:11: included here
    two.yaml:6:16: services.b.mem_limit: invalid suffix: 'x'
      one/compose.yaml:2:5: included here
      compose.yaml:1:11: included here
    two.yaml:9:16: service "c" refers to undefined network n
      one/compose.yaml:2:5: included here
      compose.yaml:1:11: included here
      help: define it under `networks` at the top level
    "#);
}

#[test]
fn an_error_in_an_extended_file_names_the_way_there() {
    assert_snapshot!(refused([
        ("compose.yaml", "services:\n  a:\n    extends: {file: one.yaml, service: b}\n"),
        ("one.yaml", "services:\n  b:\n    extends: {file: two.yaml, service: c}\n"),
        ("two.yaml", "services:\n  c:\n    image: ${NO:?}\n    mem_limit: 1x\n    networks: [n]\n"),
    ]), @"
    two.yaml:3:12: error while interpolating services.c.image: required variable NO is missing a value
      one.yaml:3:14: extended here
      compose.yaml:3:14: extended here
    two.yaml:4:16: services.a.mem_limit: invalid suffix: 'x'
      one.yaml:3:14: extended here
      compose.yaml:3:14: extended here
    ");
}

#[test]
fn a_missing_file_names_the_way_there() {
    assert_snapshot!(refused([
        ("compose.yaml", "include: [one.yaml]\n"),
        ("one.yaml", "include: [two.yaml]\n"),
        ("two.yaml", "include: [three.yaml]\n"),
    ]), @"
    two.yaml:1:11: open three.yaml: no such file or directory
      one.yaml:1:11: included here
      compose.yaml:1:11: included here
    ");
    assert_snapshot!(refused([
        ("compose.yaml", "services:\n  a:\n    extends: {file: one.yaml, service: b}\n"),
        ("one.yaml", "services:\n  b:\n    extends: {file: two.yaml, service: c}\n"),
    ]), @"
    one.yaml:3:14: open two.yaml: no such file or directory
      compose.yaml:3:14: extended here
    ");
    assert_snapshot!(refused([
        ("compose.yaml", "include: [{path: one.yaml, env_file: no.env}]\nservices:\n  a: {image: x, env_file: no.env, label_file: no.labels}\n"),
        ("one.yaml", "services: {}\n"),
    ]), @"
    compose.yaml:1:11: the env file /lab/no.env of the included project is not there
    compose.yaml:3:27: env file /lab/no.env not found: stat /lab/no.env: no such file or directory
    compose.yaml:3:47: label file /lab/no.labels not found: stat /lab/no.labels: no such file or directory
    ");
}

#[test]
fn circles_name_the_whole_way() {
    assert_snapshot!(refused([
        ("compose.yaml", "include: [one/compose.yaml]\n"),
        ("one/compose.yaml", "include: [../two.yaml]\n"),
        ("two.yaml", "include: [compose.yaml]\n"),
    ]), @"
    two.yaml:1:11: include cycle detected: compose.yaml includes one/compose.yaml includes two.yaml includes compose.yaml
      one/compose.yaml:1:11: included here
      compose.yaml:1:11: included here
    ");
    assert_snapshot!(refused([("compose.yaml", "include: [compose.yaml]\n")]), @"compose.yaml:1:11: include cycle detected: compose.yaml includes compose.yaml");
    assert_snapshot!(refused([
        ("compose.yaml", "services:\n  a:\n    extends: {file: one.yaml, service: b}\n"),
        ("one.yaml", "services:\n  b:\n    extends: {file: two.yaml, service: c}\n"),
        ("two.yaml", "services:\n  c:\n    extends: {file: one.yaml, service: b}\n"),
    ]), @"
    one.yaml:3:14: circular reference: `b` in one.yaml extends `c` in two.yaml extends `b` in one.yaml
      two.yaml:3:14: extended here
      compose.yaml:3:14: extended here
    ");
    assert_snapshot!(refused([("compose.yaml", "\
services:
  a: {image: x, depends_on: [b]}
  b: {image: x, network_mode: service:c}
  c: {image: x, links: [a]}
")]), @"compose.yaml:4:25: dependency cycle detected: a -> b -> c -> a");
}

#[test]
fn files_on_other_machines_are_refused() {
    assert_snapshot!(refused([("compose.yaml", "\
include:
  - https://github.com/owner/repository.git#main:compose.yaml
  - path: oci://registry.example/stack:1
services:
  a:
    extends: {file: 'git@github.com:owner/repository.git', service: b}
")]), @"
    compose.yaml:2:5: `https://github.com/owner/repository.git#main:compose.yaml` is on another machine; remote files are not supported
    compose.yaml:3:5: `oci://registry.example/stack:1` is on another machine; remote files are not supported
    compose.yaml:6:14: `git@github.com:owner/repository.git` is on another machine; remote files are not supported
    ");
}

/// Files in memory, some of them under an address.
struct Fetching(MemoryFiles);

impl Files for Fetching {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        self.0.kind(path)
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        self.0.list(dir)
    }

    fn fetch(&self, address: &str) -> io::Result<Option<Utf8PathBuf>> {
        match address.strip_prefix("https://git.example/") {
            Some(name) => Ok(Some(format!("/cache/{name}/compose.yaml").into())),
            None => Err(io::Error::other("no route to host")),
        }
    }
}

#[test]
fn files_on_other_machines_are_read_where_they_can_be_fetched() {
    let fetching = Fetching(MemoryFiles::from([
        (
            "/lab/compose.yaml",
            "include: ['https://git.example/db']\nservices:\n  a:\n    extends: {file: 'https://git.example/web', service: web}\n",
        ),
        (
            "/cache/db/compose.yaml",
            "services:\n  db: {image: db, volumes: ['./data:/data']}\n",
        ),
        (
            "/cache/web/compose.yaml",
            "services:\n  web: {image: web, build: ./src}\n",
        ),
    ]));
    let project = load(&fetching, &options()).unwrap();
    let text = |path: &[&str]| project.model.at(path).unwrap().as_str().unwrap().to_owned();
    let build = text(&["services", "a", "build", "context"]);
    assert_eq!(build, "/cache/web/src");
    let volumes = project.model.at(&["services", "db", "volumes"]).unwrap();
    let source = volumes.as_list().unwrap()[0].get("source").unwrap();
    assert_eq!(source.as_str(), Some("/cache/db/data"));

    let fetching = Fetching(files([("compose.yaml", "include: ['oci://x/y']\n")]));
    assert_snapshot!(said(load(&fetching, &options())), @"compose.yaml:1:11: cannot fetch `oci://x/y`: no route to host");
}

#[test]
fn bombs_are_refused() {
    // Nine lists, each of nine times the one before.
    let mut bomb = "x-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let alias = format!("*a{}", level - 1);
        let items = [alias.as_str(); 9].join(", ");
        let _written = writeln!(bomb, "x-{level}: &a{level} [{items}]");
    }
    assert_snapshot!(refused([("compose.yaml", &bomb)]), @"compose.yaml:6:11: aliases repeat more than 100000 values");
    let nested = format!("x-a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_snapshot!(refused([("compose.yaml", &nested)]), @"compose.yaml:1:133: values nest more than 128 levels deep");
    let variables = format!("x-a: {}{}\n", "${A:-".repeat(10_000), "}".repeat(10_000));
    let said = refused([("compose.yaml", &variables)]);
    assert!(said.starts_with("compose.yaml:1:2506: "), "{said}");
    assert!(said.contains("more than 500 variables inside"), "{said}");
}

#[test]
fn files_that_are_too_large_are_refused() {
    let large = " ".repeat(MAX_BYTES + 1);
    assert_snapshot!(refused([("compose.yaml", &large)]), @"compose.yaml has 16777217 bytes, more than the 16777216 allowed");
    let service = "services: {a: {image: x, env_file: large, label_file: large}}\n";
    assert_snapshot!(refused([("compose.yaml", service), ("large", &large)]), @"
    compose.yaml:1:36: large has 16777217 bytes, more than the 16777216 allowed
    compose.yaml:1:55: large has 16777217 bytes, more than the 16777216 allowed
    ");
    assert_snapshot!(refused([("compose.yaml", service), (".env", &large)]), @".env has 16777217 bytes, more than the 16777216 allowed");
}

#[test]
fn what_is_no_text_is_refused() {
    let odd = MemoryFiles::from([("/lab/compose.yaml", [b'a', b':', 0xff, 0xfe, b'\n'])]);
    assert_snapshot!(said(load(&odd, &options())), @"
    compose.yaml:1:3: the file is not UTF-8 text
      help: save the file as UTF-8
    ");
    assert_snapshot!(refused([("compose.yaml", "services:\n  a: {image: \"\0\"}\n")]), @r#"
    compose.yaml:2:15: control character U+0000 is not allowed in YAML
      help: remove it, or write it as `\x00` in double quotes
    "#);
    assert_snapshot!(refused([("compose.yaml", "services: [\n")]), @"compose.yaml:1:11: the closing `]` is missing");
}

/// Values of every kind, right and wrong ones.
const VALUES: &[&str] = &[
    "",
    "~",
    "x",
    "1",
    "-1.5",
    "true",
    "[]",
    "{}",
    "[a, 1, ~, [b], {c: d}]",
    "{a: b, '': ~, 1: c}",
    "${A:?}",
    "${",
    "$",
    "'::'",
    "{source: 1, target: ~}",
    "[{}]",
    "!reset",
    "!override [a]",
    "service:a",
    "b.yaml",
    "{file: b.yaml, service: a}",
    "99999999999999999999999",
    "2024-01-01",
    ".nan",
    "é",
];

/// Keys of the top, of services and of what is in them.
const KEYS: &[&str] = &[
    "services",
    "networks",
    "volumes",
    "secrets",
    "configs",
    "models",
    "jobs",
    "include",
    "name",
    "version",
    "x-a",
    "image",
    "build",
    "ports",
    "depends_on",
    "extends",
    "environment",
    "env_file",
    "label_file",
    "labels",
    "deploy",
    "healthcheck",
    "command",
    "profiles",
    "links",
    "network_mode",
    "pre_start",
    "develop",
    "watch",
    "external",
    "ipam",
    "config",
    "extra_hosts",
    "devices",
    "gpus",
    "resources",
    "limits",
    "ulimits",
    "logging",
    "triggers",
    "schedule",
    "a",
    "scale",
    "tmpfs",
    "volumes_from",
    "credential_spec",
    "storage_opt",
    "additional_contexts",
];

/// A document of mappings up to four deep.
fn document() -> impl Strategy<Value = String> {
    let line = (
        0..4_usize,
        prop::sample::select(KEYS),
        prop::sample::select(VALUES),
    );
    prop::collection::vec(line, 0..24).prop_map(|lines| {
        let mut text = String::new();
        let mut depth = 0;
        for (at, (wanted, key, value)) in lines.iter().enumerate() {
            depth = (*wanted).min(depth);
            let deeper = lines.get(at + 1).is_some_and(|(next, ..)| *next > depth);
            let value = if deeper { "" } else { value };
            let _written = writeln!(text, "{}{key}: {value}", "  ".repeat(depth));
            depth += usize::from(deeper);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_document_makes_it_panic(one in document(), other in document(), services in document()) {
        let indented = format!("    {}", services.trim_end().replace('\n', "\n    "));
        let files = MemoryFiles::from([
            ("/lab/compose.yaml", one),
            ("/lab/compose.override.yaml", format!("services:\n  a:\n{indented}")),
            ("/lab/b.yaml", other),
        ]);
        for interpolate in [true, false] {
            let mut options = options();
            options.interpolate = interpolate;
            if let Ok(project) = load(&files, &options) {
                let _yaml = project.to_yaml();
                let _json = project.to_json();
                let _hash = project.service_hash("a");
            }
        }
    }
}
