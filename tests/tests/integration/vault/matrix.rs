//! Each of three programs writes, the others read; each edits, and nothing is lost.

use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::Sandbox;
use serde_json::{Map, Value, json};
use vault::{
    Change, Cipher, Credentials, Entry, Kdf, KdfVariant, Missing, SaveOptions, Secret, Settings,
    Vault, Version, export, fields, import, parse_exchange,
};

use super::{PASSWORD, Peers, open, options};

const FIRST: &str = "grp/ünïcode/first";

/// What is in every vault, in the form in which the peers tell it.
fn content() -> Value {
    json!({
        FIRST: {
            "fields": {
                "Title": "first",
                "UserName": "jürgen",
                "Password": "it's \"$HOME\" `x` \\ é✓🦀",
                "URL": "https://example.com/?a=1&b=<2>",
                "Notes": "line one\nline two\n\ttab & <markup> ]]>  ",
                "api key": "  edges  ",
                "pem": "-----BEGIN-----\nabc\n-----END-----\n",
            },
            "tags": ["alpha", "be ta"],
            "expires": null,
            "files": { "empty.txt": "", "raw.bin": "AAECAwT/" },
            "history": ["first version"],
        },
        "top": {
            "fields": { "Title": "top", "Password": "x" },
            "tags": [],
            "expires": null,
            "files": {},
            "history": ["first version"],
        },
    })
}

/// Each at about no cost.
fn kdfs() -> [Kdf; 3] {
    let argon2 = |variant| Kdf::Argon2 {
        variant,
        memory: 64 << 10,
        iterations: 1,
        parallelism: 2,
    };
    [aes(100), argon2(KdfVariant::D), argon2(KdfVariant::Id)]
}

fn aes(rounds: u64) -> Kdf {
    Kdf::Aes { rounds }
}

/// Writes [`content`] with ours.
fn write(path: &Utf8Path, kdf: Kdf, cipher: Cipher) {
    let settings = Settings::new("matrix").kdf(kdf).cipher(cipher);
    let credentials = Credentials::password(Secret::from(PASSWORD));
    let mut vault = Vault::create(path, credentials, settings, options()).unwrap();
    for (key, wanted) in content().as_object().unwrap() {
        vault.set(key, Secret::from("first version")).unwrap();
        let own = wanted["fields"].as_object().unwrap();
        let text = |value: &Value| Secret::from(value.as_str().unwrap());
        let mut changes: Vec<Change> = own
            .iter()
            .filter(|(name, _)| *name != fields::TITLE)
            .map(|(name, value)| match name.as_str() {
                "pem" => Change::protected_field(name, text(value)),
                _ => Change::field(name, text(value)),
            })
            .collect();
        let tags = wanted["tags"].as_array().unwrap().iter();
        changes.push(Change::Tags(
            tags.map(|tag| tag.as_str().unwrap().to_owned()).collect(),
        ));
        for (name, is_protected) in [("empty.txt", false), ("raw.bin", true)] {
            if wanted["files"].get(name).is_some() {
                let data = if name == "raw.bin" {
                    vec![0, 1, 2, 3, 4, 255]
                } else {
                    vec![]
                };
                let name = name.to_owned();
                changes.push(Change::Attach {
                    name,
                    data: data.into(),
                    is_protected,
                });
            }
        }
        vault.edit(key, changes, Missing::Fail).unwrap();
    }
    vault.save(&SaveOptions::default()).unwrap();
}

/// What ours reads, in the form in which the peers tell it.
fn read(path: &Utf8Path) -> Value {
    let vault = open(path);
    let entry = |entry: &Entry| {
        let fields: Map<String, Value> = entry
            .fields()
            .iter()
            .filter(|field| !field.value.is_empty())
            .map(|field| (field.name.clone(), field.value.expose().into()))
            .collect();
        let mut tags = entry.tags().to_vec();
        tags.sort();
        let files: Map<String, Value> = entry
            .attachments()
            .iter()
            .map(|file| (file.name().to_owned(), base64(file.data()).into()))
            .collect();
        let expires = entry.expires().map(|time| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .as_secs()
        });
        let history: Vec<_> = entry
            .history()
            .iter()
            .map(|old| old.password().expose().to_owned())
            .collect();
        json!({ "fields": fields, "tags": tags, "expires": expires, "files": files, "history": history })
    };
    let entries = vault
        .entries()
        .map(|found| (found.key().to_string(), entry(found)));
    entries.collect::<Map<_, _>>().into()
}

