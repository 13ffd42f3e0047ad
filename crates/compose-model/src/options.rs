//! What a caller chooses about loading a project.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

/// A Compose file named by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileArg {
    /// A file, relative to the current directory.
    Path(Utf8PathBuf),
    /// Text read from standard input.
    Stdin(Vec<u8>),
}

/// How a project is found and which stages of loading it goes through; the defaults are those of
/// `docker compose config` without options.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// The current directory, absolute.
    pub current_dir: Utf8PathBuf,
    /// The process environment. Nothing else of it is read.
    pub env: BTreeMap<String, String>,
    /// `-f`, in order; empty means `COMPOSE_FILE` or the files found by name.
    pub files: Vec<FileArg>,
    /// `--project-directory`.
    pub project_directory: Option<Utf8PathBuf>,
    /// `-p`.
    pub project_name: Option<String>,
    /// `--profile`; if there is any, `COMPOSE_PROFILES` does not count.
    pub profiles: Vec<String>,
    /// `--env-file`; empty means `COMPOSE_ENV_FILES` or the project's `.env`.
    pub env_files: Vec<Utf8PathBuf>,
    /// Services to keep, with what they depend on; empty keeps all.
    pub services: Vec<String>,
    /// Put variables in and turn texts into numbers and booleans.
    pub interpolate: bool,
    /// Make defaults and implied values explicit.
    pub normalize: bool,
    /// Make relative paths absolute.
    pub resolve_paths: bool,
    /// Read the env files of services.
    pub resolve_env: bool,
    /// Check that references and limits fit together.
    pub check_consistency: bool,
}

impl Options {
    /// The defaults, for a caller in `current_dir` (absolute) with the environment `env`.
    pub fn new(current_dir: impl Into<Utf8PathBuf>, env: BTreeMap<String, String>) -> Self {
        Self {
            current_dir: current_dir.into(),
            env,
            files: Vec::new(),
            project_directory: None,
            project_name: None,
            profiles: Vec::new(),
            env_files: Vec::new(),
            services: Vec::new(),
            interpolate: true,
            normalize: true,
            resolve_paths: true,
            resolve_env: true,
            check_consistency: true,
        }
    }
}
