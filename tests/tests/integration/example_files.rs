//! Every compose file of `examples/homelab` in every environment, as the real Docker Compose reads
//! it, and the conventions of the example.

use std::collections::BTreeMap;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{compose_oracle, oracle, repository, run};
use serde_json::{Value, json};

const ENVIRONMENTS: [&str; 3] = ["default", "prod", "test"];
const DATABASES: [&str; 2] = ["postgres", "redis"];
const PROXIES: [&str; 2] = ["traefik", "caddy"];

fn example() -> Utf8PathBuf {
    repository().join("examples/homelab")
}

/// The service directories, by name: all of `compose/` with a `base.yaml`.
fn services() -> Vec<String> {
    let mut names: Vec<String> = example()
        .join("compose")
        .read_dir_utf8()
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("base.yaml").is_file())
        .map(|entry| entry.file_name().to_owned())
        .collect();
    names.sort();
    names
}

/// Runs `docker-compose config` as the docker module does, with nothing in the environment but what
/// is given. Any warning fails the test.
fn config(
    compose: &Utf8Path,
    service: &str,
    environment: &str,
    switches: &[(&str, &str)],
) -> Value {
    let dir = example().join("compose").join(service);
    let mut command = Command::new(compose);
    command
        .current_dir(&dir)
        .env_clear()
        .envs(switches.iter().copied())
        .env("HOME", "/nonexistent");
    command.args([
        "--env-file",
        &format!("{environment}/.env"),
        "--file",
        &format!("{environment}/compose.yaml"),
    ]);
    for (switch, file) in [("ACME_ENABLE", "acme.yaml"), ("CADDY_ENABLE", "caddy.yaml")] {
        if switches.contains(&(switch, "true")) && dir.join(file).is_file() {
            command.args(["--file", file]);
        }
    }
    let outcome = run(command.args(["config", "--format", "json"])).success();
    assert_eq!(
        outcome.stderr, "",
        "{service}/{environment}: {}",
        outcome.command
    );
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// Everything in a resolved stack that breaks a convention of the example.
fn breaches(stack: &Value, service: &str, environment: &str, data: &Utf8Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut require = |good: bool, what: String| {
        if !good {
            found.push(what);
        }
    };
    require(
        stack["name"] == format!("homelab-{service}-{environment}"),
        format!(
            "project name {} does not name stack and environment",
            stack["name"]
        ),
    );
    for (name, network) in stack["networks"].as_object().into_iter().flatten() {
        require(
            network["external"] == true,
            format!("network {name} is not external"),
        );
    }
    for (name, spec) in stack["services"].as_object().into_iter().flatten() {
        let one_shot = spec["restart"] == "no";
        let image = spec["image"].as_str().unwrap_or_default();
        let tag = image
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .split_once(':')
            .map_or("", |(_, tag)| tag);
        let exact = tag
            .trim_start_matches('v')
            .split(['.', '-'])
            .take(2)
            .all(|part| part.parse::<u32>().is_ok());
        require(
            exact && tag.contains('.'),
            format!("{name}: image {image} has no exact tag"),
        );
        require(
            spec["container_name"].is_null(),
            format!("{name}: a fixed container_name forbids replicas"),
        );
        require(
            one_shot || spec["restart"] == "unless-stopped",
            format!("{name}: restart is {}", spec["restart"]),
        );
        require(
            one_shot || spec["healthcheck"]["test"].is_array(),
            format!("{name}: no health check"),
        );
        require(
            spec["logging"]["options"]["max-size"].is_string(),
            format!("{name}: logs grow without limit"),
        );
        require(
            spec["mem_limit"].is_string(),
            format!("{name}: no memory limit"),
        );
        require(
            spec["security_opt"] == json!(["no-new-privileges:true"]),
            format!("{name}: may gain privileges"),
        );
        require(spec["privileged"].is_null(), format!("{name}: privileged"));
        require(
            spec["labels"]["homelab.env"] == environment,
            format!("{name}: label homelab.env is missing"),
        );

        let networks: Vec<&str> = spec["networks"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        let ports = spec["ports"].as_array().map_or(0, Vec::len);
        if DATABASES.contains(&name.as_str()) {
            require(
                networks == ["backend"],
                format!("{name}: a database on {networks:?}"),
            );
            require(
                ports == 0,
                format!("{name}: a database with published ports"),
            );
            let alias = &spec["networks"]["backend"]["aliases"];
            require(
                alias == &json!([format!("{name}-{environment}")]),
                format!("{name}: aliases are {alias}"),
            );
        }
        if PROXIES.contains(&name.as_str()) {
            require(
                networks == ["backend", "frontend"],
                format!("{name}: a proxy on {networks:?}"),
            );
        }
        let replicas = spec["scale"].as_u64().unwrap_or(1);
        require(
            replicas == 1 || ports == 0,
            format!("{name}: replicas would fight for the host port"),
        );

        for (key, value) in spec["environment"].as_object().into_iter().flatten() {
            require(
                !is_secret(key) || key.ends_with("_FILE"),
                format!("{name}: secret {key} is in the environment"),
            );
            require(
                !value.as_str().unwrap_or_default().contains("$("),
                format!("{name}: {key} is never substituted"),
            );
        }
        for (key, value) in spec["labels"].as_object().into_iter().flatten() {
            require(
                !key.starts_with("caddy"),
                format!("{name}: label {key} although Caddy is off"),
            );
            if key == "traefik.enable" && value == "true" {
                let network = &spec["labels"]["traefik.docker.network"];
                require(
                    network == "vnet-frontend",
                    format!("{name}: traefik.docker.network is {network}"),
                );
                require(
                    networks.contains(&"frontend"),
                    format!("{name}: not on a network of the proxy"),
                );
            }
        }
        for mount in spec["volumes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|mount| mount["type"] == "bind")
        {
            let source = Utf8Path::new(mount["source"].as_str().unwrap_or_default());
            if source == "/var/run/docker.sock" {
                require(
                    PROXIES.contains(&name.as_str()),
                    format!("{name}: has the engine's socket"),
                );
            } else if source.starts_with(example().join("compose")) {
                require(
                    source.exists(),
                    format!("{name}: {source} is not in the repository"),
                );
                require(
                    mount["read_only"] == true,
                    format!("{name}: {source} is writable"),
                );
            } else {
                require(
                    source == data.join(service),
                    format!("{name}: data lies in {source}"),
                );
            }
            require(
                source == "/var/run/docker.sock" || mount["bind"]["create_host_path"] != true,
                format!("{name}: {source} would be made by the engine, as root"),
            );
        }
    }
    found
}

fn is_secret(name: &str) -> bool {
    ["PASSWORD", "SECRET", "TOKEN", "PRIVATE", "API_KEY"]
        .iter()
        .any(|word| name.contains(word))
}

fn data_dir(environment: &str) -> Utf8PathBuf {
    match environment {
        // where hooks, which run in the service's directory, see `../../.mnt`
        "default" => example().join(".mnt/data"),
        "prod" => "/mnt/docker/data".into(),
        _ => "/mnt/docker-test/data".into(),
    }
}

#[test]
fn every_service_has_every_environment() {
    let names = services();
    assert_eq!(
        names,
        [
            "caddy",
            "coredns",
            "dashboard",
            "postgres",
            "redis",
            "traefik",
            "whoami"
        ]
    );
    for service in &names {
        let dir = example().join("compose").join(service);
        assert!(dir.join("castfile").is_file(), "{dir}");
        for environment in ENVIRONMENTS {
            assert!(
                dir.join(environment).join("compose.yaml").is_file(),
                "{dir}/{environment}"
            );
            assert!(
                dir.join(environment).join(".env").is_file(),
                "{dir}/{environment}"
            );
        }
    }
}

#[test]
fn compose_reads_every_stack_without_warnings_and_none_breaks_a_convention() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let mut names = BTreeMap::new();
    // (host address, port, protocol) of every environment, and who publishes there
    let mut published: BTreeMap<(String, String, String), String> = BTreeMap::new();
    for service in services() {
        for environment in ENVIRONMENTS {
            let place = format!("{service}/{environment}");
            let stack = config(&compose, &service, environment, &[]);
            assert_eq!(
                breaches(&stack, &service, environment, &data_dir(environment)),
                [] as [String; 0],
                "{place}"
            );
            let other = names.insert(stack["name"].to_string(), place.clone());
            assert_eq!(other, None, "{place} has the project name of another stack");
            for spec in stack["services"].as_object().unwrap().values() {
                for port in spec["ports"].as_array().into_iter().flatten() {
                    let text = |key: &str| port[key].as_str().unwrap_or_default().to_owned();
                    let other = published.insert(
                        (text("host_ip"), text("published"), text("protocol")),
                        place.clone(),
                    );
                    let alternatives = [
                        format!("caddy/{environment}"),
                        format!("traefik/{environment}"),
                    ];
                    assert!(
                        other
                            .as_ref()
                            .is_none_or(|other| alternatives.contains(other)
                                && alternatives.contains(&place)),
                        "{place} wants port {} of {other:?}",
                        port["published"]
                    );
                }
            }
        }
    }
}

#[test]
fn the_stacks_are_the_same_when_compose_is_called_by_hand() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    for service in services() {
        for environment in ENVIRONMENTS {
            let dir = example().join("compose").join(&service).join(environment);
            let mut command = Command::new(&compose);
            command
                .current_dir(&dir)
                .env_clear()
                .env("HOME", "/nonexistent");
            let outcome = run(command.args(["config", "--format", "json"])).success();
            let by_hand: Value = serde_json::from_str(&outcome.stdout).unwrap();
            assert_eq!(
                by_hand,
                config(&compose, &service, environment, &[]),
                "{dir}"
            );
        }
    }
}

#[test]
fn the_caller_chooses_the_proxy_and_each_environment_has_labels_of_its_own() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    for environment in ENVIRONMENTS {
        for service in ["dashboard", "whoami"] {
            let switches = [("TRAEFIK_ENABLE", "false"), ("CADDY_ENABLE", "true")];
            let stack = config(&compose, service, environment, &switches);
            let labels = &stack["services"][service]["labels"];
            assert_eq!(labels["traefik.enable"], "false");
            let domain = match environment {
                "default" => "dev.home.arpa",
                "prod" => "home.arpa",
                _ => "test.home.arpa",
            };
            let name = if service == "dashboard" {
                "home"
            } else {
                service
            };
            assert_eq!(
                labels[format!("caddy_{environment}")],
                format!("{name}.{domain}")
            );
            assert_eq!(
                labels[format!("caddy_{environment}.reverse_proxy")],
                "{{upstreams 8080}}"
            );
        }
        let caddy = config(&compose, "caddy", environment, &[]);
        assert_eq!(
            caddy["services"]["caddy"]["environment"]["CADDY_DOCKER_LABEL_PREFIX"],
            format!("caddy_{environment}")
        );
        let traefik = config(&compose, "traefik", environment, &[]);
        let variables = &traefik["services"]["traefik"]["environment"];
        assert_eq!(
            variables["TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS"],
            format!("Label(`homelab.env`,`{environment}`)")
        );
        assert_eq!(
            variables["TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT"],
            "false"
        );
        assert!(variables["TRAEFIK_API_INSECURE"].is_null());
    }
}

