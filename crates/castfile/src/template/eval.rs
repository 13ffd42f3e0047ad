//! The tree to text.

use super::ast::{Branch, Command, Node, Operand, Pipeline, Term};
use super::error::{TemplateError, TemplateErrorKind};
use super::evaluated::{Evaluated, Failure, Items, fail, field, fields, items, owned_size, place};
use super::functions::{Arguments, Change, Context, Function, Run};
use super::{RenderOptions, Template};
use crate::value::Value;
use std::borrow::Cow;
use std::ops::Range;

/// Longest output, in bytes.
pub(super) const MAX_OUTPUT: usize = 16 << 20;

/// How much work one rendering may do: about one unit per byte made, more per step.
const MAX_WORK: usize = 30_000_000;

/// The work of one step, so that empty loops end too.
const STEP: usize = 50;

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

pub(super) fn render(
    template: &Template,
    data: &Value,
    options: &RenderOptions,
) -> Result<String, TemplateError> {
    let environment = match data {
        Value::Map(map) => match map.get("env") {
            Some(Value::Map(environment)) => Some(environment),
            _ => None,
        },
        _ => None,
    };
    let data = Evaluated::Value(Cow::Borrowed(data));
    let mut renderer = Renderer {
        template,
        variables: vec![("$".to_owned(), data.clone())],
        dot: data,
        context: Context {
            options,
            environment,
            work: MAX_WORK,
        },
        output: String::new(),
        depth: 0,
    };
    renderer.nodes(&template.root).map_err(|failure| *failure)?;
    Ok(renderer.output)
}

struct Renderer<'t, 'd> {
    template: &'t Template,
    /// The innermost last; the first of a template is `$`.
    variables: Vec<(String, Evaluated<'d>)>,
    dot: Evaluated<'d>,
    context: Context<'d>,
    output: String,
    /// How many nodes and calls of templates are around.
    depth: usize,
}

impl<'d> Renderer<'_, 'd> {
    fn charge(&mut self, amount: usize, range: &Range<usize>) -> Result<(), Failure> {
        self.context
            .charge(amount)
            .or_else(|kind| fail(kind, range))
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
        dot: Option<Evaluated<'d>>,
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
        if self.output.len() + text.len() > MAX_OUTPUT {
            return fail(TemplateErrorKind::TooLong, range);
        }
        self.output.push_str(text);
        Ok(Flow::On)
    }

