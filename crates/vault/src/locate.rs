//! From the name of a vault to its file.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value};

/// The file ending of vaults.
const SUFFIX: &str = ".kdbx";

/// Where things are on this machine; made from the environment by [`Places::from_env`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Places {
    /// The current directory.
    pub current: Utf8PathBuf,
    /// Where vaults without a directory are.
    pub data: Utf8PathBuf,
    /// The file with the configuration.
    pub config: Utf8PathBuf,
}

/// The kind of system, as far as places go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and its relatives.
    Unix,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl System {
    /// The one this was built for.
    pub const THIS: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Unix
    };
}

impl Places {
    /// As the Go kpv has them: the data in `~/.local/share/kpv` whatever `XDG_DATA_HOME` says (on
    /// Windows in `%LOCALAPPDATA%\kpv`), the configuration in the user's configuration directory.
    /// `None` when there is no home directory.
    pub fn from_env(
        system: System,
        current: impl Into<Utf8PathBuf>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let path = |name: &str| {
            let value = env(name).filter(|value| !value.is_empty());
            value.map(Utf8PathBuf::from)
        };
        let (data, config) = match system {
            System::Windows => {
                let local = path("LOCALAPPDATA");
                let data = local.or_else(|| Some(path("USERPROFILE")?.join("AppData/Local")))?;
                (data.join("kpv"), path("APPDATA").unwrap_or(data))
            }
            System::MacOs => {
                let home = path("HOME")?;
                (
                    home.join(".local/share/kpv"),
                    home.join("Library/Application Support"),
                )
            }
            System::Unix => {
                let home = path("HOME")?;
                let config = path("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
                (
                    home.join(".local/share/kpv"),
                    config.unwrap_or_else(|| home.join(".config")),
                )
            }
        };
        Some(Self {
            current: current.into(),
            data,
            config: config.join("kpv/kpv.json"),
        })
    }
}

/// The configuration: a JSON object whose nested keys are written with dots. Names are compared
/// without regard to case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config(Map<String, Value>);

/// The configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is not JSON.
    #[error("the configuration is not JSON: {message}")]
    Syntax {
        /// What the parser says, with line and column.
        message: String,
    },
    /// It is JSON, but not an object.
    #[error("the configuration is not a JSON object")]
    NotAnObject,
    /// A key goes through a value.
    #[error("`{key}` cannot be set: a part of it is a value already")]
    Occupied {
        /// The key.
        key: String,
    },
}

impl Config {
    /// Reads the text of the file; nothing is an empty configuration.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`], [`ConfigError::NotAnObject`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(ConfigError::NotAnObject),
            Err(error) => Err(ConfigError::Syntax {
                message: error.to_string(),
            }),
        }
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.0).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The value of a key such as `aliases.prod`.
    pub fn get(&self, key: &str) -> Option<String> {
        let folded = key.to_lowercase();
        let found = self
            .list()
            .into_iter()
            .find(|(known, _)| known.to_lowercase() == folded);
        found.map(|(_, value)| value)
    }

    /// All values, sorted by key.
    pub fn list(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        collect(&self.0, "", &mut all);
        all.sort();
        all
    }

    /// Sets a value. In `aliases.<name>` the rest of the key is one name, dots and all.
    ///
    /// # Errors
    /// [`ConfigError::Occupied`].
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        self.remove(key);
        let mut object = &mut self.0;
        let mut rest = key;
        while let Some((first, below)) = rest.split_once('.') {
            let same = object
                .keys()
                .find(|known| known.to_lowercase() == first.to_lowercase());
            let name = same.cloned().unwrap_or_else(|| first.to_owned());
            let entry = object.entry(name);
            let inner = entry.or_insert_with(|| Value::Object(Map::new()));
            object = inner.as_object_mut().ok_or_else(|| ConfigError::Occupied {
                key: key.to_owned(),
            })?;
            rest = below;
            if first.eq_ignore_ascii_case("aliases") {
                break;
            }
        }
        if object.get(rest).is_some_and(Value::is_object) {
            return Err(ConfigError::Occupied {
                key: key.to_owned(),
            });
        }
        object.insert(rest.to_owned(), Value::String(value.to_owned()));
        Ok(())
    }

    /// Removes a value; `false` when there is none.
    pub fn remove(&mut self, key: &str) -> bool {
        remove(&mut self.0, &key.to_lowercase())
    }

    /// The file an alias stands for.
    pub fn alias(&self, name: &str) -> Option<String> {
        self.get(&format!("aliases.{name}"))
    }
}

