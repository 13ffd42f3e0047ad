//! The tables against documents, and the rules that the tables themselves follow.

use proptest::prelude::*;
use yaml_tree::{Content, Node, Options, Resolved, Schema, Source, Span, parse_one};

use super::shape::Shape;
use super::{top, validate};
use crate::{Data, Map, Value};

fn value(node: &Node, key: Option<Span>) -> Value {
    let data = match (node.content(), node.resolve(Schema::Go)) {
        (Content::Sequence(items), _) => {
            Data::List(items.iter().map(|item| value(item, None)).collect())
        }
        (Content::Mapping(map), _) => Data::Map(
            map.entries()
                .iter()
                .map(|entry| {
                    let key = entry.key.as_text().unwrap();
                    (key, value(&entry.value, Some(entry.key.span().clone())))
                })
                .collect(),
        ),
        (_, Some(Resolved::Bool(value))) => Data::Bool(value),
        (_, Some(Resolved::Int(value))) => Data::Int(value),
        (_, Some(Resolved::UInt(value))) => Data::UInt(value),
        (_, Some(Resolved::Float(value))) => Data::Float(value),
        (_, Some(Resolved::Timestamp(text))) => Data::Time(text.into()),
        (_, Some(Resolved::Str(text))) => Data::Str(text.into()),
        _ => Data::Null,
    };
    Value {
        data,
        span: Some(node.span().clone()),
        key,
        template: None,
    }
}

fn read(text: &str) -> Value {
    let source = Source::new("f", text);
    let options = Options::default().schema(Schema::Go);
    value(&parse_one(&source, &options).into_result().unwrap(), None)
}

/// The findings about a document, one line each: place, message, fix.
fn check(text: &str) -> String {
    let lines: Vec<String> = validate(&read(text))
        .iter()
        .map(|found| match &found.fix {
            Some(fix) => format!("{found} -> {}", fix.replacement),
            None => found.to_string(),
        })
        .collect();
    lines.join("\n")
}

/// The findings about attributes of a service.
fn service(attributes: &str) -> String {
    check(&format!("services: {{a: {{{attributes}}}}}"))
}

#[test]
fn a_bit_of_everything_is_accepted() {
    let text = r#"
version: "3.8"
name: demo
x-note: [1, {y: 2001-01-01}]
include: [a.yaml, {path: [b.yaml], unknown: 1}]
services:
  web:
    image: nginx
    x-note: 1
    build: {context: ., args: {A: null, B: 1, C: 2001-01-01}, x-note: 1}
    command: null
    cpus: 0.5
    cpu_percent: 10.0
    depends_on: {db: {condition: service_healthy, required: false}}
    deploy: null
    develop: null
    env_file: [a.env, {path: b.env, required: false}]
    environment: [A, B=1]
    extends: {service: base, unknown: 1}
    extra_hosts: {a: [1.1.1.1, 1.1.1.1]}
    gpus: [{unknown: 1}]
    healthcheck: {test: curl x, retries: 3}
    logging: {options: {max-file: 3, tag: null}}
    networks: {front: null, back: {aliases: [b]}}
    pid: null
    ports: [80, "81:81", {target: 82}]
    pull_policy: every_1d12h
    ulimits: {nofile: {soft: 1, hard: 2}, NPROC: [anything]}
    volumes: [v:/v, {type: volume, source: v, target: /w}]
    pre_start: [{command: [a], image: b, per_replica: true}]
    post_start: [{command: null}]
jobs:
  nightly: {image: x, triggers: {schedule: ["0 3 * * *", {cron: "@daily", concurrency: queue}]}}
networks: {front: null, back: {external: {name: b}}}
volumes: {v: }
secrets: {s: {file: s, external: {unknown: 1}}}
configs: {c: {content: c}}
models: {m: {model: ai/m, context_size: 4096}}
"#;
    assert_eq!(check(text), "");
}

#[test]
fn kinds() {
    let cases = [
        ("ports: 80", "f:1:23: services.a.ports must be a list"),
        (
            "image: 5",
            "f:1:23: services.a.image must be a string -> \"5\"",
        ),
        (
            "image: 2001-01-01",
            "f:1:23: services.a.image must be a string -> \"2001-01-01\"",
        ),
        (
            "environment: {A: [1]}",
            "f:1:33: services.a.environment.A must be a string, a number, a boolean or null",
        ),
        (
            "environment: [A: 1]",
            "f:1:30: services.a.environment[0] must be a string",
        ),
        (
            "cpu_percent: 10.5",
            "f:1:29: services.a.cpu_percent must be a string or a whole number -> \"10.5\"",
        ),
        (
            "use_api_socket: 'true'",
            "f:1:32: services.a.use_api_socket must be a boolean",
        ),
        (
            "build: 1",
            "f:1:23: services.a.build must be a string or a mapping -> \"1\"",
        ),
        (
            "healthcheck: null",
            "f:1:29: services.a.healthcheck must be a mapping",
        ),
        (
            "dns: [1]",
            "f:1:22: services.a.dns[0] must be a string -> \"1\"",
        ),
        (
            "x-a: [.inf]",
            "f:1:22: services.a.x-a[0] is not a finite number",
        ),
        (
            "cpus: .nan",
            "f:1:22: services.a.cpus is not a finite number",
        ),
        (
            "gpus: some",
            "f:1:22: services.a.gpus must be `all`, not `some`",
        ),
        ("gpus: 1", "f:1:22: services.a.gpus must be `all` or a list"),
    ];
    for (attributes, expected) in cases {
        assert_eq!(service(attributes), expected, "{attributes}");
    }
}

