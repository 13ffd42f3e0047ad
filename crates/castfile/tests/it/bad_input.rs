//! What is said about input that is wrong, word for word.

use std::io;

use camino::Utf8Path;
use castfile::{DirEntry, FileKind, Files, MAX_BYTES, MemoryFiles};

use crate::support::{
    World, ids, lab, loader, order, refused, report, run_of, single, try_project,
};

#[test]
fn a_syntax_error() {
    let text = refused("tasks:\n  up: 'open\n  down: x\n");
    assert!(text.starts_with("error[yaml::syntax]: "), "{text}");
    assert!(text.contains("--> castfile:"), "{text}");
    let text = refused("tasks:\n\tup: x\n");
    assert!(text.starts_with("error[yaml::syntax]: "), "{text}");
}

#[test]
fn all_that_is_wrong_in_a_file_is_reported_together() {
    insta::assert_snapshot!(
        refused(
            "taks: {}\nworkspace: maybe\nenv: 7\nimports:\n  - {form: docker}\ntasks:\n  up:\n    comand: x\n    needs: {a: b}\n  down: [x]\n"
        ),
        @r#"
    warning[castfile::unknown-key]: unknown key `taks` in a castfile; it is ignored
      --> castfile:1:1
      fix: did you mean `tasks`? [1:1 "tasks"]
    error[castfile::wrong-kind]: `workspace` must be `true` or `false`, found a string
      --> castfile:2:12
    error[castfile::wrong-kind]: `env` must be a mapping or a list, found an integer
      --> castfile:3:6
    error[castfile::unknown-key]: unknown key `form` in an import
      --> castfile:5:6
      fix: did you mean `from`? [5:6 "from"]
    error[castfile::unknown-key]: unknown key `comand` in task `up`
      --> castfile:8:5
      help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    error[castfile::wrong-kind]: `needs` must be a single value or a list, found a mapping
      --> castfile:9:12
    error[castfile::wrong-kind]: task `down` must be a script or a mapping, found a sequence
      --> castfile:10:9
    "#
    );
}

#[test]
fn the_first_error_and_their_number_fit_one_line() {
    let error = |text| {
        try_project(&lab([("castfile", text)]), "castfile")
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error("env: 7\n"),
        "castfile:1:6: `env` must be a mapping or a list, found an integer"
    );
    assert_eq!(
        error("env: 7\ntasks: 7\n"),
        "castfile:1:6: `env` must be a mapping or a list, found an integer (and one more error)"
    );
    assert_eq!(
        error("env: 7\ntasks: 7\njobs: 7\n"),
        "castfile:1:6: `env` must be a mapping or a list, found an integer (and 2 more errors)"
    );
}

