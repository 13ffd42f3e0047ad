//! Labels of other programs, read as what they mean here.

use yaml_tree::Diagnostic;

use super::{Label, Labels, Reader, Stop, value};
use crate::kind::Kind;

const VOLUME_BACKUP: &str = "docker-volume-backup.";
const STACKS: [&str; 2] = ["stack-back.", "restic-compose-backup."];

pub(super) fn read(reader: &mut Reader<'_>, labels: &Labels) {
    for (key, label) in labels {
        if let Some(rest) = key.strip_prefix(VOLUME_BACKUP) {
            volume_backup(reader, rest, key, label);
        } else if let Some(rest) = STACKS.iter().find_map(|prefix| key.strip_prefix(prefix)) {
            stack(reader, rest, key, label);
        } else {
            continue;
        }
        reader.settings.aliases.push(key.clone());
    }
    let stops = labels.get("docker-volume-backup.stop-during-backup");
    let stays = labels.get("docker-volume-backup.stop-during-backup-no-restart");
    if let (Some(_), Some(label)) = (stops, stays) {
        let found = Diagnostic::error(
            "backup::stop",
            format!(
                "`{}` has both `docker-volume-backup.stop-during-backup` and `…-no-restart`",
                reader.subject
            ),
        );
        reader.report(found.help("keep one of the two"), label);
    }
}

/// offen/docker-volume-backup 2.48. A value of `stop-during-backup` other than `true` names one of
/// several schedules there; any of them stops here.
fn volume_backup(reader: &mut Reader<'_>, rest: &str, key: &str, label: &Label) {
    let command = || Some(label.value.clone()).filter(|text| !text.trim().is_empty());
    match rest {
        "stop-during-backup" => {
            let off = value::boolean(&label.value).is_ok_and(|on| !on);
            reader.settings.stop = (!off).then_some(Stop::Stop);
        }
        "stop-during-backup-no-restart" => {
            reader.settings.stop = Some(Stop::Stop);
            let found = Diagnostic::warning(
                "backup::alias",
                format!(
                    "`{}`: `{key}` is read as a stop with a start after it",
                    reader.subject
                ),
            );
            reader.report(
                found.help("a container that ran before a backup runs after it"),
                label,
            );
        }
        "archive-pre" | "exec-pre" => reader.settings.pre = command(),
        "archive-post" | "exec-post" => reader.settings.post = command(),
        "archive-pre.user" | "archive-post.user" => reader.settings.hook_user = command(),
        _ => unsupported(reader, key, label),
    }
}

/// lawndoc/stack-back 1.5, and ZettaIO/restic-compose-backup 0.7, from which it comes.
fn stack(reader: &mut Reader<'_>, rest: &str, key: &str, label: &Label) {
    let kind = match rest {
        "postgres" => Some(Kind::PostgreSql),
        "mysql" => Some(Kind::MySql),
        "mariadb" => Some(Kind::MariaDb),
        _ => None,
    };
    if let Some(kind) = kind {
        match value::boolean(&label.value) {
            Ok(true) => reader.settings.engine = Some(Some(kind)),
            Ok(false) => reader.settings.enable = Some(false),
            Err(_) => not_boolean(reader, key, label),
        }
        return;
    }
    match rest {
        "volumes" => match value::boolean(&label.value) {
            Ok(on) => reader.settings.volumes = Some(on),
            Err(_) => not_boolean(reader, key, label),
        },
        "volumes.include" => {
            reader.settings.include = value::list(&label.value).unwrap_or_default();
        }
        "volumes.exclude" => {
            reader.settings.exclude = value::list(&label.value).unwrap_or_default();
        }
        "volumes.stop-during-backup" => match value::boolean(&label.value) {
            Ok(on) => reader.settings.stop = on.then_some(Stop::Stop),
            Err(_) => not_boolean(reader, key, label),
        },
        // marks of their own process containers
        rest if rest.starts_with("process-") => {}
        _ => unsupported(reader, key, label),
    }
}

fn not_boolean(reader: &mut Reader<'_>, key: &str, label: &Label) {
    let found = Diagnostic::warning(
        "backup::alias",
        format!(
            "`{}` has `{key}={}`, which is neither `true` nor `false`",
            reader.subject, label.value
        ),
    );
    reader.report(found, label);
}

fn unsupported(reader: &mut Reader<'_>, key: &str, label: &Label) {
    let found = Diagnostic::warning(
        "backup::alias",
        format!(
            "`{}`: the label `{key}` has no counterpart here",
            reader.subject
        ),
    );
    reader.report(found, label);
}
