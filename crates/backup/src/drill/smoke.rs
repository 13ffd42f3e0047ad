//! What restored services are asked: databases by SQL, applications by HTTP.

use std::net::IpAddr;
use std::time::Duration;

use engine::{Command, Endpoint, Filter};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};

use super::LABEL;
use super::place::Place;
use super::report::Check;
use crate::Error;
use crate::discovery::Kind;
use crate::dump::Access;
use crate::labels::HttpCheck;
use crate::manifest::{Databases, Manifest};
use crate::recipe::{libpq, quoted};

/// Asks a database what its service wants to be asked.
pub(super) async fn sql(
    access: &Access<'_>,
    manifest: &Manifest,
    expected: &Databases,
    question: &str,
) -> Check {
    let own = ["template0", "template1", "postgres", ""];
    let named = manifest
        .database
        .as_deref()
        .or(manifest.variables.get("POSTGRES_DB").map(String::as_str));
    let named = named.or(manifest.variables.get("MYSQL_DATABASE").map(String::as_str));
    let named = named.or(manifest
        .variables
        .get("MARIADB_DATABASE")
        .map(String::as_str));
    let only = expected
        .keys()
        .map(String::as_str)
        .find(|name| !own.contains(name));
    let database = named.or(only);
    let script = match access.kind {
        Kind::PostgreSql => format!(
            "psql -X -At -v ON_ERROR_STOP=1 --no-password --username \"$u\" --dbname {}",
            libpq(database.unwrap_or("postgres"))
        ),
        Kind::MySql | Kind::MariaDb => format!(
            "if command -v mariadb >/dev/null 2>&1; then c=mariadb; else c=mysql; fi; \"$c\" --user=\"$u\" -NB {}",
            database
                .map(|name| format!("--database={}", quoted(name)))
                .unwrap_or_default()
        ),
        Kind::Redis => "\"$@\"".to_owned(),
        Kind::MsSql => "q -h -1 -W -i /dev/stdin".to_owned(),
        _ => {
            return Check::failed(
                question,
                "an answer",
                format!("{} cannot be asked in a drill", access.kind),
            );
        }
    };
    match access.script(&script, &format!("{question}\n")).await {
        Ok(answer) if answer.trim().is_empty() => Check::failed(question, "an answer", "nothing"),
        Ok(_) => Check::passed(question),
        Err(error) => Check::failed(question, "an answer", error.to_string()),
    }
}

/// How long an application may take until it answers at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may give another answer than it should: some answer before they are ready.
const WARM_UP: Duration = Duration::from_secs(10);

/// How long one answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// As much of an answer is looked at.
const MOST: usize = 4 << 20;

/// Sends what it reads to `$1`, port `$2`, and prints what comes back, with whatever the image has. No
/// connection is half closed: servers take that for the end of whoever asked. 125 says that there is no
/// program for it.
const RELAY: &str = r#"
if command -v bash >/dev/null 2>&1; then
    exec bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat >&3 && cat <&3' "$1" "$2"
fi
for python in python3 python; do if command -v "$python" >/dev/null 2>&1; then
    exec "$python" -c 'import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 20)
s.sendall(sys.stdin.buffer.read())
while True:
    piece = s.recv(65536)
    if not piece: break
    sys.stdout.buffer.write(piece)' "$1" "$2"
fi; done
if command -v perl >/dev/null 2>&1 && perl -MIO::Socket::INET -e 1 2>/dev/null; then
    exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 20) or die "$@\n";
local $/; print $s <STDIN>; $s->flush; print <$s>' "$1" "$2"
fi
for nc in 'busybox nc' nc; do if command -v ${nc%% *} >/dev/null 2>&1; then
    { cat; sleep 3; } | $nc "$1" "$2"
    exit
fi; done
exit 125
"#;

