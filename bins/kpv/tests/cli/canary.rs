//! A secret is nowhere but where it was asked for: not in arguments, messages, or files.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};

use camino::Utf8Path;

use crate::support::Lab;

const CANARY: &str = "CANARY-7f3a9c";
const MASTER: &str = "CANARY-master-5d1e";

/// Everything in the arguments of a process and those it started, while it runs.
fn arguments(child: &mut Child) -> BTreeSet<Vec<u8>> {
    let mut seen = BTreeSet::new();
    while child.try_wait().unwrap().is_none() {
        let mut rest = vec![child.id()];
        while let Some(id) = rest.pop() {
            let dir = format!("/proc/{id}");
            seen.extend(fs_err::read(format!("{dir}/cmdline")));
            let children = fs_err::read_to_string(format!("{dir}/task/{id}/children"));
            let children = children.unwrap_or_default();
            rest.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
    }
    seen
}

fn files_with(dir: &Utf8Path, needle: &str, found: &mut Vec<String>) {
    for entry in dir.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files_with(entry.path(), needle, found);
        } else {
            let bytes = fs_err::read(entry.path()).unwrap_or_default();
            if bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
            {
                found.push(entry.file_name().to_owned());
            }
        }
    }
}

#[test]
fn no_command_lets_a_secret_out() {
    let mut lab = Lab::empty();
    let tmp = lab.sandbox.path().join("tmp");
    fs_err::create_dir(&tmp).unwrap();
    lab.sandbox
        .set("TMPDIR", tmp.as_str())
        .set("KPV_PASSWORD", MASTER)
        .set("CANARY", CANARY);
    lab.init(&[]);
    lab.put(&[("a/b", CANARY), ("c", CANARY)]);
    lab.fed(
        &["set", "a/b", "--field", "otp", "-s"],
        &format!("{CANARY}!"),
    )
    .success();
    fs_err::copy(lab.vault(), lab.sandbox.path().join("old.kdbx")).unwrap();
    lab.sandbox.file("t", "x: kpv://a/b kpv://nope\n");
    lab.sandbox
        .file("e", "A=$(kpv get a/b)\nB=$(kpv get nope)\n");
    lab.sandbox.file("lab/.env", "A=$(kpv get a/b)\n");

    // the second of each: whether standard output is where the secret was asked for
    let commands: &[(&[&str], bool)] = &[
        (&["get", "a/b"], true),
        (&["get", "nope"], false),
        (&["get", "a/b", "nope"], false),
        (&["get", "c/nope"], false),
        (&["get", "a/b", "-f", "github-actions"], false),
        (&["-P", "wrong", "get", "a/b"], false),
        (&["set", "d", "--stdin"], false),
        (&["set", "d", "--env", "CANARY"], false),
        (&["set", "d//e", "--env", "CANARY"], false),
        (&["ensure", "a/b"], true),
        (&["ls"], false),
        (&["get-string", "a/b", "-f", "none"], false),
        (&["set-string", "c", "-z", "f", "--env", "CANARY"], false),
        (&["env"], true),
        (
            &["env", "--names", "leaf", "-f", "plain", "-k", "nope"],
            false,
        ),
        (
            &[
                "exec",
                "--",
                "sh",
                "-c",
                "sleep 0.1; printf %s ${#A_B} >/dev/null",
            ],
            false,
        ),
        (&["exec", "nope"], false),
        (&["inject", "t"], false),
        (&["render", "e"], false),
        (&["check", "lab"], false),
        (&["audit"], false),
        (&["audit", "--json"], false),
        (&["diff", "old.kdbx", "default"], false),
        (&["diff", "default"], false),
        (&["doctor"], false),
        (&["totp", "a/b"], false),
        (&["rotate", "a/b", "--hook", "sleep 0.1; exit 1"], false),
        (&["undo", "d"], false),
        (&["export", "--json"], true),
        (&["import", "--json", "--stdin"], false),
        (&["sync", "--json", "--stdin", "--dry-run"], false),
        (&["config", "ls"], false),
        (&["rm", "-y", "c"], false),
        (&["rm", "-y", "a/b", "--permanent"], false),
    ];
    for (args, is_asked_for) in commands {
        let mut command = lab.sandbox.command(env!("CARGO_BIN_EXE_kpv"));
        command
            .args(*args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = format!("{{\"x\": {CANARY}");
        std::io::Write::write_all(&mut input, text.as_bytes()).ok();
        drop(input);
        let seen = arguments(&mut child);
        let output = child.wait_with_output().unwrap();
        for args in seen {
            let args = String::from_utf8_lossy(&args).into_owned();
            assert!(!args.contains("CANARY-"), "in the arguments: {args}");
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("CANARY-"), "{args:?}: {stderr}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(
            *is_asked_for || !stdout.contains("CANARY-"),
            "{args:?}: {stdout}"
        );
        assert!(!stdout.contains(MASTER), "{args:?}");
        let mut files = Vec::new();
        files_with(lab.sandbox.path().parent().unwrap(), "CANARY-", &mut files);
        assert_eq!(files, Vec::<String>::new(), "{args:?} wrote it");
    }
    assert_eq!(
        tmp.read_dir_utf8().unwrap().count(),
        0,
        "temporary files are left"
    );
}
