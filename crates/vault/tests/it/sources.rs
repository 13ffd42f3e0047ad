//! Where the master password comes from.

use std::collections::HashMap;
use std::io;

use camino::Utf8Path;
use vault::{Config, Given, Keyring, Places, Secret, SecretFiles, Sources, System};

#[derive(Default)]
struct World {
    env: HashMap<&'static str, &'static str>,
    files: HashMap<&'static str, &'static str>,
    keyring: HashMap<&'static str, &'static str>,
    stdin: &'static str,
    is_keyring_broken: bool,
}

impl SecretFiles for World {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        match self.files.get(path.as_str()) {
            Some(&"forbidden") => Err(io::ErrorKind::PermissionDenied.into()),
            Some(&"binary") => Ok(vec![0xFF, 0xFE]),
            Some(content) => Ok(content.as_bytes().to_vec()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        Ok(self.stdin.as_bytes().to_vec())
    }
}

impl Keyring for World {
    fn get(&self, service: &str, item: &str) -> Result<Option<Secret>, String> {
        if self.is_keyring_broken {
            return Err("no session".to_owned());
        }
        assert_eq!(service, "kpv");
        Ok(self.keyring.get(item).map(|secret| Secret::from(*secret)))
    }
}

/// What is found for `/v/lab.kdbx`: where, and the warnings.
fn check(world: &World, given: &Given) -> String {
    let home = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
    let places = Places::from_env(System::Unix, "/srv", &home).unwrap();
    let sources = Sources {
        env: &|name| world.env.get(name).map(|value| (*value).to_owned()),
        files: world,
        keyring: world,
        places: &places,
        config: &Config::default(),
    };
    match sources.resolve(given, Utf8Path::new("/v/lab.kdbx")) {
        Ok(Some(unlock)) => {
            let key = if unlock.credentials.has_key_file() {
                " with key file"
            } else {
                ""
            };
            format!("{}{key}{}", unlock.origin, unlock.warnings.concat())
        }
        Ok(None) => "nothing".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// From the last to the first: each that is added wins over those before.
#[test]
fn the_order_is_kept() {
    let mut world = World::default();
    let mut given = Given::default();
    assert_eq!(check(&world, &given), "nothing");
    world.env.insert("CREDENTIALS_DIRECTORY", "/run/cred");
    world.files.insert("/run/cred/lab.key", "x");
    assert_eq!(check(&world, &given), "`/run/cred/lab.key`");
    world.files.insert("/home/me/.local/share/kpv/lab.key", "x");
    assert_eq!(check(&world, &given), "`/home/me/.local/share/kpv/lab.key`");
    world.files.insert("/v/lab.kdbx.key", "x");
    assert_eq!(check(&world, &given), "`/v/lab.kdbx.key`");
    world.keyring.insert("kpv:///v/lab.kdbx", "x");
    assert_eq!(check(&world, &given), "`kpv:///v/lab.kdbx` in the keyring");
    world.keyring.insert("kpv:////v/lab.kdbx", "x");
    assert_eq!(check(&world, &given), "`kpv:////v/lab.kdbx` in the keyring");
    world.env.insert("KPV_VAULT_OS_SECRET", "own");
    world.keyring.insert("own", "x");
    assert_eq!(check(&world, &given), "`own` in the keyring");
    world.env.insert("KPV_PASSWORD_FILE", "pw");
    world.files.insert("/srv/pw", " x \n");
    assert_eq!(check(&world, &given), "`pw` (from `KPV_PASSWORD_FILE`)");
    world.env.insert("KPV_MASTER_PASSWORD", "x");
    assert_eq!(check(&world, &given), "`KPV_MASTER_PASSWORD`");
    world.env.insert("KPV_PASSWORD", "x");
    assert_eq!(check(&world, &given), "`KPV_PASSWORD`");
    given.password_file = Some("-".to_owned());
    world.stdin = "x\n";
    assert_eq!(check(&world, &given), "standard input");
    given.password = Some(Secret::from("x"));
    assert_eq!(check(&world, &given), "the command line");
    given.key_file = Some("key".to_owned());
    world.files.insert("/srv/key", "k");
    assert_eq!(check(&world, &given), "the command line with key file");
}

#[test]
fn a_source_that_was_named_and_fails_is_an_error() {
    let named = |file: &str| Given {
        password_file: Some(file.to_owned()),
        ..given()
    };
    let mut world = World::default();
    world.env.insert("KPV_PASSWORD", "would do");
    assert!(
        check(&world, &named("missing"))
            .starts_with("cannot read the master password from `missing`")
    );
    world.files.insert("/srv/empty", " \n");
    assert_eq!(
        check(&world, &named("empty")),
        "there is no master password in `empty`: it is empty"
    );
    world.files.insert("/srv/bin", "binary");
    assert_eq!(
        check(&world, &named("bin")),
        "the master password in `bin` is not UTF-8 text"
    );
    let item = Given {
        os_secret: Some("own".to_owned()),
        ..given()
    };
    let mut world = World::default();
    assert_eq!(check(&world, &item), "there is no `own` in the keyring");
    world.is_keyring_broken = true;
    assert_eq!(
        check(&world, &item),
        "the keyring cannot be read: no session"
    );
    let key = Given {
        key_file: Some("gone".to_owned()),
        ..given()
    };
    assert!(check(&world, &key).starts_with("cannot read the key file `/srv/gone`"));
    world.files.insert("/v/lab.key", "forbidden");
    assert!(check(&world, &given()).contains("`/v/lab.key`: permission denied"));
}

fn given() -> Given {
    Given::default()
}

#[test]
fn what_was_not_named_is_passed_over() {
    let mut world = World {
        is_keyring_broken: true,
        ..World::default()
    };
    world.env.insert("KPV_PASSWORD", "");
    assert_eq!(check(&world, &given()), "nothing");
    world.files.insert("/v/lab.key", "binary");
    world.files.insert("/home/me/.local/share/kpv/lab.key", "x");
    assert_eq!(
        check(&world, &given()),
        "`/home/me/.local/share/kpv/lab.key`the keyring cannot be read: no session\
         `/v/lab.key` is a KeePass key file, not one with a password: name it as the key file"
    );
    world.files.remove("/home/me/.local/share/kpv/lab.key");
    world.env.insert("KPV_KEYFILE", "/k");
    world.files.insert("/k", "k");
    assert!(check(&world, &given()).starts_with("the key file alone with key file"));
}
