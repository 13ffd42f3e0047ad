//! Paths as text: joined, cleaned, shown.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::normalize_path;

use crate::Env;

/// `path` made absolute: `~` is the home directory, anything relative starts at `dir`.
pub(crate) fn resolve(path: &str, dir: &Utf8Path, home: Option<&str>) -> Utf8PathBuf {
    if let Some(home) = home
        && let Some(rest) = path.strip_prefix('~')
        && (rest.is_empty() || rest.starts_with('/'))
    {
        return normalize_path(&Utf8Path::new(home).join(rest.trim_start_matches('/')));
    }
    normalize_path(&dir.join(path))
}

/// `path` relative to `base` where it lies below it, else as it is: for people to read.
pub(crate) fn shown(path: &Utf8Path, base: &Utf8Path) -> String {
    match path.strip_prefix(base) {
        Ok(below) if below.as_str().is_empty() => ".".to_owned(),
        Ok(below) => below.to_string(),
        Err(_) => path.to_string(),
    }
}

/// The directories of a user, from the environment as the XDG base directory specification and
/// frostyeti/cast v0.3.2 have it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct UserDirs {
    /// `HOME`.
    pub home: Option<Utf8PathBuf>,
    /// `CAST_DATA_HOME`, else `$XDG_DATA_HOME/cast`, else `~/.local/share/cast`.
    pub data: Option<Utf8PathBuf>,
    /// `CAST_CONFIG_HOME`, else `$XDG_CONFIG_HOME/cast`, else `~/.config/cast`.
    pub config: Option<Utf8PathBuf>,
    /// `CAST_CACHE_HOME`, else `$XDG_CACHE_HOME/cast`, else `~/.cache/cast`.
    pub cache: Option<Utf8PathBuf>,
    /// `CAST_STATE_HOME`, else `$XDG_STATE_HOME/cast`, else `~/.local/state/cast`.
    pub state: Option<Utf8PathBuf>,
}

impl UserDirs {
    /// Reads the directories from the process environment given as a value.
    pub fn from_env(env: &Env) -> Self {
        let set = |name: &str| env.get(name).filter(|value| !value.is_empty());
        let home = set("HOME")
            .or_else(|| set("USERPROFILE"))
            .map(Utf8PathBuf::from);
        let dir = |own: &str, xdg: &str, below_home: &str| {
            set(own)
                .map(Utf8PathBuf::from)
                .or_else(|| set(xdg).map(|dir| Utf8Path::new(dir).join("cast")))
                .or_else(|| home.as_ref().map(|home| home.join(below_home).join("cast")))
        };
        Self {
            data: dir("CAST_DATA_HOME", "XDG_DATA_HOME", ".local/share"),
            config: dir("CAST_CONFIG_HOME", "XDG_CONFIG_HOME", ".config"),
            cache: dir("CAST_CACHE_HOME", "XDG_CACHE_HOME", ".cache"),
            state: dir("CAST_STATE_HOME", "XDG_STATE_HOME", ".local/state"),
            home,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_home_only_as_a_whole_part() {
        let dir = Utf8Path::new("/lab");
        assert_eq!(resolve("~/x", dir, Some("/home/me")), "/home/me/x");
        assert_eq!(resolve("~", dir, Some("/home/me")), "/home/me");
        assert_eq!(resolve("~x", dir, Some("/home/me")), "/lab/~x");
        assert_eq!(resolve("../x", dir, None), "/x");
    }
}
