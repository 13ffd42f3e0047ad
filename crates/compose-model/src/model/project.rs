//! From a project to its typed parts.

use super::decode::{Decode, Log};
use super::{
    Config, Extensions, Job, LanguageModel, Network, NetworkAttachment, Secret, Service, Sourced,
    Untyped, Volume,
};
use crate::project::Project;
use crate::shape::{self, Form};
use crate::value::{Data, Value};

/// What has a name in a section of a project.
trait Named: Decode {
    const SECTION: &'static str;

    /// Fills in what is known from outside.
    fn complete(&mut self, project: &Project, name: &str, untyped: Vec<Untyped>);
}

macro_rules! workloads {
    ($($type:ident in $section:literal),*) => {$(
        impl Named for $type {
            const SECTION: &'static str = $section;

            fn complete(&mut self, _project: &Project, name: &str, untyped: Vec<Untyped>) {
                name.clone_into(&mut self.name);
                self.untyped = untyped;
            }
        }
    )*};
}

workloads!(Service in "services", Job in "jobs");

macro_rules! resources {
    ($($type:ident in $section:literal),*) => {$(
        impl Named for $type {
            const SECTION: &'static str = $section;

            fn complete(&mut self, project: &Project, key: &str, untyped: Vec<Untyped>) {
                let external = self.external.as_deref() == Some(&true);
                if self.name.is_empty() && external {
                    key.clone_into(&mut self.name.value);
                } else if self.name.is_empty() {
                    self.name.value = format!("{}_{key}", project.name);
                }
                key.clone_into(&mut self.key);
                self.untyped = untyped;
            }
        }
    )*};
}

resources!(Network in "networks", Volume in "volumes", Secret in "secrets", Config in "configs");

impl Named for LanguageModel {
    const SECTION: &'static str = "models";

    fn complete(&mut self, _project: &Project, key: &str, untyped: Vec<Untyped>) {
        key.clone_into(&mut self.key);
        self.untyped = untyped;
    }
}

fn typed<T: Named>(project: &Project, name: &str, value: &Value) -> T {
    let mut log = Log::new(project.interpolated);
    let (mut typed, untyped) = match T::decode(value, &mut log) {
        Some(typed) => (typed, log.into_untyped()),
        None => {
            // It is no mapping: nothing of it is typed.
            let left_out = Untyped {
                path: String::new(),
                value: value.clone(),
            };
            let nothing = T::decode(&value.with(Data::Null), &mut log)
                .expect("none of these structures has an attribute that is required");
            (nothing, vec![left_out])
        }
    };
    typed.complete(project, name, untyped);
    typed
}

fn one<T: Named>(project: &Project, name: &str) -> Option<T> {
    let value = project.model.at(&[T::SECTION, name])?;
    Some(typed(project, name, value))
}

fn all<T: Named>(project: &Project) -> impl Iterator<Item = T> {
    let section = project.model.get(T::SECTION).and_then(Value::as_map);
    section
        .map(|map| shape::sorted(map, Form::Yaml))
        .into_iter()
        .flatten()
        .map(|(name, value)| typed(project, name, value))
}

/// The typed parts. Iterators are in the order in which Docker Compose prints: by name, numbers in
/// names by their value. Each call reads the tree anew.
///
/// Networks, volumes and the like that no service uses are not there; what jobs use does not count,
/// as in the output of Docker Compose.
impl Project {
    /// The active service `name`.
    pub fn service(&self, name: &str) -> Option<Service> {
        one(self, name)
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
        services.map(|(name, value)| typed(self, name, value))
    }

    /// The job `name`.
    pub fn job(&self, name: &str) -> Option<Job> {
        one(self, name)
    }

