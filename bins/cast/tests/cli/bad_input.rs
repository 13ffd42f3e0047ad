//! What is wrong with the input, in the exact words: what, where, what to do.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{Test, program, report};

#[test]
fn yaml_that_is_none() {
    insta::assert_snapshot!(report("tasks:\n  up: [a, b\n  down: echo\n", ["list"]), @r#"
    ---- stderr
    error[yaml::syntax]: expected `,` or `]`
     --> castfile:3:7
      |
    2 |   up: [a, b
      |       - after this `[`
    3 |   down: echo
      |       ^ expected `,` or `]` before this
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: echo\n\tdown: echo\n", ["list"]), @r#"
    ---- stderr
    error[yaml::syntax]: a tab is used for indentation
     --> castfile:3:1
      |
    3 |     down: echo
      | ^^^^ tab
      |
      = help: indent with spaces
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: \"no end\n", ["list"]), @r#"
    ---- stderr
    error[yaml::syntax]: the closing quote is missing
     --> castfile:2:7
      |
    2 |   up: "no end
      |       ^ this quote is never closed
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: *nowhere\n", ["list"]), @r#"
    ---- stderr
    error[yaml::unknown-alias]: alias `*nowhere` has no anchor `&nowhere` before it
     --> castfile:2:7
      |
    2 |   up: *nowhere
      |       ^^^^^^^^ no such anchor in this document
      |
      = help: quote the value if `*` is meant as text
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks: {}\n---\ntasks: {}\n", ["list"]), @r#"
    ---- stderr
    error[yaml::second-document]: the file holds more than one document
     --> castfile:2:1
      |
    2 | ---
      | ^^^ a second document starts here
      |
      = help: keep one document per file
    ---- status 1
    "#);
}

#[test]
fn a_node_of_the_wrong_kind() {
    insta::assert_snapshot!(report("- up\n- down\n", ["list"]), @r#"
    ---- stderr
    error[castfile::wrong-kind]: a castfile must be a mapping of keys such as `tasks`, found a sequence
     --> castfile:1:1
      |
    1 | - up
      | ^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks: [up, down]\n", ["list"]), @r#"
    ---- stderr
    error[castfile::wrong-kind]: `tasks` must be a mapping, found a sequence
     --> castfile:1:8
      |
    1 | tasks: [up, down]
      |        ^^^^^^^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: [echo]\n  down: {run: [echo]}\n", ["list"]), @r#"
    ---- stderr
    error[castfile::wrong-kind]: task `up` must be a script or a mapping, found a sequence
     --> castfile:2:7
      |
    2 |   up: [echo]
      |       ^^^^^^

    error[castfile::wrong-kind]: `run` must be a single value, found a sequence
     --> castfile:3:15
      |
    3 |   down: {run: [echo]}
      |               ^^^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: {run: echo, hooks: [before]}\n", ["list"]), @r#"
    ---- stderr
    error[castfile::wrong-kind]: `hooks` must be `true` or a mapping with `before` and `after`, found a sequence
     --> castfile:2:26
      |
    2 |   up: {run: echo, hooks: [before]}
      |                          ^^^^^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("workspace: maybe\n", ["list"]), @r#"
    ---- stderr
    error[castfile::wrong-kind]: `workspace` must be `true` or `false`, found a string
     --> castfile:1:12
      |
    1 | workspace: maybe
      |            ^^^^^
    ---- status 1
    "#);
}

#[test]
fn a_key_that_is_not_known() {
    insta::assert_snapshot!(report("tasks:\n  up: {run: echo, dependson: [a]}\n", ["list"]), @r#"
    ---- stderr
    error[castfile::unknown-key]: unknown key `dependson` in task `up`
     --> castfile:2:19
      |
    2 |   up: {run: echo, dependson: [a]}
      |                   ^^^^^^^^^
      |
      = help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  up: {run: echo, depend: [a]}\n", ["list"]), @r#"
    ---- stderr
    error[castfile::unknown-key]: unknown key `depend` in task `up`
     --> castfile:2:19
      |
    2 |   up: {run: echo, depend: [a]}
      |                   ^^^^^^
      |
      = help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("taks:\n  up: echo\n", ["list"]), @r#"
    ---- stderr
    warning[castfile::unknown-key]: unknown key `taks` in a castfile; it is ignored
     --> castfile:1:1
      |
    1 | taks:
      | ^^^^
      |
    help: did you mean `tasks`?
      |
    1 | tasks:
      |   +
    ---- status 0
    "#);
}

#[test]
fn a_task_an_alias_a_module_that_is_not_there() {
    let castfile = "tasks:\n  build: echo\n  up:\n    needs: [biuld]\n    run: echo\n";
    insta::assert_snapshot!(report(castfile, ["biuld"]), @r#"
    ---- stderr
    error[castfile::unknown-task]: no task `biuld` in `castfile`
    help: did you mean `build`?
    ---- status 1
    "#);
    insta::assert_snapshot!(report(castfile, ["up"]), @r#"
    ---- stderr
    error[castfile::unknown-task]: task `up` needs `biuld`, which is not defined
     --> castfile:4:13
      |
    2 |   build: echo
      |   ----- a task with a similar name is defined here
    3 |   up:
    4 |     needs: [biuld]
      |             ^^^^^ no task of this name in this file or its imports
      |
    help: did you mean `build`?
      |
    4 -     needs: [biuld]
    4 +     needs: [build]
      |
    ---- status 1
    "#);
    insta::assert_snapshot!(report(castfile, ["something-else"]), @r#"
    ---- stderr
    error[castfile::unknown-task]: no task `something-else` in `castfile`
    help: `cast list` shows the tasks
    ---- status 1
    "#);
    insta::assert_snapshot!(
        Test::new()
            .castfile("workspace: {aliases: {compose: ./compose}}")
            .file("compose/castfile", "")
            .args(["@compsoe", "up"])
            .output()
            .all(),
        @r#"
    ---- stderr
    error[castfile::unknown-project]: no project `@compsoe` from `castfile`
    help: did you mean `@compose`?
    help: looked at the aliases of `castfile`; the directory `compsoe`; the workspace of `castfile`
    ---- status 1
    "#
    );
    insta::assert_snapshot!(
        Test::new()
            .castfile("imports:\n  - dokcer\n  - ./nowhere.yaml\n")
            .mkdir(".git")
            .file(".cast/modules/docker/castfile", "")
            .args(["list"])
            .output()
            .all(),
        @r#"
    ---- stderr
    error[castfile::unknown-module]: the module `dokcer` is not there
     --> castfile:2:5
      |
    2 |   - dokcer
      |     ^^^^^^ imported here
      |
      = help: looked for these, also with `.yaml` and `.yml`:
              .cast/modules/dokcer
              .config/cast/modules/dokcer
              [HOME]/.local/share/cast/modules/dokcer
    help: did you mean `docker`?
      |
    2 -   - dokcer
    2 +   - docker
      |

    error[castfile::unknown-module]: the module `./nowhere.yaml` is not there
     --> castfile:3:5
      |
    3 |   - ./nowhere.yaml
      |     ^^^^^^^^^^^^^^ imported here
      |
      = help: looked for `nowhere.yaml`, `nowhere.yaml.yaml` and `nowhere.yaml.yml`
    ---- status 1
    "#
    );
    insta::assert_snapshot!(Test::new().args(["-p", "./nowhere/castfile", "list"]).output().all(), @r#"
    ---- stderr
    error[castfile::unreadable]: cannot read `nowhere/castfile`: no such file or directory
    ---- status 1
    "#);
}

#[test]
fn no_castfile() {
    let ran = Test::new().cwd("a/b").args(["list"]).output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[castfile::no-castfile]: no castfile in `[DIR]/a/b` or any directory above it
    help: create a file `castfile` with a `tasks:` block, or name a project with `-p`
    ---- status 1
    "#);
    insta::assert_snapshot!(Test::new().mkdir("empty").castfile("").args(["-p", "empty", "list"]).output().all(), @r#"
    ---- stderr
    error[castfile::no-castfile]: no castfile in `empty`
    help: looked for castfile, .castfile, castfile.yaml, castfile.yml, cast.yaml, cast.yml
    ---- status 1
    "#);
}

#[test]
fn imports_in_a_circle() {
    let ran = Test::new()
        .castfile("imports: [./a.yaml]\n")
        .file("a.yaml", "imports:\n  - ./b.yaml\n")
        .file("b.yaml", "imports:\n  - ./a.yaml\n")
        .args(["list"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[castfile::import-cycle]: imports run in a circle: a.yaml -> b.yaml -> a.yaml
     --> b.yaml:2:5
      |
    2 |   - ./a.yaml
      |     ^^^^^^^^ leads back
      |
     ::: a.yaml:2:5
      |
    2 |   - ./b.yaml
      |     -------- imported here
      |
      = help: move what both need into a third module
    ---- status 1
    "#);
}

#[test]
fn needs_in_a_circle() {
    let castfile = "
        tasks:
          up: {run: echo, needs: [net]}
          net: {run: echo, needs: [dirs]}
          dirs: {run: echo, needs: [up]}
          self: {run: echo, needs: self}
        ";
    insta::assert_snapshot!(report(castfile, ["up"]), @r#"
    ---- stderr
    error[castfile::needs-cycle]: tasks need each other in a circle: `up` -> `net` -> `dirs` -> `up`
     --> castfile:4:29
      |
    2 |   up: {run: echo, needs: [net]}
      |                           --- `up` leads to `net`
    3 |   net: {run: echo, needs: [dirs]}
      |                            ---- `net` leads to `dirs`
    4 |   dirs: {run: echo, needs: [up]}
      |                             ^^ `dirs` leads to `up`
      |
      = help: take one of these out
    ---- status 1
    "#);
    insta::assert_snapshot!(report(castfile, ["run", "self"]), @r#"
    ---- stderr
    error[castfile::needs-cycle]: tasks need each other in a circle: `self` -> `self`
     --> castfile:5:28
      |
    5 |   self: {run: echo, needs: self}
      |                            ^^^^ `self` leads to `self`
      |
      = help: take one of these out
    ---- status 1
    "#);
}

#[test]
fn a_dotenv_file_that_is_missing() {
    insta::assert_snapshot!(report("dotenv:\n  - .env\n  - 'prod/.env'\ntasks: {t: echo}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::missing-dotenv]: the dotenv file `[DIR]/.env` is not there
     --> castfile:2:5
      |
    2 |   - .env
      |     ^^^^
      |
      = help: create it, or write `.env?` if it may be missing

    error[castfile::missing-dotenv]: the dotenv file `[DIR]/prod/.env` is not there
     --> castfile:3:5
      |
    3 |   - 'prod/.env'
      |     ^^^^^^^^^^^
      |
      = help: create it, or write `prod/.env?` if it may be missing
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, dotenv: [.env]}\n", ["t"]), @r#"
    ---- stderr

    t (failed)
    error[castfile::missing-dotenv]: the dotenv file `[DIR]/.env` is not there
     --> castfile:2:27
      |
    2 |   t: {run: echo, dotenv: [.env]}
      |                           ^^^^
      |
      = help: create it, or write `.env?` if it may be missing
    ---- status 1
    "#);
}

#[test]
fn a_duration_that_is_none() {
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, timeout: 5}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-duration]: missing unit in duration "5"
     --> castfile:2:27
      |
    2 |   t: {run: echo, timeout: 5}
      |                           ^
      |
      = help: write the unit, for example `5s` for seconds
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, timeout: 5 minutes}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-duration]: unknown unit " minutes" in duration "5 minutes"
     --> castfile:2:27
      |
    2 |   t: {run: echo, timeout: 5 minutes}
      |                           ^^^^^^^^^
      |
      = help: the units are `ns`, `us`, `ms`, `s`, `m` and `h`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, timeout: '-1s'}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-duration]: duration "-1s" is negative
     --> castfile:2:27
      |
    2 |   t: {run: echo, timeout: '-1s'}
      |                           ^^^^^
    ---- status 1
    "#);
}

#[test]
fn an_expression_that_is_none() {
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, if: env.A ==}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-expression]: expected a value, found the end of the expression
     --> castfile:2:30
      |
    2 |   t: {run: echo, if: env.A ==}
      |                              ^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, if: \"env.A = 'x'\"}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-expression]: expected an operator or the end of the expression, found `=`
     --> castfile:2:29
      |
    2 |   t: {run: echo, if: "env.A = 'x'"}
      |                             ^
      |
      = help: equality is written `==`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("tasks:\n  t: {run: echo, force: lowr('A')}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-expression]: unknown function `lowr`
     --> castfile:2:25
      |
    2 |   t: {run: echo, force: lowr('A')}
      |                         ^^^^
      |
      = help: did you mean `lower`?
    ---- status 1
    "#);
}

#[test]
fn a_variable_that_must_be_set() {
    let castfile = "env:\n  DOMAIN: ${DOMAIN:?set it in .env}\ntasks: {t: echo}\n";
    insta::assert_snapshot!(report(castfile, ["t"]), @r#"
    ---- stderr
    error[castfile::required-variable]: set it in .env
     --> castfile:2:11
      |
    2 |   DOMAIN: ${DOMAIN:?set it in .env}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^ `DOMAIN` is not set or empty
      |
      = help: set `DOMAIN`
    ---- status 1
    "#);
    insta::assert_snapshot!(report("env:\n  A: ${B-c}\ntasks: {t: echo}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::expansion]: `${B-c}` is not supported here
     --> castfile:2:6
      |
    2 |   A: ${B-c}
      |      ^^^^^^
      |
      = help: write `${B:-…}`; it also applies when `B` is empty
    ---- status 1
    "#);
    insta::assert_snapshot!(report("env:\n  A: $(nonexistent-program-xyz)\ntasks: {t: echo}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::substitution]: command `nonexistent-program-xyz` failed: `nonexistent-program-xyz` was not found; PATH is `./node_modules/.bin:./bin:[PATH]`
     --> castfile:2:6
      |
    2 |   A: $(nonexistent-program-xyz)
      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(report("env:\n  A: $(sh -c 'echo reason >&2; exit 3')\ntasks: {t: echo}\n", ["t"]), @r#"
    ---- stderr
    error[castfile::substitution]: command `sh -c 'echo reason >&2; exit 3'` failed: `sh` ended with exit code 3: reason
     --> castfile:2:6
      |
    2 |   A: $(sh -c 'echo reason >&2; exit 3')
      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ---- status 1
    "#);
}

#[test]
fn a_file_that_is_not_text() {
    let ran = Test::new()
        .bytes("castfile", b"tasks:\n  t: echo \xff\xfe\n")
        .args(["list"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[yaml::not-utf8]: the file is not UTF-8 text
     --> castfile:2:11
      |
    2 |   t: echo ��
      |           ^ byte 0xff at offset 17
      |
      = help: save the file as UTF-8
    ---- status 1
    "#);
    let ran = Test::new()
        .castfile("dotenv: [.env]\ntasks: {t: echo}")
        .bytes(".env", b"A=\xc3\x28\n")
        .args(["t"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[yaml::not-utf8]: the file is not UTF-8 text
     --> .env:1:3
      |
    1 | A=�(
      |   ^ byte 0xc3 at offset 2
      |
      = help: save the file as UTF-8
    ---- status 1
    "#);
    let ran = Test::new()
        .bytes("castfile", b"tasks:\0")
        .args(["list"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[yaml::control-character]: control character U+0000 is not allowed in YAML
     --> castfile:1:7
      |
    1 | tasks:␀
      |       ^
      |
      = help: remove it, or write it as `\x00` in double quotes
    ---- status 1
    "#);
    let test = Test::new().castfile("tasks: {t: echo}");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cast"))
        .arg(std::ffi::OsStr::from_bytes(b"t\xff"))
        .current_dir(test.dir())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: the argument `t\u{fffd}` is not UTF-8\n"
    );
}

/// A castfile with so many bytes of comments between its tasks.
fn padded(bytes: usize) -> String {
    let filler = "x".repeat(10_000);
    let tasks = (0..).map(|at| format!("  # {filler}\n  task-{at}: echo {at}\n"));
    let mut castfile = "tasks:\n  first: echo first\n".to_owned();
    castfile.extend(tasks.take(bytes / filler.len()));
    castfile
}

#[test]
fn a_castfile_of_ten_megabytes() {
    let ran = Test::new()
        .bytes("castfile", padded(10_000_000).as_bytes())
        .args(["list"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[castfile::too-large]: the file has 10025807 bytes, more than the 4194304 a castfile may have
     --> castfile:1:1
      |
    1 | tasks:
      | ^
      |
      = help: is this a castfile? move data into files that its tasks read
    ---- status 1
    "#);
    // Large ones are no problem.
    Test::new()
        .bytes("castfile", padded(3_000_000).as_bytes())
        .args(["first", "task-299"])
        .stdout("first\n299\n")
        .run();
}

#[test]
fn the_message_about_a_long_line_is_short() {
    let long = format!(
        "tasks: {{t: {{run: echo, cmds: '{}'}}}}\n",
        "y".repeat(1_000_000)
    );
    let ran = Test::new()
        .bytes("castfile", long.as_bytes())
        .args(["list"])
        .output();
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.len() < 10_000, "{}", ran.stderr.len());
    assert!(
        ran.stderr.contains("castfile:1:24"),
        "{}",
        &ran.stderr[..500]
    );
}

#[test]
fn a_castfile_made_to_fill_the_memory() {
    let mut castfile = "x0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for at in 1..12 {
        let before = format!("*x{},", at - 1).repeat(9);
        writeln!(castfile, "x{at}: &x{at} [{before}]").unwrap();
    }
    let ran = Test::new()
        .bytes("castfile", castfile.as_bytes())
        .args(["list"])
        .output();
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(ran.stderr.starts_with("error["), "{}", ran.stderr);
    let deep = format!("tasks: {}", "[".repeat(100_000));
    let ran = Test::new()
        .bytes("castfile", deep.as_bytes())
        .args(["list"])
        .output();
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.starts_with("error["), "{}", ran.stderr);
}

#[test]
fn names_with_blanks_and_pictures_run() {
    let castfile = "
        tasks:
          Deploy the web 🚀: {desc: Go, run: echo deployed, needs: [größe]}
          größe: echo größe
        ";
    for name in ["Deploy the web 🚀", "deploy the web"] {
        let ran = Test::new().castfile(castfile).args([name]).output();
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("größe\ndeployed\n", 0),
            "{name}: {}",
            ran.all()
        );
    }
    Test::new()
        .castfile("tasks: {🚀: echo up, 日本: echo nihon}")
        .args(["🚀", "日本"])
        .stdout("up\nnihon\n")
        .run();
}

#[test]
fn an_interpreter_that_is_missing() {
    let said = |uses: &str| {
        let ran = Test::new()
            .castfile(&format!("tasks:\n  t: {{uses: {uses}, run: x}}\n"))
            .mkdir("empty")
            .env("PATH", "[DIR]/empty")
            .args(["t"])
            .output();
        ran.all()
    };
    insta::assert_snapshot!(said("deno"), @r#"
---- stderr

t
error[cast::missing-program]: runner `deno` needs the program `deno`, which was not found; PATH is `./node_modules/.bin:./bin:[DIR]/empty`
 --> castfile:2:13
  |
2 |   t: {uses: deno, run: x}
  |             ^^^^
  |
  = help: install Deno: https://docs.deno.com/runtime/getting_started/installation, or name the program in `RUN_DENO_EXE`
---- status 1
"#);
    insta::assert_snapshot!(said("shell"), @r#"
    ---- stderr

    t
    error[cast::missing-program]: runner `shell` needs the program `sh`, which was not found; PATH is `./node_modules/.bin:./bin:[DIR]/empty`
     --> castfile:2:13
      |
    2 |   t: {uses: shell, run: x}
      |             ^^^^^
      |
      = help: install a POSIX shell (Debian package `dash`), or name the program in `RUN_SH_EXE`
    ---- status 1
    "#);
    let ran = Test::new()
        .castfile("tasks:\n  t: ./script\n")
        .exe("script", "#!/nonexistent/interpreter\n")
        .args(["t"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr

    t
    error[cast::runner]: cannot start `[DIR]/./script`: its first line asks for `/nonexistent/interpreter`, which does not exist
     --> castfile:2:6
      |
    2 |   t: ./script
      |      ^^^^^^^^
    ---- status 1
    "#);
}

#[test]
fn a_directory_without_permission() {
    let Some(setpriv) = program("setpriv") else {
        return;
    };
    let root = Test::new().program("id").args(["-u"]).output().stdout == "0\n";
    let locked = |mode: u32, castfile: &str, path: &str, args: &[&str]| {
        let test = Test::new()
            .castfile(castfile)
            .file("locked/castfile", "tasks: {t: echo}")
            .file("locked/.env", "A=1")
            .file("svc/castfile", "tasks: {t: echo}")
            .mode(path, mode)
            .args(args.iter().copied());
        let test = test.open_to_all();
        let test = if root {
            test.through([
                setpriv.as_str(),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
            ])
        } else {
            test
        };
        let ran = test.output();
        ran.all()
    };
    insta::assert_snapshot!(locked(0o000, "tasks: {t: echo}", "castfile", &["list"]), @r#"
            ---- stderr
            error[castfile::unreadable]: cannot read `[DIR]/castfile`: permission denied
            help: let this user read it, or run as one who may
            ---- status 1
            "#);
    insta::assert_snapshot!(locked(0o000, "tasks: {t: echo}", "locked", &["@locked", "t"]), @r#"
    ---- stderr
    error[castfile::unreadable]: cannot read `[DIR]/locked`: permission denied
    help: let this user read it, or run as one who may
    ---- status 1
    "#);
    insta::assert_snapshot!(locked(0o000, "tasks: {t: echo}", "locked", &["-p", "locked/castfile", "t"]), @r#"
    ---- stderr
    error[castfile::unreadable]: cannot read `[DIR]/locked/castfile`: permission denied
    help: let this user read it, or run as one who may
    ---- status 1
    "#);
    insta::assert_snapshot!(locked(0o000, "dotenv: [locked/.env]\ntasks: {t: echo}", "locked", &["t"]), @r#"
    ---- stderr
    error[castfile::unreadable]: cannot read the dotenv file `[DIR]/locked/.env`: permission denied
     --> castfile:1:10
      |
    1 | dotenv: [locked/.env]
      |          ^^^^^^^^^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(locked(0o000, "imports: [./locked]", "locked", &["list"]), @r#"
    ---- stderr
    error[castfile::unreadable]: cannot read `[DIR]/locked/cast.mod`: permission denied
     --> castfile:1:11
      |
    1 | imports: [./locked]
      |           ^^^^^^^^ imported here
    ---- status 1
    "#);
    insta::assert_snapshot!(locked(0o000, "tasks: {t: {run: pwd, cwd: ./locked}}", "locked", &["t"]), @r#"
    ---- stderr

    t
    error[cast::runner]: cannot start `/usr/bin/bash`: permission denied
     --> castfile:1:18
      |
    1 | tasks: {t: {run: pwd, cwd: ./locked}}
      |                  ^^^
    ---- status 1
    "#);
    insta::assert_snapshot!(locked(0o000, "workspace: true", "locked", &["workspace", "ls"]), @r#"
    ALIASES
    svc  svc

    ---- stderr
    note: cannot read `locked`; skipped
    ---- status 0
    "#);
    insta::assert_snapshot!(locked(0o555, "tasks: {t: echo}", "", &["config", "set", "a", "b"]), @r#"
    ---- stderr
    error[cast::config-edit]: cannot write `castfile`: permission denied; nothing was changed
    help: its directory must be writable too: the new file is moved into place
    ---- status 1
    "#);
}

#[test]
fn everything_wrong_with_a_file_at_once() {
    let castfile = "
        imports: {from: 3}
        env: [A=1, {value: x}]
        dotenv: [{path: .env, context: [prod]}]
        workspace: perhaps
        tasks:
          up: {run: echo, nedes: [a]}
          down: [echo]
          logs: {run: echo, uses: [bash]}
        ";
    insta::assert_snapshot!(report(castfile, ["up"]), @r#"
---- stderr
error[castfile::wrong-kind]: an import with `from` must be an item of a list under `imports`
 --> castfile:1:11
  |
1 | imports: {from: 3}
  |           ^^^^
  |
  = help: put `- ` before `from`

error[castfile::missing-key]: the `env` entry has no `name`
 --> castfile:2:12
  |
2 | env: [A=1, {value: x}]
  |            ^^^^^^^^^^

error[castfile::unknown-key]: unknown key `context` in a `dotenv` entry
 --> castfile:3:23
  |
3 | dotenv: [{path: .env, context: [prod]}]
  |                       ^^^^^^^
  |
help: did you mean `contexts`?
  |
3 | dotenv: [{path: .env, contexts: [prod]}]
  |                              +

error[castfile::wrong-kind]: `workspace` must be `true` or `false`, found a string
 --> castfile:4:12
  |
4 | workspace: perhaps
  |            ^^^^^^^

error[castfile::unknown-key]: unknown key `nedes` in task `up`
 --> castfile:6:19
  |
6 |   up: {run: echo, nedes: [a]}
  |                   ^^^^^
  |
help: did you mean `needs`?
  |
6 -   up: {run: echo, nedes: [a]}
6 +   up: {run: echo, needs: [a]}
  |

error[castfile::wrong-kind]: task `down` must be a script or a mapping, found a sequence
 --> castfile:7:9
  |
7 |   down: [echo]
  |         ^^^^^^

error[castfile::wrong-kind]: `uses` must be a single value, found a sequence
 --> castfile:8:27
  |
8 |   logs: {run: echo, uses: [bash]}
  |                           ^^^^^^
---- status 1
"#);
}

#[test]
fn everything_wrong_with_a_plan_at_once() {
    let castfile = "
        tasks:
          up: {run: echo, needs: [nte, dirs], timeout: 5, if: 1 +}
          net: echo
          dirs: {run: echo, needs: [volumes]}
        ";
    insta::assert_snapshot!(report(castfile, ["up"]), @r#"
    ---- stderr
    error[castfile::unknown-task]: task `up` needs `nte`, which is not defined
     --> castfile:2:27
      |
    2 |   up: {run: echo, needs: [nte, dirs], timeout: 5, if: 1 +}
      |                           ^^^ no task of this name in this file or its imports
    3 |   net: echo
      |   --- a task with a similar name is defined here
      |
    help: did you mean `net`?
      |
    2 -   up: {run: echo, needs: [nte, dirs], timeout: 5, if: 1 +}
    2 +   up: {run: echo, needs: [net, dirs], timeout: 5, if: 1 +}
      |

    error[castfile::unknown-task]: task `dirs` needs `volumes`, which is not defined
     --> castfile:4:29
      |
    4 |   dirs: {run: echo, needs: [volumes]}
      |                             ^^^^^^^ no task of this name in this file or its imports

    error[castfile::bad-duration]: missing unit in duration "5"
     --> castfile:2:48
      |
    2 |   up: {run: echo, needs: [nte, dirs], timeout: 5, if: 1 +}
      |                                                ^
      |
      = help: write the unit, for example `5s` for seconds

    error[castfile::bad-expression]: expected a value, found the end of the expression
     --> castfile:2:58
      |
    2 |   up: {run: echo, needs: [nte, dirs], timeout: 5, if: 1 +}
      |                                                          ^
    ---- status 1
    "#);
}

#[test]
fn every_value_that_cannot_be_expanded_at_once() {
    let castfile = "
        env:
          A: ${A:?first}
          B: ${B:?second}
          C: $5
        tasks: {t: echo}
        ";
    insta::assert_snapshot!(report(castfile, ["t"]), @r#"
---- stderr
error[castfile::required-variable]: first
 --> castfile:2:6
  |
2 |   A: ${A:?first}
  |      ^^^^^^^^^^^ `A` is not set or empty
  |
  = help: set `A`

error[castfile::required-variable]: second
 --> castfile:3:6
  |
3 |   B: ${B:?second}
  |      ^^^^^^^^^^^^ `B` is not set or empty
  |
  = help: set `B`

error[castfile::expansion]: `$5` is not supported here
 --> castfile:4:6
  |
4 |   C: $5
  |      ^^
  |
  = help: a literal `$` is written `$$`: `$$5`
---- status 1
"#);
}
