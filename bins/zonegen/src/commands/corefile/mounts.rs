//! How a Compose file brings the Corefile and the zones into the container.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::model::{MountSource, Service};
use compose_model::{Disk, FileArg, Options, load};
use dns_zone::corefile::{Corefile, Mount, check_files, check_mounts};
use yaml_tree::Diagnostic;

/// What is wrong with the mounts of the services that run CoreDNS, and with the zone files they bring.
pub(super) fn check(
    corefile: &Corefile,
    files: &[Utf8PathBuf],
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in files {
        let mut options = Options::new(dir, env.clone());
        options.files = vec![FileArg::Path(file.clone())];
        options.profiles = vec!["*".to_owned()];
        options.resolve_env = false;
        options.check_consistency = false;
        let project = match load(&Disk, &options) {
            Ok(project) => project,
            Err(errors) => {
                found.extend(errors);
                continue;
            }
        };
        for service in project
            .services()
            .filter(|service| is_coredns(service, corefile))
        {
            let mounts = mounts(&service);
            found.extend(check_mounts(&mounts));
            found.extend(check_files(corefile, &|path| read(path, &mounts)));
        }
    }
    found
}

/// Whether a service runs CoreDNS: by its image, or as it gets a Corefile or a zone of this one.
fn is_coredns(service: &Service, corefile: &Corefile) -> bool {
    let image = service
        .image
        .as_ref()
        .is_some_and(|image| image.to_string().contains("coredns"));
    let named = |target: &str| {
        target.ends_with("/Corefile")
            || corefile.servers().any(|block| {
                block
                    .all("file")
                    .any(|line| line.argument(0) == Some(target))
            })
    };
    image || mounts(service).iter().any(|mount| named(&mount.target))
}

fn mounts(service: &Service) -> Vec<Mount> {
    let mut mounts = Vec::new();
    for mount in &service.volumes {
        let (MountSource::Path(source), Some(target)) = (mount.mounted(), &mount.target) else {
            continue;
        };
        mounts.push(Mount {
            is_file: source.is_file(),
            source: source.to_string(),
            target: target.value.trim_end_matches('/').to_owned(),
            span: mount.source.as_ref().and_then(|source| source.span.clone()),
        });
    }
    mounts
}

/// What CoreDNS finds at a path, as far as that comes from the machine.
fn read(path: &str, mounts: &[Mount]) -> Option<Result<Vec<u8>, String>> {
    let covering = mounts.iter().filter_map(|mount| {
        let rest = path.strip_prefix(&mount.target)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((mount, rest))
    });
    let (mount, rest) = covering.max_by_key(|(mount, _)| mount.target.len())?;
    let file = format!("{}{rest}", mount.source);
    Some(fs_err::read(file).map_err(|error| error.kind().to_string()))
}
