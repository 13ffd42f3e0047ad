//! Slash-separated paths, as Go's package `path` takes them apart.

/// The shortest path that means the same, as `path.Clean`: no empty element, no `.`, no `..` behind
/// a name; `.` for nothing at all.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    match (rooted, kept.is_empty()) {
        (true, _) => format!("/{}", kept.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => kept.join("/"),
    }
}

/// The last element, as `path.Base`: `.` of nothing, `/` of slashes.
pub fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return "/";
    }
    path.rsplit('/').next().unwrap_or(path)
}

/// All but the last element, cleaned, as `path.Dir`.
pub fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |slash| &path[..=slash]))
}

/// The ending of the last element from its last dot on, as `path.Ext`.
pub fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_go() {
        for (path, cleaned, last, before, ending) in [
            ("", ".", ".", ".", ""),
            ("/", "/", "/", "/", ""),
            ("//a//b/", "/a/b", "b", "/a/b", ""),
            ("a/../..", "..", "..", ".", "."),
            ("/../a.tar.gz", "/a.tar.gz", "a.tar.gz", "/", ".gz"),
            ("../a/./b", "../a/b", "b", "../a", ""),
            ("x.d/y", "x.d/y", "y", "x.d", ""),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
            assert_eq!(base(path), last, "{path}");
            assert_eq!(dir(path), before, "{path}");
            assert_eq!(ext(path), ending, "{path}");
        }
    }
}
