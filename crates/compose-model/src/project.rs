//! A loaded project.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files, Span};

use crate::discovery::{NameOrigin, WrittenName};
use crate::emit::{self, JsonError, YamlWriter};
use crate::environment::{env_files, resolve_labels, resolve_services};
use crate::interpolate::{Variable, interpolate, variables};
use crate::load::{Context, Input, Stages, Vars};
use crate::options::{FileArg, Options};
use crate::path::Path;
use crate::printed::{Entries, Printed};
use crate::shape::{self, Form};
use crate::side_by_side::in_parts;
use crate::text::display;
use crate::value::{Data, Map, Value};
use crate::{
    consistency, discovery, faulty, go, hash, hooks, normalize, profiles, prune, semantic, swarm,
};

/// The sections of a model with their attributes, in the order in which they are printed.
static SECTIONS: [(&str, &shape::Table); 7] = [
    ("services", &shape::SERVICE),
    ("jobs", &shape::SERVICE),
    ("networks", &shape::NETWORK),
    ("volumes", &shape::VOLUME),
    ("secrets", &shape::SECRET),
    ("configs", &shape::CONFIG),
    ("models", &shape::MODEL),
];

/// What stands at the top level of a printed project.
enum Part<'v> {
    Value(Printed<'v>),
    /// Named resources, sorted, and what they consist of.
    Section(Vec<(&'v Arc<str>, &'v Value)>, &'static shape::Table),
}

/// A Compose project as the stages of loading left it.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// What gave it that name.
    pub name_origin: NameOrigin,
    /// Its directory, absolute.
    pub dir: Utf8PathBuf,
    /// The files it was read from.
    pub files: Vec<Utf8PathBuf>,
    /// Variables that were visible to interpolation.
    pub env: Vars,
    /// The model in long form.
    pub model: Value,
    /// The services that no active profile has, by name.
    pub disabled: Map,
    /// Warnings met on the way.
    pub warnings: Vec<Diagnostic>,
    /// Whether variables were put in.
    pub(crate) interpolated: bool,
    /// Those variables that an env file sets, each at its line.
    pub(crate) from_files: BTreeMap<String, Value>,
}

/// Loads a project.
///
/// # Errors
/// Everything that is wrong with it, with warnings between, in the order in which it was met.
pub fn load(files: &dyn Files, options: &Options) -> Result<Project, Vec<Diagnostic>> {
    let mut env: Vars = options.env.clone();
    let stages = Stages {
        interpolate: options.interpolate,
        resolve_paths: options.resolve_paths,
    };
    // Where files are named, the project is where the first one is.
    let of_file = options.files.iter().find_map(|file| match file {
        FileArg::Path(path) => path.parent(),
        FileArg::Stdin(_) => None,
    });
    let start = match options.project_directory.as_deref().or(of_file) {
        Some(dir) => join(&options.current_dir, dir),
        None => options.current_dir.clone(),
    };
    let context = |dir: &Utf8Path, env: &Vars| {
        Context::new(
            files,
            stages,
            dir.to_owned(),
            env.clone(),
            options.current_dir.clone(),
        )
    };
    // Variables of the default `.env` may name the files, and the files say where the project is:
    // its own `.env` is read then, if that is another one.
    let mut first = context(&options.current_dir, &env);
    let read_first = project_env_files(options, &env, &start, files);
    if env_files(&read_first, &mut env, &mut first).is_none() {
        return Err(first.found);
    }
    let found = discovery::find(files, options, &env).map_err(|found| vec![*found])?;
    let dir = found.dir.clone();
    let read_then = project_env_files(options, &options.env, &dir, files);
    if read_then != read_first && env_files(&read_then, &mut env, &mut first).is_none() {
        return Err(first.found);
    }
    if default_env_file_disabled(options, &env).map_err(|found| vec![*found])? {
        // If the file itself says so, what it says to Compose still holds.
        let dropped = |name: &str| !name.starts_with("COMPOSE_");
        env.retain(|name, _| !(first.from_files.contains_key(name) && dropped(name)));
        first.from_files.retain(|name, _| !dropped(name));
    }
    let mut context = context(&dir, &env);
    context.found = found.warnings;
    let written = written_name(&found.files, &mut context);
    if context.errors() > 0 {
        return Err(context.found);
    }
    context.from_files = first.from_files;
    let (name, name_origin) =
        discovery::project_name(options, &context, written).map_err(|found| vec![*found])?;
    env.insert("COMPOSE_PROJECT_NAME".to_owned(), name.clone());
    context.env.clone_from(&env);
    let paths = found.files.iter().map(|input| input.path.clone()).collect();
    match finish(options, &mut context, &found.files, &name) {
        Some((model, disabled)) if context.errors() == 0 => Ok(Project {
            name,
            name_origin,
            dir,
            files: paths,
            env,
            model,
            disabled,
            warnings: context.found,
            interpolated: options.interpolate,
            from_files: context.from_files,
        }),
        _ => Err(context.found),
    }
}