#[test]
fn certificates_by_dns_need_a_scoped_token_only() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let stack = config(&compose, "traefik", "prod", &[("ACME_ENABLE", "true")]);
    let traefik = &stack["services"]["traefik"];
    let variables = traefik["environment"].as_object().unwrap();
    assert_eq!(
        variables["CF_DNS_API_TOKEN_FILE"],
        "/run/secrets/cf_dns_api_token"
    );
    assert!(
        !variables
            .keys()
            .any(|name| name.contains("EMAIL") || name == "CF_API_KEY"),
        "{variables:?}"
    );
    assert_eq!(
        stack["secrets"]["cf_dns_api_token"]["environment"],
        "CF_DNS_API_TOKEN"
    );
    // the override keeps what the stack had
    assert_eq!(variables["TRAEFIK_ENTRYPOINTS_WEBSECURE_HTTP_TLS"], "true");
}

#[test]
fn hooks_make_the_directories_the_stacks_mount() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    for service in services() {
        let stack = config(&compose, &service, "prod", &[]);
        let mounts_data = stack["services"].as_object().unwrap().values().any(|spec| {
            let mounts = spec["volumes"].as_array().into_iter().flatten();
            mounts
                .filter_map(|mount| mount["source"].as_str())
                .any(|source| source.starts_with("/mnt/docker/"))
        });
        let castfile =
            fs_err::read_to_string(example().join("compose").join(&service).join("castfile"))
                .unwrap();
        for hook in ["up:before", "up:prod:before", "up:test:before"] {
            let has_hook = castfile.contains(&format!("\n  {hook}:\n"));
            assert_eq!(has_hook, mounts_data, "{service}: {hook}");
        }
        assert_eq!(
            castfile.contains(&format!("mkdir -p \"$MNT_DIR/data/{service}\"")),
            mounts_data,
            "{service}"
        );
    }
}