pub(super) fn base64(data: &[u8]) -> &'static str {
    match data {
        [] => "",
        [0, 1, 2, 3, 4, 255] => "AAECAwT/",
        _ => "something else",
    }
}

/// `serde_json` keeps the order of keys, and so compares it: sorted, it does not matter.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut keys: Vec<_> = object.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            keys.into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        other => other.clone(),
    }
}

#[track_caller]
fn assert_all_read(peers: &Peers, files: &[&Utf8Path], wanted: &Value, after: &str) {
    let wanted = sorted(wanted);
    for file in files {
        assert_eq!(sorted(&read(file)), wanted, "ours, {file}, {after}");
    }
    let (pykeepass, keepassxc) = (peers.read(files), peers.export(files));
    for file in files {
        assert_eq!(
            sorted(&pykeepass[file.as_str()]),
            wanted,
            "pykeepass, {file}, {after}"
        );
        assert_eq!(
            sorted(&keepassxc[file.as_str()]),
            wanted,
            "KeePassXC, {file}, {after}"
        );
    }
}

/// The next password of the first entry, with the one before in its history.
fn with_password(mut content: Value, password: &str) -> Value {
    let entry = &mut content[FIRST];
    let before = std::mem::replace(&mut entry["fields"]["Password"], password.into());
    entry["history"].as_array_mut().unwrap().push(before);
    content
}

/// Everyone edits, everyone reads, one after the other.
fn go_round(peers: &Peers, files: &[&Utf8Path], mut wanted: Value) {
    assert_all_read(peers, files, &wanted, "as written");

    let names: Vec<&str> = std::iter::once("edit")
        .chain(files.iter().map(|file| file.as_str()))
        .collect();
    peers.pykeepass(&names, "");
    wanted = with_password(wanted, "changed by pykeepass");
    assert_all_read(peers, files, &wanted, "edited by pykeepass");

    for file in files {
        let input = "changed by KeePassXC\n";
        peers.keepassxc(&["edit", "-q", "-p", file.as_str(), FIRST], input);
    }
    wanted = with_password(wanted, "changed by KeePassXC");
    assert_all_read(peers, files, &wanted, "edited by KeePassXC");

    for file in files {
        let mut vault = open(file);
        vault.set(FIRST, Secret::from("changed by ours")).unwrap();
        let saved = vault.save(&SaveOptions::default()).unwrap();
        assert!(saved.is_written);
        assert_eq!(open(file).version(), Version::WRITTEN);
    }
    wanted = with_password(wanted, "changed by ours");
    assert_all_read(peers, files, &wanted, "edited by ours");
}

#[test]
fn files_of_ours_go_round() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let mut files = Vec::new();
    for kdf in kdfs() {
        for cipher in [Cipher::Aes256, Cipher::ChaCha20, Cipher::Twofish] {
            let file = sandbox.path().join(format!("{}.kdbx", files.len()));
            write(&file, kdf.clone(), cipher);
            let vault = open(&file);
            assert_eq!((vault.kdf(), vault.cipher()), (&kdf, cipher));
            files.push(file);
        }
    }
    let files: Vec<&Utf8Path> = files.iter().map(Utf8PathBuf::as_path).collect();
    go_round(&peers, &files, content());
}

/// KDBX 4.0, whose fields stand behind the history: pykeepass writes them so.
#[test]
fn files_of_pykeepass_go_round() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let mut files = Vec::new();
    for (kdf, cipher) in [
        ("argon2d", "aes256"),
        ("argon2id", "chacha20"),
        ("argon2d", "twofish"),
    ] {
        let file = sandbox.path().join(format!("{kdf}-{cipher}.kdbx"));
        peers.pykeepass(
            &["write", file.as_str(), kdf, cipher],
            &content().to_string(),
        );
        assert_eq!(open(&file).version(), Version { major: 4, minor: 0 });
        files.push(file);
    }
    let files: Vec<&Utf8Path> = files.iter().map(Utf8PathBuf::as_path).collect();
    go_round(&peers, &files, content());
}

