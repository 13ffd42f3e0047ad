//! Variables put into the values of a document, and the types that follow from it.

use std::sync::Arc;

use yaml_tree::{Diagnostic, Span, Spanned};

use crate::go;
use crate::interpolate::interpolate;
use crate::load::Context;
use crate::path::Path;
use crate::value::{Data, Value};

/// What a text becomes at some places, once its variables are put in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cast {
    Int,
    Float,
    Bool,
}

/// Interpolates every text of a value; keys stay as they are.
pub(crate) fn apply(value: &mut Value, path: &Path<'_>, context: &mut Context<'_>) {
    match &mut value.data {
        Data::Map(map) => {
            for (key, inner) in map.iter_mut() {
                apply(inner, &path.key(key), context);
            }
        }
        Data::List(items) => {
            for (at, inner) in items.iter_mut().enumerate() {
                apply(inner, &path.item(at), context);
            }
        }
        Data::Str(text) => {
            let text = Arc::clone(text);
            text_value(value, &text, path, context);
        }
        _ => {}
    }
}

fn text_value(value: &mut Value, text: &Arc<str>, path: &Path<'_>, context: &mut Context<'_>) {
    if text.contains('$') {
        let mut unset = Vec::new();
        let env = &context.env;
        let result = interpolate(text, &|name| env.get(name).cloned(), &mut |name| {
            unset.push(name.to_owned());
        });
        match result {
            Ok(replaced) => {
                let replaced: Arc<str> = replaced.into();
                value.template = Some(Arc::clone(text));
                value.data = Data::Str(replaced);
            }
            Err(error) => {
                let message = error.message(&path.to_string()).replace('\n', " ");
                let mut found = Diagnostic::error("compose::interpolation", message);
                let range = error.range();
                if let Some(span) = &value.span {
                    let place = part(span, text, range.start, range.end);
                    found = found.primary(place, "");
                }
                context.found.push(found);
            }
        }
        for name in unset {
            warn_unset(&name, value, text, context);
        }
    }
    let Some(cast) = path.with_parts(cast_at) else {
        return;
    };
    let Some(text) = value.as_str().map(str::to_owned) else {
        return;
    };
    match converted(&text, cast) {
        Ok((data, warning)) => {
            if let Some(warning) = warning {
                let mut found = Diagnostic::warning("compose::boolean", warning);
                if let Some(span) = &value.span {
                    found = found.primary(span.clone(), "");
                }
                context.found.push(found);
            }
            value.data = data;
        }
        Err(why) => {
            let message =
                format!("error while interpolating {path}: failed to cast to expected type: {why}");
            let mut found = Diagnostic::error("compose::cast", message);
            if let Some(span) = &value.span {
                found = found.primary(span.clone(), "");
            }
            context.found.push(found);
        }
    }
}

/// The bytes `start..end` of a text as far as they stand like that in the file.
pub(crate) fn part(span: &Span, text: &str, start: usize, end: usize) -> Span {
    Spanned::new(text.to_owned(), span.clone()).part(start, end)
}

fn warn_unset(name: &str, value: &Value, text: &str, context: &mut Context<'_>) {
    if !context.unset.insert(name.to_owned()) {
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
    context.found.push(found);
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
