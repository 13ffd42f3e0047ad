//! Template text to nodes.

use super::TemplateError;
use super::data::Data;
use super::lexer::{Placed, Token, lex};

/// How deep control structures and parentheses may be nested.
const MAX_DEPTH: usize = 100;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipeline),
    If(Pipeline, Vec<Self>, Vec<Self>),
    With(Pipeline, Vec<Self>, Vec<Self>),
    Range(Pipeline, Vec<Self>, Vec<Self>),
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    /// Variables it sets, and whether they are new.
    pub(super) variables: Vec<String>,
    pub(super) declares: bool,
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
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Function(String),
    Constant(Data),
    Group(Box<Pipeline>, Vec<String>),
}

/// The names of all functions in a template.
pub(super) fn functions<'n>(nodes: &'n [Node], names: &mut Vec<&'n str>) {
    for node in nodes {
        match node {
            Node::Text(_) | Node::Break | Node::Continue => {}
            Node::Action(pipeline) => in_pipeline(pipeline, names),
            Node::If(pipeline, body, otherwise)
            | Node::With(pipeline, body, otherwise)
            | Node::Range(pipeline, body, otherwise) => {
                in_pipeline(pipeline, names);
                functions(body, names);
                functions(otherwise, names);
            }
        }
    }
}

fn in_pipeline<'n>(pipeline: &'n Pipeline, names: &mut Vec<&'n str>) {
    for operand in pipeline
        .commands
        .iter()
        .flat_map(|command| &command.operands)
    {
        match operand {
            Operand::Function(name) => names.push(name),
            Operand::Group(inner, _) => in_pipeline(inner, names),
            _ => {}
        }
    }
}

/// Text and actions in order.
enum Piece<'t> {
    Text(&'t str),
    Action(&'t str, usize),
}

pub(super) fn parse(text: &str) -> Result<Vec<Node>, TemplateError> {
    let pieces = pieces(text)?;
    let mut parser = Parser {
        pieces,
        next: 0,
        depth: 0,
        loops: 0,
        variables: vec![String::new()],
    };
    let (nodes, end) = parser.nodes()?;
    match end {
        End::Text => Ok(nodes),
        End::Else(at, _) => Err(TemplateError::new(at, "unexpected {{else}}")),
        End::Close(at) => Err(TemplateError::new(at, "unexpected {{end}}")),
    }
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut trim_next = false;
    loop {
        let open = text[at..].find("{{");
        let end = open.map_or(text.len(), |open| at + open);
        let mut plain = &text[at..end];
        let trims = open.is_some_and(|_| opens_trimmed(&text[end + 2..]));
        if trim_next {
            plain = plain.trim_start_matches(is_space);
        }
        if trims {
            plain = plain.trim_end_matches(is_space);
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        if open.is_none() {
            return Ok(pieces);
        }
        let start = end + 2 + usize::from(trims);
        let close = action_end(text, start, end)?;
        let mut action = &text[start..close];
        trim_next = action.ends_with('-') && action[..action.len() - 1].ends_with(is_space);
        if trim_next {
            action = &action[..action.len() - 1];
        }
        pieces.push(Piece::Action(action, start));
        at = close + 2;
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn opens_trimmed(rest: &str) -> bool {
    rest.strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(is_space))
}

/// The place of the `}}` that ends an action: one outside texts and comments.
fn action_end(text: &str, start: usize, open: usize) -> Result<usize, TemplateError> {
    let rest = &text[start..];
    let unclosed = || TemplateError::new(open, "unclosed action");
    let comment = rest.trim_start_matches(is_space);
    if comment.starts_with("/*") {
        let body = start + (rest.len() - comment.len());
        let end = text[body..]
            .find("*/")
            .ok_or_else(|| TemplateError::new(open, "unclosed comment"))?;
        let close = body + end + 2;
        let after = &text[close..];
        let trimmed = after.trim_start_matches(is_space);
        let dash = usize::from(trimmed.starts_with("-}}"));
        if !trimmed[dash..].starts_with("}}") {
            return Err(TemplateError::new(
                close,
                "comment ends before closing delimiter",
            ));
        }
        return Ok(close + (after.len() - trimmed.len()) + dash);
    }
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, character) in rest.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if character == '\\' && open != '`' {
                    escaped = true;
                } else if character == open {
                    quote = None;
                }
            }
            None if rest[at..].starts_with("}}") => return Ok(start + at),
            None if matches!(character, '"' | '`' | '\'') => quote = Some(character),
            None => {}
        }
    }
    Err(unclosed())
}

