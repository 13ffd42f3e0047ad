//! Every attribute at once.

use compose_model::Project;

use crate::comparison::{differences, left_out};
use crate::support::{options, project_with};

const EVERYTHING: &str = include_str!("everything.yaml");

fn everything() -> Project {
    let mut options = options();
    options.profiles.push("*".to_owned());
    let files = [("compose.yaml", EVERYTHING), ("web.labels", "from=file\n")];
    project_with(&options, files)
}

#[test]
fn every_attribute_has_a_type_and_its_value() {
    let project = everything();
    assert_eq!(left_out(&project), []);
    let problems = differences(&project, &project.to_json().unwrap());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // What JSON does not have.
    let models: Vec<_> = project.models().collect();
    assert_eq!(models.len(), 2);
    assert_eq!(models[0].model.as_ref().unwrap().as_str(), "ai/smollm2");
    assert_eq!(models[0].context_size.as_deref(), Some(&1024));
    assert_eq!(models[1].name.as_ref().unwrap().as_str(), "the-other");
    let all = project.service("all").unwrap();
    assert_eq!(all.extensions.keys().collect::<Vec<_>>(), ["x-service"]);
    assert!(
        all.build
            .as_ref()
            .unwrap()
            .extensions
            .contains_key("x-build")
    );
    assert!(
        all.deploy
            .as_ref()
            .unwrap()
            .extensions
            .contains_key("x-deploy")
    );
    assert_eq!(project.extensions().keys().collect::<Vec<_>>(), ["x-top"]);
}

#[test]
fn the_example_has_every_attribute() {
    let project = everything();
    let printed = project.to_yaml();
    let missing: Vec<_> = ATTRIBUTES
        .split_whitespace()
        .filter(|name| {
            !printed.contains(&format!("{name}: ")) && !printed.contains(&format!("{name}:\n"))
        })
        .collect();
    // `env_file` is read and gone, `dockerfile_inline` cannot stand beside `dockerfile`.
    assert_eq!(missing, ["env_file", "dockerfile_inline"]);
}

#[test]
fn what_has_an_effect_in_swarm_alone_is_what_docker_compose_warns_about() {
    let all = everything().service("all").unwrap();
    let found = all.swarm_only();
    let mut paths: Vec<_> = found.iter().map(|it| it.as_str()).collect();
    paths.sort_unstable();
    let expected = [
        "configs.web.gid",
        "configs.web.mode",
        "configs.web.uid",
        "credential_spec",
        "deploy.endpoint_mode",
        "deploy.labels",
        "deploy.mode",
        "deploy.placement",
        "deploy.rollback_config",
        "deploy.update_config",
        "ports[443/tcp].mode",
        "secrets.key.gid",
        "secrets.key.mode",
        "secrets.key.uid",
        "storage_opt.size",
        "volumes[group].type",
    ];
    assert_eq!(paths, expected);
    assert!(found.iter().all(|it| it.place().is_some()));
}

/// The attributes of services, jobs, builds and deployments, by the Compose Specification.
pub(crate) const ATTRIBUTES: &str = "\
    annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs \
    container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime \
    cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices \
    dns dns_opt dns_search domainname entrypoint env_file environment expose external_links \
    extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels \
    links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models \
    network_mode networks oom_kill_disable oom_score_adj per_replica pid pids_limit platform ports \
    post_start pre_start pre_stop privileged profiles provider pull_policy pull_refresh_after \
    read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period \
    stop_signal storage_opt sysctls tmpfs triggers tty ulimits use_api_socket user userns_mode uts \
    volumes volumes_from working_dir \
    additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements \
    network no_cache no_cache_filter platforms provenance pull sbom ssh tags target \
    endpoint_mode mode placement replicas resources restart_policy rollback_config update_config \
    constraints delay failure_action generic_resources limits max_attempts max_failure_ratio \
    max_replicas_per_node monitor order parallelism preferences reservations spread window";
