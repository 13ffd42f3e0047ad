//! What is different, and that no value is shown.

use vault::{Change, Missing, Removal, Secret, describe, diff};

use crate::support::{Lab, at, save};

#[test]
fn differences_are_told_without_values() {
    let lab = Lab::with(&[
        ("same", "1"),
        ("changed", "hunter2"),
        ("gone", "1"),
        ("moved", "1"),
        ("again", "1"),
    ]);
    let old = lab.open();
    let mut new = lab.open();
    new.set("changed", Secret::from("hunter3")).unwrap();
    let changes = vec![
        Change::field("URL", "https://x"),
        Change::Tags(vec!["t".to_owned()]),
        Change::Expires(Some(at(2_000_000_000))),
        Change::Attach {
            name: "f".to_owned(),
            data: vec![1].into(),
            is_protected: false,
        },
    ];
    new.edit("changed", changes, Missing::Fail).unwrap();
    new.remove("gone", Removal::RecycleBin).unwrap();
    new.edit(
        "moved",
        vec![Change::field("Title", "renamed")],
        Missing::Fail,
    )
    .unwrap();
    new.set("new", Secret::from("1")).unwrap();
    // the same key, another entry
    new.remove("again", Removal::Permanent).unwrap();
    new.set("again", Secret::from("2")).unwrap();
    save(&mut new);
    let text = diff(&old, &new);
    let shown: Vec<String> = text
        .iter()
        .map(|found| format!("{}: {:?}", found.key, found.kind))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    again: Changed { from: None, parts: [FieldChanged("Password")] }
    changed: Changed { from: None, parts: [FieldChanged("Password"), FieldAdded("URL"), Tags, Expiry, AttachmentAdded("f")] }
    gone: Removed
    new: Added
    renamed: Changed { from: Some("moved"), parts: [] }
    "#);
    assert!(diff(&new, &new).is_empty());
    assert!(!format!("{text:?}{new:?}").contains("hunter"));
    let back: Vec<String> = diff(&new, &old)
        .iter()
        .map(|found| format!("{}: {:?}", found.key, found.kind))
        .collect();
    insta::assert_snapshot!(back.join("\n"), @r#"
    again: Changed { from: None, parts: [FieldChanged("Password")] }
    changed: Changed { from: None, parts: [FieldChanged("Password"), FieldRemoved("URL"), Tags, Expiry, AttachmentRemoved("f")] }
    gone: Added
    moved: Changed { from: Some("renamed"), parts: [] }
    new: Removed
    "#);
}

#[test]
fn a_vault_is_described_without_values() {
    let lab = Lab::with(&[("b", "hunter2"), ("a/x", "hunter2")]);
    let mut vault = lab.open();
    let changes = vec![
        Change::field("token", "hunter2"),
        Change::Tags(vec!["t".to_owned()]),
    ];
    vault.edit("b", changes, Missing::Fail).unwrap();
    insta::assert_snapshot!(describe(&vault), @"
    a/x
      modified: 2023-11-14T22:13:20Z
      Password: ***
      earlier versions: 0
    b
      modified: 2023-11-14T22:13:21Z
      Password: ***
      token: ***
      tags: t
      earlier versions: 1
    ");
}
