//! One record.

use super::{Loader, Owner, entry_range, range};
use crate::lexer::{Lexed, Token};
use crate::problem::{Problem, Range};
use crate::rdata::{self, Note, RdataError, Remarks};
use crate::zone::ZoneRecord;
use crate::{
    Class, Name, NameError, Place, Record, RecordData, RecordType, Ttl, TtlError, ZoneFile,
};

use yaml_tree::nearest;

/// What is wrong with one word of a record; the word as an index.
pub(super) struct Wrong {
    pub(super) word: Option<usize>,
    pub(super) problem: Problem,
}

/// Words between the owner and the data.
struct Head {
    ttl: Option<Ttl>,
    kind: RecordType,
    /// The first word of the data.
    data: usize,
}

impl Loader<'_> {
    pub(super) fn record(&mut self, file: &ZoneFile, place: Place) {
        if !self.words(file, place) {
            return;
        }
        let lexed = std::mem::take(&mut self.lexed);
        let outcome = self.read_record(file.text(), place, &lexed);
        if let Err(wrong) = outcome {
            let Wrong { word, problem } = *wrong;
            let at = match word {
                Some(word) => range(place.file, lexed.tokens[word]),
                None => end_of(file, place),
            };
            let label = problem.primary.as_ref().map(|(_, label)| label.clone());
            self.lose(problem.at(at, label.unwrap_or_default()));
        }
        self.lexed = lexed;
    }

    pub(super) fn read_record(
        &mut self,
        text: &[u8],
        place: Place,
        lexed: &Lexed,
    ) -> Result<(), Box<Wrong>> {
        if lexed.tokens.is_empty() {
            return Err(wrong(
                None,
                Problem::error("dns::no-type", "parentheses without a record in them"),
            ));
        }
        let mut first = 0;
        let owner = if lexed.leading_blank {
            let Some(owner) = &self.state.owner else {
                return Err(wrong(
                    Some(0),
                    Problem::error(
                        "dns::no-owner",
                        "the line begins with a blank, and there is no owner before it to go on with",
                    )
                    .help("begin the line with the owner; `@` is the origin"),
                ));
            };
            let owner = owner.clone();
            self.owner_of_another_file(&owner, place, lexed.tokens[0]);
            owner.name
        } else {
            first = 1;
            self.owner(text, place, lexed.tokens[0])?
        };
        let head = self.head(text, place, &lexed.tokens, first)?;
        let words = &lexed.tokens[head.data..];
        self.wire.clear();
        let mut wire = std::mem::take(&mut self.wire);
        let read = rdata::read(head.kind, text, words, &self.state.origin, &mut wire);
        let outcome = read
            .map(|remarks| (remarks, RecordData::from_parts(head.kind, &wire)))
            .map_err(|error| rdata_wrong(&error, head.data, head.kind));
        self.wire = wire;
        let (remarks, data) = outcome?;
        if remarks != Remarks::default() {
            self.remark(remarks, head.kind, place, words, text);
        }
        self.adjacent(head.kind, place, words);
        let ttl = self.ttl(head.ttl, &data, place, lexed)?;
        let run = self.run(&owner, head.kind, ttl);
        self.records.push(ZoneRecord {
            record: Record::new(owner, ttl, data),
            place: Some(place),
            run,
        });
        Ok(())
    }

    /// Files that are included begin without an owner for Knot and CoreDNS.
    fn owner_of_another_file(&mut self, owner: &Owner, place: Place, token: Token) {
        if owner.file != place.file && self.within.is_none() {
            let at = self.range(place, token);
            self.problems.push(
                Problem::error(
                    "dns::no-owner",
                    "the line goes on with an owner of another file",
                )
                .at(at, "")
                .help("Knot refuses that, and CoreDNS knows no owner here: begin the line with it"),
            );
        }
    }

    fn owner(&mut self, text: &[u8], place: Place, token: Token) -> Result<Name, Box<Wrong>> {
        let word = token.bytes(text);
        if let Some(owner) = &self.state.owner
            && owner.file == place.file
            && &text[owner.start as usize..owner.end as usize] == word
        {
            return Ok(owner.name.clone());
        }
        if token.quoted {
            let at = self.range(place, token);
            self.problems.push(
                Problem::error("dns::quoted-name", "an owner stands in quotes")
                    .at(at, "")
                    .help("Knot refuses it: write the name without them"),
            );
        }
        self.buffer
            .read(word, Some(&self.state.origin))
            .map_err(|error| name_wrong(&error, word, Some(0)))?;
        if let Some(odd) = self.buffer.odd {
            let at = self.range(place, token);
            self.odd_name(odd, word, at);
        }
        let name = self.buffer.to_name();
        self.state.owner = Some(Owner {
            name: name.clone(),
            file: place.file,
            start: token.start,
            end: token.end,
        });
        Ok(name)
    }

    /// `[ttl] [class] type` or `[class] [ttl] type`.
    fn head(
        &mut self,
        text: &[u8],
        place: Place,
        tokens: &[Token],
        first: usize,
    ) -> Result<Head, Box<Wrong>> {
        let mut at = first;
        let mut ttl = None;
        let mut class = None;
        loop {
            let Some(token) = tokens.get(at) else {
                return Err(wrong(
                    None,
                    Problem::error("dns::no-type", "the record ends before its type")
                        .help("a record is `owner ttl class type data`"),
                ));
            };
            let word = token.bytes(text);
            if !token.quoted {
                // Owners aside nothing but a time begins with a digit.
                if ttl.is_none() && word.first().is_some_and(u8::is_ascii_digit) {
                    match Ttl::from_octets(word) {
                        Ok(found) => {
                            ttl = Some(found);
                            at += 1;
                            continue;
                        }
                        Err(TtlError::TooLong) => return Err(ttl_wrong(word, Some(at))),
                        Err(TtlError::NotANumber) => {}
                    }
                }
                if let Some(kind) = RecordType::from_octets(word) {
                    if kind.is_meta() {
                        return Err(wrong(
                            Some(at),
                            Problem::error(
                                "dns::meta-type",
                                format!(
                                    "`{kind}` is a type of questions: no zone has such records"
                                ),
                            ),
                        ));
                    }
                    if kind.is_rare() && word.eq_ignore_ascii_case(kind.to_string().as_bytes()) {
                        let range = self.range(place, *token);
                        self.rare_type(kind, range);
                    }
                    return Ok(Head {
                        ttl,
                        kind,
                        data: at + 1,
                    });
                }
                if class.is_none()
                    && let Some(found) = Class::from_octets(word)
                {
                    let range = self.range(place, *token);
                    self.class(found, word, at, range)?;
                    class = Some(found);
                    at += 1;
                    continue;
                }
            }
            return Err(unknown_type(word, at));
        }
    }

    /// A mnemonic that some server does not know.
    fn rare_type(&mut self, kind: RecordType, range: Range) {
        let generic = kind.known_form();
        let problem = if kind == RecordType::NULL {
            Problem::error("dns::obsolete-type", "a record of type NULL").help(
                "master files have no such records (RFC 1035 section 3.3.10), Knot refuses them",
            )
        } else {
            Problem::warning(
                "dns::rare-type",
                format!("not every server knows the name `{kind}`"),
            )
            .help(format!(
                "all of them take `{generic} \\# …`, as `zonegen fmt --format canonical` writes it"
            ))
        };
        self.problems.push(problem.at(range, ""));
    }

    fn class(
        &mut self,
        class: Class,
        word: &[u8],
        at: usize,
        range: Range,
    ) -> Result<(), Box<Wrong>> {
        if class != Class::IN {
            let problem = Problem::error(
                "dns::class",
                format!("the record is of class {class}, the zone of class IN"),
            )
            .help("CoreDNS loads it and never answers with it: remove the record, or write `IN`");
            return Err(wrong(Some(at), problem));
        }
        if word.len() > 2 {
            self.problems.push(
                Problem::warning("dns::generic-class", "Knot refuses `CLASS1`")
                    .at(range, "")
                    .fix("write `IN`", range, "IN"),
            );
        }
        Ok(())
    }

    /// The time to live: its own, `$TTL`, the last stated, the minimum of the SOA.
    fn ttl(
        &mut self,
        own: Option<Ttl>,
        data: &RecordData,
        place: Place,
        lexed: &Lexed,
    ) -> Result<Ttl, Box<Wrong>> {
        let minimum = || -> Option<Ttl> {
            let wire = data.as_wire();
            let last: [u8; 4] = wire.get(wire.len().checked_sub(4)?..)?.try_into().ok()?;
            Some(Ttl::from_message(u32::from_be_bytes(last)))
        };
        let is_soa = data.kind() == RecordType::SOA;
        if is_soa && self.minimum_ttl.is_none() {
            self.minimum_ttl = minimum();
        }
        if let Some(own) = own {
            self.last_ttl = Some(own);
            return Ok(own);
        }
        if let Some(default) = self.default_ttl {
            return Ok(default);
        }
        if !self.stated.no_default_ttl
            && let Some(token) = lexed.tokens.first()
        {
            let at = self.range(place, *token);
            self.stated.no_default_ttl = true;
            self.problems.push(
                Problem::warning(
                    "dns::no-default-ttl",
                    "a record has no time to live, and there is no `$TTL` before it",
                )
                .at(at, "the first such record")
                .help("write `$TTL 1h` at the start: CoreDNS stops here, and other servers choose different values"),
            );
        }
        if let Some(last) = self.last_ttl {
            return Ok(last);
        }
        if is_soa && let Some(minimum) = minimum() {
            // What BIND does: the minimum is the default from here on.
            self.default_ttl = Some(minimum);
            return Ok(minimum);
        }
        if let Some(minimum) = self.minimum_ttl {
            return Ok(minimum);
        }
        Err(wrong(
            Some(0),
            Problem::error(
                "dns::no-ttl",
                "the record has no time to live, and nothing before it says one",
            )
            .help("write `$TTL 1h` at the start of the file"),
        ))
    }

    /// What some programs refuse and others take.
    fn remark(
        &mut self,
        remarks: Remarks,
        kind: RecordType,
        place: Place,
        words: &[Token],
        text: &[u8],
    ) {
        if let Some((word, odd)) = remarks.odd {
            let at = self.range(place, words[word]);
            self.odd_name(odd, words[word].bytes(text), at);
        }
        if let Some(word) = remarks.long {
            let at = self.range(place, words[word]);
            let octets = words[word].bytes(text).len();
            self.problems.push(
                Problem::error(
                    "dns::long-text",
                    format!("a text of {octets} octets, more than 255"),
                )
                .at(at, "")
                .help(
                    "split it into several quoted texts, which readers join; `zonegen fmt` does so",
                ),
            );
        }
        let note = remarks.note;
        if let Some((word, note)) = note {
            let at = self.range(place, words[word]);
            self.noted(note, kind, at);
        }
        let control = matches!(note, Some((_, Note::Control)));
        if let Some(word) = remarks.raw.filter(|_| !control) {
            let at = self.range(place, words[word]);
            self.problems.push(
                Problem::warning("dns::raw-octets", "a text has octets that are not printable ASCII")
                    .at(at, "")
                    .help("Knot refuses them: write each as `\\DDD`, its value in decimal; `zonegen fmt` does so"),
            );
        }
        if let Some(word) = remarks.at_sign {
            let at = self.range(place, words[word]);
            self.problems.push(
                Problem::warning("dns::text-at", "a text is an `@` without quotes")
                    .at(at, "")
                    .help("NSD refuses it: put it in quotes"),
            );
        }
        if let Some(word) = remarks.bare {
            let at = self.range(place, words[word]);
            let (code, message) = (
                "dns::bare-text",
                format!("the value of {kind} is not quoted"),
            );
            let problem = if kind == RecordType::URI {
                Problem::error(code, message).help("BIND refuses it: put it in quotes")
            } else {
                Problem::warning(code, message).help("some programs refuse it: put it in quotes")
            };
            self.problems.push(problem.at(at, ""));
        }
    }

    /// Data that is right, and that some program refuses.
    fn noted(&mut self, note: Note, kind: RecordType, range: Range) {
        let problem = match note {
            Note::Unquoted => Problem::warning(
                "dns::unquoted-text",
                "a text without quotes that not everybody reads as one",
            )
            .help("NSD refuses it, for what it begins with or a dot inside: put it in quotes, as `zonegen fmt` does"),
            Note::NumberedName => Problem::warning("dns::numbered-parameter", "the parameter `alpn` as `key1`")
                .help("NSD and ldns take its value for text: write `alpn=`, as `zonegen fmt --format canonical` does"),
            Note::NumberedValue => Problem::error(
                "dns::numbered-parameter",
                "a parameter that has a name by its number",
            )
            .help("NSD and ldns refuse it: write `mandatory=`, `port=`, `ipv4hint=`, `ech=` or `ipv6hint=`"),
            Note::NamedPath => Problem::warning("dns::named-path", "the parameter `dohpath` by its name")
                .help("Knot does not know the name: write `key7`, as `zonegen fmt` does"),
            Note::SplitBase64 => Problem::warning(
                "dns::split-base64",
                "base 64 is split inside of a group of four",
            )
            .help("Knot refuses that: write it as one word, or split it behind every fourth letter"),
            Note::ShortGroups => Problem::warning(
                "dns::short-groups",
                "a group of less than four digits",
            )
            .help("Knot refuses it: write the zeros in front, as `zonegen fmt` does"),
            Note::Seconds => Problem::warning(
                "dns::signature-time",
                "the time of a signature as a number of seconds",
            )
            .help("NSD refuses it: write it as YYYYMMDDHHMMSS"),
            Note::RareType => Problem::warning(
                "dns::rare-type",
                "not every server knows the name of this type",
            )
            .help("write `TYPE` and its number"),
            Note::ManyZeros => Problem::warning("dns::many-zeros", "the length 0 in several digits")
                .help("Knot refuses it: write `0`"),
            Note::NoTypes => Problem::warning("dns::no-types", format!("{kind} without record types"))
                .help("ldns refuses it: name the types that the zone above copies, such as `A NS AAAA`"),
            Note::NoKey => Problem::error("dns::no-key", format!("{kind} without a key"))
                .help("BIND refuses it: write the public key behind the gateway"),
            Note::Control => Problem::error("dns::raw-octets", "a text has control characters")
                .help("Knot and ldns refuse them: write each as `\\DDD`, its value in decimal; `zonegen fmt` does so"),
        };
        self.problems.push(problem.at(range, ""));
    }

    /// The run that a record belongs to. Without `$TTL`, records that go on with a set also go on with
    /// its time to live.
    fn run(&mut self, owner: &Name, kind: RecordType, ttl: Ttl) -> u32 {
        if self.within.is_some() {
            // Made at once, before the run around the directive ends.
            return (self.run.number * 2).saturating_sub(1);
        }
        let same = self.run.owner.as_ref();
        if same.is_none_or(|known| known.as_wire() != owner.as_wire()) {
            self.run.number += 1;
            self.run.owner = Some(owner.clone());
            self.run.kinds.clear();
        }
        match self.run.kinds.iter().find(|(known, _)| *known == kind) {
            Some((_, first)) => self.last_ttl = Some(*first),
            None => self.run.kinds.push((kind, ttl)),
        }
        self.run.number * 2
    }

    fn odd_name(&mut self, odd: u8, word: &[u8], range: Range) {
        if !odd.is_ascii() {
            self.not_ascii(range);
            return;
        }
        let shown = char::from(odd).escape_default();
        let mut problem = Problem::error(
            "dns::unescaped",
            format!("a name has `{shown}` in a form that not everybody reads"),
        )
        .at(range, "");
        problem = if word.windows(2).any(|pair| pair == [b'\\', odd]) {
            problem.help(format!(
                "BIND or NSD take it for something else: write `\\{odd:03}` if it is meant"
            ))
        } else if word.contains(&b'@') {
            problem.help("Knot refuses it; the `@` of a mail address is written as a dot: `admin.example.org.`")
        } else {
            problem.help(format!(
                "{} refuses it: write `\\{shown}` if it is meant",
                if odd == b'-' { "validns" } else { "Knot" }
            ))
        };
        self.problems.push(problem);
    }

    fn not_ascii(&mut self, range: Range) {
        self.problems.push(
            Problem::error("dns::not-ascii", "a name has letters beyond ASCII")
                .at(range, "")
                .help("servers serve these octets as they are, and no client asks for them: write A-labels (`xn--…`), as `zonegen fmt` does"),
        );
    }

    fn adjacent(&mut self, kind: RecordType, place: Place, words: &[Token]) {
        // There a quoted value touches its key.
        let with_values = matches!(kind, RecordType::SVCB | RecordType::HTTPS);
        let mut touching = words
            .iter()
            .enumerate()
            .filter(|(at, token)| token.adjacent && !(with_values && token.quoted && *at > 0));
        if let Some((nth, token)) = touching.next() {
            let at = self.range(place, *token);
            let (code, message) = ("dns::adjacent-texts", "two words touch each other");
            let problem = if kind == RecordType::TXT && nth > 0 {
                Problem::warning(code, message).help("Knot refuses that: put a blank between them")
            } else {
                Problem::error(code, message)
                    .help("Knot and NSD refuse that: put a blank between them")
            };
            self.problems.push(problem.at(at, "the second begins here"));
        }
    }
}