#[test]
fn null_is_refused_where_a_mapping_is_needed() {
    assert_eq!(check("volumes:\n"), "f:1:9: volumes must be a mapping");
    assert_eq!(
        check("services: {a: }"),
        "f:1:14: services.a must be a mapping"
    );
    assert_eq!(
        check("secrets: {a: }"),
        "f:1:13: secrets.a must be a mapping"
    );
    assert_eq!(check("volumes: {a: }\nnetworks: {a: }"), "");
    assert_eq!(check("[]"), "f:1:1: the file must be a mapping");
}

#[test]
fn keys() {
    let cases = [
        (
            "imag: x",
            "f:1:16: unknown key `imag` in service `a` -> image",
        ),
        (
            "healthcheck: {tets: x}",
            "f:1:30: unknown key `tets` in services.a.healthcheck -> test",
        ),
        (
            "blkio_config: {x-a: 1}",
            "f:1:31: unknown key `x-a` in services.a.blkio_config",
        ),
        (
            "depends_on: {b: {}}",
            "f:1:29: services.a.depends_on.b has no `condition`",
        ),
        (
            "depends_on: {b c: {condition: service_started}}",
            "f:1:29: the key `b c` in services.a.depends_on is no name",
        ),
        (
            "environment: {\"\": 1}",
            "f:1:30: the key `` in services.a.environment is empty",
        ),
        (
            "ulimits: {nofile: {soft: 1}}",
            "f:1:26: services.a.ulimits.nofile has no `hard`",
        ),
        (
            "cap_add: [A], cap_ad: [B]",
            "f:1:30: unknown key `cap_ad` in service `a`",
        ),
    ];
    for (attributes, expected) in cases {
        assert_eq!(service(attributes), expected, "{attributes}");
    }
    assert_eq!(
        check("servces: {}\nfoo: 1"),
        "f:1:1: unknown key `servces` at the top level -> services\n\
         f:2:1: unknown key `foo` at the top level"
    );
    assert_eq!(
        check("jobs: {a: {image: x, triggers: {x-a: 1}}}"),
        "f:1:22: jobs.a.triggers has no `manual` or `schedule`"
    );
    assert_eq!(
        check("networks: {a: {driverr: x}}\nsecrets: {é: {file: x}}"),
        "f:1:16: unknown key `driverr` in network `a` -> driver\n\
         f:2:11: the key `é` in secrets is no name"
    );
}

#[test]
fn what_belongs_to_one_kind_of_workload_alone() {
    assert_eq!(service("triggers: {manual: true}").lines().count(), 1);
    assert_eq!(
        check("jobs: {a: {restart: always, triggers: {manual: true}}}"),
        "f:1:12: unknown key `restart` in job `a`"
    );
    assert_eq!(
        service("pre_start: [{ports: [1]}]"),
        "f:1:29: unknown key `ports` in services.a.pre_start[0]"
    );
    assert_eq!(
        service("post_start: [{image: x}]").lines().count(),
        2,
        "no command, unknown key"
    );
}

#[test]
fn words_patterns_and_ranges() {
    let cases = [
        (
            "cgroup: hots",
            "f:1:24: services.a.cgroup must be `host` or `private`, not `hots` -> host",
        ),
        (
            "cpu_percent: 101",
            "f:1:29: services.a.cpu_percent must be a number from 0 to 100",
        ),
        (
            "cpu_count: -1",
            "f:1:27: services.a.cpu_count must not be negative",
        ),
        (
            "oom_score_adj: -1001",
            "f:1:31: services.a.oom_score_adj must be a number from -1000 to 1000",
        ),
        ("cpu_count: 18446744073709551615", ""),
        (
            "container_name: a",
            "f:1:32: services.a.container_name cannot be `a`",
        ),
        ("container_name: ab", ""),
        ("container_name: _a-", ""),
        (
            "container_name: _é_",
            "f:1:32: services.a.container_name cannot be `_é_`",
        ),
        (
            "pull_policy: sometimes",
            "f:1:29: services.a.pull_policy cannot be `sometimes`",
        ),
        (
            "pull_policy: every_",
            "f:1:29: services.a.pull_policy cannot be `every_`",
        ),
        (
            "pull_policy: every_1",
            "f:1:29: services.a.pull_policy cannot be `every_1`",
        ),
        (
            "pull_policy: every_h",
            "f:1:29: services.a.pull_policy cannot be `every_h`",
        ),
        ("pull_policy: every_1w2d3h4m5s", ""),
    ];
    for (attributes, expected) in cases {
        assert_eq!(service(attributes), expected, "{attributes}");
    }
}

