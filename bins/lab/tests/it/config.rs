//! `lab config` as a program: every option, what goes to which stream, and the exit codes.

use homelab_tests::Sandbox;
use insta::assert_snapshot;

use crate::support::{Lab, lines_with};

#[test]
fn the_help() {
    assert_snapshot!(Lab::usual().prints(&["--help"]), @"
    Resolve Compose files and print the result, as `docker compose config` does

    Usage: lab config [OPTIONS] [NAMES]...

    Arguments:
      [NAMES]...
              Services to print, with what they depend on

    Options:
      -f, --file <FILE>
              Compose file; `-` is standard input [repeatable]

          --env-file <FILE>
              Env file for interpolation [repeatable; default: .env]

          --profile <NAME>
              Activate a profile; `*` activates all [repeatable]

          --project-directory <DIR>
              Directory that relative paths start from

      -p, --project-name <NAME>
              Name of the project

          --format <FORMAT>
              Form of the output

              Possible values:
              - yaml: YAML
              - json: JSON
              
              [default: yaml]

          --no-interpolate
              Leave variables as they are

          --no-normalize
              Leave out what the files only imply

          --no-path-resolution
              Leave relative paths as they are

          --no-env-resolution
              Leave the env files of services unread

          --no-consistency
              Leave out the checks of references and limits

      -q, --quiet
              Only check, print nothing

          --services
              Print the services, one a line

          --volumes
              Print the volumes

          --networks
              Print the networks

          --models
              Print the models

          --images
              Print the images

          --profiles
              Print the profiles

          --environment
              Print the environment that interpolation sees

          --variables
              Print the variables that the files refer to, with their defaults

          --hash <SERVICES>
              Print the configuration hash of these services, by comma; `*` is all

      -o, --output <FILE>
              Write to a file instead of standard output

      -h, --help
              Print help (see a summary with '-h')
    ");
}

#[test]
fn a_project_goes_to_standard_output() {
    assert_snapshot!(Lab::usual().prints(&[]), @r#"
    name: lab
    services:
      db:
        command:
          - serve
          - -p
          - "5432"
        image: postgres
        models:
          m: null
        networks:
          back: null
      web:
        environment:
          A: "1"
        image: nginx:1.27
        networks:
          default: null
        volumes:
          - type: volume
            source: files
            target: /files
            volume: {}
        build:
          context: /lab/web
          dockerfile: Dockerfile
        depends_on:
          db:
            condition: service_started
            required: true
        ports:
          - mode: ingress
            target: 80
            published: "8080"
            protocol: tcp
    networks:
      back:
        name: lab_back
      default:
        name: lab_default
    volumes:
      files:
        name: lab_files
    models:
      m:
        model: ai/m
    "#);
}

#[test]
fn as_json() {
    let text = Lab::usual().prints(&["--format", "json", "db"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["services"]["db"]["command"][2], "5432");
    assert_eq!(
        Lab::usual().prints(&["--format=yaml"]),
        Lab::usual().prints(&[])
    );
    assert_snapshot!(Lab::usual().fails(2, &["--format", "toml"]), @"
    error: invalid value 'toml' for '--format <FORMAT>'
      [possible values: yaml, json]

    For more information, try '--help'.
    ");
}

#[test]
fn warnings_go_to_standard_error_with_their_place() {
    let lab = Lab::new([(
        "compose.yaml",
        "version: '3'\nservices:\n  a:\n    image: x:${TAG}\n    tty: yes\n",
    )]);
    let outcome = lab.run(&["--images"]).success();
    assert_eq!(outcome.stdout, "x:\n");
    assert_snapshot!(outcome.stderr, @r#"
    warning[compose::unset-variable]: The "TAG" variable is not set. Defaulting to a blank string.
     --> compose.yaml:4:14
      |
    4 |     image: x:${TAG}
      |              ^^^^

    warning[compose::boolean]: "yes" for boolean is not supported by YAML 1.2, please use `true`
     --> compose.yaml:5:10
      |
    5 |     tty: yes
      |          ^^^

    warning[compose::version]: the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion
     --> compose.yaml:1:1
      |
    1 | version: '3'
      | ^^^^^^^
    "#);
}

#[test]
fn errors_go_to_standard_error_with_every_place() {
    let lab = Lab::new([
        (
            "compose.yaml",
            "include: [db/compose.yaml]\nservices:\n  a: {imag: x}\n",
        ),
        (
            "db/compose.yaml",
            "services:\n  db: {image: x, ports: ['a:b']}\n",
        ),
    ]);
    assert_snapshot!(lab.fails(1, &[]), @"
    error[compose::short-form]: services.db.ports[0]: invalid containerPort: b
     --> db/compose.yaml:2:26
      |
    2 |   db: {image: x, ports: ['a:b']}
      |                          ^^^^^
      |
     ::: compose.yaml:1:11
      |
    1 | include: [db/compose.yaml]
      |           --------------- included here

    error[compose::unknown-key]: unknown key `imag` in service `a`
     --> compose.yaml:3:7
      |
    3 |   a: {imag: x}
      |       ^^^^ no key of this name here
      |
    help: did you mean `image`?
      |
    3 |   a: {image: x}
      |           +
    ");
}

#[test]
fn many_errors_are_counted() {
    let ports: Vec<_> = (0..60).map(|port| format!("'{port}:b'")).collect();
    let ports = ports.join(", ");
    let text = format!("services:\n  a: {{image: x, ports: [{ports}]}}\n");
    let lab = Lab::new([("compose.yaml", &text)]);
    let said = lab.fails(1, &[]);
    assert_eq!(said.matches("error[").count(), 50);
    assert!(said.ends_with("... and 10 more findings\n"), "{said}");
}

#[test]
fn files_by_option() {
    let lab = Lab::usual();
    let text = lab.prints(&["-f", "compose.yaml", "--file", "more.yaml"]);
    assert!(text.contains("    hostname: more\n"), "{text}");
    assert_snapshot!(lab.fails(1, &["-f", "no.yaml"]), @"error[compose::unreadable]: open no.yaml: no such file or directory");
    assert_snapshot!(lab.fails(1, &["-f", "compose.yaml", "-f", "more.yaml", "-f", "web.env"]), @"
    error[compose::top-level]: the top level of a Compose file must be a mapping
     --> web.env:1:1
      |
    1 | A=1
      | ^^^ found a string
    ");
}

#[test]
fn standard_input() {
    let lab = Lab::usual();
    let text = "services: {a: {image: 'x:$PORT', build: ./b}}";
    let outcome = lab.run_with(&["-f", "-"], text).success();
    assert_eq!(
        lines_with(&outcome.stdout, &["name: lab\n", "image", "context"]),
        "    image: x:5432\n      context: /lab/b"
    );
    let outcome = lab.run_with(&["-f", "-"], "services: {a: {imag: x}}");
    assert_snapshot!(outcome.expect_code(1).stderr, @"
    error[compose::unknown-key]: unknown key `imag` in service `a`
     --> (stdin):1:16
      |
    1 | services: {a: {imag: x}}
      |                ^^^^ no key of this name here
      |
    help: did you mean `image`?
      |
    1 | services: {a: {image: x}}
      |                    +
    ");
}

#[test]
fn env_files_by_option() {
    let lab = Lab::usual();
    let text = lab.prints(&["--env-file", ".env", "--env-file", "other.env"]);
    assert_eq!(
        lines_with(&text, &["nginx", "- \""]),
        "      - \"1\"\n    image: nginx:2"
    );
    assert_snapshot!(lab.fails(1, &["--env-file", "no.env"]), @"error[compose::env-file]: couldn't find env file: no.env");
}

#[test]
fn profiles_by_option() {
    let lab = Lab::usual();
    let all = "db\ndebug\nweb\n";
    assert_eq!(lab.prints(&["--services"]), "db\nweb\n");
    assert_eq!(lab.prints(&["--services", "--profile", "dev"]), all);
    assert_eq!(
        lab.prints(&["--services", "--profile", "x", "--profile", "*"]),
        all
    );
}

#[test]
fn project_directory_and_name() {
    let lab = Lab::usual();
    let text = lab.prints(&[
        "--project-directory",
        "sub",
        "--no-env-resolution",
        "-f",
        "more.yaml",
        "-f",
        "compose.yaml",
        "--env-file",
        ".env",
    ]);
    assert_eq!(
        lines_with(&text, &["name: ", "context", "path"]),
        "name: sub\n      - path: /lab/sub/web.env\n    hostname: more\n      context: /lab/sub/web\n    name: sub_back\n    name: sub_default\n    name: sub_files"
    );
    let text = lab.prints(&["-p", "mine"]);
    assert!(text.starts_with("name: mine\n"), "{text}");
    assert_snapshot!(lab.fails(1, &["--project-name", "Mine"]), @r#"error[compose::project-name]: invalid project name "Mine": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number"#);
}

#[test]
fn stages_left_out() {
    let lab = Lab::usual();
    let text = lab.prints(&["--no-interpolate"]);
    assert_eq!(
        lines_with(&text, &["$"]),
        "    command: serve -p $PORT\n    image: nginx:${TAG:-1.27}"
    );
    let text = lab.prints(&["--no-normalize"]);
    assert_eq!(lines_with(&text, &["default", "Dockerfile"]), "");
    let text = lab.prints(&["--no-path-resolution"]);
    assert_eq!(lines_with(&text, &["context"]), "      context: ./web");
    let text = lab.prints(&["--no-env-resolution"]);
    assert_eq!(
        lines_with(&text, &["web.env", "A:"]),
        "      - path: /lab/web.env"
    );

    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a: {image: x, depends_on: [b]}\n",
    )]);
    assert_snapshot!(lab.fails(1, &[]), @r#"
    error[compose::undefined]: service "a" depends on undefined service "b"
     --> compose.yaml:2:30
      |
    2 |   a: {image: x, depends_on: [b]}
      |                              ^
    "#);
    assert!(lab.prints(&["--no-consistency"]).contains("condition"));
}

#[test]
fn quietly() {
    assert_eq!(Lab::usual().prints(&["-q"]), "");
    assert_eq!(Lab::usual().prints(&["--quiet", "--format", "json"]), "");
    let wrong = Lab::new([("compose.yaml", "services: {a: {}}\n")]);
    assert!(!wrong.fails(1, &["-q"]).is_empty());
}

#[test]
fn lists() {
    let lab = Lab::usual();
    // Dependencies come first.
    assert_eq!(lab.prints(&["--services"]), "db\nweb\n");
    assert_eq!(lab.prints(&["--volumes"]), "files\n");
    assert_eq!(lab.prints(&["--volumes", "db"]), "");
    assert_eq!(lab.prints(&["--networks"]), "back\ndefault\n");
    assert_eq!(lab.prints(&["--models"]), "ai/m\n");
    assert_eq!(lab.prints(&["--images"]), "nginx:1.27\npostgres\n");
    assert_eq!(lab.prints(&["--images", "db"]), "postgres\n");
    assert_eq!(lab.prints(&["--profiles"]), "dev\ntest\n");
    let said = lab.fails(2, &["--services", "--volumes"]);
    assert!(said.contains("cannot be used with"), "{said}");
}

#[test]
fn the_environment_of_interpolation() {
    let text = Lab::usual().prints(&["--environment"]);
    assert_eq!(
        lines_with(&text, &["PORT", "COMPOSE", "TZ"]),
        "COMPOSE_PROJECT_NAME=lab\nPORT=5432\nTZ=UTC"
    );
}

#[test]
fn variables() {
    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a:\n    image: x:${TAG:-1}\n    hostname: ${A_NAME_THAT_IS_LONG:?needed}\n    user: ${USER_ID:+1000}\n",
    )]);
    // Nothing has to be set to ask what can be.
    assert_snapshot!(lab.prints(&["--variables"]), @"
    NAME                  REQUIRED            DEFAULT VALUE       ALTERNATE VALUE
    A_NAME_THAT_IS_LONG   true                                    
    TAG                   false               1                   
    USER_ID               false                                   1000
    ");
    assert_snapshot!(lab.prints(&["--variables", "--format", "json"]), @r#"
    {
        "A_NAME_THAT_IS_LONG": {
            "Name": "A_NAME_THAT_IS_LONG",
            "DefaultValue": "",
            "PresenceValue": "",
            "Required": true
        },
        "TAG": {
            "Name": "TAG",
            "DefaultValue": "1",
            "PresenceValue": "",
            "Required": false
        },
        "USER_ID": {
            "Name": "USER_ID",
            "DefaultValue": "",
            "PresenceValue": "1000",
            "Required": false
        }
    }
    "#);
}

#[test]
fn hashes() {
    let lab = Lab::usual();
    let all = lab.prints(&["--hash", "*"]);
    let names: Vec<_> = all
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(names, ["db", "web"]);
    assert!(
        all.lines()
            .all(|line| line.split(' ').nth(1).is_some_and(|hash| hash.len() == 64))
    );
    assert_eq!(lab.prints(&["--hash", "web,db"]), all);
    let one = lab.prints(&["--hash=db"]);
    assert!(all.starts_with(&one), "{one}");
    assert_eq!(
        lab.fails(1, &["--hash", "no"]),
        "error: no such service: no\n"
    );
    // How a service is built does not change it, what it runs does.
    lab.file(
        "more.yaml",
        "services:\n  db: {pull_policy: always}\n  web: {command: other}\n",
    );
    let changed = lab.prints(&["-f", "compose.yaml", "-f", "more.yaml", "--hash", "*"]);
    assert!(changed.starts_with(&one), "{changed}");
    assert_ne!(changed, all);
}

#[test]
fn into_a_file() {
    let lab = Lab::usual();
    let path = lab.path("out.yaml");
    assert_eq!(lab.prints(&["-o", "out.yaml"]), "");
    let written = fs_err::read_to_string(&path).unwrap();
    assert_eq!(lab.shown(&written), lab.prints(&[]));
    // A project that is wrong leaves the file alone.
    assert!(
        !lab.fails(1, &["-o", "out.yaml", "no-such-service"])
            .is_empty()
    );
    assert_eq!(fs_err::read_to_string(&path).unwrap(), written);
    lab.prints(&["--services", "--output", "out.yaml"]);
    assert_eq!(fs_err::read_to_string(&path).unwrap(), "db\nweb\n");
    let said = lab.fails(1, &["-o", "no/such/directory/out.yaml"]);
    assert!(
        said.starts_with("error: cannot write `no/such/directory/out.yaml`: "),
        "{said}"
    );
}

#[test]
fn services_by_name() {
    let lab = Lab::usual();
    let text = lab.prints(&["db"]);
    assert_eq!(
        lines_with(&text, &["web", "  db:", "back"]),
        "  db:\n      back: null\n  back:\n    name: lab_back"
    );
    let text = lab.prints(&["web"]);
    assert_eq!(lines_with(&text, &["image: "]).lines().count(), 2);
    assert_snapshot!(lab.fails(1, &["dbb"]), @"
    error[compose::unknown-service]: no such service: dbb
    help: did you mean `db`?
    ");
}

#[test]
fn what_is_not_understood() {
    assert_snapshot!(Lab::usual().fails(2, &["--no-such-option"]), @"
    error: unexpected argument '--no-such-option' found

      tip: a similar argument exists: '--no-path-resolution'

    Usage: lab config --no-path-resolution [NAMES]...

    For more information, try '--help'.
    ");
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(env!("CARGO_BIN_EXE_lab"), ["confg"]);
    assert_snapshot!(outcome.expect_code(2).stderr, @"
    error: unrecognized subcommand 'confg'

      tip: a similar subcommand exists: 'config'

    Usage: lab <COMMAND>

    For more information, try '--help'.
    ");
    let outcome = sandbox.run(env!("CARGO_BIN_EXE_lab"), ["config"]);
    let said = outcome.expect_code(1).stderr;
    assert_snapshot!(said.replace(sandbox.path().as_str(), "/here"), @"
    error[compose::no-file]: no configuration file provided: not found
    help: looked for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml in /here and above
    ");
}

#[test]
fn services_come_after_what_they_depend_on() {
    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a: {image: x, depends_on: [d, b]}\n  b: {image: x, links: [c]}\n  c: {image: x}\n  d: {image: x}\n",
    )]);
    assert_eq!(lab.prints(&["--services"]), "c\nb\nd\na\n");
}

#[test]
fn keys_of_ssh_have_json() {
    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a: {build: {context: ., ssh: [key=/path, default]}}\n",
    )]);
    let json = lab.prints(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let ssh = &json["services"]["a"]["build"]["ssh"];
    assert_eq!(*ssh, serde_json::json!(["key: /path", "default"]));
}

#[test]
fn keys_of_ssh_that_start_with_x_are_keys() {
    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a: {build: {context: ., ssh: {x-key: /path}}}\n",
    )]);
    let text = lab.prints(&[]);
    assert!(text.contains("- 'x-key: /path'"), "{text}");
}

#[test]
fn only_one_name_of_a_key_merges() {
    let lab = Lab::new([(
        "compose.yaml",
        "services:\n  a:\n    !!merge base: {image: x}\n  b:\n    !!merge <<: {image: x}\n",
    )]);
    let said = lab.fails(1, &[]);
    assert!(said.contains("unknown key `base` in service `a`"), "{said}");
    assert!(!said.contains("service `b`"), "{said}");
}

#[test]
fn options_that_ask_registries_are_not_there() {
    for option in ["--lock-image-digests", "--resolve-image-digests"] {
        let said = Lab::usual().fails(2, &[option]);
        assert!(said.contains("unexpected argument"), "{said}");
    }
}
