//! The tree to text, by the rules of Go's `text/template`.

use std::ops::Range;

use crate::ast::{Branch, Callee, Command, Field, Named, Node, Operand, Pipeline, Term};
use crate::call::change;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::options::{Meter, Param, Trouble};
use crate::{Data, Options, Template};

/// The work of one step, so that empty loops end too.
const STEP: usize = 100;

/// How deep blocks and calls of templates may nest, together.
const MAX_DEPTH: usize = 150;

/// How deep a value may be nested.
const MAX_VALUE_DEPTH: usize = 100;

/// Whether to go on after a node.
#[derive(PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Boxed since every step returns one of these.
pub(crate) type Failure = Box<TemplateError>;

pub(crate) fn fail<T>(kind: TemplateErrorKind, range: &Range<usize>) -> Result<T, Failure> {
    Err(Box::new(TemplateError::new(kind, range.clone())))
}

pub(super) fn render(
    template: &Template,
    data: &Data,
    options: &Options<'_>,
) -> Result<String, TemplateError> {
    let data = Evaluated::from(data.clone());
    let mut renderer = Renderer {
        template,
        options,
        variables: vec![("$".to_owned(), data.clone())],
        dot: data,
        meter: Meter::new(options.limits.work),
        output: String::new(),
        depth: 0,
    };
    renderer.nodes(&template.root).map_err(|failure| *failure)?;
    Ok(renderer.output)
}

/// A value, and whether it is what reading an absent key gives: then it is no error when a field is
/// taken from it.
#[derive(Clone)]
pub(crate) struct Evaluated {
    pub(crate) data: Data,
    absent: bool,
}

impl Evaluated {
    const ABSENT: Self = Self {
        data: Data::Nil,
        absent: true,
    };
}

impl From<Data> for Evaluated {
    fn from(data: Data) -> Self {
        Self {
            data,
            absent: false,
        }
    }
}

pub(crate) struct Renderer<'t> {
    template: &'t Template,
    pub(crate) options: &'t Options<'t>,
    /// The innermost last; the first of a template is `$`.
    pub(crate) variables: Vec<(String, Evaluated)>,
    dot: Evaluated,
    pub(crate) meter: Meter,
    output: String,
    /// How many nodes and calls of templates are around.
    depth: usize,
}

