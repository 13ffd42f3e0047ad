//! Everything that can be wrong has a message of its own, an exit code, and writes nothing.

use sha2::{Digest as _, Sha256};

use crate::support::{Lab, PASSWORD};

/// Runs, and checks code, message, silence on standard output, and that no file changed.
#[track_caller]
fn refused(lab: &Lab, args: &[&str], input: &str, code: i32, message: &str) {
    let before = lab.everything();
    let got = lab.fed(args, input).expect_code(code);
    assert!(got.stderr.contains(message), "{args:?}: {}", got.stderr);
    assert_eq!(got.stdout, "", "{args:?}");
    assert!(!got.stderr.contains("hunter2"), "{args:?}: {}", got.stderr);
    assert!(!got.stderr.contains(PASSWORD), "{args:?}: {}", got.stderr);
    assert_eq!(lab.everything(), before, "{args:?} wrote something");
}

#[test]
fn vaults_that_cannot_be_opened() {
    let lab = Lab::with(&[("a", "hunter2")]);
    let bytes = fs_err::read(lab.vault()).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        fs_err::write(lab.sandbox.path().join(name), bytes).unwrap();
    };
    file("text.kdbx", b"this is no vault");
    file("empty.kdbx", b"");
    file("short.kdbx", &bytes[..bytes.len() - 40]);
    let mut damaged = bytes.clone();
    let last = damaged.len() - 70;
    damaged[last] ^= 1;
    file("damaged.kdbx", &damaged);
    file("costly.kdbx", &costly(&bytes));
    for (name, code, message) in [
        ("./none.kdbx", 3, "there is no vault at"),
        ("./text.kdbx", 6, "is not a KeePass (KDBX) file"),
        ("./empty.kdbx", 6, "is not a KeePass (KDBX) file"),
        ("./short.kdbx", 7, "is cut short"),
        ("./damaged.kdbx", 8, "is damaged"),
        ("./costly.kdbx", 9, "asks for"),
    ] {
        for command in [
            &["get", "a"][..],
            &["set", "a", "-s"],
            &["ensure", "b"],
            &["env"],
            &["exec", "true"],
        ] {
            refused(
                &lab,
                &[&["-V", name], command].concat(),
                "hunter2",
                code,
                message,
            );
        }
    }
    refused(
        &lab,
        &["-P", "wrong", "get", "a"],
        "",
        4,
        "wrong password for",
    );
    refused(
        &lab,
        &["--key-file-kdbx", "none", "get", "a"],
        "",
        4,
        "cannot read the key file",
    );
    refused(
        &lab,
        &["-V", "file://", "ls"],
        "",
        1,
        "is no name of a vault",
    );
}

/// The same vault, asking for 16 GiB of memory. The parameters lie in the open at the front.
fn costly(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    // the entry `M` of the parameters: type 5 (64 bits), a name of one byte, a value of eight
    let name = [5, 1, 0, 0, 0, b'M', 8, 0, 0, 0];
    let at = bytes
        .windows(name.len())
        .position(|window| window == name)
        .unwrap()
        + name.len();
    // the header ends where its checksum stands
    let is_end = |at: &usize| Sha256::digest(&bytes[..*at])[..] == bytes[*at..*at + 32];
    let end = (at + 8..bytes.len() - 32).find(is_end).unwrap();
    bytes[at..at + 8].copy_from_slice(&(16_u64 << 30).to_le_bytes());
    let checksum = Sha256::digest(&bytes[..end]);
    bytes[end..end + 32].copy_from_slice(&checksum);
    bytes
}

#[test]
fn keys_and_values_that_cannot_be() {
    let lab = Lab::with(&[("db/password", "hunter2"), ("x/name", "1"), ("y/name", "2")]);
    refused(
        &lab,
        &["get", "db/passwort"],
        "",
        3,
        "did you mean `db/password`?",
    );
    refused(
        &lab,
        &["get", "name"],
        "",
        1,
        "`name` means more than one secret: `x/name`, `y/name`",
    );
    refused(&lab, &["rm", "-y", "nope"], "", 3, "no secret `nope`");
    refused(
        &lab,
        &["undo", "db/password"],
        "",
        3,
        "has no earlier version",
    );
    refused(
        &lab,
        &["get", "db/password", "--field", "nope"],
        "",
        3,
        "has no field `nope`",
    );
    refused(
        &lab,
        &["totp", "db/password"],
        "",
        3,
        "has no one-time password",
    );
    refused(
        &lab,
        &["set", "a//b", "-s"],
        "hunter2",
        1,
        "empty part between two `/`",
    );
    refused(&lab, &["set", "", "-s"], "hunter2", 1, "the key is empty");
    refused(
        &lab,
        &["set", "n", "-s"],
        "hunter2\0",
        1,
        "has a NUL byte in it",
    );
    fs_err::write(lab.sandbox.path().join("bytes"), b"hunter2\xFF").unwrap();
    refused(
        &lab,
        &["set", "n", "-f", "bytes"],
        "",
        1,
        "is not UTF-8 text: byte 7 cannot be read; keep it as an attachment",
    );
    refused(&lab, &["set", "n", "-f", "none"], "", 1, "none");
    refused(
        &lab,
        &["set", "n", "-e", "NOT_SET"],
        "",
        1,
        "the variable `NOT_SET` is not set",
    );
    refused(
        &lab,
        &["set", "n", "-s", "--expires", "soon"],
        "hunter2",
        2,
        "is no time",
    );
    refused(
        &lab,
        &["env", "-k", "db/password", "--name", "db/password=1X"],
        "",
        1,
        "is no name for an environment variable",
    );
    refused(
        &lab,
        &["env", "--names", "leaf"],
        "",
        1,
        "would both be the variable `NAME`",
    );
    refused(
        &lab,
        &["env", "--group", "nope"],
        "",
        3,
        "no secret in a group `nope`",
    );
    refused(
        &lab,
        &["get", "db/password", "-f", "github-actions"],
        "",
        1,
        "GITHUB_ENV",
    );
    refused(&lab, &["env", "nope*"], "", 3, "no secret fits `nope*`");
    refused(&lab, &["ls", "[a"], "", 1, "is no pattern");
}

