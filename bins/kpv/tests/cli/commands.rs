//! Single secrets: get, set, ensure, ls, rm, fields, JSON.

use crate::support::{Lab, PASSWORD};

#[test]
fn get_prints_in_the_order_asked_or_nothing() {
    let lab = Lab::with(&[("a/one", "1"), ("two", "2"), ("c", "it's")]);
    assert_eq!(lab.kpv(&["get", "two", "a/one"]).success().stdout, "2\n1\n");
    assert_eq!(
        lab.kpv(&["secrets", "get", "-k", "two,a/one"])
            .success()
            .stdout,
        "2\n1\n"
    );
    assert_eq!(
        lab.kpv(&["get", "-k", "c", "--entry", "two"])
            .success()
            .stdout,
        "it's\n2\n"
    );
    assert_eq!(lab.kpv(&["get", "-n", "two"]).success().stdout, "2");
    assert_eq!(
        lab.kpv(&["get", "two", "c", "-f", "null"]).success().stdout,
        "2\0it's\0"
    );
    let json = lab
        .kpv(&["get", "two", "a/one", "-f", "json"])
        .success()
        .stdout;
    assert_eq!(json, "{\n  \"a/one\": \"1\",\n  \"two\": \"2\"\n}\n");
    assert_eq!(
        lab.kpv(&["get", "c", "-f", "sh"]).success().stdout,
        "export C='it'\\''s'\n"
    );
    let named = [
        "get", "a/one", "two", "-f", "dotenv", "--name", "two=PG", "--prefix", "X_",
    ];
    assert_eq!(lab.kpv(&named).success().stdout, "X_A_ONE=1\nPG=2\n");
    let leaf = ["get", "a/one", "-f", "plain", "--names", "leaf"];
    assert_eq!(lab.kpv(&leaf).success().stdout, "ONE=1\n");
    let missing = lab.kpv(&["get", "two", "nope"]).expect_code(3);
    assert_eq!(missing.stdout, "");
    assert_eq!(missing.stderr, "[error]: no secret `nope`\n");
    // as the Go kpv separates keys
    assert_eq!(lab.kpv(&["get", "A.ONE"]).success().stdout, "1\n");
}

#[test]
fn set_takes_a_value_from_anywhere() {
    let mut lab = Lab::new();
    let set = lab.fed(&["set", "a", "--stdin"], "from stdin\n").success();
    assert_eq!(
        (set.stdout.as_str(), set.stderr.as_str()),
        ("", "[ok]: a set\n")
    );
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "from stdin\n\n");
    lab.sandbox.file("value", "from\nfile");
    lab.kpv(&["set", "-k", "a", "-f", "value"]).success();
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "from\nfile\n");
    lab.sandbox.set("V", "from env");
    lab.kpv(&["set", "a", "--var", "V"]).success();
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "from env\n");
    // a value in the open works, and is told
    let open = lab.kpv(&["set", "a", "from words"]).success();
    assert!(
        open.stderr
            .contains("[warn]: the value is on the command line"),
        "{}",
        open.stderr
    );
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "from words\n");
    // every one of them is still there
    for expected in ["from env", "from words"] {
        lab.kpv(&["undo", "a"]).success();
        assert_eq!(lab.kpv(&["get", "a"]).stdout, format!("{expected}\n"));
    }
    lab.sandbox.set("E", "");
    let empty = lab.kpv(&["set", "a", "-e", "E"]).success();
    assert!(
        empty.stderr.contains("[warn]: the variable `E` is empty"),
        "{}",
        empty.stderr
    );
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "\n");
}

#[test]
fn set_without_a_value_makes_one() {
    let lab = Lab::new();
    lab.kpv(&["set", "a"]).success();
    assert_eq!(lab.kpv(&["get", "a"]).stdout.trim_end().len(), 16);
    lab.kpv(&["set", "a", "-g", "--size", "40", "-S", "-U", "-D"])
        .success();
    let value = lab.kpv(&["get", "a"]).stdout;
    assert_eq!(value.trim_end().len(), 40);
    assert!(
        value
            .trim_end()
            .chars()
            .all(|char| char.is_ascii_lowercase()),
        "{value}"
    );
    lab.kpv(&["set", "a", "--size", "9", "--chars", "x"])
        .success();
    assert_eq!(lab.kpv(&["get", "a"]).stdout, "xxxxxxxxx\n");
}

