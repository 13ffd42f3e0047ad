//! Relative paths made relative to another directory, or absolute.

use camino::Utf8Path;

pub(crate) use crate::go::clean_path as clean;
use crate::load::Context;
use crate::value::{Data, Value};

/// Prefixes of build contexts that are not paths.
const REMOTE_CONTEXTS: &[&str] = &[
    "https://",
    "http://",
    "git://",
    "ssh://",
    "github.com/",
    "git@",
];

/// Resolves every relative path of the model against `base`.
pub(crate) fn resolve(root: &mut Value, base: &Utf8Path, context: &Context<'_>) {
    let resolver = Resolver {
        base,
        home: context.home(),
    };
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (_, service) in services.iter_mut() {
            resolver.service(service, context);
        }
    }
    for section in ["configs", "secrets"] {
        let Some(files) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (_, file) in files.iter_mut() {
            resolver.entry(file, "file", Resolver::unix_path);
        }
    }
    if let Some(volumes) = root.get_mut("volumes").and_then(Value::as_map_mut) {
        for (_, volume) in volumes.iter_mut() {
            let local = volume.get("driver").and_then(Value::as_str) == Some("local");
            let Some(options) = volume.get_mut("driver_opts") else {
                continue;
            };
            if local && options.get("o").and_then(Value::as_str) == Some("bind") {
                resolver.entry(options, "device", Resolver::unix_path);
            }
        }
    }
}

struct Resolver<'b> {
    base: &'b Utf8Path,
    home: Option<String>,
}

impl Resolver<'_> {
    fn service(&self, service: &mut Value, context: &Context<'_>) {
        if let Some(build) = service.get_mut("build") {
            self.entry(build, "context", Self::build_context);
            if let Some(contexts) = build
                .get_mut("additional_contexts")
                .and_then(Value::as_map_mut)
            {
                for (_, context) in contexts.iter_mut() {
                    self.text(context, Self::build_context);
                }
            }
            if let Some(keys) = build.get_mut("ssh").and_then(Value::as_map_mut) {
                for (_, key) in keys.iter_mut() {
                    self.text(key, Self::unix_path);
                }
            }
        }
        if let Some(extends) = service.get_mut("extends") {
            self.entry(extends, "file", Self::path);
        }
        self.items(service, "env_file", |this, item| {
            this.entry(item, "path", Self::path);
        });
        self.items(service, "label_file", |this, item| {
            this.text(item, Self::path);
        });
        self.items(service, "volumes", |this, mount| {
            // One without a source has been refused.
            if mount.get("type").and_then(Value::as_str) == Some("bind") {
                this.entry(mount, "source", Self::unix_path);
            }
        });
        if let Some(develop) = service.get_mut("develop") {
            self.items(develop, "watch", |this, watch| {
                this.entry(watch, "path", |this, text| {
                    let path = this.path(text);
                    context.links_resolved(&path).unwrap_or(path)
                });
            });
        }
        self.items(service, "pre_start", |this, hook| {
            this.service(hook, context);
        });
    }

    fn items(&self, value: &mut Value, key: &str, f: impl Fn(&Self, &mut Value)) {
        if let Some(Data::List(items)) = value.get_mut(key).map(|value| &mut value.data) {
            for item in items {
                f(self, item);
            }
        }
    }

    fn entry(&self, value: &mut Value, key: &str, f: impl Fn(&Self, &str) -> String) {
        if let Some(inner) = value.get_mut(key) {
            self.text(inner, f);
        }
    }

    fn text(&self, value: &mut Value, f: impl Fn(&Self, &str) -> String) {
        if let Some(text) = value.as_str() {
            let resolved = f(self, text);
            value.data = Data::from(resolved);
        }
    }

    fn path(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let text = self.expand_home(text);
        if text.starts_with('/') {
            text
        } else {
            join(self.base, &text)
        }
    }

    /// A path that may also be one of Windows; an empty one is the directory itself.
    fn unix_path(&self, text: &str) -> String {
        let text = self.expand_home(text);
        if text.starts_with('/') || is_windows_absolute(&text) {
            text
        } else {
            join(self.base, &text)
        }
    }

    fn build_context(&self, text: &str) -> String {
        let other = text.contains("://")
            || text.starts_with("service:")
            || REMOTE_CONTEXTS
                .iter()
                .any(|prefix| text.starts_with(prefix));
        if other {
            text.to_owned()
        } else {
            self.path(text)
        }
    }

    fn expand_home(&self, text: &str) -> String {
        match (&self.home, text.strip_prefix('~')) {
            // Also `~name`, which is no user's home but a path in that of the caller.
            (Some(home), Some(rest)) => clean(&format!("{home}/{rest}")),
            _ => text.to_owned(),
        }
    }
}

/// `base/text`, cleaned as Go's `filepath.Join` does.
pub(crate) fn join(base: &Utf8Path, text: &str) -> String {
    if base.as_str().is_empty() {
        clean(text)
    } else {
        clean(&format!("{base}/{text}"))
    }
}

/// `C:\x`, `C:/x` or `\\server\share`.
pub(crate) fn is_windows_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with("\\\\")
        || (bytes.len() > 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'\\' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("/a/../b/./c//d", "/b/c/d"),
            ("a/..", "."),
            ("../x", "../x"),
            ("/..", "/"),
            ("", "."),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
        assert_eq!(join("/lab".into(), "./data"), "/lab/data");
        assert_eq!(join("".into(), "./data"), "data");
    }

    #[test]
    fn windows_paths_are_absolute() {
        assert!(is_windows_absolute(r"C:\data"));
        assert!(is_windows_absolute("c:/data"));
        assert!(!is_windows_absolute("c:data"));
        assert!(!is_windows_absolute("/data"));
    }
}