fn collect(object: &Map<String, Value>, prefix: &str, all: &mut Vec<(String, String)>) {
    for (name, value) in object {
        let key = format!("{prefix}{name}");
        match value {
            Value::Object(inner) => collect(inner, &format!("{key}."), all),
            Value::String(text) => all.push((key, text.clone())),
            other => all.push((key, other.to_string())),
        }
    }
}

fn remove(object: &mut Map<String, Value>, folded: &str) -> bool {
    let names: Vec<String> = object.keys().cloned().collect();
    for name in names {
        let own = name.to_lowercase();
        if own == folded && !object[&name].is_object() {
            return object.shift_remove(&name).is_some();
        }
        let below = folded.strip_prefix(&format!("{own}."));
        if let (Some(below), Some(Value::Object(inner))) = (below, object.get_mut(&name))
            && remove(inner, below)
        {
            return true;
        }
    }
    false
}

/// A name of a vault leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no name of a vault: the part behind `://` is not a path")]
pub struct InvalidVaultName {
    /// The name.
    pub name: String,
}

/// The file that a name of a vault means; the file need not be there.
///
/// The first that fits: `file:///path` or `kpv:///path`; `default`, which the configuration may set
/// as `defaults.path`; an alias of the configuration; a path with a separator in it, from the
/// current directory; `<name>.kdbx` in the current directory if that exists; `<name>.kdbx` with the
/// data. `name` is what `--vault` or `KPV_VAULT` says; without one it is `default`.
///
/// # Errors
/// An address without a path.
pub fn locate(
    name: Option<&str>,
    places: &Places,
    config: &Config,
    exists: &dyn Fn(&Utf8Path) -> bool,
) -> Result<Utf8PathBuf, InvalidVaultName> {
    let name = name.filter(|name| !name.is_empty()).unwrap_or("default");
    for scheme in ["file://", "kpv://"] {
        if let Some(path) = name.strip_prefix(scheme) {
            // `file://localhost/path` names the machine as well
            let path = path.strip_prefix("localhost").unwrap_or(path);
            if !path.starts_with('/') || path.len() == 1 {
                return Err(InvalidVaultName {
                    name: name.to_owned(),
                });
            }
            return Ok(Utf8PathBuf::from(percent_decoded(path)));
        }
    }
    let from_here = |path: &str| match path.strip_prefix("~/") {
        // a home directory in the configuration, where no shell puts it in
        Some(rest) => home(places).join(rest),
        None => places.current.join(path),
    };
    if name == "default" {
        let set = config.get("defaults.path").filter(|path| !path.is_empty());
        return Ok(set.map_or_else(|| places.data.join("default.kdbx"), |path| from_here(&path)));
    }
    if let Some(path) = config.alias(name) {
        if path.starts_with("file://") || path.starts_with("kpv://") {
            return locate(Some(&path), places, &Config::default(), exists);
        }
        return Ok(from_here(&path));
    }
    if name.contains('/')
        || name.contains(std::path::MAIN_SEPARATOR)
        || Utf8Path::new(name).is_absolute()
    {
        return Ok(normalized(&places.current.join(name)));
    }
    let file = if name.ends_with(SUFFIX) {
        name.to_owned()
    } else {
        format!("{name}{SUFFIX}")
    };
    let here = places.current.join(&file);
    Ok(if exists(&here) {
        here
    } else {
        places.data.join(file)
    })
}

/// The directory three above the data, which is how the data was found.
fn home(places: &Places) -> &Utf8Path {
    places.data.ancestors().nth(3).unwrap_or(&places.data)
}

/// Without `.` and, where that is safe to say from the text alone, `..`.
fn normalized(path: &Utf8Path) -> Utf8PathBuf {
    path.components()
        .filter(|part| part.as_str() != ".")
        .collect()
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = after.get(..2).filter(|_| *first == b'%');
        let code = escape.and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}
