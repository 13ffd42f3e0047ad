//! The text of a fixture: what goes in and what comes out, in one look.
//!
//! A fixture starts with its rule in prose. Then come sections, each headed by a line
//! `-- NAME --`. These names mean something; any other is a file, relative to the project's
//! directory:
//!
//! | Section | Content |
//! |---|---|
//! | `options` | words of the command line of `docker compose config` |
//! | `environment` | variables of the process, `NAME=VALUE` a line |
//! | `directory` | where the command runs, relative to the project's directory |
//! | `stdin` | standard input |
//! | `yaml` | what is printed |
//! | `json` | what is printed with `--format json`, where the rule is about that |
//! | `warned` | warnings, `PLACE: MESSAGE` a line |
//! | `refused` | errors of a project that is refused, in the same form |
//!
//! Every file has to be read on the way, but for those whose name ends in ` (unread)`: those must
//! not be.

use std::fmt::Write as _;

use camino::Utf8Path;

/// A rule, a project, and what is to come of it.
#[derive(Debug, Default)]
pub(crate) struct Fixture {
    /// Topic and rule, from the path of the file.
    pub(crate) name: String,
    /// The rule in prose.
    pub(crate) rule: String,
    sections: Vec<(String, String)>,
}

/// Where the fixtures are.
pub(crate) fn directory() -> &'static Utf8Path {
    Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rules"))
}

/// All fixtures, by name. Every file is one, in a directory named after its topic.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let mut found = Vec::new();
    for topic in directory().read_dir_utf8().unwrap() {
        for file in topic.unwrap().path().read_dir_utf8().unwrap() {
            let file = file.unwrap();
            let path = file.path();
            assert_eq!(path.extension(), Some("txt"), "{path} is no fixture");
            let name = path.strip_prefix(directory()).unwrap().with_extension("");
            let text = fs_err::read_to_string(path).unwrap();
            found.push(Fixture::parse(name.as_str(), &text));
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// The text with a line break at its end; printed JSON has none.
pub(crate) fn whole_lines(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{}\n", text.strip_suffix('\n').unwrap_or(text)),
    }
}

/// Sections that hold results.
const RESULTS: [&str; 4] = ["yaml", "json", "warned", "refused"];
/// Sections that are neither results nor files.
const INPUTS: [&str; 4] = ["options", "environment", "directory", "stdin"];
const UNREAD: &str = " (unread)";

impl Fixture {
    /// Reads a fixture.
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let mut fixture = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        for line in text.split_inclusive('\n') {
            let heading = line
                .trim_end()
                .strip_prefix("-- ")
                .and_then(|line| line.strip_suffix(" --"));
            match (heading, fixture.sections.last_mut()) {
                (Some(heading), _) => {
                    let known = fixture.sections.iter().any(|(name, _)| name == heading);
                    assert!(!known, "{name} has two sections `{heading}`");
                    fixture.sections.push((heading.to_owned(), String::new()));
                }
                (None, Some((_, section))) => section.push_str(line),
                (None, None) => fixture.rule.push_str(line),
            }
        }
        fixture.rule = fixture.rule.trim_end().to_owned();
        fixture
    }

    /// The text of a section.
    pub(crate) fn section(&self, name: &str) -> Option<&str> {
        let found = self.sections.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }

    /// The files with their content, and whether they are to be read.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        self.sections
            .iter()
            .filter(|(name, _)| !RESULTS.contains(&&**name) && !INPUTS.contains(&&**name))
            .map(|(name, text)| match name.strip_suffix(UNREAD) {
                Some(name) => (name, text.as_str(), false),
                None => (name.as_str(), text.as_str(), true),
            })
    }

    /// The variables of the process.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.section("environment").unwrap_or_default().lines();
        lines.map(|line| line.split_once('=').expect("NAME=VALUE"))
    }

    /// The words of the command line.
    pub(crate) fn options(&self) -> impl Iterator<Item = &str> {
        let text = self.section("options").unwrap_or_default();
        text.split_whitespace()
    }

    /// The text of the fixture with these results instead of its own.
    pub(crate) fn with_results(&self, results: &[(&str, String)]) -> String {
        let mut text = format!("{}\n", self.rule);
        let inputs = self
            .sections
            .iter()
            .filter(|(name, _)| !RESULTS.contains(&&**name))
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let results = results.iter().map(|(name, text)| (*name, text.as_str()));
        for (name, section) in inputs.chain(results) {
            // Writing to a string does not fail.
            let _written = write!(text, "-- {name} --\n{}", whole_lines(section));
        }
        text
    }
}