/// Asks by HTTP until the answer is right, or it has had its time. `first` is the container of who is
/// asked for: the request is made in it if it has a program for that, else in another one of the place,
/// and from here where none of them has.
pub(super) async fn http(place: &Place<'_>, first: &str, service: &str, question: &str) -> Check {
    let Some(check) = HttpCheck::parse(question) else {
        return Check::failed(question, "an answer", "this is no question by HTTP");
    };
    let expected = match (&check.status, &check.text) {
        (Some(status), Some(text)) => format!("status {status} and `{text}`"),
        (Some(status), None) => format!("status {status}"),
        (None, Some(text)) => format!("an answer with `{text}`"),
        (None, None) => "a status below 400".to_owned(),
    };
    let mut end = Instant::now() + PATIENCE;
    let mut answers = false;
    loop {
        let found = match ask(place, first, service, &check).await {
            Ok(answer) => match judge(&check, &answer) {
                Ok(()) => return Check::passed(question),
                Err(found) => {
                    if !answers {
                        answers = true;
                        end = end.min(Instant::now() + WARM_UP);
                    }
                    found
                }
            },
            Err(error) => error.to_string(),
        };
        let runs = place.engine.details(first).await;
        let runs = runs.is_ok_and(|details| details.running);
        if !runs || Instant::now() > end {
            let said = place.last_words(first).await;
            let said = said.map_or(String::new(), |said| {
                format!("; the container says: {said}")
            });
            let ended = if runs {
                ""
            } else {
                "; the container has ended"
            };
            return Check::failed(question, expected, format!("{found}{ended}{said}"));
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// Whether an answer is right; else what it is instead.
fn judge(check: &HttpCheck, answer: &[u8]) -> Result<(), String> {
    let head = answer.strip_prefix(b"HTTP/1.").unwrap_or_default();
    let status = head
        .get(2..5)
        .and_then(|digits| std::str::from_utf8(digits).ok());
    let Some(status) = status.and_then(|digits| digits.parse().ok()) else {
        return Err(if answer.is_empty() {
            "nothing".to_owned()
        } else {
            "something that is no answer by HTTP".to_owned()
        });
    };
    if !check.allows(status) {
        return Err(format!("status {status}"));
    }
    let Some(wanted) = &check.text else {
        return Ok(());
    };
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = body.map_or(&answer[..0], |at| &answer[at + 4..]);
    if memchr::memmem::find(body, wanted.as_bytes()).is_some() {
        Ok(())
    } else {
        Err(format!("status {status}, without that text"))
    }
}

/// One request, and all that is answered.
async fn ask(
    place: &Place<'_>,
    first: &str,
    service: &str,
    check: &HttpCheck,
) -> Result<Vec<u8>, Error> {
    let request = format!(
        "GET {} HTTP/1.0\r\nHost: {}:{}\r\nUser-Agent: labbackup-drill\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        check.path, check.host, check.port
    );
    let own = matches!(check.host.as_str(), "localhost" | "127.0.0.1");
    let filter = Filter::default().label(format!("{LABEL}={}", place.target));
    let containers = place.engine.containers(&filter).await?;
    let others = containers.iter().filter(|other| other.id != first);
    let from: Vec<&str> = std::iter::once(first)
        .chain(others.map(|other| other.id.as_str()))
        .collect();
    for container in from {
        let host = if own && container != first {
            service
        } else {
            &check.host
        };
        let command = Command::new(["sh", "-c", RELAY, "sh", host, &check.port.to_string()]);
        let run = place
            .engine
            .run(container, &command, request.as_bytes(), MOST);
        let printed = match timeout(LIMIT, run).await {
            Ok(Ok(printed)) => printed,
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                return Err(Error::TimedOut {
                    what: "the answer".to_owned(),
                    after: LIMIT,
                });
            }
        };
        match printed.code {
            // No shell, or nothing that it could use.
            125..=127 if printed.stdout.is_empty() => {}
            _ if !printed.stdout.is_empty() => return Ok(printed.stdout),
            0 => return Ok(Vec::new()),
            code => {
                return Err(Error::Exit {
                    what: "the request".to_owned(),
                    code,
                    stderr: printed.stderr,
                });
            }
        }
    }
    let named = |name: &str| {
        let mut found = containers.iter().filter(|container| {
            container.id == first && (own || name == service)
                || container
                    .networks
                    .values()
                    .any(|network| network.aliases.iter().any(|alias| alias == name))
        });
        found.find_map(|container| {
            container
                .networks
                .values()
                .find_map(|network| network.ipv4.or(network.ipv6))
        })
    };
    match (place.engine.endpoint(), named(&check.host)) {
        (Endpoint::Socket(_), Some(address)) => {
            let answer = timeout(LIMIT, direct(address, check.port, request.as_bytes())).await;
            let late = || std::io::Error::from(std::io::ErrorKind::TimedOut);
            answer
                .unwrap_or_else(|_| Err(late()))
                .map_err(|error| Error::file("ask", check.host.as_str(), error))
        }
        _ => Err(Error::Refused {
            why: "no container of the drill has a program that can ask (bash, python, perl or nc)"
                .to_owned(),
        }),
    }
}

async fn direct(address: IpAddr, port: u16, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = tokio::net::TcpStream::connect((address, port)).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    stream.take(MOST as u64).read_to_end(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_status_and_text() {
        let found = |question: &str, answer: &str| {
            let check = HttpCheck::parse(question).unwrap();
            judge(&check, answer.as_bytes()).map_or_else(|found| found, |()| "right".to_owned())
        };
        let ok = "HTTP/1.1 200 OK\r\nX-Text: hidden\r\n\r\n50 orders\n";
        assert_eq!(found("http://a", ok), "right");
        assert_eq!(found("http://a 200 50 orders", ok), "right");
        assert_eq!(found("http://a 204", ok), "status 200");
        assert_eq!(
            found("http://a hidden", ok),
            "status 200, without that text"
        );
        assert_eq!(found("http://a", "HTTP/1.0 500 no\r\n\r\n"), "status 500");
        assert_eq!(found("http://a", "HTTP/1.1 302 Found"), "right");
        assert_eq!(found("http://a", ""), "nothing");
        for odd in ["SSH-2.0", "HTTP/1.1 ", "HTTP/1.1 abc", "HTTP/1.1 2"] {
            assert_eq!(
                found("http://a", odd),
                "something that is no answer by HTTP"
            );
        }
    }
}
