//! Pieces to the tree.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::ast::{Branch, Callee, Command, Field, Named, Node, Operand, Pipeline, Term};
use crate::constant::Constant;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::lexer::{Piece, Token, TokenKind, pieces};
use crate::{Options, Template, functions};

/// How deep blocks and parentheses may nest.
const MAX_DEPTH: usize = 60;

pub(super) fn parse(
    name: &str,
    text: &str,
    options: &Options<'_>,
) -> Result<Template, TemplateError> {
    let mut parser = Parser {
        name,
        text,
        options,
        pieces: pieces(text)?.into_iter(),
        action: 0..0,
        tokens: Vec::new(),
        at: 0,
        depth: 0,
        loops: 0,
        variables: vec!["$".to_owned()],
        defined: BTreeMap::new(),
    };
    let (root, _) = parser.nodes("")?;
    Ok(Template {
        name: name.to_owned(),
        root,
        defined: parser.defined,
    })
}

/// What ended a list of nodes.
enum Ending {
    Text,
    End,
    /// The tokens behind `else` are still to be read.
    Else,
}

struct Parser<'t> {
    name: &'t str,
    text: &'t str,
    options: &'t Options<'t>,
    pieces: std::vec::IntoIter<Piece>,
    /// The action being read.
    action: Range<usize>,
    /// Its tokens; ends with [`TokenKind::End`], which is never consumed.
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// How many `range` bodies are around.
    loops: usize,
    variables: Vec<String>,
    defined: BTreeMap<String, Vec<Node>>,
}

type Parsed<T> = Result<T, TemplateError>;

