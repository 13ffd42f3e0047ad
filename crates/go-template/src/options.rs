//! What a template is read and rendered with.

use std::rc::Rc;

use crate::Data;
use crate::constant::Constant;
use crate::error::TemplateErrorKind;
use crate::functions;

/// A release of sprig, and of the libraries below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sprig {
    /// 3.2, as in Traefik.
    V3_2,
    /// 3.3, as in Caddy: `camelcase` begins with a capital letter, there is `sha512sum`, and a
    /// decimal text counts as the whole number before its point.
    V3_3,
}

/// What a template is read and rendered with: which functions there are, and where the language is
/// to differ from Go's. Reading and rendering take the same.
#[derive(Debug)]
pub struct Options<'f> {
    /// Whose functions a template has, beside those of `text/template`.
    pub sprig: Sprig,
    /// Functions that the caller adds. One of them goes before another function of its name.
    pub own: Vec<Own<'f>>,
    /// Functions whose result depends on more than their arguments — the clock, chance, the
    /// environment, keys made on the spot — and which the caller does not add are unknown. By
    /// default they are known, and calling one is
    /// [`TemplateErrorKind::Unforetold`].
    pub only_foretold: bool,
    /// For people who write no Go: an `int64` is taken for an `int` and a `map[string]string` for a
    /// dict, and a field may be called by a number; a wrong number of arguments is an error where
    /// the template is read, and `fromJson` and `regexMatch` say what they cannot read. A map is
    /// changed (`set`, `unset`, `merge`) only for the variable that holds it, so that data and other
    /// variables stay as they are.
    pub lenient: bool,
    /// What a rendering may take.
    pub limits: Limits,
}

impl Options<'_> {
    /// What the real programs have with this release of sprig, and nothing added.
    pub fn new(sprig: Sprig) -> Self {
        Self {
            sprig,
            own: Vec::new(),
            only_foretold: false,
            lenient: false,
            limits: Limits::default(),
        }
    }

    /// The names of all functions a template can use, without duplicates.
    pub fn function_names(&self) -> Vec<&'static str> {
        let known = functions::all(self.sprig)
            .filter(|function| function.run.is_some() || !self.only_foretold)
            .flat_map(|function| function.names.iter().copied());
        let mut names: Vec<&str> = self.own.iter().map(|own| own.name).chain(known).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What a rendering may take. Templates call each other and values refer to each other, so that a
/// short one can make a long text, or never end; in Go it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest output, in bytes.
    pub output: usize,
    /// How much work is done: about one unit for each byte made, and a hundred for each step.
    pub work: usize,
}

impl Default for Limits {
    /// 16 MiB, and about a second.
    fn default() -> Self {
        Self {
            output: 16 << 20,
            work: 30_000_000,
        }
    }
}

/// The work that is left to a rendering.
#[derive(Debug)]
pub struct Meter {
    left: usize,
    /// By how much maps may still get deeper from the inside.
    depth: usize,
}

impl Meter {
    pub(crate) fn new(work: usize) -> Self {
        Self {
            left: work,
            depth: 1_000,
        }
    }

    /// To be called before a value is put into a map that is shared: nobody sees how deep those
    /// become that hold the map. Their depth is no more than all that was put into them.
    pub(crate) fn deepen(&mut self, value: &Data) -> Result<(), Trouble> {
        let depth = match value {
            Data::List(..) | Data::Dict(_) => value.weight().depth,
            _ => 0,
        };
        self.depth = self.depth.checked_sub(depth).ok_or(Trouble::TooDeep)?;
        Ok(())
    }

    /// Takes some of the work left, one unit for each byte or so. To be called before something
    /// large is made; what a function gives is counted in any case.
    ///
    /// # Errors
    /// [`Trouble::TooMuchWork`] when that is more than there is.
    pub fn charge(&mut self, amount: usize) -> Result<(), Trouble> {
        self.left = self.left.checked_sub(amount).ok_or(Trouble::TooMuchWork)?;
        Ok(())
    }
}

/// What a function gives.
pub type Outcome = Result<Data, Trouble>;

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// It cannot read what it was given; why not, in words.
    BadInput(String),
    /// It wants an argument of another kind.
    Argument {
        /// What it wants, in words.
        expected: &'static str,
        /// What it got, in words.
        found: &'static str,
    },
    /// Values which cannot be compared with each other.
    Incomparable {
        /// The first value, in words.
        left: &'static str,
        /// The second value, in words.
        right: &'static str,
    },
    /// A position outside a list or text.
    OutOfRange {
        /// The position asked for.
        index: i64,
        /// The length there is.
        length: usize,
    },
    /// A result is beyond the range of its type.
    Overflow,
    /// Division by zero.
    DivisionByZero,
    /// The template called `fail` with this message.
    Failed(String),
    /// There is no more work left.
    TooMuchWork,
    /// A value gets too deep.
    TooDeep,
}

