//! The container engine, through its own client.

use std::fs::File;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Outcome, Sandbox, oracle, run, skip};

/// A container engine which answers.
#[derive(Debug, Clone)]
pub struct Engine {
    docker: Utf8PathBuf,
    host: String,
}

/// The engine which the docker client of this user talks to.
///
/// `None` means the test cannot run here, and stderr says so.
///
/// # Panics
///
/// When there is none and `REQUIRE_ORACLES=1`.
#[must_use]
pub fn engine() -> Option<Engine> {
    let docker = oracle("docker")?;
    // A sandbox has its own home, so the endpoint is taken from the user's settings here.
    let context = run(Command::new(&docker).args([
        "context",
        "inspect",
        "--format",
        "{{.Endpoints.docker.Host}}",
    ]));
    let configured = std::env::var("DOCKER_HOST")
        .ok()
        .filter(|host| !host.is_empty());
    let host = configured.unwrap_or_else(|| context.stdout.trim().to_owned());
    let engine = Engine { docker, host };
    let version = engine.docker(["version", "--format", "{{.Server.Version}}"]);
    if version.code == Some(0) {
        return Some(engine);
    }
    skip(&format!(
        "no container engine answers ({})",
        version.stderr.trim()
    ));
    None
}

impl Engine {
    /// Lets the commands of a sandbox talk to this engine.
    pub fn attach(&self, sandbox: &mut Sandbox) {
        sandbox.set("DOCKER_HOST", self.host.clone());
    }

    /// Its Unix socket.
    ///
    /// `None` means that it listens elsewhere and the test cannot run here; stderr says so.
    ///
    /// # Panics
    ///
    /// When it listens elsewhere and `REQUIRE_ORACLES=1`.
    #[must_use]
    pub fn socket(&self) -> Option<Utf8PathBuf> {
        let path = self.host.strip_prefix("unix://").map(Utf8PathBuf::from);
        if path.is_none() {
            skip(&format!(
                "the engine listens at {}, not at a socket",
                self.host
            ));
        }
        path
    }

    /// Runs the docker client.
    ///
    /// # Panics
    ///
    /// When the client cannot be started.
    #[track_caller]
    pub fn docker<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Outcome {
        let mut command = Command::new(&self.docker);
        run(command
            .args(args)
            .env("DOCKER_HOST", &self.host)
            .stdin(Stdio::null()))
    }

    /// Makes sure that an image of this tag is there, without a registry: a statically linked busybox
    /// with all its applets, labelled `homelab.tests=busybox`. It stays for the next test.
    ///
    /// `false` means the test cannot run here, and stderr says so.
    ///
    /// # Panics
    ///
    /// When the import fails, or busybox is missing and `REQUIRE_ORACLES=1`.
    #[must_use]
    pub fn import_busybox(&self, tag: &str) -> bool {
        let _lock = exclusive("images");
        if self.docker(["image", "inspect", tag]).code == Some(0) {
            return true;
        }
        let Some(busybox) = oracle("busybox") else {
            return false;
        };
        let sandbox = Sandbox::new();
        let bin = sandbox.path().join("root/bin");
        fs_err::create_dir_all(&bin).expect("the sandbox is writable");
        fs_err::create_dir(sandbox.path().join("root/tmp")).expect("the sandbox is writable");
        fs_err::copy(&busybox, bin.join("busybox")).expect("busybox can be copied");
        for applet in sandbox.run(&busybox, ["--list"]).success().stdout.lines() {
            if applet != "busybox" {
                fs_err::os::unix::fs::symlink("busybox", bin.join(applet))
                    .expect("applets have different names");
            }
        }
        let tar = sandbox.path().join("image.tar");
        // fixed owner and time, so that every machine makes the same layer
        sandbox
            .run(
                "tar",
                [
                    "--owner=0",
                    "--group=0",
                    "--mtime=@0",
                    "--sort=name",
                    "-C",
                    "root",
                    "-cf",
                    tar.as_str(),
                    ".",
                ],
            )
            .success();
        let changes = [
            "-c",
            "ENV PATH=/bin",
            "-c",
            "CMD [\"sh\"]",
            "-c",
            "LABEL homelab.tests=busybox",
        ];
        let args = ["import"]
            .into_iter()
            .chain(changes)
            .chain([tar.as_str(), tag]);
        self.docker(args).success();
        if self
            .docker(["run", "--rm", "--network", "none", tag, "true"])
            .code
            == Some(0)
        {
            return true;
        }
        self.docker(["rmi", tag]);
        skip(&format!("{busybox} is not statically linked"));
        false
    }

