//! Which variables a text refers to.

use std::ops::Range;

use super::MAX_DEPTH;
use super::reference::{Operator, Scan, Shape};

/// A reference to a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'t> {
    /// The name.
    pub name: &'t str,
    /// The text after `-` or `:-`.
    pub default: Option<&'t str>,
    /// The text after `+` or `:+`.
    pub alternate: Option<&'t str>,
    /// The text after `?` or `:?`, empty if there is none: the variable is required.
    pub required: Option<&'t str>,
    /// Whether the operator has a `:`, and an empty value counts as none.
    pub colon: bool,
    /// Whether the reference stands in the message of a required variable.
    /// `docker compose config --variables` leaves these out.
    pub in_message: bool,
    /// The bytes of the text, from `$` to the end of the name or the closing brace.
    pub range: Range<usize>,
}

/// The references to variables in `text`, those in default values and the like included,
/// malformed ones left out.
///
/// They come in the order in which Docker Compose v5.6 meets them, which matters if a variable
/// has several default values: of references with operators on the same line, the last is the
/// first, and each stands in front of those in its own default. Sort by
/// [`range.start`](Variable::range) for the order of the text.
///
/// ```
/// use compose_model::variables;
///
/// let found = variables("${REPO:-app}:$TAG");
/// assert_eq!((found[0].name, found[0].default), ("REPO", Some("app")));
/// assert_eq!((found[1].name, found[1].default), ("TAG", None));
/// ```
pub fn variables(text: &str) -> Vec<Variable<'_>> {
    let mut found = Vec::new();
    if text.contains('$') {
        collect(text, 0..text.len(), false, 0, &mut found);
    }
    found
}

fn collect<'t>(
    text: &'t str,
    range: Range<usize>,
    in_message: bool,
    depth: usize,
    found: &mut Vec<Variable<'t>>,
) {
    let mut scan = Scan::new(text, range);
    // Of a reference with an operator Compose first looks at what follows on the line.
    let mut waiting: Vec<Vec<Variable<'t>>> = Vec::new();
    let mut reach = 0;
    while let Some(reference) = scan.next() {
        if reference.range.start >= reach {
            found.extend(waiting.drain(..).rev().flatten());
        }
        let Shape::Variable { name, operator } = reference.shape else {
            continue;
        };
        let mut variable = Variable {
            name: &text[name],
            default: None,
            alternate: None,
            required: None,
            colon: false,
            in_message,
            range: reference.range,
        };
        let Some(Operator {
            symbol,
            colon,
            operand,
        }) = operator
        else {
            found.push(variable);
            continue;
        };
        variable.colon = colon;
        let operand_text = Some(&text[operand.clone()]);
        match symbol {
            '-' => variable.default = operand_text,
            '+' => variable.alternate = operand_text,
            _ => variable.required = operand_text,
        }
        let mut group = vec![variable];
        if depth < MAX_DEPTH {
            let in_message = in_message || symbol == '?';
            collect(text, operand, in_message, depth + 1, &mut group);
        }
        waiting.push(group);
        reach = reference.reach.unwrap_or(reach);
    }
    found.extend(waiting.into_iter().rev().flatten());
}
