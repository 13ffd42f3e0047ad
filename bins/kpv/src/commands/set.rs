//! `kpv set`: a new value.

use jiff::civil;
use vault::{Change, Missing, OsRandom, Secret, Vault, fields};

use super::{init, value};
use crate::args::SetArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;
use crate::world::World;

/// Sets the password of an entry, or another field. Without a value, or with an empty one, it
/// makes one, as the Go kpv does; a variable, a file and standard input are taken as they are.
pub(crate) fn set(args: SetArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let mut words = args.words.into_iter();
    let key = match args.key.key {
        Some(key) => key,
        None => words
            .next()
            .ok_or_else(|| Failure::usage("no key is named").help("kpv set KEY --stdin"))?,
    };
    let positional = words.next();
    if words.next().is_some() {
        // the word is not shown: it may be a part of the secret
        return Err(Failure::usage("there is more than a key and a value")
            .help("a value with blanks in it stands in quotes"));
    }
    let named = value::of(&args.source, session, ui)?;
    if positional.is_some() && (named.is_some() || args.generate) {
        return Err(Failure::usage("the value is named twice"));
    }
    if named.is_some() && args.generate {
        return Err(Failure::usage(
            "`--generate` makes the value, and another one is named",
        ));
    }
    if positional.is_some() {
        value::on_command_line(ui);
    }
    let is_typed = positional.is_some() || args.source.value.is_some();
    let value = positional.map(Secret::from).or(named);
    // an empty word stands for none, while an empty variable is somebody's wish
    let value = value.filter(|value| !(is_typed && value.is_empty()));

    let mut changes = Vec::new();
    if let Some(when) = &args.expires {
        changes.push(Change::Expires(expiry(when, session.world)?));
    }
    let has_value = value.is_some() || args.generate || changes.is_empty();
    let value = match value {
        Some(value) => Some(value),
        None if has_value => Some(args.generation.rules().generate(&mut OsRandom)?),
        None => None,
    };
    let mut vault = init::open_or_create(args.create, session, ui)?;
    let (key, field) = target(&vault, key, args.field)?;
    if let Some(value) = value {
        changes.push(Change::field(&field, value));
    }
    vault.edit(&key, changes, Missing::Create)?;
    session.save(&mut vault, ui)?;
    ui.ok(format!("{key} set"));
    Ok(exit::DONE)
}

/// The entry and the exact name of the field that are meant.
fn target(vault: &Vault, key: String, field: Option<String>) -> Result<(String, String)> {
    let Some(field) = field else {
        return Ok((key, fields::PASSWORD.to_owned()));
    };
    let known = vault
        .find(&key)?
        .and_then(|entry| entry.field_named(&field));
    let field = match known {
        Some(known) => known.name.clone(),
        None => standard(&field).map_or(field, str::to_owned),
    };
    if field == fields::TITLE {
        return Err(Failure::new(
            "the title is the last part of the key, and is not set",
        ));
    }
    Ok((key, field))
}

/// Fields that KeePass knows, by what people call them.
pub(super) fn standard(name: &str) -> Option<&'static str> {
    let all = [
        fields::TITLE,
        fields::USERNAME,
        fields::PASSWORD,
        fields::URL,
        fields::NOTES,
        fields::OTP,
    ];
    all.into_iter()
        .find(|known| known.eq_ignore_ascii_case(name))
}

/// A date, a time, a number of days from now, or never.
fn expiry(text: &str, world: &World) -> Result<Option<std::time::SystemTime>> {
    if text == "never" {
        return Ok(None);
    }
    let days = text
        .strip_suffix('d')
        .and_then(|digits| digits.parse::<i64>().ok());
    let hours = days.and_then(|days| days.checked_mul(24));
    let time = match hours {
        Some(hours) => world
            .timestamp()
            .checked_add(jiff::SignedDuration::from_hours(hours))
            .ok(),
        None => text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let date: civil::Date = text.parse().ok()?;
            Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        }),
    };
    let time = time.ok_or_else(|| {
        Failure::usage(format!("`--expires {text}` is no time"))
            .help("write 2026-12-31, 2026-12-31T12:00:00Z, 90d or never")
    })?;
    Ok(Some(time.into()))
}
