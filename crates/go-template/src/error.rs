//! What may go wrong with a template.

use std::ops::Range;

use go_std::strconv::quote;

/// Why a template could not be read or rendered, and which part of it is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// Byte offset of its start in the text.
    pub start: usize,
    /// Byte offset behind its end.
    pub end: usize,
}

impl TemplateError {
    pub(crate) fn new(kind: TemplateErrorKind, range: Range<usize>) -> Self {
        Self {
            kind,
            start: range.start,
            end: range.end,
        }
    }

    /// How to write what was meant, when that is known.
    pub fn help(&self) -> Option<String> {
        self.kind.help()
    }
}

/// What may go wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// `{{` without `}}`.
    #[error("unclosed action")]
    UnclosedAction,
    /// `{{/*` without `*/}}`.
    #[error("no closing `*/}}}}` for the comment")]
    UnclosedComment,
    /// A character which belongs to nothing.
    #[error("unexpected character `{found}`")]
    Character {
        /// The character.
        found: char,
    },
    /// A string or character is never closed.
    #[error("no closing {quote} for the string")]
    UnterminatedString {
        /// The quote.
        quote: char,
    },
    /// A string or character constant with an escape Go does not know, or of the wrong length.
    #[error("{text} is not a Go constant")]
    BadConstant {
        /// The constant as written.
        text: String,
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
        expected: &'static str,
        /// What stands here, in words.
        found: String,
    },
    /// `end`, `else`, `break` or `continue` where nothing can be ended, or `define` inside a block.
    #[error("`{{{{{keyword}}}}}` cannot stand here")]
    Misplaced {
        /// The keyword.
        keyword: &'static str,
    },
    /// A block without its `{{end}}`.
    #[error("no `{{{{end}}}}` for this `{keyword}`")]
    MissingEnd {
        /// The keyword of the block.
        keyword: &'static str,
    },
    /// A function which does not exist.
    #[error("unknown function `{name}`")]
    UnknownFunction {
        /// The name.
        name: String,
        /// The existing function which is most likely meant. Found by the caller, who has
        /// [`Options::function_names`](crate::Options::function_names).
        suggestion: Option<&'static str>,
        /// The whole action, from `{{` to `}}`.
        action: String,
    },
    /// A variable which is not declared.
    #[error("undefined variable `{name}`")]
    UndefinedVariable {
        /// The name with its `$`.
        name: String,
    },
    /// A function whose result depends on more than its arguments, and which the caller does not
    /// have.
    #[error("what `{function}` gives cannot be foretold")]
    Unforetold {
        /// The function.
        function: &'static str,
    },
    /// Two templates have the same name.
    #[error("template \"{name}\" is defined more than once")]
    DuplicateTemplate {
        /// The name.
        name: String,
    },
    /// A template which is not defined.
    #[error("template \"{name}\" is not defined")]
    UnknownTemplate {
        /// The name.
        name: String,
        /// The existing template which is most likely meant. Found by the caller, who has
        /// [`Template::names`](crate::Template::names).
        suggestion: Option<String>,
    },
    /// Arguments for something which is no function.
    #[error("{what} is not a function and takes no arguments")]
    NotAFunction {
        /// What was given arguments, in words.
        what: String,
    },
    /// Too few or too many arguments.
    #[error("`{function}` takes {expected}, not {found}")]
    Arguments {
        /// The function.
        function: &'static str,
        /// How many arguments it takes, in words.
        expected: String,
        /// How many were given.
        found: usize,
    },
    /// A function does not fit an argument.
    #[error("`{function}` wants {expected}, found {found}")]
    Argument {
        /// The function.
        function: &'static str,
        /// What it wants, in words.
        expected: &'static str,
        /// What it got, in words.
        found: String,
    },
    /// A field of something without fields.
    #[error("cannot take field `{field}` from {found}")]
    Field {
        /// The field.
        field: String,
        /// What it was taken from, in words.
        found: String,
    },
    /// `range` over something which has no elements.
    #[error("`range` cannot walk {found}")]
    NotIterable {
        /// What it was given, in words.
        found: String,
    },
    /// Values which cannot be compared with each other.
    #[error("`{function}` cannot compare {left} with {right}")]
    Incomparable {
        /// The function.
        function: &'static str,
        /// The first value, in words.
        left: String,
        /// The second value, in words.
        right: String,
    },
    /// A position outside a list or text.
    #[error("index {index} is outside a length of {length}")]
    OutOfRange {
        /// The position asked for.
        index: i64,
        /// The length there is.
        length: usize,
    },
    /// A result is beyond the range of 64 bits.
    #[error("the result of `{function}` is out of range")]
    Overflow {
        /// The function.
        function: &'static str,
    },
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A function was given something it cannot read.
    #[error("`{function}` cannot read its input: {message}")]
    BadInput {
        /// The function.
        function: &'static str,
        /// Why not.
        message: String,
    },
    /// The template called `fail`. Shown as exactly its message.
    #[error("{message}")]
    Failed {
        /// The message.
        message: String,
    },
    /// `set` and its like on a map which is not held in a variable.
    #[error("`{function}` can change only a map held in a variable")]
    NotAVariable {
        /// The function.
        function: &'static str,
    },
    /// The template, or its calls of templates, are nested too deep.
    #[error("the template is nested too deep")]
    TooDeep,
    /// Rendering needs more than [`Limits::work`](crate::Limits::work).
    #[error("the template does too much work")]
    TooMuchWork,
    /// The output is longer than [`Limits::output`](crate::Limits::output).
    #[error("the output is too long")]
    TooLong,
}

impl TemplateErrorKind {
    /// How to write what was meant, when that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownFunction {
                suggestion, action, ..
            } => {
                let suggestion = suggestion
                    .map(|name| format!("did you mean `{name}`? "))
                    .unwrap_or_default();
                Some(format!(
                    "{suggestion}if this is meant for another program, write it as a literal: `{}`",
                    literal(action)
                ))
            }
            Self::UnclosedAction => Some("write `}}` behind it".to_owned()),
            Self::UnknownTemplate {
                suggestion: Some(name),
                ..
            } => Some(format!("did you mean `{name}`?")),
            Self::NotAVariable { function } => Some(format!(
                "put the map into a variable first: `{{{{ $map := … }}}}{{{{ $_ := {function} $map … }}}}`"
            )),
            Self::Incomparable { .. } => {
                Some("convert one of them, for example with `int` or `toString`".to_owned())
            }
            Self::Character {
                found: '+' | '*' | '/' | '%' | '<' | '>' | '&' | '!' | '-',
            } => Some(
                "there are no operators; use functions such as `add`, `mul`, `lt`, `and`, `not`"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// An action which prints `text`.
fn literal(text: &str) -> String {
    if text.contains('`') || text.contains('\r') {
        format!("{{{{ {} }}}}", quote(text))
    } else if text.contains(['"', '\\', '\n']) {
        format!("{{{{ `{text}` }}}}")
    } else {
        format!("{{{{ \"{text}\" }}}}")
    }
}
