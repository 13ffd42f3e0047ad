//! Paths as Go's `path` has them.

/// Go's `path.Clean`: without `.`, `..` where it can be resolved, and superfluous slashes; an
/// empty path is `.`.
pub(crate) fn clean_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
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
