//! Variables put into the values of a document, and the types that follow from it.

use std::collections::HashSet;
use std::sync::Arc;

use yaml_tree::{Diagnostic, Span, Spanned};

use crate::go;
use crate::interpolate::interpolate;
use crate::load::{Context, Vars};
use crate::path::Path;
use crate::side_by_side::in_parts_mut;
use crate::value::{Data, Value};

/// What a text becomes at some places, once its variables are put in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cast {
    Int,
    Float,
    Bool,
}

/// Interpolates every text of a document; keys stay as they are.
pub(crate) fn apply(root: &mut Value, context: &mut Context<'_>) {
    let env = &context.env;
    let mut parts = Vec::new();
    if let Data::Map(sections) = &mut root.data {
        for (name, section) in sections.iter_mut() {
            let path = Path::ROOT.key(name);
            match &mut section.data {
                Data::Map(resources) => {
                    let mut resources: Vec<_> = resources.iter_mut().collect();
                    parts.extend(in_parts_mut(&mut resources, |resources| {
                        let mut interpolator = Interpolator::new(env);
                        for (name, resource) in resources {
                            interpolator.value(resource, &path.key(name));
                        }
                        interpolator
                    }));
                }
                _ => {
                    let mut interpolator = Interpolator::new(env);
                    interpolator.value(section, &path);
                    parts.push(interpolator);
                }
            }
        }
    }
    for found in parts.into_iter().flat_map(|part| part.found) {
        match found {
            Found::Unset(name, _) if !context.unset.insert(name.clone()) => {}
            Found::Unset(_, diagnostic) | Found::Other(diagnostic) => {
                context.found.push(diagnostic);
            }
        }
    }
}

enum Found {
    /// A variable is not set, which is said once.
    Unset(String, Diagnostic),
    Other(Diagnostic),
}

struct Interpolator<'e> {
    env: &'e Vars,
    unset: HashSet<String>,
    found: Vec<Found>,
}

impl<'e> Interpolator<'e> {
    fn new(env: &'e Vars) -> Self {
        Self {
            env,
            unset: HashSet::new(),
            found: Vec::new(),
        }
    }

    fn value(&mut self, value: &mut Value, path: &Path<'_>) {
        match &mut value.data {
            Data::Map(map) => {
                for (key, inner) in map.iter_mut() {
                    self.value(inner, &path.key(key));
                }
            }
            Data::List(items) => {
                for (at, inner) in items.iter_mut().enumerate() {
                    self.value(inner, &path.item(at));
                }
            }
            Data::Str(text) => {
                if text.as_bytes().contains(&b'$') {
                    let text = Arc::clone(text);
                    self.interpolate(value, &text, path);
                }
                self.cast(value, path);
            }
            _ => {}
        }
    }

    fn interpolate(&mut self, value: &mut Value, text: &Arc<str>, path: &Path<'_>) {
        let mut unset = Vec::new();
        let env = self.env;
        let result = interpolate(text, &|name| env.get(name).cloned(), &mut |name| {
            unset.push(name.to_owned());
        });
        match result {
            Ok(replaced) => {
                value.template = Some(Arc::clone(text));
                value.data = Data::Str(replaced.into());
            }
            Err(error) => {
                let message = error.message(&path.to_string()).replace('\n', " ");
                let mut found = Diagnostic::error("compose::interpolation", message);
                let range = error.range();
                if let Some(span) = &value.span {
                    let place = part(span, text, range.start, range.end);
                    found = found.primary(place, "");
                }
                self.found.push(Found::Other(found));
            }
        }
        for name in unset {
            self.warn_unset(name, value, text);
        }
    }

    fn warn_unset(&mut self, name: String, value: &Value, text: &str) {
        if !self.unset.insert(name.clone()) {
            return;
        }
        let message = format!("The {name:?} variable is not set. Defaulting to a blank string.");
        let mut found = Diagnostic::warning("compose::unset-variable", message);
        if let Some(span) = &value.span {
            let at = text
                .find(&format!("${name}"))
                .or_else(|| text.find(&format!("${{{name}")));
            let place = match at {
                Some(at) => part(span, text, at, (at + name.len() + 1).min(text.len())),
                None => span.clone(),
            };
            found = found.primary(place, "");
        }
        self.found.push(Found::Unset(name, found));
    }

