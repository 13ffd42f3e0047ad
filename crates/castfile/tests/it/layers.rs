//! The environment of a run, layer by layer, and where each value comes from.

use castfile::Origin;

use crate::support::{World, explained, lab, report, shown};

/// A castfile with a module, its dotenv file, and this text.
fn world(castfile: &str) -> World {
    World::new(lab([
        ("castfile", castfile),
        ("one.env", "A=one\nB=${A}!\n"),
        ("two.env", "A=two\nC=c\n"),
        (
            ".cast/modules/m/castfile",
            "id: mid\nname: mname\nversion: 1.2\ndesc: mdesc\nenv: {M: module}\ntasks: {mtask: x}\n",
        ),
    ]))
}

#[test]
fn each_layer_wins_over_the_ones_before() {
    // Every layer sets all variables from its own letter on, so that each variable ends in the
    // layer it is named after.
    let all = |from: usize, value: &str, eq: &str, sep: &str| {
        let names = [
            "PROC", "MDOT", "CDOT", "DOT", "EDOT", "MENV", "CENV", "ENV", "HANDED", "TDOT", "TENV",
            "CLI",
        ];
        names[from..]
            .iter()
            .map(|name| format!("{name}{eq}{value}"))
            .collect::<Vec<_>>()
            .join(sep)
    };
    let castfile = format!(
        "imports: [m]\nconfig: {{dotenv: c.env, env: {{{}}}}}\ndotenv: own.env\nenv: {{{}}}\ntasks:\n  t: {{run: x, dotenv: [t.env], env: {{{}}}}}\n",
        all(6, "config-env", ": ", ", "),
        all(7, "env", ": ", ", "),
        all(10, "task-env", ": ", ", "),
    );
    let module = format!(
        "dotenv: m.env\nenv: {{{}}}\n",
        all(5, "module-env", ": ", ", ")
    );
    let mut world = World::new(lab([
        ("castfile", castfile.as_str()),
        (".cast/modules/m/castfile", module.as_str()),
        (".cast/modules/m/m.env", &all(1, "module-dotenv", "=", "\n")),
        ("c.env", &all(2, "config-dotenv", "=", "\n")),
        ("own.env", &all(3, "dotenv", "=", "\n")),
        ("extra.env", &all(4, "extra-dotenv", "=", "\n")),
        ("t.env", &all(9, "task-dotenv", "=", "\n")),
        ("/tmp/handed", &all(8, "handed", "=", "\n")),
    ]))
    .process("CAST_ENV", "/tmp/handed")
    .dotenv("/lab/extra.env")
    .var("CLI", "command-line");
    for pair in all(0, "process", "=", "\n").lines() {
        let (name, value) = pair.split_once('=').unwrap();
        world = world.process(name, value);
    }
    insta::assert_snapshot!(
        explained(
            &world.task("t"),
            &["PROC", "MDOT", "CDOT", "DOT", "EDOT", "MENV", "CENV", "ENV", "HANDED", "TDOT", "TENV", "CLI"]
        ),
        @r"
    PROC=process (Process)
    MDOT=module-dotenv (.cast/modules/m/m.env:1:6)
    CDOT=config-dotenv (c.env:1:6)
    DOT=dotenv (own.env:1:5)
    EDOT=extra-dotenv (extra.env:1:6)
    MENV=module-env (.cast/modules/m/castfile:2:13)
    CENV=config-env (castfile:2:37)
    ENV=env (castfile:4:12)
    HANDED=handed (/tmp/handed:1:8)
    TDOT=task-dotenv (t.env:1:6)
    TENV=task-env (castfile:6:44)
    CLI=command-line (CommandLine)
    "
    );
}