    /// The names of the containers of a Compose project, stopped ones included.
    ///
    /// # Panics
    ///
    /// When the engine does not answer any more.
    #[must_use]
    pub fn containers(&self, project: &str) -> Vec<String> {
        let filter = format!("label=com.docker.compose.project={project}");
        let found = self
            .docker(["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"])
            .success();
        found.stdout.lines().map(str::to_owned).collect()
    }

    /// The state of a container, such as `running` or `exited`. Engines do not let it be inspected while
    /// it is archived, which they do for as long as somebody reads: it is looked up in their list.
    ///
    /// # Panics
    ///
    /// When the engine does not answer any more.
    #[must_use]
    pub fn state(&self, container: &str) -> String {
        let filter = format!("name=^/{container}$");
        let found = self
            .docker(["ps", "--all", "--filter", &filter, "--format", "{{.State}}"])
            .success();
        found.stdout.trim().to_owned()
    }

    /// The first subnet of a network, or `None` when there is no network of this name.
    #[must_use]
    pub fn subnet(&self, network: &str) -> Option<String> {
        let format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
        let found = self.docker(["network", "inspect", "--format", format, network]);
        (found.code == Some(0)).then(|| {
            found
                .stdout
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    }

    /// The first of these subnets which the engine would give to a new network, found by trying.
    #[must_use]
    pub fn free_subnet(&self, candidates: &[&str]) -> Option<String> {
        let name = format!("homelab-probe-{}", std::process::id());
        let free = candidates.iter().find(|subnet| {
            let made = self
                .docker(["network", "create", "--subnet", subnet, &name])
                .code
                == Some(0);
            if made {
                self.docker(["network", "rm", &name]);
            }
            made
        });
        free.map(|&subnet| subnet.to_owned())
    }
}

/// Removes the containers, volumes and own networks of a Compose project when dropped.
#[derive(Debug)]
pub struct ProjectGuard {
    engine: Engine,
    project: String,
}

impl ProjectGuard {
    /// Watches over a project.
    #[must_use]
    pub fn new(engine: &Engine, project: &str) -> Self {
        Self {
            engine: engine.clone(),
            project: project.to_owned(),
        }
    }
}

impl Drop for ProjectGuard {
    fn drop(&mut self) {
        let filter = format!("label=com.docker.compose.project={}", self.project);
        let remove = |list: &[&str], remove: &[&str]| {
            let found = self
                .engine
                .docker(list.iter().copied().chain(["--filter", &filter]));
            let ids: Vec<_> = found.stdout.split_whitespace().collect();
            if !ids.is_empty() {
                self.engine.docker(remove.iter().copied().chain(ids));
            }
        };
        remove(&["ps", "--all", "--quiet"], &["rm", "--force", "--volumes"]);
        remove(&["volume", "ls", "--quiet"], &["volume", "rm"]);
        remove(&["network", "ls", "--quiet"], &["network", "rm"]);
    }
}

/// Removes a network when dropped, unless it was there before the guard or something still uses it.
#[derive(Debug)]
pub struct NetworkGuard {
    engine: Engine,
    name: String,
    existed: bool,
}

impl NetworkGuard {
    /// Watches over a network which may be made from now on.
    #[must_use]
    pub fn new(engine: &Engine, name: &str) -> Self {
        let existed = engine.subnet(name).is_some();
        Self {
            engine: engine.clone(),
            name: name.to_owned(),
            existed,
        }
    }
}

impl Drop for NetworkGuard {
    fn drop(&mut self) {
        if !self.existed {
            self.engine.docker(["network", "rm", &self.name]);
        }
    }
}

/// Waits for the one place in which things of this name are used: across threads, test binaries and
/// checkouts. It is given back when the file is dropped, or the process ends.
///
/// # Panics
///
/// When the lock file in the temporary directory cannot be made.
#[must_use]
pub fn exclusive(what: &str) -> File {
    let dir = std::env::temp_dir();
    let dir = Utf8Path::from_path(&dir).expect("the temporary directory is UTF-8");
    let path = dir.join(format!("homelab-tests.{what}.lock"));
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .expect("the temporary directory is writable");
    file.lock()
        .expect("files of the temporary directory can be locked");
    file
}
