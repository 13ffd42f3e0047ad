//! Master files to records: origins, owners, times to live, included and generated records.

mod directive;
mod record;

use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files};

use crate::file::EntryId;
use crate::lexer::{LexErrorKind, Lexed, Token};
use crate::name::NameBuffer;
use crate::problem::{Problem, Range};
use crate::zone::ZoneRecord;
use crate::{EntryKind, Name, Place, RecordType, Ttl, Zone, ZoneFile};

/// How a zone is read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadOptions {
    /// The name of the zone, and the origin its file begins with.
    pub origin: Name,
    /// The directory that `$INCLUDE` may not leave. Default: that of the zone's file.
    pub include_root: Option<Utf8PathBuf>,
    /// How deep files may include each other. Default: 7, as CoreDNS has it.
    pub max_include_depth: usize,
    /// How many records `$GENERATE` may make in all. Default: 1,000,000.
    pub max_generated: u64,
}

impl LoadOptions {
    /// The defaults for a zone of this name.
    pub fn new(origin: Name) -> Self {
        Self {
            origin,
            include_root: None,
            max_include_depth: 7,
            max_generated: 1_000_000,
        }
    }
}

/// What came out of reading a zone: its records as far as they could be read, and everything found
/// on the way.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The records that could be read.
    pub zone: Zone,
    problems: Vec<Problem>,
    /// Entries that gave no records though they should.
    lost: usize,
}

impl Loaded {
    /// What is wrong with the text, in its order; what the records mean is checked by
    /// [`check`](crate::check).
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let files = self.zone.files();
        let problems = self.problems.iter();
        problems
            .map(|problem| problem.to_diagnostic(files))
            .collect()
    }

    /// Whether there is any error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Whether every entry could be read: there may be errors, but none that hides a record.
    pub fn is_complete(&self) -> bool {
        self.lost == 0
    }

    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The zone.
    ///
    /// # Errors
    /// All findings if one of them is an error.
    pub fn into_result(self) -> Result<Zone, Vec<Diagnostic>> {
        if self.has_errors() {
            return Err(self.diagnostics());
        }
        Ok(self.zone)
    }
}

/// Reads the zone in the file `path` and what it includes.
///
/// # Errors
/// When the file cannot be read. Everything else is a finding of [`Loaded`].
pub fn load(path: &Utf8Path, options: &LoadOptions, files: &dyn Files) -> io::Result<Loaded> {
    let text = files.read(path)?;
    Ok(resolve(
        ZoneFile::parse(path.as_str(), text),
        options,
        files,
    ))
}

/// Reads the zone of a file that was read before. Files that it includes are looked for beside it,
/// by its name. Edits of the file are not seen.
pub fn resolve(file: ZoneFile, options: &LoadOptions, files: &dyn Files) -> Loaded {
    let path = Utf8PathBuf::from(file.name());
    let mut loader = Loader {
        options,
        disk: files,
        files: Vec::new(),
        paths: Vec::new(),
        records: Vec::with_capacity(file.entries().len()),
        problems: Vec::new(),
        lost: 0,
        generated: 0,
        state: State {
            origin: options.origin.clone(),
            owner: None,
        },
        default_ttl: None,
        last_ttl: None,
        minimum_ttl: None,
        run: Run::default(),
        stated: Stated::default(),
        within: None,
        lexed: Lexed::default(),
        wire: Vec::new(),
        buffer: NameBuffer::default(),
    };
    loader.file(&Arc::new(file), path);
    Loaded {
        zone: Zone::new(options.origin.clone(), loader.files, loader.records),
        problems: loader.problems,
        lost: loader.lost,
    }
}

/// Reads a zone from its text alone; `$INCLUDE` finds nothing.
pub fn parse(name: &str, text: impl AsRef<[u8]>, options: &LoadOptions) -> Loaded {
    let nothing = yaml_tree::MemoryFiles::default();
    resolve(ZoneFile::parse(name, text), options, &nothing)
}

