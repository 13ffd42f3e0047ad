//! `kpv get-string` and `set-string`: custom fields.

use vault::{Change, Missing};

use super::{set::standard, value};
use crate::args::{GetStringArgs, SetStringArgs};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Prints a custom field; an empty one counts as none, as in the Go kpv.
pub(crate) fn get(args: &GetStringArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let key = args.key.one()?;
    refuse_standard(&args.field, key)?;
    let value = session.open(ui)?.get_field(key, &args.field)?;
    if value.is_empty() {
        return Err(
            Failure::new(format!("the field `{}` of `{key}` is empty", args.field))
                .code(exit::NOT_FOUND),
        );
    }
    ui.io.data(value.expose());
    ui.io.data("\n");
    Ok(exit::DONE)
}

/// Sets a custom field of an entry that is there.
pub(crate) fn set(args: &SetStringArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let key = args.key.one()?;
    refuse_standard(&args.field, key)?;
    let value = value::of(&args.source, session, ui)?.ok_or_else(|| {
        Failure::usage("no value is named").help("--stdin, --file, --env or --value names it")
    })?;
    let mut vault = session.open(ui)?;
    let entry = vault.entry(key)?;
    let known = entry.field_named(&args.field);
    let field = known
        .map_or(args.field.as_str(), |field| field.name.as_str())
        .to_owned();
    let change = if args.protected {
        Change::protected_field(&field, value)
    } else {
        Change::field(&field, value)
    };
    vault.edit(key, vec![change], Missing::Fail)?;
    session.save(&mut vault, ui)?;
    ui.ok(format!("{field} of {key} set"));
    Ok(exit::DONE)
}

fn refuse_standard(field: &str, key: &str) -> Result<()> {
    match standard(field) {
        Some(name) if name != vault::fields::OTP => Err(Failure::new(format!(
            "`{name}` is no custom field"
        ))
        .help(format!(
            "`kpv get {key} --field {name}` prints it, `kpv set {key} --field {name} --stdin` sets it"
        ))),
        _ => Ok(()),
    }
}
