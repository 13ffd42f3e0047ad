//! `$(kpv …)` in `.env` files, understood instead of run.
//!
//! A `.env` file with thirty such calls would start thirty shells and pay for thirty key
//! derivations. [`find_calls`] recognises the calls that ask for a secret and says what they ask for,
//! so that one open vault answers all. Whatever is more than that is refused: nothing is guessed,
//! and nothing is run.

mod words;

use std::ops::Range;

use crate::{Rules, Secret};
use words::{Word, words};

/// What a call asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The vault it names.
    pub vault: Option<String>,
    /// The password it has in it.
    pub password: Option<Secret>,
    /// The password file it names.
    pub password_file: Option<String>,
    /// The item of the keyring it names.
    pub os_secret: Option<String>,
    /// What it asks for.
    pub request: Request,
    /// What stands in the place of a value that is not there: from `|| echo …`.
    pub fallback: Option<String>,
    /// Whether its messages are thrown away: `2>/dev/null`.
    pub is_quiet: bool,
}

/// One question to a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// The value of a key.
    Get {
        /// The key.
        key: String,
    },
    /// A field of an entry.
    Field {
        /// The key.
        key: String,
        /// The field.
        field: String,
    },
    /// The value of a key, made if it is not there.
    Ensure {
        /// The key.
        key: String,
        /// How it is made; `None` never makes it (`--size 0`).
        rules: Option<Rules>,
    },
}

/// Why a call is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct CallError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes from the start of the text.
    pub at: usize,
}

/// A call in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundCall {
    /// Where it stands, `$(` and `)` included, in bytes.
    pub range: Range<usize>,
    /// What it asks for.
    pub call: Call,
}

/// All calls of `kpv` in a text, such as the value of a line in a `.env` file. Other commands in
/// `$(…)` are left alone.
///
/// # Errors
/// A call of `kpv` that is more than a question to a vault, or that does not end.
///
/// ```
/// use vault::{Request, find_calls};
/// let found = find_calls("postgres://app:$(kpv get db/password)@db")?;
/// assert_eq!(found[0].range, 15..37);
/// assert_eq!(found[0].call.request, Request::Get { key: "db/password".to_owned() });
/// assert!(find_calls("$(date)")?.is_empty());
/// # Ok::<(), vault::CallError>(())
/// ```
pub fn find_calls(text: &str) -> Result<Vec<FoundCall>, CallError> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("$(") {
        let start = from + at;
        let inside = start + 2;
        from = inside;
        if !names_kpv(&text[inside..]) {
            continue;
        }
        let length = words::closing(&text[inside..]).ok_or_else(|| CallError {
            message: "`$(kpv` without its `)`".to_owned(),
            at: start,
        })?;
        let call = parse_call(&text[inside..inside + length]).map_err(|error| CallError {
            at: error.at + inside,
            ..error
        })?;
        from = inside + length + 1;
        found.push(FoundCall {
            range: start..from,
            call,
        });
    }
    Ok(found)
}

/// Whether a command is one of `kpv`.
fn names_kpv(command: &str) -> bool {
    let first = command
        .trim_start()
        .split(|char: char| char.is_whitespace() || char == ')')
        .next();
    first.is_some_and(|word| word == "kpv" || word.ends_with("/kpv"))
}

/// What one command asks for, without the `$(` and `)` around it. Understood are
/// `kpv [secrets] get`, `get-string` and `ensure` with their flags, then `2>/dev/null` and
/// `|| echo TEXT`, `|| printf TEXT`, `|| true` or `|| :`.
///
/// # Errors
/// Everything else.
pub fn parse_call(command: &str) -> Result<Call, CallError> {
    let words = words(command)?;
    let end = command.len();
    let parser = Parser {
        words: words.into_iter().peekable(),
        end,
        call: Call {
            vault: None,
            password: None,
            password_file: None,
            os_secret: None,
            request: Request::Get { key: String::new() },
            fallback: None,
            is_quiet: false,
        },
        rules: Rules::default(),
        no_symbols: false,
        size: None,
        keys: Vec::new(),
        field: None,
    };
    parser.command()
}

struct Parser {
    words: std::iter::Peekable<std::vec::IntoIter<(usize, Word)>>,
    end: usize,
    call: Call,
    rules: Rules,
    no_symbols: bool,
    size: Option<i64>,
    keys: Vec<String>,
    field: Option<String>,
}

fn refuse<T>(at: usize, message: impl Into<String>) -> Result<T, CallError> {
    let message = message.into();
    Err(CallError { message, at })
}