impl Trouble {
    /// An argument of another kind than the one expected (in words, such as `a list`).
    pub fn argument(expected: &'static str, found: &Data) -> Self {
        let found = found.noun();
        Self::Argument { expected, found }
    }

    pub(crate) fn incomparable(left: &Data, right: &Data) -> Self {
        let (left, right) = (left.noun(), right.noun());
        Self::Incomparable { left, right }
    }

    /// The error of a call of this function.
    pub(crate) fn of(self, function: &'static str) -> TemplateErrorKind {
        match self {
            Self::BadInput(message) => TemplateErrorKind::BadInput { function, message },
            Self::Argument { expected, found } => TemplateErrorKind::Argument {
                function,
                expected,
                found: found.to_owned(),
            },
            Self::Incomparable { left, right } => TemplateErrorKind::Incomparable {
                function,
                left: left.to_owned(),
                right: right.to_owned(),
            },
            Self::OutOfRange { index, length } => TemplateErrorKind::OutOfRange { index, length },
            Self::Overflow => TemplateErrorKind::Overflow { function },
            Self::DivisionByZero => TemplateErrorKind::DivisionByZero,
            Self::Failed(message) => TemplateErrorKind::Failed { message },
            Self::TooMuchWork => TemplateErrorKind::TooMuchWork,
            Self::TooDeep => TemplateErrorKind::TooDeep,
        }
    }
}

impl From<String> for Trouble {
    fn from(message: String) -> Self {
        Self::BadInput(message)
    }
}

impl From<&str> for Trouble {
    fn from(message: &str) -> Self {
        Self::BadInput(message.to_owned())
    }
}

/// What a function that the caller adds does, given arguments that were checked.
pub type Run<'f> = dyn Fn(&mut Meter, &[Data]) -> Outcome + 'f;

/// A function that the caller adds.
pub struct Own<'f> {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments.
    pub params: &'static [Param],
    /// The type of any more arguments.
    pub rest: Option<Param>,
    /// What it does; called with as many arguments of these types.
    pub run: Rc<Run<'f>>,
}

impl<'f> Own<'f> {
    /// A function of that name with these arguments and no more.
    pub fn new(
        name: &'static str,
        params: &'static [Param],
        run: impl Fn(&mut Meter, &[Data]) -> Outcome + 'f,
    ) -> Self {
        Self {
            name,
            params,
            rest: None,
            run: Rc::new(run),
        }
    }

    /// The function with any number of further arguments of one type.
    #[must_use]
    pub fn and_more(mut self, rest: Param) -> Self {
        self.rest = Some(rest);
        self
    }
}

impl std::fmt::Debug for Own<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Own")
            .field("name", &self.name)
            .field("params", &self.params)
            .field("rest", &self.rest)
            .finish_non_exhaustive()
    }
}

/// The type of an argument. Go refuses a value of another type before the function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Param {
    /// Anything, also nil.
    Any,
    /// A `string`.
    Text,
    /// An `int`.
    Int,
    /// A `float64`.
    Float,
    /// A `bool`.
    Bool,
    /// A `map[string]interface {}`, also a nil one.
    Dict,
}

impl Param {
    fn noun(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Text => "a string",
            Self::Int => "an integer",
            Self::Float => "a float",
            Self::Bool => "a boolean",
            Self::Dict => "a map",
        }
    }

    /// A value, if it is of this type.
    pub(crate) fn check(self, value: Data, lenient: bool) -> Outcome {
        match (self, value) {
            (Self::Any, value)
            | (Self::Text, value @ Data::Text(_))
            | (Self::Int, value @ Data::Int(_))
            | (Self::Float, value @ Data::Float(_))
            | (Self::Bool, value @ Data::Bool(_))
            | (Self::Dict, value @ Data::Dict(_)) => Ok(value),
            // A nil map: it can be read like an empty one.
            (Self::Dict, Data::Nil) if !lenient => Ok(Data::Nil),
            (Self::Int, Data::Long(number)) if lenient => Ok(Data::Int(number)),
            (Self::Dict, Data::Texts(map)) if lenient => {
                let entries = map.iter();
                Ok(Data::dict(entries.map(|(key, text)| {
                    (key.clone(), Data::Text(text.clone()))
                })))
            }
            (wanted, other) => Err(Trouble::argument(wanted.noun(), &other)),
        }
    }

    /// What a constant is for this type: numbers become what is wanted.
    pub(crate) fn constant(self, constant: &Constant) -> Outcome {
        match (self, constant) {
            (Self::Int, Constant::Number { int: Some(int), .. }) => Ok(Data::Int(*int)),
            (Self::Float, Constant::Number { float, .. }) => Ok(Data::Float(*float)),
            (wanted, other) => wanted.check(other.ideal(), false),
        }
    }
}
