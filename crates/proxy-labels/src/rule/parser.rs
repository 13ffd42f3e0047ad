//! Tokens to expressions.

use std::ops::Range;

use thiserror::Error;

use super::lexer::{Lexer, Token};
use super::{Argument, Call, Expression, ExpressionKind};

/// How deep parentheses and `!` may be nested.
const MAX_DEPTH: usize = 200;

/// Why a rule cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct RuleError {
    /// What is wrong.
    pub kind: RuleErrorKind,
    /// Where, in bytes of the rule.
    pub span: Range<usize>,
}

impl RuleError {
    pub(super) fn new(span: Range<usize>, kind: RuleErrorKind) -> Self {
        Self { kind, span }
    }
}

/// What is wrong with the syntax of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RuleErrorKind {
    /// There is nothing.
    #[error("the rule is empty")]
    Empty,
    /// A quote that is not closed.
    #[error("a text begins with {0} and does not end")]
    OpenText(char),
    /// An escape that Go does not know.
    #[error("an escape that does not exist")]
    Escape,
    /// A text in single quotes.
    #[error("texts stand in backticks or double quotes, not in single quotes")]
    SingleQuotes(String),
    /// Something else was expected.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should be here.
        expected: &'static str,
        /// What is.
        found: String,
    },
    /// A line ends in front of an operator.
    #[error("a line cannot begin with an operator; end the line before with it")]
    LineBeforeOperator,
    /// One `&` or `|`.
    #[error("write `{0}{0}`")]
    SingleOperator(char),
    /// `and` or `or`.
    #[error("write `{1}` instead of `{0}`")]
    WordOperator(String, &'static str),
    /// A name without parentheses.
    #[error("`{0}` is not defined; texts stand in backticks, matchers have parentheses")]
    Unquoted(String),
    /// An argument that is no text.
    #[error("arguments are texts in backticks, not `{0}`")]
    NotText(String),
    /// Nested too deep.
    #[error("the rule is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Reads a rule. The names of matchers are not looked at; [`check`](super::check) does that.
///
/// # Errors
/// The first place that Traefik would not accept.
pub fn parse(text: &str) -> Result<Expression, RuleError> {
    let mut lexer = Lexer::new(text);
    let (token, span) = lexer.next()?;
    if token == Token::End {
        return Err(RuleError::new(0..text.len(), RuleErrorKind::Empty));
    }
    let mut parser = Parser {
        lexer,
        token,
        span,
        depth: 0,
    };
    let expression = parser.or()?;
    if parser.token == Token::LineEnd {
        parser.advance()?;
        if matches!(parser.token, Token::And | Token::Or) {
            return Err(parser.error(RuleErrorKind::LineBeforeOperator));
        }
    }
    match &parser.token {
        Token::End => Ok(expression),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'r> {
    lexer: Lexer<'r>,
    token: Token,
    span: Range<usize>,
    depth: usize,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(Token, Range<usize>), RuleError> {
        let (token, span) = self.lexer.next()?;
        Ok((
            std::mem::replace(&mut self.token, token),
            std::mem::replace(&mut self.span, span),
        ))
    }

    fn error(&self, kind: RuleErrorKind) -> RuleError {
        RuleError::new(self.span.clone(), kind)
    }

    fn unexpected(&self, expected: &'static str) -> RuleError {
        let kind = match &self.token {
            Token::Other(other) if other == "&" || other == "|" => {
                RuleErrorKind::SingleOperator(other.chars().next().unwrap_or('&'))
            }
            Token::Name(name) if name.eq_ignore_ascii_case("and") => {
                RuleErrorKind::WordOperator(name.clone(), "&&")
            }
            Token::Name(name) if name.eq_ignore_ascii_case("or") => {
                RuleErrorKind::WordOperator(name.clone(), "||")
            }
            token => RuleErrorKind::Expected {
                expected,
                found: shown(token),
            },
        };
        self.error(kind)
    }

    fn or(&mut self) -> Result<Expression, RuleError> {
        let first = self.and()?;
        self.chain(first, &Token::Or, Self::and, ExpressionKind::Or)
    }

    fn and(&mut self) -> Result<Expression, RuleError> {
        let first = self.unary()?;
        self.chain(first, &Token::And, Self::unary, ExpressionKind::And)
    }

    fn chain(
        &mut self,
        first: Expression,
        operator: &Token,
        operand: fn(&mut Self) -> Result<Expression, RuleError>,
        make: fn(Vec<Expression>) -> ExpressionKind,
    ) -> Result<Expression, RuleError> {
        if self.token != *operator {
            return Ok(first);
        }
        let start = first.span.start;
        let mut parts = vec![first];
        while self.token == *operator {
            self.advance()?;
            parts.push(operand(self)?);
        }
        let end = parts.last().map_or(start, |part| part.span.end);
        Ok(Expression {
            kind: make(parts),
            span: start..end,
        })
    }

    fn unary(&mut self) -> Result<Expression, RuleError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(RuleErrorKind::TooDeep));
        }
        self.depth += 1;
        let found = self.operand();
        self.depth -= 1;
        found
    }

    fn operand(&mut self) -> Result<Expression, RuleError> {
        let start = self.span.start;
        match &self.token {
            Token::Not => {
                self.advance()?;
                let inner = self.unary()?;
                let span = start..inner.span.end;
                let kind = ExpressionKind::Not(Box::new(inner));
                Ok(Expression { kind, span })
            }
            Token::Open => {
                self.advance()?;
                let inner = self.or()?;
                let end = self.close()?;
                let kind = ExpressionKind::Group(Box::new(inner));
                let span = start..end;
                Ok(Expression { kind, span })
            }
            Token::Name(name) => {
                let (name, name_span) = (name.clone(), self.span.clone());
                self.advance()?;
                if self.token != Token::Open {
                    let kind = RuleErrorKind::Unquoted(name);
                    return Err(RuleError::new(name_span, kind));
                }
                self.advance()?;
                let arguments = self.arguments()?;
                let end = self.close()?;
                let kind = ExpressionKind::Call(Call {
                    name,
                    name_span,
                    arguments,
                });
                let span = start..end;
                Ok(Expression { kind, span })
            }
            Token::Text(_) | Token::Literal(_) => Err(self.unexpected("a matcher")),
            _ => Err(self.unexpected("a matcher, `!` or `(`")),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, RuleError> {
        let mut arguments = Vec::new();
        while self.token != Token::Close {
            match &self.token {
                Token::Text(_) => {
                    let (token, span) = self.advance()?;
                    if let Token::Text(value) = token {
                        arguments.push(Argument { value, span });
                    }
                }
                Token::Name(name) | Token::Literal(name) => {
                    let kind = RuleErrorKind::NotText(name.clone());
                    return Err(self.error(kind));
                }
                _ => return Err(self.unexpected("a text in backticks")),
            }
            match self.token {
                Token::Comma => {
                    self.advance()?;
                }
                Token::Close => {}
                _ => return Err(self.unexpected("`,` or `)`")),
            }
        }
        Ok(arguments)
    }

    fn close(&mut self) -> Result<usize, RuleError> {
        if self.token == Token::LineEnd {
            self.advance()?;
            return Err(match self.token {
                Token::And | Token::Or => self.error(RuleErrorKind::LineBeforeOperator),
                _ => self.unexpected("`)` on the same line"),
            });
        }
        if self.token != Token::Close {
            return Err(self.unexpected("`)`"));
        }
        let end = self.span.end;
        self.advance()?;
        Ok(end)
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name(text) | Token::Literal(text) | Token::Other(text) => format!("`{text}`"),
        Token::Text(text) => format!("the text `{text}`"),
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::Comma => "`,`".to_owned(),
        Token::And => "`&&`".to_owned(),
        Token::Or => "`||`".to_owned(),
        Token::Not => "`!`".to_owned(),
        Token::LineEnd => "the end of a line".to_owned(),
        Token::End => "the end".to_owned(),
    }
}
