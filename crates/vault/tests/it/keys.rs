//! What a key means.

use vault::{Change, Error, Missing, Removal, Secret};

use crate::support::Lab;

const SECRETS: [(&str, &str); 7] = [
    ("top", "1"),
    ("default/postgres-password", "2"),
    ("api.example.com", "3"),
    ("shop/db/password", "4"),
    ("a/same", "5"),
    ("b/same", "6"),
    ("Case/KEY", "7"),
];

#[track_caller]
fn check(key: &str) -> String {
    let lab = Lab::with(&SECRETS);
    match lab.open().get(key) {
        Ok(value) => value.expose().to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_path_is_found_before_anything_else() {
    assert_eq!(check("default/postgres-password"), "2");
    assert_eq!(check("/default/postgres-password"), "2");
    assert_eq!(check("default/postgres-password/"), "2");
    assert_eq!(check("DEFAULT/Postgres-Password"), "2");
    assert_eq!(check("api.example.com"), "3");
}

#[test]
fn a_whole_title_is_found_in_any_group() {
    assert_eq!(check("postgres-password"), "2");
    assert_eq!(
        check("same"),
        "`same` means more than one secret: `a/same`, `b/same`"
    );
}

#[test]
fn the_separators_of_kpv_are_understood() {
    for key in [
        "DEFAULT.Postgres-Password",
        "shop.db.password",
        "shop:db\\password",
        "shop/db/password.",
    ] {
        assert!(["2", "4"].contains(&check(key).as_str()), "{key}");
    }
    assert_eq!(check("shop..password"), "no secret `shop..password`");
}

#[test]
fn nothing_is_found_where_it_was_misfiled() {
    let lab = Lab::with(&SECRETS);
    let error = lab.open().get("default/top").unwrap_err();
    assert_eq!(error.to_string(), "no secret `default/top`");
    assert!(
        error
            .help()
            .unwrap()
            .contains("there is `top` in the root group")
    );
}

#[test]
fn near_keys_are_suggested() {
    let help = |key: &str| {
        let lab = Lab::with(&SECRETS);
        lab.open().get(key).unwrap_err().help().unwrap_or_default()
    };
    assert_eq!(
        help("default/postgres-pasword"),
        "did you mean `default/postgres-password`?"
    );
    assert_eq!(
        help("other/db/password"),
        "did you mean `shop/db/password`?"
    );
    assert_eq!(help("nothing like it"), "");
    assert_eq!(help(""), "");
}

#[test]
fn exact_case_decides_between_two() {
    let lab = Lab::with(&[("Key", "1"), ("other/x", "2")]);
    let mut vault = lab.open();
    // made by another program, which does not care
    vault.set("tmp", Secret::from("3")).unwrap();
    vault
        .edit("tmp", vec![Change::field("Title", "key")], Missing::Fail)
        .unwrap();
    assert_eq!(vault.get("Key").unwrap().expose(), "1");
    assert_eq!(vault.get("key").unwrap().expose(), "3");
    assert!(matches!(vault.get("KEY"), Err(Error::Ambiguous { .. })));
}

#[test]
fn a_field_is_read_behind_its_entry() {
    let lab = Lab::new();
    let mut vault = lab.open();
    let changes = vec![
        Change::password("p"),
        Change::field("Username", "old style"),
        Change::field("URL", "https://x"),
        Change::field("token", "t"),
    ];
    vault.edit("svc/one", changes, Missing::Create).unwrap();
    for (key, value) in [
        ("svc/one/password", "p"),
        ("svc/one/username", "old style"),
        ("svc/one/url", "https://x"),
        ("svc/one/Token", "t"),
    ] {
        assert_eq!(vault.get(key).unwrap().expose(), value, "{key}");
    }
    assert!(vault.get("svc/one/nothing").is_err());
    let error = vault.get_field("svc/one", "nothing").unwrap_err();
    assert_eq!(error.to_string(), "`svc/one` has no field `nothing`");
    assert!(error.help().unwrap().contains("`token`"));
    // writing means the entry of that path
    vault.set("svc/one/password", Secret::from("new")).unwrap();
    assert_eq!(vault.get("svc/one/password").unwrap().expose(), "new");
    assert_eq!(vault.get("svc/one").unwrap().expose(), "p");
}

#[test]
fn groups_are_made_once() {
    let lab = Lab::with(&[("Default/a", "1")]);
    let mut vault = lab.open();
    vault.set("default/b", Secret::from("2")).unwrap();
    assert_eq!(
        vault.entry("default/b").unwrap().key().to_string(),
        "Default/b"
    );
    assert_eq!(vault.groups().count(), 1);
}

#[test]
fn the_recycle_bin_is_not_looked_into() {
    let lab = Lab::with(&[("a/b", "1")]);
    let mut vault = lab.open();
    vault.remove("a/b", Removal::RecycleBin).unwrap();
    assert!(vault.get("b").is_err());
    vault.set("a/b", Secret::from("2")).unwrap();
    assert_eq!(vault.get("a/b").unwrap().expose(), "2");
    assert_eq!(vault.entry("a/b").unwrap().history().len(), 0);
}

#[test]
fn a_pattern_crosses_groups() {
    let lab = Lab::with(&SECRETS);
    let vault = lab.open();
    let found = |pattern: &str| -> Vec<String> {
        let entries = vault.glob(pattern).unwrap();
        entries
            .iter()
            .map(|entry| entry.key().to_string())
            .collect()
    };
    assert_eq!(found("*same"), ["a/same", "b/same"]);
    assert_eq!(found("{a,Case}/*"), ["a/same", "Case/KEY"]);
    assert_eq!(found("s*password"), ["shop/db/password"]);
    assert_eq!(found("[ab]/s?me"), ["a/same", "b/same"]);
    assert!(vault.glob("[").is_err());
}

#[test]
fn keys_that_cannot_be_are_refused() {
    let lab = Lab::new();
    let mut vault = lab.open();
    for key in ["", "/", "a//b", "a\nb", "a/\u{1}", " "] {
        assert!(
            matches!(vault.set(key, Secret::from("x")), Err(Error::InvalidKey(_))),
            "{key:?}"
        );
    }
    let error = vault.set("a", Secret::from("x\0y")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value for `Password` has a NUL byte in it"
    );
    assert!(!vault.is_edited());
}
