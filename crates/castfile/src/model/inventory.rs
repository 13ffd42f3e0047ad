//! The hosts that `ssh` and `scp` tasks name.

use yaml_tree::{Node, Spanned};

/// The `inventory` block, or an inventory file.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Inventory {
    /// Named default values that hosts refer to.
    pub defaults: Vec<Host>,
    /// The hosts, in the order of the file.
    pub hosts: Vec<Host>,
}

/// A host, or a set of defaults for hosts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Host {
    /// The key, or in the list form the host itself.
    pub name: Spanned<String>,
    /// Host name or address; the name when absent.
    pub host: Option<Spanned<String>>,
    /// Port; 22 when absent.
    pub port: Option<Spanned<u16>>,
    /// User name.
    pub user: Option<Spanned<String>>,
    /// Key file, before expansion.
    pub identity: Option<Spanned<String>>,
    /// Password or the expression that gives it, before expansion. Never a resolved secret.
    pub password: Option<Spanned<String>>,
    /// Whether the ssh agent is used.
    pub agent: Option<Spanned<bool>>,
    /// `tags` or `groups`.
    pub tags: Vec<Spanned<String>>,
    /// `meta`.
    pub meta: Option<Node>,
    /// `os`.
    pub os: Option<HostOs>,
    /// Which defaults apply; `default` when absent.
    pub defaults: Option<Spanned<String>>,
}

/// What is known about a host's operating system.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct HostOs {
    /// `platform`, such as `linux`.
    pub platform: Option<Spanned<String>>,
    /// `arch`, such as `amd64`.
    pub arch: Option<Spanned<String>>,
    /// `variant`.
    pub variant: Option<Spanned<String>>,
    /// `family`, such as `debian`.
    pub family: Option<Spanned<String>>,
    /// `codename`.
    pub codename: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
    /// `build_version`.
    pub build_version: Option<Spanned<String>>,
}