impl Renderer<'_> {
    fn step(&mut self, range: &Range<usize>) -> Result<(), Failure> {
        self.charge(STEP, range)
    }

    pub(crate) fn charge(&mut self, amount: usize, range: &Range<usize>) -> Result<(), Failure> {
        let charged = self.meter.charge(amount);
        charged.or_else(|_| fail(TemplateErrorKind::TooMuchWork, range))
    }

    /// Takes the size of a value from the work left.
    pub(crate) fn weigh(&mut self, value: &Data, range: &Range<usize>) -> Result<(), Failure> {
        let weight = value.weight();
        if weight.depth > MAX_VALUE_DEPTH {
            return fail(TemplateErrorKind::TooDeep, range);
        }
        self.charge(weight.size, range)
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Flow, Failure> {
        for node in nodes {
            let flow = self.node(node)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    // Each kind has a function of its own, so that deep nesting needs little stack.
    fn node(&mut self, node: &Node) -> Result<Flow, Failure> {
        match node {
            Node::Text(text) => self.print(text, &(0..0)),
            Node::Action(pipeline) => self.action(pipeline),
            Node::Template {
                name,
                range,
                argument,
            } => self.call_template(name, range, argument.as_ref()),
            Node::Branches {
                branches,
                otherwise,
            } => self.branches(branches, otherwise),
            Node::Range {
                pipeline,
                body,
                otherwise,
            } => self.range(pipeline, body, otherwise),
            Node::Break => Ok(Flow::Break),
            Node::Continue => Ok(Flow::Continue),
        }
    }

    /// Nodes inside others, with `dot` as their `.` and the variables of a scope of their own.
    fn inner(
        &mut self,
        nodes: &[Node],
        dot: Option<Evaluated>,
        range: &Range<usize>,
    ) -> Result<Flow, Failure> {
        if self.depth >= MAX_DEPTH {
            return fail(TemplateErrorKind::TooDeep, range);
        }
        self.depth += 1;
        let outer = dot.map(|dot| std::mem::replace(&mut self.dot, dot));
        let flow = self.nodes(nodes);
        if let Some(outer) = outer {
            self.dot = outer;
        }
        self.depth -= 1;
        flow
    }

    fn print(&mut self, text: &str, range: &Range<usize>) -> Result<Flow, Failure> {
        if self.output.len() + text.len() > self.options.limits.output {
            return fail(TemplateErrorKind::TooLong, range);
        }
        self.output.push_str(text);
        Ok(Flow::On)
    }

    /// Prints the value of an action, unless it sets a variable.
    fn action(&mut self, pipeline: &Pipeline) -> Result<Flow, Failure> {
        let value = self.pipeline(pipeline)?.data;
        if !pipeline.variables.is_empty() {
            return Ok(Flow::On);
        }
        match &value {
            Data::Nil => self.print("<no value>", &pipeline.range),
            Data::Text(text) => self.print(text, &pipeline.range),
            other => {
                self.weigh(other, &pipeline.range)?;
                self.print(&other.to_string(), &pipeline.range)
            }
        }
    }

    fn branches(&mut self, branches: &[Branch], otherwise: &[Node]) -> Result<Flow, Failure> {
        let scope = self.variables.len();
        let mut range = &(0..0);
        for branch in branches {
            range = &branch.pipeline.range;
            let value = self.pipeline(&branch.pipeline)?;
            if !value.data.truth() {
                continue;
            }
            let flow = self.inner(&branch.body, branch.with.then_some(value), range);
            self.variables.truncate(scope);
            return flow;
        }
        let flow = self.inner(otherwise, None, range);
        self.variables.truncate(scope);
        flow
    }

    fn range(
        &mut self,
        pipeline: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
    ) -> Result<Flow, Failure> {
        let scope = self.variables.len();
        // The variables are set for each element, not to the whole.
        let value = self.commands(pipeline)?.data;
        let number: fn(i64) -> Data = match value {
            Data::Long(_) => Data::Long,
            _ => Data::Int,
        };
        let mut items: Box<dyn Iterator<Item = (Data, Data)>> = match value {
            Data::Nil | Data::NilPointer(_) => Box::new(std::iter::empty()),
            Data::List(_, items) => Box::new((0..).map(Data::Int).zip(items)),
            Data::Int(count) | Data::Long(count) if pipeline.variables.len() < 2 => {
                Box::new((0..count).map(move |at| (Data::Nil, number(at))))
            }
            other => match other.entries() {
                Some(entries) => Box::new(entries.into_iter().map(|(key, v)| (key.into(), v))),
                None => {
                    let mut found = other.noun().to_owned();
                    if matches!(other, Data::Int(_) | Data::Long(_)) {
                        found.push_str(" with two variables");
                    }
                    return fail(TemplateErrorKind::NotIterable { found }, &pipeline.range);
                }
            },
        };
        let Some(first) = items.next() else {
            let flow = self.inner(otherwise, None, &pipeline.range);
            self.variables.truncate(scope);
            return flow;
        };
        for (key, item) in std::iter::once(first).chain(items) {
            if self.iteration(pipeline, key, item, body)? == Flow::Break {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(Flow::On)
    }

    fn iteration(
        &mut self,
        pipeline: &Pipeline,
        key: Data,
        item: Data,
        body: &[Node],
    ) -> Result<Flow, Failure> {
        self.step(&pipeline.range)?;
        let scope = self.variables.len();
        match pipeline.variables.as_slice() {
            [variable] => self.set(variable, item.clone().into(), pipeline)?,
            [index, variable] => {
                self.set(index, key.into(), pipeline)?;
                self.set(variable, item.clone().into(), pipeline)?;
            }
            _ => {}
        }
        let flow = self.inner(body, Some(item.into()), &pipeline.range);
        self.variables.truncate(scope);
        flow
    }

    fn set(&mut self, name: &str, value: Evaluated, pipeline: &Pipeline) -> Result<(), Failure> {
        self.charge(copied(&value.data), &pipeline.range)?;
        if pipeline.assign {
            if let Some(variable) = self.variables.iter_mut().rev().find(|(set, _)| set == name) {
                variable.1 = value;
            }
        } else {
            self.variables.push((name.to_owned(), value));
        }
        Ok(())
    }

    fn call_template(
        &mut self,
        name: &str,
        range: &Range<usize>,
        argument: Option<&Pipeline>,
    ) -> Result<Flow, Failure> {
        let template = self.template;
        let Some(body) = template.body(name) else {
            let name = name.to_owned();
            let suggestion = None;
            let kind = TemplateErrorKind::UnknownTemplate { name, suggestion };
            return fail(kind, range);
        };
        self.step(range)?;
        let value = match argument {
            Some(pipeline) => self.pipeline(pipeline)?,
            None => Evaluated::ABSENT,
        };
        let outer = std::mem::replace(&mut self.variables, vec![("$".to_owned(), value.clone())]);
        let flow = self.inner(body, Some(value), range);
        self.variables = outer;
        flow.map(|_| Flow::On)
    }

    /// Evaluates a pipeline and sets its variables.
    fn pipeline(&mut self, pipeline: &Pipeline) -> Result<Evaluated, Failure> {
        let value = self.commands(pipeline)?;
        for name in &pipeline.variables {
            self.set(name, value.clone(), pipeline)?;
        }
        Ok(value)
    }

    fn commands(&mut self, pipeline: &Pipeline) -> Result<Evaluated, Failure> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value)?);
        }
        Ok(value.unwrap_or(Evaluated::ABSENT))
    }

    fn command(
        &mut self,
        command: &Command,
        piped: Option<Evaluated>,
    ) -> Result<Evaluated, Failure> {
        self.step(&command.range)?;
        let first = &command.operands[0];
        match (&first.term, first.fields.is_empty()) {
            (Term::Function(callee), true) => {
                self.call(*callee, &command.operands[1..], piped, &command.range)
            }
            _ => self.operand(first),
        }
    }

    fn operand(&mut self, operand: &Operand) -> Result<Evaluated, Failure> {
        let value = match &operand.term {
            Term::Dot => fields(&self.dot, &operand.fields)?,
            Term::Variable(name) => {
                match self.variables.iter().rev().find(|(set, _)| set == name) {
                    Some((_, held)) => fields(held, &operand.fields)?,
                    None => Evaluated::ABSENT,
                }
            }
            Term::Function(callee) => {
                let value = self.call(*callee, &[], None, &operand.range)?;
                fields(&value, &operand.fields)?
            }
            Term::Nil => Data::Nil.into(),
            Term::Literal(constant) => constant.ideal().into(),
            Term::Pipeline(pipeline) => {
                let value = self.pipeline(pipeline)?;
                fields(&value, &operand.fields)?
            }
        };
        self.charge(copied(&value.data), &operand.range)?;
        Ok(value)
    }

    fn call(
        &mut self,
        callee: Callee,
        operands: &[Operand],
        piped: Option<Evaluated>,
        range: &Range<usize>,
    ) -> Result<Evaluated, Failure> {
        let options = self.options;
        let count = operands.len() + usize::from(piped.is_some());
        callee
            .check(options, count)
            .or_else(|kind| fail(kind, range))?;
        if let ("and" | "or", Named::Known(_)) = (callee.name, callee.function) {
            return self.short_circuit(callee.name == "or", operands, piped);
        }
        let mut arguments = Vec::with_capacity(count);
        for operand in operands {
            let param = callee.param(options, arguments.len());
            arguments.push(self.argument(callee, param, operand, range)?);
        }
        if let Some(piped) = piped {
            let param = callee.param(options, arguments.len());
            let checked = param.check(piped.data, options.lenient);
            arguments.push(checked.or_else(|trouble| fail(trouble.of(callee.name), range))?);
        }
        let changed = if options.lenient {
            change::prepare(callee, operands, &mut arguments, range)?
        } else {
            None
        };
        let value = self.run(callee, &mut arguments, range)?;
        self.weigh(&value, range)?;
        if let Some(place) = changed {
            change::store(self, &place, &value, range)?;
        }
        // As in Go, taking a field of a nil made by a function is no error.
        Ok(match value {
            Data::Nil => Evaluated::ABSENT,
            value => value.into(),
        })
    }

    fn run(
        &mut self,
        callee: Callee,
        arguments: &mut [Data],
        range: &Range<usize>,
    ) -> Result<Data, Failure> {
        let result = callee.run(self.options, &mut self.meter, arguments);
        result.or_else(|kind| fail(kind, range))
    }

    /// `and` and `or` look at no more arguments than they need.
    fn short_circuit(
        &mut self,
        or: bool,
        operands: &[Operand],
        piped: Option<Evaluated>,
    ) -> Result<Evaluated, Failure> {
        let mut value = Evaluated::ABSENT;
        for operand in operands {
            self.step(&operand.range)?;
            value = self.operand(operand)?;
            if value.data.truth() == or {
                return Ok(value);
            }
        }
        Ok(piped.unwrap_or(value))
    }

    fn argument(
        &mut self,
        callee: Callee,
        param: Param,
        operand: &Operand,
        range: &Range<usize>,
    ) -> Result<Data, Failure> {
        self.step(&operand.range)?;
        let checked = match &operand.term {
            Term::Literal(constant) => param.constant(constant),
            _ => param.check(self.operand(operand)?.data, self.options.lenient),
        };
        checked.or_else(|trouble: Trouble| fail(trouble.of(callee.name), range))
    }
}

