//! Slash-separated paths, as Go's package `path` takes them apart.

/// The shortest path that means the same, as `path.Clean`: no empty element, no `.`, no `..` behind
/// a name; `.` for nothing at all.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut clean = String::with_capacity(path.len());
    if rooted {
        clean.push('/');
    }
    let root = clean.len();
    // How many parts there are that a `..` can take back.
    let mut names = 0;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if names > 0 => {
                names -= 1;
                let slash = clean.rfind('/').unwrap_or(0);
                clean.truncate(slash.max(root));
            }
            ".." if rooted => {}
            _ => {
                if clean.len() > root {
                    clean.push('/');
                }
                clean.push_str(part);
                names += usize::from(part != "..");
            }
        }
    }
    if clean.is_empty() {
        clean.push('.');
    }
    clean
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
            ("../a/..", "..", "..", "../a", "."),
            ("a/..", ".", "..", "a", "."),
            ("~/x", "~/x", "x", "~", ""),
            (" /b", " /b", "b", " ", ""),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
            assert_eq!(base(path), last, "{path}");
            assert_eq!(dir(path), before, "{path}");
            assert_eq!(ext(path), ending, "{path}");
        }
    }
}
