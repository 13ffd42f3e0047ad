//! One module a verb.

pub(crate) mod decode;

use std::collections::BTreeMap;
use std::io::Read;

use camino::Utf8Path;
use common::Io;

use crate::args::MessageFormat;

/// What a command sees of the world.
pub(crate) struct World<'w, 'i> {
    /// The current directory, absolute.
    pub(crate) dir: &'w Utf8Path,
    /// The environment.
    pub(crate) env: &'w BTreeMap<String, String>,
    pub(crate) stdin: &'w mut dyn Read,
    pub(crate) io: &'w mut Io<'i>,
    pub(crate) format: MessageFormat,
}

impl World<'_, '_> {
    /// Reads a file, or standard input for `-` and nothing; returns its name for messages as well.
    pub(crate) fn read_input(&mut self, path: Option<&Utf8Path>) -> Result<(String, String), String> {
        match path {
            Some(path) if path != "-" => {
                let text = fs_err::read_to_string(self.dir.join(path))
                    .map_err(|error| error.to_string())?;
                Ok((path.to_string(), text))
            }
            _ => {
                let mut text = String::new();
                self.stdin
                    .read_to_string(&mut text)
                    .map_err(|error| format!("cannot read standard input: {error}"))?;
                Ok(("<stdin>".to_owned(), text))
            }
        }
    }

    /// Says why a command cannot go on.
    pub(crate) fn fail(&mut self, message: &str) -> u8 {
        self.io.message(format!("error: {message}\n"));
        common::exit::FAILED
    }
}