#[test]
fn fields_are_set_and_got() {
    let lab = Lab::with(&[("db", "p")]);
    lab.fed(&["set", "db", "--field", "username", "-s"], "app")
        .success();
    assert_eq!(lab.kpv(&["get", "db/username"]).success().stdout, "app\n");
    assert_eq!(
        lab.kpv(&["get", "db", "--field", "UserName"])
            .success()
            .stdout,
        "app\n"
    );
    assert_eq!(lab.kpv(&["get", "db"]).stdout, "p\n");
    let set = ["set-string", "-k", "db", "-z", "port", "-s"];
    let said = lab
        .fed(&[&["secrets"], &set[..]].concat(), "5432")
        .success()
        .stderr;
    assert_eq!(said, "[ok]: port of db set\n");
    assert_eq!(
        lab.kpv(&["get-string", "-k", "db", "-f", "port"])
            .success()
            .stdout,
        "5432\n"
    );
    assert_eq!(lab.kpv(&["get-string", "db", "-f", "nope"]).code, Some(3));
    assert_eq!(
        lab.kpv(&["get-string", "db", "-f", "Password"]).code,
        Some(1)
    );
    assert_eq!(
        lab.fed(&["set-string", "nope", "-z", "x", "-s"], "y").code,
        Some(3)
    );
}

#[test]
fn ensure_makes_a_secret_once() {
    let lab = Lab::new();
    let first = lab.kpv(&[
        "--vault",
        "default",
        "secrets",
        "ensure",
        "--key",
        "default/x",
        "--size",
        "32",
        "-S",
    ]);
    let first = first.success();
    assert_eq!(first.stderr, "");
    assert_eq!(first.stdout.trim_end().len(), 32);
    assert!(
        first
            .stdout
            .trim_end()
            .chars()
            .all(|char| char.is_ascii_alphanumeric())
    );
    let before = lab.everything();
    let again = lab.kpv(&["ensure", "default/x"]).success();
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(lab.everything(), before, "nothing is written");
    // size 0: whatever is there, and nothing is made
    assert_eq!(
        lab.kpv(&["ensure", "default/x", "--size", "0"])
            .success()
            .stdout,
        first.stdout
    );
    let none = lab.kpv(&["ensure", "y", "--size", "0"]).expect_code(1);
    assert_eq!(none.stdout, "");
    assert_eq!(lab.everything(), before);
    let own = lab
        .kpv(&["ensure", "z", "--size", "24", "--special", "!@#%^*"])
        .success()
        .stdout;
    let is_fine = |char: char| char.is_ascii_alphanumeric() || "!@#%^*".contains(char);
    assert!(own.trim_end().chars().all(is_fine), "{own}");
}

