//! What is written, and what is not.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::Duration;

use vault::{Change, Error, Missing, SaveOptions, Secret, Vault};

use crate::support::{Lab, credentials, options, save};

#[test]
fn nothing_is_written_when_nothing_is_different() {
    let lab = Lab::with(&[("a", "1")]);
    let before = (lab.bytes(), fs_err::metadata(&lab.path).unwrap().ino());
    let mut vault = lab.open();
    vault.set("a", Secret::from("1")).unwrap();
    assert!(!vault.save(&SaveOptions::default()).unwrap().is_written);
    assert_eq!(
        (lab.bytes(), fs_err::metadata(&lab.path).unwrap().ino()),
        before
    );
}

#[test]
fn the_file_is_for_its_owner_alone() {
    let mode =
        |path: &camino::Utf8Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
    let lab = Lab::with(&[("a", "1")]);
    assert_eq!(mode(&lab.path), 0o600);
    fs_err::set_permissions(&lab.path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut vault = lab.open();
    vault.set("a", Secret::from("2")).unwrap();
    save(&mut vault);
    assert_eq!(mode(&lab.path), 0o600);
    fs_err::set_permissions(&lab.path, std::fs::Permissions::from_mode(0o400)).unwrap();
    let mut vault = lab.open();
    vault.set("a", Secret::from("3")).unwrap();
    save(&mut vault);
    assert_eq!(mode(&lab.path), 0o400);
    assert_eq!(mode(&lab.dir().join("lab.kdbx.lock")), 0o600);
    assert_eq!(mode(&lab.dir().join("lab.kdbx.bak")), 0o400);
}

#[test]
fn the_generation_before_is_kept() {
    let lab = Lab::with(&[("a", "1")]);
    let before = lab.bytes();
    let mut vault = lab.open();
    vault.set("a", Secret::from("2")).unwrap();
    save(&mut vault);
    assert_eq!(
        fs_err::read(lab.dir().join("lab.kdbx.bak")).unwrap(),
        before
    );
    let mut names: Vec<_> = lab
        .dir()
        .read_dir_utf8()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["lab.kdbx", "lab.kdbx.bak", "lab.kdbx.lock"]);
}

#[test]
fn a_link_stays_a_link() {
    let lab = Lab::with(&[("a", "1")]);
    let link = lab.dir().join("link.kdbx");
    std::os::unix::fs::symlink("lab.kdbx", &link).unwrap();
    let mut vault = Vault::open(&link, credentials(), options()).unwrap();
    vault.set("a", Secret::from("2")).unwrap();
    save(&mut vault);
    assert!(link.is_symlink());
    assert_eq!(lab.open().get("a").unwrap().expose(), "2");
}

#[test]
fn a_new_vault_does_not_replace_one() {
    let lab = Lab::empty();
    let mut first = lab.create();
    let mut second = lab.create();
    save(&mut first);
    assert!(matches!(
        second.save(&SaveOptions::default()),
        Err(Error::Exists { .. })
    ));
    let again = Vault::create(
        &lab.path,
        credentials(),
        vault::Settings::new("x"),
        options(),
    );
    assert!(matches!(again, Err(Error::Exists { .. })));
    fs_err::remove_file(&lab.path).unwrap();
    let missing = Vault::open(&lab.path, credentials(), options());
    assert!(matches!(missing, Err(Error::NoVault { .. })));
}

#[test]
fn edits_are_made_again_on_what_someone_else_wrote() {
    let lab = Lab::with(&[("a", "1"), ("b", "1")]);
    let mut one = lab.open();
    let mut two = lab.open();
    one.set("a", Secret::from("2")).unwrap();
    one.set("only one", Secret::from("x")).unwrap();
    two.set("b", Secret::from("2")).unwrap();
    two.ensure("token", || Ok::<_, Error>(Secret::from("of two")))
        .unwrap();
    one.ensure("token", || Ok::<_, Error>(Secret::from("of one")))
        .unwrap();
    save(&mut one);
    assert!(two.save(&SaveOptions::default()).unwrap().is_reapplied);
    let vault = lab.open();
    for (key, value) in [
        ("a", "2"),
        ("b", "2"),
        ("only one", "x"),
        ("token", "of one"),
    ] {
        assert_eq!(vault.get(key).unwrap().expose(), value, "{key}");
    }
    assert_eq!(two.get("token").unwrap().expose(), "of one");
}

