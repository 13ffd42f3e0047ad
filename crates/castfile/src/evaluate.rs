//! The parts of a task that are known only when it runs: condition, time limit, directory, script.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use camino::Utf8PathBuf;
use yaml_tree::{Diagnostic, Source, Spanned};

use crate::env::Env;
use crate::expr::Expr;
use crate::layers::{Session, expand_at, read_values};
use crate::model::TemplateKind;
use crate::plan::expression_error;
use crate::project::{Project, ProjectTask};
use crate::template::{RenderOptions, Template, TemplateError};
use crate::value::{Map, Value};
use crate::{duration, expr, paths};

/// What expressions and templates of a task see.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The project.
    pub project: &'a Project,
    /// The session of the run.
    pub session: &'a Session<'a>,
    /// The task's environment.
    pub env: &'a Env,
    /// What earlier tasks handed on, by task id and name.
    pub outputs: &'a BTreeMap<String, BTreeMap<String, String>>,
    /// The task's arguments.
    pub args: &'a [String],
    /// Whether no task has failed so far.
    pub success: bool,
    /// The time of the run, for templates.
    pub now: SystemTime,
}

impl Scope<'_> {
    /// The names as one map: `env`, `outputs`, `args`, `success`, `os`, `arch`, `home`, `cwd`,
    /// `num_cpu`, `windows`, `linux`, `darwin`, `sudo_user`, `sudo_user_home`, `is_admin` and
    /// `cast` with `meta`, as in frostyeti/cast v0.3.2.
    pub fn values(&self) -> Map {
        let host = self.session.host;
        let text = |value: &Option<String>| Value::from(value.as_deref().unwrap_or_default());
        let mut outputs = Map::new();
        for (task, values) in self.outputs {
            outputs.insert(task, Map::strings(values));
        }
        let mut cast = Map::new();
        if let Some(meta) = &self.project.castfile().meta {
            cast.insert("meta", Value::from(meta));
        }
        let args: Vec<_> = self
            .args
            .iter()
            .map(|arg| Value::from(arg.as_str()))
            .collect();
        let mut values = Map::new();
        values.insert("env", Value::from(self.env));
        values.insert("outputs", outputs);
        values.insert("args", Value::List(args));
        values.insert("success", self.success);
        values.insert("os", host.os.as_str());
        values.insert("arch", host.arch.as_str());
        values.insert("home", self.env.get("HOME").unwrap_or_default());
        values.insert("cwd", self.session.invocation_dir.as_str());
        values.insert("num_cpu", host.cpus);
        for os in ["windows", "linux", "darwin"] {
            values.insert(os, host.os == os);
        }
        values.insert("sudo_user", text(&host.sudo_user));
        values.insert("sudo_user_home", text(&host.sudo_user_home));
        values.insert("is_admin", host.is_admin);
        values.insert("cast", cast);
        values
    }

    /// Whether an `if` or `force` holds; anything but a boolean counts as false.
    ///
    /// # Errors
    /// A diagnostic at the place in the expression.
    pub fn holds(&self, expression: &Spanned<String>) -> Result<bool, Box<Diagnostic>> {
        match expression.value.trim() {
            "true" => return Ok(true),
            "false" => return Ok(false),
            _ => {}
        }
        self.evaluate(expression).map(|value| expr::truth(&value))
    }

    fn evaluate(&self, expression: &Spanned<String>) -> Result<Value, Box<Diagnostic>> {
        Expr::parse(&expression.value)
            .and_then(|parsed| parsed.eval(&expr::Scope::from(self.values())))
            .map_err(|error| Box::new(expression_error(expression, &error)))
    }

    /// How long the task may take: a Go duration, or what an expression (a text with `{`) gives.
    ///
    /// # Errors
    /// A diagnostic at the value.
    pub fn timeout(&self, task: &ProjectTask) -> Result<Option<Duration>, Box<Diagnostic>> {
        let Some(written) = &task.task.timeout else {
            return Ok(None);
        };
        let text = if written.value.contains('{') {
            self.evaluate(written)?.to_string()
        } else {
            written.value.clone()
        };
        duration::parse(text.trim()).map(Some).map_err(|error| {
            let found = Diagnostic::error("castfile::bad-duration", error.to_string())
                .primary(written.span.clone(), "");
            Box::new(match error.help() {
                Some(help) => found.help(help),
                None => found,
            })
        })
    }

    /// Where the task runs: the project's directory, or `cwd` after template and expansion,
    /// relative to that.
    ///
    /// # Errors
    /// A diagnostic at the value.
    pub fn working_dir(&self, task: &ProjectTask) -> Result<Utf8PathBuf, Box<Diagnostic>> {
        let base = self.project.dir();
        let Some(written) = &task.task.cwd else {
            return Ok(base.to_owned());
        };
        let rendered = if written.value.contains("{{") {
            Spanned::new(self.render(written)?, written.span.clone())
        } else {
            written.clone()
        };
        let dir = expand_at(&rendered, &mut self.env.clone(), self.commands())?;
        Ok(paths::resolve(&dir, base, self.env.get("HOME")))
    }

    /// The script of the task, rendered if it has a `template`; nothing if there is none.
    ///
    /// # Errors
    /// A diagnostic at the place in the script.
    pub fn script(&self, task: &ProjectTask) -> Result<String, Box<Diagnostic>> {
        let Some(run) = &task.task.run else {
            return Ok(String::new());
        };
        match &task.task.template {
            None => Ok(run.value.clone()),
            Some(kind) => match &kind.value {
                TemplateKind::GoTemplate => self.render(run),
                TemplateKind::Other(name) => Err(Box::new(
                    Diagnostic::error(
                        "castfile::unknown-template",
                        format!("no template language is called `{name}`"),
                    )
                    .primary(kind.span.clone(), "")
                    .fix("write `gotmpl`", kind.span.clone(), "gotmpl"),
                )),
            },
        }
    }

    /// A text expanded against the task's environment, as values of `env` are.
    ///
    /// # Errors
    /// A diagnostic at the place in the text.
    pub fn expand(&self, text: &Spanned<String>) -> Result<String, Box<Diagnostic>> {
        expand_at(text, &mut self.env.clone(), self.commands())
    }

    fn render(&self, text: &Spanned<String>) -> Result<String, Box<Diagnostic>> {
        let options = RenderOptions::new(self.now);
        Template::parse("run", &text.value)
            .and_then(|template| template.render(&Value::Map(self.values()), &options))
            .map_err(|error| {
                let place = text.part(error.start, error.end);
                Box::new(template_error(&error).primary(place, ""))
            })
    }

    fn commands(&self) -> Option<&dyn crate::CommandSubstitution> {
        let config = self.project.castfile().config.as_ref();
        self.session
            .commands
            .filter(|_| config.is_none_or(|config| config.substitution))
    }
}