    /// Prints the value of an action, unless it sets a variable.
    fn action(&mut self, pipeline: &Pipeline) -> Result<Flow, Failure> {
        let value = self.pipeline(pipeline)?;
        if !pipeline.variables.is_empty() {
            return Ok(Flow::On);
        }
        match value.get() {
            Value::Null => self.print("<no value>", &pipeline.range),
            Value::Str(text) => self.print(text, &pipeline.range),
            other => {
                self.charge(other.weight().size, &pipeline.range)?;
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
            if value.get().is_empty() {
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
        // the variables are set for each element, not to the whole
        let value = self.commands(pipeline)?;
        let items = match items(value.into_cow(), pipeline)? {
            Items::List(items) if !items.is_empty() => items,
            Items::Count(count) if count > 0 => {
                let flow = self.count(pipeline, count, body);
                self.variables.truncate(scope);
                return flow;
            }
            _ => {
                let flow = self.inner(otherwise, None, &pipeline.range);
                self.variables.truncate(scope);
                return flow;
            }
        };
        for (key, item) in items {
            if self.iteration(pipeline, key, item, body)? == Flow::Break {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(Flow::On)
    }

    /// `range` over the integers below `count`.
    fn count(&mut self, pipeline: &Pipeline, count: i64, body: &[Node]) -> Result<Flow, Failure> {
        for number in 0..count {
            let item = Value::Int(number).into();
            if self.iteration(pipeline, number.into(), item, body)? == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn iteration(
        &mut self,
        pipeline: &Pipeline,
        key: Value,
        item: Evaluated<'d>,
        body: &[Node],
    ) -> Result<Flow, Failure> {
        self.charge(STEP + owned_size(&item), &pipeline.range)?;
        let scope = self.variables.len();
        match pipeline.variables.as_slice() {
            [variable] => self.set(variable, item.clone(), pipeline.assign),
            [index, variable] => {
                self.set(index, key.into(), pipeline.assign);
                self.set(variable, item.clone(), pipeline.assign);
            }
            _ => {}
        }
        let flow = self.inner(body, Some(item), &pipeline.range);
        self.variables.truncate(scope);
        flow
    }

    fn set(&mut self, name: &str, value: Evaluated<'d>, assign: bool) {
        if assign {
            if let Some(variable) = self.variables.iter_mut().rev().find(|(set, _)| set == name) {
                variable.1 = value;
            }
        } else {
            self.variables.push((name.to_owned(), value));
        }
    }

    fn call_template(
        &mut self,
        name: &str,
        range: &Range<usize>,
        argument: Option<&Pipeline>,
    ) -> Result<Flow, Failure> {
        let template = self.template;
        let Some(body) = template.body(name) else {
            let known = template.defined.keys().map(String::as_str);
            let suggestion = yaml_tree::nearest(name, known).map(str::to_owned);
            let name = name.to_owned();
            return fail(
                TemplateErrorKind::UnknownTemplate { name, suggestion },
                range,
            );
        };
        self.charge(STEP, range)?;
        let value = match argument {
            Some(pipeline) => self.pipeline(pipeline)?,
            None => Evaluated::Absent,
        };
        let outer = std::mem::replace(&mut self.variables, vec![("$".to_owned(), value.clone())]);
        let flow = self.inner(body, Some(value), range);
        self.variables = outer;
        flow.map(|_| Flow::On)
    }

    /// Evaluates a pipeline and sets its variables.
    fn pipeline(&mut self, pipeline: &Pipeline) -> Result<Evaluated<'d>, Failure> {
        let value = self.commands(pipeline)?;
        for name in &pipeline.variables {
            self.charge(owned_size(&value), &pipeline.range)?;
            self.set(name, value.clone(), pipeline.assign);
        }
        Ok(value)
    }

    fn commands(&mut self, pipeline: &Pipeline) -> Result<Evaluated<'d>, Failure> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value)?);
        }
        Ok(value.unwrap_or(Evaluated::Absent))
    }

    fn command(
        &mut self,
        command: &Command,
        piped: Option<Evaluated<'d>>,
    ) -> Result<Evaluated<'d>, Failure> {
        self.charge(STEP, &command.range)?;
        let first = &command.operands[0];
        match (&first.term, first.fields.is_empty()) {
            (Term::Function(function), true) => {
                self.call(function, &command.operands[1..], piped, &command.range)
            }
            _ => self.operand(first),
        }
    }

    fn operand(&mut self, operand: &Operand) -> Result<Evaluated<'d>, Failure> {
        let value = match &operand.term {
            Term::Dot => fields(&self.dot, &operand.fields)?,
            Term::Variable(name) => {
                match self.variables.iter().rev().find(|(set, _)| set == name) {
                    Some((_, held)) => fields(held, &operand.fields)?,
                    None => Evaluated::Absent,
                }
            }
            Term::Function(function) => {
                let value = self.call(function, &[], None, &operand.range)?;
                operand.fields.iter().try_fold(value, field)?
            }
            Term::Nil => Value::Null.into(),
            Term::Literal(value) => value.clone().into(),
            Term::Pipeline(pipeline) => {
                let value = self.pipeline(pipeline)?;
                operand.fields.iter().try_fold(value, field)?
            }
        };
        self.charge(owned_size(&value), &operand.range)?;
        Ok(value)
    }

    fn call(
        &mut self,
        function: &'static Function,
        operands: &[Operand],
        piped: Option<Evaluated<'d>>,
        range: &Range<usize>,
    ) -> Result<Evaluated<'d>, Failure> {
        let run = match function.run {
            Run::Logical { stops_at } => {
                let mut value = Evaluated::Absent;
                for operand in operands {
                    value = self.argument(operand)?;
                    if value.get().is_empty() != stops_at {
                        return Ok(value);
                    }
                }
                return Ok(piped.unwrap_or(value));
            }
            Run::Change(change) => {
                return self.change(function, change, operands, piped, range);
            }
            Run::Plain(run) => run,
        };
        let arguments = self.arguments(operands, piped)?;
        let result = run(&mut self.context, Arguments::new(function.name, arguments));
        let value = result.or_else(|kind| fail(kind, range))?;
        self.check(&value, range)?;
        // as in Go, taking a field of a nil made by a function is no error
        Ok(if value == Value::Null {
            Evaluated::Absent
        } else {
            value.into()
        })
    }

    fn arguments(
        &mut self,
        operands: &[Operand],
        piped: Option<Evaluated<'d>>,
    ) -> Result<Vec<Value>, Failure> {
        let mut arguments = Vec::with_capacity(operands.len() + 1);
        for operand in operands {
            let value = self.argument(operand)?;
            if let Evaluated::Value(Cow::Borrowed(value)) = &value {
                self.charge(value.weight().size, &operand.range)?;
            }
            arguments.push(value.into_cow().into_owned());
        }
        arguments.extend(piped.map(|piped| piped.into_cow().into_owned()));
        Ok(arguments)
    }

    fn argument(&mut self, operand: &Operand) -> Result<Evaluated<'d>, Failure> {
        self.charge(STEP, &operand.range)?;
        self.operand(operand)
    }

    /// Takes the size of a value made by a function from the work left.
    fn check(&mut self, value: &Value, range: &Range<usize>) -> Result<(), Failure> {
        let weight = value.weight();
        if weight.depth > MAX_VALUE_DEPTH {
            return fail(TemplateErrorKind::TooDeep, range);
        }
        self.charge(weight.size, range)
    }

    /// `set`, `unset` and `merge` change the map their first argument names.
    fn change(
        &mut self,
        function: &'static Function,
        change: Change,
        operands: &[Operand],
        piped: Option<Evaluated<'d>>,
        range: &Range<usize>,
    ) -> Result<Evaluated<'d>, Failure> {
        let target = match operands.first().map(|operand| (&operand.term, operand)) {
            Some((Term::Variable(name), operand)) if name != "$" => {
                Some((name.as_str(), operand.fields.as_slice()))
            }
            // a value just made belongs to nobody else
            Some((Term::Function(_) | Term::Pipeline(_), _)) => None,
            _ => {
                let kind = TemplateErrorKind::NotAVariable {
                    function: function.name,
                };
                return fail(kind, range);
            }
        };
        let mut arguments = Arguments::new(function.name, self.arguments(operands, piped)?);
        let mut map = arguments.map().or_else(|kind| fail(kind, range))?;
        change(&mut map, arguments).or_else(|kind| fail(kind, range))?;
        let value = Value::Map(map);
        self.check(&value, range)?;
        if let Some((name, fields)) = target {
            self.check(&value, range)?;
            let variable = self.variables.iter_mut().rev().find(|(set, _)| set == name);
            if let Some((_, Evaluated::Value(held))) = variable {
                if let Some(place) = place(held.to_mut(), fields) {
                    *place = value.clone();
                }
                let weight = held.weight();
                if weight.depth > MAX_VALUE_DEPTH {
                    return fail(TemplateErrorKind::TooDeep, range);
                }
                self.charge(weight.size, range)?;
            }
        }
        Ok(value.into())
    }
}
