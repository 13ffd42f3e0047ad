//! Tokens to the tree: operator precedence as in expr-lang.

use super::ast::{Binary, Kind, Node, Unary};
use super::error::{ExprError, ExprErrorKind};
use super::functions::{self, Function, Predicate};
use super::lexer::{Token, TokenKind, tokens};
use crate::value::Value;
use std::ops::Range;

/// How deep an expression may nest; both reading and evaluating it use the stack.
const MAX_DEPTH: usize = 100;

/// How many operators and members there may be: a row of them makes a deep tree too.
const MAX_LINKS: usize = 250;

pub(super) fn parse(text: &str) -> Result<Node, ExprError> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
        links: 0,
        in_predicate: false,
    };
    if parser.peek() == &TokenKind::End {
        return Err(ExprError::new(ExprErrorKind::Empty, 0..text.len()));
    }
    let node = parser.sequence()?;
    if parser.peek() != &TokenKind::End {
        return Err(parser.expected("an operator or the end of the expression"));
    }
    Ok(node)
}

struct Parser {
    /// Ends with [`TokenKind::End`], which is never consumed.
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    links: usize,
    in_predicate: bool,
}

impl Parser {
    fn token(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn peek(&self) -> &TokenKind {
        &self.token().kind
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(found) if found == word)
    }

