//! Everything that can be found wrong, or doubtful, without running anything.

use std::collections::HashMap;

use camino::Utf8Path;
use yaml_tree::{Diagnostic, Source, Spanned, nearest};

use crate::dotenv::{self, QuoteKind};
use crate::expand::{ReferenceOperator, references};
use crate::layers::Session;
use crate::model::{Castfile, EnvEntry, TemplateKind};
use crate::project::{Project, ProjectTask};
use crate::template::Template;
use crate::{TaskId, paths};

impl Project {
    /// Checks the project: what a run would refuse, and what works otherwise than it looks.
    ///
    /// `runners` are the names that `uses` may have; `session` says for which context dotenv files
    /// are looked at. Warnings met while loading are included; no command of a `$(…)` is run.
    pub fn check(&self, session: &Session<'_>, runners: &[&str]) -> Vec<Diagnostic> {
        let mut found = self.warnings().to_vec();
        self.check_runs(&mut found);
        if let Err(error) = self.require_dotenv(session) {
            found.extend(error.diagnostics());
        }
        for task in self.tasks().iter().filter(|task| task.module.is_none()) {
            check_task(self, task, runners, &mut found);
        }
        self.check_hooks(&mut found);
        self.check_module_env(&mut found);
        self.check_dotenv_quotes(session, &mut found);
        note_unportable(self.castfile(), &mut found);
        let mut unique: Vec<Diagnostic> = Vec::new();
        for diagnostic in found {
            if !unique.contains(&diagnostic) {
                unique.push(diagnostic);
            }
        }
        unique
    }

    /// Unknown needs and circles, malformed times and expressions: what planning refuses.
    fn check_runs(&self, found: &mut Vec<Diagnostic>) {
        for task in self.tasks() {
            if let Err(error) = self.plan(&[task.id().as_str()], "") {
                for diagnostic in error.diagnostics() {
                    if !is_known(found, &diagnostic) {
                        found.push(diagnostic);
                    }
                }
            }
        }
    }

    /// `X:before` of a task without hooks never runs; a hook spelled out that is not there either.
    fn check_hooks(&self, found: &mut Vec<Diagnostic>) {
        for hook in self
            .tasks()
            .iter()
            .filter(|task| task.module.is_none() && task.is_hook())
        {
            let Some((name, suffix)) = hook.id().as_str().rsplit_once(':') else {
                continue;
            };
            let Some(task) = self.task(name) else {
                continue;
            };
            let runs = task.task.hooks.as_ref().is_some_and(|hooks| {
                hooks
                    .before
                    .iter()
                    .chain(&hooks.after)
                    .any(|known| known.value == suffix)
            });
            if !runs {
                let message = format!("`{}` never runs: `{name}` has no hooks", hook.id());
                found.push(
                    Diagnostic::warning("castfile::unused-hook", message)
                        .primary(hook.task.name.span.clone(), "")
                        .secondary(task.task.name.span.clone(), "this task needs `hooks: true`"),
                );
            }
        }
        for task in self.tasks().iter().filter(|task| task.module.is_none()) {
            let Some(hooks) = task.task.hooks.as_ref().filter(|hooks| hooks.explicit) else {
                continue;
            };
            for suffix in hooks.before.iter().chain(&hooks.after) {
                let id = task.id().with_suffix(&suffix.value);
                if self.task(id.as_str()).is_none() {
                    let message = format!("`{}` has no hook task `{id}`", task.id());
                    found.push(
                        Diagnostic::warning("castfile::missing-hook", message)
                            .primary(suffix.span.clone(), ""),
                    );
                }
            }
        }
    }

