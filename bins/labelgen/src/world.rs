//! What commands see of the world.

use std::collections::BTreeMap;
use std::io::Read;

use camino::Utf8Path;
use common::{Io, MessageFormat};

use crate::args::ComposeArgs;
use crate::compose::{self, Services};
use crate::input::json::Input;
use crate::report;

/// What a command sees of the world.
pub(crate) struct World<'w, 'i> {
    /// The current directory, absolute.
    pub(crate) dir: &'w Utf8Path,
    /// The environment.
    pub(crate) env: &'w BTreeMap<String, String>,
    pub(crate) stdin: &'w mut dyn Read,
    pub(crate) io: &'w mut Io<'i>,
    pub(crate) format: MessageFormat,
    /// The findings are all that the command prints: a document of them is data.
    pub(crate) findings_are_data: bool,
}

impl World<'_, '_> {
    /// Reads a file, or standard input for `-` and nothing; returns its name for messages as well.
    pub(crate) fn read_input(
        &mut self,
        path: Option<&Utf8Path>,
    ) -> Result<(String, String), String> {
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

    /// The containers of Compose files or of JSON. Without either, the Compose file of the current
    /// directory is meant.
    pub(crate) fn services(
        &mut self,
        files: &ComposeArgs,
        input: Option<&Utf8Path>,
    ) -> Result<Given, u8> {
        if input.is_some() {
            return self.containers(files, input);
        }
        self.compose(files)
    }

    /// The containers of Compose files, or of JSON where there are none.
    pub(crate) fn containers(
        &mut self,
        files: &ComposeArgs,
        input: Option<&Utf8Path>,
    ) -> Result<Given, u8> {
        if files.files.is_empty() {
            let read = self
                .read_input(input)
                .and_then(|(name, text)| Input::parse(&name, &text));
            return match read.and_then(|mut input| Ok((input.take_containers()?, input))) {
                Ok((containers, input)) => Ok(Given {
                    containers,
                    input,
                    services: None,
                }),
                Err(message) => Err(self.fail(&message)),
            };
        }
        self.compose(files)
    }

    fn compose(&mut self, files: &ComposeArgs) -> Result<Given, u8> {
        let env_dir = files.env_dir.as_deref();
        match compose::load_all(&files.files, env_dir, self.dir, self.env) {
            Ok(services) => Ok(Given {
                containers: services.containers.clone(),
                input: Input::default(),
                services: Some(services),
            }),
            Err(found) => {
                report::show_diagnostics(&found, self);
                Err(common::exit::FAILED)
            }
        }
    }

    /// Says why a command cannot go on.
    pub(crate) fn fail(&mut self, message: &str) -> u8 {
        self.io.message(format!("error: {message}\n"));
        common::exit::FAILED
    }
}

/// Containers with what else was given about them.
pub(crate) struct Given {
    pub(crate) containers: Vec<proxy_labels::Container>,
    pub(crate) input: Input,
    /// The Compose files they are from.
    pub(crate) services: Option<Services>,
}

impl Given {
    /// Where a label stands in a Compose file.
    pub(crate) fn locate(
        &self,
        container: Option<&str>,
        key: Option<&str>,
    ) -> proxy_labels::Located {
        match &self.services {
            Some(services) => services.locate(container, key),
            None => proxy_labels::Located::default(),
        }
    }
}
