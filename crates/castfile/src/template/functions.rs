//! The functions there are, and how they take their arguments.

mod builtin;
mod collections;
mod dates;
mod dictionaries;
mod encoding;
mod numbers;
mod patterns;
mod random;
mod strings;
mod words;

use super::RenderOptions;
use super::error::TemplateErrorKind;
use super::evaluated::describe;
use crate::value::{Map, Value};
use std::collections::VecDeque;

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes, at least and at most.
    least: usize,
    most: usize,
    pub(super) run: Run,
}

/// How a function works.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    Plain(fn(&mut Context<'_>, Arguments) -> Outcome),
    /// `and`, `or`: gives the first argument whose truth is `stops_at`, else the last.
    Logical {
        stops_at: bool,
    },
    /// Changes its first argument.
    Change(Change),
}

/// Changes the map, given the arguments behind it.
pub(super) type Change = fn(&mut Map, Arguments) -> Result<(), TemplateErrorKind>;

pub(super) type Outcome = Result<Value, TemplateErrorKind>;

/// Any number of arguments.
const MANY: usize = usize::MAX;

/// A plain function of a table.
const fn function(
    name: &'static str,
    least: usize,
    most: usize,
    run: fn(&mut Context<'_>, Arguments) -> Outcome,
) -> Function {
    Function {
        name,
        least,
        most,
        run: Run::Plain(run),
    }
}

const TABLES: [&[Function]; 10] = [
    builtin::FUNCTIONS,
    strings::FUNCTIONS,
    words::FUNCTIONS,
    collections::FUNCTIONS,
    dictionaries::FUNCTIONS,
    numbers::FUNCTIONS,
    encoding::FUNCTIONS,
    patterns::FUNCTIONS,
    dates::FUNCTIONS,
    random::FUNCTIONS,
];

pub(super) fn find(name: &str) -> Option<&'static Function> {
    TABLES
        .into_iter()
        .flatten()
        .find(|function| function.name == name)
}

/// The names of all functions a template can use.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().flatten().map(|function| function.name)
}

impl Function {
    /// Checks the number of arguments.
    pub(super) fn check(&self, found: usize) -> Result<(), TemplateErrorKind> {
        if (self.least..=self.most).contains(&found) {
            return Ok(());
        }
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        let expected = match (self.least, self.most) {
            (0, 0) => "no arguments".to_owned(),
            (least, MANY) => format!("at least {least} {}", plural(least)),
            (least, most) if least == most => format!("{least} {}", plural(least)),
            (least, most) => format!("{least} to {most} arguments"),
        };
        Err(TemplateErrorKind::Arguments {
            function: self.name,
            expected,
            found,
        })
    }
}

/// What functions take from outside their arguments.
pub(super) struct Context<'d> {
    pub(super) options: &'d RenderOptions,
    /// The map `env` of the data.
    pub(super) environment: Option<&'d Map>,
    /// How much work is left.
    pub(super) work: usize,
}

impl Context<'_> {
    /// Takes `amount` of the work left. To be called before something large is made.
    pub(super) fn charge(&mut self, amount: usize) -> Result<(), TemplateErrorKind> {
        self.work = self
            .work
            .checked_sub(amount)
            .ok_or(TemplateErrorKind::TooMuchWork)?;
        Ok(())
    }
}

/// The arguments of a call, taken from the left.
pub(super) struct Arguments {
    function: &'static str,
    values: VecDeque<Value>,
}

impl Arguments {
    pub(super) fn new(function: &'static str, values: Vec<Value>) -> Self {
        Self {
            function,
            values: values.into(),
        }
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    /// The next argument; nil when there is none.
    fn next(&mut self) -> Value {
        self.values.pop_front().unwrap_or_default()
    }

    fn rest(self) -> Vec<Value> {
        self.values.into()
    }

    fn wants<T>(&self, expected: &'static str, found: &Value) -> Result<T, TemplateErrorKind> {
        let found = describe(found);
        Err(TemplateErrorKind::Argument {
            function: self.function,
            expected,
            found,
        })
    }

    fn bad_input<T>(&self, message: impl Into<String>) -> Result<T, TemplateErrorKind> {
        Err(TemplateErrorKind::BadInput {
            function: self.function,
            message: message.into(),
        })
    }

    fn overflow(&self) -> TemplateErrorKind {
        TemplateErrorKind::Overflow {
            function: self.function,
        }
    }

    fn text(&mut self) -> Result<String, TemplateErrorKind> {
        match self.next() {
            Value::Str(text) => Ok(text),
            other => self.wants("a string", &other),
        }
    }

    fn int(&mut self) -> Result<i64, TemplateErrorKind> {
        match self.next() {
            Value::Int(value) => Ok(value),
            other => self.wants("an integer", &other),
        }
    }

    /// An integer which counts something.
    fn count(&mut self) -> Result<usize, TemplateErrorKind> {
        let value = self.int()?;
        usize::try_from(value).or_else(|_| self.bad_input(format!("{value} is negative")))
    }

    fn bool(&mut self) -> Result<bool, TemplateErrorKind> {
        match self.next() {
            Value::Bool(value) => Ok(value),
            other => self.wants("a boolean", &other),
        }
    }

    fn list(&mut self) -> Result<Vec<Value>, TemplateErrorKind> {
        match self.next() {
            Value::List(items) => Ok(items),
            other => self.wants("a list", &other),
        }
    }

    pub(super) fn map(&mut self) -> Result<Map, TemplateErrorKind> {
        match self.next() {
            Value::Map(map) => Ok(map),
            other => self.wants("a map", &other),
        }
    }
}

/// The texts of a list, without its nils; a single value counts as a list of one.
fn texts(value: Value) -> Vec<String> {
    let items = match value {
        Value::List(items) => items,
        other => vec![other],
    };
    items
        .into_iter()
        .filter(|item| *item != Value::Null)
        .map(into_text)
        .collect()
}

fn into_text(value: Value) -> String {
    match value {
        Value::Str(text) => text,
        other => other.to_string(),
    }
}
