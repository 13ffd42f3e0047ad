//! Tokens to nodes, by the rules of Go's `text/template/parse`.

use std::collections::BTreeMap;

use super::TemplateError;
use super::constant::{Constant, character, number, unquote};
use super::lexer::{Kind, Token, lex};

/// How deep control structures and parentheses may be nested.
const MAX_DEPTH: usize = 100;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipeline),
    If(Pipeline, Vec<Self>, Vec<Self>),
    With(Pipeline, Vec<Self>, Vec<Self>),
    Range(Pipeline, Vec<Self>, Vec<Self>),
    /// Another template by name, with what is its dot.
    Template(String, Option<Pipeline>, usize),
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    /// Variables it sets, and whether they are there already.
    pub(super) variables: Vec<String>,
    pub(super) assigns: bool,
    pub(super) commands: Vec<Command>,
}

#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) operands: Vec<Operand>,
    pub(super) at: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Dot,
    Nil,
    Constant(Constant),
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Function(String),
    Group(Box<Pipeline>),
    /// Fields of what is no field itself.
    Chain(Box<Self>, Vec<String>),
}

/// A template and those it defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Parsed {
    pub(super) nodes: Vec<Node>,
    pub(super) defined: BTreeMap<String, Vec<Node>>,
}

impl Parsed {
    /// The names of all functions.
    pub(super) fn functions(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for nodes in std::iter::once(&self.nodes).chain(self.defined.values()) {
            in_nodes(nodes, &mut names);
        }
        names
    }
}

fn in_nodes<'n>(nodes: &'n [Node], names: &mut Vec<&'n str>) {
    for node in nodes {
        match node {
            Node::Text(_) | Node::Break | Node::Continue | Node::Template(_, None, _) => {}
            Node::Action(pipeline) | Node::Template(_, Some(pipeline), _) => {
                in_pipeline(pipeline, names);
            }
            Node::If(pipeline, body, otherwise)
            | Node::With(pipeline, body, otherwise)
            | Node::Range(pipeline, body, otherwise) => {
                in_pipeline(pipeline, names);
                in_nodes(body, names);
                in_nodes(otherwise, names);
            }
        }
    }
}

fn in_pipeline<'n>(pipeline: &'n Pipeline, names: &mut Vec<&'n str>) {
    let commands = pipeline.commands.iter();
    for operand in commands.flat_map(|command| &command.operands) {
        in_operand(operand, names);
    }
}

fn in_operand<'n>(operand: &'n Operand, names: &mut Vec<&'n str>) {
    match operand {
        Operand::Function(name) => names.push(name),
        Operand::Group(inner) => in_pipeline(inner, names),
        Operand::Chain(inner, _) => in_operand(inner, names),
        _ => {}
    }
}

pub(super) fn parse(text: &str) -> Result<Parsed, TemplateError> {
    let mut parser = Parser {
        tokens: lex(text)?,
        next: 0,
        end: text.len(),
        depth: 0,
        loops: 0,
        variables: vec![String::new()],
        defined: BTreeMap::new(),
    };
    let (nodes, end) = parser.nodes(true)?;
    match end {
        End::Text => {}
        End::Else(at) => return Err(TemplateError::new(at, "unexpected {{else}}")),
        End::Close(at) => return Err(TemplateError::new(at, "unexpected {{end}}")),
    }
    Ok(Parsed {
        nodes,
        defined: parser.defined,
    })
}