/// What ended a list of nodes.
enum End {
    Text,
    /// `else`, with the rest of its action.
    Else(usize, Vec<Placed>),
    Close(usize),
}

struct Parser<'t> {
    pieces: Vec<Piece<'t>>,
    next: usize,
    depth: usize,
    loops: usize,
    variables: Vec<String>,
}

impl Parser<'_> {
    fn nodes(&mut self) -> Result<(Vec<Node>, End), TemplateError> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.get(self.next) {
            self.next += 1;
            let (action, at) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text((*text).to_owned()));
                    continue;
                }
                Piece::Action(action, at) => (*action, *at),
            };
            if action.trim_matches(is_space).starts_with("/*") {
                continue;
            }
            let tokens = lex(action, at)?;
            let keyword = match tokens.first() {
                Some((Token::Name(name), _)) => name.as_str(),
                _ => "",
            };
            match keyword {
                "end" => return Ok((nodes, End::Close(at))),
                "else" => return Ok((nodes, End::Else(at, tokens[1..].to_vec()))),
                "if" | "with" | "range" => nodes.push(self.control(&tokens, at)?),
                "break" | "continue" if self.loops > 0 => nodes.push(if keyword == "break" {
                    Node::Break
                } else {
                    Node::Continue
                }),
                "define" | "template" | "block" | "break" | "continue" => {
                    return Err(TemplateError::new(
                        at,
                        format!("unexpected {{{{{keyword}}}}}"),
                    ));
                }
                _ => nodes.push(Node::Action(self.pipeline(&tokens, at)?)),
            }
        }
        Ok((nodes, End::Text))
    }

    /// `if`, `with` or `range` up to its `end`.
    fn control(&mut self, tokens: &[Placed], at: usize) -> Result<Node, TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::new(at, "nested too deep"));
        }
        let scope = self.variables.len();
        let keyword = match &tokens[0].0 {
            Token::Name(name) => name.clone(),
            _ => String::new(),
        };
        let pipeline = self.pipeline(&tokens[1..], at)?;
        self.loops += usize::from(keyword == "range");
        let (body, end) = self.nodes()?;
        self.loops -= usize::from(keyword == "range");
        let mut otherwise = Vec::new();
        match end {
            End::Close(_) => {}
            End::Text => return Err(TemplateError::new(at, "unexpected end of the template")),
            End::Else(at, rest) => match rest.first() {
                None => {
                    let (nodes, end) = self.nodes()?;
                    otherwise = nodes;
                    if !matches!(end, End::Close(_)) {
                        return Err(TemplateError::new(at, "expected {{end}}"));
                    }
                }
                // `else if` shares the `end`.
                Some((Token::Name(name), _)) if *name == keyword && name != "range" => {
                    otherwise = vec![self.control(&rest, at)?];
                }
                Some(_) => return Err(TemplateError::new(at, "unexpected text after else")),
            },
        }
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(match keyword.as_str() {
            "if" => Node::If(pipeline, body, otherwise),
            "with" => Node::With(pipeline, body, otherwise),
            _ => Node::Range(pipeline, body, otherwise),
        })
    }

    fn pipeline(&mut self, tokens: &[Placed], at: usize) -> Result<Pipeline, TemplateError> {
        let mut variables = Vec::new();
        let mut declares = false;
        let mut rest = tokens;
        let assigned = tokens
            .iter()
            .position(|(token, _)| matches!(token, Token::Declare | Token::Assign));
        if let Some(end) = assigned {
            declares = tokens[end].0 == Token::Declare;
            for (token, at) in &tokens[..end] {
                match token {
                    Token::Variable(name, fields) if fields.is_empty() => {
                        variables.push(name.clone());
                    }
                    Token::Comma => {}
                    _ => return Err(TemplateError::new(*at, "only variables can be set")),
                }
            }
            rest = &tokens[end + 1..];
        }
        let mut cursor = 0;
        let commands = self.commands(rest, &mut cursor, at)?;
        if let Some((token, at)) = rest.get(cursor) {
            return Err(TemplateError::new(*at, format!("unexpected {token:?}")));
        }
        if declares {
            self.variables.extend(variables.iter().cloned());
        }
        Ok(Pipeline {
            variables,
            declares,
            commands,
        })
    }

    /// Commands up to the end or a closing parenthesis.
    fn commands(
        &mut self,
        tokens: &[Placed],
        cursor: &mut usize,
        at: usize,
    ) -> Result<Vec<Command>, TemplateError> {
        let mut commands = Vec::new();
        loop {
            let start = tokens.get(*cursor).map_or(at, |(_, at)| *at);
            let mut operands = Vec::new();
            while let Some((token, at)) = tokens.get(*cursor) {
                if matches!(token, Token::Pipe | Token::Close(_)) {
                    break;
                }
                *cursor += 1;
                operands.push(self.operand(token, *at, tokens, cursor)?);
            }
            if operands.is_empty() {
                return Err(TemplateError::new(start, "missing value for command"));
            }
            let first_only = matches!(operands[0], Operand::Constant(_) | Operand::Dot);
            if first_only && (operands.len() > 1 || !commands.is_empty()) {
                return Err(TemplateError::new(
                    start,
                    "a value that is no function cannot be called",
                ));
            }
            commands.push(Command {
                operands,
                at: start,
            });
            match tokens.get(*cursor) {
                Some((Token::Pipe, _)) => *cursor += 1,
                _ => return Ok(commands),
            }
        }
    }

    fn operand(
        &mut self,
        token: &Token,
        at: usize,
        tokens: &[Placed],
        cursor: &mut usize,
    ) -> Result<Operand, TemplateError> {
        Ok(match token {
            Token::Dot => Operand::Dot,
            Token::Field(names) => Operand::Field(names.clone()),
            Token::Variable(name, fields) => {
                if !self.variables.contains(name) {
                    return Err(TemplateError::new(
                        at,
                        format!("undefined variable \"${name}\""),
                    ));
                }
                Operand::Variable(name.clone(), fields.clone())
            }
            Token::Text(text) => Operand::Constant(Data::Text(text.clone())),
            Token::Int(number) => Operand::Constant(Data::Int(*number)),
            Token::Float(number) => Operand::Constant(Data::Float(*number)),
            Token::Name(name) => match name.as_str() {
                "true" => Operand::Constant(Data::Bool(true)),
                "false" => Operand::Constant(Data::Bool(false)),
                "nil" => Operand::Constant(Data::Nil),
                _ => Operand::Function(name.clone()),
            },
            Token::Open => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(TemplateError::new(at, "nested too deep"));
                }
                let commands = self.commands(tokens, cursor, at)?;
                self.depth -= 1;
                let Some((Token::Close(fields), _)) = tokens.get(*cursor) else {
                    return Err(TemplateError::new(at, "unclosed left paren"));
                };
                *cursor += 1;
                let pipeline = Pipeline {
                    variables: Vec::new(),
                    declares: false,
                    commands,
                };
                Operand::Group(Box::new(pipeline), fields.clone())
            }
            other => {
                return Err(TemplateError::new(
                    at,
                    format!("unexpected {other:?} in operand"),
                ));
            }
        })
    }
}
