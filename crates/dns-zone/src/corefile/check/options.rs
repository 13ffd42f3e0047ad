//! Plugins by themselves.

use yaml_tree::Diagnostic;

use super::super::{Address, Directive, Word};
use super::Seen;

/// What is wrong with the lines of a block.
pub(super) fn lines(lines: &[Directive], found: &mut Vec<Diagnostic>) {
    let mut forwards = Seen::default();
    for line in lines {
        match line.name.text.as_str() {
            "file" => file(line, found),
            "auto" => auto(line, found),
            "forward" => {
                forward(line, found);
                if let Some(from) = line.arguments.first()
                    && let Some(first) = forwards.first(
                        from.text.to_lowercase().trim_end_matches('.').to_owned(),
                        from,
                    )
                {
                    found.push(
                        Diagnostic::error(
                            "corefile::forward-twice",
                            format!("queries for `{}` are forwarded already", from.text),
                        )
                        .primary(from.span.clone(), "")
                        .secondary(first.span.clone(), "the first one"),
                    );
                }
            }
            "cache" => cache(line, found),
            "view" => view(line, found),
            "template" => needs(
                line,
                2,
                "a class and a type, such as `template IN A`",
                found,
            ),
            "reload" => times(line, found),
            "bind" => needs(line, 1, "an address or an interface", found),
            "import" | "errors" | "log" => {}
            _ => {}
        }
    }
}

fn missing(line: &Directive, what: &str, found: &mut Vec<Diagnostic>) {
    let message = format!("`{}` needs {what}", line.name.text);
    found.push(
        Diagnostic::error("corefile::missing-argument", message)
            .primary(line.name.span.clone(), ""),
    );
}

fn needs(line: &Directive, count: usize, what: &str, found: &mut Vec<Diagnostic>) {
    if line.arguments.len() < count {
        missing(line, what, found);
    }
}

fn bad(word: &Word, message: impl Into<String>, found: &mut Vec<Diagnostic>) {
    found.push(Diagnostic::error("corefile::bad-value", message).primary(word.span.clone(), ""));
}

/// Options that are not among those of the plugin.
fn known_options(line: &Directive, known: &[&str], found: &mut Vec<Diagnostic>) {
    for option in line.body.iter().flatten() {
        let name = &option.name;
        if known.contains(&name.text.as_str()) || name.text == "import" || name.has_variable() {
            continue;
        }
        let message = format!("`{}` has no option `{}`", line.name.text, name.text);
        let one = Diagnostic::error("corefile::bad-value", message).primary(name.span.clone(), "");
        found.push(
            match yaml_tree::nearest(&name.text, known.iter().copied()) {
                Some(near) => one.fix(format!("did you mean `{near}`?"), name.span.clone(), near),
                None => one.help(format!("known are `{}`", known.join("`, `"))),
            },
        );
    }
}

fn file(line: &Directive, found: &mut Vec<Diagnostic>) {
    needs(line, 1, "the path of a zone file", found);
    known_options(
        line,
        &["reload", "reload_by_mtime", "fallthrough", "upstream"],
        found,
    );
    reload(line, found);
    if let Some(option) = line.option("reload_by_mtime") {
        found.push(
            Diagnostic::warning("corefile::reload-by-mtime", "`reload_by_mtime` loads the zone at every look once the file has changed, and tells the secondaries each time")
                .primary(option.name.span.clone(), "")
                .help("leave it out; a raised serial is what makes CoreDNS load a zone anew"),
        );
    }
}

/// `reload DURATION` in the braces of `file` and `auto`.
fn reload(line: &Directive, found: &mut Vec<Diagnostic>) {
    let Some(option) = line.option("reload") else {
        return;
    };
    let Some(time) = option.arguments.first() else {
        missing(option, "a length of time, such as `30s`", found);
        return;
    };
    match go_duration(&time.text) {
        None if !time.has_variable() => {
            bad(
                time,
                format!("`{}` is no length of time; write `30s` or `1m`", time.text),
                found,
            );
        }
        Some(0.0) => found.push(
            Diagnostic::warning(
                "corefile::no-zone-reload",
                "with `reload 0` the zone is read at the start and never again",
            )
            .primary(time.span.clone(), ""),
        ),
        _ => {}
    }
}

