//! What is mounted.

use camino::Utf8Path;

use super::Sourced;
use super::decode::{Decode, Extensions, Labels, Log, extensions};
use super::record::{record, words};
use crate::grammar::{ByteSize, MountType};
use crate::value::Value;

record! {
    /// An entry of `volumes` of a service.
    Mount {
        /// What is mounted.
        kind("type"): Sourced<MountType>,
        /// The path on the host, absolute if the project is loaded with
        /// [`resolve_paths`](crate::Options::resolve_paths); the key of the volume in the project;
        /// or the image. See [`mounted`](Self::mounted).
        source: Option<Sourced<String>>,
        /// The path in the container.
        target: Option<Sourced<String>>,
        /// Whether it cannot be written to; default false.
        read_only: Option<Sourced<bool>>,
        /// What a Mac may take for consistent (`cached`); has no effect elsewhere.
        consistency: Option<Sourced<String>>,
        /// Options of paths of the host.
        bind: Option<Sourced<MountBind>>,
        /// Options of volumes.
        volume: Option<Sourced<MountVolume>>,
        /// Options of memory file systems.
        tmpfs: Option<Sourced<MountTmpfs>>,
        /// Options of images.
        image: Option<Sourced<MountImage>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

/// What a [`Mount`] mounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MountSource<'m> {
    /// A path of the host.
    Path(&'m Utf8Path),
    /// A volume of the project, by key.
    Volume(&'m str),
    /// A volume without a name, which lives as long as the container.
    Anonymous,
    /// Memory.
    Memory,
    /// The file system of an image.
    Image(&'m str),
    /// A volume of a Swarm.
    Cluster(&'m str),
    /// A named pipe (Windows).
    NamedPipe(&'m str),
}

impl Mount {
    /// What is mounted.
    pub fn mounted(&self) -> MountSource<'_> {
        let source = self.source.as_ref().map_or("", |source| source.as_str());
        match *self.kind {
            MountType::Bind => MountSource::Path(Utf8Path::new(source)),
            MountType::Volume if source.is_empty() => MountSource::Anonymous,
            MountType::Volume => MountSource::Volume(source),
            MountType::Tmpfs => MountSource::Memory,
            MountType::Image => MountSource::Image(source),
            MountType::Cluster => MountSource::Cluster(source),
            MountType::NamedPipe => MountSource::NamedPipe(source),
        }
    }

    /// Whether the container cannot write to it.
    pub fn is_read_only(&self) -> bool {
        self.read_only.as_deref() == Some(&true)
    }
}

impl Decode for MountType {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        let all = [
            Self::Bind,
            Self::Volume,
            Self::Tmpfs,
            Self::Image,
            Self::Cluster,
            Self::NamedPipe,
        ];
        let text = value.as_str()?;
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

record! {
    /// Options of a mounted path of the host.
    MountBind {
        /// Who may read it under `SELinux`.
        selinux: Option<Sourced<Selinux>>,
        /// How mounts below it are passed on; default `rprivate`.
        propagation: Option<Sourced<Propagation>>,
        /// Whether the path is made, as a directory, if it is missing; default true.
        create_host_path: Option<Sourced<bool>>,
        /// What becomes of mounts below it; default `enabled`.
        recursive: Option<Sourced<Recursive>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// Who may read a mounted path under `SELinux`.
    Selinux {
        /// Several containers.
        Shared = "z",
        /// This container alone.
        Private = "Z",
    }
}

words! {
    /// How mounts below a mounted path are passed on between host and container.
    Propagation {
        /// Not at all.
        Private = "private",
        /// Not at all, nor those below.
        RecursivePrivate = "rprivate",
        /// In both directions.
        Shared = "shared",
        /// In both directions, with those below.
        RecursiveShared = "rshared",
        /// From the host to the container.
        Slave = "slave",
        /// From the host to the container, with those below.
        RecursiveSlave = "rslave",
    }
}

words! {
    /// What becomes of mounts below a mounted path.
    Recursive {
        /// They are there, read-only if the kernel can do that and the mount is.
        Enabled = "enabled",
        /// They are not there.
        Disabled = "disabled",
        /// They are there and can be written to.
        Writable = "writable",
        /// They are there, and read-only, or it is an error.
        ReadOnly = "readonly",
    }
}

record! {
    /// Options of a mounted volume.
    MountVolume {
        /// Labels of an anonymous volume.
        labels: Labels,
        /// Whether data of the image is not copied to an empty volume; default false.
        nocopy: Option<Sourced<bool>>,
        /// A path within the volume.
        subpath: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Options of a memory file system.
    MountTmpfs {
        /// Its size; 0 and none mean no limit.
        size: Option<Sourced<ByteSize>>,
        /// Its permissions as a number (`1023` is `1777` in octal).
        mode: Option<Sourced<i64>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Options of a mounted image.
    MountImage {
        /// A path within the image.
        subpath: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}