/// A template error as a finding, still without its place.
pub(crate) fn template_error(error: &TemplateError) -> Diagnostic {
    let found = Diagnostic::error("castfile::template", error.to_string());
    match error.help() {
        Some(help) => found.help(help),
        None => found,
    }
}

/// The variables that a task wrote to its `CAST_ENV` file, expanded against its environment. No
/// command in them is run.
///
/// # Errors
/// A diagnostic for each line that is no `NAME=value` and each value that cannot be expanded.
pub fn handed_on_env(source: &Source, env: &Env) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let mut env = env.clone();
    let mut found = Vec::new();
    let mut vars = Vec::new();
    for entry in read_values(source)? {
        match expand_at(&entry.value, &mut env, None) {
            Ok(value) => {
                // A later line may refer to an earlier one.
                env.set(entry.name.as_str(), value.as_str(), crate::Origin::Assigned);
                vars.push((entry.name, value));
            }
            Err(error) => found.push(*error),
        }
    }
    if found.is_empty() {
        Ok(vars)
    } else {
        Err(found)
    }
}

/// The values that a task wrote to its `CAST_OUTPUTS` file, as they are.
///
/// # Errors
/// A diagnostic for each line that is no `NAME=value`.
pub fn handed_on_outputs(source: &Source) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let entries = read_values(source)?;
    Ok(entries
        .into_iter()
        .map(|entry| (entry.name, entry.value.value))
        .collect())
}

/// The variable under which tasks see an output of an earlier one: `OUTPUTS_UP_PROD_URL` for
/// output `url` of `up:prod`. Everything but ASCII letters and digits becomes `_`, so that every
/// shell can read it (frostyeti/cast v0.3.2 keeps the colon).
///
/// ```
/// assert_eq!(castfile::output_variable("up:prod", "url"), "OUTPUTS_UP_PROD_URL");
/// ```
pub fn output_variable(task: &str, name: &str) -> String {
    let mut variable = format!("OUTPUTS_{task}_{name}").to_ascii_uppercase();
    variable = variable
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    variable
}

/// Puts a directory before the entries of `PATH`, as a line of a `CAST_PATH` file asks.
pub fn prepend_path(env: &mut Env, dir: &str, origin: crate::Origin, os: &str) {
    crate::layers::prepend_path(env, dir, false, origin, os);
}
