//! The command line: plans of files, and what is said about them.

use std::collections::BTreeMap;

use camino::Utf8Path;
use common::Io;

fn run(dir: &Utf8Path, env: &[(&str, &str)], words: &[&str]) -> (u8, String, String) {
    let env: BTreeMap<String, String> = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let words = ["labbackup"].iter().chain(words).map(Into::into).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = labbackup::run_in(dir, &env, words, &mut Io::new(&mut out, &mut err));
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    (code, text(out), text(err))
}

fn example() -> &'static Utf8Path {
    Utf8Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/homelab"
    ))
}

#[test]
fn every_database_of_the_example_is_found_and_explained() {
    // What lies in the real directory of some machine is no matter of this test.
    let env = [("MNT_DIR", "/nonexistent/mnt")];
    let words = ["--env", "prod", "plan", "--no-engine"];
    let (code, out, err) = run(example(), &env, &words);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out);
    for environment in ["default", "test"] {
        let words = ["--env", environment, "plan", "--no-engine", "--json"];
        let (code, out, _) = run(example(), &env, &words);
        assert_eq!(code, 0);
        let plan: serde_json::Value = serde_json::from_str(&out).unwrap();
        let dumps = plan["groups"].as_array().unwrap().iter();
        let kinds: Vec<_> = dumps
            .flat_map(|group| group["dumps"].as_array().unwrap())
            .map(|dump| dump["kind"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kinds, ["postgresql", "redis"], "{environment}");
    }
}

#[test]
fn what_is_wrong_has_a_place_and_a_code_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let dir = Utf8Path::from_path(dir.path()).unwrap();
    let text = "services:\n  db:\n    image: postgres\n    labels: {backup.engin: mysql}\n";
    fs_err::write(dir.join("compose.yaml"), text).unwrap();
    let (code, _, err) = run(dir, &[("MNT_DIR", "/mnt")], &["plan", "--no-engine"]);
    assert_eq!(code, 6);
    assert!(err.contains("compose.yaml:4:"), "{err}");
    assert!(err.contains("did you mean `backup.engine`?"), "{err}");

    let text = "services:\n  db:\n    image: postgres\n";
    fs_err::write(dir.join("compose.yaml"), text).unwrap();
    let (code, _, err) = run(dir, &[("MNT_DIR", "")], &["plan", "--no-engine"]);
    assert_eq!(code, 6, "an empty MNT_DIR is none");
    assert!(err.contains("nobody says where the dumps"), "{err}");

    let (code, _, _) = run(dir, &[], &["plan", "--nonsense"]);
    assert_eq!(code, 2);
    let words = ["-t", "/nonexistent/x", "list", "db"];
    assert_eq!(run(dir, &[], &words).0, 1);
    let engine = [("DOCKER_HOST", "unix:///nowhere/engine.sock")];
    let (code, _, err) = run(dir, &engine, &["-t", "/tmp/x", "run"]);
    assert_eq!(code, 3, "{err}");
}
