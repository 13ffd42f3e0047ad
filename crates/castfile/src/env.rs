//! The environment as a value: ordered by name, each variable knowing where it came from.

use std::collections::{BTreeMap, BTreeSet};

/// A set of environment variables.
///
/// Iteration is by name, so that anything printed from it is stable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Env {
    vars: BTreeMap<String, Var>,
    hidden: Hidden,
}

/// Texts that are secrets wherever they stand.
#[derive(Clone, Default, PartialEq)]
struct Hidden(BTreeSet<String>);

/// Shorter texts count as secrets only where they are the whole value: `1` would be found in half of
/// everything.
const SHORTEST_PART: usize = 4;

impl Hidden {
    fn is_in(&self, value: &str) -> bool {
        let part = |text: &String| text.len() >= SHORTEST_PART && value.contains(text.as_str());
        self.0.contains(value) || self.0.iter().any(part)
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} texts", self.0.len())
    }
}

/// One variable of an [`Env`].
#[derive(Clone, PartialEq)]
pub struct Var {
    /// The value, expanded.
    pub value: String,
    /// Whether the value must be masked in anything shown to a person.
    pub secret: bool,
    /// Which layer set it.
    pub origin: Origin,
}

/// The layer that set a variable.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// The process environment, as the caller passed it in.
    Process,
    /// Set by the tool itself (`OS`, `CAST_FILE`, ...).
    Builtin,
    /// Set by `${NAME:=value}` while another value was expanded.
    Assigned,
    /// Written in a castfile or dotenv file.
    File(yaml_tree::Span),
    /// Given on the command line (`-e NAME=value`).
    CommandLine,
    /// Handed on by an earlier task through `CAST_ENV`, `CAST_PATH` or `CAST_OUTPUTS`.
    Task(String),
}

impl std::fmt::Debug for Var {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.secret { "***" } else { &self.value };
        f.debug_struct("Var")
            .field("value", &value)
            .field("origin", &self.origin)
            .finish()
    }
}

impl Env {
    /// An environment without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `name`, if it is set (possibly empty).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(|var| var.value.as_str())
    }

    /// The variable `name` with its origin.
    pub fn var(&self, name: &str) -> Option<&Var> {
        self.vars.get(name)
    }

    /// Sets `name`; an earlier value is replaced. A variable once marked secret stays secret
    /// only if the new one says so, or holds a [hidden](Self::hide) text.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>, origin: Origin) {
        let var = Var {
            value: value.into(),
            secret: false,
            origin,
        };
        self.insert(name, var);
    }

    /// Sets `name` to a whole [`Var`]. A value that holds a [hidden](Self::hide) text is marked
    /// secret.
    pub fn insert(&mut self, name: impl Into<String>, mut var: Var) {
        var.secret |= self.hidden.is_in(&var.value);
        self.vars.insert(name.into(), var);
    }

    /// Takes note of a text that must not be shown, whether or not it is a variable of its own: the
    /// password inside `postgres://app:$(kpv get db)@db`. Every value set from now on that holds it
    /// is marked secret.
    pub fn hide(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.hidden.0.insert(text);
        }
    }

    /// The texts given to [`hide`](Self::hide).
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.hidden.0.iter().map(String::as_str)
    }

    /// The variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.vars.iter().map(|(name, var)| (name.as_str(), var))
    }

    /// How many variables are set.
    pub fn len(&self) -> usize {
        self.vars.len()
    }

    /// Whether no variable is set.
    pub fn is_empty(&self) -> bool {
        self.vars.is_empty()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Env {
    /// Takes `(name, value)` pairs as the process environment.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut env = Self::new();
        for (name, value) in pairs {
            env.set(name, value, Origin::Process);
        }
        env
    }
}
