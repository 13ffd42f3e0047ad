//! Servers to text.

use std::time::Duration;

use thiserror::Error;

/// A server block to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// Its addresses: `home.arpa`, `10.0.0.0/8`, `tls://.:853`.
    pub keys: Vec<String>,
    /// What it does, in the order in which it is written. That is for readers: the order in which
    /// plugins see a query is built into CoreDNS.
    pub plugins: Vec<Plugin>,
}

/// A line of a server block, with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plugin {
    /// Serves a zone from a file.
    File {
        /// The file, as CoreDNS sees it.
        path: String,
        /// How often it is looked at for a new serial; a minute if not said.
        reload: Option<Duration>,
        /// Queries without an answer go on to the next plugin.
        fallthrough: bool,
    },
    /// Serves the zones of a directory.
    Auto {
        /// The directory, as CoreDNS sees it.
        directory: String,
        /// Which files are zones: a regular expression with a group. It is anchored when written.
        pattern: String,
        /// The zone of a file, `{1}` for the first group.
        origin: String,
        /// How often the directory is looked at; a minute if not said.
        reload: Option<Duration>,
    },
    /// Passes queries on.
    Forward {
        /// For names below this zone.
        from: String,
        /// To these: addresses, with a port and `tls://` as needed; fifteen at most.
        to: Vec<String>,
        /// The name in the certificate of `tls://` servers.
        tls_servername: Option<String>,
        /// Names below these zones are not passed on.
        except: Vec<String>,
    },
    /// Keeps answers, at most for so many seconds.
    Cache(Option<u32>),
    /// Answers from the rule: the type, the zones and the answer lines.
    Template {
        /// `A`, `AAAA`, `ANY` …
        kind: String,
        /// The zones it is for.
        zones: Vec<String>,
        /// What a name has to look like: a regular expression.
        matches: Option<String>,
        /// The answers, as records with templates in them.
        answers: Vec<String>,
        /// Names that do not match go on to the next plugin; else they fail.
        fallthrough: bool,
    },
    /// The block is for queries of which this expression is true.
    View {
        /// Its name.
        name: String,
        /// The expression, such as `incidr(client_ip(), '10.0.0.0/8')`.
        expression: String,
    },
    /// Listens on these addresses or interfaces alone.
    Bind(Vec<String>),
    /// Lets these networks in and nobody else.
    Allow(Vec<String>),
    /// Tells errors.
    Errors,
    /// Tells queries; of a class (`all`, `success`, `denial`, `error`) if there is one.
    Log(Option<String>),
    /// Says at this address that the process is alive.
    Health(Option<String>),
    /// Says at this address when all plugins are ready.
    Ready(Option<String>),
    /// Reads the Corefile anew when it has changed. Zone files are not looked at by this.
    Reload(Option<Duration>),
    /// Metrics at this address.
    Prometheus(Option<String>),
    /// Ends when queries go in circles.
    Loop,
    /// A line as it is, word by word.
    Other(Vec<String>),
}

/// A word that cannot be written in a Corefile.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` cannot be written in a Corefile: {1}")]
pub struct Unrepresentable(pub String, pub &'static str);

impl Server {
    /// A server of these addresses that does nothing yet.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self {
            keys: keys.into_iter().map(str::to_owned).collect(),
            plugins: Vec::new(),
        }
    }
}

impl Plugin {
    /// A zone from a file, with the defaults.
    pub fn file(path: impl Into<String>) -> Self {
        Self::File {
            path: path.into(),
            reload: None,
            fallthrough: false,
        }
    }

    /// A view for clients in these networks.
    pub fn view_of<'n>(name: &str, networks: impl IntoIterator<Item = &'n str>) -> Self {
        let tests = networks
            .into_iter()
            .map(|network| format!("incidr(client_ip(), '{network}')"));
        Self::View {
            name: name.to_owned(),
            expression: tests.collect::<Vec<_>>().join(" || "),
        }
    }
}

/// Writes a Corefile. Reading it back gives these words.
///
/// # Errors
/// A word that no quoting makes one word.
pub fn print(servers: &[Server]) -> Result<String, Unrepresentable> {
    let mut out = String::new();
    for server in servers {
        if !out.is_empty() {
            out.push('\n');
        }
        let keys = server.keys.iter().map(String::as_str);
        line(&mut out, 0, keys, true)?;
        for plugin in &server.plugins {
            write(&mut out, plugin)?;
        }
        out.push_str("}\n");
    }
    Ok(out)
}

fn write(out: &mut String, plugin: &Plugin) -> Result<(), Unrepresentable> {
    let (words, options): (Vec<String>, Vec<Vec<String>>) = lines(plugin);
    line(
        out,
        1,
        words.iter().map(String::as_str),
        !options.is_empty(),
    )?;
    if options.is_empty() {
        return Ok(());
    }
    for option in &options {
        line(out, 2, option.iter().map(String::as_str), false)?;
    }
    out.push_str("    }\n");
    Ok(())
}

