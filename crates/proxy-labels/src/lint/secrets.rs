//! Secrets that anybody who may look at containers can read.

use crate::{Container, Finding};

/// Looks for passwords in the labels of one container. Values are never repeated.
pub(super) fn check(container: &Container, found: &mut Vec<Finding>) {
    for (key, value) in &container.labels {
        let lower = key.to_ascii_lowercase();
        if !lower.starts_with("traefik.") {
            continue;
        }
        if lower.ends_with(".basicauth.users") {
            for user in value
                .split(',')
                .map(str::trim)
                .filter(|user| !user.is_empty())
            {
                users(container, key, user, found);
            }
        } else if lower.ends_with(".redis.password") && !value.is_empty() {
            let message =
                "a password in a label can be read by everybody who may look at containers";
            found.push(
                Finding::warning("labels::TRF027", message)
                    .on(&container.name)
                    .key(key),
            );
        }
    }
}

fn users(container: &Container, key: &str, user: &str, found: &mut Vec<Finding>) {
    let Some((name, hash)) = user.split_once(':') else {
        let message = "a user is written `name:hash`";
        found.push(
            Finding::error("labels::TRF027", message)
                .on(&container.name)
                .value(key),
        );
        return;
    };
    let hash = hash.replace("$$", "$");
    let known = ["$2a$", "$2b$", "$2y$", "$apr1$", "{SHA}"];
    if known.iter().any(|start| hash.starts_with(start)) {
        return;
    }
    let message = if hash.starts_with('$') {
        format!("Traefik does not know the hash of user `{name}`")
    } else {
        format!(
            "the password of user `{name}` is not hashed; it is readable, and Traefik lets nobody in with it"
        )
    };
    found.push(
        Finding::warning("labels::TRF027", message)
            .on(&container.name)
            .value(key)
            .help(
                "hash it with `htpasswd -nB NAME`; better, keep it out of labels with `usersfile`",
            ),
    );
}
