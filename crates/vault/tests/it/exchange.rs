//! Secrets as JSON.

use vault::{Change, Missing, OsRandom, Outcome, Vault, export, import, parse_exchange, sync};

use crate::support::Lab;

fn outcomes(done: Vec<(String, Outcome)>) -> Vec<String> {
    let shown = done.into_iter().map(|(key, outcome)| match outcome {
        Outcome::Failed(error) => format!("{key}: {error}"),
        other => format!("{key}: {other:?}"),
    });
    shown.collect()
}

#[track_caller]
fn imported(vault: &mut Vault, json: &str) -> Vec<String> {
    outcomes(import(
        vault,
        parse_exchange(json, true).unwrap(),
        &mut OsRandom,
    ))
}

#[track_caller]
fn synced(vault: &mut Vault, json: &str) -> Vec<String> {
    outcomes(sync(
        vault,
        parse_exchange(json, true).unwrap(),
        &mut OsRandom,
    ))
}

#[test]
fn an_export_has_what_there_is() {
    let lab = Lab::with(&[("plain", "1")]);
    let mut vault = lab.open();
    let changes = vec![
        Change::password("p\n"),
        Change::field("UserName", "u"),
        Change::field("Notes", "n"),
        Change::protected_field("token", "t"),
        Change::Tags(vec!["x".to_owned(), "y".to_owned()]),
        Change::Attach {
            name: "f".to_owned(),
            data: vec![0, 255].into(),
            is_protected: true,
        },
    ];
    vault.edit("a/b", changes, Missing::Create).unwrap();
    insta::assert_snapshot!(export(&vault, true, |_| true).expose(), @r#"
    {
      "plain": {
        "value": "1"
      },
      "a/b": {
        "value": "p\n",
        "username": "u",
        "notes": "n",
        "strings": {
          "token": {
            "value": "t",
            "encrypted": true
          }
        },
        "tags": {
          "x": "",
          "y": ""
        },
        "binaries": {
          "f": {
            "value": "AP8=",
            "encrypted": true
          }
        }
      }
    }
    "#);
    assert_eq!(
        export(&vault, false, |entry| entry.title() == "plain").expose(),
        "{\"plain\":{\"value\":\"1\"}}\n"
    );
}

#[test]
fn an_import_makes_and_generates() {
    let lab = Lab::with(&[("there", "1")]);
    let mut vault = lab.open();
    let done = imported(
        &mut vault,
        r#"{
        "text": "t",
        "a/full": { "value": "v", "username": "u", "strings": { "s": "plain", "p": { "value": "x", "encrypted": true } },
                    "tags": { "one": "" }, "binaries": { "file": { "value": "AAE=" } } },
        "made": { "ensure": true, "size": 40, "noSpecial": true },
        "there": { "ensure": true, "username": "not set" },
        "nothing": { "username": "u" },
        "null": null,
        "impossible": { "ensure": true, "size": 1 }
    }"#,
    );
    assert_eq!(
        done,
        [
            "text: Created",
            "a/full: Created",
            "made: Created",
            "there: Unchanged",
            "nothing: it has neither `value` nor `ensure`",
            "null: it has neither `value` nor `ensure`",
            "impossible: a secret of 1 characters cannot have one of each of 4 classes",
        ]
    );
    let made = vault.get("made").unwrap();
    assert_eq!(made.expose().len(), 40);
    assert!(
        made.expose()
            .chars()
            .all(|char| char.is_ascii_alphanumeric())
    );
    let entry = vault.entry("a/full").unwrap();
    assert_eq!(entry.username(), "u");
    assert!(entry.field("p").unwrap().is_protected && !entry.field("s").unwrap().is_protected);
    assert_eq!(entry.attachments()[0].name(), "file");
    assert_eq!(vault.entry("there").unwrap().username(), "");
}

#[test]
fn a_sync_touches_what_is_different() {
    let lab = Lab::with(&[
        ("same", "1"),
        ("other", "1"),
        ("gone", "1"),
        ("left", "1"),
        ("kept", "1"),
    ]);
    let mut vault = lab.open();
    vault
        .edit(
            "other",
            vec![Change::Tags(vec!["a".to_owned()])],
            Missing::Fail,
        )
        .unwrap();
    let done = synced(
        &mut vault,
        r#"{
        "same": "1",
        "other": { "value": "2", "tags": ["b"] },
        "gone": { "delete": true },
        "never there": { "delete": true },
        "left": null,
        "kept": { "value": "9", "ensure": true, "username": "u" },
        "new": { "ensure": true },
        "needs a value": { "username": "u" }
    }"#,
    );
    assert_eq!(
        done,
        [
            "same: Unchanged",
            "other: Updated",
            "gone: Deleted",
            "never there: Unchanged",
            "left: Unchanged",
            "kept: Updated",
            "new: Created",
            "needs a value: it has neither `value` nor `ensure`",
        ]
    );
    assert_eq!(vault.get("other").unwrap().expose(), "2");
    assert_eq!(vault.entry("other").unwrap().tags(), ["a", "b"]);
    assert_eq!(vault.get("kept").unwrap().expose(), "1");
    assert_eq!(vault.entry("kept").unwrap().username(), "u");
    assert_eq!(vault.get("new").unwrap().expose().len(), 32);
    assert_eq!(vault.recycled().count(), 1);
}

#[test]
fn mistakes_are_told_together_and_without_values() {
    let wrong = parse_exchange(
        r#"{ "a//b": "x", "n": 1, "s": { "value": 5, "size": "big", "delete": "yes", "strings": { "x": 1 }, "binaries": { "f": { "value": "hunter2!" } } },
             "nul": "hunter2\u0000", "e": { "strings": { "": "hunter2" } } }"#,
        false,
    )
    .unwrap_err();
    let shown: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    key `a//b` has an empty part between two `/`
    `value` of `n` is not a text, an object or null
    `value` of `s` is not a text
    `size` of `s` is not a whole number
    `delete` of `s` is not true or false
    `strings.x` of `s` is not a text with `value`
    `binaries.f` of `s` is not base64 in `value`
    `value` of `nul` is not free of NUL characters
    `e`: the name of a field cannot be "": it is empty or has control characters
    "#);
    let unknown = r#"{ "a": { "value": "x", "colour": "red" } }"#;
    assert_eq!(
        parse_exchange(unknown, true).unwrap_err()[0].to_string(),
        "`a` has `colour`, which is not known"
    );
    assert_eq!(
        parse_exchange(unknown, false).unwrap()[0].unknown,
        ["colour"]
    );
    assert_eq!(
        parse_exchange("{\"a\": hunter2}", false).unwrap_err()[0].to_string(),
        "not JSON: line 1, column 7"
    );
    assert_eq!(
        parse_exchange("[]", false).unwrap_err()[0].to_string(),
        "the document is not an object from keys to secrets"
    );
}