fn auto(line: &Directive, found: &mut Vec<Diagnostic>) {
    known_options(line, &["directory", "reload", "upstream"], found);
    reload(line, found);
    let Some(directory) = line.option("directory") else {
        missing(line, "`directory DIR` in its braces", found);
        return;
    };
    let unanchored = |place: &Word, what: &str| {
        Diagnostic::warning(
            "corefile::unanchored-auto",
            format!("{what} is found anywhere in the name of a file, so that `db.home.arpa.bak` and temporary files become zones"),
        )
        .primary(place.span.clone(), "")
    };
    match directory.arguments.as_slice() {
        [] => missing(directory, "a directory", found),
        [_] => found.push(
            unanchored(
                &directory.name,
                "the pattern that stands for none, `db\\.(.*)`,",
            )
            .help(
                "write `directory DIR ^db\\.([a-z0-9.-]+)\\.zone$ {1}` with the end of your files",
            ),
        ),
        [_, pattern] => missing(
            directory,
            &format!(
                "the zone of a file behind the pattern `{}`, such as `{{1}}`",
                pattern.text
            ),
            found,
        ),
        [_, pattern, ..] => {
            if pattern.has_variable() {
                return;
            }
            if !has_group(&pattern.text) {
                let message = format!(
                    "there is no group in `{}` that the zone could be taken from",
                    pattern.text
                );
                found.push(
                    Diagnostic::error("corefile::auto-group", message)
                        .primary(pattern.span.clone(), ""),
                );
            }
            let ends = pattern.text.ends_with('$') && !pattern.text.ends_with("\\$")
                || pattern.text.ends_with("\\z");
            let starts = pattern.text.starts_with('^') || pattern.text.starts_with("\\A");
            if !(starts && ends) {
                let start = if starts { "" } else { "^" };
                let end = if ends { "" } else { "$" };
                let whole = format!("{start}{}{end}", pattern.text);
                let written = if pattern.quoted {
                    format!("\"{}\"", whole.replace('"', "\\\""))
                } else {
                    whole
                };
                found.push(unanchored(pattern, "the pattern").fix(
                    "take whole names alone",
                    pattern.span.clone(),
                    written,
                ));
            }
            if let Some(fourth) = directory.arguments.get(3) {
                bad(
                    fourth,
                    "`directory` takes a directory, a pattern and a zone",
                    found,
                );
            }
        }
    }
}

/// Whether a regular expression has a group that captures.
fn has_group(pattern: &str) -> bool {
    let mut escaped = false;
    let mut class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class
                && (chars.next_if_eq(&'?').is_none()
                    || chars.peek().is_some_and(|c| matches!(c, 'P' | '<'))) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

fn forward(line: &Directive, found: &mut Vec<Diagnostic>) {
    let [from, to @ ..] = line.arguments.as_slice() else {
        missing(
            line,
            "a zone and where to send its queries, such as `forward . 9.9.9.9`",
            found,
        );
        return;
    };
    if to.is_empty() && line.body.is_none() {
        missing(line, "where to send the queries", found);
    }
    if let Some(one) = to.get(15) {
        bad(one, "`forward` takes fifteen servers at most", found);
    }
    if let Ok(zones) = Address::read(&from.text)
        && zones.len() > 1
    {
        let message = format!(
            "of the {} zones of `{}` CoreDNS takes the first alone",
            zones.len(),
            from.text
        );
        found.push(
            Diagnostic::warning("corefile::forward-network", message)
                .primary(from.span.clone(), "")
                .help("write one `forward` for each of them"),
        );
    }
    for server in to.iter().filter(|server| !server.has_variable()) {
        if let Some((scheme, _)) = server.text.split_once("://")
            && !matches!(scheme, "dns" | "tls" | "https" | "quic")
        {
            bad(
                server,
                format!("`{scheme}` is no transport of `forward`"),
                found,
            );
        }
    }
}

fn cache(line: &Directive, found: &mut Vec<Diagnostic>) {
    // `cache [TTL] [ZONES…]`: a number is a time.
    if let Some(first) = line.arguments.first()
        && let Ok(seconds) = first.text.parse::<i64>()
        && seconds <= 0
    {
        bad(first, "the time must be more than 0 seconds", found);
    }
}

fn view(line: &Directive, found: &mut Vec<Diagnostic>) {
    needs(line, 1, "a name", found);
    match line.option("expr") {
        None => missing(line, "`expr EXPRESSION` in its braces", found),
        Some(option) if option.arguments.is_empty() => missing(option, "an expression", found),
        Some(_) => {}
    }
}

/// `reload [INTERVAL] [JITTER]`.
fn times(line: &Directive, found: &mut Vec<Diagnostic>) {
    for (word, least) in line.arguments.iter().zip([2.0, 1.0]) {
        match go_duration(&word.text) {
            None if !word.has_variable() && word.text != "off" => {
                bad(
                    word,
                    format!("`{}` is no length of time; write `30s` or `1m`", word.text),
                    found,
                );
            }
            Some(seconds) if seconds < least && seconds != 0.0 => {
                bad(
                    word,
                    format!("`{}` is too short: at least {least} s", word.text),
                    found,
                );
            }
            _ => {}
        }
    }
}

/// Seconds of a length of time as Go writes it; `None` if it is none, or negative.
fn go_duration(text: &str) -> Option<f64> {
    if text == "0" {
        return Some(0.0);
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let (unit, size) = [
            ("ns", 1e-9),
            ("us", 1e-6),
            ("µs", 1e-6),
            ("ms", 1e-3),
            ("s", 1.0),
            ("m", 60.0),
            ("h", 3600.0),
        ]
        .into_iter()
        .find(|(unit, _)| {
            rest.strip_prefix(unit)
                .is_some_and(|after| !after.starts_with(|c: char| c.is_alphabetic()))
        })?;
        seconds += number * size;
        rest = &rest[unit.len()..];
    }
    Some(seconds)
}
