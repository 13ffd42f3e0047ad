//! `set`, `unset` and `merge` where maps are not shared: they change the map that their first
//! argument names, and no other.

use std::ops::Range;
use std::rc::Rc;

use crate::Data;
use crate::ast::{Callee, Field, Named, Operand, Term};
use crate::error::TemplateErrorKind;
use crate::eval::{Failure, Renderer, fail};
use crate::functions::copy;

/// Where a map is held.
pub(crate) struct Place<'t> {
    variable: &'t str,
    fields: &'t [Field],
}

const CHANGE: [&str; 6] = [
    "set",
    "unset",
    "merge",
    "mustMerge",
    "mergeOverwrite",
    "mustMergeOverwrite",
];

/// Makes the first argument of a function that changes it a map of its own, and says where the
/// outcome is to be stored.
pub(crate) fn prepare<'t>(
    callee: Callee,
    operands: &'t [Operand],
    arguments: &mut [Data],
    range: &Range<usize>,
) -> Result<Option<Place<'t>>, Failure> {
    if matches!(callee.function, Named::Own(_)) || !CHANGE.contains(&callee.name) {
        return Ok(None);
    }
    let place = match operands.first().map(|operand| (&operand.term, operand)) {
        Some((Term::Variable(variable), operand)) if variable != "$" => Some(Place {
            variable,
            fields: &operand.fields,
        }),
        // A value just made belongs to nobody else.
        Some((Term::Function(_) | Term::Pipeline(_), _)) => None,
        _ => {
            let function = callee.name;
            return fail(TemplateErrorKind::NotAVariable { function }, range);
        }
    };
    if let Some(map) = arguments.first_mut() {
        *map = copy(map);
    }
    Ok(place)
}

/// Stores what came of it.
pub(crate) fn store(
    renderer: &mut Renderer<'_>,
    place: &Place<'_>,
    value: &Data,
    range: &Range<usize>,
) -> Result<(), Failure> {
    let mut variables = renderer.variables.iter_mut().rev();
    let held = variables.find(|(name, _)| name == place.variable);
    let Some((_, held)) = held else {
        return Ok(());
    };
    let changed = with(&held.data, place.fields, value);
    held.data = changed.clone();
    renderer.weigh(&changed, range)
}

/// A map with another value under these fields; the rest is shared with it.
fn with(held: &Data, fields: &[Field], value: &Data) -> Data {
    let Some((field, rest)) = fields.split_first() else {
        return value.clone();
    };
    let Data::Dict(map) = held else {
        return held.clone();
    };
    let mut entries = map.borrow().clone();
    if let Some(inner) = entries.get_mut(&field.name) {
        *inner = with(inner, rest, value);
    }
    Data::Dict(Rc::new(entries.into()))
}