#[test]
fn twenty_at_once_agree() {
    let lab = Lab::new();
    let run = |key: String| {
        let mut command = lab.sandbox.command(env!("CARGO_BIN_EXE_kpv"));
        command
            .args(["ensure", &key])
            .stdout(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let outputs = |children: Vec<std::process::Child>| -> Vec<String> {
        let outputs = children
            .into_iter()
            .map(|child| child.wait_with_output().unwrap());
        outputs
            .map(|output| String::from_utf8(output.stdout).unwrap())
            .collect()
    };
    let same = outputs((0..20).map(|_| run("one".to_owned())).collect());
    assert_eq!(same[0].trim_end().len(), 16);
    assert!(same.iter().all(|value| *value == same[0]), "{same:?}");
    let different = outputs((0..20).map(|at| run(format!("many/{at}"))).collect());
    for (at, value) in different.iter().enumerate() {
        assert_eq!(
            lab.kpv(&["get", &format!("many/{at}")]).success().stdout,
            *value
        );
    }
}

#[test]
fn ls_prints_keys_and_counts_beside() {
    let lab = Lab::with(&[("b", "1"), ("shop/db", "2"), ("shop/deep/er", "3")]);
    let all = lab.kpv(&["ls"]).success();
    assert_eq!(all.stdout, "b\nshop/db\nshop/deep/er\n");
    assert_eq!(all.stderr, "\nTotal secrets: 3\n");
    let some = lab.kpv(&["secrets", "list", "shop*{db,er}"]).success();
    assert_eq!(some.stdout, "shop/db\nshop/deep/er\n");
    assert_eq!(
        some.stderr,
        "\nShowing 2 of 3 secrets (filtered by: shop*{db,er})\n"
    );
    assert_eq!(lab.kpv(&["ls", "--root-only"]).success().stdout, "b\n");
    assert_eq!(lab.kpv(&["-q", "ls"]).success().stderr, "");
}

#[test]
fn rm_asks_and_keeps_what_it_removes() {
    let lab = Lab::with(&[("a", "1"), ("g/b", "2"), ("c", "3")]);
    for answer in ["", "n\n", "maybe\n"] {
        let no = lab.fed(&["rm", "a"], answer).expect_code(1);
        assert!(no.stderr.starts_with("Remove `a`? [y/N] "), "{}", no.stderr);
    }
    let before = lab.everything();
    lab.kpv(&["rm", "-y", "a", "nope"]).expect_code(3);
    assert_eq!(lab.everything(), before, "all or none");
    let both = lab.fed(&["rm", "-k", "a", "g/b"], "YES\n").success();
    assert!(
        both.stderr
            .ends_with("[ok]: a removed\n[ok]: g/b removed\n"),
        "{}",
        both.stderr
    );
    assert_eq!(lab.kpv(&["ls"]).stdout, "c\n");
    let recycled = lab.kpv(&["ls", "--recycled"]).success().stdout;
    assert_eq!(recycled.lines().count(), 2, "{recycled}");
    lab.kpv(&["remove", "c", "--yes", "--permanent"]).success();
    assert_eq!(lab.kpv(&["ls", "--recycled"]).stdout, recycled);
}

#[test]
fn json_goes_out_and_comes_in() {
    let lab = Lab::new();
    let json = r#"{"a/b": {"value": "v", "username": "u", "strings": {"port": {"value": "1"}},
        "tags": {"t": ""}, "binaries": {"f": {"value": "AAE="}}}, "c": "w", "e": {"ensure": true}}"#;
    let import = lab.fed(&["import", "--json", "--stdin"], json).success();
    assert_eq!(
        import.stdout,
        "Created secret: a/b\nCreated secret: c\nCreated secret: e\n"
    );
    assert!(import.stderr.contains("Created: 3"), "{}", import.stderr);
    assert_eq!(lab.kpv(&["get", "e"]).stdout.trim_end().chars().count(), 32);
    let export = lab
        .kpv(&["export", "--json", "-k", "a/b", "-k", "c"])
        .success();
    let value: serde_json::Value = serde_json::from_str(&export.stdout).unwrap();
    assert_eq!(value["a/b"]["strings"]["port"]["value"], "1");
    assert_eq!(value["a/b"]["binaries"]["f"]["value"], "AAE=");
    assert_eq!(value["c"]["value"], "w");
    assert_eq!(value.as_object().unwrap().len(), 2);
    assert_eq!(export.stderr, "Exported 2 secrets\n");
    lab.kpv(&["export", "--json", "--pretty", "-f", "out.json"])
        .success();
    let file = lab.sandbox.path().join("out.json");
    assert_eq!(mode(&file), 0o600);
    assert!(fs_err::read_to_string(file).unwrap().contains("\n  \"c\""));

    let wish = r#"{"a/b": {"delete": true}, "c": {"value": "new"}, "n": "x", "gone": {"delete": true}, "skip": null}"#;
    let before = lab.everything();
    let dry = lab
        .fed(&["sync", "--json", "--stdin", "--dry-run"], wish)
        .success();
    let expected = "[DRY RUN] Would delete secret: a/b\n[DRY RUN] Would update secret: c\n[DRY RUN] Would create secret: n\n";
    assert_eq!(dry.stdout, expected);
    assert_eq!(lab.everything(), before);
    let done = lab
        .fed(&["secrets", "sync", "--json", "--stdin"], wish)
        .success();
    assert_eq!(
        done.stdout,
        "Deleted secret: a/b\nUpdated secret: c\nCreated secret: n\n"
    );
    assert_eq!(lab.kpv(&["ls"]).stdout, "c\ne\nn\n");
    assert_eq!(lab.kpv(&["get", "c"]).stdout, "new\n");
}