/// The stages after merging.
fn finish(
    options: &Options,
    context: &mut Context<'_>,
    files: &[Input],
    name: &str,
) -> Option<(Value, Map)> {
    let dir = context.dir.clone();
    let mut model = context.model(files, &dir)?;
    // What is wrong so far is no reason to keep quiet about the rest.
    let early = context.found.len();
    let faulty = faulty::services(&model, &context.found);
    let clean = context.errors() == 0;
    let judged = clean || (!context.incomplete && faulty::sections_are_whole(&model));
    if model.as_map().is_none_or(Map::is_empty) {
        if clean {
            context.report("compose::empty", "empty compose file", None);
        }
        return None;
    }
    if options.normalize || options.interpolate {
        let map = model.as_map_mut()?;
        map.insert("name", Value::new(name));
    }
    if options.interpolate {
        semantic::check_names(&model, &mut context.found);
    }
    if options.normalize {
        let env = options.interpolate.then_some(&context.env);
        normalize::normalize(&mut model, name, env);
        hooks::inherit(&mut model, &mut context.found);
    }
    // Of templates it cannot be known what they will be: the model stays as it is merged.
    if !options.interpolate {
        if !options.services.is_empty() {
            context.found.push(Diagnostic::warning(
                "compose::no-selection",
                "services are not selected when variables are kept: the whole project is shown",
            ));
        }
        return Some((model, Map::new()));
    }
    normalize::name_jobs(&mut model);
    check_texts(&model, &mut context.found);
    if clean {
        swarm::check(&model, &mut context.found);
    }
    let active = active_profiles(options, &context.env);
    let mut disabled = profiles::disable(&mut model, &active);
    // A service that is active only because it was asked for is not checked by Docker Compose
    // either.
    if options.check_consistency && judged {
        consistency::check(&model, &disabled.services, &faulty, &mut context.found);
        normalize::replicas(&mut model);
    }
    profiles::enable(&mut model, &mut disabled, &options.services);
    if options.resolve_env {
        resolve_services(&mut model, context);
    }
    resolve_labels(&mut model, context);
    if judged {
        profiles::select(&mut model, &options.services, &mut context.found);
        if options.check_consistency {
            consistency::container_names(&model, &mut context.found);
        }
    }
    prune::unused(&mut model);
    faulty::drop_consequences(&mut context.found, early);
    context.explain_all(early, files);
    Some((model, disabled.services))
}

/// Reports sizes, durations and other texts that cannot be read.
fn check_texts(model: &Value, found: &mut Vec<Diagnostic>) {
    for (section, table) in &SECTIONS {
        let resources = model.get(section).and_then(Value::as_map);
        let resources: Vec<_> = resources.into_iter().flat_map(Map::iter).collect();
        let parts = in_parts(&resources, |resources| {
            let mut found = Vec::new();
            for (name, resource) in resources {
                let section = Path::ROOT.key(section);
                shape::check_struct(resource, table, &section.key(name), &mut found);
            }
            found
        });
        found.extend(parts.into_iter().flatten());
    }
}

