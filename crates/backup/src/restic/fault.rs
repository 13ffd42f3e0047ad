//! Faults of a repository, by exit codes and by what restic says.

/// What a failed command says, before it is known to which repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NoRepository,
    Exists,
    WrongPassword,
    Locked,
    Access,
    Unreachable,
    NoSpace,
    Damaged,
    NothingThere,
    NoSnapshot,
    Interrupted,
    Other,
}

/// What is said when a repository's configuration is not there. Old versions ask whether there is a
/// repository whatever went wrong when they looked.
const ABSENT: [&str; 7] = [
    "no such file or directory",
    "does not exist",
    "NoSuchKey",
    "NoSuchBucket",
    "unexpected HTTP response (404)",
    "404 Not Found",
    "not found",
];

/// Names a fault: the exit code where it says enough (restic 0.17 and later), else the text. A code
/// for "no repository" is not believed when the text tells of a refusal: a bucket that may not be
/// read looks like one that is not there.
pub(super) fn classify(code: i32, text: &str) -> Fault {
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    match code {
        11 => return Fault::Locked,
        12 => return Fault::WrongPassword,
        130 => return Fault::Interrupted,
        _ => {}
    }
    if says(&["wrong password or no key found"]) {
        Fault::WrongPassword
    } else if says(&[
        "repository is already locked",
        "unable to create lock in backend",
    ]) {
        Fault::Locked
    } else if says(&[
        "Access Denied",
        "AccessDenied",
        "access denied",
        "403 Forbidden",
        "401 Unauthorized",
        "unexpected HTTP response (403)",
        "unexpected HTTP response (401)",
        "request signature we calculated does not match",
        "Access Key Id you provided does not exist",
        "permission denied",
        "Permission denied",
    ]) {
        Fault::Access
    } else if says(&[
        "connection refused",
        "no such host",
        "i/o timeout",
        "no route to host",
        "network is unreachable",
        "TLS handshake timeout",
        "connection reset by peer",
        "unexpected HTTP response (5",
        "Internal Server Error",
        "Bad Gateway",
        "Service Unavailable",
        "Gateway Timeout",
        "Please reduce your request rate",
        "server misbehaving",
    ]) {
        Fault::Unreachable
    } else if says(&["no space left on device", "disk quota exceeded"]) {
        Fault::NoSpace
    } else if says(&[
        "config file already exists",
        "repository master key and config already initialized",
    ]) {
        Fault::Exists
    } else if code == 10
        || (says(&["Is there a repository at the following location?"]) && says(&ABSENT))
    {
        Fault::NoRepository
    } else if says(&[
        "repository contains errors",
        "ciphertext verification failed",
        "Pack ID does not match",
        "unexpected file size",
        "invalid data returned",
        "unexpected EOF",
        "not found in the index",
        "not found in index",
        "does not exist in the repository",
    ]) {
        Fault::Damaged
    } else if says(&[
        "all target directories/files do not exist",
        "all source directories/files do not exist",
    ]) {
        Fault::NothingThere
    } else if says(&[
        "no matching ID found",
        "no snapshot found",
        "snapshot for criteria not found",
        "failed to find snapshot",
    ]) {
        Fault::NoSnapshot
    } else {
        Fault::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_by_code_or_by_text() {
        for (code, text, fault) in [
            (
                1,
                "Fatal: wrong password or no key found",
                Fault::WrongPassword,
            ),
            (12, "Fatal: something else", Fault::WrongPassword),
            (11, "", Fault::Locked),
            (
                1,
                "unable to create lock in backend: repository is already locked by PID 1",
                Fault::Locked,
            ),
            (
                10,
                "Fatal: repository does not exist: unable to open config file",
                Fault::NoRepository,
            ),
            (
                10,
                "unable to open config file: Stat: Access Denied.\nIs there a repository at",
                Fault::Access,
            ),
            (
                1,
                "Fatal: unable to open config file: stat /x: no such file or directory\nIs there a repository at the following location?",
                Fault::NoRepository,
            ),
            (
                1,
                "Stat: Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused\nIs there a repository at the following location?",
                Fault::Unreachable,
            ),
            (
                1,
                "Fatal: unable to open config file: Stat: 500 Internal Server Error\nIs there a repository at the following location?",
                Fault::Unreachable,
            ),
            (
                1,
                "Fatal: unable to open config file: something new\nIs there a repository at the following location?",
                Fault::Other,
            ),
            (1, "Fatal: repository contains errors", Fault::Damaged),
            (130, "", Fault::Interrupted),
            (2, "panic: runtime error", Fault::Other),
        ] {
            assert_eq!(classify(code, text), fault, "{code} {text}");
        }
    }
}
