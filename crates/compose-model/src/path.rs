//! Where a value stands in the model: `services.web.ports.[0]`.

use std::fmt;

/// A place in the model, as a chain back to the root.
///
/// Items of sequences are called `[0]`, `[1]`, ….
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Self>,
    part: Part<'a>,
    depth: usize,
}

#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

/// Deeper parts are of no interest to any rule.
const MATCHED: usize = 10;

impl<'a> Path<'a> {
    pub(crate) const ROOT: Path<'static> = Path {
        parent: None,
        part: Part::Root,
        depth: 0,
    };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self {
            parent: Some(self),
            part: Part::Key(key),
            depth: self.depth + 1,
        }
    }

    /// Whether the last part is the key `name`, the `depth`th.
    pub(crate) fn is(&self, name: &str, depth: usize) -> bool {
        self.depth == depth && matches!(self.part, Part::Key(key) if key == name)
    }

    pub(crate) fn item(&'a self, at: usize) -> Self {
        Self {
            parent: Some(self),
            part: Part::Item(at),
            depth: self.depth + 1,
        }
    }

    /// The parts as texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts = self.parent.map(Self::texts).unwrap_or_default();
        match self.part {
            Part::Root => {}
            Part::Key(key) => texts.push(key.to_owned()),
            Part::Item(at) => texts.push(format!("[{at}]")),
        }
        texts
    }

    /// Calls `f` with the parts, items as `[]`; a path too deep for any rule has none.
    pub(crate) fn with_parts<R>(&self, f: impl FnOnce(&[&str]) -> R) -> R {
        let mut parts = [""; MATCHED];
        if self.depth > MATCHED {
            return f(&[]);
        }
        let mut at = Some(self);
        while let Some(path) = at {
            match path.part {
                Part::Root => {}
                Part::Key(key) => parts[path.depth - 1] = key,
                Part::Item(_) => parts[path.depth - 1] = "[]",
            }
            at = path.parent;
        }
        f(&parts[..self.depth])
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent
            && !matches!(parent.part, Part::Root)
        {
            write!(f, "{parent}")?;
            // Items are written without a dot before them, as the oracle's semantic errors are.
            if !matches!(self.part, Part::Item(_)) {
                f.write_str(".")?;
            }
        }
        match self.part {
            Part::Root => Ok(()),
            Part::Key(key) => f.write_str(key),
            Part::Item(at) => write!(f, "[{at}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn parts_and_text() {
        let services = Path::ROOT.key("services");
        let web = services.key("web");
        let ports = web.key("ports");
        let first = ports.item(0);
        assert_eq!(first.to_string(), "services.web.ports[0]");
        assert!(first.with_parts(|parts| parts == ["services", "web", "ports", "[]"]));
        assert!(Path::ROOT.with_parts(|parts| parts.is_empty()));
    }
}