/// The size of what a copy of the value copies: dicts and records are shared.
fn copied(value: &Data) -> usize {
    match value {
        Data::Text(text) => text.len(),
        Data::List(_, items) => items.iter().map(|item| 16 + copied(item)).sum(),
        _ => 0,
    }
}

/// The value under these fields.
fn fields(held: &Evaluated, names: &[Field]) -> Result<Evaluated, Failure> {
    let Some((first, rest)) = names.split_first() else {
        return Ok(held.clone());
    };
    let mut value = field(held, first)?;
    for name in rest {
        value = field(&value, name)?;
    }
    Ok(value)
}

/// `.name` behind a value.
fn field(value: &Evaluated, field: &Field) -> Result<Evaluated, Failure> {
    let name = field.name.as_str();
    let found = match &value.data {
        // What a map does not have has no fields either, and that is fine.
        Data::Nil if value.absent => None,
        Data::Texts(map) => map.get(name).map(|text| Data::Text(text.clone())),
        Data::Dict(map) => map.borrow().get(name).cloned(),
        Data::Map(map) => map.entries.get(name).cloned(),
        Data::Record(record) => {
            let known = record.fields.iter().find(|(known, _)| *known == name);
            let Some((_, found)) = known else {
                return no_field(field, format!("a {}", record.name));
            };
            Some(found.clone())
        }
        other => return no_field(field, other.noun().to_owned()),
    };
    Ok(found.map_or(Evaluated::ABSENT, Evaluated::from))
}

fn no_field<T>(field: &Field, found: String) -> Result<T, Failure> {
    let field_name = field.name.clone();
    let kind = TemplateErrorKind::Field {
        field: field_name,
        found,
    };
    fail(kind, &field.range)
}
