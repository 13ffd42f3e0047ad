//! Values as people may see them.

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{Env, Origin, Var};

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// Shorter values are not looked for in texts.
const SHORTEST_SECRET: usize = 4;

/// Parts of names whose values are taken for secrets though nothing marks them.
const SECRET_NAMES: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "APIKEY",
    "API_KEY",
    "PRIVATE_KEY",
];

/// Endings of such names.
const SECRET_ENDINGS: &[&str] = &["_PASS", "_KEY", "_PWD", "_AUTH"];

/// The value of a variable, or the mask if it is a secret or named like one.
pub(crate) fn value<'v>(name: &str, var: &'v Var) -> &'v str {
    if var.secret || named_like_a_secret(name) {
        MASK
    } else {
        &var.value
    }
}

/// The text without the secrets of an environment. Short ones stay: they would blacken half of
/// everything.
pub(crate) fn masked(text: &str, env: &Env) -> String {
    let secrets = env.iter().filter(|(name, var)| value(name, var) == MASK);
    let secrets = secrets.map(|(_, var)| var.value.as_str());
    let lines = secrets.chain(env.hidden()).flat_map(str::lines);
    let lines = lines.map(str::trim);
    let mut lines: Vec<_> = lines.filter(|line| line.len() >= SHORTEST_SECRET).collect();
    // One that contains another goes as a whole.
    lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
    lines
        .iter()
        .fold(text.to_owned(), |text, line| text.replace(line, MASK))
}

fn named_like_a_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    // `POSTGRES_PASSWORD_FILE` names a file.
    !name.ends_with("_FILE")
        && (SECRET_NAMES.iter().any(|part| name.contains(part))
            || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// Where a variable was set, in a few words.
pub(crate) fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Process => "process".to_owned(),
        Origin::Builtin => "cast".to_owned(),
        Origin::Assigned => "set by `${…:=…}`".to_owned(),
        Origin::File(span) => span.to_string(),
        Origin::CommandLine => "command line".to_owned(),
        Origin::Task(id) => format!("task {id}"),
        _ => String::new(),
    }
}

/// A path as seen from the current directory.
pub(crate) fn path(path: &Utf8Path, from: &Utf8Path) -> Utf8PathBuf {
    match path.strip_prefix(from) {
        Ok(below) if below.as_str().is_empty() => ".".into(),
        Ok(below) => below.to_owned(),
        Err(_) => path.to_owned(),
    }
}

/// The text on one line, shortened.
pub(crate) fn one_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() {
        format!("{first} …")
    } else {
        first.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use castfile::{Env, Origin, Var};

    use super::{masked, named_like_a_secret};

    #[test]
    fn texts_lose_marked_and_named_secrets() {
        let mut env = Env::new();
        let mut set = |name: &str, value: &str, secret| {
            let value = value.to_owned();
            let origin = Origin::Process;
            env.insert(
                name,
                Var {
                    value,
                    secret,
                    origin,
                },
            );
        };
        set("MARKED", "hunter2", true);
        set("LONGER", "hunter2-and-more", true);
        set("DB_PASSWORD", "named", false);
        set("LINES", "first line\nsecond line", true);
        set("SHORT", "yes", true);
        set("PLAIN", "plain", false);
        let text = "hunter2-and-more hunter2 named yes plain second line";
        assert_eq!(masked(text, &env), "*** *** *** yes plain ***");
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "POSTGRES_PASSWORD",
            "api_token",
            "CF_API_KEY",
            "KPV_PASSWORD",
            "DB_PASS",
        ] {
            assert!(named_like_a_secret(name), "{name}");
        }
        for name in [
            "MNT_DIR",
            "POSTGRES_PASSWORD_FILE",
            "KEYBOARD",
            "PASSAGE",
            "HOME",
        ] {
            assert!(!named_like_a_secret(name), "{name}");
        }
    }
}
