//! What is changed in a dump as it is loaded.

use std::io::{BufRead as _, BufReader, Read};

use bytes::Bytes;
use tokio::sync::mpsc;

/// What is changed in a dump as it is loaded.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Nothing,
    /// Roles that exist already are not made again; in a drill, who loads keeps their password.
    PostgreSql {
        drill: bool,
        user: Option<String>,
    },
    /// The first line of MariaDB's dumps, which MySQL's client does not understand, goes.
    MySql,
}

/// Sends a dump on, with what is to be changed in it changed.
pub(super) fn edited(
    from: impl Read,
    edit: &Edit,
    to: &mpsc::Sender<Bytes>,
) -> std::io::Result<()> {
    let mut from = BufReader::with_capacity(256 * 1024, from);
    let send = |bytes: Vec<u8>| to.blocking_send(Bytes::from(bytes)).is_ok();
    match edit {
        Edit::Nothing => {}
        Edit::MySql => {
            let mut line = Vec::new();
            from.read_until(b'\n', &mut line)?;
            if !line.starts_with(b"/*M!999999") && !send(line) {
                return Ok(());
            }
        }
        Edit::PostgreSql { drill, user } => {
            // Roles stand before the first database.
            let mut line = Vec::new();
            loop {
                line.clear();
                if from.read_until(b'\n', &mut line)? == 0 {
                    return Ok(());
                }
                let last = line.starts_with(b"\\connect ")
                    || line.starts_with(b"COPY ")
                    || line.starts_with(b"-- Databases");
                let text = role(&line, *drill, user.as_deref()).unwrap_or_else(|| line.clone());
                if !send(text) {
                    return Ok(());
                }
                if last {
                    break;
                }
            }
        }
    }
    loop {
        let mut piece = vec![0; 64 * 1024];
        let read = from.read(&mut piece)?;
        piece.truncate(read);
        if read == 0 || !send(piece) {
            return Ok(());
        }
    }
}

/// A statement about a role, changed; `None` if it stays as it is.
fn role(line: &[u8], drill: bool, user: Option<&str>) -> Option<Vec<u8>> {
    let line = std::str::from_utf8(line).ok()?;
    if let Some(name) = line.strip_prefix("CREATE ROLE ") {
        let name = name.trim_end().strip_suffix(';')?;
        // Plain SQL: newer dumps forbid commands of the client.
        return Some(
            format!("DO $labbackup$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;\n")
                .into_bytes(),
        );
    }
    let rest = line.strip_prefix("ALTER ROLE ").filter(|_| drill)?;
    let (name, _) = rest.split_once(' ')?;
    let own = user.unwrap_or("postgres");
    if name.trim_matches('"') != own {
        return None;
    }
    let (before, _) = line.split_once(" PASSWORD '")?;
    Some(format!("{before};\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(edit: &Edit, text: &str) -> String {
        let (send, mut receive) = mpsc::channel(1024);
        edited(text.as_bytes(), edit, &send).unwrap();
        drop(send);
        let mut all = Vec::new();
        while let Ok(piece) = receive.try_recv() {
            all.extend_from_slice(&piece);
        }
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn roles_are_made_unless_they_are_there() {
        let text = "CREATE ROLE postgres;\nALTER ROLE postgres WITH SUPERUSER PASSWORD 'SCRAM-SHA-256$x';\n\
                    CREATE ROLE \"it's \"\"me\"\"\";\nALTER ROLE app WITH LOGIN PASSWORD 'y';\n\\connect shop\nCREATE ROLE inside;\n";
        let edit = |drill| Edit::PostgreSql { drill, user: None };
        insta::assert_snapshot!(passed(&edit(true), text), @r#"
        DO $labbackup$ BEGIN CREATE ROLE postgres; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;
        ALTER ROLE postgres WITH SUPERUSER;
        DO $labbackup$ BEGIN CREATE ROLE "it's ""me"""; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;
        ALTER ROLE app WITH LOGIN PASSWORD 'y';
        \connect shop
        CREATE ROLE inside;
        "#);
        assert!(passed(&edit(false), text).contains("ALTER ROLE postgres WITH SUPERUSER PASSWORD"));
    }

    #[test]
    fn the_first_line_of_a_sandboxed_dump_goes() {
        assert_eq!(
            passed(
                &Edit::MySql,
                "/*M!999999\\- enable the sandbox mode */ \n-- x\n"
            ),
            "-- x\n"
        );
        assert_eq!(passed(&Edit::MySql, "-- x\n"), "-- x\n");
    }
}
