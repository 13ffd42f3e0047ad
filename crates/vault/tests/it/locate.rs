//! Names of vaults.

use camino::Utf8Path;
use vault::{Config, Places, System, locate};

fn places() -> Places {
    let env = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
    Places::from_env(System::Unix, "/srv/lab", &env).unwrap()
}

#[track_caller]
fn check(name: &str, config: &str) -> String {
    let config = Config::parse(config).unwrap();
    let exists = |path: &Utf8Path| path == "/srv/lab/here.kdbx";
    match locate(
        Some(name).filter(|name| *name != "-"),
        &places(),
        &config,
        &exists,
    ) {
        Ok(path) => path.into_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_first_that_fits_counts() {
    assert_eq!(check("file:///a/b.kdbx", ""), "/a/b.kdbx");
    assert_eq!(check("kpv:///a/b%20c.kdbx", ""), "/a/b c.kdbx");
    assert!(check("file://", "").contains("not a path"));
    assert!(check("kpv://name", "").contains("not a path"));
    let data = "/home/me/.local/share/kpv";
    assert_eq!(check("-", ""), format!("{data}/default.kdbx"));
    assert_eq!(
        check("default", r#"{"defaults": {"path": "/d.kdbx"}}"#),
        "/d.kdbx"
    );
    assert_eq!(
        check("prod", r#"{"aliases": {"PROD": "/p.kdbx"}}"#),
        "/p.kdbx"
    );
    assert_eq!(
        check("prod", r#"{"aliases": {"prod": "~/p.kdbx"}}"#),
        "/home/me/p.kdbx"
    );
    assert_eq!(
        check("prod", r#"{"aliases": {"prod": "file:///p.kdbx"}}"#),
        "/p.kdbx"
    );
    assert_eq!(check("/abs/x", ""), "/abs/x");
    assert_eq!(check("./x.kdbx", ""), "/srv/lab/x.kdbx");
    assert_eq!(check("sub/x", ""), "/srv/lab/sub/x");
    assert_eq!(check("here", ""), "/srv/lab/here.kdbx");
    assert_eq!(check("here.kdbx", ""), "/srv/lab/here.kdbx");
    assert_eq!(check("there", ""), format!("{data}/there.kdbx"));
}

#[test]
fn places_are_those_of_the_system() {
    let env = |name: &str| match name {
        "HOME" => Some("/home/me".to_owned()),
        "XDG_CONFIG_HOME" => Some("/cfg".to_owned()),
        "XDG_DATA_HOME" => Some("/ignored".to_owned()),
        "LOCALAPPDATA" => Some("L".to_owned()),
        "APPDATA" => Some("A".to_owned()),
        _ => None,
    };
    let at = |system| {
        let places = Places::from_env(system, "/", &env).unwrap();
        (places.data.into_string(), places.config.into_string())
    };
    assert_eq!(
        at(System::Unix),
        (
            "/home/me/.local/share/kpv".into(),
            "/cfg/kpv/kpv.json".into()
        )
    );
    assert_eq!(
        at(System::MacOs),
        (
            "/home/me/.local/share/kpv".into(),
            "/home/me/Library/Application Support/kpv/kpv.json".into()
        )
    );
    assert_eq!(
        at(System::Windows),
        ("L/kpv".into(), "A/kpv/kpv.json".into())
    );
    assert!(Places::from_env(System::Unix, "/", &|_| None).is_none());
}

#[test]
fn the_configuration_is_read_and_changed() {
    let mut config = Config::parse("{\"service\": {\"name\": \"x\"}}").unwrap();
    config.set("aliases.my.lab", "/a.kdbx").unwrap();
    config.set("Defaults.Path", "/d.kdbx").unwrap();
    assert_eq!(config.get("defaults.path").as_deref(), Some("/d.kdbx"));
    assert_eq!(config.alias("my.lab").as_deref(), Some("/a.kdbx"));
    let list: Vec<String> = config
        .list()
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(
        list,
        [
            "Defaults.Path=/d.kdbx",
            "aliases.my.lab=/a.kdbx",
            "service.name=x"
        ]
    );
    assert!(config.remove("SERVICE.name"));
    assert!(!config.remove("service.name"));
    assert!(config.set("defaults.path.x", "y").is_err());
    assert_eq!(Config::parse(&config.to_json()).unwrap(), config);
    assert!(Config::parse("[]").is_err());
    assert!(
        Config::parse("{")
            .unwrap_err()
            .to_string()
            .contains("line 1")
    );
}