#[test]
fn a_second_document() {
    insta::assert_snapshot!(refused("tasks: {}\n---\ntasks: {}\n"), @r"
    error[yaml::second-document]: the file holds more than one document
      --> castfile:2:1: a second document starts here
      help: keep one document per file
    ");
}

#[test]
fn a_file_that_is_not_utf8() {
    let mut files = MemoryFiles::default();
    files.insert("/lab/castfile", b"tasks:\n  up: gr\xfcn\n".as_slice());
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[yaml::not-utf8]: the file is not UTF-8 text
      --> castfile:2:9: byte 0xfc at offset 15
      help: save the file as UTF-8
    ");
    files.insert("/lab/web/castfile", "imports:\n  - ../castfile\n");
    insta::assert_snapshot!(report(&try_project(&files, "web/castfile").unwrap_err()), @r"
    error[yaml::not-utf8]: the file is not UTF-8 text
      --> castfile:2:9: byte 0xfc at offset 15
          web/castfile:2:5: imported here
      help: save the file as UTF-8
    ");
}

#[test]
fn a_byte_order_mark_and_windows_lines() {
    let project = single("\u{feff}tasks:\r\n  up: |\r\n    a\r\n    b\r\n  down: x\r\n");
    assert_eq!(ids(&project), ["up", "down"]);
    assert_eq!(run_of(&project, "up"), "a\nb\n");
}

#[test]
fn a_file_of_ten_megabytes() {
    let mut text = String::from("tasks:\n");
    while text.len() < 10 << 20 {
        text.push_str("  task: echo the same again and again, as a generator gone wild would do\n");
    }
    text.truncate(10 << 20);
    let files = lab([("castfile", text.as_str())]);
    insta::assert_snapshot!(report(&try_project(&files, "castfile").unwrap_err()), @r"
    error[castfile::too-large]: the file has 10485760 bytes, more than the 4194304 a castfile may have
      --> castfile:1:1
      help: is this a castfile? move data into files that its tasks read
    ");
}

#[test]
fn a_file_as_large_as_allowed_is_read() {
    let mut text = String::from("tasks:\n");
    let mut count = 0;
    while text.len() < MAX_BYTES / 4 {
        text.push_str(&format!("  task-{count}: echo {count}\n"));
        count += 1;
    }
    assert_eq!(single(&text).tasks().len(), count);
}

#[test]
fn many_unknown_keys_are_no_burden() {
    let mut text = String::new();
    for at in 0..5_000 {
        text.push_str(&format!("key{at}: 1\n"));
    }
    assert_eq!(single(&text).warnings().len(), 5_000);
}

#[test]
fn names_with_blanks_and_pictures() {
    let project = single(
        "tasks:\n  '🚀 ship it': {run: x, needs: ['Über prüfen', '🧪']}\n  Über prüfen: y\n  🧪: z\n",
    );
    assert_eq!(ids(&project), ["ship it", "ber prfen", "🧪"]);
    for name in ["🚀 ship it", "ship it", "Ship It"] {
        assert_eq!(
            order(&project, &[name], "default"),
            "ber prfen 🧪 ship it",
            "{name}"
        );
    }
    insta::assert_snapshot!(order(&project, &["🚀 shipit"], "default"), @r"
    error[castfile::unknown-task]: no task `🚀 shipit` in `castfile`
      help: did you mean `ship it`?
    ");
    let project = single("tasks:\n  a: {needs: ['🚀 ship']}\n  '🚀 ship it': x\n");
    insta::assert_snapshot!(order(&project, &["a"], "default"), @r"
    error[castfile::unknown-task]: task `a` needs `🚀 ship`, which is not defined
      --> castfile:2:15: no task of this name in this file or its imports
    ");
}

/// Files of which some may not be touched.
struct Locked<'a>(MemoryFiles, &'a [&'a str]);

impl Locked<'_> {
    fn check(&self, path: &Utf8Path) -> io::Result<()> {
        if self.1.iter().any(|locked| path.starts_with(locked)) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }
}

impl Files for Locked<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.check(path)?;
        self.0.read(path)
    }

    // As on a disk, a file that may not be read can be seen; one in a closed directory cannot.
    fn kind(&self, path: &Utf8Path) -> io::Result<Option<FileKind>> {
        self.check(path.parent().unwrap_or(path))?;
        self.0.kind(path)
    }

    fn list(&self, dir: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        self.check(dir)?;
        self.0.list(dir)
    }
}

#[test]
fn without_permission() {
    let files = lab([
        (
            "castfile",
            "imports: [docker]\nworkspace: {aliases: {eng: ./eng}}\n",
        ),
        (".cast/modules/docker/castfile", "tasks: {}\n"),
        ("eng/castfile", ""),
    ]);
    let with = |locked| Locked(files.clone(), locked);
    let load = |locked| report(&try_project(&with(locked), "castfile").unwrap_err());
    insta::assert_snapshot!(load(&["/lab/castfile"]), @r"
    error[castfile::unreadable]: cannot read `/lab/castfile`: permission denied
      help: let this user read it, or run as one who may
    ");
    insta::assert_snapshot!(load(&["/lab/.cast/modules/docker/castfile"]), @r"
    error[castfile::unreadable]: cannot read `/lab/.cast/modules/docker/castfile`: permission denied
      --> castfile:1:11: imported here
    ");
    insta::assert_snapshot!(load(&["/lab/.cast/modules"]), @r"
    error[castfile::unreadable]: cannot read `/lab/.cast/modules/docker`: permission denied
      --> castfile:1:11: imported here
    ");
    let select = |locked, cwd: &str, words: &[&str]| {
        report(
            &loader(&with(locked))
                .select(cwd.into(), None, words)
                .unwrap_err(),
        )
    };
    insta::assert_snapshot!(select(&["/lab/eng"], "/lab/eng", &[]), @r"
    error[castfile::unreadable]: cannot read `/lab/eng`: permission denied
      help: let this user read it, or run as one who may
    ");
    insta::assert_snapshot!(select(&["/lab/eng"], "/lab", &["@eng"]), @r"
    error[castfile::unreadable]: cannot read `/lab/eng`: permission denied
      help: let this user read it, or run as one who may
    ");
}

#[test]
fn a_castfile_that_is_not_there() {
    insta::assert_snapshot!(
        report(&try_project(&lab([("x", "")]), "castfile").unwrap_err()),
        @"error[castfile::unreadable]: cannot read `/lab/castfile`: no such file or directory"
    );
}

#[test]
fn a_required_variable_that_is_not_set() {
    let world = World::new(lab([(
        "castfile",
        "tasks:\n  up:\n    run: x\n    env:\n      PW: ${DB_PASSWORD:?load the vault first}\n",
    )]));
    insta::assert_snapshot!(report(&world.try_task("up").unwrap_err()), @r"
    error[castfile::required-variable]: load the vault first
      --> castfile:5:11: `DB_PASSWORD` is not set or empty
      help: set `DB_PASSWORD`
    ");
}

#[test]
fn too_many_aliases_and_levels_are_refused_quickly() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, inner) in ["b", "c", "d", "e", "f", "g", "h"]
        .iter()
        .zip("abcdefg".chars())
    {
        bomb.push_str(&format!(
            "{name}: &{name} [*{inner}, *{inner}, *{inner}, *{inner}, *{inner}, *{inner}, *{inner}, *{inner}, *{inner}]\n"
        ));
    }
    let text = refused(&bomb);
    assert!(text.contains("yaml::too-many-nodes"), "{text}");
    let text = refused(&format!(
        "meta: {}x{}\n",
        "[".repeat(5000),
        "]".repeat(5000)
    ));
    assert!(text.contains("error["), "{text}");
}
