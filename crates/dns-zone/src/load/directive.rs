//! `$ORIGIN`, `$TTL`, `$INCLUDE`, `$GENERATE`.

use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{nearest, normalize_path};

use super::record::{Wrong, name_wrong, ttl_wrong, wrong};
use super::{Loader, State, entry_range, range};
use crate::generate::{Numbers, substitute};
use crate::lexer::{Lexed, Token, scan, unescape};
use crate::problem::Problem;
use crate::{Place, RecordType, Ttl, ZoneFile};

type Outcome = Result<(), Box<Wrong>>;

const DIRECTIVES: [&str; 4] = ["$ORIGIN", "$TTL", "$INCLUDE", "$GENERATE"];

impl Loader<'_> {
    pub(super) fn directive(&mut self, file: &Arc<ZoneFile>, place: Place) {
        if !self.words(file, place) {
            return;
        }
        let lexed = std::mem::take(&mut self.lexed);
        if let Err(wrong) = self.read_directive(file, place, &lexed) {
            let at = match wrong.word {
                Some(word) => range(place.file, lexed.tokens[word]),
                None => entry_range(file, place.file, place.entry),
            };
            self.lose(wrong.problem.at(at, ""));
        }
        self.lexed = lexed;
    }

    fn read_directive(&mut self, file: &Arc<ZoneFile>, place: Place, lexed: &Lexed) -> Outcome {
        let text = file.text();
        let word = lexed.tokens[0].bytes(text);
        let name = String::from_utf8_lossy(word).to_ascii_uppercase();
        if let Some(token) = lexed.tokens.iter().take(3).find(|token| token.quoted) {
            let at = range(place.file, *token);
            self.problems.push(
                Problem::error("dns::directive", "a word of a directive stands in quotes")
                    .at(at, "")
                    .help(
                        "BIND, NSD and CoreDNS do not take the quotes off: write it without them",
                    ),
            );
        }
        let most = match name.as_str() {
            "$ORIGIN" => self.origin(text, place, lexed).map(|()| 2),
            "$TTL" => self.default_ttl(text, lexed).map(|()| 2),
            "$INCLUDE" => self.include(text, place, lexed).map(|()| 3),
            "$GENERATE" => self.generate(text, place, lexed).map(|()| usize::MAX),
            _ => {
                let mut problem = Problem::error(
                    "dns::unknown-directive",
                    format!("`{}` is no directive", String::from_utf8_lossy(word)),
                );
                problem = match nearest(&name, DIRECTIVES) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help("an owner that begins with `$` is written `\\$`"),
                };
                Err(wrong(Some(0), problem))
            }
        }?;
        if word != name.as_bytes() {
            let at = range(place.file, lexed.tokens[0]);
            self.problems.push(
                Problem::warning("dns::lower-case-directive", "a directive in lower case")
                    .at(at, "")
                    .help("not every program knows it so")
                    .fix(format!("write `{name}`"), at, name),
            );
        }
        if lexed.tokens.len() > most {
            return Err(wrong(
                Some(most),
                Problem::error("dns::directive", "nothing is expected here"),
            ));
        }
        Ok(())
    }

    fn origin(&mut self, text: &[u8], place: Place, lexed: &Lexed) -> Outcome {
        let Some(token) = lexed.tokens.get(1) else {
            return Err(missing("$ORIGIN", "a domain name"));
        };
        let word = token.bytes(text);
        self.buffer
            .read(word, Some(&self.state.origin))
            .map_err(|error| name_wrong(&error, word, Some(1)))?;
        self.state.origin = self.buffer.to_name();
        self.relative(word, place, *token);
        if let Some(owner) = &mut self.state.owner {
            // The same word is another name from here on.
            owner.end = owner.start;
        }
        Ok(())
    }

    /// An origin that is not whole; the buffer has what it comes to.
    fn relative(&mut self, word: &[u8], place: Place, token: Token) {
        if word.ends_with(b".") && !word.ends_with(b"\\.") {
            return;
        }
        let at = range(place.file, token);
        self.problems.push(
            Problem::warning("dns::relative-origin", "an origin that is a relative name")
                .at(at, "")
                .help("Knot and NSD refuse it")
                .fix(
                    "write the whole name",
                    at,
                    self.buffer.to_name().to_string(),
                ),
        );
    }

    fn default_ttl(&mut self, text: &[u8], lexed: &Lexed) -> Outcome {
        let Some(token) = lexed.tokens.get(1) else {
            return Err(missing("$TTL", "a time such as `1h`"));
        };
        let word = token.bytes(text);
        let ttl = Ttl::from_octets(word).map_err(|_| ttl_wrong(word, Some(1)))?;
        self.default_ttl = Some(ttl);
        self.last_ttl = Some(ttl);
        Ok(())
    }

    fn include(&mut self, text: &[u8], place: Place, lexed: &Lexed) -> Outcome {
        let Some(token) = lexed.tokens.get(1) else {
            return Err(missing("$INCLUDE", "a file"));
        };
        let mut path = Vec::new();
        let path = unescape(token.bytes(text), &mut path)
            .and_then(|()| String::from_utf8(path).ok())
            .filter(|path| !path.is_empty() && !path.contains('\0'))
            .ok_or_else(|| {
                wrong(
                    Some(1),
                    Problem::error(
                        "dns::include",
                        "the path is empty, not UTF-8 or has a wrong escape",
                    ),
                )
            })?;
        let mut origin = self.state.origin.clone();
        if let Some(token) = lexed.tokens.get(2) {
            let word = token.bytes(text);
            self.buffer
                .read(word, Some(&self.state.origin))
                .map_err(|error| name_wrong(&error, word, Some(2)))?;
            origin = self.buffer.to_name();
            self.relative(word, place, *token);
        }
        self.include_form(lexed, place, &path);
        let path = self.include_path(&path)?;
        let content = self.read_include(&path)?;
        // The owner goes on, in words of another file.
        let inner = State {
            origin,
            owner: self.state.owner.clone(),
        };
        let outer = std::mem::replace(&mut self.state, inner);
        self.file(&Arc::new(ZoneFile::parse(path.as_str(), content)), path);
        self.state = outer;
        Ok(())
    }

    /// Ways to write `$INCLUDE` that mean something else to some servers.
    fn include_form(&mut self, lexed: &Lexed, place: Place, path: &str) {
        let at = range(place.file, lexed.tokens[1]);
        if lexed.tokens[1].escaped {
            self.problems.push(
                Problem::error("dns::include", "a path with a backslash")
                    .at(at, "")
                    .help("servers take it as it is: give the file a plain name"),
            );
        }
        if lexed.parenthesis.is_some() {
            self.problems.push(
                Problem::error("dns::directive", "`$INCLUDE` with parentheses")
                    .at(at, "")
                    .help("NSD takes them for a part of the name: write it on one line"),
            );
        }
        let parent = |path: &Utf8Path| normalize_path(path.parent().unwrap_or(Utf8Path::new("")));
        let elsewhere = self.paths.first().map(|main| parent(main))
            != self.paths.last().map(|here| parent(here));
        if elsewhere && !path.starts_with('/') {
            self.problems.push(
                Problem::warning(
                    "dns::include-relative",
                    "a relative path in a file of another directory than the zone's",
                )
                .at(at, "")
                .help("Knot and CoreDNS look beside this file, BIND and NSD in their working directory: keep the files in one directory"),
            );
        }
    }

    /// Where an included file is; refuses paths outside of the zone's directory, and loops.
    fn include_path(&self, path: &str) -> Result<Utf8PathBuf, Box<Wrong>> {
        let error = |problem| Err(wrong(Some(1), problem));
        let parent = |path: &Utf8Path| path.parent().unwrap_or(Utf8Path::new("")).to_owned();
        let here = self
            .paths
            .last()
            .map(|path| parent(path))
            .unwrap_or_default();
        let full = normalize_path(&here.join(path));
        let main = self
            .paths
            .first()
            .map(|path| parent(path))
            .unwrap_or_default();
        let root = self.options.include_root.clone().unwrap_or(main);
        let root = normalize_path(&root);
        let outside = |full: &Utf8Path, root: &Utf8Path| {
            if root == "." {
                full.is_absolute() || full.starts_with("..")
            } else {
                !full.starts_with(root)
            }
        };
        let resolved = |path: &Utf8Path| {
            let path = if path.as_str().is_empty() {
                Utf8Path::new(".")
            } else {
                path
            };
            self.disk.links_resolved(path)
        };
        let escapes = match (resolved(&full), resolved(&root)) {
            (Some(full), Some(root)) => !full.starts_with(root),
            _ => false,
        };
        if outside(&full, &root) || escapes {
            return error(
                Problem::error(
                    "dns::include-outside",
                    format!("`{path}` lies outside of the directory of the zone"),
                )
                .help("move the file beside the zone's"),
            );
        }
        let real = |path: &Utf8Path| resolved(path).unwrap_or_else(|| normalize_path(path));
        let wanted = real(&full);
        if self.paths.iter().any(|path| real(path) == wanted) {
            let chain: Vec<_> = self.paths.iter().map(|path| path.as_str()).collect();
            return error(Problem::error(
                "dns::include-loop",
                format!("the file includes itself: {} → {full}", chain.join(" → ")),
            ));
        }
        if self.paths.len() > self.options.max_include_depth {
            return error(Problem::error(
                "dns::include-depth",
                format!(
                    "files include each other more than {} deep",
                    self.options.max_include_depth
                ),
            ));
        }
        Ok(full)
    }

    fn read_include(&self, path: &Utf8Path) -> Result<Vec<u8>, Box<Wrong>> {
        self.disk.read(path).map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
                _ => error.to_string(),
            };
            wrong(
                Some(1),
                Problem::error("dns::include", format!("cannot read `{path}`: {why}")),
            )
        })
    }

    fn generate(&mut self, text: &[u8], place: Place, lexed: &Lexed) -> Outcome {
        let tokens = &lexed.tokens;
        if tokens.len() < 5 {
            return Err(missing(
                "$GENERATE",
                "`range owner [ttl] [class] type data`",
            ));
        }
        let word = |at: usize| tokens[at].bytes(text);
        let numbers = Numbers::read(word(1)).ok_or_else(|| {
            wrong(
                Some(1),
                Problem::error(
                    "dns::generate",
                    format!(
                        "`{}` is no range: `start-stop` or `start-stop/step`, up to 2147483647",
                        String::from_utf8_lossy(word(1))
                    ),
                ),
            )
        })?;
        let all = self.generated.saturating_add(numbers.count());
        if all > self.options.max_generated {
            return Err(wrong(
                Some(1),
                Problem::error(
                    "dns::generate-limit",
                    format!(
                        "`$GENERATE` would make {} records, more than {}",
                        numbers.count(),
                        self.options.max_generated
                    ),
                )
                .help("write a smaller range"),
            ));
        }
        self.generated = all;
        let at = range(place.file, tokens[0]);
        self.problems.push(
            Problem::warning(
                "dns::generate",
                "`$GENERATE` is known to BIND and CoreDNS alone",
            )
            .at(at, "")
            .help("Knot and NSD refuse it; `zonegen fmt --format canonical` writes the records"),
        );
        // The words between owner and data stay as they are; the owner and the data get numbers.
        let data = (3..tokens.len())
            .find(|at| RecordType::from_octets(word(*at)).is_some())
            .filter(|at| at + 1 < tokens.len())
            .ok_or_else(|| {
                wrong(
                    None,
                    Problem::error("dns::generate", "`$GENERATE` without a record type or data")
                        .help("it is `$GENERATE range owner [ttl] [class] type data`"),
                )
            })?;
        self.generate_form(text, place, lexed, data);
        let mut line = Vec::new();
        let mut inner = Lexed::default();
        let mut said = None;
        for number in numbers.iter() {
            line.clear();
            let substituted = substitute(word(2), number, &mut line);
            for at in 3..=data {
                line.push(b' ');
                line.extend_from_slice(word(at));
            }
            let single = tokens.len() == data + 2;
            let mut outcome = substituted;
            for token in &tokens[data + 1..] {
                line.push(b' ');
                // A quoted word alone is the whole data.
                let quote = token.quoted && !single;
                line.extend(quote.then_some(b'"'));
                outcome = outcome.and(substitute(token.bytes(text), number, &mut line));
                line.extend(quote.then_some(b'"'));
            }
            if outcome.is_none() {
                return Err(wrong(
                    None,
                    Problem::error("dns::generate", "`${…}` that makes no sense")
                        .help("it is `${offset}`, `${offset,width}` or `${offset,width,base}` with the base d, o, x, X, n or N, and the number stays below 2147483648"),
                ));
            }
            scan(&line, 0, true, &mut inner);
            let shown = || String::from_utf8_lossy(&line).into_owned();
            if let Some(error) = inner.errors.first() {
                let problem = super::lex_problem(
                    error.kind,
                    entry_range(&self.files[place.file], place.file, place.entry),
                );
                return Err(wrong(
                    None,
                    problem.help(format!("the record made is `{}`", shown())),
                ));
            }
            // The owner of the line made is not the one that lines behind go on with.
            let owner = self.state.owner.take();
            self.within = Some(entry_range(
                &self.files[place.file],
                place.file,
                place.entry,
            ));
            let made = self.read_record(&line, place, &inner);
            self.within = None;
            self.state.owner = owner;
            // What is worth a word about one of them is so about all.
            let said = *said.get_or_insert(self.problems.len());
            self.problems.truncate(said);
            if let Err(made) = made {
                let problem = made
                    .problem
                    .help(format!("the record made is `{}`", shown()));
                return Err(wrong(None, problem));
            }
        }
        Ok(())
    }
}