#[test]
fn repetitions() {
    let twice =
        |path: &str, at: &str| format!("f:1:{at}: services.a.{path} has the same item twice");
    assert_eq!(
        service("security_opt: [a, b, a]"),
        twice("security_opt", "37")
    );
    assert_eq!(service("group_add: [1, 1.0]"), twice("group_add", "31"));
    assert_eq!(service("group_add: [1, '1', 1.5]"), "");
    assert_eq!(
        service("volumes: [{type: bind, source: a}, {source: a, type: bind}]"),
        twice("volumes", "51")
    );
    assert_eq!(service("build: {tags: [a, a]}"), "");
}

#[test]
fn dates_are_neither_text_nor_numbers() {
    for line in ["command: 2001-01-01", "mem_limit: 2001-01-01"] {
        assert!(!service(line).is_empty(), "{line}");
    }
}

#[test]
fn findings_are_limited() {
    let lines: Vec<String> = (0..5000).map(|index| format!("  s{index}: null")).collect();
    let found = validate(&read(&["services:", &lines.join("\n")].join("\n")));
    assert_eq!(found.len(), 1001);
    assert!(!found[1000].is_error());
}

#[test]
fn messages_are_one_short_line() {
    let long = "x".repeat(500);
    let found = check(&format!(
        "services: {{a: {{cgroup: \"{long}\\n\"}}}}\n\"a\\nb\": 1\n"
    ));
    assert_eq!(found.lines().count(), 2);
    assert!(found.len() < 300, "{found}");
}

/// Calls `visit` with every shape in the tables.
fn each_shape(shape: &'static Shape, visit: &mut dyn FnMut(&'static Shape)) {
    visit(shape);
    match shape {
        Shape::List(item) | Shape::Set(item) | Shape::Each(_, _, item) => each_shape(item, visit),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| each_shape(shape, visit)),
        Shape::Map(record) => {
            for (_, shape) in record.tables().flatten() {
                each_shape(shape, visit);
            }
        }
        _ => {}
    }
}

#[test]
fn tables_are_sorted_and_required_keys_are_in_them() {
    each_shape(&top::FILE, &mut |shape| {
        let Shape::Map(record) = shape else { return };
        for table in record.tables() {
            let keys: Vec<&str> = table.iter().map(|(key, _)| *key).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        }
        for key in record.required.iter().chain(record.one_of) {
            assert!(record.field(key).is_some(), "{key}");
        }
        let mut keys: Vec<&str> = record.keys().collect();
        keys.sort_unstable();
        assert!(keys.is_sorted_by(|a, b| a < b), "in two tables: {keys:?}");
    });
}

#[test]
fn alternatives_are_of_different_kinds() {
    let samples = [
        Data::Null,
        Data::Bool(true),
        Data::Int(1),
        Data::Float(1.5),
        Data::Str("a".into()),
        Data::Time("2001-01-01".into()),
        Data::List(Vec::new()),
        Data::Map(Map::new()),
    ];
    each_shape(&top::FILE, &mut |shape| {
        let Shape::Either(shapes) = shape else { return };
        for data in &samples {
            let fitting = shapes
                .iter()
                .filter(|shape| shape.alternative(data).is_some());
            assert!(fitting.count() <= 1, "{shape:?} for {data:?}");
        }
    });
}

fn any_value() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "services",
        "a",
        "image",
        "build",
        "ports",
        "volumes",
        "networks",
        "x-a",
        "type",
        "deploy",
        "healthcheck",
        "environment",
        "",
        "é",
        "pre_start",
        "jobs",
        "triggers",
        "ulimits",
        "models",
    ]);
    let scalar = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::Int),
        any::<u64>().prop_map(Data::UInt),
        any::<f64>().prop_map(Data::Float),
        ".{0,4}".prop_map(Data::from),
        Just(Data::Time("2001-01-01".into())),
    ];
    scalar
        .prop_map(Value::new)
        .prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::new),
                prop::collection::vec((keys.clone(), inner), 0..5)
                    .prop_map(|entries| Value::new(entries.into_iter().collect::<Map>())),
            ]
        })
}

proptest! {
    #[test]
    fn any_document_is_judged(value in any_value()) {
        for found in validate(&value) {
            prop_assert!(found.code.starts_with("compose::"));
            prop_assert!(!found.message.contains('\n'));
        }
    }
}