#[test]
fn facts_about_machine_and_project() {
    let mut world = world("imports: [m]\ntasks: {t: x}\n")
        .process("OS", "wrong")
        .context("prod");
    world.host.sudo_user_home = Some("/home/sudo".to_owned());
    world.host.executable = Some("/usr/bin/cast".to_owned());
    insta::assert_snapshot!(
        shown(
            &world.base(),
            &[
                "OS", "ARCH", "WINDOWS", "LINUX", "DARWIN", "NUM_CPU", "HOME", "CWD", "IS_ADMIN",
                "SUDO_USER_HOME", "CAST_XDG_DATA_HOME", "CAST_XDG_CONFIG_HOME",
                "CAST_XDG_CACHE_HOME", "CAST_XDG_BIN_HOME", "CAST_FILE", "CAST_DIR",
                "CAST_PARENT_FILE", "CAST_PARENT_DIR", "CAST_CONTEXT", "CAST_MODULE_NAME", "PATH",
            ]
        ),
        @r"
    OS=linux
    ARCH=amd64
    WINDOWS=false
    LINUX=true
    DARWIN=false
    NUM_CPU=4
    HOME=/home/me
    CWD=/lab/here
    IS_ADMIN=false
    SUDO_USER_HOME=/home/sudo
    CAST_XDG_DATA_HOME=/home/me/.local/share/cast
    CAST_XDG_CONFIG_HOME=/home/me/.config/cast
    CAST_XDG_CACHE_HOME=/home/me/.cache/cast
    CAST_XDG_BIN_HOME=/home/me/.local/bin
    CAST_FILE=/lab/castfile
    CAST_DIR=/lab
    CAST_PARENT_FILE=/lab/castfile
    CAST_PARENT_DIR=/lab
    CAST_CONTEXT=prod
    CAST_MODULE_NAME
    PATH=./node_modules/.bin:./bin:/usr/bin
    "
    );
    assert_eq!(world.base().var("OS").unwrap().origin, Origin::Builtin);
    assert_eq!(
        world.base().var("CAST_CONTEXT").unwrap().origin,
        Origin::Builtin
    );
}

#[test]
fn the_home_directory_is_there_on_windows_too() {
    let mut world = World::new(lab([("castfile", "env: {D: '$HOME/x'}\n")])).os("windows");
    world.process = castfile::Env::from_iter([("USERPROFILE", "C:/Users/me")]);
    assert_eq!(
        shown(&world.base(), &["D", "WINDOWS"]),
        "D=C:/Users/me/x\nWINDOWS=true\n"
    );
}

#[test]
fn a_task_of_a_module_sees_its_module() {
    let world = world("imports: [m]\ntasks: {t: x}\n");
    insta::assert_snapshot!(
        shown(
            &world.task("mtask"),
            &[
                "CAST_FILE", "CAST_DIR", "CAST_PARENT_FILE", "CAST_PARENT_DIR", "CAST_MODULE_FILE",
                "CAST_MODULE_DIR", "CAST_MODULE_ID", "CAST_MODULE_NAME", "CAST_MODULE_VERSION",
                "CAST_MODULE_DESCRIPTION",
            ]
        ),
        @r"
    CAST_FILE=/lab/.cast/modules/m/castfile
    CAST_DIR=/lab/.cast/modules/m
    CAST_PARENT_FILE=/lab/castfile
    CAST_PARENT_DIR=/lab
    CAST_MODULE_FILE=/lab/.cast/modules/m/castfile
    CAST_MODULE_DIR=/lab/.cast/modules/m
    CAST_MODULE_ID=mid
    CAST_MODULE_NAME=mname
    CAST_MODULE_VERSION=1.2
    CAST_MODULE_DESCRIPTION=mdesc
    "
    );
    assert_eq!(
        shown(&world.task("t"), &["CAST_FILE", "CAST_MODULE_FILE", "M"]),
        "CAST_FILE=/lab/castfile\nCAST_MODULE_FILE\nM=module\n"
    );
}

#[test]
fn values_are_expanded_against_what_is_set_so_far() {
    let world = world(
        "env:\n  X: a$Y\n  Y: b\n  Z: ${X}${Y}\n  H: ~/$HOME\n  D: '${MISSING:-${Y}-d}'\n  N: $$5\n  P: $PATH\n",
    );
    assert_eq!(
        shown(&world.base(), &["X", "Y", "Z", "H", "D", "N"]),
        "X=a\nY=b\nZ=ab\nH=~//home/me\nD=b-d\nN=$5\n"
    );
}

#[test]
fn a_module_sets_before_the_project() {
    // What makes `MNT_DIR: ${MNT_DIR:-…}` of a service honour the shell and the module.
    let files = |module: &str| {
        World::new(lab([
            (
                "castfile",
                "imports: [m]\nenv: {SERVICE: web, MNT_DIR: '${MNT_DIR:-../.mnt}'}\n",
            ),
            (".cast/modules/m/castfile", module),
        ]))
    };
    let names = ["MNT_DIR", "PROJECT"];
    let quiet = files("env: {PROJECT: 'p-$SERVICE'}\n");
    assert_eq!(
        shown(&quiet.base(), &names),
        "MNT_DIR=../.mnt\nPROJECT=p-\n"
    );
    let shell = quiet.process("MNT_DIR", "/mnt");
    assert_eq!(shown(&shell.base(), &names), "MNT_DIR=/mnt\nPROJECT=p-\n");
    let loud = files("env: {MNT_DIR: /srv}\n").process("MNT_DIR", "/mnt");
    assert_eq!(shown(&loud.base(), &["MNT_DIR"]), "MNT_DIR=/srv\n");
}