#[test]
fn rules_that_no_value_can_keep() {
    let lab = Lab::new();
    refused(
        &lab,
        &["ensure", "a", "-U", "-L", "-D", "-S"],
        "",
        1,
        "every class is switched off",
    );
    refused(
        &lab,
        &["ensure", "a", "--size", "3"],
        "",
        1,
        "cannot have one of each of 4 classes",
    );
    refused(
        &lab,
        &["ensure", "a", "--size", "x"],
        "",
        2,
        "invalid value",
    );
}

#[test]
fn documents_that_are_none() {
    let lab = Lab::new();
    let import = ["import", "--json", "--stdin"];
    refused(
        &lab,
        &import,
        "{\n  \"a\": hunter2}",
        1,
        "<stdin>:2:8: not JSON",
    );
    refused(
        &lab,
        &import,
        "[\"hunter2\"]",
        1,
        "not an object from keys to secrets",
    );
    refused(
        &lab,
        &import,
        r#"{"a": {"value": 1, "x": "hunter2"}}"#,
        1,
        "`value` of `a` is not",
    );
    refused(
        &lab,
        &["import", "--json", "--strict", "--stdin"],
        r#"{"a": {"value": "v", "x": 1}}"#,
        1,
        "`a` has `x`",
    );
    refused(&lab, &["import", "--json"], "", 2, "--file");
    refused(&lab, &["import", "--stdin"], "{}", 2, "--json");
    refused(&lab, &["sync", "--json", "--file", "none"], "", 1, "none");
}

#[test]
fn usage_is_told_without_values() {
    let lab = Lab::new();
    refused(&lab, &["get"], "", 2, "no key is named");
    refused(&lab, &["get", "a", "-f", "nope"], "", 2, "no format `nope`");
    refused(
        &lab,
        &["set", "a", "part of", "hunter2"],
        "",
        2,
        "more than a key and a value",
    );
    refused(&lab, &["set", "a", "hunter2", "-g"], "", 2, "named twice");
    refused(&lab, &["ensure"], "", 2, "no key is named");
    refused(&lab, &["frobnicate"], "", 2, "unrecognized subcommand");
    refused(&lab, &["exec"], "", 2, "required");
}

#[test]
fn a_vault_that_is_being_written_stays_readable() {
    let lab = Lab::with(&[("a", "1")]);
    let lock = fs_err::File::open(format!("{}.lock", lab.vault())).unwrap();
    let lock = lock.into_file();
    lock.lock().unwrap();
    assert_eq!(lab.kpv(&["get", "a"]).success().stdout, "1\n");
    let message = "is being written by another process";
    refused(
        &lab,
        &["--wait", "0", "set", "a", "-s"],
        "hunter2",
        5,
        message,
    );
    refused(&lab, &["--wait", "0", "ensure", "b"], "", 5, message);
    lock.unlock().unwrap();
    lab.fed(&["--wait", "0", "set", "a", "-s"], "2").success();
}

#[test]
fn a_template_is_put_in_whole_or_not_at_all() {
    let lab = Lab::with(&[("a", "1")]);
    lab.sandbox.file("t", "x: kpv://a\ny: kpv://nope\n");
    lab.sandbox.file("out", "before");
    refused(&lab, &["inject", "t", "-o", "out"], "", 3, "--> t:2:4");
    refused(
        &lab,
        &["inject", "t", "-o", "no/dir/out"],
        "",
        3,
        "no secret `nope`",
    );
    lab.sandbox.file("t", "x: kpv://a\n");
    refused(
        &lab,
        &["inject", "t", "-o", "no/dir/out"],
        "",
        1,
        "cannot write",
    );
    refused(
        &lab,
        &["inject", "t", "-o", "/"],
        "",
        1,
        "it is a directory",
    );
    lab.sandbox
        .file("e", "A=$(kpv ensure new)\nB=hunter2$(kpv get nope)\n");
    refused(&lab, &["render", "e"], "", 3, "e:2:10: no secret `nope`");
    lab.sandbox.file(
        "e",
        "A=$(kpv ensure new)\nB=$(date)\nC=$(kpv get a | tr a b)\n",
    );
    refused(
        &lab,
        &["render", "e"],
        "",
        1,
        "e:2:3: `$(…)` with a command that is not kpv",
    );
    refused(&lab, &["render", "e"], "", 1, "e:3:");
}
