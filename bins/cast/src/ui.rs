//! How commands speak: findings rendered, colours chosen, codes returned.

use castfile::Error;
use common::{ColorChoice, Io, Renderer, exit};
use yaml_tree::Diagnostic;

use crate::args::{ColorWhen, Global, MessageFormat};
use crate::world::World;

/// The output of a command with the choices that the options make.
#[derive(Debug)]
pub(crate) struct Ui<'i, 'w> {
    pub(crate) io: &'i mut Io<'w>,
    /// Whether data is coloured.
    pub(crate) out_color: bool,
    /// Whether messages are coloured.
    pub(crate) err_color: bool,
    /// Whether headers and notes are left out.
    pub(crate) quiet: bool,
    format: MessageFormat,
}

impl<'i, 'w> Ui<'i, 'w> {
    pub(crate) fn new(world: &World, global: &Global, io: &'i mut Io<'w>) -> Self {
        let choice = match global.color.unwrap_or_default() {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        };
        let colored = |is_terminal| choice.decide(is_terminal, |name| world.env.get(name));
        Self {
            out_color: colored(io.out_is_terminal),
            err_color: colored(io.err_is_terminal),
            quiet: global.quiet,
            format: global.message_format.unwrap_or_default(),
            io,
        }
    }

    /// Shows findings, without counting them.
    pub(crate) fn findings(&mut self, found: &[Diagnostic]) {
        for diagnostic in found {
            let text = match self.format {
                MessageFormat::Json => common::json::line(diagnostic),
                MessageFormat::Human => Renderer::new(self.err_color).render(diagnostic),
            };
            self.io.message(text);
        }
    }

    /// Shows the warnings met on the way to something else.
    ///
    /// A top-level key that is not like any known one is no mistake worth a word on every run:
    /// the original ignores it, and people keep notes there. `cast check` tells all.
    pub(crate) fn warnings(&mut self, found: &[Diagnostic]) {
        if self.quiet {
            return;
        }
        let ignored =
            |found: &&Diagnostic| found.code == "castfile::unknown-key" && found.fix.is_none();
        let told: Vec<_> = found
            .iter()
            .filter(|found| !ignored(found))
            .cloned()
            .collect();
        self.findings(&told);
    }

    /// Shows an error and returns the code to end with.
    pub(crate) fn fail(&mut self, error: &Error) -> u8 {
        self.findings(&error.diagnostics());
        exit::FAILED
    }

    /// Shows one error that has no place in a file.
    pub(crate) fn error(&mut self, code: &'static str, message: impl Into<String>, help: &[&str]) {
        let found = help
            .iter()
            .fold(Diagnostic::error(code, message), |found, help| {
                found.help(*help)
            });
        self.findings(&[found]);
    }

    /// Says that something is not there yet; returns the exit code for it.
    pub(crate) fn not_supported(&mut self, what: &str) -> u8 {
        self.error(
            "cast::not-supported",
            format!("{what} is not supported yet"),
            &[],
        );
        exit::NOT_SUPPORTED
    }

    /// A remark for people, unless they want quiet.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) {
        if !self.quiet {
            self.io.message(format!("{}\n", text.as_ref()));
        }
    }

    /// Text in bold where data is coloured.
    pub(crate) fn bold_data(&self, text: &str) -> String {
        bold(text, self.out_color)
    }

    /// Text in grey where data is coloured.
    pub(crate) fn dim_data(&self, text: &str) -> String {
        if self.out_color && !text.is_empty() {
            format!("\u{1b}[2m{text}\u{1b}[22m")
        } else {
            text.to_owned()
        }
    }
}

/// Text in bold, in the codes that frostyeti/cast v0.3.2 writes.
pub(crate) fn bold(text: &str, color: bool) -> String {
    if color {
        format!("\u{1b}[1m{text}\u{1b}[22m")
    } else {
        text.to_owned()
    }
}

/// Text in red.
pub(crate) fn red(text: &str, color: bool) -> String {
    if color {
        format!("\u{1b}[31m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// Text in yellow.
pub(crate) fn yellow(text: &str, color: bool) -> String {
    if color {
        format!("\u{1b}[33m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