/// The profiles that are active: those given, else those of `COMPOSE_PROFILES`.
fn active_profiles(options: &Options, env: &Vars) -> Vec<String> {
    if !options.profiles.is_empty() {
        return options.profiles.clone();
    }
    let value = env
        .get("COMPOSE_PROFILES")
        .map(String::as_str)
        .unwrap_or_default();
    // Nothing is one profile too, the one of no name.
    value
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect()
}

/// The env files of the project, in order.
fn project_env_files(
    options: &Options,
    env: &Vars,
    dir: &Utf8Path,
    files: &dyn Files,
) -> Vec<Utf8PathBuf> {
    let from_current = |path: &Utf8Path| join(&options.current_dir, path);
    if !options.env_files.is_empty() {
        return options
            .env_files
            .iter()
            .map(|path| from_current(path))
            .collect();
    }
    if let Some(value) = env
        .get("COMPOSE_ENV_FILES")
        .filter(|value| !value.is_empty())
    {
        return value
            .split(',')
            .map(|path| from_current(Utf8Path::new(path)))
            .collect();
    }
    let own = dir.join(".env");
    if default_env_file_disabled(options, env) != Ok(true) && files.is_file(&own) {
        vec![own]
    } else {
        Vec::new()
    }
}

/// Whether `COMPOSE_DISABLE_ENV_FILE` says to do without the default `.env`. It is not looked at
/// where other env files are named.
fn default_env_file_disabled(options: &Options, env: &Vars) -> Result<bool, Box<Diagnostic>> {
    const NAME: &str = "COMPOSE_DISABLE_ENV_FILE";
    let named = options.env.get("COMPOSE_ENV_FILES");
    if !options.env_files.is_empty() || named.is_some_and(|files| !files.is_empty()) {
        return Ok(false);
    }
    let Some(value) = env.get(NAME) else {
        return Ok(false);
    };
    go::parse_bool(value).ok_or_else(|| {
        let message = format!("{NAME} is {value:?}, which is neither true nor false");
        let found = Diagnostic::error("compose::env-file", message);
        Box::new(found.help(format!("set {NAME} to true or false")))
    })
}

fn join(dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    crate::resolve_paths::clean(dir.join(path).as_str()).into()
}

/// The `name` of the last document that has one. What is wrong with a file is found and kept for
/// later, as is a name that cannot be interpolated.
fn written_name(inputs: &[Input], context: &mut Context<'_>) -> WrittenName {
    let mut name = WrittenName::default();
    for input in inputs {
        let Some(roots) = context.roots(input) else {
            continue;
        };
        for (at, root) in roots.iter().enumerate() {
            if let Some(node) = root.get("name")
                && let Some(text) = node.as_text().filter(|text| !text.is_empty())
            {
                text.clone_into(&mut name.text);
                name.place = Some(node.site().clone());
                name.in_first_document |= at == 0;
            }
        }
    }
    if context.stages.interpolate {
        let lookup = |name: &str| context.env.get(name).cloned();
        let value = interpolate(&name.text, &lookup, &mut |_| {});
        name.text = value.map(Cow::into_owned).unwrap_or_default();
    }
    name
}

impl Project {
    /// The project in canonical form: attributes in the order and shape in which
    /// `docker compose config` prints them as YAML.
    pub fn canonical(&self) -> Value {
        self.canonical_form(Form::Yaml).to_value()
    }

    /// The same for JSON, which differs in details: `command` and `entrypoint` are always there,
    /// `models` and `x-*` are not.
    pub fn canonical_json(&self) -> Value {
        self.canonical_form(Form::Json).to_value()
    }

