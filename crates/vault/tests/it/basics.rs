//! Reading and editing.

use vault::{Change, Edited, Error, Missing, Removal, Secret, fields};

use crate::support::{Lab, save};

#[test]
fn what_is_set_is_got_again() {
    let lab = Lab::new();
    let mut vault = lab.open();
    assert_eq!(
        vault
            .set("shop/db/password", Secret::from("hunter2"))
            .unwrap(),
        Edited::Created
    );
    assert_eq!(vault.get("shop/db/password").unwrap().expose(), "hunter2");
    save(&mut vault);
    let vault = lab.open();
    assert_eq!(vault.get("shop/db/password").unwrap().expose(), "hunter2");
    assert_eq!(vault.get("Shop.DB:PassWord").unwrap().expose(), "hunter2");
    assert_eq!(vault.get("password").unwrap().expose(), "hunter2");
    assert!(matches!(
        vault.get("shop/password"),
        Err(Error::NotFound { .. })
    ));
}

#[test]
fn an_edit_keeps_the_version_before() {
    let lab = Lab::new();
    let mut vault = lab.open();
    for value in ["one", "two", "three"] {
        vault.set("key", Secret::from(value)).unwrap();
    }
    assert_eq!(
        vault.set("key", Secret::from("three")).unwrap(),
        Edited::Unchanged
    );
    save(&mut vault);
    let mut vault = lab.open();
    let entry = vault.entry("key").unwrap();
    let old: Vec<_> = entry.history().iter().map(vault::Entry::password).collect();
    assert_eq!(old, [Secret::from("one"), Secret::from("two")]);
    vault.undo("key").unwrap();
    assert_eq!(vault.get("key").unwrap().expose(), "two");
    save(&mut vault);
    let mut vault = lab.open();
    assert_eq!(vault.get("key").unwrap().expose(), "two");
    vault.undo("key").unwrap();
    assert_eq!(vault.get("key").unwrap().expose(), "three");
}

#[test]
fn fields_files_and_tags_survive() {
    let lab = Lab::new();
    let mut vault = lab.open();
    let changes = vec![
        Change::password(" \n"),
        Change::field(fields::NOTES, "a\r\nb\tc  "),
        Change::field("only blanks", "   "),
        Change::field("control", "\u{1}x"),
        Change::field(" edge ", " x "),
        Change::protected_field("secret", "<&>\"'"),
        Change::Tags(vec!["a".into(), "b c".into()]),
        Change::Attach {
            name: "f.bin".into(),
            data: vec![0, 1, 2].into(),
            is_protected: true,
        },
        Change::Attach {
            name: "empty".into(),
            data: vec![].into(),
            is_protected: false,
        },
    ];
    vault.edit("grün/€", changes, Missing::Create).unwrap();
    save(&mut vault);
    let mut vault = lab.open();
    let entry = vault.entry("grün/€").unwrap();
    assert_eq!(entry.password().expose(), " \n");
    assert_eq!(entry.notes(), "a\r\nb\tc  ");
    assert_eq!(entry.field("only blanks").unwrap().value.expose(), "   ");
    assert_eq!(entry.field("control").unwrap().value.expose(), "\u{1}x");
    assert!(entry.field("control").unwrap().is_protected);
    assert_eq!(entry.field(" edge ").unwrap().value.expose(), " x ");
    assert_eq!(entry.field("secret").unwrap().value.expose(), "<&>\"'");
    assert_eq!(entry.tags(), ["a", "b c"]);
    assert_eq!(
        entry
            .attachments()
            .iter()
            .find(|f| f.name() == "f.bin")
            .unwrap()
            .data(),
        [0, 1, 2]
    );
    vault
        .edit(
            "grün/€",
            vec![Change::Attach {
                name: "f.bin".into(),
                data: vec![9].into(),
                is_protected: false,
            }],
            Missing::Fail,
        )
        .unwrap();
    vault
        .edit(
            "grün/€",
            vec![Change::Detach {
                name: "empty".into(),
            }],
            Missing::Fail,
        )
        .unwrap();
    save(&mut vault);
    let vault = lab.open();
    let entry = vault.entry("grün/€").unwrap();
    assert_eq!(entry.attachments().len(), 1);
    assert_eq!(entry.attachments()[0].data(), [9]);
    assert_eq!(entry.history()[0].attachments().len(), 2);
    assert_eq!(
        entry.history()[0]
            .attachments()
            .iter()
            .find(|f| f.name() == "f.bin")
            .unwrap()
            .data(),
        [0, 1, 2]
    );
}

#[test]
fn what_is_removed_lies_in_the_bin() {
    let lab = Lab::new();
    let mut vault = lab.open();
    vault.set("a/b", Secret::from("1")).unwrap();
    vault.set("a/c", Secret::from("2")).unwrap();
    save(&mut vault);
    vault.remove("a/b", Removal::RecycleBin).unwrap();
    vault.remove("a/c", Removal::Permanent).unwrap();
    save(&mut vault);
    let vault = lab.open();
    assert_eq!(vault.entries().count(), 0);
    assert_eq!(vault.recycled().count(), 1);
    assert!(vault.get("a/b").is_err());
}

#[test]
fn an_entry_moves_with_its_history() {
    let lab = Lab::with(&[("x", "1"), ("y", "other"), ("a/taken", "t")]);
    let mut vault = lab.open();
    vault.set("x", Secret::from("2")).unwrap();
    let file = Change::Attach {
        name: "f".to_owned(),
        data: b"data".to_vec().into(),
        is_protected: false,
    };
    vault.edit("x", vec![file], Missing::Fail).unwrap();
    save(&mut vault);
    let mut vault = lab.open();
    vault.relocate("x", "new/group/x").unwrap();
    save(&mut vault);
    let mut vault = lab.open();
    let moved = vault.entry("new/group/x").unwrap();
    assert_eq!(moved.key().to_string(), "new/group/x");
    let old: Vec<_> = moved.history().iter().map(vault::Entry::password).collect();
    let old: Vec<_> = old.iter().map(Secret::expose).collect();
    assert_eq!((moved.password().expose(), old), ("2", vec!["1", "2"]));
    assert_eq!(moved.attachments()[0].data(), b"data");
    assert_eq!(vault.recycled().count(), 0);
    // with another title there is one version more
    vault.relocate("new/group/x", "a/z").unwrap();
    assert_eq!(vault.entry("a/z").unwrap().history().len(), 3);
    let error = vault.relocate("y", "a/Taken").unwrap_err();
    assert_eq!(error.to_string(), "`a/Taken` is there already");
    assert!(vault.relocate("nope", "b").is_err());
    // moved while someone else makes one there
    let mut other = lab.open();
    other.set("b/y", Secret::from("theirs")).unwrap();
    save(&mut other);
    let mut vault = lab.open();
    let mut late = lab.open();
    late.relocate("y", "c/y").unwrap();
    vault.set("c/y", Secret::from("theirs")).unwrap();
    save(&mut vault);
    let error = late.save(&vault::SaveOptions::default()).unwrap_err();
    assert!(
        error.to_string().contains("`c/y` is there already"),
        "{error}"
    );
}
