//! Where a command reads and writes, and how.

use std::fmt;
use std::io::{self, IsTerminal as _, Read, Write};

use crate::exit;

/// The three streams of a command.
///
/// Data goes to `out`, messages to `err`; `input` is read by commands that are told to. A reader that
/// has gone away (a closed pipe) is no error: what is written after that is dropped, and
/// [`Io::closed`] tells.
pub struct Io<'w> {
    out: Box<dyn Write + 'w>,
    err: Box<dyn Write + 'w>,
    input: Box<dyn Read + 'w>,
    closed: bool,
    failed: Option<io::Error>,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
}

impl fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io")
            .field("closed", &self.closed)
            .field("out_is_terminal", &self.out_is_terminal)
            .field("err_is_terminal", &self.err_is_terminal)
            .finish_non_exhaustive()
    }
}

impl Io<'static> {
    /// The streams of the process.
    pub fn standard() -> Self {
        Self {
            out: Box::new(io::BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
            input: Box::new(io::stdin()),
            closed: false,
            failed: None,
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
        }
    }
}

impl<'w> Io<'w> {
    /// Streams that write into the given writers, for tests. There is nothing to read.
    pub fn new(out: impl Write + 'w, err: impl Write + 'w) -> Self {
        Self {
            out: Box::new(out),
            err: Box::new(err),
            input: Box::new(io::empty()),
            closed: false,
            failed: None,
            out_is_terminal: false,
            err_is_terminal: false,
        }
    }

    /// The same with something to read.
    #[must_use]
    pub fn with_input(mut self, input: impl Read + 'w) -> Self {
        self.input = Box::new(input);
        self
    }

    /// Everything there is on standard input.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_input(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.input.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes data.
    pub fn data(&mut self, bytes: impl AsRef<[u8]>) {
        let written = self.out.write_all(bytes.as_ref());
        self.note(written);
    }

    /// Writes a line of data.
    pub fn line(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let written = writeln!(self.out, "{text}");
        self.note(written);
    }

    /// Writes a message. What was written as data before stands before it.
    pub fn message(&mut self, bytes: impl AsRef<[u8]>) {
        self.flush();
        // There is nobody to tell that messages cannot be written.
        let _unheard = self
            .err
            .write_all(bytes.as_ref())
            .and_then(|()| self.err.flush());
    }

    /// Hands on everything written so far; call it before another process writes to the same
    /// streams.
    pub fn flush(&mut self) {
        let flushed = self.out.flush();
        self.note(flushed);
    }

    /// Whether the reader of the data has gone away.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// The first error, other than a closed pipe, that writing data met.
    pub fn take_error(&mut self) -> Option<io::Error> {
        self.flush();
        self.failed.take()
    }

    /// The exit code of a program that ends with `code`: another one if data could not be written.
    pub fn end(&mut self, code: u8) -> u8 {
        match self.take_error() {
            Some(error) => {
                self.message(format!("error: cannot write the output: {error}\n"));
                exit::FAILED
            }
            None => code,
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        match result {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => {
                self.failed.get_or_insert(error);
            }
        }
    }
}
