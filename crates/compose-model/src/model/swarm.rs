//! What has an effect in Swarm alone.

use super::{MountedFile, PortMode, Service, Sourced};
use crate::grammar::MountType;

impl Service {
    /// The attributes that are written and have an effect in Swarm alone, each with its place: what
    /// Docker Compose v5.6 warns about.
    ///
    /// Above all that is `deploy.update_config`: `docker compose up` stops a container before it
    /// starts the new one, whatever `order` says, and does not roll back.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// # let text = "services: {web: {image: nginx, deploy: {update_config: {order: start-first}}}}";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let found = project.service("web").unwrap().swarm_only();
    /// assert_eq!(found[0].as_str(), "deploy.update_config");
    /// assert_eq!(found[0].key.as_ref().unwrap().to_string(), "compose.yaml:1:41");
    /// ```
    pub fn swarm_only(&self) -> Vec<Sourced<String>> {
        let mut found = Vec::new();
        if let Some(deploy) = &self.deploy {
            let all = [
                deploy.mode.as_ref().map(|it| it.with("mode")),
                deploy
                    .endpoint_mode
                    .as_ref()
                    .map(|it| it.with("endpoint_mode")),
                deploy.labels.values().next().map(|it| it.with("labels")),
                deploy.placement.as_ref().map(|it| it.with("placement")),
                deploy
                    .update_config
                    .as_ref()
                    .map(|it| it.with("update_config")),
                deploy
                    .rollback_config
                    .as_ref()
                    .map(|it| it.with("rollback_config")),
            ];
            let all = all.into_iter().flatten();
            found.extend(all.map(|it| it.map(|name| format!("deploy.{name}"))));
        }
        let spec = self.credential_spec.as_ref();
        found.extend(spec.map(|it| it.with("credential_spec".to_owned())));
        let size = self.storage_opt.get("size");
        found.extend(size.map(|it| it.with("storage_opt.size".to_owned())));
        for port in &self.ports {
            if let Some(mode) = port.mode.as_ref().filter(|mode| ***mode == PortMode::Host) {
                let name = format!("ports[{}/{}].mode", port.target, port.protocol());
                found.push(mode.with(name));
            }
        }
        for mount in self
            .volumes
            .iter()
            .filter(|mount| *mount.kind == MountType::Cluster)
        {
            let source = mount.source.as_ref().map_or("", |source| source.as_str());
            found.push(mount.kind.with(format!("volumes[{source}].type")));
        }
        found.extend(of_files("configs", &self.configs));
        found.extend(of_files("secrets", &self.secrets));
        found
    }
}

/// Owner and permissions of files.
fn of_files(section: &str, files: &[Sourced<MountedFile>]) -> Vec<Sourced<String>> {
    let of_file = |file: &Sourced<MountedFile>| {
        let source = file.source.as_ref().map_or("", |source| source.as_str());
        let all = [
            file.uid.as_ref().map(|it| it.with("uid")),
            file.gid.as_ref().map(|it| it.with("gid")),
            file.mode.as_ref().map(|it| it.with("mode")),
        ];
        let name = |name| format!("{section}.{source}.{name}");
        let all = all.into_iter().flatten();
        all.map(|it| it.map(name)).collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}
