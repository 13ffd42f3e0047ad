//! A loaded project.

use std::borrow::Cow;
use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::Diagnostic;

use crate::discovery::WrittenName;
use crate::emit::{self, JsonError};
use crate::environment::{env_files, resolve_labels, resolve_services};
use crate::files::Files;
use crate::interpolate::{Variable, interpolate, variables};
use crate::load::{Context, Input, Stages, Vars};
use crate::options::Options;
use crate::path::Path;
use crate::shape::{self, Form};
use crate::text::display;
use crate::value::{Data, Map, Value};
use crate::{consistency, discovery, hooks, normalize, profiles, prune};

/// The sections of a model with their attributes, in the order in which they are printed.
const SECTIONS: &[(&str, &[shape::Field])] = &[
    ("services", shape::SERVICE),
    ("jobs", shape::SERVICE),
    ("networks", shape::NETWORK),
    ("volumes", shape::VOLUME),
    ("secrets", shape::SECRET),
    ("configs", shape::CONFIG),
    ("models", shape::MODEL),
];

/// A Compose project as the stages of loading left it.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name.
    pub name: String,
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
    let start = options.project_directory.as_ref().map_or_else(
        || options.current_dir.clone(),
        |dir| join(&options.current_dir, dir),
    );
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
    let mut context = context(&dir, &env);
    context.found = found.warnings;
    let written = written_name(&found.files, options.interpolate, &mut context);
    if context.errors() > 0 {
        return Err(context.found);
    }
    let name =
        discovery::project_name(options, &env, &written, &dir).map_err(|found| vec![*found])?;
    env.insert("COMPOSE_PROJECT_NAME".to_owned(), name.clone());
    context.env.clone_from(&env);
    let paths = found.files.iter().map(|input| input.path.clone()).collect();
    match finish(options, &mut context, &found.files, &name) {
        Some((model, disabled)) if context.errors() == 0 => Ok(Project {
            name,
            dir,
            files: paths,
            env,
            model,
            disabled,
            warnings: context.found,
            interpolated: options.interpolate,
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
    if context.errors() > 0 {
        return None;
    }
    if model.as_map().is_none_or(Map::is_empty) {
        context.report("compose::empty", "empty compose file", None);
        return None;
    }
    if let Some(map) = model.as_map_mut()
        && (options.interpolate || options.normalize)
    {
        map.insert("name", Value::new(name));
    }
    if !options.interpolate {
        // What is not interpolated has no types yet, and nothing that follows from them.
        if options.normalize {
            normalize::normalize(&mut model, name, None);
            hooks::inherit(&mut model, &mut context.found);
        }
        if !options.services.is_empty() {
            let message = "service filtering is not applied when variables are left as they are, the full model is there";
            context
                .found
                .push(Diagnostic::warning("compose::no-filter", message));
        }
        return Some((model, Map::new()));
    }
    check_texts(&model, &mut context.found);
    if options.normalize {
        normalize::normalize(&mut model, name, Some(&context.env));
        hooks::inherit(&mut model, &mut context.found);
    }
    let mut active = active_profiles(options, &context.env);
    active.extend(profiles::of(&model, &options.services));
    let disabled = profiles::disable(&mut model, &active);
    if options.check_consistency {
        consistency::check(&model, &disabled, &mut context.found);
    }
    if options.resolve_env {
        resolve_services(&mut model, context);
    }
    resolve_labels(&mut model, context);
    profiles::select(&mut model, &options.services, &mut context.found);
    prune::unused(&mut model);
    Some((model, disabled))
}

/// Reports sizes, durations and other texts that cannot be read.
fn check_texts(model: &Value, found: &mut Vec<Diagnostic>) {
    for (section, fields) in SECTIONS {
        let resources = model.get(section).and_then(Value::as_map);
        for (name, resource) in resources.into_iter().flat_map(Map::iter) {
            let section = Path::ROOT.key(section);
            shape::check_struct(resource, fields, &section.key(name), found);
        }
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
    let disabled = env.get("COMPOSE_DISABLE_ENV_FILE").is_some_and(|value| {
        matches!(
            value.to_lowercase().as_str(),
            "1" | "t" | "true" | "y" | "yes"
        )
    });
    let own = dir.join(".env");
    if !disabled && files.is_file(&own) {
        vec![own]
    } else {
        Vec::new()
    }
}

fn join(dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    crate::resolve_paths::clean(dir.join(path).as_str()).into()
}

/// The `name` of the last document that has one. What is wrong with a file is found and kept for
/// later, as is a name that cannot be interpolated.
fn written_name(inputs: &[Input], interpolated: bool, context: &mut Context<'_>) -> WrittenName {
    let mut name = WrittenName::default();
    for input in inputs {
        let Some(roots) = context.roots(input) else {
            continue;
        };
        for (at, root) in roots.iter().enumerate() {
            let text = root.get("name").and_then(yaml_tree::Node::as_text);
            let Some(text) = text.filter(|text| !text.is_empty()) else {
                continue;
            };
            text.clone_into(&mut name.text);
            name.in_first_document |= at == 0;
        }
    }
    if interpolated {
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
        self.canonical_form(Form::Yaml)
    }

    /// The same for JSON, which differs in details: `command` and `entrypoint` are always there,
    /// `models` and `x-*` are not.
    pub fn canonical_json(&self) -> Value {
        self.canonical_form(Form::Json)
    }

    fn canonical_form(&self, form: Form) -> Value {
        if !self.interpolated {
            return shape::any(&self.model, form);
        }
        let mut out = Map::new();
        out.insert("name", Value::new(self.name.as_str()));
        for (section, fields) in SECTIONS {
            if *section == "models" && form == Form::Json {
                continue;
            }
            let Some(map) = self.model.get(section).and_then(Value::as_map) else {
                if *section == "services" {
                    out.insert(*section, Value::new(Map::new()));
                }
                continue;
            };
            if map.is_empty() && *section != "services" {
                continue;
            }
            let entries: Map = shape::sorted(map, form)
                .into_iter()
                .map(|(name, value)| (name.clone(), shape::encode_struct(value, fields, form)))
                .collect();
            out.insert(*section, Value::new(entries));
        }
        if let Some(map) = self.model.as_map() {
            let extensions = shape::sorted(map, form).into_iter();
            for (key, value) in extensions.filter(|(key, _)| key.starts_with("x-")) {
                out.insert(key.clone(), shape::any(value, form));
            }
        }
        if form == Form::Json {
            let sorted: Map = shape::sorted(&out, form)
                .into_iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            out = sorted;
        }
        Value::new(out)
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
        self.dollars(emit::to_yaml(&self.canonical()))
    }

    /// The project as `docker compose config --format json` prints it.
    ///
    /// # Errors
    /// If a value is a number that JSON has not, such as infinity.
    pub fn to_json(&self) -> Result<String, JsonError> {
        emit::to_json(&self.canonical_json()).map(|text| self.dollars(text))
    }

    /// The hash by which Compose tells whether the configuration of a service has changed, in hex;
    /// `None` if there is no such active service.
    ///
    /// What only says how a service is built, started and scaled does not count: `build`,
    /// `pull_policy`, `scale`, `deploy.replicas`, `depends_on` and `profiles`.
    pub fn service_hash(&self, name: &str) -> Option<String> {
        use sha2::Digest as _;
        let mut service = self.model.at(&["services", name])?.clone();
        if let Some(map) = service.as_map_mut() {
            for key in ["build", "pull_policy", "scale", "depends_on", "profiles"] {
                map.remove(key);
            }
            if let Some(deploy) = map.get_mut("deploy").and_then(Value::as_map_mut) {
                deploy.remove("replicas");
            }
        }
        let canonical = shape::encode_struct(&service, shape::SERVICE, Form::Json);
        let text = emit::to_json_compact(&canonical).ok()?;
        let digest = sha2::Sha256::digest(text.as_bytes());
        Some(
            digest
                .iter()
                .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
        )
    }

    /// The variables that the texts of the model refer to, sorted by name.
    ///
    /// Of a project loaded with [`interpolate`](Options::interpolate) these are the ones in the
    /// texts as they were written, where a text survived merging.
    pub fn variables(&self) -> Vec<Variable<'_>> {
        let mut found: Vec<Variable<'_>> = Vec::new();
        collect_variables(&self.model, &mut found);
        for service in self.disabled.values() {
            collect_variables(service, &mut found);
        }
        found.retain(|variable| !variable.in_message);
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

    /// The image of every active service, in the order of the services.
    pub fn images(&self) -> Vec<String> {
        let services = self.model.get("services").and_then(Value::as_map);
        services
            .into_iter()
            .flat_map(Map::iter)
            .filter(|(_, service)| service.get("provider").is_none())
            .map(|(name, service)| match service.get("image").map(display) {
                Some(image) if !image.is_empty() => image.into_owned(),
                _ => format!("{}-{name}", self.name),
            })
            .collect()
    }
}

fn collect_variables<'v>(value: &'v Value, found: &mut Vec<Variable<'v>>) {
    match &value.data {
        Data::Str(text) => {
            found.extend(variables(value.template.as_deref().unwrap_or(text)));
        }
        Data::List(items) => items.iter().for_each(|item| collect_variables(item, found)),
        Data::Map(map) => map
            .values()
            .for_each(|value| collect_variables(value, found)),
        _ => {}
    }
}