/// What ended a list of nodes.
enum End {
    Text,
    /// `else`; what is behind it comes next.
    Else(usize),
    Close(usize),
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    /// Where the text ends.
    end: usize,
    depth: usize,
    loops: usize,
    variables: Vec<String>,
    defined: BTreeMap<String, Vec<Node>>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.next).copied()
    }

    fn is(&self, kind: Kind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    fn skip_space(&mut self) {
        if self.is(Kind::Space) {
            self.next += 1;
        }
    }

    fn keyword(&self) -> &'t str {
        match self.peek() {
            Some(token) if token.kind == Kind::Keyword => token.text,
            _ => "",
        }
    }

    fn at(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    fn unexpected(&self, context: &str) -> TemplateError {
        let found = match self.peek() {
            Some(token) => format!("unexpected `{}` in {context}", token.text),
            None => format!("unexpected end of the template in {context}"),
        };
        TemplateError::new(self.at(), found)
    }

    /// The end of an action.
    fn close(&mut self, context: &str) -> Result<(), TemplateError> {
        self.skip_space();
        if !self.is(Kind::Close) {
            return Err(self.unexpected(context));
        }
        self.next += 1;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::new(self.at(), "nested too deep"));
        }
        Ok(())
    }

    fn nodes(&mut self, top: bool) -> Result<(Vec<Node>, End), TemplateError> {
        let mut nodes = Vec::new();
        while let Some(token) = self.peek() {
            self.next += 1;
            if token.kind == Kind::Text {
                nodes.push(Node::Text(token.text.to_owned()));
                continue;
            }
            self.skip_space();
            let at = self.at();
            let keyword = self.keyword();
            self.next += usize::from(!keyword.is_empty());
            match keyword {
                "end" => {
                    self.close("end")?;
                    return Ok((nodes, End::Close(at)));
                }
                "else" => return Ok((nodes, End::Else(at))),
                "if" | "with" | "range" => nodes.push(self.control(keyword)?),
                "break" | "continue" => {
                    if self.loops == 0 {
                        let message = format!("{{{{{keyword}}}}} outside {{{{range}}}}");
                        return Err(TemplateError::new(at, message));
                    }
                    self.close(keyword)?;
                    nodes.push(match keyword {
                        "break" => Node::Break,
                        _ => Node::Continue,
                    });
                }
                "template" => {
                    let name = self.name("template clause")?;
                    self.skip_space();
                    let pipeline = if self.is(Kind::Close) {
                        self.next += 1;
                        None
                    } else {
                        Some(self.pipeline("template clause", Kind::Close)?)
                    };
                    nodes.push(Node::Template(name, pipeline, at));
                }
                "block" => {
                    let name = self.name("block clause")?;
                    let pipeline = self.pipeline("block clause", Kind::Close)?;
                    self.definition(name.clone())?;
                    nodes.push(Node::Template(name, Some(pipeline), at));
                }
                "define" if top => {
                    let name = self.name("define clause")?;
                    self.close("define clause")?;
                    self.definition(name)?;
                }
                "" => nodes.push(Node::Action(self.pipeline("command", Kind::Close)?)),
                _ => {
                    self.next -= 1;
                    return Err(self.unexpected("command"));
                }
            }
        }
        Ok((nodes, End::Text))
    }

    /// The name of a template, between quotes.
    fn name(&mut self, context: &str) -> Result<String, TemplateError> {
        self.skip_space();
        let name = match self.peek() {
            Some(token) if matches!(token.kind, Kind::Quoted | Kind::Raw) => unquote(token.text),
            _ => None,
        };
        let name = name.ok_or_else(|| self.unexpected(context))?;
        self.next += 1;
        Ok(name)
    }

    /// The body of a template of its own, up to its `end`.
    fn definition(&mut self, name: String) -> Result<(), TemplateError> {
        self.enter()?;
        let at = self.at();
        let variables = std::mem::replace(&mut self.variables, vec![String::new()]);
        let loops = std::mem::take(&mut self.loops);
        let (nodes, end) = self.nodes(false)?;
        if !matches!(end, End::Close(_)) {
            return Err(TemplateError::new(at, "unexpected end of the template"));
        }
        (self.variables, self.loops) = (variables, loops);
        self.depth -= 1;
        let empty = |nodes: &[Node]| {
            let mut nodes = nodes.iter();
            nodes.all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
        };
        match self.defined.get(&name) {
            Some(known) if !empty(known) => {
                if !empty(&nodes) {
                    let message = format!("multiple definition of template {name:?}");
                    return Err(TemplateError::new(at, message));
                }
            }
            _ => {
                self.defined.insert(name, nodes);
            }
        }
        Ok(())
    }

    /// `if`, `with` or `range` up to its `end`.
    fn control(&mut self, keyword: &str) -> Result<Node, TemplateError> {
        self.enter()?;
        let at = self.at();
        let scope = self.variables.len();
        let pipeline = self.pipeline(keyword, Kind::Close)?;
        let looping = usize::from(keyword == "range");
        self.loops += looping;
        let (body, end) = self.nodes(false)?;
        self.loops -= looping;
        let otherwise = match end {
            End::Close(_) => Vec::new(),
            End::Text => return Err(TemplateError::new(at, "unexpected end of the template")),
            End::Else(_) => {
                self.skip_space();
                // `else if` and `else with` share the `end`.
                if self.keyword() == keyword && keyword != "range" {
                    self.next += 1;
                    vec![self.control(keyword)?]
                } else {
                    self.close("else")?;
                    let (nodes, end) = self.nodes(false)?;
                    if !matches!(end, End::Close(_)) {
                        return Err(TemplateError::new(self.at(), "expected {{end}}"));
                    }
                    nodes
                }
            }
        };
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(match keyword {
            "if" => Node::If(pipeline, body, otherwise),
            "with" => Node::With(pipeline, body, otherwise),
            _ => Node::Range(pipeline, body, otherwise),
        })
    }

    /// Variables it sets, and commands up to `end`.
    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipeline, TemplateError> {
        let start = self.at();
        let mut variables = Vec::new();
        let mut assigns = false;
        loop {
            self.skip_space();
            if !self.is(Kind::Variable) {
                break;
            }
            let back = self.next;
            let name = self.peek().map_or("", |token| &token.text[1..]);
            self.next += 1;
            self.skip_space();
            match self.peek() {
                Some(token) if matches!(token.kind, Kind::Assign | Kind::Declare) => {
                    assigns = token.kind == Kind::Assign;
                    self.next += 1;
                    variables.push(name.to_owned());
                    self.variables.push(name.to_owned());
                    break;
                }
                Some(token) if token.kind == Kind::Other && token.text == "," => {
                    self.next += 1;
                    variables.push(name.to_owned());
                    self.variables.push(name.to_owned());
                    if context != "range" || variables.len() > 1 {
                        let message = format!("too many declarations in {context}");
                        return Err(TemplateError::new(start, message));
                    }
                    self.skip_space();
                    if !(self.is(Kind::Variable) || self.is(end)) {
                        let message = "range can only initialize variables";
                        return Err(TemplateError::new(start, message));
                    }
                }
                _ => {
                    self.next = back;
                    break;
                }
            }
        }
        let mut commands: Vec<Command> = Vec::new();
        loop {
            self.skip_space();
            if self.is(end) {
                self.next += 1;
                break;
            }
            if !self.peek().is_some_and(|token| begins_operand(token.kind)) {
                return Err(self.unexpected(context));
            }
            let command = self.command()?;
            let value = matches!(
                command.operands[0],
                Operand::Constant(_) | Operand::Dot | Operand::Nil
            );
            if value && !commands.is_empty() {
                let message = format!(
                    "non executable command in pipeline stage {}",
                    commands.len() + 1
                );
                return Err(TemplateError::new(command.at, message));
            }
            commands.push(command);
        }
        if commands.is_empty() {
            let message = format!("missing value for {context}");
            return Err(TemplateError::new(start, message));
        }
        Ok(Pipeline {
            variables,
            assigns,
            commands,
        })
    }

    /// Operands up to a pipe or the end of the pipeline.
    fn command(&mut self) -> Result<Command, TemplateError> {
        let at = self.at();
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            match self.peek().map(|token| token.kind) {
                Some(Kind::Space) => self.next += 1,
                Some(Kind::Close | Kind::RightParen) => break,
                Some(Kind::Pipe) => {
                    self.next += 1;
                    break;
                }
                _ => return Err(self.unexpected("operand")),
            }
        }
        if operands.is_empty() {
            return Err(TemplateError::new(at, "empty command"));
        }
        Ok(Command { operands, at })
    }

    fn operand(&mut self) -> Result<Option<Operand>, TemplateError> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let mut names = Vec::new();
        while let Some(token) = self.peek().filter(|token| token.kind == Kind::Field) {
            names.push(token.text[1..].to_owned());
            self.next += 1;
        }
        if names.is_empty() {
            return Ok(Some(term));
        }
        Ok(Some(match term {
            Operand::Field(mut first) => {
                first.append(&mut names);
                Operand::Field(first)
            }
            Operand::Variable(name, _) => Operand::Variable(name, names),
            Operand::Constant(_) | Operand::Nil | Operand::Dot => {
                return Err(TemplateError::new(
                    self.at(),
                    "unexpected . after a constant",
                ));
            }
            other => Operand::Chain(Box::new(other), names),
        }))
    }

    fn term(&mut self) -> Result<Option<Operand>, TemplateError> {
        let Some(Token { kind, text, at }) = self.peek() else {
            return Ok(None);
        };
        let constant = |constant: Option<Constant>| {
            let constant = constant
                .ok_or_else(|| TemplateError::new(at, format!("bad number or text: {text}")))?;
            Ok::<_, TemplateError>(Operand::Constant(constant))
        };
        let operand = match kind {
            Kind::Name => Operand::Function(text.to_owned()),
            Kind::Dot => Operand::Dot,
            Kind::Nil => Operand::Nil,
            Kind::Field => Operand::Field(vec![text[1..].to_owned()]),
            Kind::Variable => {
                let name = &text[1..];
                if !self.variables.iter().any(|known| known == name) {
                    let message = format!("undefined variable \"{text}\"");
                    return Err(TemplateError::new(at, message));
                }
                Operand::Variable(name.to_owned(), Vec::new())
            }
            Kind::Bool => Operand::Constant(Constant::Bool(text == "true")),
            Kind::Number => constant(number(text))?,
            Kind::Character => constant(character(text))?,
            Kind::Quoted | Kind::Raw => constant(unquote(text).map(Constant::Text))?,
            Kind::LeftParen => {
                self.next += 1;
                self.enter()?;
                let inner = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.depth -= 1;
                return Ok(Some(Operand::Group(Box::new(inner))));
            }
            _ => return Ok(None),
        };
        self.next += 1;
        Ok(Some(operand))
    }
}

fn begins_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::Character
            | Kind::Dot
            | Kind::Field
            | Kind::Name
            | Kind::Number
            | Kind::Nil
            | Kind::Raw
            | Kind::Quoted
            | Kind::Variable
            | Kind::LeftParen
    )
}
