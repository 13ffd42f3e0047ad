//! `kpv import` and `kpv sync`: secrets from JSON.

use vault::{Item, OsRandom, Outcome, parse_exchange};
use yaml_tree::Diagnostic;

use super::init;
use crate::args::{ImportArgs, SyncArgs};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::file;
use crate::session::Session;
use crate::ui::Ui;

/// Puts secrets into the vault. The document is checked as a whole before anything is written;
/// secrets that have neither a value nor leave to make one are told, and the rest goes in.
pub(crate) fn import(args: &ImportArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let items = items(args, session, ui)?;
    let mut vault = init::open_or_create(args.create, session, ui)?;
    let outcomes = vault::import(&mut vault, items, &mut OsRandom);
    session.save(&mut vault, ui)?;
    Ok(report(&outcomes, false, ui))
}

/// Brings the vault to what the document says, or says what that would do.
pub(crate) fn sync(args: &SyncArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let items = items(&args.import, session, ui)?;
    let mut vault = if args.dry_run {
        session.open(ui)?
    } else {
        init::open_or_create(args.import.create, session, ui)?
    };
    let outcomes = vault::sync(&mut vault, items, &mut OsRandom);
    if !args.dry_run {
        session.save(&mut vault, ui)?;
    }
    Ok(report(&outcomes, args.dry_run, ui))
}

fn items(args: &ImportArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<Vec<Item>> {
    let name = args.source.file.as_deref().filter(|path| *path != "-");
    let bytes = match name {
        Some(path) => file::bytes(session, path)?,
        None => file::input(session, ui)?,
    };
    let name = name.map_or("<stdin>", |path| path.as_str());
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("`{name}` is not UTF-8 text")))?;
    let items = parse_exchange(&text, args.strict).map_err(|errors| {
        let found = errors.iter().map(|error| match error {
            // the text is not shown: it is full of secrets
            vault::ExchangeError::Syntax { line, column } => {
                Diagnostic::error("kpv::json", format!("{name}:{line}:{column}: not JSON"))
            }
            error => Diagnostic::error("kpv::json", format!("{name}: {error}")),
        });
        Failure::found(found.collect())
    })?;
    for item in items.iter().filter(|item| !item.unknown.is_empty()) {
        let unknown: Vec<_> = item
            .unknown
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        ui.warn(format!(
            "`{}`: {} not known, and passed over",
            item.key,
            unknown.join(", ")
        ));
    }
    Ok(items)
}

/// Says what became of each secret, and counts.
fn report(outcomes: &[(String, Outcome)], is_dry: bool, ui: &mut Ui<'_, '_>) -> u8 {
    let (mut created, mut updated, mut deleted, mut unchanged, mut failed) = (0, 0, 0, 0, 0);
    for (key, outcome) in outcomes {
        let (done, would) = match outcome {
            Outcome::Created => {
                created += 1;
                ("Created", "create")
            }
            Outcome::Updated => {
                updated += 1;
                ("Updated", "update")
            }
            Outcome::Deleted => {
                deleted += 1;
                ("Deleted", "delete")
            }
            Outcome::Failed(error) => {
                failed += 1;
                ui.fail(&Failure::new(format!("`{key}`: {error}")));
                continue;
            }
            _ => {
                unchanged += 1;
                continue;
            }
        };
        ui.io.line(if is_dry {
            format!("[DRY RUN] Would {would} secret: {key}")
        } else {
            format!("{done} secret: {key}")
        });
    }
    ui.note(format!(
        "\nCreated: {created}, updated: {updated}, deleted: {deleted}, unchanged: {unchanged}, failed: {failed}"
    ));
    if failed > 0 { exit::FAILED } else { exit::DONE }
}
