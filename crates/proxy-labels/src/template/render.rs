//! Nodes to text, by the rules of Go's `text/template`.

use super::constant::Constant;
use super::data::Data;
use super::format::MAX_TEXT;
use super::functions::{self, Function, Param};
use super::parser::{Command, Node, Operand, Parsed, Pipeline};
use super::{Own, TemplateError};

/// More steps than this are no label any more.
const MAX_STEPS: usize = 1 << 20;

/// How deep templates may call each other.
const MAX_DEPTH: usize = 100;

pub(super) fn render(
    parsed: &Parsed,
    data: &Data,
    own: &[Own<'_>],
) -> Result<String, TemplateError> {
    let mut renderer = Renderer {
        parsed,
        own,
        variables: vec![(String::new(), data.clone())],
        out: String::new(),
        steps: 0,
        depth: 0,
    };
    renderer.nodes(&parsed.nodes, data)?;
    Ok(renderer.out)
}

enum Flow {
    On,
    Break,
    Continue,
}

struct Renderer<'r, 'f> {
    parsed: &'r Parsed,
    own: &'r [Own<'f>],
    variables: Vec<(String, Data)>,
    out: String,
    steps: usize,
    depth: usize,
}

impl Renderer<'_, '_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Data) -> Result<Flow, TemplateError> {
        for node in nodes {
            self.step(1)?;
            let flow = match node {
                Node::Text(text) => {
                    self.out.push_str(text);
                    Flow::On
                }
                Node::Action(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        self.out.push_str(&value.printed());
                    }
                    Flow::On
                }
                Node::If(pipeline, body, otherwise) => {
                    let scope = self.variables.len();
                    let branch = if self.pipeline(pipeline, dot)?.truth() {
                        body
                    } else {
                        otherwise
                    };
                    let flow = self.nodes(branch, dot)?;
                    self.variables.truncate(scope);
                    flow
                }
                Node::With(pipeline, body, otherwise) => {
                    let scope = self.variables.len();
                    let value = self.pipeline(pipeline, dot)?;
                    let flow = if value.truth() {
                        self.nodes(body, &value)?
                    } else {
                        self.nodes(otherwise, dot)?
                    };
                    self.variables.truncate(scope);
                    flow
                }
                Node::Range(pipeline, body, otherwise) => {
                    self.range(pipeline, body, otherwise, dot)?
                }
                Node::Template(name, pipeline, at) => {
                    self.template(name, pipeline.as_ref(), dot, *at)?;
                    Flow::On
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if !matches!(flow, Flow::On) {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn step(&mut self, count: usize) -> Result<(), TemplateError> {
        self.steps = self.steps.saturating_add(count);
        if self.out.len() > MAX_TEXT || self.steps > MAX_STEPS {
            let message = "the template does not come to an end";
            return Err(TemplateError::new(0, message));
        }
        Ok(())
    }

    fn template(
        &mut self,
        name: &str,
        pipeline: Option<&Pipeline>,
        dot: &Data,
        at: usize,
    ) -> Result<(), TemplateError> {
        let parsed = self.parsed;
        let Some(nodes) = parsed.defined.get(name) else {
            let message = format!("template {name:?} not defined");
            return Err(TemplateError::new(at, message));
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::new(at, "templates call each other too deep"));
        }
        let dot = match pipeline {
            Some(pipeline) => self.pipeline(pipeline, dot)?,
            None => Data::Nil,
        };
        let variables = vec![(String::new(), dot.clone())];
        let variables = std::mem::replace(&mut self.variables, variables);
        self.nodes(nodes, &dot)?;
        self.variables = variables;
        self.depth -= 1;
        Ok(())
    }

    fn range(
        &mut self,
        pipeline: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
        dot: &Data,
    ) -> Result<Flow, TemplateError> {
        let scope = self.variables.len();
        let at = pipeline.commands.first().map_or(0, |command| command.at);
        let value = self.commands(&pipeline.commands, dot)?;
        let items: Vec<(Data, Data)> = match value {
            Data::Nil | Data::NilPointer => Vec::new(),
            Data::List(_, items) => (0..).map(Data::Int).zip(items).collect(),
            Data::Int(_) | Data::Long(_) | Data::Byte(_) => {
                if pipeline.variables.len() > 1 {
                    let message =
                        format!("can't use {value} to iterate over more than one variable");
                    return Err(TemplateError::new(at, message));
                }
                let number = |at: i64| match value {
                    Data::Long(_) => Data::Long(at),
                    _ => Data::Int(at),
                };
                let count = value.as_int().min(i64::try_from(MAX_STEPS).unwrap_or(0));
                (0..count).map(|at| (Data::Nil, number(at))).collect()
            }
            other => match other.entries() {
                Some(entries) => {
                    let entries = entries.into_iter();
                    entries
                        .map(|(key, value)| (Data::Text(key), value))
                        .collect()
                }
                None => {
                    let message = format!("range can't iterate over {other}");
                    return Err(TemplateError::new(at, message));
                }
            },
        };
        self.step(items.len())?;
        if items.is_empty() {
            let flow = self.nodes(otherwise, dot)?;
            self.variables.truncate(scope);
            return Ok(flow);
        }
        for (key, item) in items {
            let values = match pipeline.variables.as_slice() {
                [name] => vec![(name, item.clone())],
                [first, second] => vec![(first, key), (second, item.clone())],
                _ => Vec::new(),
            };
            for (name, value) in values {
                if pipeline.assigns {
                    self.assign(name, value, at)?;
                } else {
                    self.variables.push((name.clone(), value));
                }
            }
            let flow = self.nodes(body, &item)?;
            self.variables.truncate(scope);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn assign(&mut self, name: &str, value: Data, at: usize) -> Result<(), TemplateError> {
        let mut variables = self.variables.iter_mut().rev();
        match variables.find(|(known, _)| known == name) {
            Some((_, old)) => {
                *old = value;
                Ok(())
            }
            None => Err(undefined(name, at)),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Data) -> Result<Data, TemplateError> {
        let value = self.commands(&pipeline.commands, dot)?;
        for name in &pipeline.variables {
            if pipeline.assigns {
                self.assign(name, value.clone(), pipeline.commands[0].at)?;
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn commands(&mut self, commands: &[Command], dot: &Data) -> Result<Data, TemplateError> {
        let mut piped: Option<Data> = None;
        for command in commands {
            piped = Some(self.command(command, dot, piped)?);
        }
        Ok(piped.unwrap_or(Data::Nil))
    }

    fn command(
        &mut self,
        command: &Command,
        dot: &Data,
        piped: Option<Data>,
    ) -> Result<Data, TemplateError> {
        let at = command.at;
        let (first, rest) = (&command.operands[0], &command.operands[1..]);
        if let Operand::Function(name) = first {
            return self.call(name, rest, dot, piped, at);
        }
        if !rest.is_empty() || piped.is_some() {
            let message = "a value that is no function cannot be given arguments";
            return Err(TemplateError::new(at, message));
        }
        match first {
            Operand::Nil => Err(TemplateError::new(at, "nil is not a command")),
            other => self.operand(other, dot, at),
        }
    }

    /// A function with its arguments, the last of them from the pipe.
    fn call(
        &mut self,
        name: &str,
        operands: &[Operand],
        dot: &Data,
        piped: Option<Data>,
        at: usize,
    ) -> Result<Data, TemplateError> {
        let own = self.own.iter().find(|own| own.name == name);
        let function = match own {
            Some(own) => own.function(),
            None => functions::find(name).ok_or_else(|| {
                TemplateError::new(at, format!("function \"{name}\" not defined"))
            })?,
        };
        let error = |message: String| TemplateError::new(at, message);
        let given = operands.len() + usize::from(piped.is_some());
        let wanted = function.params.len();
        if given < wanted || (given > wanted && function.rest.is_none()) {
            let least = if function.rest.is_some() {
                "at least "
            } else {
                ""
            };
            return Err(error(format!(
                "wrong number of args for {name}: want {least}{wanted} got {given}"
            )));
        }
        if own.is_none() && matches!(name, "and" | "or") {
            return self.short_circuit(name == "or", operands, dot, piped, at);
        }
        let mut arguments = Vec::with_capacity(given);
        for operand in operands {
            let param = function.param(arguments.len());
            arguments.push(self.argument(operand, param, dot, at)?);
        }
        if let Some(piped) = piped {
            let param = function.param(arguments.len());
            arguments.push(param.check(piped).map_err(error)?);
        }
        if own.is_none() && functions::is_unknowable(name) {
            return Err(TemplateError::unknowable(at, name));
        }
        let called = match own {
            Some(own) => (own.run)(&arguments),
            None => (function.run)(&arguments),
        };
        called.map_err(|message| error(format!("error calling {name}: {message}")))
    }

    /// `and` and `or` look at no more arguments than they need.
    fn short_circuit(
        &mut self,
        or: bool,
        operands: &[Operand],
        dot: &Data,
        piped: Option<Data>,
        at: usize,
    ) -> Result<Data, TemplateError> {
        let mut value = Data::Nil;
        for operand in operands {
            value = self.argument(operand, Param::Any, dot, at)?;
            if value.truth() == or {
                return Ok(value);
            }
        }
        Ok(piped.unwrap_or(value))
    }

    fn argument(
        &mut self,
        operand: &Operand,
        param: Param,
        dot: &Data,
        at: usize,
    ) -> Result<Data, TemplateError> {
        let error = |message: String| TemplateError::new(at, message);
        match operand {
            Operand::Constant(constant) => param.constant(constant).map_err(error),
            Operand::Nil => param.check(Data::Nil).map_err(error),
            other => {
                let value = self.operand(other, dot, at)?;
                param.check(value).map_err(error)
            }
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Data, at: usize) -> Result<Data, TemplateError> {
        match operand {
            Operand::Dot => Ok(dot.clone()),
            Operand::Nil => Ok(Data::Nil),
            Operand::Field(names) => fields(dot, names, at),
            Operand::Variable(name, names) => {
                let mut known = self.variables.iter().rev();
                match known.find(|(known, _)| known == name) {
                    Some((_, value)) => fields(value, names, at),
                    None => Err(undefined(name, at)),
                }
            }
            Operand::Constant(constant) => {
                Constant::ideal(constant).map_err(|message| TemplateError::new(at, message))
            }
            Operand::Function(name) => self.call(name, &[], dot, None, at),
            Operand::Group(pipeline) => self.pipeline(pipeline, dot),
            Operand::Chain(inner, names) => {
                let value = self.operand(inner, dot, at)?;
                fields(&value, names, at)
            }
        }
    }
}

fn undefined(name: &str, at: usize) -> TemplateError {
    TemplateError::new(at, format!("undefined variable: ${name}"))
}

fn fields(value: &Data, names: &[String], at: usize) -> Result<Data, TemplateError> {
    let mut value = value.clone();
    let mut found = false;
    for name in names {
        let error = |what: &str| TemplateError::new(at, format!("{what} {name}"));
        (value, found) = match &value {
            // What a map does not have has no fields either, and that is fine.
            Data::NilPointer => return Err(error("nil pointer evaluating")),
            Data::Nil if found => return Err(error("nil pointer evaluating")),
            Data::Nil => (Data::Nil, false),
            Data::Texts(map) => {
                let text = map.get(name).cloned();
                (text.map_or(Data::Nil, Data::Text), false)
            }
            Data::Dict(map) => {
                let inner = map.borrow().get(name).cloned();
                let found = inner.is_some();
                (inner.unwrap_or(Data::Nil), found)
            }
            Data::Map(map) => (map.get(name).cloned().unwrap_or(Data::Nil), false),
            Data::Record(record) => {
                let mut fields = record.fields.iter();
                let field = fields.find(|(known, _)| known == name);
                let (_, field) = field.ok_or_else(|| {
                    TemplateError::new(
                        at,
                        format!("can't evaluate field {name} in type {}", record.name),
                    )
                })?;
                (field.clone(), false)
            }
            other => {
                let message = format!("can't evaluate field {name} in type {}", other.type_name());
                return Err(TemplateError::new(at, message));
            }
        };
    }
    Ok(value)
}

impl Function {
    /// The type of an argument.
    fn param(&self, at: usize) -> Param {
        let param = self.params.get(at).copied();
        param.or(self.rest).unwrap_or(Param::Any)
    }
}