    /// The env of modules comes before the project's: an unconditional value beats the default
    /// that the project gives, and the project's variables are not there yet.
    fn check_module_env(&self, found: &mut Vec<Diagnostic>) {
        let own: HashMap<&str, &EnvEntry> = self
            .castfile()
            .env
            .iter()
            .map(|entry| (entry.name.as_str(), entry))
            .collect();
        for module in self.modules() {
            let mut set_before: Vec<&str> = Vec::new();
            for entry in &module.castfile.env {
                if let Some(mine) = own.get(entry.name.as_str())
                    && has_default_for_itself(mine)
                    && !references(&entry.value.value)
                        .iter()
                        .any(|r| r.name == entry.name.value)
                {
                    let message = format!(
                        "the default of `{}` is never used: the module `{}` always sets it",
                        entry.name.value, module.name
                    );
                    found.push(
                        Diagnostic::warning("castfile::module-env", message)
                            .primary(mine.value.span.clone(), "this default")
                            .secondary(entry.value.span.clone(), "set here, before it")
                            .help(format!(
                                "write `${{{0}:-…}}` in the module, or set `{0}` outright here",
                                entry.name.value
                            )),
                    );
                }
                for reference in references(&entry.value.value) {
                    let name = reference.name.as_str();
                    if let Some(mine) = own.get(name)
                        && name != entry.name.value
                        && !set_before.contains(&name)
                    {
                        let message = format!(
                            "the module `{}` reads `{name}` before this castfile sets it",
                            module.name
                        );
                        found.push(
                            Diagnostic::warning("castfile::module-env", message)
                                .primary(
                                    entry.value.part(reference.range.start, reference.range.end),
                                    "empty here",
                                )
                                .secondary(mine.name.span.clone(), "set here, after it"),
                        );
                    }
                }
                set_before.push(&entry.name.value);
            }
        }
    }

    /// Single quotes in dotenv files do not stop expansion.
    fn check_dotenv_quotes(&self, session: &Session<'_>, found: &mut Vec<Diagnostic>) {
        for entry in &self.castfile().dotenv {
            if !entry.applies(session.context, &session.host.os) {
                continue;
            }
            let path = paths::resolve(&entry.path.value, self.dir(), session.process.get("HOME"));
            let shown = crate::layers::shown_beside(self.castfile(), &path);
            check_dotenv(&path, shown, session, found);
        }
    }
}

fn check_dotenv(
    path: &Utf8Path,
    shown: String,
    session: &Session<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let Ok(bytes) = session.files.read(path) else {
        return;
    };
    let source = match Source::from_bytes(shown, bytes) {
        Ok(source) => source,
        Err(diagnostic) => return found.push(*diagnostic),
    };
    let entries = match dotenv::parse(source.text()) {
        Ok(entries) => entries,
        Err(error) => {
            return found.extend(error.issues.into_iter().map(|issue| {
                Diagnostic::error("castfile::dotenv", issue.kind.to_string())
                    .primary(source.span(issue.range.start, issue.range.end), "")
            }));
        }
    };
    for entry in entries {
        if entry.quote == QuoteKind::Single && !references(&entry.value).is_empty() {
            let span = source.span(entry.value_range.start, entry.value_range.end);
            found.push(
                Diagnostic::warning(
                    "castfile::quoted-dollar",
                    "single quotes do not stop expansion in a dotenv file",
                )
                .primary(span, "expanded")
                .help("write `$$` for a dollar"),
            );
        }
    }
}

fn is_known(found: &[Diagnostic], new: &Diagnostic) -> bool {
    found.iter().any(|known| {
        known == new
            // A circle is found once from each of its tasks.
            || (known.code == new.code
                && known.code == "castfile::needs-cycle"
                && new.labels.iter().all(|label| {
                    known.labels.iter().any(|other| other.span == label.span)
                }))
    })
}