/// What `$INCLUDE` gives back at the end.
#[derive(Clone)]
struct State {
    origin: Name,
    owner: Option<Owner>,
}

/// The last owner, as a name and as it was written since the origin is what it is.
#[derive(Clone)]
struct Owner {
    name: Name,
    file: usize,
    start: u32,
    end: u32,
}

/// Records of one owner that follow each other. BIND puts them into the zone together, at the end of
/// the run: the set of a type gets the time to live of its first record in the last run.
#[derive(Default)]
struct Run {
    number: u32,
    owner: Option<Name>,
    /// Types, each with its first time to live.
    kinds: Vec<(RecordType, Ttl)>,
}

/// What is reported once.
#[derive(Default)]
struct Stated {
    carriage_returns: bool,
    no_default_ttl: bool,
}

struct Loader<'l> {
    options: &'l LoadOptions,
    disk: &'l dyn Files,
    files: Vec<Arc<ZoneFile>>,
    /// The files that are being read, each with the entry that included the next.
    paths: Vec<Utf8PathBuf>,
    records: Vec<ZoneRecord>,
    problems: Vec<Problem>,
    lost: usize,
    generated: u64,
    state: State,
    default_ttl: Option<Ttl>,
    last_ttl: Option<Ttl>,
    minimum_ttl: Option<Ttl>,
    run: Run,
    stated: Stated,
    /// The directive that makes the record being read.
    within: Option<Range>,
    // Reused from entry to entry.
    lexed: Lexed,
    wire: Vec<u8>,
    buffer: NameBuffer,
}

impl Loader<'_> {
    fn file(&mut self, file: &Arc<ZoneFile>, path: Utf8PathBuf) {
        let at = self.files.len();
        self.files.push(Arc::clone(file));
        self.paths.push(path);
        if u32::try_from(file.text().len()).is_err() {
            self.lose(Problem::error(
                "dns::too-long",
                format!("`{}` has more than 4 GiB", file.name()),
            ));
        }
        let mut indented = None;
        let mut owned = false;
        for entry in file.entries() {
            let place = Place {
                file: at,
                entry: entry.id(),
            };
            owned |= entry.kind() == EntryKind::Record;
            match entry.kind() {
                EntryKind::Blank | EntryKind::Comment => {
                    let blank = entry.text().starts_with(b" ") || entry.text().starts_with(b"\t");
                    if blank && !owned {
                        indented.get_or_insert(entry.id());
                    }
                }
                EntryKind::ByteOrderMark => self.problems.push(byte_order_mark(at)),
                EntryKind::Directive => self.directive(file, place),
                EntryKind::Record => self.record(file, place),
            }
        }
        if let Some(entry) = indented {
            let (start, _) = file.range(entry);
            let range = Range {
                file: at,
                start,
                end: start + 1,
            };
            self.problems.push(
                Problem::warning("dns::blank-first", "a line before the first record begins with a blank")
                    .at(range, "")
                    .help("Knot takes it for a record without an owner: begin it in the first column, as `zonegen fmt` does"),
            );
        }
        self.carriage_returns(file, at);
        self.paths.pop();
    }

    /// The place of a word of the record being read.
    fn range(&self, place: Place, token: Token) -> Range {
        self.within.unwrap_or_else(|| range(place.file, token))
    }

    /// Notes a finding which means that records are missing.
    fn lose(&mut self, problem: Problem) {
        self.lost += 1;
        self.problems.push(problem);
    }

    fn carriage_returns(&mut self, file: &ZoneFile, at: usize) {
        if self.stated.carriage_returns {
            return;
        }
        let found = memchr::memmem::find(file.text(), b"\r\n");
        if let Some(found) = found {
            self.stated.carriage_returns = true;
            let start = u32::try_from(found).unwrap_or_default();
            let range = Range {
                file: at,
                start,
                end: start,
            };
            self.problems.push(
                Problem::warning("dns::carriage-return", "lines end with CR LF")
                    .at(range, "here for the first time")
                    .help("Knot refuses such files: write line feeds alone"),
            );
        }
    }

    /// Reads the words of an entry into `self.lexed`; `false` if they cannot be used.
    fn words(&mut self, file: &ZoneFile, place: Place) -> bool {
        file.lex(place.entry, &mut self.lexed);
        if self.lexed.errors.is_empty() {
            return true;
        }
        let mut usable = true;
        for error in std::mem::take(&mut self.lexed.errors) {
            let range = Range {
                file: place.file,
                start: error.start,
                end: error.end,
            };
            usable &= !error.kind.hides_words();
            self.problems.push(lex_problem(error.kind, range));
        }
        if !usable {
            self.lost += 1;
        }
        usable
    }
}