    fn advance(&mut self) -> Token {
        let token = self.token().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<Token, ExprError> {
        if self.is(symbol) {
            Ok(self.advance())
        } else {
            Err(self.expected(&format!("`{symbol}`")))
        }
    }

    fn expected(&self, expected: &str) -> ExprError {
        let token = self.token();
        let (expected, found) = (expected.to_owned(), token.kind.describe());
        ExprError::new(
            ExprErrorKind::Expected { expected, found },
            token.range.clone(),
        )
    }

    fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].range.end
    }

    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, ExprError>,
    ) -> Result<T, ExprError> {
        if self.depth >= MAX_DEPTH {
            return Err(ExprError::new(
                ExprErrorKind::TooDeep,
                self.token().range.clone(),
            ));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// `let x = 1; …`, or an expression.
    fn sequence(&mut self) -> Result<Node, ExprError> {
        if !self.is_word("let") {
            return self.pipe();
        }
        let start = self.advance().range.start;
        let TokenKind::Word(name) = self.peek().clone() else {
            return Err(self.expected("a name"));
        };
        self.advance();
        self.expect("=")?;
        let value = Box::new(self.pipe()?);
        self.expect(";")?;
        let body = Box::new(self.nested(Self::sequence)?);
        let range = start..body.range.end;
        Ok(Node {
            range,
            kind: Kind::Let { name, value, body },
        })
    }

    /// `x | f(y)`.
    fn pipe(&mut self) -> Result<Node, ExprError> {
        let mut node = self.nested(Self::conditional)?;
        while self.accept("|") {
            self.count_link()?;
            let token = self.advance();
            let TokenKind::Word(name) = token.kind else {
                self.at -= 1;
                return Err(self.expected("a function"));
            };
            node = self.call(&name, token.range, Some(node))?;
            node = self.postfix(node)?;
        }
        Ok(node)
    }

    fn count_link(&mut self) -> Result<(), ExprError> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(ExprError::new(
                ExprErrorKind::TooDeep,
                self.token().range.clone(),
            ));
        }
        Ok(())
    }

    fn conditional(&mut self) -> Result<Node, ExprError> {
        let condition = self.binary(0)?;
        if !self.accept("?") {
            return Ok(condition);
        }
        let then = if self.is(":") {
            None
        } else {
            Some(Box::new(self.nested(Self::conditional)?))
        };
        self.expect(":")?;
        let otherwise = self.nested(Self::conditional)?;
        let range = condition.range.start..otherwise.range.end;
        let kind = Kind::Conditional {
            condition: Box::new(condition),
            then,
            otherwise: Box::new(otherwise),
        };
        Ok(Node { range, kind })
    }

    /// The operator here, how tightly it binds, whether `not` precedes it.
    fn operator(&self) -> Option<(Binary, u8, bool)> {
        let text = |token: &TokenKind| match token {
            TokenKind::Symbol(symbol) => Binary::from_text(symbol),
            TokenKind::Word(word) => Binary::from_text(word),
            _ => None,
        };
        if self.is_word("not") {
            let next = &self.tokens.get(self.at + 1)?.kind;
            let (operator, strength) = text(next)?;
            return operator
                .is_negatable()
                .then_some((operator, strength, true));
        }
        text(self.peek()).map(|(operator, strength)| (operator, strength, false))
    }

    fn binary(&mut self, minimum: u8) -> Result<Node, ExprError> {
        let mut left = self.unary()?;
        while let Some((operator, strength, negated)) = self.operator() {
            if strength < minimum {
                break;
            }
            self.count_link()?;
            self.advance();
            if negated {
                self.advance();
            }
            // the power operator groups to the right
            let next = if operator == Binary::Power {
                strength
            } else {
                strength + 1
            };
            let right = self.nested(|parser| parser.binary(next))?;
            let range = left.range.start..right.range.end;
            let kind = Kind::Binary(operator, Box::new(left), Box::new(right));
            left = Node {
                range: range.clone(),
                kind,
            };
            if negated {
                left = Node {
                    range,
                    kind: Kind::Unary(Unary::Not, Box::new(left)),
                };
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, ExprError> {
        let (operator, strength) = match self.peek() {
            TokenKind::Symbol("!") => (Unary::Not, 50),
            TokenKind::Word(word) if word == "not" => (Unary::Not, 50),
            TokenKind::Symbol("-") => (Unary::Minus, 90),
            TokenKind::Symbol("+") => (Unary::Plus, 90),
            _ => return self.primary(),
        };
        let start = self.advance().range.start;
        let operand = self.nested(|parser| parser.binary(strength))?;
        let range = start..operand.range.end;
        Ok(Node {
            range,
            kind: Kind::Unary(operator, Box::new(operand)),
        })
    }

    fn primary(&mut self) -> Result<Node, ExprError> {
        let token = self.advance();
        let range = token.range.clone();
        let kind = match token.kind {
            TokenKind::Int(value) => Kind::Literal(value.into()),
            TokenKind::Float(value) => Kind::Literal(value.into()),
            TokenKind::Str(value) => Kind::Literal(value.into()),
            TokenKind::Word(word) => match word.as_str() {
                "true" => Kind::Literal(true.into()),
                "false" => Kind::Literal(false.into()),
                "nil" => Kind::Literal(Value::Null),
                "$env" => Kind::AllNames,
                "let" | "not" => return self.wrong(range, "a value"),
                _ if Binary::from_text(&word).is_some() => return self.wrong(range, "a value"),
                _ if self.is("(") => {
                    let node = self.call(&word, range, None)?;
                    return self.postfix(node);
                }
                _ => Kind::Name(word),
            },
            TokenKind::Symbol("(") => {
                let inner = self.nested(Self::sequence)?;
                self.expect(")")?;
                return self.postfix(inner);
            }
            TokenKind::Symbol("[") => Kind::List(self.list("]")?),
            TokenKind::Symbol("{") => self.map()?,
            TokenKind::Symbol("#") => {
                self.check_element(&range, "#")?;
                Kind::Element
            }
            TokenKind::Symbol(".") => {
                self.check_element(&range, ".")?;
                self.at -= 1;
                Kind::Element
            }
            _ => return self.wrong(range, "a value"),
        };
        let node = Node {
            range: range.start..self.end().max(range.end),
            kind,
        };
        self.postfix(node)
    }

    fn check_element(&self, range: &Range<usize>, text: &str) -> Result<(), ExprError> {
        if self.in_predicate {
            return Ok(());
        }
        Err(ExprError::new(
            ExprErrorKind::NoElement {
                text: text.to_owned(),
            },
            range.clone(),
        ))
    }

    /// An error about the token at `range`, which was taken just now.
    fn wrong<T>(&self, range: Range<usize>, expected: &str) -> Result<T, ExprError> {
        let found = self.tokens.iter().find(|token| token.range == range);
        let found = found.map_or_else(String::new, |token| token.kind.describe());
        let expected = expected.to_owned();
        Err(ExprError::new(
            ExprErrorKind::Expected { expected, found },
            range,
        ))
    }

    /// Comma-separated expressions up to `close`; a comma may precede it.
    fn list(&mut self, close: &str) -> Result<Vec<Node>, ExprError> {
        let mut items = Vec::new();
        loop {
            if self.accept(close) {
                return Ok(items);
            }
            items.push(self.nested(Self::pipe)?);
            if !self.accept(",") && !self.is(close) {
                return Err(self.expected(&format!("`,` or `{close}`")));
            }
        }
    }

    fn map(&mut self) -> Result<Kind, ExprError> {
        let mut entries = Vec::new();
        loop {
            if self.accept("}") {
                return Ok(Kind::Map(entries));
            }
            let token = self.token().clone();
            let key = match token.kind {
                TokenKind::Word(word) => Value::Str(word),
                TokenKind::Str(text) => Value::Str(text),
                TokenKind::Int(value) => Value::Str(value.to_string()),
                TokenKind::Symbol("(") => {
                    self.advance();
                    let key = self.nested(Self::pipe)?;
                    self.expect(")")?;
                    self.expect(":")?;
                    entries.push((key, self.nested(Self::pipe)?));
                    if !self.accept(",") && !self.is("}") {
                        return Err(self.expected("`,` or `}`"));
                    }
                    continue;
                }
                _ => return Err(self.expected("a key")),
            };
            self.advance();
            self.expect(":")?;
            let value = self.nested(Self::pipe)?;
            entries.push((
                Node {
                    range: token.range,
                    kind: Kind::Literal(key),
                },
                value,
            ));
            if !self.accept(",") && !self.is("}") {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    /// `.name`, `?.name`, `[key]` and `[from:to]` behind a value.
    fn postfix(&mut self, mut node: Node) -> Result<Node, ExprError> {
        let mut optional_link = false;
        loop {
            let start = node.range.start;
            let optional = self.is("?.");
            let kind = if self.accept(".") || self.accept("?.") {
                optional_link |= optional;
                if optional && self.accept("[") {
                    self.member(node, true)?
                } else {
                    let TokenKind::Word(name) = self.peek().clone() else {
                        return Err(self.expected("a name"));
                    };
                    let range = self.advance().range;
                    let key = Node {
                        range,
                        kind: Kind::Literal(Value::Str(name)),
                    };
                    Kind::Member {
                        base: Box::new(node),
                        key: Box::new(key),
                        optional,
                    }
                }
            } else if self.accept("[") {
                self.member(node, false)?
            } else {
                break;
            };
            self.count_link()?;
            node = Node {
                range: start..self.end(),
                kind,
            };
        }
        if optional_link {
            node = Node {
                range: node.range.clone(),
                kind: Kind::Chain(Box::new(node)),
            };
        }
        Ok(node)
    }

    /// The rest of `base[`.
    fn member(&mut self, base: Node, optional: bool) -> Result<Kind, ExprError> {
        let base = Box::new(base);
        let from = if self.is(":") {
            None
        } else {
            Some(Box::new(self.nested(Self::pipe)?))
        };
        if !self.accept(":") {
            self.expect("]")?;
            let Some(key) = from else {
                return Err(self.expected("an index"));
            };
            return Ok(Kind::Member {
                base,
                key,
                optional,
            });
        }
        let to = if self.is("]") {
            None
        } else {
            Some(Box::new(self.nested(Self::pipe)?))
        };
        self.expect("]")?;
        Ok(Kind::Slice { base, from, to })
    }

    /// A call of `name`, at its opening parenthesis; `first` is what a pipe puts before the
    /// arguments.
    fn call(
        &mut self,
        name: &str,
        range: Range<usize>,
        first: Option<Node>,
    ) -> Result<Node, ExprError> {
        let start = first
            .as_ref()
            .map_or(range.start, |first| first.range.start);
        self.expect("(")?;
        if let Some(function) = Predicate::from_name(name) {
            return self.predicate(function, start, range, first);
        }
        let Some(function) = Function::from_name(name) else {
            let suggestion = yaml_tree::nearest(name, functions::names());
            let name = name.to_owned();
            return Err(ExprError::new(
                ExprErrorKind::UnknownFunction { name, suggestion },
                range,
            ));
        };
        let mut arguments: Vec<Node> = first.into_iter().collect();
        arguments.extend(self.list(")")?);
        let (least, most) = function.arguments();
        if arguments.len() < least || arguments.len() > most {
            let expected = match (least, most) {
                (1, 1) => "1 argument".to_owned(),
                (least, usize::MAX) => format!("at least {least} argument(s)"),
                (least, most) if least == most => format!("{least} arguments"),
                (least, most) => format!("{least} to {most} arguments"),
            };
            let kind = ExprErrorKind::Arguments {
                name: function.name(),
                expected,
                found: arguments.len(),
            };
            return Err(ExprError::new(kind, range.start..self.end()));
        }
        Ok(Node {
            range: start..self.end(),
            kind: Kind::Call(function, arguments),
        })
    }

    /// The arguments of `filter` and its like.
    fn predicate(
        &mut self,
        function: Predicate,
        start: usize,
        range: Range<usize>,
        first: Option<Node>,
    ) -> Result<Node, ExprError> {
        let list = match first {
            Some(first) => first,
            None if self.is(")") => {
                let kind = function.wrong_arguments(0);
                return Err(ExprError::new(kind, range.start..range.end + 2));
            }
            None => {
                let list = self.nested(Self::pipe)?;
                if !self.is(")") {
                    self.expect(",")?;
                }
                list
            }
        };
        let body = if self.is(")") {
            None
        } else {
            let outer = std::mem::replace(&mut self.in_predicate, true);
            let braced = self.accept("{");
            let body = self.nested(Self::sequence);
            self.in_predicate = outer;
            let body = body?;
            if braced {
                self.expect("}")?;
            }
            self.accept(",");
            Some(Box::new(body))
        };
        self.expect(")")?;
        if body.is_none() && !function.body_is_optional() {
            return Err(ExprError::new(
                function.wrong_arguments(1),
                range.start..self.end(),
            ));
        }
        let kind = Kind::Predicate {
            function,
            list: Box::new(list),
            body,
        };
        Ok(Node {
            range: start..self.end(),
            kind,
        })
    }
}