impl Parser {
    fn command(mut self) -> Result<Call, CallError> {
        match self.words.next() {
            Some((_, Word::Text(name))) if name == "kpv" || name.ends_with("/kpv") => {}
            Some((at, _)) => return refuse(at, "not a call of `kpv`"),
            None => return refuse(0, "no command"),
        }
        let mut verb = None;
        let mut only_keys = false;
        while let Some((at, word)) = self.words.next() {
            match word {
                Word::Text(text) if !only_keys && text == "--" => only_keys = true,
                Word::Text(text) if !only_keys && text.starts_with('-') && text.len() > 1 => {
                    self.flag(at, &text)?;
                }
                Word::Text(text) if verb.is_none() => match text.as_str() {
                    "secrets" => {}
                    "get" | "get-string" | "ensure" => verb = Some((at, text)),
                    other => {
                        return refuse(
                            at,
                            format!(
                                "`kpv {other}` is not a question to a vault: only `get`, `get-string` and `ensure` are answered"
                            ),
                        );
                    }
                },
                Word::Text(text) => self.keys.push(text),
                Word::Quiet => self.call.is_quiet = true,
                Word::Or => {
                    self.fallback(at)?;
                    break;
                }
            }
        }
        let Some((at, verb)) = verb else {
            return refuse(self.end, "`kpv` without a command");
        };
        let key = match self.keys.as_slice() {
            [key] => key.clone(),
            [] => return refuse(at, format!("`kpv {verb}` without a key")),
            _ => return refuse(at, "more than one key: a value has room for one"),
        };
        if self.no_symbols {
            self.rules.symbols.clear();
        }
        self.call.request = match (verb.as_str(), self.field, self.size) {
            ("ensure", None, size) => Request::Ensure {
                key,
                rules: match size {
                    Some(0) => None,
                    Some(size) if size < 0 => Some(self.rules),
                    Some(size) => {
                        Some(self.rules.size(usize::try_from(size).unwrap_or(usize::MAX)))
                    }
                    None => Some(self.rules),
                },
            },
            ("ensure", Some(_), _) => return refuse(at, "`kpv ensure` knows no field"),
            (_, Some(field), _) => Request::Field { key, field },
            ("get", None, _) => Request::Get { key },
            _ => return refuse(at, format!("`kpv {verb}` without a field")),
        };
        Ok(self.call)
    }

    fn flag(&mut self, at: usize, text: &str) -> Result<(), CallError> {
        let (name, mut value) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (text, None),
        };
        // `-Vprod` and `-SU` as well as `-V prod` and `-S -U`
        let short = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        if let Some(rest) = short
            && let Some(first) = rest.chars().next()
            && rest.len() > first.len_utf8()
        {
            let rest = &rest[first.len_utf8()..];
            if "ULDS".contains(first) {
                self.flag(at, &format!("-{first}"))?;
                return self.flag(at, &format!("-{rest}"));
            }
            return self.set(at, &format!("-{first}"), Some(rest.to_owned()));
        }
        if value.is_none() && !is_switch(name) {
            value = match self.words.next() {
                Some((_, Word::Text(value))) => Some(value),
                _ => return refuse(at, format!("`{name}` without a value")),
            };
        }
        self.set(at, name, value)
    }

    fn set(&mut self, at: usize, name: &str, value: Option<String>) -> Result<(), CallError> {
        // `--no-upper=false` switches it on again
        let is_off = !matches!(value.as_deref(), Some("false" | "0"));
        match name {
            "-U" | "--no-upper" => self.rules.upper = !is_off,
            "-L" | "--no-lower" => self.rules.lower = !is_off,
            "-D" | "--no-digits" => self.rules.digits = !is_off,
            "-S" | "--no-special" | "--no-symbols" => self.no_symbols = is_off,
            _ => {
                let Some(value) = value else {
                    return refuse(at, format!("flag `{name}` is not known"));
                };
                match name {
                    "-V" | "--vault" => self.call.vault = Some(value),
                    "-P" | "--vault-password" | "--password" => {
                        self.call.password = Some(Secret::from(value));
                    }
                    "-F" | "--vault-password-file" | "--password-file" => {
                        self.call.password_file = Some(value);
                    }
                    "--vault-os-secret" => self.call.os_secret = Some(value),
                    "-k" | "--key" | "--entry" => self.keys.push(value),
                    "--field" => self.field = Some(value),
                    // `-f` is the format of `get` and the field of `get-string`
                    "-f" if !matches!(value.as_str(), "text" | "plain") => self.field = Some(value),
                    "-f" => {}
                    "--format" if value == "text" => {}
                    "--format" => {
                        return refuse(at, "a value has room for the format `text` alone");
                    }
                    "--size" => match value.parse() {
                        Ok(size) => self.size = Some(size),
                        Err(_) => return refuse(at, format!("`--size {value}` is not a number")),
                    },
                    "--special" => self.rules.symbols = value,
                    "--chars" => self.rules.chars = Some(value),
                    _ => return refuse(at, format!("flag `{name}` is not known")),
                }
            }
        }
        Ok(())
    }

    /// What comes after `||`.
    fn fallback(&mut self, at: usize) -> Result<(), CallError> {
        let mut texts = Vec::new();
        for (at, word) in self.words.by_ref() {
            match word {
                Word::Text(text) => texts.push(text),
                Word::Quiet => {}
                Word::Or => return refuse(at, "only one `||` is understood"),
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.call.fallback = Some(match texts.as_slice() {
            ["true" | ":" | "echo"] => String::new(),
            ["echo", "-n", rest @ ..] => rest.join(" "),
            // what begins with a dash or has a backslash is read differently by each shell
            ["echo", rest @ ..] if !rest[0].starts_with('-') && !rest.concat().contains('\\') => {
                rest.join(" ")
            }
            ["printf", text] if !text.contains(['%', '\\']) => (*text).to_owned(),
            ["printf", "%s", text] => (*text).to_owned(),
            _ => {
                return refuse(
                    at,
                    "behind `||` only `echo TEXT`, `printf TEXT`, `true` and `:` are understood",
                );
            }
        });
        Ok(())
    }
}

fn is_switch(name: &str) -> bool {
    matches!(
        name,
        "-U" | "-L"
            | "-D"
            | "-S"
            | "--no-upper"
            | "--no-lower"
            | "--no-digits"
            | "--no-special"
            | "--no-symbols"
    )
}
