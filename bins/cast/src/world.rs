//! The world outside, read once at the start and handed on as values.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{Env, Host};

/// The process as the commands see it.
#[derive(Clone, Debug)]
pub struct World {
    /// Environment variables.
    pub env: Env,
    /// Variables that are not UTF-8: for child processes only.
    pub raw_vars: Vec<(OsString, OsString)>,
    /// The current directory, absolute.
    pub dir: Utf8PathBuf,
    /// Facts about the machine.
    pub host: Host,
}

impl World {
    /// Reads the real world.
    ///
    /// # Errors
    /// A message if the current directory is gone or its name is not UTF-8.
    pub fn read() -> Result<Self, String> {
        let dir = common::current_dir()?;
        let env: Env = common::environment().into_iter().collect();
        // The path as the user sees it, with its links, if it is the same directory.
        let dir = match env.get("PWD").map(Utf8Path::new) {
            Some(shown) if shown.is_absolute() && same_dir(shown, &dir) => shown.to_owned(),
            _ => dir,
        };
        let host = host(&env);
        Ok(Self {
            raw_vars: cast_runner::raw_vars(std::env::vars_os()),
            dir,
            host,
            env,
        })
    }
}

fn same_dir(one: &Utf8Path, other: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (std::fs::metadata(one), std::fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.dev() == other.dev() && one.ino() == other.ino(),
        _ => false,
    }
}

fn host(env: &Env) -> Host {
    let mut host = Host::default();
    host.os = String::from(match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    });
    host.arch = String::from(match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    });
    host.cpus = std::thread::available_parallelism().map_or(1, usize::from);
    host.is_admin = cast_runner::is_root();
    host.sudo_user = env
        .get("SUDO_USER")
        .filter(|user| !user.is_empty())
        .map(str::to_owned);
    host.sudo_user_home = host.sudo_user.as_deref().and_then(cast_runner::home_of);
    host.executable = std::env::current_exe()
        .ok()
        .and_then(|path| Utf8PathBuf::from_path_buf(path).ok())
        .map(Utf8PathBuf::into_string);
    host
}