    fn cast(&mut self, value: &mut Value, path: &Path<'_>) {
        let Some(cast) = path.with_parts(cast_at) else {
            return;
        };
        let Some(text) = value.as_str() else {
            return;
        };
        let at_value = |found: Diagnostic| match &value.span {
            Some(span) => Found::Other(found.primary(span.clone(), "")),
            None => Found::Other(found),
        };
        match converted(text, cast) {
            Ok((data, warning)) => {
                if let Some(warning) = warning {
                    let found = Diagnostic::warning("compose::boolean", warning);
                    self.found.push(at_value(found));
                }
                value.data = data;
            }
            Err(why) => {
                let message = format!(
                    "error while interpolating {path}: failed to cast to expected type: {why}"
                );
                let found = Diagnostic::error("compose::cast", message);
                self.found.push(at_value(found));
            }
        }
    }
}

/// The bytes `start..end` of a text as far as they stand like that in the file.
pub(crate) fn part(span: &Span, text: &str, start: usize, end: usize) -> Span {
    Spanned::new(text.to_owned(), span.clone()).part(start, end)
}

/// Where a text is turned into a number or a boolean.
fn cast_at(path: &[&str]) -> Option<Cast> {
    match path {
        ["services" | "jobs", _, rest @ ..] => service_cast(rest),
        [
            "networks",
            _,
            "external" | "internal" | "attachable" | "enable_ipv4" | "enable_ipv6",
        ]
        | ["volumes" | "secrets" | "configs", _, "external"] => Some(Cast::Bool),
        _ => None,
    }
}

fn service_cast(path: &[&str]) -> Option<Cast> {
    Some(match path {
        [
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime"
            | "cpu_shares" | "oom_score_adj" | "pids_limit" | "scale",
        ]
        | ["healthcheck", "retries"]
        | ["deploy", "replicas"]
        | ["deploy", "update_config" | "rollback_config", "parallelism"]
        | ["deploy", "restart_policy", "max_attempts"]
        | ["deploy", "placement", "max_replicas_per_node"]
        | ["ports", "[]", "target"]
        | ["ulimits", _]
        | ["ulimits", _, "hard" | "soft"] => Cast::Int,
        ["cpu_percent" | "cpus"]
        | [
            "deploy",
            "update_config" | "rollback_config",
            "max_failure_ratio",
        ] => Cast::Float,
        ["init" | "privileged" | "read_only" | "tty" | "stdin_open" | "oom_kill_disable"]
        | ["depends_on", _, "required" | "restart"]
        | ["healthcheck", "disable"]
        | ["volumes", "[]", "read_only"]
        | ["volumes", "[]", "volume", "nocopy"] => Cast::Bool,
        ["pre_start", "[]", rest @ ..] if of_a_container(rest) => return service_cast(rest),
        _ => return None,
    })
}

/// Whether a hook can have what is cast; it is no service.
fn of_a_container(path: &[&str]) -> bool {
    !matches!(
        path,
        [
            "scale" | "tty" | "stdin_open" | "healthcheck" | "deploy" | "depends_on" | "ports",
            ..
        ]
    )
}

fn converted(text: &str, cast: Cast) -> Result<(Data, Option<String>), String> {
    match cast {
        Cast::Int => match go::parse_int(text, 10) {
            Ok(number) => Ok((Data::Int(number), None)),
            Err(error) => Err(format!("strconv.ParseInt: {error}")),
        },
        Cast::Float => match go::parse_float(text) {
            Ok(number) => Ok((Data::Float(number), None)),
            Err(error) => Err(format!("strconv.ParseFloat: {error}")),
        },
        Cast::Bool => match word_for_boolean(text) {
            Some((value, warning)) => Ok((Data::Bool(value), warning)),
            None => Err(format!("invalid boolean: {text}")),
        },
    }
}

/// The boolean that a text stands for, with a warning about words of YAML 1.1.
pub(crate) fn word_for_boolean(text: &str) -> Option<(bool, Option<String>)> {
    let (value, is_old) = match text.to_lowercase().as_str() {
        "true" => (true, false),
        "false" => (false, false),
        "y" | "yes" | "on" => (true, true),
        "n" | "no" | "off" => (false, true),
        _ => return None,
    };
    let warning =
        || format!("{text:?} for boolean is not supported by YAML 1.2, please use `{value}`");
    Some((value, is_old.then(warning)))
}
