//! Paths as Go's `path` has them.

/// Go's `path.Clean`: without `.`, `..` where it can be resolved, and superfluous slashes; an
/// empty path is `.`.
pub(crate) fn clean_path(path: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("", "."),
            ("/", "/"),
            ("//", "/"),
            ("/a/", "/a"),
            ("/a/./b//c", "/a/b/c"),
            ("/a/../c", "/c"),
            ("/../a", "/a"),
            ("../a/..", ".."),
            ("a/..", "."),
            ("a/../..", ".."),
            ("./b", "b"),
            ("~/x", "~/x"),
            (" /b", " /b"),
        ] {
            assert_eq!(clean_path(path), expected, "{path}");
        }
    }
}
