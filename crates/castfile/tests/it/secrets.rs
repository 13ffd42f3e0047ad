//! Which variables must not be shown.

use castfile::Env;

use crate::support::{World, lab};

/// Names of the secret ones.
fn secret(env: &Env) -> Vec<&str> {
    env.iter()
        .filter(|(_, var)| var.secret)
        .map(|(name, _)| name)
        .collect()
}

fn world(castfile: &str) -> World {
    World::new(lab([
        ("castfile", castfile),
        ("p.env", "PW=file\nFROM_PW=$PW\n"),
    ]))
}

#[test]
fn marks_in_every_shape() {
    let env = world(
        "env:\n  - A:1\n  - B=2\n  - {name: C, value: 3, secret: true}\n  - {name: D, value: 4}\n",
    );
    assert_eq!(secret(&env.base()), ["A", "C"]);
    let env = world("env: {A: {value: 1, secret: true}, B: {value: 2, secret: false}, C: 3}\n");
    assert_eq!(secret(&env.base()), ["A"]);
}

#[test]
fn what_is_made_from_a_secret_is_one() {
    let env = world(
        "env:
  PW: {value: hunter2, secret: true}
  URL: postgres://u:$PW@db
  COPY: ${COPY:-${PW}}
  ALT: ${PW:+yes}
  SET: ${OTHER:=$PW}
  RUN: $(hash $PW)
  AGAIN: $URL
  FREE: $$PW ${HOME}
",
    );
    assert_eq!(
        secret(&env.base()),
        ["AGAIN", "ALT", "COPY", "OTHER", "PW", "RUN", "SET", "URL"]
    );
}

#[test]
fn a_secret_name_stays_secret_in_later_layers() {
    let env = world(
        "config: {env: {PW: {value: a, secret: true}}}\nenv: {PW: b}\ntasks: {t: {run: x, env: {PW: c}}}\n",
    )
    .var("PW", "d");
    assert_eq!(secret(&env.base()), ["PW"]);
    assert_eq!(secret(&env.task("t")), ["PW"]);
    assert_eq!(env.task("t").get("PW"), Some("d"));
}

#[test]
fn a_value_from_a_dotenv_file_is_secret_once_the_castfile_says_so() {
    let env = world(
        "dotenv: p.env\nenv: {PW: {value: $PW, secret: true}}\ntasks: {t: {run: x, dotenv: [p.env]}}\n",
    );
    assert_eq!(secret(&env.base()), ["PW"]);
    assert_eq!(secret(&env.task("t")), ["FROM_PW", "PW"]);
}

#[test]
fn debug_output_shows_no_secret() {
    let env = world("env: {PW: {value: hunter2, secret: true}}\n").base();
    let text = format!("{env:?}");
    assert!(!text.contains("hunter2") && text.contains("***"), "{text}");
}

#[test]
fn what_a_secret_command_gives_is_secret_wherever_it_ends() {
    let env = world(
        "env:\n  PLAIN: $(echo x)\n  KEY: $(secret hunter2)\n  URL: postgres://lab:$(secret inner-1)@db\n  \
         MADE: ${FROM:=$(secret third-3)}\n  PART: inner-1 by hand\n  PIN: $(secret 12)\n  SAME: '12'\n  OTHER: '120'\n",
    )
    .base();
    assert_eq!(
        secret(&env),
        ["FROM", "KEY", "MADE", "PART", "PIN", "SAME", "URL"],
        "also what contains one, unless it is too short to tell"
    );
    assert_eq!(env.get("URL"), Some("postgres://lab:inner-1@db"));
    assert!(!format!("{env:?}").contains("inner-1"));
}
