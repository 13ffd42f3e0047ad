//! `cast` runs `examples/homelab` with the real engine and the real Docker Compose.
//!
//! The example has fixed names for networks and projects, so these tests take turns with everything
//! else that uses them on this machine, and leave alone what was there before.

use std::fs::File;

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{
    Engine, NetworkGuard, Outcome, ProjectGuard, Sandbox, cast_exe, compose_oracle, engine,
    exclusive, oracle, repository, skip,
};

const NETWORKS: [(&str, &str, &[&str]); 2] = [
    (
        "vnet-frontend",
        "VNET_FRONTEND_SUBNET",
        &[
            "172.20.0.0/16",
            "10.231.0.0/24",
            "10.232.0.0/24",
            "192.168.231.0/24",
        ],
    ),
    (
        "vnet-backend",
        "VNET_BACKEND_SUBNET",
        &[
            "172.21.0.0/17",
            "10.233.0.0/24",
            "10.234.0.0/24",
            "192.168.232.0/24",
        ],
    ),
];
const WHOAMI: &str = "homelab-whoami-default";

/// A copy of the example, and the guards which undo what is done with it. Fields are dropped in order:
/// containers, networks, the turn.
struct Lab {
    _project: ProjectGuard,
    _networks: Vec<NetworkGuard>,
    root: Utf8PathBuf,
    sandbox: Sandbox,
    subnets: Vec<String>,
    engine: Engine,
    _turn: File,
}

impl Lab {
    fn new() -> Option<Self> {
        let engine = engine()?;
        let compose = compose_oracle()?;
        let _bash = oracle("bash")?;
        let turn = exclusive("example");
        if !engine.containers(WHOAMI).is_empty() {
            skip(&format!("project {WHOAMI} is running already"));
            return None;
        }
        if !engine.import_busybox("busybox:1.37.0") {
            return None;
        }
        let mut sandbox = Sandbox::new();
        engine.attach(&mut sandbox);
        sandbox.prepend_path(compose.parent().unwrap());
        let mut networks = Vec::new();
        let mut subnets = Vec::new();
        for (name, variable, candidates) in NETWORKS {
            networks.push(NetworkGuard::new(&engine, name));
            // a network that is there stays as it is; a range that is taken here is replaced
            let Some(subnet) = engine
                .subnet(name)
                .or_else(|| engine.free_subnet(candidates))
            else {
                skip(&format!("no subnet is free for {name}"));
                return None;
            };
            if subnet != candidates[0] {
                sandbox.set(variable, subnet.clone());
            }
            subnets.push(subnet);
        }
        let root = sandbox.copy_tree(&repository().join("examples/homelab"), "homelab");
        let project = ProjectGuard::new(&engine, WHOAMI);
        Some(Self {
            _project: project,
            _networks: networks,
            root,
            sandbox,
            subnets,
            engine,
            _turn: turn,
        })
    }

    /// Runs `cast` in the root of the copy.
    fn cast(&self, args: &[&str]) -> Outcome {
        self.cast_with(args, &[])
    }

    fn cast_with(&self, args: &[&str], env: &[(&str, &str)]) -> Outcome {
        let mut command = self.sandbox.command(cast_exe());
        homelab_tests::run(
            command
                .args(args)
                .envs(env.iter().copied())
                .current_dir(&self.root),
        )
    }

    fn networks_are_as_asked(&self) {
        for ((name, ..), subnet) in NETWORKS.iter().zip(&self.subnets) {
            assert_eq!(self.engine.subnet(name).as_ref(), Some(subnet), "{name}");
        }
    }
}

#[test]
fn the_commands_of_the_readme_do_what_they_say() {
    let Some(lab) = Lab::new() else { return };

    let list = lab.cast(&["list"]).success();
    for task in ["default", "demo", "demo:down", "status"] {
        assert!(
            list.stdout
                .lines()
                .any(|line| line.split_whitespace().next() == Some(task)),
            "{}",
            list.stdout
        );
    }

    lab.cast(&["@compose", "@setup", "up"]).success();
    lab.networks_are_as_asked();

    lab.cast(&["@compose", "@whoami", "up"]).success();
    assert_eq!(
        lab.engine.containers(WHOAMI),
        [format!("{WHOAMI}-whoami-1")]
    );
    let inspect = |format: &str| {
        lab.engine
            .docker(["inspect", "--format", format, &format!("{WHOAMI}-whoami-1")])
            .success()
            .stdout
    };
    assert_eq!(inspect("{{.State.Health.Status}}"), "healthy\n");
    assert_eq!(
        inspect("{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"),
        "vnet-frontend \n"
    );
    // the directory the hook made is the one the container sees, and not one beside it
    let data = lab.root.join(".mnt/data/whoami");
    assert_eq!(
        inspect("{{range .Mounts}}{{.Source}} {{.Destination}}{{end}}"),
        format!("{data} /www\n")
    );
    assert!(data.join("index.html").is_file());
    assert!(!lab.root.join("compose/.mnt").exists());
    fs_err::write(data.join("index.html"), "written on the host\n").unwrap();
    let page = lab.engine.docker([
        "exec",
        &format!("{WHOAMI}-whoami-1"),
        "wget",
        "-qO-",
        "http://127.0.0.1:8080/",
    ]);
    assert_eq!(page.success().stdout, "written on the host\n");

    let before = lab
        .engine
        .docker(["ps", "--all", "--quiet"])
        .success()
        .stdout;
    let plan = lab.cast(&["@compose", "up:prod", "--dry-run"]).success();
    let place = |task: &str| {
        plan.stdout
            .find(task)
            .unwrap_or_else(|| panic!("no {task} in\n{}", plan.stdout))
    };
    assert!(place("setup") < place("postgres:prod"), "{}", plan.stdout);
    assert!(
        place("postgres:prod") < place("whoami:prod"),
        "{}",
        plan.stdout
    );
    assert!(
        plan.stdout.rfind("up:prod") > plan.stdout.rfind("whoami:prod"),
        "{}",
        plan.stdout
    );
    assert_eq!(
        lab.engine
            .docker(["ps", "--all", "--quiet"])
            .success()
            .stdout,
        before,
        "a plan starts nothing"
    );

    lab.cast(&["@compose", "@whoami", "down"]).success();
    assert_eq!(lab.engine.containers(WHOAMI), [] as [String; 0]);
    lab.networks_are_as_asked();
}

