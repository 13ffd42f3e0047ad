//! Nodes to text.

use super::data::Data;
use super::functions;
use super::parser::{Command, Node, Operand, Pipeline};
use super::{Extra, TemplateError};

/// More text than this is no label any more.
const MAX_OUTPUT: usize = 1 << 20;

pub(super) fn render(
    nodes: &[Node],
    data: &Data,
    extra: &mut Extra<'_>,
) -> Result<String, TemplateError> {
    let mut renderer = Renderer {
        extra,
        variables: vec![(String::new(), data.clone())],
        out: String::new(),
    };
    renderer.nodes(nodes, data)?;
    Ok(renderer.out)
}

enum Flow {
    On,
    Break,
    Continue,
}

struct Renderer<'r, 'f> {
    extra: &'r mut Extra<'f>,
    variables: Vec<(String, Data)>,
    out: String,
}

impl Renderer<'_, '_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Data) -> Result<Flow, TemplateError> {
        for node in nodes {
            if self.out.len() > MAX_OUTPUT {
                return Err(TemplateError::new(0, "the template makes too much text"));
            }
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Action(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        self.out.push_str(&value.to_string());
                    }
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
                    if !matches!(flow, Flow::On) {
                        return Ok(flow);
                    }
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
                    if !matches!(flow, Flow::On) {
                        return Ok(flow);
                    }
                }
                Node::Range(pipeline, body, otherwise) => {
                    self.range(pipeline, body, otherwise, dot)?;
                }
                Node::Break => return Ok(Flow::Break),
                Node::Continue => return Ok(Flow::Continue),
            }
        }
        Ok(Flow::On)
    }

    fn range(
        &mut self,
        pipeline: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
        dot: &Data,
    ) -> Result<(), TemplateError> {
        let scope = self.variables.len();
        let at = pipeline.commands.first().map_or(0, |command| command.at);
        let value = self.commands(&pipeline.commands, dot)?;
        let items: Vec<(Data, Data)> = match value {
            Data::Nil => Vec::new(),
            Data::List(items) => (0..).map(Data::Int).zip(items).collect(),
            Data::Map(map) => map
                .into_iter()
                .map(|(key, value)| (Data::Text(key), value))
                .collect(),
            Data::Int(count) => (0..count.min(100_000))
                .map(|n| (Data::Int(n), Data::Int(n)))
                .collect(),
            other => {
                let message = format!("range can't iterate over {other}");
                return Err(TemplateError::new(at, message));
            }
        };
        if items.is_empty() {
            self.nodes(otherwise, dot)?;
        }
        for (key, item) in items {
            match pipeline.variables.as_slice() {
                [name] => self.variables.push((name.clone(), item.clone())),
                [first, second] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), item.clone()));
                }
                _ => {}
            }
            let flow = self.nodes(body, &item)?;
            self.variables.truncate(scope);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Data) -> Result<Data, TemplateError> {
        let value = self.commands(&pipeline.commands, dot)?;
        for name in &pipeline.variables {
            if pipeline.declares {
                self.variables.push((name.clone(), value.clone()));
            } else if let Some((_, old)) = self
                .variables
                .iter_mut()
                .rev()
                .find(|(known, _)| known == name)
            {
                *old = value.clone();
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
        let Operand::Function(name) = first else {
            if !rest.is_empty() || piped.is_some() {
                return Err(TemplateError::new(
                    at,
                    "a value that is no function cannot be called",
                ));
            }
            return self.operand(first, dot, at);
        };
        // These two look at as many arguments as they need.
        if matches!(name.as_str(), "and" | "or") {
            let mut value = Data::Nil;
            for operand in rest {
                value = self.operand(operand, dot, at)?;
                if value.truth() == (name == "or") {
                    return Ok(value);
                }
            }
            return match (piped, rest.is_empty()) {
                (Some(piped), _) => Ok(piped),
                (None, false) => Ok(value),
                (None, true) => Err(TemplateError::new(
                    at,
                    format!("wrong number of args for {name}"),
                )),
            };
        }
        let mut arguments = Vec::with_capacity(rest.len() + 1);
        for operand in rest {
            arguments.push(self.operand(operand, dot, at)?);
        }
        arguments.extend(piped);
        self.call(name, &arguments, at)
    }

    fn call(&mut self, name: &str, arguments: &[Data], at: usize) -> Result<Data, TemplateError> {
        let called = (self.extra)(name, arguments)
            .or_else(|| functions::call(name, arguments))
            .unwrap_or_else(|| Err(format!("function \"{name}\" not defined")));
        called.map_err(|message| TemplateError::new(at, message))
    }

    fn operand(&mut self, operand: &Operand, dot: &Data, at: usize) -> Result<Data, TemplateError> {
        match operand {
            Operand::Dot => Ok(dot.clone()),
            Operand::Field(names) => fields(dot, names, at),
            Operand::Variable(name, names) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                let value = known.map_or(Data::Nil, |(_, value)| value.clone());
                fields(&value, names, at)
            }
            Operand::Constant(value) => Ok(value.clone()),
            Operand::Function(name) => self.call(name, &[], at),
            Operand::Group(pipeline, names) => {
                let value = self.commands(&pipeline.commands, dot)?;
                fields(&value, names, at)
            }
        }
    }
}

fn fields(value: &Data, names: &[String], at: usize) -> Result<Data, TemplateError> {
    let mut value = value;
    for name in names {
        value = match value {
            Data::Map(map) => match map.get(name) {
                Some(value) => value,
                None => &Data::Nil,
            },
            Data::Record(map) => map
                .get(name)
                .ok_or_else(|| TemplateError::new(at, format!("can't evaluate field {name}")))?,
            other => {
                let message = format!("can't evaluate field {name} in type {}", other.kind());
                return Err(TemplateError::new(at, message));
            }
        };
    }
    Ok(value.clone())
}
