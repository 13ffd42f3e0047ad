//! What a drill asks a restored service.

use super::{Problem, value};

/// A question by HTTP: `http://HOST:PORT/PATH`, then, if they matter, the status and a text that has
/// to be in the answer.
///
/// ```
/// use backup::labels::HttpCheck;
///
/// let check = HttpCheck::parse("http://web:8080/orders 200 5000 orders").unwrap();
/// assert_eq!((check.host.as_str(), check.port, check.path.as_str()), ("web", 8080, "/orders"));
/// assert_eq!((check.status, check.text.as_deref()), (Some(200), Some("5000 orders")));
/// assert!(check.allows(200) && !check.allows(404));
///
/// let check = HttpCheck::parse("http://web").unwrap();
/// assert_eq!((check.port, check.path.as_str(), check.status), (80, "/", None));
/// assert!(check.allows(302) && !check.allows(500));
///
/// assert_eq!(HttpCheck::parse("SELECT 1"), None);
/// assert_eq!(HttpCheck::parse("https://web"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpCheck {
    /// Whom: the name of a service, as the other services of its project call it.
    pub host: String,
    /// The port in the container.
    pub port: u16,
    /// The path, with its query.
    pub path: String,
    /// The status that the answer has; `None` for any below 400.
    pub status: Option<u16>,
    /// What has to be in the body.
    pub text: Option<String>,
}

impl HttpCheck {
    /// Reads one; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("http://")?;
        let (address, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let at = address.find(['/', '?']).unwrap_or(address.len());
        let (authority, path) = address.split_at(at);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port != 0)?),
            None => (authority, 80),
        };
        // What could not be the name of a service could be something for a shell.
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if host.is_empty() || host.starts_with('-') || !host.chars().all(plain) {
            return None;
        }
        if !path.chars().all(|letter| letter.is_ascii_graphic()) {
            return None;
        }
        let path = path.split('#').next().unwrap_or_default();
        let rest = rest.trim();
        let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let is_status = first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_digit());
        let (status, text) = if is_status {
            (first.parse().ok(), after.trim())
        } else {
            (None, rest)
        };
        Some(Self {
            host: host.to_owned(),
            port,
            path: if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/{path}")
            },
            status,
            text: Some(text.to_owned()).filter(|text| !text.is_empty()),
        })
    }

    /// Whether an answer may have this status.
    #[must_use]
    pub fn allows(&self, status: u16) -> bool {
        match self.status {
            Some(wanted) => status == wanted,
            None => (200..400).contains(&status),
        }
    }
}

/// Each line that is an address is one question; what is between them is SQL.
pub(super) fn split(text: &str) -> Result<Vec<String>, Problem> {
    let mut all: Vec<String> = Vec::new();
    let mut sql: Vec<&str> = Vec::new();
    let text = value::text(text)?;
    for line in text.lines() {
        let line = line.trim_end();
        let start = line.trim_start();
        if start.starts_with("https://") {
            return Err(Problem::expected(
                "an address that a drill can ask: there is no proxy with certificates in one; ask the service itself, `http://SERVICE:PORT/PATH`",
            ));
        }
        if !start.starts_with("http://") {
            sql.push(line);
            continue;
        }
        if HttpCheck::parse(start).is_none() {
            return Err(Problem::expected(
                "SQL or a question such as `http://web:8080/health 200 ok`",
            ));
        }
        let before = std::mem::take(&mut sql).join("\n");
        all.extend(Some(before).filter(|sql| !sql.trim().is_empty()));
        all.push(start.to_owned());
    }
    let rest = sql.join("\n");
    all.extend(Some(rest).filter(|sql| !sql.trim().is_empty()));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_sql_are_told_apart() {
        let text = "SELECT 1\n  FROM t\nhttp://web/ 200\n\nSELECT 2\n";
        let Ok(all) = split(text) else {
            panic!("it is right")
        };
        assert_eq!(all, ["SELECT 1\n  FROM t", "http://web/ 200", "\nSELECT 2"]);
        for wrong in [
            "https://web/",
            "http://",
            "http://web:0/",
            "http://web:99999/",
            "http://$(id)/",
            "http://-x/",
            "http://web/ä",
        ] {
            assert!(split(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_text_may_begin_with_a_number() {
        let check = HttpCheck::parse("http://web:1/a?b=c#d  200  404 pages ").unwrap();
        assert_eq!((check.path.as_str(), check.status), ("/a?b=c", Some(200)));
        assert_eq!(check.text.as_deref(), Some("404 pages"));
        let check = HttpCheck::parse("http://web:1 5000 rows").unwrap();
        assert_eq!(
            (check.status, check.text.as_deref()),
            (None, Some("5000 rows"))
        );
    }
}