    /// The jobs.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        all(self)
    }

    /// The network with this key.
    pub fn network(&self, key: &str) -> Option<Network> {
        one(self, key)
    }

    /// The networks that services use.
    pub fn networks(&self) -> impl Iterator<Item = Network> {
        all(self)
    }

    /// The volume with this key.
    pub fn volume(&self, key: &str) -> Option<Volume> {
        one(self, key)
    }

    /// The volumes that services use.
    pub fn volumes(&self) -> impl Iterator<Item = Volume> {
        all(self)
    }

    /// The secret with this key.
    pub fn secret(&self, key: &str) -> Option<Secret> {
        one(self, key)
    }

    /// The secrets that services use.
    pub fn secrets(&self) -> impl Iterator<Item = Secret> {
        all(self)
    }

    /// The config with this key.
    pub fn config(&self, key: &str) -> Option<Config> {
        one(self, key)
    }

    /// The configs that services use.
    pub fn configs(&self) -> impl Iterator<Item = Config> {
        all(self)
    }

    /// The language model with this key.
    pub fn language_model(&self, key: &str) -> Option<LanguageModel> {
        one(self, key)
    }

    /// The language models that services use.
    pub fn models(&self) -> impl Iterator<Item = LanguageModel> {
        all(self)
    }

    /// The networks that a service is on, each with how it is on it; none with a `network_mode`.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// let text = "\
    /// services:
    ///   web: {image: nginx, networks: {default: , proxy: {aliases: [www]}}}
    /// networks:
    ///   proxy: {external: true, name: vnet-frontend}
    /// ";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let web = project.service("web").unwrap();
    /// let found = project.networks_of(&web);
    /// let names: Vec<_> = found.iter().map(|(network, _)| network.name.as_str()).collect();
    /// assert_eq!(names, ["lab_default", "vnet-frontend"]);
    /// assert_eq!(*found[1].1.aliases[0], "www");
    /// ```
    pub fn networks_of(&self, service: &Service) -> Vec<(Network, Sourced<NetworkAttachment>)> {
        let attachments = service.networks.iter();
        attachments
            .filter_map(|(key, attachment)| Some((self.network(key)?, attachment.clone())))
            .collect()
    }

    /// The names of the containers of a service, as Docker Compose makes them: its
    /// `container_name`, else `PROJECT-SERVICE-NUMBER`, numbered from 1. Empty for a service that
    /// a provider provides.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// # let text = "services: {web: {image: nginx, scale: 2}}";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let web = project.service("web").unwrap();
    /// assert_eq!(project.container_names(&web).collect::<Vec<_>>(), ["lab-web-1", "lab-web-2"]);
    /// ```
    pub fn container_names(&self, service: &Service) -> impl Iterator<Item = String> {
        let replicas = match service.provider {
            Some(_) => 0,
            None => service.replicas(),
        };
        (1..=replicas).map(|number| match &service.container_name {
            Some(name) => name.to_string(),
            None => format!("{}-{}-{number}", self.name, service.name),
        })
    }

    /// A variable that interpolation sees. One from an env file has the place of its line there,
    /// and what stood there before interpolation; one from the process environment has no place.
    /// Env files of included projects count for these alone and are not looked at.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// let files = MemoryFiles::from([
    ///     ("/lab/compose.yaml", "services: {web: {image: 'nginx:${TAG}'}}"),
    ///     ("/lab/.env", "# versions\nTAG=1.27\n"),
    /// ]);
    /// let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    ///
    /// // Where does the tag come from?
    /// let web = project.service("web").unwrap();
    /// let name = web.image.as_ref().unwrap().variables()[0].name;
    /// let tag = project.variable(name).unwrap();
    /// assert_eq!(tag.as_str(), "1.27");
    /// assert_eq!(tag.place().unwrap().to_string(), ".env:2:1");
    /// ```
    pub fn variable(&self, name: &str) -> Option<Sourced<String>> {
        let value = self.env.get(name)?.clone();
        Some(match self.from_files.get(name) {
            Some(line) => Sourced::at(line, value),
            None => Sourced::new(value),
        })
    }

    /// The `x-*` of the top level.
    pub fn extensions(&self) -> Extensions {
        super::decode::extensions(&self.model, "", &mut Log::default())
    }
}