    fn canonical_form(&self, form: Form) -> Printed<'_> {
        let parts = self.parts(form).into_iter().map(|(key, part)| {
            let value = match part {
                Part::Value(value) => value,
                Part::Section(resources, fields) => {
                    let resources = resources.into_iter();
                    let entries: Entries<'_> = resources
                        .map(|(name, value)| {
                            let encoded = shape::encode_struct(value, fields, form);
                            (Cow::Borrowed(&**name), encoded)
                        })
                        .collect();
                    Printed::new(entries)
                }
            };
            (Cow::Borrowed(key), value)
        });
        let mut parts: Entries<'_> = parts.collect();
        if form == Form::Json {
            parts.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        Printed::new(parts)
    }

    /// What is printed at the top level, in the order of YAML.
    fn parts(&self, form: Form) -> Vec<(&str, Part<'_>)> {
        let top = self.model.as_map();
        let top = top.map(|map| shape::sorted(map, form)).unwrap_or_default();
        let as_it_is = |key: &str| !self.interpolated || key.starts_with("x-");
        let rest = top.into_iter().filter(|(key, _)| as_it_is(key));
        let rest = rest.map(|(key, value)| (&**key, Part::Value(shape::any(value, form))));
        if !self.interpolated {
            return rest.collect();
        }
        let name = Printed::new(self.name.as_str());
        let mut parts = vec![("name", Part::Value(name))];
        for (section, fields) in &SECTIONS {
            if *section == "models" && form == Form::Json {
                continue;
            }
            let map = self.model.get(section).and_then(Value::as_map);
            let resources = map.map(|map| shape::sorted(map, form)).unwrap_or_default();
            // A project without services says so.
            if !resources.is_empty() || *section == "services" {
                parts.push((section, Part::Section(resources, fields)));
            }
        }
        parts.extend(rest);
        parts
    }

    /// A `$` of the result is no variable: whoever reads it again must not take it for one.
    fn dollars(&self, text: String) -> String {
        if self.interpolated && text.contains('$') {
            text.replace('$', "$$")
        } else {
            text
        }
    }

    /// The names of the active services.
    pub fn service_names(&self) -> impl Iterator<Item = &str> {
        let services = self.model.get("services").and_then(Value::as_map);
        services.into_iter().flat_map(Map::keys).map(|key| &**key)
    }

    /// The names of the active services, each after those it depends on, otherwise by name.
    pub fn service_names_in_order(&self) -> impl Iterator<Item = &str> {
        let services = self.model.get("services").and_then(Value::as_map);
        let mut open: Vec<&str> = self.service_names().collect();
        open.sort_unstable();
        open.reverse();
        let mut order: Vec<&str> = Vec::with_capacity(open.len());
        let mut seen: HashSet<&str> = HashSet::new();
        // Depth first: a name goes back under what it waits for, and is taken when it comes again.
        while let Some(name) = open.pop() {
            if order.contains(&name) {
                continue;
            }
            let service = services.and_then(|services| services.get(name));
            let dependencies = service
                .and_then(|service| service.get("depends_on"))
                .and_then(Value::as_map);
            let mut waits: Vec<&str> = dependencies
                .into_iter()
                .flat_map(Map::keys)
                .map(|key| &**key)
                .filter(|key| services.is_some_and(|services| services.contains_key(key)))
                .filter(|key| !order.contains(key))
                .collect();
            if waits.is_empty() || !seen.insert(name) {
                order.push(name);
                continue;
            }
            waits.sort_unstable();
            open.push(name);
            open.extend(waits.into_iter().rev());
        }
        order.into_iter()
    }

    /// The profiles that the services have, active or not, sorted.
    pub fn profiles(&self) -> Vec<String> {
        let mut all = profiles::all(&self.model);
        let disabled: Map = [("services", Value::new(self.disabled.clone()))]
            .into_iter()
            .collect();
        all.extend(profiles::all(&Value::new(disabled)));
        all.into_iter().collect()
    }

