//! Imports resolved and tasks merged.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Span};

use super::{LeftOut, Module, Project, ProjectTask, Shadowed, extends};
use crate::loader::{Loaded, brought_in_by};
use crate::model::{Castfile, Import, Task};
use crate::{Error, Loader, TaskId, module};

impl Loader<'_> {
    /// The project of the castfile at `path`: its modules loaded, its tasks merged, `extends`
    /// applied.
    ///
    /// As frostyeti/cast v0.3.2: imports depth-first, a later import replaces an earlier one's
    /// task of the same id, the project's own tasks replace imported ones, always as a whole and
    /// in the earlier one's place. Different: `tasks:` of an import is honoured, one module may
    /// be imported under several namespaces, an import cycle is an error.
    ///
    /// # Errors
    /// [`Error::Read`] and [`Error::Invalid`].
    pub fn project(&self, path: &Utf8Path) -> Result<Project, Error> {
        let Loaded { castfile, warnings } = self.load(path)?;
        let mut merge = Merge {
            loader: self,
            root: Arc::clone(&castfile),
            modules: Vec::new(),
            tasks: Vec::new(),
            index: HashMap::new(),
            warnings: warnings.to_vec(),
            imported: Vec::new(),
            left_out: Vec::new(),
            errors: Vec::new(),
        };
        let mut chain = vec![Hop {
            path: castfile.path.clone(),
            site: castfile.source.start(),
        }];
        merge.imports(&castfile, None, &mut chain);
        if !merge.errors.is_empty() {
            return Err(Error::Invalid(merge.errors));
        }
        for task in &castfile.tasks {
            merge.add(task, None, None);
        }
        let Merge {
            modules,
            mut tasks,
            mut index,
            warnings,
            left_out,
            ..
        } = merge;
        index_namespaces(&tasks, &mut index);
        extends::apply(&mut tasks, &index, &left_out)?;
        Ok(Project {
            castfile,
            modules,
            tasks,
            index,
            warnings,
            left_out,
        })
    }
}

/// `d:up` beside `d-up`, where no task has that id itself; also when a task of the project has
/// taken the place of the imported one.
fn index_namespaces(tasks: &[ProjectTask], index: &mut HashMap<String, usize>) {
    for (at, task) in tasks.iter().enumerate() {
        let replaced = task.shadowed.iter().map(|old| (&old.namespace, &old.task));
        for (namespace, task) in replaced.chain([(&task.namespace, &task.task)]) {
            if let Some(namespace) = namespace {
                let name = format!("{}:{}", namespace.to_lowercase(), task.id);
                index.entry(name).or_insert(at);
            }
        }
    }
}

struct Merge<'l, 'f> {
    loader: &'l Loader<'f>,
    root: Arc<Castfile>,
    modules: Vec<Module>,
    tasks: Vec<ProjectTask>,
    index: HashMap<String, usize>,
    warnings: Vec<Diagnostic>,
    imported: Vec<Imported>,
    left_out: Vec<LeftOut>,
    /// What is wrong with the imports: all of it is reported at once.
    errors: Vec<Diagnostic>,
}

/// A file imported so far.
struct Imported {
    path: Utf8PathBuf,
    namespace: Option<String>,
    /// Its index in `modules`.
    module: usize,
    /// The tasks taken from it: an import filter may leave some for a later import.
    taken: HashSet<TaskId>,
}

/// A file on the way from the project to the import at hand, and the import that led to it.
struct Hop {
    path: Utf8PathBuf,
    site: Span,
}

impl Merge<'_, '_> {
    fn imports(&mut self, importer: &Castfile, outer: Option<&str>, chain: &mut Vec<Hop>) {
        for import in &importer.imports {
            if let Err(error) = self.import(importer, import, outer, chain) {
                for found in error.diagnostics() {
                    // Two modules may import the same broken one.
                    if !self.errors.contains(&found) {
                        self.errors.push(found);
                    }
                }
            }
        }
    }

    fn import(
        &mut self,
        importer: &Castfile,
        import: &Import,
        outer: Option<&str>,
        chain: &mut Vec<Hop>,
    ) -> Result<(), Error> {
        let path = module::resolve(self.loader, importer, &self.root, import)?;
        self.refuse_cycle(&path, import, chain)?;
        let namespace = import
            .namespace
            .as_ref()
            .map(|ns| ns.value.as_str())
            .or(outer);
        let site = &import.from.span;
        let Loaded { castfile, warnings } = self
            .loader
            .load(&path)
            .map_err(|error| brought_in_by(error, site))?;
        chain.push(Hop {
            path: path.clone(),
            site: site.clone(),
        });
        self.imports(&castfile, namespace, chain);
        chain.pop();
        self.module(path, &castfile, &warnings, namespace, import)
    }

