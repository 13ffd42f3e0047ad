//! Repositories as people have them: the seed's shape, and the published lab's mistakes.

use camino::{Utf8Path, Utf8PathBuf};

use crate::support::{Test, program};

/// The root castfile of the published lab: the original cannot load it (`modules` as a mapping is
/// an error, `includes` and `config.env` are ignored, here-documents fail).
fn published() -> Test {
    Test::new()
        .castfile(
            "
            name: lab
            imports:
              - docker
            modules:
              compose:
                path: ./compose
              eng:
                path: ./eng
            includes:
              - extra/castfile
            config:
              context: default
              dotenv:
                - .env
              env:
                LAB_ROOT: ${CAST_DIR}
            env:
              MNT_DIR: ${MNT_DIR:-./.mnt}
            tasks:
              hello:
                uses: shell
                run: |
                  cat << EOF
                  domain: ${DOMAIN}
                  root: ${LAB_ROOT}
                  EOF
                  if [ -n \"$DOMAIN\" ]; then
                    echo set 2>/dev/null || true
                  fi
            ",
        )
        .file(".env", "DOMAIN=lab.test\n")
        .file(
            ".cast/modules/docker/castfile",
            "
            tasks:
              up:
                hooks: true
                run: echo compose up in $PWD with ${CAST_CONTEXT}
              up:prod: {hooks: true, run: echo compose up prod}
              down: echo compose down
            ",
        )
        .file(
            "compose/castfile",
            "modules:\n  setup: {path: ./setup}\n  web: {path: ./web}\n",
        )
        .file("compose/setup/castfile", "tasks: {up: echo networks}")
        .file(
            "compose/web/castfile",
            "
            imports: [docker]
            env: {SERVICE: web}
            tasks:
              up:before: echo mkdir for $SERVICE
            ",
        )
        .file(
            "eng/castfile",
            "tasks: {script: echo script, load-prod: \"echo 'export A=1'\"}",
        )
        .file("extra/castfile", "tasks: {x: echo extra}")
}

#[test]
fn w32_the_published_lab_loads_and_runs() {
    published()
        .args(["hello"])
        .stdout("domain: lab.test\nroot: [DIR]\nset\n")
        .run();
    for (args, out) in [
        (&["@compose", "@setup", "up"][..], "networks\n"),
        (
            &["@compose", "@web", "up"],
            "mkdir for web\ncompose up in [DIR]/compose/web with default\n",
        ),
        (&["@compose", "@web", "up:prod"], "compose up prod\n"),
        (
            &["@compose", "@web", "up", "-c", "prod"],
            "compose up prod\n",
        ),
        (&["@eng", "script", "load-prod"], "script\nexport A=1\n"),
        (&["@extra", "x"], "extra\n"),
        (&["up"], "compose up in [DIR] with default\n"),
    ] {
        published().args(args.iter().copied()).stdout(out).run();
    }
    published()
        .args(["list"])
        .stdout(
            "
            hello

            docker (.cast/modules/docker/castfile)
            up
            up:prod
            down
            ",
        )
        .run();
    let ran = published().args(["check"]).output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    assert!(
        ran.stderr.contains("checked 6 castfiles: 0 errors"),
        "{}",
        ran.all()
    );
}

#[test]
fn a_hook_without_hooks_is_pointed_out_by_check() {
    let ran = Test::new()
        .castfile("tasks: {up: echo up, 'up:before': echo before}")
        .args(["check"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    warning[castfile::unused-hook]: `up:before` never runs: `up` has no hooks
     --> castfile:1:22
      |
    1 | tasks: {up: echo up, 'up:before': echo before}
      |         --           ^^^^^^^^^^^
      |         |
      |         this task needs `hooks: true`

    checked 1 castfile: 0 errors, 1 warning
    ---- status 0
    "#);
}

#[test]
fn a_format_of_another_tool_stays_as_it_is() {
    Test::new()
        .castfile("tasks: {ps: 'printf \"%s\\n\" \"table {{.Names}}\\t{{.Status}}\"'}")
        .args(["ps"])
        .stdout("table {{.Names}}\\t{{.Status}}\n")
        .run();
}

#[test]
fn an_unquoted_value_is_split_as_in_any_shell() {
    let ran = Test::new()
        .castfile("env: {MNT_DIR: ./mnt}\ntasks: {t: 'mkdir -p ${MNT_DIR}/etc/x'}")
        .args(["t"])
        .run();
    assert!(ran.exists("mnt/etc/x"));
}

#[test]
fn an_inner_cast_is_a_run_of_its_own() {
    published()
        .file("castfile", "modules: {compose: ./compose}\ntasks: {all: \"cast @compose @setup up\\ncast @compose @web up\"}")
        .args(["all"])
        .stdout("networks\nmkdir for web\ncompose up in [DIR]/compose/web with default\n")
        .run();
}

/// The hook and compose must mean one directory by `MNT_DIR`. In the published lab compose resolves
/// `../../.mnt` from `<service>/default/` and the hook from `<service>/`, so that 24 hooks make
/// directories that nobody mounts.
#[test]
fn w5_the_hook_makes_the_directory_that_compose_mounts() {
    let example = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/homelab");
    let mut test = Test::new();
    for file in [
        ".cast/modules/docker/castfile",
        ".cast/modules/docker/compose.sh",
        "compose/postgres/castfile",
        "compose/postgres/base.yaml",
        "compose/postgres/default/compose.yaml",
        "compose/postgres/default/.env",
    ] {
        test = test.bytes(file, &fs_err::read(example.join(file)).unwrap());
    }
    let Some(compose) = compose() else { return };
    // Instead of starting containers: what would be mounted.
    let docker = format!(
        "#!/bin/sh\n\
         [ \"$2\" = version ] && exit\n\
         shift\n\
         # Everything before `up` as it came.\n\
         for word do\n\
         shift\n\
         case $stop$word in up | stop*) stop=stop ;; *) set -- \"$@\" \"$word\" ;; esac\n\
         done\n\
         exec '{compose}' \"$@\" config --format json\n"
    );
    let ran = test
        .exe("compose/postgres/bin/docker", &docker)
        .env("POSTGRES_PASSWORD", "only-for-this-test")
        .cwd("compose/postgres")
        .args(["up"])
        .output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    let config: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let mounted = config["services"]["postgres"]["volumes"][0]["source"]
        .as_str()
        .unwrap();
    assert_eq!(mounted, "[DIR]/.mnt/data/postgres");
    assert!(ran.exists(".mnt/data/postgres"), "{}", ran.all());
}

/// The real Docker Compose, second generation or later; says so if it is not there.
fn compose() -> Option<Utf8PathBuf> {
    let home = std::env::var("HOME").unwrap_or_default();
    let kept = Utf8PathBuf::from(home).join(".cache/homelab-oracles/venv/bin/docker-compose");
    if kept.is_file() {
        return Some(kept);
    }
    let found = program("docker-compose")?;
    let output = std::process::Command::new(&found)
        .args(["version", "--short"])
        .output()
        .ok()?;
    let version = String::from_utf8_lossy(&output.stdout)
        .trim()
        .trim_start_matches('v')
        .to_owned();
    let first_generation = version.starts_with("1.");
    let required = std::env::var("REQUIRE_ORACLES").is_ok_and(|value| value == "1");
    assert!(
        !(first_generation && required),
        "REQUIRE_ORACLES=1, but docker-compose is {version}"
    );
    (!first_generation).then_some(found)
}
