//! `cast explain`: where each part of a task comes from.

use crate::support::Test;

fn project() -> Test {
    Test::new()
        .castfile(
            "
            imports: [docker]
            dotenv: [.env]
            env:
              SERVICE: web
              API_KEY: abc123
              PLAIN: {value: hush, secret: true}
              DERIVED: 'pre-$PLAIN'
              FROM_SHELL: ${WHO:-nobody}
              RUN: $(touch ran-by-explain)
            tasks:
              up:
                desc: Bring it up
                uses: bash
                needs: [net]
                env: {SERVICE: own}
                run: |
                  echo one
                  echo two
              net: echo net
            ",
        )
        .file(".env", "DOT=1\n")
        .file(
            ".cast/modules/docker/castfile",
            "env: {MOD: module}\ntasks: {up: {desc: Module up, run: echo}}",
        )
}

#[test]
fn every_part_has_its_place_and_secrets_are_masked() {
    let ran = project().env("WHO", "me").args(["explain", "up"]).output();
    assert!(!ran.exists("ran-by-explain"));
    insta::assert_snapshot!(ran.all(), @r#"
    up
      defined   castfile:11:3
      replaces  .cast/modules/docker/castfile:2:9  module docker
      runner    bash
      order     net → up
      desc      Bring it up  castfile:12:11
      uses      bash  castfile:13:11
      run       echo one …  castfile:16:10
      needs     net  castfile:14:13

    environment
      API_KEY=***  castfile:5:12
      DERIVED=***  castfile:7:12
      DOT=1  .env:1:5
      FROM_SHELL=me  castfile:8:15
      MOD=module  .cast/modules/docker/castfile:1:12
      PLAIN=***  castfile:6:18
      RUN=$(touch ran-by-explain)  castfile:9:8
      SERVICE=own  castfile:15:20

    ---- status 0
    "#);
}

#[test]
fn the_same_as_json() {
    let ran = project().args(["explain", "up", "--json"]).output();
    assert!(
        !ran.stdout.contains("hush") && !ran.stdout.contains("abc123"),
        "{}",
        ran.stdout
    );
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "version", "id", "module", "defined", "replaces", "runner", "order", "fields", "env"
        ]
    );
    assert_eq!(value["order"], serde_json::json!(["net", "up"]));
    assert_eq!(value["env"]["PLAIN"]["value"], "***");
    assert_eq!(value["env"]["SERVICE"]["origin"], "castfile:15:20");
    assert_eq!(value["fields"]["uses"]["place"], "castfile:13:11");
}

#[test]
fn the_variant_for_the_context_is_explained() {
    let ran = Test::new()
        .castfile("tasks: {up: echo plain, 'up:prod': echo prod}")
        .args(["-c", "prod", "explain", "up"])
        .output();
    assert!(ran.stdout.starts_with("up:prod\n"), "{}", ran.all());
}

#[test]
fn an_unknown_task_names_the_nearest() {
    let ran = project().args(["explain", "upp"]).output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[castfile::unknown-task]: no task `upp` in `castfile`
    help: did you mean `up`?
    ---- status 1
    "#);
}

#[test]
fn a_task_of_that_name_wins_and_self_reaches_the_command() {
    let test = || Test::new().castfile("tasks: {explain: echo the task, t: echo}");
    test().args(["explain"]).stdout("the task\n").run();
    let ran = test().args(["self", "explain", "t"]).output();
    assert!(ran.stdout.starts_with("t\n"), "{}", ran.all());
}