#[test]
fn init_makes_a_vault_and_keeps_its_password() {
    let lab = Lab::empty();
    let init = lab.init(&["--vault", "prod"]);
    let password = init.stdout.trim_end();
    assert_eq!(password.chars().count(), 32);
    let key = lab.data().join("prod.key");
    assert_eq!(fs_err::read_to_string(&key).unwrap(), password);
    assert_eq!(
        (mode(&key), mode(&lab.data().join("prod.kdbx"))),
        (0o600, 0o600)
    );
    assert_eq!(mode(&lab.data()), 0o700);
    assert_eq!(
        lab.kpv(&["-V", "prod", "ls"]).success().stdout,
        "",
        "no sample entry"
    );
    let again = lab.kpv(&["init", "-V", "prod"]).expect_code(1);
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);
    // a stored password is never overwritten
    fs_err::remove_file(lab.data().join("prod.kdbx")).unwrap();
    let taken = lab.kpv(&["init", "-V", "prod"]).expect_code(1);
    assert!(
        taken.stderr.contains("prod.key` exists already"),
        "{}",
        taken.stderr
    );
    assert_eq!(fs_err::read_to_string(&key).unwrap(), password);
}

#[test]
fn init_takes_a_password_and_a_place() {
    let mut lab = Lab::empty();
    lab.sandbox.set("KPV_PASSWORD", PASSWORD);
    let url = format!("kpv://{}/x.kdbx", lab.sandbox.path());
    let init = lab.init(&["--url", &url]);
    assert_eq!(init.stdout, "", "a password that was given is not repeated");
    assert!(lab.sandbox.path().join("x.kdbx").exists());
    assert_eq!(lab.kpv(&["-V", "./x.kdbx", "ls"]).code, Some(0));
    lab.init(&["--global", "-V", "web"]);
    let alias = lab
        .kpv(&["config", "aliases", "get", "web"])
        .success()
        .stdout;
    assert_eq!(alias.trim_end(), lab.data().join("web.kdbx"));
    lab.init(&["--vault", "arg", "--password", "in the open"]);
    lab.kpv(&["-V", "arg", "-P", "in the open", "ls"]).success();
    assert_eq!(lab.kpv(&["-V", "arg", "ls"]).code, Some(4));
}

#[test]
fn settings_are_kept() {
    let lab = Lab::empty();
    assert_eq!(lab.kpv(&["config", "ls"]).success().stdout, "");
    let none = lab.kpv(&["config", "get", "defaults.path"]).expect_code(3);
    assert_eq!(none.stdout, "");
    lab.kpv(&["config", "set", "defaults.path", "/x/y.kdbx"])
        .success();
    lab.kpv(&["config", "aliases", "set", "Prod.eu", "/p.kdbx"])
        .success();
    assert_eq!(
        lab.kpv(&["config", "get", "defaults.path"])
            .success()
            .stdout,
        "/x/y.kdbx\n"
    );
    assert_eq!(
        lab.kpv(&["config", "ls"]).success().stdout,
        "aliases.Prod.eu=/p.kdbx\ndefaults.path=/x/y.kdbx\n"
    );
    assert_eq!(
        lab.kpv(&["config", "aliases", "ls", "P*"]).success().stdout,
        "Prod.eu=/p.kdbx\n"
    );
    assert!(
        lab.kpv(&["-V", "prod.EU", "ls"])
            .stderr
            .contains("there is no vault at `/p.kdbx`")
    );
    lab.kpv(&["config", "aliases", "rm", "prod.eu"]).success();
    lab.kpv(&["config", "rm", "defaults.path"]).success();
    assert_eq!(lab.kpv(&["config", "rm", "defaults.path"]).code, Some(3));
    assert_eq!(lab.kpv(&["config", "ls"]).success().stdout, "");
    assert_eq!(mode(&lab.home().join(".config/kpv/kpv.json")), 0o600);
}

pub(crate) fn mode(path: &camino::Utf8Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(path).unwrap().permissions().mode() & 0o777
}