#[test]
fn making_the_networks_can_be_repeated_and_drift_is_told() {
    let Some(lab) = Lab::new() else { return };
    let ids = |lab: &Lab| {
        lab.engine.docker([
            "network",
            "inspect",
            "--format",
            "{{.Id}}",
            "vnet-frontend",
            "vnet-backend",
        ])
    };
    lab.cast(&["@compose", "@setup", "up"]).success();
    let first = ids(&lab).success().stdout;
    let second = lab.cast(&["@compose", "@setup", "up"]).success();
    assert_eq!(ids(&lab).success().stdout, first, "nothing is made anew");
    assert_eq!(
        second.stderr.matches("unchanged").count(),
        2,
        "{}",
        second.stderr
    );

    let drift = lab.cast_with(
        &["@compose", "@setup", "up"],
        &[("VNET_BACKEND_SUBNET", "10.250.250.0/24")],
    );
    assert_eq!(drift.code, Some(1), "{drift:?}");
    let subnet = &lab.subnets[1];
    let message = format!(
        "error: drift: network `vnet-backend` has subnet {subnet}, this repository wants 10.250.250.0/24"
    );
    assert!(drift.stderr.contains(&message), "{}", drift.stderr);
    assert!(
        drift.stderr.contains("docker network rm vnet-backend"),
        "{}",
        drift.stderr
    );
    assert_eq!(
        ids(&lab).success().stdout,
        first,
        "a drifted network is left alone"
    );
}

#[test]
fn a_network_in_use_is_kept() {
    let Some(lab) = Lab::new() else { return };
    lab.cast(&["@compose", "@setup", "up"]).success();
    lab.cast(&["@compose", "@whoami", "up"]).success();
    let down = lab.cast(&["@compose", "@setup", "down"]).success();
    let kept = format!("network vnet-frontend: kept, in use by {WHOAMI}-whoami-1");
    assert!(down.stderr.contains(&kept), "{}", down.stderr);
    assert!(lab.engine.subnet("vnet-frontend").is_some());
}

#[test]
fn a_network_that_is_missing_is_an_error_of_the_service() {
    let Some(lab) = Lab::new() else { return };
    if lab.engine.subnet("vnet-frontend").is_some() {
        // somebody's own network: it is not ours to remove
        return;
    }
    let up = lab.cast(&["@compose", "@whoami", "up"]);
    assert_ne!(up.code, Some(0), "{up:?}");
    assert!(up.stderr.contains("vnet-frontend"), "{}", up.stderr);
}

#[test]
fn the_demo_starts_a_stack_and_takes_it_down() {
    let Some(lab) = Lab::new() else { return };
    let demo = lab.cast(&["demo"]).success();
    assert_eq!(
        lab.engine.containers(WHOAMI),
        [format!("{WHOAMI}-whoami-1")]
    );
    assert!(
        demo.stderr.contains("take it down with `cast demo:down`"),
        "{}",
        demo.stderr
    );
    lab.cast(&["demo:down"]).success();
    assert_eq!(lab.engine.containers(WHOAMI), [] as [String; 0]);
}

/// A sandbox with a copy of the example, without an engine.
fn copy() -> (Sandbox, Utf8PathBuf) {
    let sandbox = Sandbox::new();
    let root = sandbox.copy_tree(&repository().join("examples/homelab"), "homelab");
    (sandbox, root)
}

fn cast_in(sandbox: &Sandbox, root: &Utf8Path, args: &[&str]) -> Outcome {
    homelab_tests::run(sandbox.command(cast_exe()).args(args).current_dir(root))
}

