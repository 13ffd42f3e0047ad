//! How commands speak: data on standard output, `[ok]: …` and its siblings on standard error.

use std::io::{self, BufRead as _};

use common::{ColorChoice, Io, Renderer};
use vault::Secret;

use crate::args::{ColorWhen, Global};
use crate::failure::{Failure, Result};
use crate::world::World;

/// The output of a command with the choices that the options make.
#[derive(Debug)]
pub(crate) struct Ui<'i, 'w> {
    pub(crate) io: &'i mut Io<'w>,
    err_color: bool,
    quiet: bool,
}

impl<'i, 'w> Ui<'i, 'w> {
    pub(crate) fn new(world: &World, global: &Global, io: &'i mut Io<'w>) -> Self {
        let choice = match global.color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        };
        let variable = |name: &str| world.env.get(name).map(String::as_str);
        Self {
            err_color: choice.decide(io.err_is_terminal, variable),
            quiet: global.quiet,
            io,
        }
    }

    /// Secrets, as data. The buffer of the stream is handed on at once.
    pub(crate) fn secret(&mut self, secret: &Secret) {
        self.io.data(secret.expose());
        self.io.flush();
    }

    /// What was done.
    pub(crate) fn ok(&mut self, text: impl AsRef<str>) {
        if !self.quiet {
            self.tagged("ok", "32", text.as_ref());
        }
    }

    /// What should be known.
    pub(crate) fn warn(&mut self, text: impl AsRef<str>) {
        if !self.quiet {
            self.tagged("warn", "33", text.as_ref());
        }
    }

    /// A remark, without a tag.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) {
        if !self.quiet {
            self.io.message(format!("{}\n", text.as_ref()));
        }
    }

    /// Says what failed, and returns the code to end with.
    pub(crate) fn fail(&mut self, failure: &Failure) -> u8 {
        if failure.found.is_empty() {
            self.tagged("error", "31", &failure.message);
        }
        for found in &failure.found {
            let text = Renderer::new(self.err_color).render(found);
            self.io.message(text);
        }
        for help in &failure.help {
            self.tagged("help", "36", help);
        }
        failure.code
    }

    /// A question on the terminal, answered by a line of standard input.
    ///
    /// # Errors
    /// When standard input cannot be read.
    pub(crate) fn confirm(&mut self, question: &str) -> Result<bool> {
        self.io.message(format!("{question} [y/N] "));
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    fn tagged(&mut self, tag: &str, color: &str, text: &str) {
        let line = if self.err_color {
            format!("\u{1b}[{color}m[{tag}]:\u{1b}[0m {text}\n")
        } else {
            format!("[{tag}]: {text}\n")
        };
        self.io.message(line);
    }
}