#[test]
fn what_cannot_be_made_again_is_told() {
    let lab = Lab::with(&[("a", "1")]);
    let mut vault = lab.open();
    vault
        .edit("a", vec![Change::field("x", "y")], Missing::Fail)
        .unwrap();
    let mut other = lab.open();
    other.remove("a", vault::Removal::Permanent).unwrap();
    save(&mut other);
    let before = lab.bytes();
    let error = vault.save(&SaveOptions::default()).unwrap_err();
    assert!(matches!(error, Error::ChangedUnderneath { .. }), "{error}");
    assert_eq!(lab.bytes(), before);
    let mut vault = lab.open();
    vault.set("b", Secret::from("1")).unwrap();
    fs_err::remove_file(&lab.path).unwrap();
    let error = vault.save(&SaveOptions::default()).unwrap_err();
    assert!(matches!(error, Error::ChangedUnderneath { .. }), "{error}");
    assert!(!lab.path.exists());
}

#[test]
fn a_lock_is_waited_for_and_then_told() {
    let lab = Lab::with(&[("a", "1")]);
    let mut vault = lab.open();
    vault.set("a", Secret::from("2")).unwrap();
    let lock = fs_err::File::options()
        .append(true)
        .open(lab.dir().join("lab.kdbx.lock"))
        .unwrap();
    lock.file().lock().unwrap();
    let busy = vault.save(&SaveOptions::default().wait(Duration::ZERO));
    assert!(matches!(busy, Err(Error::Locked { .. })));
    // A child that another test is starting may hold a copy of the descriptor for a moment.
    lock.file().unlock().unwrap();
    assert!(
        vault
            .save(&SaveOptions::default().wait(Duration::ZERO))
            .unwrap()
            .is_written
    );
}

#[test]
fn a_vault_that_cannot_be_written_stays_what_it_is() {
    let lab = Lab::with(&[("a", "1")]);
    let before = lab.bytes();
    // in the way of the new file
    fs_err::create_dir(lab.dir().join(".lab.kdbx.new")).unwrap();
    let mut vault = lab.open();
    vault.set("a", Secret::from("2")).unwrap();
    let failed = vault.save(&SaveOptions::default());
    assert!(matches!(failed, Err(Error::Write { .. })), "{failed:?}");
    assert_eq!(lab.bytes(), before);
}

/// Opening costs one; editing, saving, verifying and reading again what someone else wrote cost none.
#[test]
fn one_command_costs_one_derivation() {
    let lab = Lab::empty();
    let mut vault = lab.create();
    vault.set("a", Secret::from("1")).unwrap();
    save(&mut vault);
    assert_eq!(vault.derivations(), 1);
    let mut vault = lab.open();
    vault.get("a").unwrap();
    vault.set("a", Secret::from("2")).unwrap();
    save(&mut vault);
    vault.set("a", Secret::from("3")).unwrap();
    save(&mut vault);
    assert_eq!(vault.derivations(), 1);
    let (mut one, mut two) = (lab.open(), lab.open());
    one.set("a", Secret::from("4")).unwrap();
    save(&mut one);
    two.set("b", Secret::from("5")).unwrap();
    save(&mut two);
    assert_eq!((one.derivations(), two.derivations()), (1, 1));
}

/// Another salt has another key: someone made the file anew.
#[test]
fn a_vault_made_anew_is_opened_anew() {
    let lab = Lab::with(&[("a", "1")]);
    let mut vault = lab.open();
    vault.set("b", Secret::from("2")).unwrap();
    fs_err::remove_file(&lab.path).unwrap();
    save(&mut lab.create());
    save(&mut vault);
    assert_eq!(vault.derivations(), 2);
    assert!(vault.get("a").is_err());
    assert_eq!(lab.open().get("b").unwrap().expose(), "2");
    // and with another password there is no way in
    let mut vault = lab.open();
    vault.set("c", Secret::from("3")).unwrap();
    fs_err::remove_file(&lab.path).unwrap();
    let other = vault::Credentials::password(Secret::from("other"));
    let settings = vault::Settings::new("x").kdf(crate::support::cheap());
    save(&mut Vault::create(&lab.path, other, settings, options()).unwrap());
    let before = lab.bytes();
    let error = vault.save(&SaveOptions::default()).unwrap_err();
    assert!(matches!(error, Error::WrongPassword { .. }), "{error}");
    assert_eq!(lab.bytes(), before);
}