#[test]
fn without_an_engine_the_demo_says_so_in_one_line_and_shows_the_plan() {
    let (mut sandbox, root) = copy();
    sandbox.set("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    let demo = cast_in(&sandbox, &root, &["demo"]).success();
    let said: Vec<_> = demo
        .stderr
        .lines()
        .filter(|line| line.starts_with("demo: "))
        .collect();
    assert_eq!(said.len(), 1, "{}", demo.stderr);
    assert!(
        said[0].contains("no Docker engine was found"),
        "{}",
        said[0]
    );
    // the plan names the hook and says what the task would run
    for part in ["up:before", "compose.sh"] {
        assert!(demo.stdout.contains(part), "no {part} in\n{}", demo.stdout);
    }
    assert!(!root.join(".mnt").exists(), "a plan makes nothing");
}

#[test]
fn production_is_loaded_into_a_shell_with_or_without_quotes() {
    let Some(bash) = oracle("bash") else { return };
    let (mut sandbox, root) = copy();
    // A vault program with values that break careless quoting.
    let kpv = sandbox.file(
        "bin/kpv",
        "#!/bin/bash\nwhile [ \"$1\" != -- ]; do shift; done; shift\n\
         export POSTGRES_PASSWORD=$'two  blanks\\n*\\'x\" $HOME `id` \\\\ \\xc3\\xa9 ; #c\\t[ab]?\\n'\n\
         export REDIS_PASSWORD='a  *  b'\nexec \"$@\"\n",
    );
    sandbox.run("chmod", ["755", kpv.as_str()]).success();
    sandbox.prepend_path(kpv.parent().unwrap());
    sandbox.set("CAST", cast_exe().as_str());
    let script = |eval: &str| {
        format!(
            "set -eu; {eval}; printf '%s|' \"$HOMELAB_ENV\" \"$HOMELAB_DOMAIN\" \"$HOMELAB_TITLE\" \
             \"${{POSTGRES_PASSWORD-unset}}\" \"${{REDIS_PASSWORD-unset}}\""
        )
    };
    let load = |sandbox: &Sandbox, eval: &str| {
        homelab_tests::run(
            sandbox
                .command(&bash)
                .arg("-c")
                .arg(script(eval))
                .current_dir(&root),
        )
        .success()
    };
    let (quoted, unquoted) = (
        r#"eval "$("$CAST" @eng load-prod)""#,
        r#"eval $("$CAST" @eng load-prod)"#,
    );

    let without_vault = load(&sandbox, quoted);
    assert_eq!(
        without_vault.stdout,
        "prod|home.arpa|Homelab (prod)|unset|unset|"
    );
    assert!(
        without_vault
            .stderr
            .contains("only the context is set, no secrets"),
        "{}",
        without_vault.stderr
    );
    assert_eq!(load(&sandbox, unquoted).stdout, without_vault.stdout);

    let vault = sandbox.file("vault.kdbx", "");
    sandbox.set("HOMELAB_VAULT", vault.as_str());
    let with_vault = load(&sandbox, quoted);
    let expected =
        "prod|home.arpa|Homelab (prod)|two  blanks\n*'x\" $HOME `id` \\ é ; #c\t[ab]?\n|a  *  b|";
    assert_eq!(with_vault.stdout, expected);
    assert_eq!(load(&sandbox, unquoted).stdout, expected);

    // only exports reach stdout, so that nothing else is ever evaluated
    let printed = cast_in(&sandbox, &root, &["@eng", "load-prod"]).success();
    assert!(
        printed
            .stdout
            .lines()
            .all(|line| line.starts_with("export ") && line.ends_with(';')),
        "{}",
        printed.stdout
    );

    // a vault that cannot be read gives nothing to evaluate
    sandbox.file("bin/kpv", "#!/bin/sh\nexit 1\n");
    let failed = cast_in(&sandbox, &root, &["@eng", "load-prod"]);
    assert_ne!(failed.code, Some(0));
    assert_eq!(failed.stdout, "");
}

#[test]
fn missing_secrets_are_named_together_before_anything_starts() {
    let (mut sandbox, root) = copy();
    // would be used, were anything started
    sandbox.set("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    let up = cast_in(&sandbox, &root, &["@compose", "up:test"]);
    assert_eq!(up.code, Some(1), "{up:?}");
    assert!(
        up.stderr
            .contains("error: not set: POSTGRES_PASSWORD REDIS_PASSWORD"),
        "{}",
        up.stderr
    );
    assert!(!up.stderr.contains("docker.sock"), "{}", up.stderr);
}

#[test]
fn one_proxy_serves_and_two_are_refused() {
    let (mut sandbox, root) = copy();
    sandbox
        .set("TRAEFIK_ENABLE", "true")
        .set("CADDY_ENABLE", "true");
    let both = homelab_tests::run(
        sandbox
            .command("sh")
            .args(["./proxy.sh", "up"])
            .current_dir(root.join("compose")),
    );
    assert_eq!(both.code, Some(1));
    assert!(
        both.stderr
            .contains("both proxies need the same host ports"),
        "{}",
        both.stderr
    );
    sandbox
        .set("CAST_EXE", "echo")
        .set("TRAEFIK_ENABLE", "false");
    let caddy = homelab_tests::run(
        sandbox
            .command("sh")
            .args(["./proxy.sh", "up"])
            .current_dir(root.join("compose")),
    );
    assert_eq!(caddy.success().stdout, "@caddy up\n");
}