#[test]
fn no_file_holds_a_secret_a_substitution_or_a_multicast_name() {
    let mut files = Vec::new();
    let mut dirs = vec![example()];
    while let Some(dir) = dirs.pop() {
        for entry in dir.read_dir_utf8().unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                if entry.file_name() != ".mnt" {
                    dirs.push(entry.into_path());
                }
            } else {
                files.push(entry.into_path());
            }
        }
    }
    assert!(files.len() > 60, "{files:?}");
    for file in files {
        let text = fs_err::read_to_string(&file).unwrap();
        assert!(!text.contains("home.local"), "{file}");
        assert!(!text.contains(":latest"), "{file}");
        for line in text.lines() {
            // `${DB_PASSWORD:-changeme}` and `${DB_PASSWORD-changeme}`
            for (at, _) in line.match_indices("${") {
                let name: String = line[at + 2..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                let rest = &line[at + 2 + name.len()..];
                let default = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
                let empty = default.is_none_or(|default| default.starts_with('}'));
                assert!(empty || !is_secret(&name), "{file}: {line}");
            }
            if file.file_name() == Some(".env") {
                let name = line.split('=').next().unwrap_or_default();
                assert!(!is_secret(name), "{file}: {line}");
                assert!(
                    !line.contains("$(") && !line.contains('`'),
                    "{file}: {line}"
                );
            }
        }
    }
}