fn check_task(
    project: &Project,
    task: &ProjectTask,
    runners: &[&str],
    found: &mut Vec<Diagnostic>,
) {
    let name = task.task.uses.as_ref();
    if let Some(uses) = name
        && !runners.contains(&uses.value.as_str())
        && !uses.value.contains(['/', ':', '@', '.'])
    {
        let message = format!(
            "task `{}` uses `{}`, which is no runner",
            task.id(),
            uses.value
        );
        let diagnostic =
            Diagnostic::error("cast::unknown-runner", message).primary(uses.span.clone(), "");
        found.push(match nearest(&uses.value, runners.iter().copied()) {
            Some(near) => {
                diagnostic.fix(format!("did you mean `{near}`?"), uses.span.clone(), near)
            }
            None => diagnostic.help(format!("the runners are {}", runners.join(", "))),
        });
    }
    let gathers = !task.task.needs.is_empty() || task.task.hooks.is_some();
    let scripted = task
        .task
        .run
        .as_ref()
        .is_some_and(|run| !run.value.trim().is_empty());
    if !scripted && !gathers && task.task.with.is_empty() {
        found.push(
            Diagnostic::error(
                "cast::empty-script",
                format!("task `{}` has nothing to run", task.id()),
            )
            .primary(task.task.name.span.clone(), "")
            .help("add `run: …`, or `needs: […]` if it only gathers others"),
        );
    }
    if let (Some(run), Some(template)) = (&task.task.run, &task.task.template)
        && template.value == TemplateKind::GoTemplate
        && let Err(error) = Template::parse("run", &run.value)
    {
        let place = run.part(error.start, error.end);
        found.push(crate::evaluate::template_error(&error).primary(place, ""));
    }
    for entry in &task.task.env {
        check_value(&entry.value, found);
    }
    let context_variant = task.id().as_str().rsplit_once(':');
    if let Some((base, context)) = context_variant
        && is_context(project, context)
        && project.task(base).is_some()
        && task.task.needs.iter().any(|need| {
            let variant = TaskId::derive(&need.id.value).with_suffix(context);
            project.task(variant.as_str()).is_some()
        })
    {
        let message = format!(
            "`cast {}` runs in the default context: what it needs is not chosen for `{context}`",
            task.id()
        );
        found.push(
            Diagnostic::note("castfile::context", message)
                .primary(task.task.name.span.clone(), "")
                .help(format!(
                    "`cast -c {context} {base}` chooses `:{context}` throughout"
                )),
        );
    }
}

fn is_context(project: &Project, name: &str) -> bool {
    let config = project.castfile().config.as_ref();
    matches!(name, "prod" | "test" | "dev" | "staging")
        || config.is_some_and(|config| config.contexts.iter().any(|known| known.value == name))
}

/// A value that could never be expanded.
fn check_value(value: &Spanned<String>, found: &mut Vec<Diagnostic>) {
    let mut env = crate::Env::new();
    // Required variables may be set in a run; everything else is wrong in any run.
    if let Err(diagnostic) = crate::layers::expand_at(value, &mut env, None)
        && diagnostic.code != "castfile::required-variable"
    {
        found.push(*diagnostic);
    }
}

fn has_default_for_itself(entry: &EnvEntry) -> bool {
    references(&entry.value.value).iter().any(|reference| {
        reference.name == entry.name.value
            && matches!(
                reference.operator,
                ReferenceOperator::Default | ReferenceOperator::Assign
            )
    })
}

/// What works here and not in the original.
fn note_unportable(castfile: &Castfile, found: &mut Vec<Diagnostic>) {
    let note = |message: &str| {
        Diagnostic::note("castfile::portability", message)
            .help("frostyeti/cast v0.3.2 ignores or refuses it")
    };
    if let Some(config) = &castfile.config {
        if let Some(entry) = config.env.first() {
            let found_here = note("`config.env` is read here as a layer below `env`");
            found.push(found_here.primary(entry.name.span.clone(), ""));
        }
        if let Some(entry) = config.dotenv.first() {
            let found_here = note("`config.dotenv` is read here as a layer below `dotenv`");
            found.push(found_here.primary(entry.path.span.clone(), ""));
        }
    }
    if let Some(project) = castfile.projects.first() {
        let found_here = note("sub-projects are declared by a mapping or by `includes`")
            .help("`workspace.aliases` works in both");
        found.push(found_here.primary(project.name.span.clone(), ""));
    }
}
