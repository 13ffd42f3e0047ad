//! What may go wrong with an expression.

use std::ops::Range;

/// Why an expression could not be read or evaluated, and which part of it is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct ExprError {
    /// What is wrong.
    pub kind: ExprErrorKind,
    /// Byte offset of its start in the text.
    pub start: usize,
    /// Byte offset behind its end.
    pub end: usize,
}

impl ExprError {
    pub(super) fn new(kind: ExprErrorKind, range: Range<usize>) -> Self {
        Self {
            kind,
            start: range.start,
            end: range.end,
        }
    }
}

/// What may go wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExprErrorKind {
    /// The expression is empty.
    #[error("the expression is empty")]
    Empty,
    /// `${{ … }}` or `{{ … }}` around the expression.
    #[error("an expression is written without `{opener}`")]
    Braces {
        /// What was found, `${{` or `{{`.
        opener: &'static str,
    },
    /// A character which belongs to nothing.
    #[error("unexpected character `{found}`")]
    Character {
        /// The character.
        found: char,
    },
    /// A string is never closed.
    #[error("no closing `{quote}` for the string")]
    UnterminatedString {
        /// The quote character.
        quote: char,
    },
    /// A comment is never closed.
    #[error("no closing `*/` for the comment")]
    UnterminatedComment,
    /// An unknown escape in a string.
    #[error("`{escape}` is not an escape of strings")]
    BadEscape {
        /// The escape as written.
        escape: String,
    },
    /// A number cannot be read or is too large.
    #[error("`{text}` is not a number")]
    BadNumber {
        /// The number as written.
        text: String,
    },
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should stand here, in words.
        expected: String,
        /// What stands here, in words.
        found: String,
    },
    /// A function which does not exist.
    #[error("unknown function `{name}`")]
    UnknownFunction {
        /// The name.
        name: String,
        /// The existing function which is most likely meant.
        suggestion: Option<&'static str>,
    },
    /// Too few or too many arguments.
    #[error("`{name}` takes {expected}, not {found}")]
    Arguments {
        /// The function.
        name: &'static str,
        /// How many arguments it takes, in words.
        expected: String,
        /// How many were given.
        found: usize,
    },
    /// `#` or `.field` outside the second argument of `filter` and its like.
    #[error("`{text}` has a meaning only inside functions such as `filter` and `any`")]
    NoElement {
        /// What was found.
        text: String,
    },
    /// The expression has too many operators or is nested too deep.
    #[error("the expression is too long or nested too deep")]
    TooDeep,
    /// A member of something which has none.
    #[error("cannot fetch {member} from {kind}")]
    Fetch {
        /// The member.
        member: String,
        /// What it should have been fetched from.
        kind: &'static str,
    },
    /// A position outside a list.
    #[error("index {index} is outside a list of {length}")]
    OutOfRange {
        /// The position asked for.
        index: i64,
        /// The length of the list.
        length: usize,
    },
    /// An operator does not fit its operands.
    #[error("`{operator}` does not work on {operands}")]
    Operands {
        /// The operator.
        operator: &'static str,
        /// The kinds of the operands, in words.
        operands: String,
    },
    /// A function does not fit an argument.
    #[error("`{function}` wants {expected}, found {found}")]
    Argument {
        /// The function or construct.
        function: &'static str,
        /// What it wants, in words.
        expected: &'static str,
        /// What it got, in words.
        found: String,
    },
    /// A regular expression cannot be read.
    #[error("`{pattern}` is not a regular expression: {message}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// Why not.
        message: String,
    },
    /// A result is beyond the range of 64 bits.
    #[error("the result of `{operator}` is out of range")]
    Overflow {
        /// The operator or function.
        operator: &'static str,
    },
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The evaluation needs too much time or memory.
    #[error("the expression does too much work")]
    TooMuchWork,
}

impl ExprErrorKind {
    /// How to write what was meant, when that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Braces { opener } => Some(format!(
                "write the expression bare, without `{opener}` and `}}}}`: `env.NAME == \"x\"`"
            )),
            Self::UnknownFunction { suggestion, .. } => {
                suggestion.map(|name| format!("did you mean `{name}`?"))
            }
            Self::Fetch {
                member,
                kind: "nil",
            } => Some(format!(
                "use `?.{member}` where the value before it may be absent"
            )),
            Self::Expected { found, .. } if found == "`=`" => {
                Some("equality is written `==`".to_owned())
            }
            Self::Character { found: '&' } => Some("write `and` or `&&`".to_owned()),
            Self::Character { found: '$' } => {
                Some("a variable is read as `env.NAME`, without a `$`".to_owned())
            }
            _ => None,
        }
    }
}
