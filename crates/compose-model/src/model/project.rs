//! From a project to its typed parts.

use super::decode::{Decode, Log};
use super::{Config, Extensions, Job, LanguageModel, Network, Secret, Service, Untyped, Volume};
use crate::project::Project;
use crate::shape::{self, Form};
use crate::value::{Data, Value};

/// What has a name in a section of a project.
trait Named: Decode {
    const SECTION: &'static str;

    /// Fills in what is known from outside.
    fn named(self, name: &str, untyped: Vec<Untyped>) -> Self;
}

macro_rules! named {
    ($($type:ident in $section:literal by $name:ident),* $(,)?) => {$(
        impl Named for $type {
            const SECTION: &'static str = $section;

            fn named(mut self, name: &str, untyped: Vec<Untyped>) -> Self {
                name.clone_into(&mut self.$name);
                self.untyped = untyped;
                self
            }
        }
    )*};
}

named! {
    Service in "services" by name,
    Job in "jobs" by name,
    Network in "networks" by key,
    Volume in "volumes" by key,
    Secret in "secrets" by key,
    Config in "configs" by key,
    LanguageModel in "models" by key,
}

fn typed<T: Named>(name: &str, value: &Value) -> T {
    let mut log = Log::default();
    if let Some(decoded) = T::decode(value, &mut log) {
        return decoded.named(name, log.into_untyped());
    }
    // It is no mapping: nothing of it is typed.
    let untyped = vec![Untyped {
        path: String::new(),
        value: value.clone(),
    }];
    T::decode(&value.with(Data::Null), &mut log)
        .expect("a structure without attributes can be read")
        .named(name, untyped)
}

fn all<T: Named>(project: &Project) -> impl Iterator<Item = T> {
    let section = project.model.get(T::SECTION).and_then(Value::as_map);
    section
        .map(|map| shape::sorted(map, Form::Yaml))
        .into_iter()
        .flatten()
        .map(|(name, value)| typed(name, value))
}

/// The typed parts. Iterators are in the order in which Docker Compose prints: by name, numbers in
/// names by their value. Each call reads the tree anew.
impl Project {
    /// The active service `name`.
    pub fn service(&self, name: &str) -> Option<Service> {
        Some(typed(name, self.model.at(&["services", name])?))
    }

    /// The active services.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// # let text = "services: {web10: {image: nginx}, web9: {image: nginx}}";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let names: Vec<_> = project.services().map(|service| service.name).collect();
    /// assert_eq!(names, ["web9", "web10"]);
    /// ```
    pub fn services(&self) -> impl Iterator<Item = Service> {
        all(self)
    }

    /// The services that no active profile has.
    pub fn disabled_services(&self) -> impl Iterator<Item = Service> {
        let services = shape::sorted(&self.disabled, Form::Yaml).into_iter();
        services.map(|(name, value)| typed(name, value))
    }

    /// The jobs.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        all(self)
    }

    /// The networks that services use.
    pub fn networks(&self) -> impl Iterator<Item = Network> {
        all(self)
    }

    /// The volumes that services use.
    pub fn volumes(&self) -> impl Iterator<Item = Volume> {
        all(self)
    }

    /// The secrets that services use.
    pub fn secrets(&self) -> impl Iterator<Item = Secret> {
        all(self)
    }

    /// The configs that services use.
    pub fn configs(&self) -> impl Iterator<Item = Config> {
        all(self)
    }

    /// The language models that services use.
    pub fn models(&self) -> impl Iterator<Item = LanguageModel> {
        all(self)
    }

    /// The `x-*` of the top level.
    pub fn extensions(&self) -> Extensions {
        super::decode::extensions(&self.model, "", &mut Log::default())
    }
}