    /// The project as `docker compose config` prints it.
    pub fn to_yaml(&self) -> String {
        let mut writer = YamlWriter::new();
        for (key, part) in self.parts(Form::Yaml) {
            writer.key(key, 0);
            match part {
                Part::Section(resources, _) if resources.is_empty() => {
                    writer.value(&Printed::new(Entries::new()), 0);
                }
                Part::Section(resources, table) => {
                    let parts = in_parts(&resources, |resources| {
                        let mut writer = YamlWriter::new();
                        for (name, resource) in resources {
                            writer.key(name, 1);
                            writer.value(&shape::encode_struct(resource, table, Form::Yaml), 1);
                        }
                        writer.finish()
                    });
                    for part in &parts {
                        writer.lines(part);
                    }
                }
                Part::Value(value) => writer.value(&value, 0),
            }
        }
        self.dollars(writer.finish())
    }

    /// The project as `docker compose config --format json` prints it.
    ///
    /// # Errors
    /// If a value is a number that JSON has not, such as infinity.
    pub fn to_json(&self) -> Result<String, JsonError> {
        let text = emit::printed_to_json(&self.canonical_form(Form::Json))?;
        Ok(self.dollars(text))
    }

    /// The hash by which Compose tells whether the configuration of a service has changed, in hex;
    /// `None` if there is no such active service.
    ///
    /// What only says how a service is built, started and scaled does not count: `build`,
    /// `pull_policy`, `scale`, `deploy.replicas`, `depends_on` and `profiles`.
    pub fn service_hash(&self, name: &str) -> Option<String> {
        hash::of(self.model.at(&["services", name])?)
    }

    /// The variables that the texts of the model refer to, sorted by name.
    ///
    /// Of a project loaded with [`interpolate`](Options::interpolate) these are the ones in the
    /// texts as they were written, where a text survived merging.
    pub fn variables(&self) -> Vec<Variable<'_>> {
        let uses = self.variable_uses().into_iter();
        let mut found: Vec<Variable<'_>> = uses.map(|(variable, _)| variable).collect();
        found.sort_by(|one, other| one.name.cmp(other.name));
        found.dedup_by(|later, kept| {
            let same = later.name == kept.name;
            let bare =
                kept.default.is_none() && kept.required.is_none() && kept.alternate.is_none();
            // One that says more about the variable stays.
            if same && bare {
                std::mem::swap(kept, later);
            }
            same
        });
        found
    }

    /// Every reference to a variable with the place of the text it stands in, in the order of the
    /// model; otherwise as [`variables`](Self::variables).
    pub fn variable_uses(&self) -> Vec<(Variable<'_>, Option<&Span>)> {
        let mut found = Vec::new();
        collect_variables(&self.model, &mut found);
        for service in self.disabled.values() {
            collect_variables(service, &mut found);
        }
        found.retain(|(variable, _)| !variable.in_message);
        found
    }

    /// The image of every active service, then of every job; of one that is built, the name that
    /// its image gets.
    pub fn images(&self) -> Vec<String> {
        let section = |name: &str| self.model.get(name).and_then(Value::as_map);
        let all = section("services").into_iter().chain(section("jobs"));
        all.flat_map(Map::iter)
            .map(|(name, service)| match service.get("image").map(display) {
                Some(image) if !image.is_empty() => image.into_owned(),
                _ => format!("{}-{name}", self.name),
            })
            .collect()
    }
}

fn collect_variables<'v>(value: &'v Value, found: &mut Vec<(Variable<'v>, Option<&'v Span>)>) {
    match &value.data {
        Data::Str(text) => {
            let variables = variables(value.template.as_deref().unwrap_or(text));
            found.extend(variables.into_iter().map(|it| (it, value.span.as_ref())));
        }
        Data::List(items) => items.iter().for_each(|item| collect_variables(item, found)),
        Data::Map(map) => map
            .values()
            .for_each(|value| collect_variables(value, found)),
        _ => {}
    }
}