/// The words of a plugin's line and of its options.
fn lines(plugin: &Plugin) -> (Vec<String>, Vec<Vec<String>>) {
    let words =
        |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let with = |first: &str, rest: &[String]| -> Vec<String> {
        std::iter::once(first.to_owned())
            .chain(rest.iter().cloned())
            .collect()
    };
    let reload =
        |every: &Option<Duration>| every.map(|every| vec!["reload".to_owned(), duration(every)]);
    let onward = |yes: bool| yes.then(|| vec!["fallthrough".to_owned()]);
    let optional = |name: &str, value: &Option<String>| {
        let value = value.as_slice();
        (with(name, value), Vec::new())
    };
    match plugin {
        Plugin::File {
            path,
            reload: every,
            fallthrough,
        } => (
            words(&["file", path]),
            reload(every)
                .into_iter()
                .chain(onward(*fallthrough))
                .collect(),
        ),
        Plugin::Auto {
            directory,
            pattern,
            origin,
            reload: every,
        } => {
            let directory = vec![
                "directory".to_owned(),
                directory.clone(),
                anchored(pattern),
                origin.clone(),
            ];
            (
                words(&["auto"]),
                std::iter::once(directory).chain(reload(every)).collect(),
            )
        }
        Plugin::Forward {
            from,
            to,
            tls_servername,
            except,
        } => {
            let mut options = Vec::new();
            if !except.is_empty() {
                options.push(with("except", except));
            }
            options.extend(
                tls_servername
                    .as_ref()
                    .map(|name| words(&["tls_servername", name])),
            );
            let mut line = words(&["forward", from]);
            line.extend(to.iter().cloned());
            (line, options)
        }
        Plugin::Cache(seconds) => optional("cache", &seconds.map(|seconds| seconds.to_string())),
        Plugin::Template {
            kind,
            zones,
            matches,
            answers,
            fallthrough,
        } => {
            let mut options: Vec<Vec<String>> = Vec::new();
            options.extend(matches.as_ref().map(|pattern| words(&["match", pattern])));
            options.extend(answers.iter().map(|answer| words(&["answer", answer])));
            options.extend(onward(*fallthrough));
            let mut line = words(&["template", "IN", kind]);
            line.extend(zones.iter().cloned());
            (line, options)
        }
        Plugin::View { name, expression } => {
            // The words of an expression are put together again with blanks.
            let expression: Vec<&str> = std::iter::once("expr")
                .chain(expression.split(' '))
                .collect();
            (words(&["view", name]), vec![words(&expression)])
        }
        Plugin::Bind(to) => (with("bind", to), Vec::new()),
        Plugin::Allow(networks) => {
            let mut allow = words(&["allow", "net"]);
            allow.extend(networks.iter().cloned());
            (words(&["acl"]), vec![allow, words(&["block"])])
        }
        Plugin::Errors => (words(&["errors"]), Vec::new()),
        Plugin::Log(None) => (words(&["log"]), Vec::new()),
        Plugin::Log(Some(class)) => (words(&["log"]), vec![words(&["class", class])]),
        Plugin::Health(address) => optional("health", address),
        Plugin::Ready(address) => optional("ready", address),
        Plugin::Reload(every) => optional("reload", &every.map(duration)),
        Plugin::Prometheus(address) => optional("prometheus", address),
        Plugin::Loop => (words(&["loop"]), Vec::new()),
        Plugin::Other(line) => (line.clone(), Vec::new()),
    }
}

fn line<'w>(
    out: &mut String,
    depth: usize,
    words: impl Iterator<Item = &'w str>,
    opens: bool,
) -> Result<(), Unrepresentable> {
    for _ in 0..depth {
        out.push_str("    ");
    }
    for (at, text) in words.enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(&word(text)?);
    }
    out.push_str(if opens { " {\n" } else { "\n" });
    Ok(())
}

/// A word as it is written: in quotes where it needs them.
fn word(text: &str) -> Result<String, Unrepresentable> {
    let bad = |why| Err(Unrepresentable(text.to_owned(), why));
    if matches!(text, "{" | "}") {
        return bad("a brace alone is one, quoted or not");
    }
    if text.contains(['\n', '\r']) {
        return bad("it holds a line break");
    }
    let plain = !text.is_empty()
        && !text.starts_with('"')
        && !text.contains(|c: char| c.is_whitespace() || c == '#');
    if plain {
        return Ok(text.to_owned());
    }
    if text.ends_with('\\') || text.contains("\\\"") {
        return bad("a backslash in front of a quote cannot be told from an escape");
    }
    Ok(format!("\"{}\"", text.replace('"', "\\\"")))
}

/// A pattern that has to match a whole name.
fn anchored(pattern: &str) -> String {
    let start = if pattern.starts_with('^') { "" } else { "^" };
    let end = if pattern.ends_with('$') { "" } else { "$" };
    format!("{start}{pattern}{end}")
}

/// A length of time as Go reads it.
fn duration(time: Duration) -> String {
    let (seconds, rest) = (time.as_secs(), time.subsec_millis());
    if rest > 0 {
        return format!("{}ms", time.as_millis());
    }
    match seconds {
        s if s > 0 && s % 3600 == 0 => format!("{}h", s / 3600),
        s if s > 0 && s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