#[test]
fn the_scripts_are_in_the_language_they_say() {
    let Some(bash) = oracle("bash") else { return };
    let root = example();
    for script in [
        "demo.sh",
        "compose/down.sh",
        "compose/proxy.sh",
        "compose/setup/networks.sh",
        "eng/init.sh",
    ] {
        run(Command::new("sh").arg("-n").arg(root.join(script))).success();
    }
    run(Command::new("sh")
        .arg("-n")
        .arg(root.join(".cast/modules/docker/compose.sh")))
    .success();
    run(Command::new(bash).arg("-n").arg(root.join("eng/load.sh"))).success();
}

/// The check itself must see what it is there for.
#[test]
fn a_stack_with_the_usual_mistakes_is_told_all_of_them() {
    let stack = json!({
        "name": "prod",
        "networks": {"frontend": {}},
        "services": {"postgres": {
            "image": "postgres:latest",
            "container_name": "postgres",
            "networks": {"frontend": null},
            "ports": [{"published": "5432"}],
            "scale": 2,
            "environment": {"POSTGRES_PASSWORD": "$(kpv get x)"},
            "labels": {"caddy": "false", "traefik.enable": "true"},
            "volumes": [
                {"type": "bind", "source": "/var/run/docker.sock"},
                {"type": "bind", "source": "/srv/pg", "bind": {"create_host_path": true}}
            ]
        }}
    });
    let found = breaches(
        &stack,
        "postgres",
        "prod",
        Utf8Path::new("/mnt/docker/data"),
    );
    let expected = [
        "project name \"prod\" does not name stack and environment",
        "network frontend is not external",
        "postgres: image postgres:latest has no exact tag",
        "postgres: a fixed container_name forbids replicas",
        "postgres: restart is null",
        "postgres: no health check",
        "postgres: logs grow without limit",
        "postgres: no memory limit",
        "postgres: may gain privileges",
        "postgres: label homelab.env is missing",
        "postgres: a database on [\"frontend\"]",
        "postgres: a database with published ports",
        "postgres: aliases are null",
        "postgres: replicas would fight for the host port",
        "postgres: secret POSTGRES_PASSWORD is in the environment",
        "postgres: POSTGRES_PASSWORD is never substituted",
        "postgres: label caddy although Caddy is off",
        "postgres: traefik.docker.network is null",
        "postgres: has the engine's socket",
        "postgres: data lies in /srv/pg",
        "postgres: /srv/pg would be made by the engine, as root",
    ];
    assert_eq!(found, expected);
}