#[test]
fn settings_under_config_are_one_layer_below() {
    let world = world(
        "config: {env: {A: config, B: '${A}2'}, dotenv: one.env}\ndotenv: two.env\nenv: {A: own}\n",
    );
    assert_eq!(
        shown(&world.base(), &["A", "B", "C"]),
        "A=own\nB=config2\nC=c\n"
    );
    // Those of a module count for nothing, as in the original.
    let world = World::new(lab([
        ("castfile", "imports: [m]\n"),
        (
            ".cast/modules/m/castfile",
            "config: {env: {A: 1}, dotenv: missing.env}\n",
        ),
    ]));
    assert_eq!(shown(&world.base(), &["A"]), "A\n");
}

#[test]
fn dotenv_files_are_merged_and_then_expanded_once() {
    let world = world("dotenv: [one.env, two.env]\n");
    // B of the first file sees A of the second.
    insta::assert_snapshot!(explained(&world.base(), &["A", "B", "C"]), @r"
    A=two (two.env:1:3)
    B=two! (one.env:2:3)
    C=c (two.env:2:3)
    ");
}

#[test]
fn dotenv_follows_the_context() {
    let castfile = "dotenv:\n  - plain\n  - {path: prod, contexts: [prod]}\n  - {path: both, contexts: [prod, test]}\n  - {path: any, contexts: ['*']}\n";
    let world = || {
        World::new(lab([
            ("castfile", castfile),
            ("plain", "PLAIN=1"),
            ("prod", "PROD=1"),
            ("both", "BOTH=1"),
            ("any", "ANY=1"),
        ]))
    };
    for (context, loaded) in [
        ("default", "PLAIN ANY"),
        ("", "PLAIN ANY"),
        ("*", "PLAIN ANY"),
        ("prod", "PROD BOTH ANY"),
        ("test", "BOTH ANY"),
        ("dev", "ANY"),
    ] {
        let env = world().context(context).base();
        let set: Vec<_> = ["PLAIN", "PROD", "BOTH", "ANY"]
            .into_iter()
            .filter(|n| env.get(n).is_some())
            .collect();
        assert_eq!(set.join(" "), loaded, "{context:?}");
    }
}

#[test]
fn dotenv_follows_the_operating_system() {
    let castfile =
        "dotenv:\n  - {path: l, os: linux}\n  - {path: d, os: darwin}\n  - {path: a, os: '*'}\n";
    let files = lab([
        ("castfile", castfile),
        ("l", "L=1"),
        ("d", "D=1"),
        ("a", "A=1"),
    ]);
    let world = |os| World::new(files.clone()).os(os);
    assert_eq!(
        shown(&world("linux").base(), &["L", "D", "A"]),
        "L=1\nD\nA=1\n"
    );
    assert_eq!(
        shown(&world("darwin").base(), &["L", "D", "A"]),
        "L\nD=1\nA=1\n"
    );
    assert_eq!(
        shown(&world("windows").base(), &["L", "D", "A"]),
        "L\nD\nA=1\n"
    );
}

#[test]
fn dotenv_paths_are_expanded_and_relative_to_their_file() {
    let world = World::new(lab([
        (
            "castfile",
            "imports: [m]\ndotenv: ['$WHICH.env', ~/me.env, /etc/lab.env]\n",
        ),
        (".cast/modules/m/castfile", "dotenv: ./m.env\n"),
        (".cast/modules/m/m.env", "M=1"),
        ("one.env", "ONE=1"),
        ("/home/me/me.env", "ME=1"),
        ("/etc/lab.env", "ETC=1"),
    ]))
    .process("WHICH", "one");
    assert_eq!(
        shown(&world.base(), &["M", "ONE", "ME", "ETC"]),
        "M=1\nONE=1\nME=1\nETC=1\n"
    );
}

#[test]
fn a_file_marked_optional_may_be_missing() {
    // The original knows the mark behind the path only.
    let world =
        world("dotenv: ['?a', 'b?', {path: '?c'}]\ntasks: {t: {run: x, dotenv: ['?d', 'e?']}}\n");
    world.task("t");
    let missing = self::world(
        "dotenv:\n  - a.env\n  - {path: b.env}\ntasks: {t: {run: x, dotenv: [c.env]}}\n",
    );
    insta::assert_snapshot!(report(&missing.try_base().unwrap_err()), @r"
    error[castfile::missing-dotenv]: the dotenv file `/lab/a.env` is not there
      --> castfile:2:5
      help: create it, or write `a.env?` if it may be missing
    error[castfile::missing-dotenv]: the dotenv file `/lab/b.env` is not there
      --> castfile:3:12
      help: create it, or write `b.env?` if it may be missing
    ");
    let missing = self::world("tasks: {t: {run: x, dotenv: [c.env]}}\n");
    insta::assert_snapshot!(report(&missing.try_task("t").unwrap_err()), @r"
    error[castfile::missing-dotenv]: the dotenv file `/lab/c.env` is not there
      --> castfile:1:30
      help: create it, or write `c.env?` if it may be missing
    ");
    let missing = self::world("").dotenv("/lab/nope.env");
    insta::assert_snapshot!(report(&missing.try_base().unwrap_err()), @r"
    error[castfile::missing-dotenv]: the dotenv file `/lab/nope.env` is not there
      help: it was named on the command line with `-E`
    ");
}

#[test]
fn missing_files_are_found_without_reading_any() {
    let world = world(
        "dotenv: [one.env, gone.env, '?maybe.env', '$WHICH.env', {path: p, contexts: prod}]\n",
    );
    let missing = |world: &World| {
        world.with("castfile", |project, session| {
            match project.require_dotenv(session) {
                Ok(()) => String::new(),
                Err(error) => report(&error),
            }
        })
    };
    insta::assert_snapshot!(missing(&world), @r"
    error[castfile::missing-dotenv]: the dotenv file `/lab/gone.env` is not there
      --> castfile:1:19
      help: create it, or write `gone.env?` if it may be missing
    ");
    insta::assert_snapshot!(missing(&world.context("prod")), @r"
    error[castfile::missing-dotenv]: the dotenv file `/lab/p` is not there
      --> castfile:1:64
      help: create it, or write `p?` if it may be missing
    ");
}

#[test]
fn a_dotenv_file_that_is_malformed() {
    let world = World::new(lab([
        (
            "castfile",
            "dotenv: [bad.env, dir]\nenv: {A: '${X', B: ok}\n",
        ),
        ("bad.env", "A=1\n=x\nB='open\n"),
        ("dir/x", ""),
    ]));
    insta::assert_snapshot!(report(&world.try_base().unwrap_err()), @r"
    error[castfile::dotenv]: expected a variable name, found `=`
      --> bad.env:2:1
    error[castfile::dotenv]: no closing `'` for the value of `B`
      --> bad.env:3:3
    error[castfile::unreadable]: cannot read the dotenv file `/lab/dir`: it is a directory
      --> castfile:1:19
    error[castfile::expansion]: no closing `}` for `${`
      --> castfile:2:11
      help: a literal `$` is written `$$`
    ");
    let mut files = lab([("castfile", "dotenv: bad.env\n")]);
    files.insert("/lab/bad.env", b"A=\xff\n".as_slice());
    insta::assert_snapshot!(report(&World::new(files).try_base().unwrap_err()), @r"
    error[yaml::not-utf8]: the file is not UTF-8 text
      --> bad.env:1:3: byte 0xff at offset 2
      help: save the file as UTF-8
    ");
}

#[test]
fn the_search_path() {
    let world = World::new(lab([
        ("castfile", "imports: [m]\npaths: [./own, {path: ~/last, append: true}, {darwin: ./mac, linux: ./lin}, '$TOOLS/x']\n"),
        (".cast/modules/m/castfile", "paths: [./tools]\n"),
        ("/tmp/path", "# handed on\n/handed/one\n\n/handed/two\n"),
    ]))
    .process("TOOLS", "/opt")
    .process("CAST_PATH", "/tmp/path");
    assert_eq!(
        world.base().get("PATH").unwrap(),
        "/handed/two:/handed/one:./node_modules/.bin:./bin:/opt/x:/lab/lin:/lab/own:/lab/.cast/modules/m/tools:/usr/bin:/home/me/last"
    );
    let windows =
        World::new(lab([("castfile", "paths: [{windows: /w}, {linux: /l}]\n")])).os("windows");
    assert_eq!(
        windows.base().get("PATH").unwrap(),
        "./node_modules/.bin;./bin;/w;/usr/bin"
    );
    let mut empty = World::new(lab([("castfile", "paths: [/x]\n")]));
    empty.process = castfile::Env::new();
    assert_eq!(
        empty.base().get("PATH").unwrap(),
        "./node_modules/.bin:./bin:/x"
    );
}

#[test]
fn variables_of_the_command_line_come_last() {
    let world = world("dotenv: one.env\nenv: {A: own, D: '$CLI-$A'}\ntasks: {t: {run: x, env: {A: task, E: '$A'}}}\n")
        .var("A", "cli")
        .var("CLI", "cli $HOME");
    // They are taken as they are, and a task's own values are overridden again.
    assert_eq!(
        shown(&world.task("t"), &["A", "CLI", "D", "E"]),
        "A=cli\nCLI=cli $HOME\nD=-own\nE=task\n"
    );
    assert_eq!(
        world.task("t").var("A").unwrap().origin,
        Origin::CommandLine
    );
}

#[test]
fn dotenv_files_of_the_command_line_come_after_the_castfiles() {
    let world = world("dotenv: one.env\nenv: {C: own}\n").dotenv("/lab/two.env");
    assert_eq!(
        shown(&world.base(), &["A", "B", "C"]),
        "A=two\nB=two!\nC=own\n"
    );
}

#[test]
fn what_an_outer_run_hands_on() {
    let mut files = lab([("castfile", "env: {A: own, B: own}\n")]);
    files.insert("/tmp/env", "A=handed $B\n");
    let world = World::new(files)
        .process("CAST_ENV", "/tmp/env")
        .process("CAST_PATH", "/tmp/none");
    assert_eq!(shown(&world.base(), &["A", "B"]), "A=handed own\nB=own\n");
}

#[test]
fn commands_run_unless_they_are_switched_off() {
    let castfile = |config: &str| {
        World::new(lab([(
            "castfile",
            &format!(
                "{config}env: {{A: '$(date -u)'}}\ntasks: {{t: {{run: x, env: {{B: '$(id) $A'}}}}}}\n"
            ),
        )]))
    };
    assert_eq!(
        shown(&castfile("").task("t"), &["A", "B"]),
        "A=<date -u>\nB=<id> <date -u>\n"
    );
    // The original obeys this for the first only.
    let off = castfile("config: {substitution: false}\n");
    assert_eq!(
        shown(&off.task("t"), &["A", "B"]),
        "A=$(date -u)\nB=$(id) $(date -u)\n"
    );
}

#[test]
fn all_values_that_fail_are_reported_together() {
    let world = World::new(lab([(
        "castfile",
        "env:\n  A: ${DB_PASSWORD:?set the password}\n  B: $5\n  C: $(false)\n  D: ${A-x}\n  E: \"${X:?}\"\n  F: fine\n",
    )]));
    insta::assert_snapshot!(report(&world.try_base().unwrap_err()), @r"
    error[castfile::required-variable]: set the password
      --> castfile:2:6: `DB_PASSWORD` is not set or empty
      help: set `DB_PASSWORD`
    error[castfile::expansion]: `$5` is not supported here
      --> castfile:3:6
      help: a literal `$` is written `$$`: `$$5`
    error[castfile::substitution]: command `false` failed: exit status 1
      --> castfile:4:6
    error[castfile::expansion]: `${A-x}` is not supported here
      --> castfile:5:6
      help: write `${A:-…}`; it also applies when `A` is empty
    error[castfile::required-variable]: variable `X` is required, but unset or empty
      --> castfile:6:7: `X` is not set or empty
      help: set `X`
    ");
}

#[test]
fn an_assigned_default_stays() {
    let world = world("env: {A: '${NEW:=value}', B: $NEW}\n");
    let env = world.base();
    assert_eq!(
        shown(&env, &["A", "B", "NEW"]),
        "A=value\nB=value\nNEW=value\n"
    );
    assert_eq!(env.var("NEW").unwrap().origin, Origin::Assigned);
}

#[test]
fn nothing_of_the_process_is_read_but_what_is_passed_in() {
    let mut world = World::new(lab([("castfile", "env: {A: '$USER'}\n")]));
    world.process = castfile::Env::new();
    assert_eq!(shown(&world.base(), &["A", "HOME"]), "A=\nHOME\n");
}
