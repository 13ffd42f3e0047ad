//! `cast` and `kpv` together: calls in castfiles, and the vaults of the example.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{Outcome, Sandbox, cast_exe, kpv_exe, oracle, repository, run};

const PASSWORD: &str = "master";

/// A directory `bin` with links to both programs, in front of `PATH`, and a vault `default`.
fn lab() -> Sandbox {
    let mut sandbox = programs();
    sandbox.set("KPV_PASSWORD", PASSWORD);
    init(&sandbox, &[]);
    sandbox
}

fn programs() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let bin = sandbox.path().parent().unwrap().join("bin");
    fs_err::create_dir(&bin).unwrap();
    fs_err::os::unix::fs::symlink(cast_exe(), bin.join("cast")).unwrap();
    fs_err::os::unix::fs::symlink(kpv_exe(), bin.join("kpv")).unwrap();
    sandbox.prepend_path(&bin);
    sandbox
}

fn init(sandbox: &Sandbox, args: &[&str]) {
    let cheap = ["init", "--kdf-memory", "1", "--kdf-iterations", "1"];
    sandbox.run("kpv", [args, &cheap].concat()).success();
}

fn cast(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run("cast", args)
}

/// A file that gives the master password, and how often it was read: once for each opening.
fn counted(sandbox: &mut Sandbox) -> Arc<AtomicUsize> {
    let fifo = sandbox.path().join("password");
    sandbox.run("mkfifo", [&fifo]).success();
    sandbox.set("KPV_PASSWORD_FILE", fifo.as_str());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    // waits for a reader that does not come when the test is over
    std::thread::spawn(move || {
        while let Ok(mut file) = fs_err::OpenOptions::new().write(true).open(&fifo) {
            counter.fetch_add(1, Ordering::SeqCst);
            file.write_all(PASSWORD.as_bytes()).ok();
            drop(file);
            // the reader has to be gone before the next one can be told from it
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    });
    count
}

const CASTFILE: &str = "\
dotenv: [.env]
tasks:
  one: printf '%s|' \"$A\" \"$B\" \"$C\" \"$NONE\"
  two: {needs: [one], env: {D: \"$(kpv get a)\"}, run: printf '%s|' \"$D\"}
";

const DOTENV: &str = "\
A=$(kpv secrets ensure --key a --size 24 -S)
B=\"<$(kpv get a)>\"
C=$(kpv ensure --key c --special '!@#%^*')
NONE=\"$(kpv secrets ensure --key none --size 0 2>/dev/null || echo '')\"
";

#[test]
fn a_run_opens_the_vault_once() {
    let mut sandbox = lab();
    sandbox.file(".env", DOTENV);
    sandbox.file("castfile", CASTFILE);
    sandbox.unset("KPV_PASSWORD");
    let count = counted(&mut sandbox);
    let ran = cast(&sandbox, &["two"]).success();
    let values: Vec<&str> = ran.stdout.split('|').collect();
    assert_eq!(values[0].len(), 24);
    assert_eq!(values[1], format!("<{}>", values[0]));
    assert_eq!((values[2].len(), values[3], values[4]), (16, "", values[0]));
    assert_eq!(count.load(Ordering::SeqCst), 1, "key derivations");

    // what only looks opens nothing
    for args in [
        &["explain", "two"][..],
        &["two", "--dry-run"],
        &["list"],
        &["check"],
    ] {
        let shown = cast(&sandbox, args);
        let all = shown.stdout + &shown.stderr;
        assert!(
            !all.contains(values[0]) && !all.contains(values[2]),
            "{args:?}: {all}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 1, "key derivations");
    let shown = cast(&sandbox, &["exec", "printenv", "A"]).success();
    assert_eq!(shown.stdout, format!("{}\n", values[0]));
    assert_eq!(count.load(Ordering::SeqCst), 2, "key derivations");
}

#[test]
fn errors_are_those_of_kpv_without_a_value() {
    let sandbox = lab();
    sandbox.file(
        "castfile",
        "env: {A: \"$(kpv ensure a)\", B: \"$(kpv get nope)\"}\ntasks: {t: echo ran}\n",
    );
    let ran = cast(&sandbox, &["t"]).expect_code(1);
    assert!(ran.stderr.contains("no secret `nope`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("castfile:1:"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("ran"));
    let value = sandbox.run("kpv", ["get", "a"]).success().stdout;
    assert!(!ran.stderr.contains(value.trim_end()), "{}", ran.stderr);
}

#[test]
fn answers_are_masked_where_output_passes_through() {
    let sandbox = lab();
    sandbox.file(
        "castfile",
        "env: {A: \"$(kpv ensure a)\"}\ntasks:\n  x: echo \"A is $A\"\n  y: echo y\n",
    );
    let value = sandbox.run("kpv", ["ensure", "a"]).success().stdout;
    let ran = cast(&sandbox, &["-j", "2", "x", "y"]).success();
    assert!(!ran.stdout.contains(value.trim_end()), "{}", ran.stdout);
    assert!(ran.stdout.contains("A is ***"), "{}", ran.stdout);
}

#[test]
fn another_program_of_the_name_is_run() {
    let mut sandbox = lab();
    sandbox.file(
        "castfile",
        "env: {A: \"$(kpv get a)\"}\ntasks: {t: echo \"$A\"}\n",
    );
    let other = sandbox.file("other/kpv", "#!/bin/sh\necho \"other $*\"\n");
    sandbox.run("chmod", ["755", other.as_str()]).success();
    let cast = sandbox.path().parent().unwrap().join("bin/cast");
    sandbox.prepend_path(other.parent().unwrap());
    assert_eq!(sandbox.run(&cast, ["t"]).success().stdout, "other get a\n");
}

#[test]
fn without_a_program_the_one_inside_answers() {
    let mut sandbox = lab();
    sandbox.file(
        "castfile",
        "env: {A: \"$(kpv ensure a)\"}\ntasks: {t: 'echo \"$A\"'}\n",
    );
    let value = sandbox.run("kpv", ["ensure", "a"]).success().stdout;
    sandbox.set("PATH", "/usr/bin:/bin");
    assert_eq!(sandbox.run(cast_exe(), ["t"]).success().stdout, value);
}

/// What the example's page tells people to type.
#[test]
fn the_example_makes_and_loads_its_vault() {
    let Some(bash) = oracle("bash") else { return };
    let sandbox = programs();
    let root = sandbox.copy_tree(&repository().join("examples/homelab"), "homelab");
    let at = |program: &Utf8Path, args: &[&str]| {
        run(sandbox.command(program).args(args).current_dir(&root))
    };
    let cast = Utf8PathBuf::from("cast");
    let kpv = Utf8PathBuf::from("kpv");
    // the same vault at the least cost; the task makes the secrets in it
    init(&sandbox, &["--vault", "prod"]);
    at(&cast, &["@eng", "init-prod"]).success();
    let vault = sandbox
        .path()
        .parent()
        .unwrap()
        .join("home/.local/share/kpv/prod.kdbx");
    assert!(vault.exists());
    let get = |key: &str| {
        at(&kpv, &["--vault", "prod", "get", "-n", key])
            .success()
            .stdout
    };
    let (postgres, redis) = (get("postgres-password"), get("redis-password"));
    assert_eq!((postgres.len(), redis.len()), (32, 32));
    // again: nothing changes
    let before = fs_err::read(&vault).unwrap();
    at(&cast, &["@eng", "init-prod"]).success();
    assert_eq!(fs_err::read(&vault).unwrap(), before);

    for eval in [
        "eval \"$(cast @eng load-prod)\"",
        "eval $(cast @eng load-prod)",
    ] {
        let script = format!(
            "{eval}; printf '%s|' \"$HOMELAB_ENV\" \"$POSTGRES_PASSWORD\" \"$REDIS_PASSWORD\""
        );
        let loaded = at(&bash, &["-c", &script]).success();
        assert_eq!(loaded.stdout, format!("prod|{postgres}|{redis}|"), "{eval}");
    }
    let check = [
        "--vault",
        "prod",
        "check",
        "--no-unused",
        "compose/postgres/prod",
        "compose/redis/prod",
    ];
    at(&kpv, &check).success();
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(
        !files.iter().any(|file| file.extension() == Some("kdbx")),
        "a vault in the repository"
    );
}

/// The task `init` on a machine where nothing is there yet, at the usual cost.
#[test]
fn the_example_makes_a_vault_from_nothing() {
    let sandbox = programs();
    let root = sandbox.copy_tree(&repository().join("examples/homelab"), "homelab");
    let ran = run(sandbox
        .command("cast")
        .args(["@eng", "init-test"])
        .current_dir(&root))
    .success();
    assert_eq!(ran.stdout, "", "no password is printed");
    let data = sandbox
        .path()
        .parent()
        .unwrap()
        .join("home/.local/share/kpv");
    assert!(data.join("test.kdbx").exists() && data.join("test.key").exists());
    let doctor = run(sandbox.command("kpv").args(["--vault", "test", "doctor"]));
    assert_eq!(doctor.success().stdout, "", "nothing is wrong with it");
}

fn collect(dir: &Utf8Path, files: &mut Vec<Utf8PathBuf>) {
    for entry in dir.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            collect(entry.path(), files);
        } else {
            files.push(entry.path().to_owned());
        }
    }
}
