//! `${VARIABLE}` in the values of a Compose file.
//!
//! The grammar is that of Docker Compose v5.6, its oddities included:
//!
//! | text | becomes |
//! |---|---|
//! | `$$` | `$` |
//! | `$NAME`, `${NAME}` | the value, or nothing if `NAME` is not set |
//! | `${NAME-text}`, `${NAME:-text}` | the value; `text` if unset (with `:`, also if empty) |
//! | `${NAME+text}`, `${NAME:+text}` | `text` if set (with `:`, and not empty); else the value |
//! | `${NAME?text}`, `${NAME:?text}` | the value; an error if unset (with `:`, also if empty) |
//!
//! The texts after an operator are interpolated in their turn. A `$` in front of anything else
//! than a name, `{` or `$` stands for itself. Braces are counted without regard to `$`, and the
//! character after an opening one is not looked at: `${N:-{}}` gives `{}`, and `${N:-a}b}` gives
//! `ab}`. A reference with an operator cannot span lines.

mod error;
mod reference;
mod variables;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub use error::{InterpolateError, InterpolateErrorKind};
use reference::{Operator, Reference, Scan, Shape};
pub use variables::{Variable, variables};

/// How deep references may stand inside each other: enough for people, too little for the stack
/// to matter.
const MAX_DEPTH: usize = 500;

/// `text` with its variables put in.
///
/// `lookup` gives the value of a variable, `None` if it is not set. `unset` hears the name of
/// every variable that is not set where nothing says what to do then; Compose warns about those.
///
/// # Errors
/// The first reference that is malformed, or that is required (`?`) and has no value.
///
/// ```
/// use compose_model::interpolate;
///
/// let lookup = |name: &str| (name == "TAG").then(|| "1.27".to_owned());
/// let mut unset = Vec::new();
/// let text = interpolate("nginx:${TAG}${SUFFIX:-alpine}$NONE", &lookup, &mut |name| {
///     unset.push(name.to_owned());
/// })?;
/// assert_eq!(text, "nginx:1.27alpine");
/// assert_eq!(unset, ["NONE"]);
/// # Ok::<(), compose_model::InterpolateError>(())
/// ```
pub fn interpolate<'t>(
    text: &'t str,
    lookup: &dyn Fn(&str) -> Option<String>,
    unset: &mut dyn FnMut(&str),
) -> Result<Cow<'t, str>, InterpolateError> {
    if !text.contains('$') {
        return Ok(Cow::Borrowed(text));
    }
    let mut expander = Expander {
        text,
        lookup,
        unset,
    };
    let mut out = String::with_capacity(text.len());
    expander.expand(0..text.len(), 0, &mut out)?;
    Ok(Cow::Owned(out))
}

struct Expander<'a> {
    text: &'a str,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    unset: &'a mut dyn FnMut(&str),
}

impl Expander<'_> {
    /// Appends what the part `range` of the text becomes.
    fn expand(
        &mut self,
        range: Range<usize>,
        depth: usize,
        out: &mut String,
    ) -> Result<(), InterpolateError> {
        let mut scan = Scan::new(self.text, range);
        loop {
            let before = scan.position();
            let Some(reference) = scan.next() else {
                out.push_str(&self.text[before..scan.end()]);
                return Ok(());
            };
            out.push_str(&self.text[before..reference.range.start]);
            self.reference(&reference, &scan, depth, out)?;
        }
    }

    fn reference(
        &mut self,
        reference: &Reference,
        scan: &Scan<'_>,
        depth: usize,
        out: &mut String,
    ) -> Result<(), InterpolateError> {
        let (name, operator) = match &reference.shape {
            Shape::Dollar => {
                out.push('$');
                return Ok(());
            }
            Shape::Malformed => {
                let template = self.text[scan.template()].to_owned();
                let kind = InterpolateErrorKind::Malformed { template };
                return Err(InterpolateError::new(kind, reference.range.clone()));
            }
            Shape::Variable { name, operator } => (&self.text[name.clone()], operator),
        };
        let value = (self.lookup)(name);
        let Some(Operator {
            symbol,
            colon,
            operand,
        }) = operator
        else {
            match value {
                Some(value) => out.push_str(&value),
                None => (self.unset)(name),
            }
            return Ok(());
        };
        // With a colon, an empty value is as good as none.
        let present = value
            .as_ref()
            .is_some_and(|value| !colon || !value.is_empty());
        if present == (*symbol != '+') {
            out.push_str(&value.unwrap_or_default());
            return Ok(());
        }
        if depth == MAX_DEPTH {
            let kind = InterpolateErrorKind::TooDeep;
            return Err(InterpolateError::new(kind, reference.range.clone()));
        }
        if *symbol != '?' {
            return self.expand(operand.clone(), depth + 1, out);
        }
        let mut message = String::new();
        self.expand(operand.clone(), depth + 1, &mut message)?;
        let name = name.to_owned();
        let kind = InterpolateErrorKind::Required { name, message };
        Err(InterpolateError::new(kind, reference.range.clone()))
    }
}