/// KDBX 3.1, which keepassxc-cli makes, and what becomes of it. It does not go round as it is:
/// pykeepass leaves the old checksum of the header in it, and KeePassXC refuses that.
#[test]
fn files_of_keepassxc_become_newer_ones() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("x.kdbx");
    // asked for twice
    peers.keepassxc(
        &["db-create", "-q", "-p", "-t", "100", file.as_str()],
        &format!("{PASSWORD}\n"),
    );
    peers.keepassxc(&["mkdir", "-q", file.as_str(), "grp"], "");
    peers.keepassxc(&["mkdir", "-q", file.as_str(), "grp/ünïcode"], "");
    peers.keepassxc(
        &[
            "add",
            "-q",
            "-u",
            "jürgen",
            "--url",
            "https://example.com/",
            "--notes",
            "a note",
            "-p",
            file.as_str(),
            FIRST,
        ],
        "first version\n",
    );
    peers.keepassxc(
        &["edit", "-q", "-p", file.as_str(), FIRST],
        "second version\n",
    );
    fs_err::write(sandbox.path().join("raw.bin"), [0, 1, 2, 3, 4, 255]).unwrap();
    peers.keepassxc(
        &[
            "attachment-import",
            "-q",
            file.as_str(),
            FIRST,
            "raw.bin",
            sandbox.path().join("raw.bin").as_str(),
        ],
        "",
    );
    assert_eq!(open(&file).version(), Version { major: 3, minor: 1 });
    let mut wanted = json!({
        FIRST: {
            "fields": {
                "Title": "first",
                "UserName": "jürgen",
                "Password": "second version",
                "URL": "https://example.com/",
                "Notes": "a note",
            },
            "tags": [],
            "expires": null,
            "files": { "raw.bin": "AAECAwT/" },
            // the import of a file is a version as well
            "history": ["first version", "second version"],
        },
    });
    assert_all_read(&peers, &[&file], &wanted, "as written");
    let mut vault = open(&file);
    vault.set(FIRST, Secret::from("changed by ours")).unwrap();
    let saved = vault.save(&SaveOptions::default()).unwrap();
    assert_eq!(saved.upgraded_from, Some(Version { major: 3, minor: 1 }));
    wanted = with_password(wanted, "changed by ours");
    assert_all_read(&peers, &[&file], &wanted, "edited by ours");
}

/// Twelve versions are in the file, as all agree that the oldest come first: KeePassXC, whose limit
/// is ten, drops the oldest and not the newest.
#[test]
fn keepassxc_trims_the_oldest_versions() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("history.kdbx");
    let credentials = Credentials::password(Secret::from(PASSWORD));
    let settings = Settings::new("history").kdf(aes(100));
    let mut vault = Vault::create(&file, credentials, settings, options()).unwrap();
    for version in 0..12 {
        vault
            .set(FIRST, Secret::from(format!("v{version}")))
            .unwrap();
    }
    vault.save(&SaveOptions::default()).unwrap();
    let history = |value: &Value| value[FIRST]["history"].clone();
    let ten: Vec<String> = (1..11).map(|version| format!("v{version}")).collect();
    assert_eq!(history(&read(&file)), json!(ten));
    peers.keepassxc(&["edit", "-q", "-p", file.as_str(), FIRST], "v12\n");
    let ten: Vec<String> = (2..12).map(|version| format!("v{version}")).collect();
    assert_eq!(history(&read(&file)), json!(ten));
    assert_eq!(history(&peers.read(&[&file])[file.as_str()]), json!(ten));
}