impl Parser<'_> {
    fn token(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn peek(&self) -> &TokenKind {
        &self.token().kind
    }

    fn advance(&mut self) -> Token {
        let token = self.token().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), TokenKind::Symbol(found) if *found == symbol)
    }

    fn is_end(&self) -> bool {
        *self.peek() == TokenKind::End
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Word(found) if found == word);
        if found {
            self.advance();
        }
        found
    }

    fn expected(&self, expected: &'static str) -> TemplateError {
        let found = self.peek().describe();
        let mut range = self.token().range.clone();
        if range.is_empty() {
            range = self.action.clone();
        }
        TemplateError::new(TemplateErrorKind::Expected { expected, found }, range)
    }

    fn finish(&self) -> Parsed<()> {
        if self.is_end() {
            Ok(())
        } else {
            Err(self.expected("the end of the action"))
        }
    }

    fn misplaced<T>(&self, keyword: &'static str) -> Parsed<T> {
        let kind = TemplateErrorKind::Misplaced { keyword };
        Err(TemplateError::new(kind, self.action.clone()))
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(TemplateError::new(
                TemplateErrorKind::TooDeep,
                self.action.clone(),
            ));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Nodes up to `end` or `else`. `block` is the keyword they belong to; empty at the top.
    fn nodes(&mut self, block: &'static str) -> Parsed<(Vec<Node>, Ending)> {
        let opened = self.action.clone();
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            match piece {
                Piece::Text(text) if text.is_empty() => {}
                Piece::Text(text) => nodes.push(Node::Text(text)),
                Piece::Action { range, tokens } => {
                    (self.action, self.tokens, self.at) = (range, tokens, 0);
                    if let Some(ending) = self.ending(block)? {
                        return Ok((nodes, ending));
                    }
                    nodes.extend(self.node(block)?);
                }
            }
        }
        if block.is_empty() {
            Ok((nodes, Ending::Text))
        } else {
            Err(TemplateError::new(
                TemplateErrorKind::MissingEnd { keyword: block },
                opened,
            ))
        }
    }

    fn ending(&mut self, block: &str) -> Parsed<Option<Ending>> {
        if self.accept_word("end") {
            self.finish()?;
            return if block.is_empty() {
                self.misplaced("end")
            } else {
                Ok(Some(Ending::End))
            };
        }
        if self.accept_word("else") {
            let allowed = matches!(block, "if" | "with" | "range");
            return if allowed {
                Ok(Some(Ending::Else))
            } else {
                self.misplaced("else")
            };
        }
        Ok(None)
    }

    fn node(&mut self, block: &str) -> Parsed<Option<Node>> {
        let TokenKind::Word(word) = self.peek().clone() else {
            return self.pipeline("an action").map(Node::Action).map(Some);
        };
        Ok(Some(match word.as_str() {
            "if" => self.nested(|parser| parser.branches(false))?,
            "with" => self.nested(|parser| parser.branches(true))?,
            "range" => self.nested(Self::range)?,
            "template" => self.template()?,
            "block" => self.nested(Self::block)?,
            "define" => {
                if !block.is_empty() {
                    return self.misplaced("define");
                }
                self.nested(Self::define)?;
                return Ok(None);
            }
            "break" | "continue" => {
                self.advance();
                self.finish()?;
                match (self.loops > 0, word.as_str()) {
                    (true, "break") => Node::Break,
                    (true, _) => Node::Continue,
                    (false, "break") => return self.misplaced("break"),
                    (false, _) => return self.misplaced("continue"),
                }
            }
            _ => Node::Action(self.pipeline("an action")?),
        }))
    }

    fn branches(&mut self, with: bool) -> Parsed<Node> {
        let keyword = if with { "with" } else { "if" };
        let scope = self.variables.len();
        let mut branches = Vec::new();
        self.advance();
        let otherwise = loop {
            let pipeline = self.pipeline(keyword)?;
            let inner = self.variables.len();
            let (body, ending) = self.nodes(keyword)?;
            self.variables.truncate(inner);
            branches.push(Branch {
                with,
                pipeline,
                body,
            });
            match ending {
                Ending::Else if self.accept_word(keyword) => {}
                Ending::Else => {
                    self.finish()?;
                    break self.last_nodes(keyword)?;
                }
                Ending::End | Ending::Text => break Vec::new(),
            }
        };
        self.variables.truncate(scope);
        Ok(Node::Branches {
            branches,
            otherwise,
        })
    }

    /// The nodes behind `else`, which another `else` cannot follow.
    fn last_nodes(&mut self, keyword: &'static str) -> Parsed<Vec<Node>> {
        let scope = self.variables.len();
        match self.nodes(keyword)? {
            (_, Ending::Else) => self.misplaced("else"),
            (nodes, _) => {
                self.variables.truncate(scope);
                Ok(nodes)
            }
        }
    }

    fn range(&mut self) -> Parsed<Node> {
        self.advance();
        let scope = self.variables.len();
        let pipeline = self.pipeline("range")?;
        self.loops += 1;
        let body = self.nodes("range");
        self.loops -= 1;
        let (body, ending) = body?;
        self.variables.truncate(scope);
        let otherwise = match ending {
            Ending::Else => {
                self.finish()?;
                self.last_nodes("range")?
            }
            Ending::End | Ending::Text => Vec::new(),
        };
        Ok(Node::Range {
            pipeline,
            body,
            otherwise,
        })
    }

    /// The quoted name behind `template`, `define` and `block`.
    fn name(&mut self) -> Parsed<String> {
        match self.peek().clone() {
            TokenKind::Literal(Constant::Text(name), _) => {
                self.advance();
                Ok(name)
            }
            _ => Err(self.expected("the quoted name of a template")),
        }
    }

    fn template(&mut self) -> Parsed<Node> {
        self.advance();
        let range = self.token().range.clone();
        let name = self.name()?;
        let argument = if self.is_end() {
            None
        } else {
            Some(self.pipeline("template")?)
        };
        Ok(Node::Template {
            name,
            range,
            argument,
        })
    }

    fn define(&mut self) -> Parsed<()> {
        self.advance();
        let range = self.action.clone();
        let name = self.name()?;
        self.finish()?;
        self.body(name, "define", range)
    }

    fn block(&mut self) -> Parsed<Node> {
        self.advance();
        let range = self.token().range.clone();
        let name = self.name()?;
        let argument = Some(self.pipeline("block")?);
        self.body(name.clone(), "block", range.clone())?;
        Ok(Node::Template {
            name,
            range,
            argument,
        })
    }

    /// The body of a named template, which sees no variable and no loop from outside.
    fn body(&mut self, name: String, keyword: &'static str, range: Range<usize>) -> Parsed<()> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let body = self.nodes(keyword);
        (self.variables, self.loops) = (variables, loops);
        let (body, _) = body?;
        // as in Go, an empty definition may be replaced and replaces nothing
        let empty = |nodes: &[Node]| {
            nodes
                .iter()
                .all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
        };
        if name == self.name {
            return Err(TemplateError::new(
                TemplateErrorKind::DuplicateTemplate { name },
                range,
            ));
        }
        match self.defined.get(&name) {
            Some(held) if !empty(held) && !empty(&body) => Err(TemplateError::new(
                TemplateErrorKind::DuplicateTemplate { name },
                range,
            )),
            Some(held) if !empty(held) => Ok(()),
            _ => {
                self.defined.insert(name, body);
                Ok(())
            }
        }
    }

    /// The rest of the action as a pipeline. `context` is the keyword before it.
    fn pipeline(&mut self, context: &'static str) -> Parsed<Pipeline> {
        let pipeline = self.commands(context)?;
        self.finish()?;
        Ok(pipeline)
    }

    fn commands(&mut self, context: &'static str) -> Parsed<Pipeline> {
        let start = self.token().range.start;
        let (variables, assign) = self.declaration(context)?;
        let mut commands = Vec::new();
        loop {
            commands.push(self.command(!commands.is_empty())?);
            if !self.is("|") {
                break;
            }
            self.advance();
            // As in Go, nothing need follow.
            if self.is_end() || self.is(")") {
                break;
            }
        }
        if !assign {
            self.variables.extend(variables.iter().cloned());
        }
        let range = start..self.tokens[self.at.saturating_sub(1)].range.end.max(start);
        Ok(Pipeline {
            range,
            variables,
            assign,
            commands,
        })
    }

    /// `$x :=`, `$x =`, and for `range` `$i, $x :=`.
    fn declaration(&mut self, context: &str) -> Parsed<(Vec<String>, bool)> {
        let start = self.at;
        let mut variables = Vec::new();
        while let TokenKind::Variable(name) = self.peek().clone() {
            self.advance();
            variables.push((name, self.tokens[self.at - 1].range.clone()));
            if variables.len() == 1 && context == "range" && self.is(",") {
                self.advance();
                continue;
            }
            break;
        }
        let assign = self.is("=");
        if !assign && !self.is(":=") || variables.is_empty() {
            self.at = start;
            return Ok((Vec::new(), false));
        }
        self.advance();
        for (name, range) in &variables {
            if assign && !self.variables.contains(name) {
                let kind = TemplateErrorKind::UndefinedVariable { name: name.clone() };
                return Err(TemplateError::new(kind, range.clone()));
            }
        }
        Ok((
            variables.into_iter().map(|(name, _)| name).collect(),
            assign,
        ))
    }

    fn command(&mut self, piped: bool) -> Parsed<Command> {
        let mut operands = vec![self.operand()?];
        while !self.is_end() && !self.is("|") && !self.is(")") {
            let before = self.tokens[self.at - 1].range.end;
            if self.token().range.start == before {
                return Err(self.expected("a blank between arguments"));
            }
            operands.push(self.operand()?);
        }
        let range = operands[0].range.start..operands[operands.len() - 1].range.end;
        let first = &operands[0];
        if let (Term::Function(function), true) = (&first.term, first.fields.is_empty()) {
            let count = operands.len() - 1 + usize::from(piped);
            self.check(*function, count, &range)?;
        } else if piped || operands.len() > 1 {
            let what = format!("`{}`", &self.text[first.range.clone()]);
            let kind = TemplateErrorKind::NotAFunction { what };
            return Err(TemplateError::new(kind, first.range.clone()));
        } else if matches!(first.term, Term::Nil) {
            let kind = TemplateErrorKind::Expected {
                expected: "a value",
                found: "`nil`".to_owned(),
            };
            return Err(TemplateError::new(kind, first.range.clone()));
        }
        // arguments which are functions are called without arguments
        for operand in &operands[1..] {
            if let Term::Function(function) = &operand.term {
                self.check(*function, 0, &operand.range)?;
            }
        }
        Ok(Command { range, operands })
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let token = self.advance();
        let mut range = token.range.clone();
        let mut fields = Vec::new();
        let term = match token.kind {
            TokenKind::Dot => Term::Dot,
            TokenKind::Field(name) => {
                fields.push(Field {
                    name,
                    range: token.range,
                });
                Term::Dot
            }
            TokenKind::Variable(name) => {
                if !self.variables.contains(&name) {
                    let kind = TemplateErrorKind::UndefinedVariable { name };
                    return Err(TemplateError::new(kind, token.range));
                }
                Term::Variable(name)
            }
            TokenKind::Word(word) if word == "nil" => Term::Nil,
            TokenKind::Word(word) => Term::Function(self.function(word, token.range)?),
            TokenKind::Literal(constant, _) => Term::Literal(constant),
            TokenKind::Symbol("(") => {
                let pipeline = self.nested(|parser| parser.commands("("))?;
                if !self.is(")") {
                    return Err(self.expected("`)`"));
                }
                range.end = self.advance().range.end;
                Term::Pipeline(Box::new(pipeline))
            }
            _ => {
                self.at = self
                    .tokens
                    .iter()
                    .position(|other| *other == token)
                    .unwrap_or(self.at);
                return Err(self.expected("a value"));
            }
        };
        // a field belongs to what it touches
        while let (TokenKind::Field(name), true) =
            (self.peek().clone(), self.token().range.start == range.end)
        {
            // To Go it is a number, and numbers stand alone.
            if !self.options.lenient && name.starts_with(|c: char| c.is_ascii_digit()) {
                return Err(self.expected("a blank between arguments"));
            }
            let field = self.advance().range;
            range.end = field.end;
            if matches!(term, Term::Literal(_) | Term::Nil)
                || matches!(term, Term::Dot) && fields.is_empty()
            {
                let found = format!("`.{name}`");
                let kind = TemplateErrorKind::Expected {
                    expected: "a blank",
                    found,
                };
                return Err(TemplateError::new(kind, field));
            }
            fields.push(Field { name, range: field });
        }
        Ok(Operand {
            range,
            term,
            fields,
        })
    }

    fn function(&self, name: String, range: Range<usize>) -> Parsed<Callee> {
        if let Some(at) = self.options.own.iter().position(|own| own.name == name) {
            return Ok(Callee {
                name: self.options.own[at].name,
                function: Named::Own(at),
            });
        }
        let found = functions::find(&name, self.options.sprig);
        let found = found.filter(|(_, found)| found.run.is_some() || !self.options.only_foretold);
        let called = found.map(|(name, found)| {
            let strict = self.options.lenient.then(|| functions::strict(name));
            let found = strict.flatten().unwrap_or(found);
            let function = Named::Known(found);
            Callee { name, function }
        });
        called.ok_or_else(|| {
            let action = self.text[self.action.clone()].to_owned();
            let kind = TemplateErrorKind::UnknownFunction {
                name,
                suggestion: None,
                action,
            };
            TemplateError::new(kind, range)
        })
    }

    /// Go counts arguments only when a function is called.
    fn check(&self, callee: Callee, count: usize, range: &Range<usize>) -> Parsed<()> {
        if !self.options.lenient {
            return Ok(());
        }
        callee
            .check(self.options, count)
            .map_err(|kind| TemplateError::new(kind, range.clone()))
    }
}