fn end_of(file: &ZoneFile, place: Place) -> Range {
    entry_range(file, place.file, place.entry)
}

pub(super) fn wrong(word: Option<usize>, problem: Problem) -> Box<Wrong> {
    Box::new(Wrong { word, problem })
}

pub(super) fn name_wrong(error: &NameError, word: &[u8], at: Option<usize>) -> Box<Wrong> {
    let code = match error {
        NameError::LongLabel(_) => "dns::long-label",
        NameError::LongName => "dns::long-name",
        NameError::BadEscape => "dns::bad-escape",
        NameError::NotIdna(_) => "dns::not-ascii",
        _ => "dns::bad-name",
    };
    let shown = String::from_utf8_lossy(word);
    let shown: String = if shown.len() > 80 {
        shown.chars().take(60).chain("…".chars()).collect()
    } else {
        shown.into_owned()
    };
    wrong(at, Problem::error(code, format!("`{shown}`: {error}")))
}

pub(super) fn ttl_wrong(word: &[u8], at: Option<usize>) -> Box<Wrong> {
    let shown = String::from_utf8_lossy(word);
    wrong(
        at,
        Problem::error(
            "dns::ttl",
            format!(
                "`{shown}` is no time to live: 0 to 2147483647 seconds, or with units such as `1h30m`"
            ),
        ),
    )
}

fn rdata_wrong(error: &RdataError, first: usize, kind: RecordType) -> Box<Wrong> {
    let mut problem = Problem::error("dns::data", format!("{kind}: {error}"));
    if let Some(help) = error.help() {
        problem = problem.help(help);
    }
    wrong(error.word().map(|word| first + word), problem)
}

fn unknown_type(word: &[u8], at: usize) -> Box<Wrong> {
    let shown = String::from_utf8_lossy(word);
    let mut problem = Problem::error("dns::unknown-type", format!("`{shown}` is no record type"));
    if word.first() == Some(&b'$') {
        problem = problem.help("a directive begins in the first column");
    } else if let Some(near) = nearest(&shown, RecordType::MNEMONICS.iter().map(|(name, _)| *name))
    {
        problem = problem.help(format!("did you mean `{near}`?"));
    } else {
        problem = problem.help("a record is `owner ttl class type data`; types without a name are `TYPE` and their number");
    }
    wrong(Some(at), problem)
}