impl Loader<'_> {
    /// What BIND refuses of `$GENERATE`.
    fn generate_form(&mut self, text: &[u8], place: Place, lexed: &Lexed, data: usize) {
        let file = &self.files[place.file];
        let (_, end) = file.range(place.entry);
        let entry = entry_range(file, place.file, place.entry);
        let (at, message, help) = if lexed.parenthesis.is_some() {
            (
                entry,
                "`$GENERATE` with parentheses",
                "BIND reads them as a part of the records: write it on one line",
            )
        } else if let Some(token) = lexed.tokens.get(data + 2) {
            (
                range(place.file, *token),
                "the data of `$GENERATE` is more than one word",
                "BIND refuses it: put the whole data in quotes, such as `MX \"10 mail$\"`",
            )
        } else if end as usize == text.len() && !text.ends_with(b"\n") {
            (
                entry,
                "`$GENERATE` without a line end behind it",
                "BIND refuses it: add one",
            )
        } else {
            return;
        };
        self.problems.push(
            Problem::error("dns::generate", message)
                .at(at, "")
                .help(help),
        );
    }
}

fn missing(directive: &str, what: &str) -> Box<Wrong> {
    wrong(
        None,
        Problem::error("dns::directive", format!("`{directive}` needs {what}")),
    )
}