    fn refuse_cycle(&self, path: &Utf8Path, import: &Import, chain: &[Hop]) -> Result<(), Error> {
        let Some(start) = chain.iter().position(|hop| hop.path == path) else {
            return Ok(());
        };
        let names: Vec<_> = chain[start..]
            .iter()
            .map(|hop| self.loader.shown(&hop.path))
            .chain([self.loader.shown(path)])
            .collect();
        let mut found = Diagnostic::error(
            "castfile::import-cycle",
            format!("imports run in a circle: {}", names.join(" -> ")),
        )
        .primary(import.from.span.clone(), "leads back");
        for hop in chain.iter().skip(start + 1) {
            found = found.secondary(hop.site.clone(), "imported here");
        }
        Err(found.help("move what both need into a third module").into())
    }

    fn module(
        &mut self,
        path: Utf8PathBuf,
        castfile: &Arc<Castfile>,
        warnings: &[Diagnostic],
        namespace: Option<&str>,
        import: &Import,
    ) -> Result<(), Error> {
        let known = self.imported.iter().find(|known| known.path == path);
        let index = known.map_or(self.modules.len(), |known| known.module);
        if known.is_none() {
            self.warnings.extend(warnings.iter().cloned());
            self.modules.push(Module {
                castfile: Arc::clone(castfile),
                name: module_name(import),
                imported_at: import.from.span.clone(),
            });
        }
        let under = self
            .imported
            .iter()
            .position(|known| known.path == path && known.namespace.as_deref() == namespace);
        let under = under.unwrap_or_else(|| {
            self.imported.push(Imported {
                path,
                namespace: namespace.map(str::to_owned),
                module: index,
                taken: HashSet::new(),
            });
            self.imported.len() - 1
        });
        if let Some(wanted) = &import.tasks {
            check_filter(wanted, castfile)?;
        }
        let wanted: Option<HashSet<TaskId>> = import.tasks.as_ref().map(|wanted| {
            wanted
                .iter()
                .map(|name| TaskId::derive(&name.value))
                .collect()
        });
        for task in &castfile.tasks {
            if wanted
                .as_ref()
                .is_some_and(|wanted| !wanted.contains(&task.id))
            {
                self.left_out.push(LeftOut {
                    module: index,
                    id: task.id.clone(),
                    site: import.from.span.clone(),
                });
            } else if self.imported[under].taken.insert(task.id.clone()) {
                // Imported a second time, for instance through another module, a task keeps its
                // first place among the imports.
                self.add(task, Some(index), namespace);
            }
        }
        Ok(())
    }

    fn add(&mut self, task: &Task, module: Option<usize>, namespace: Option<&str>) {
        let id = namespace.map_or_else(|| task.id.clone(), |ns| task.id.in_namespace(ns));
        let task = Arc::new(task.clone());
        let namespace = namespace.map(str::to_owned);
        if let Some(at) = self.index.get(id.as_str()) {
            let known = &mut self.tasks[*at];
            let replaced = Shadowed {
                task: std::mem::replace(&mut known.task, task),
                module: std::mem::replace(&mut known.module, module),
                namespace: std::mem::replace(&mut known.namespace, namespace),
            };
            known.shadowed.insert(0, replaced);
        } else {
            self.index.insert(id.as_str().to_owned(), self.tasks.len());
            self.tasks.push(ProjectTask {
                id,
                task,
                module,
                namespace,
                shadowed: Vec::new(),
            });
        }
    }
}

/// The name of a module: the last part of what was imported that is no file's standard name,
/// without the ending of a file or the version behind `@`.
fn module_name(import: &Import) -> String {
    let from = import.from.value.trim_end_matches('/');
    let mut parts = from
        .rsplit('/')
        .filter(|part| !part.is_empty() && !module::MODULE_FILE_NAMES.contains(part));
    let last = parts.next().unwrap_or(from);
    let last = last.split_once('@').map_or(last, |(name, _)| name);
    let stem = [".yaml", ".yml", ".git"]
        .iter()
        .find_map(|ending| last.strip_suffix(ending))
        .unwrap_or(last);
    if stem.is_empty() { from } else { stem }.to_owned()
}

fn check_filter(wanted: &[yaml_tree::Spanned<String>], castfile: &Castfile) -> Result<(), Error> {
    let mut found = Vec::new();
    for name in wanted {
        let id = TaskId::derive(&name.value);
        if castfile.tasks.iter().any(|task| task.id == id) {
            continue;
        }
        let message = format!(
            "the module `{}` has no task `{}`",
            castfile.source.name(),
            name.value
        );
        let diagnostic = Diagnostic::error("castfile::unknown-task", message)
            .primary(name.span.clone(), "asked for here");
        let known = castfile.tasks.iter().map(|task| task.id.as_str());
        found.push(match yaml_tree::nearest(id.as_str(), known) {
            Some(near) => {
                diagnostic.fix(format!("did you mean `{near}`?"), name.span.clone(), near)
            }
            None => diagnostic,
        });
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(found))
    }
}