/// What is in the recycle bin of one is in that of the others, and expiry is the same time.
#[test]
fn the_recycle_bin_and_expiry_are_understood() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("bin.kdbx");
    write(&file, aes(100), Cipher::Aes256);
    let mut vault = open(&file);
    vault.remove("top", vault::Removal::RecycleBin).unwrap();
    let when = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    vault
        .edit(FIRST, vec![Change::Expires(Some(when))], Missing::Fail)
        .unwrap();
    vault.save(&SaveOptions::default()).unwrap();
    let info = peers.keepassxc(&["ls", "-q", "-R", "-f", file.as_str()], "");
    assert!(info.contains("Recycle Bin/top"), "{info}");
    let (read, exported) = (peers.read(&[&file]), peers.export(&[&file]));
    assert_eq!(read[file.as_str()][FIRST]["expires"], json!(2_000_000_000));
    assert_eq!(
        exported[file.as_str()][FIRST]["expires"],
        json!(2_000_000_000)
    );
    // KeePassXC uses the bin that is there
    peers.keepassxc(&["rm", "-q", file.as_str(), FIRST], "");
    let vault = open(&file);
    assert_eq!(vault.entries().count(), 0);
    assert_eq!(vault.recycled().count(), 2);
}

/// Key files of every kind that KeePassXC knows, alone and with a password.
#[test]
fn key_files_open_the_same_vaults() {
    let Some(peers) = Peers::find() else { return };
    let sandbox = Sandbox::new();
    let key = "8e5e0bdd5d1bd2bf1e5c2e6b7b7b2c0a4fd0c4d8c7e5b7a3f1e2d3c4b5a69788";
    let bytes: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&key[at * 2..at * 2 + 2], 16).unwrap())
        .collect();
    let spaced = key
        .to_uppercase()
        .as_bytes()
        .chunks(8)
        .map(|part| std::str::from_utf8(part).unwrap().to_owned())
        .collect::<Vec<_>>()
        .join(" ");
    let v1 = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile><Meta><Version>1.00</Version></Meta><Key><Data>jl4L3V0b0r8eXC5re3ssCk/QxNjH5bej8eLTxLWml4g=</Data></Key></KeyFile>\n";
    let v2 = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile>\n<Meta><Version>2.0</Version></Meta>\n<Key><Data Hash=\"8E7C590C\">\n{spaced}\n</Data></Key>\n</KeyFile>\n"
    );
    let files: [(&str, Vec<u8>); 5] = [
        ("raw", bytes),
        ("hex", key.as_bytes().to_vec()),
        ("v1", v1.as_bytes().to_vec()),
        ("v2", v2.into_bytes()),
        ("any", b"whatever this is".to_vec()),
    ];
    for (name, content) in files {
        let key_path = sandbox.path().join(format!("{name}.keyx"));
        fs_err::write(&key_path, &content).unwrap();
        let file = sandbox.path().join(format!("{name}.kdbx"));
        let credentials =
            Credentials::password(Secret::from(PASSWORD)).with_key_file(content.clone());
        let settings = Settings::new(name).kdf(aes(100));
        let mut vault = Vault::create(&file, credentials, settings, options()).unwrap();
        vault.set("k", Secret::from("v")).unwrap();
        vault.save(&SaveOptions::default()).unwrap();
        let shown = peers.keepassxc(
            &[
                "show",
                "-q",
                "-s",
                "-a",
                "Password",
                "-k",
                key_path.as_str(),
                file.as_str(),
                "k",
            ],
            "",
        );
        assert_eq!(shown.trim_end(), "v", "{name}");
    }
}

/// The export of one vault, imported into another, makes an equal one.
#[test]
fn an_export_can_be_imported() {
    let sandbox = Sandbox::new();
    let (from, to) = (
        sandbox.path().join("from.kdbx"),
        sandbox.path().join("to.kdbx"),
    );
    write(&from, aes(1), Cipher::Aes256);
    let json = export(&open(&from), true, |_| true);
    let credentials = Credentials::password(Secret::from(PASSWORD));
    let mut vault =
        Vault::create(&to, credentials, Settings::new("to").kdf(aes(1)), options()).unwrap();
    let items = parse_exchange(json.expose(), true).unwrap();
    import(&mut vault, items, &mut vault::OsRandom);
    vault.save(&SaveOptions::default()).unwrap();
    let mut wanted = read(&from);
    for entry in wanted.as_object_mut().unwrap().values_mut() {
        entry["history"] = json!([]);
    }
    assert_eq!(sorted(&read(&to)), sorted(&wanted));
}
