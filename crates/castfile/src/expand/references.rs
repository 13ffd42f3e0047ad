//! Which variables a text refers to.

use super::MAX_DEPTH;
use super::scan::{Form, Operator, Piece, Scanner};
use std::ops::Range;

/// One place at which a text refers to a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The variable.
    pub name: String,
    /// Bytes of the whole reference, `$NAME` or `${…}`.
    pub range: Range<usize>,
    /// What is asked of the variable.
    pub operator: ReferenceOperator,
    /// The text behind the operator, not expanded: default, alternative or message.
    pub word: Option<String>,
}

/// The operator of a [`Reference`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceOperator {
    /// `$X`, `${X}`.
    None,
    /// `${X:-d}`.
    Default,
    /// `${X:=d}`.
    Assign,
    /// `${X:+d}`.
    Alternative,
    /// `${X:?message}`.
    Required,
    /// `${X:1:2}`.
    Substring,
}

/// The variables `text` refers to, in the order of the text, an outer reference before those in its
/// default. Those inside `$(…)` count; malformed parts are passed over.
pub fn references(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    collect(text, 0..text.len(), 0, &mut found);
    found
}

fn collect(text: &str, range: Range<usize>, depth: usize, found: &mut Vec<Reference>) {
    if depth > MAX_DEPTH {
        return;
    }
    for piece in Scanner::new(text, range, true) {
        let variable = match piece {
            Ok(Piece::Variable(variable)) => variable,
            Ok(Piece::Command { body, .. }) => {
                collect(text, body, depth + 1, found);
                continue;
            }
            Ok(Piece::Text(_) | Piece::Dollar(_)) | Err(_) => continue,
        };
        let (operator, word) = match variable.form {
            Form::Plain => (ReferenceOperator::None, None),
            Form::Substring { .. } => (ReferenceOperator::Substring, None),
            Form::Word(Operator::Default, word) => (ReferenceOperator::Default, Some(word)),
            Form::Word(Operator::Assign, word) => (ReferenceOperator::Assign, Some(word)),
            Form::Word(Operator::Alternative, word) => (ReferenceOperator::Alternative, Some(word)),
            Form::Word(Operator::Required, word) => (ReferenceOperator::Required, Some(word)),
        };
        found.push(Reference {
            name: text[variable.name].to_owned(),
            range: variable.range,
            operator,
            word: word.clone().map(|word| text[word].to_owned()),
        });
        // a message is not expanded
        if let Some(word) = word.filter(|_| operator != ReferenceOperator::Required) {
            collect(text, word, depth + 1, found);
        }
    }
}
