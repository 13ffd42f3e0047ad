//! `cast check`: everything wrong or doubtful in a repository at once.

use crate::support::Test;

#[test]
fn a_sound_repository_passes() {
    Test::new()
        .castfile("workspace: true\ntasks: {up: {desc: Up, run: echo}}")
        .file("svc/castfile", "tasks: {up: echo}")
        .args(["check"])
        .stderr("checked 2 castfiles: 0 errors, 0 warnings\n")
        .run();
}

#[test]
fn all_findings_of_all_projects_are_shown() {
    let ran = Test::new()
        .castfile(
            "
            workspace: {aliases: {gone: ./nowhere}}
            modules: [./module.yaml]
            config: {env: {A: 1}}
            env: {MNT_DIR: '${MNT_DIR:-/data}'}
            taks: {}
            tasks:
              up: {run: echo, timeout: '5'}
              up:before: echo never
              bad-if: {if: '1 +', run: echo}
              bad-use: {uses: pyhton, run: x}
              bad-need: {needs: [dwon]}
              down: echo
              empty: {desc: Nothing}
              a: {needs: [b]}
              b: {needs: [a]}
            ",
        )
        .file("module.yaml", "env: {MNT_DIR: /fixed}\n")
        .file(
            "svc/castfile",
            "tasks:\n  t: {run: echo, cmds: x}\n  u: {dotenv: {a: b}}\n",
        )
        .file("dot/castfile", "dotenv: [.env]\ntasks: {}\n")
        .file("dot/.env", "A=1\nB='$A'\n")
        .args(["check"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    warning[castfile::unknown-key]: unknown key `taks` in a castfile; it is ignored
     --> castfile:5:1
      |
    5 | taks: {}
      | ^^^^
      |
    help: did you mean `tasks`?
      |
    5 | tasks: {}
      |   +

    error[castfile::bad-duration]: missing unit in duration "5"
     --> castfile:7:28
      |
    7 |   up: {run: echo, timeout: '5'}
      |                            ^^^
      |
      = help: write the unit, for example `5s` for seconds

    error[castfile::bad-expression]: expected a value, found the end of the expression
     --> castfile:9:20
      |
    9 |   bad-if: {if: '1 +', run: echo}
      |                    ^

    error[castfile::unknown-task]: task `bad-need` needs `dwon`, which is not defined
      --> castfile:11:22
       |
    11 |   bad-need: {needs: [dwon]}
       |                      ^^^^ no task of this name in this file or its imports
    12 |   down: echo
       |   ---- a task with a similar name is defined here
       |
    help: did you mean `down`?
       |
    11 -   bad-need: {needs: [dwon]}
    11 +   bad-need: {needs: [down]}
       |

    error[castfile::needs-cycle]: tasks need each other in a circle: `a` -> `b` -> `a`
      --> castfile:15:15
       |
    14 |   a: {needs: [b]}
       |               - `a` leads to `b`
    15 |   b: {needs: [a]}
       |               ^ `b` leads to `a`
       |
       = help: take one of these out

    error[cast::unknown-runner]: task `bad-use` uses `pyhton`, which is no runner
      --> castfile:10:19
       |
    10 |   bad-use: {uses: pyhton, run: x}
       |                   ^^^^^^
       |
    help: did you mean `python`?
       |
    10 -   bad-use: {uses: pyhton, run: x}
    10 +   bad-use: {uses: python, run: x}
       |

    error[cast::empty-script]: task `empty` has nothing to run
      --> castfile:13:3
       |
    13 |   empty: {desc: Nothing}
       |   ^^^^^
       |
       = help: add `run: …`, or `needs: […]` if it only gathers others

    warning[castfile::unused-hook]: `up:before` never runs: `up` has no hooks
     --> castfile:8:3
      |
    7 |   up: {run: echo, timeout: '5'}
      |   -- this task needs `hooks: true`
    8 |   up:before: echo never
      |   ^^^^^^^^^

    warning[castfile::module-env]: the default of `MNT_DIR` is never used: the module `module` always sets it
     --> castfile:4:16
      |
    4 | env: {MNT_DIR: '${MNT_DIR:-/data}'}
      |                ^^^^^^^^^^^^^^^^^^^ this default
      |
     ::: module.yaml:1:16
      |
    1 | env: {MNT_DIR: /fixed}
      |                ------ set here, before it
      |
      = help: write `${MNT_DIR:-…}` in the module, or set `MNT_DIR` outright here

    note[castfile::portability]: `config.env` is read here as a layer below `env`
     --> castfile:3:16
      |
    3 | config: {env: {A: 1}}
      |                ^
      |
      = help: frostyeti/cast v0.3.2 ignores or refuses it

    error[castfile::broken-alias]: `@gone` leads to `./nowhere`, where there is no castfile
     --> castfile:1:29
      |
    1 | workspace: {aliases: {gone: ./nowhere}}
      |                             ^^^^^^^^^
      |
      = help: looked at `nowhere`

    warning[castfile::quoted-dollar]: single quotes do not stop expansion in a dotenv file
     --> dot/.env:2:4
      |
    2 | B='$A'
      |    ^^ expanded
      |
      = help: write `$$` for a dollar

    error[castfile::unknown-key]: unknown key `cmds` in task `t`
     --> svc/castfile:2:18
      |
    2 |   t: {run: echo, cmds: x}
      |                  ^^^^
      |
      = help: here it is called `run`

    error[castfile::wrong-kind]: `dotenv` must be a single value, found a mapping
     --> svc/castfile:3:15
      |
    3 |   u: {dotenv: {a: b}}
      |               ^^^^^^

    checked 3 castfiles: 9 errors, 4 warnings
    ---- status 1
    "#);
}

#[test]
fn the_same_as_json_lines() {
    let ran = Test::new()
        .castfile("tasks: {a: {needs: [b]}, c: {timeout: '5', run: echo}}")
        .args(["--message-format", "json", "-q", "check"])
        .output();
    assert_eq!(ran.status, 1);
    let codes: Vec<String> = ran
        .stderr
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["code"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(codes, ["castfile::unknown-task", "castfile::bad-duration"]);
}

#[test]
fn warnings_alone_do_not_fail() {
    let ran = Test::new()
        .castfile("tasks: {up: echo, 'up:before': echo}\n")
        .args(["check"])
        .output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    assert!(ran.stderr.contains("1 warning"), "{}", ran.all());
}
