//! The stages that a project's files go through until they are one model.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files, Node, Source, Span};

use crate::document::{self, Document, SCHEMA};
use crate::merge::{merge, take_out};
use crate::path::Path;
use crate::resolve_paths::{clean, join};
use crate::value::{Map, Value};
use crate::{
    canonical, defaults, extends, include, interpolation, resolve_paths, schema, semantic,
};
use crate::{environment, unique};

/// Largest Compose file read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Variables by name.
pub(crate) type Vars = BTreeMap<String, String>;

/// A file of a project: its name for messages and its content.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) path: Utf8PathBuf,
    /// The text, if it does not come from the files (standard input).
    pub(crate) text: Option<Vec<u8>>,
}

/// Which stages are left out, as the options of `docker compose config` have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stages {
    pub(crate) interpolate: bool,
    pub(crate) resolve_paths: bool,
}

/// Everything that the stages share.
pub(crate) struct Context<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) stages: Stages,
    /// The directory that relative paths of the project at hand start from, absolute.
    pub(crate) dir: Utf8PathBuf,
    /// Variables for interpolation in the project at hand.
    pub(crate) env: Vars,
    /// Directory that file names in messages are relative to.
    /// It is the current one.
    pub(crate) shown_from: Utf8PathBuf,
    /// By the name of an included or extended file, the place that led to it first.
    led_to: HashMap<String, (Span, &'static str)>,
    /// Whether an included or extended file is missing from the model: what refers to it cannot be
    /// judged.
    pub(crate) incomplete: bool,
    /// Files on the way from the project to the included one at hand.
    pub(crate) included: Vec<Utf8PathBuf>,
    /// Errors, warnings and notes.
    pub(crate) found: Vec<Diagnostic>,
    /// Those variables of the project itself that an env file sets, each at its line.
    pub(crate) from_files: BTreeMap<String, Value>,
    /// Variables of which was said that they are not set.
    pub(crate) unset: HashSet<String>,
    /// Files that have been parsed; none for one that could not be.
    parsed: HashMap<Utf8PathBuf, Option<Arc<[Node]>>>,
    /// Files that services extend from, read once for each project.
    extended: HashMap<Utf8PathBuf, Option<Arc<Document>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        files: &'a dyn Files,
        stages: Stages,
        dir: Utf8PathBuf,
        env: Vars,
        shown_from: Utf8PathBuf,
    ) -> Self {
        Self {
            files,
            stages,
            dir,
            env,
            shown_from,
            led_to: HashMap::new(),
            incomplete: false,
            included: Vec::new(),
            found: Vec::new(),
            from_files: BTreeMap::new(),
            unset: HashSet::new(),
            parsed: HashMap::new(),
            extended: HashMap::new(),
        }
    }

    /// One model of several files, the later ones laid over the earlier; long forms throughout,
    /// paths resolved against `base`.
    pub(crate) fn model(&mut self, files: &[Input], base: &Utf8Path) -> Option<Value> {
        let mut model = Value::new(Map::new());
        let mut complete = true;
        for file in files {
            match self.file(file, model, true) {
                (merged, true) => model = merged,
                (merged, false) => {
                    model = merged;
                    complete = false;
                }
            }
        }
        if !complete {
            return None;
        }
        defaults::fill(&mut model);
        semantic::check_values(&model, &mut self.found);
        if self.stages.resolve_paths || !self.included.is_empty() {
            semantic::check_binds(&model, &mut self.found);
            resolve_paths::resolve(&mut model, base, self);
        }
        if self.stages.interpolate {
            environment::resolve_bare(&mut model, &self.env);
        }
        Some(model)
    }

    /// Lays the documents of a file over `model`; whether all of them could be read.
    fn file(&mut self, file: &Input, model: Value, whole: bool) -> (Value, bool) {
        let Some(documents) = self.documents(file) else {
            return (model, false);
        };
        let mut model = model;
        for mut document in documents {
            if whole {
                self.included.push(file.path.clone());
                include::apply(&mut document, self);
                self.included.pop();
            }
            take_out(&mut model, &document.replaced);
            if whole {
                extends::apply(&mut document, &file.path, self);
            }
            model = merge(model, document.root, &Path::ROOT, &mut self.found);
            unique::enforce(&mut model, &Path::ROOT, &mut self.found);
            if whole {
                // What an earlier file got wrong is still wrong with this one laid over it.
                for found in schema::validate(&model) {
                    self.report_once(found);
                }
                self.drop_version(&mut model);
            }
            canonical::transform(&mut model, !self.stages.interpolate, &mut self.found);
            unique::enforce(&mut model, &Path::ROOT, &mut self.found);
        }
        (model, true)
    }

    fn drop_version(&mut self, model: &mut Value) {
        let Some(version) = model.as_map_mut().and_then(|map| map.remove("version")) else {
            return;
        };
        let message = "the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion";
        let mut found = Diagnostic::warning("compose::version", message);
        if let Some(key) = &version.key {
            found = found.primary(key.clone(), "");
        }
        self.found.push(found);
    }

    /// The documents of a file, interpolated.
    fn documents(&mut self, file: &Input) -> Option<Vec<Document>> {
        let roots = self.roots(file)?;
        let mut documents = Vec::with_capacity(roots.len());
        for root in roots.iter() {
            let errors = self.errors();
            let document = document::read(root, &mut self.found);
            if self.errors() > errors {
                return None;
            }
            let mut document = document?;
            if self.stages.interpolate {
                interpolation::apply(&mut document.root, self);
            }
            documents.push(document);
        }
        Some(documents)
    }

    /// The root nodes of a file; every file is read and parsed once.
    pub(crate) fn roots(&mut self, file: &Input) -> Option<Arc<[Node]>> {
        if let Some(known) = self.parsed.get(&file.path) {
            return known.clone();
        }
        let roots = self.parse(file).map(Arc::from);
        self.parsed.insert(file.path.clone(), roots.clone());
        roots
    }

    fn parse(&mut self, file: &Input) -> Option<Vec<Node>> {
        let bytes = match &file.text {
            Some(bytes) => Ok(bytes.clone()),
            None => self.files.read(&file.path),
        };
        let name = self.shown(&file.path);
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                let reason = match error.kind() {
                    std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
                    std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                    _ => error.to_string(),
                };
                self.report(
                    "compose::unreadable",
                    &format!("open {name}: {reason}"),
                    None,
                );
                return None;
            }
        };
        if let Some(found) = too_large(&name, &bytes) {
            self.found.push(found);
            return None;
        }
        let source = match Source::from_bytes(name, bytes) {
            Ok(source) => source,
            Err(found) => {
                self.found.push(*found);
                return None;
            }
        };
        if let Some(found) = document::directive(&source) {
            self.found.push(found);
            return None;
        }
        let options = yaml_tree::Options::default()
            .schema(SCHEMA)
            .max_bytes(MAX_BYTES)
            .shared_anchors(true)
            .weak_tag("!reset");
        let parsed = yaml_tree::parse(&source, &options);
        let broken = parsed.has_errors();
        self.found.extend(parsed.diagnostics);
        if broken { None } else { parsed.value }
    }

    /// How many errors have been found.
    pub(crate) fn errors(&self) -> usize {
        self.found.iter().filter(|found| found.is_error()).count()
    }

    /// A file that a service extends from: merged and in long form, but not validated and without
    /// what it includes or extends itself.
    pub(crate) fn extended_file(
        &mut self,
        path: &Utf8Path,
        place: Option<&Span>,
    ) -> Option<Document> {
        if let Some(known) = self.extended.get(path) {
            return known.as_deref().cloned();
        }
        let before = self.found.len();
        self.lead(path, place, "extended here");
        let input = Input {
            path: path.to_owned(),
            text: None,
        };
        let loaded = self.extended_documents(&input);
        self.explain(before, place, "extended here");
        let loaded = loaded.map(Arc::new);
        self.extended.insert(path.to_owned(), loaded.clone());
        loaded.as_deref().cloned()
    }

    fn extended_documents(&mut self, input: &Input) -> Option<Document> {
        let documents = self.documents(input)?;
        let mut root = Value::new(Map::new());
        let mut replaced = Vec::new();
        for document in documents {
            take_out(&mut root, &document.replaced);
            root = merge(root, document.root, &Path::ROOT, &mut self.found);
            replaced.extend(document.replaced);
        }
        unique::enforce(&mut root, &Path::ROOT, &mut self.found);
        canonical::transform(&mut root, !self.stages.interpolate, &mut self.found);
        unique::enforce(&mut root, &Path::ROOT, &mut self.found);
        Some(Document { root, replaced })
    }

    /// The model of an included project, with its own directory and variables.
    pub(crate) fn included_project(
        &mut self,
        paths: &[Utf8PathBuf],
        directory: Utf8PathBuf,
        env_files: &[Utf8PathBuf],
        place: Option<&Span>,
    ) -> Option<Value> {
        let before = self.found.len();
        for path in paths {
            self.lead(path, place, "included here");
        }
        let relative = self.relative(&directory);
        let mut env = self.env.clone();
        environment::env_files(env_files, &mut env, self)?;
        let files: Vec<_> = paths
            .iter()
            .map(|path| Input {
                path: path.clone(),
                text: None,
            })
            .collect();
        let outer_dir = std::mem::replace(&mut self.dir, directory);
        let outer_env = std::mem::replace(&mut self.env, env);
        let outer_extended = std::mem::take(&mut self.extended);
        let model = self.model(&files, &relative);
        self.dir = outer_dir;
        self.env = outer_env;
        self.extended = outer_extended;
        self.explain(before, place, "included here");
        model
    }

    /// Adds a finding, unless the same was said of the same place.
    pub(crate) fn report_once(&mut self, found: Diagnostic) {
        let same = |known: &Diagnostic| {
            known.message == found.message && known.location() == found.location()
        };
        if !self.found.iter().any(same) {
            self.found.push(found);
        }
    }

    /// Remembers what led to a file first.
    fn lead(&mut self, path: &Utf8Path, place: Option<&Span>, message: &'static str) {
        if let Some(place) = place {
            let led = || (place.clone(), message);
            self.led_to.entry(self.shown(path)).or_insert_with(led);
        }
    }

    /// Adds to what was found since `before`, in whichever file but the project's own (`files`),
    /// the places that led there.
    pub(crate) fn explain_all(&mut self, before: usize, files: &[Input]) {
        for file in files {
            self.led_to.remove(&self.shown(&file.path));
        }
        for found in &mut self.found[before..] {
            let mut place = found.location().cloned();
            while let Some((from, message)) =
                place.and_then(|place| self.led_to.get(place.source().name()))
                && found.labels.iter().all(|label| label.span != *from)
            {
                *found = found.clone().secondary(from.clone(), *message);
                place = Some(from.clone());
            }
        }
    }

    /// Adds to what was found since `before` the place that led there.
    pub(crate) fn explain(&mut self, before: usize, place: Option<&Span>, message: &str) {
        let Some(place) = place else { return };
        for found in &mut self.found[before..] {
            if found.labels.is_empty() {
                *found = found.clone().primary(place.clone(), message);
            } else if found.labels.iter().all(|label| label.span != *place) {
                *found = found.clone().secondary(place.clone(), message);
            }
        }
    }

    /// `text` as a path from the project's directory.
    pub(crate) fn absolute(&self, text: &str) -> Utf8PathBuf {
        let text = match (self.home(), text.strip_prefix('~')) {
            (Some(home), Some(rest)) => format!("{home}/{rest}"),
            _ => text.to_owned(),
        };
        if text.starts_with('/') {
            clean(&text).into()
        } else {
            join(&self.dir, &text).into()
        }
    }

    /// The same, for a file to be read; an address on another machine is an error, unless the files
    /// can be fetched.
    pub(crate) fn local(&mut self, text: &str, place: Option<&Span>) -> Option<Utf8PathBuf> {
        if !include::is_remote(text) {
            return Some(self.absolute(text));
        }
        let message = match self.files.fetch(text) {
            Ok(Some(path)) => return Some(clean(path.as_str()).into()),
            Ok(None) => format!("`{text}` is on another machine; remote files are not supported"),
            Err(error) => format!("cannot fetch `{text}`: {error}"),
        };
        self.report("compose::remote", &message, place.cloned());
        None
    }

    /// `dir` as seen from the project's directory.
    pub(crate) fn relative(&self, dir: &Utf8Path) -> Utf8PathBuf {
        relative(&self.dir, dir)
    }

    pub(crate) fn is_file(&self, path: &Utf8Path) -> bool {
        self.files.is_file(path)
    }

    pub(crate) fn home(&self) -> Option<String> {
        self.env
            .get("HOME")
            .filter(|home| !home.is_empty())
            .cloned()
    }

    pub(crate) fn links_resolved(&self, path: &str) -> Option<String> {
        self.files
            .links_resolved(Utf8Path::new(path))
            .map(Utf8PathBuf::into_string)
    }

    /// A file as messages show it.
    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        path.strip_prefix(&self.shown_from)
            .unwrap_or(path)
            .to_string()
    }
}

/// The error about a file of more than [`MAX_BYTES`], told before anything looks at its text.
pub(crate) fn too_large(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    (bytes.len() > MAX_BYTES).then(|| {
        let message = format!(
            "{name} has {} bytes, more than the {MAX_BYTES} allowed",
            bytes.len()
        );
        Diagnostic::error("compose::too-large", message)
    })
}

/// Go's `filepath.Rel` for two clean absolute paths.
fn relative(from: &Utf8Path, to: &Utf8Path) -> Utf8PathBuf {
    let mut from_parts = from.components().peekable();
    let mut to_parts = to.components().peekable();
    while let (Some(one), Some(other)) = (from_parts.peek(), to_parts.peek())
        && one == other
    {
        from_parts.next();
        to_parts.next();
    }
    let mut path = Utf8PathBuf::new();
    for _ in from_parts {
        path.push("..");
    }
    path.extend(to_parts);
    if path.as_str().is_empty() {
        ".".into()
    } else {
        path
    }
}
