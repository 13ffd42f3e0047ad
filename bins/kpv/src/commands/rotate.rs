//! `kpv rotate`: a new value, and a program that takes it over.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

use nix::sys::signal::{SigSet, Signal};
use serde_json::json;
use vault::{OsRandom, Rules, SaveOptions, Secret, Vault};

use super::value;
use crate::args::{Generation, RotateArgs};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Gives a secret a new value. The vault has it before the hook runs, so that whatever happens to
/// the hook, the value it may have put into a service is known; when the hook fails, the old value
/// comes back, and the new one stays in the history.
pub(crate) fn rotate(args: &RotateArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let key = args.key.one()?;
    let named = value::of(&args.source, session, ui)?.filter(|value| !value.is_empty());
    let mut vault = session.open(ui)?;
    let entry = vault.entry(key)?;
    let (key, old) = (entry.key().to_string(), entry.password());
    let new = match named {
        Some(value) => value,
        None => like(&args.generation, &old).generate(&mut OsRandom)?,
    };
    if new == old {
        return Err(Failure::new(format!(
            "the new value of `{key}` is the old one"
        )));
    }
    vault.set(&key, new.clone())?;
    session.save(&mut vault, ui)?;
    if let Some(hook) = &args.hook {
        ui.io.flush();
        // A Ctrl-C is for the hook: this process has to stay, to take the change back.
        let signals: SigSet = [
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGQUIT,
        ]
        .into_iter()
        .collect();
        let blocked = signals.thread_block();
        let outcome = run(hook, &key, &old, &new, session);
        let failure = match outcome {
            Ok(status) if status.success() => None,
            Ok(status) => Some(Failure::new(format!("the hook {}", describe(status)))),
            Err(error) => Some(Failure::new(format!("the hook cannot be run: {error}"))),
        };
        if let Some(failure) = failure {
            let failure = roll_back(&mut vault, &key, &session.save_options(), failure);
            return Err(failure);
        }
        if blocked.is_ok() {
            // one that came meanwhile takes effect now, when all is done
            let _unblocked = signals.thread_unblock();
        }
    }
    ui.ok(format!(
        "{key} has a new value; `kpv undo {key}` brings the old one back"
    ));
    Ok(exit::DONE)
}

/// As the options say; where they say nothing, as long as the old value but not shorter than usual,
/// and without symbols if it had none: what uses it may not take them.
fn like(options: &Generation, old: &Secret) -> Rules {
    let mut rules = options.rules();
    let old = old.expose();
    if options.size.is_none() {
        rules.size = rules.size.max(old.chars().count()).min(128);
    }
    let has_symbols = old.is_empty() || old.contains(|char: char| !char.is_alphanumeric());
    if !has_symbols && options.special.is_none() {
        rules.symbols.clear();
    }
    rules
}

fn roll_back(vault: &mut Vault, key: &str, options: &SaveOptions, failure: Failure) -> Failure {
    let undone = vault.undo(key).and_then(|()| vault.save(options));
    match undone {
        Ok(_) => failure.help(format!(
            "`{key}` has its old value; the new one is in its history: `kpv undo {key}` brings it"
        )),
        Err(error) => failure.help(format!(
            "`{key}` could not be given its old value ({error}); `kpv undo {key}` does it"
        )),
    }
}

/// Runs the hook in a shell, with the values in its environment and on its standard input.
fn run(
    hook: &str,
    key: &str,
    old: &Secret,
    new: &Secret,
    session: &Session<'_>,
) -> std::io::Result<ExitStatus> {
    let mut child = Command::new("sh")
        .args(["-c", hook])
        .env_remove("KPV_PASSWORD")
        .env_remove("KPV_MASTER_PASSWORD")
        .env("KPV_KEY", key)
        .env("KPV_OLD_VALUE", old.expose())
        .env("KPV_NEW_VALUE", new.expose())
        .current_dir(&session.world.dir)
        .stdin(Stdio::piped())
        .spawn()?;
    let text = Secret::from(format!(
        "{}\n",
        json!({"key": key, "old": old.expose(), "new": new.expose()})
    ));
    if let Some(mut input) = child.stdin.take() {
        // a hook that does not read is none the worse
        let _unread = input.write_all(text.expose().as_bytes());
    }
    child.wait()
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "did not end".to_owned(),
    }
}