fn byte_order_mark(file: usize) -> Problem {
    let range = Range {
        file,
        start: 0,
        end: 3,
    };
    Problem::error(
        "dns::byte-order-mark",
        "the file begins with a byte order mark",
    )
    .at(range, "")
    .help("servers take it for a part of the first word: save the file as UTF-8 without it, as `zonegen fmt` does")
}

fn lex_problem(kind: LexErrorKind, range: Range) -> Problem {
    let (code, message, label, help) = match kind {
        LexErrorKind::OpenParenthesis => (
            "dns::open-parenthesis",
            "a parenthesis is never closed",
            "opened here",
            "add the `)`",
        ),
        LexErrorKind::CloseParenthesis => (
            "dns::close-parenthesis",
            "a parenthesis is closed that was not opened",
            "",
            "remove it, or open it with `(` on this line or before",
        ),
        LexErrorKind::NestedParenthesis => (
            "dns::nested-parenthesis",
            "parentheses stand inside of parentheses",
            "the second one",
            "one pair is enough for any number of lines; Knot and NSD refuse more",
        ),
        LexErrorKind::ParenthesisFirst => (
            "dns::parenthesis-first",
            "a parenthesis stands in front of the first word",
            "",
            "NSD refuses that: put it behind the owner or the type",
        ),
        LexErrorKind::ParenthesisBehindName => {
            return Problem::warning(
                "dns::parenthesis-touches",
                "a parenthesis touches the word before it",
            )
            .at(range, "")
            .help("validns takes it for a part of the word: put a blank in front");
        }
        LexErrorKind::ParenthesisTouches => (
            "dns::parenthesis-touches",
            "a parenthesis touches the word before it",
            "",
            "NSD, ldns and validns take it for a part of the word: put a blank in front",
        ),
        LexErrorKind::OpenQuote => (
            "dns::open-quote",
            "a quote is not closed on its line",
            "opened here",
            "close it, or split the text into several quoted texts",
        ),
        LexErrorKind::OpenEscape => (
            "dns::bad-escape",
            "a backslash ends the line",
            "",
            "write `\\\\` for a backslash",
        ),
        LexErrorKind::LoneReturn => (
            "dns::lone-return",
            "a carriage return stands alone",
            "",
            "lines end with a line feed",
        ),
        LexErrorKind::Null => (
            "dns::null",
            "an octet of value 0 stands in the text",
            "",
            "write `\\000` if it is meant",
        ),
    };
    Problem::error(code, message).at(range, label).help(help)
}

/// The range of a token.
fn range(file: usize, token: Token) -> Range {
    let quote = u32::from(token.quoted);
    Range {
        file,
        start: token.start - quote,
        end: token.end + quote,
    }
}

/// The range of an entry without its line end.
fn entry_range(file: &ZoneFile, at: usize, entry: EntryId) -> Range {
    let (start, end) = file.range(entry);
    let text = &file.text()[start as usize..end as usize];
    let kept = text.trim_ascii_end().len();
    Range {
        file: at,
        start,
        end: start + u32::try_from(kept).unwrap_or_default(),
    }
}
