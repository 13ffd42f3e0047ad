//! The binaries of this build.

use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

/// The root of the repository.
///
/// # Panics
///
/// Never in a checkout: this package lies one level below the root.
#[must_use]
pub fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is a directory of the repository")
}

/// The `cast` binary which belongs to the running test: same target directory, same profile.
///
/// Cargo hands binaries only to the tests of their own package, so it is looked for beside the test
/// executable, and built when it is missing or older than a source file.
///
/// # Panics
///
/// When it cannot be built.
#[must_use]
pub fn cast_exe() -> &'static Utf8Path {
    static EXE: OnceLock<Utf8PathBuf> = OnceLock::new();
    EXE.get_or_init(|| exe("cast"))
}

/// The `kpv` binary which belongs to the running test, as [`cast_exe`].
///
/// # Panics
///
/// When it cannot be built.
#[must_use]
pub fn kpv_exe() -> &'static Utf8Path {
    static EXE: OnceLock<Utf8PathBuf> = OnceLock::new();
    EXE.get_or_init(|| exe("kpv"))
}

/// The `labbackup` binary which belongs to the running test, as [`cast_exe`].
///
/// # Panics
///
/// When it cannot be built.
#[must_use]
pub fn labbackup_exe() -> &'static Utf8Path {
    static EXE: OnceLock<Utf8PathBuf> = OnceLock::new();
    EXE.get_or_init(|| exe("labbackup"))
}

/// The `zonegen` binary which belongs to the running test, as [`cast_exe`].
///
/// # Panics
///
/// When it cannot be built.
#[must_use]
pub fn zonegen_exe() -> &'static Utf8Path {
    static EXE: OnceLock<Utf8PathBuf> = OnceLock::new();
    EXE.get_or_init(|| exe("zonegen"))
}

fn exe(name: &str) -> Utf8PathBuf {
    let test = std::env::current_exe().expect("the path of the running test is known");
    let test = Utf8PathBuf::from_path_buf(test).expect("the target directory is UTF-8");
    // <target>/<profile>/deps/<test>
    let profile = test
        .ancestors()
        .nth(2)
        .expect("tests lie in <target>/<profile>/deps");
    let exe = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if is_outdated(&exe) {
        build(name, profile);
    }
    exe
}

fn build(package: &str, profile: &Utf8Path) {
    let name = match profile.file_name() {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let target = profile
        .parent()
        .expect("a profile's directory lies in the target directory");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            package,
            "--bin",
            package,
            "--profile",
            name,
        ])
        .args(["--target-dir", target.as_str()])
        .current_dir(repository())
        .status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "`{package}` could not be built: {status:?}"
    );
}

fn is_outdated(exe: &Utf8Path) -> bool {
    let Ok(built) = fs_err::metadata(exe).and_then(|data| data.modified()) else {
        return true;
    };
    let root = repository();
    newer(&root.join("Cargo.lock"), built)
        || newer(&root.join("crates"), built)
        || newer(&root.join("bins"), built)
}

/// Whether a Rust source or a manifest at or below `path` changed after `time`.
fn newer(path: &Utf8Path, time: SystemTime) -> bool {
    if let Ok(entries) = path.read_dir_utf8() {
        return entries
            .flatten()
            .filter(|entry| entry.file_name() != "tests")
            .any(|entry| newer(entry.path(), time));
    }
    matches!(path.extension(), Some("rs" | "toml" | "lock"))
        && fs_err::metadata(path)
            .and_then(|data| data.modified())
            .is_ok_and(|changed| changed > time)
}
