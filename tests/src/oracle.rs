//! The real programs.

use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

/// The path of a real program: from `PATH`, the directories for servers, or the virtual environment `.ci/run` keeps.
///
/// `None` means the test cannot run here, and stderr says so.
///
/// # Panics
///
/// When the program is missing and `REQUIRE_ORACLES=1`.
#[must_use]
pub fn oracle(name: &str) -> Option<Utf8PathBuf> {
    let found = candidates(name).into_iter().next();
    if found.is_none() {
        skip(&format!("`{name}` is not installed"));
    }
    found
}

/// The program that a variable of the environment names, for what no package has.
///
/// `None` means that the test cannot run here, and stderr says so; that is no failure whatever
/// `REQUIRE_ORACLES` is.
#[must_use]
pub fn named_oracle(variable: &str) -> Option<Utf8PathBuf> {
    let path = std::env::var(variable).ok().map(Utf8PathBuf::from);
    let found = path.filter(|path| path.is_file());
    if found.is_none() {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        let line = format!("skipped {test}: {variable} names no program\n");
        std::io::stderr().write_all(line.as_bytes()).ok();
    }
    found
}

/// Docker Compose of the second generation or later, as a program of its own (`docker-compose`) or
/// as the plugin of the docker client, which can be called directly as well.
///
/// `None` means the test cannot run here, and stderr says so.
///
/// # Panics
///
/// When it is missing and `REQUIRE_ORACLES=1`.
#[must_use]
pub fn compose_oracle() -> Option<Utf8PathBuf> {
    let mut paths = candidates("docker-compose");
    if let Ok(home) = std::env::var("HOME") {
        paths.push(format!("{home}/.docker/cli-plugins/docker-compose").into());
    }
    for dir in [
        "/usr/local/lib",
        "/usr/local/libexec",
        "/usr/lib",
        "/usr/libexec",
    ] {
        paths.push(format!("{dir}/docker/cli-plugins/docker-compose").into());
    }
    let found = paths.into_iter().find(|path| {
        let output = Command::new(path)
            .args(["version", "--short"])
            .stdin(Stdio::null())
            .output();
        let Ok(output) = output else { return false };
        let version = String::from_utf8_lossy(&output.stdout);
        let major = version.trim().trim_start_matches('v').split('.').next();
        // the first generation reports its version in the same form
        major
            .and_then(|major| major.parse::<u32>().ok())
            .is_some_and(|major| major >= 2)
    });
    if found.is_none() {
        skip("Docker Compose 2 or later is not installed");
    }
    found
}

/// A Python which has a module, such as `pykeepass`.
///
/// `None` means the test cannot run here, and stderr says so.
///
/// # Panics
///
/// When there is none and `REQUIRE_ORACLES=1`.
#[must_use]
pub fn python_oracle(module: &str) -> Option<Utf8PathBuf> {
    let names = ["python", "python3"];
    let mut pythons = names.into_iter().flat_map(candidates);
    let found = pythons.find(|python| {
        let import = format!("import {module}");
        let status = Command::new(python)
            .args(["-c", &import])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        skip(&format!("no Python has the module `{module}`"));
    }
    found
}

/// Says on stderr that the current test is skipped, and why.
///
/// # Panics
///
/// When `REQUIRE_ORACLES=1`: then nothing may be skipped.
#[track_caller]
pub fn skip(why: &str) {
    assert!(
        std::env::var("REQUIRE_ORACLES").as_deref() != Ok("1"),
        "REQUIRE_ORACLES=1, but {why}"
    );
    let thread = std::thread::current();
    let line = format!("skipped {}: {why}\n", thread.name().unwrap_or("a test"));
    // Past the capturing of the test harness, which shows the output of failed tests only. A stderr
    // that is gone is no reason to fail.
    std::io::stderr().write_all(line.as_bytes()).ok();
}

fn candidates(name: &str) -> Vec<Utf8PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut dirs: Vec<Utf8PathBuf> = path
        .split(':')
        .filter(|dir| !dir.is_empty())
        .map(Utf8PathBuf::from)
        .collect();
    // Servers lie where only root looks.
    dirs.extend(["/usr/local/sbin", "/usr/sbin"].map(Utf8PathBuf::from));
    let cache = std::env::var("XDG_CACHE_HOME")
        .ok()
        .filter(|dir| !dir.is_empty())
        .map(Utf8PathBuf::from);
    let home = std::env::var("HOME")
        .ok()
        .map(|home| Utf8PathBuf::from(home).join(".cache"));
    if let Some(cache) = cache.or(home) {
        dirs.push(cache.join("homelab-oracles/venv/bin"));
    }
    dirs.into_iter()
        .map(|dir| dir.join(name))
        .filter(|path| path.is_file())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_every_system_is_found() {
        assert!(oracle("sh").is_some_and(|path| path.is_absolute()));
    }
}
