//! Shapes at the edges: what attributes become in their various forms.

use std::net::IpAddr;

use compose_model::model::{
    Condition, DeviceCount, HealthTest, MountSource, Namespace, NetworkMode, PortRange, Protocol,
    PullPolicy, Restart, Service,
};

use crate::support::project;

/// The service `web` with these attributes, in a project with a volume `data` and a service `db`.
#[track_caller]
fn web(attributes: &str) -> Service {
    let attributes = attributes.replace('\n', "\n    ");
    let project = project(&format!(
        "services:\n  web:\n    image: nginx\n    {attributes}\n  db: {{image: postgres}}\nvolumes: {{data: }}\n"
    ));
    project.service("web").unwrap()
}

#[test]
fn ports() {
    for (written, printed) in [
        ("'80'", "80/tcp"),
        ("80", "80/tcp"),
        ("'8080:80'", "8080:80/tcp"),
        ("'127.0.0.1:8080:80/udp'", "127.0.0.1:8080:80/udp"),
        ("'127.0.0.1::80'", "127.0.0.1::80/tcp"),
        ("'[::1]:8080:80/SCTP'", "[::1]:8080:80/sctp"),
        ("'8000-8009:80'", "8000-8009:80/tcp"),
        (
            "{target: 80, published: 8000-8009, protocol: UDP}",
            "8000-8009:80/udp",
        ),
        ("{target: 80, host_ip: 0.0.0.0}", "0.0.0.0::80/tcp"),
    ] {
        let ports = web(&format!("ports: [{written}]")).workload.ports;
        assert_eq!(ports[0].to_string(), printed, "{written}");
    }
    let ports = web("ports: ['3000-3002:4000-4002']").workload.ports;
    let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
    assert_eq!(ports, ["3000:4000/tcp", "3001:4001/tcp", "3002:4002/tcp"]);
}

#[test]
fn loopback_is_what_only_the_host_reaches() {
    for (ip, loopback) in [
        ("127.0.0.1", true),
        ("127.8.8.8", true),
        ("'::1'", true),
        ("0.0.0.0", false),
        ("192.168.1.2", false),
        ("'::'", false),
    ] {
        let port = format!("ports: [{{target: 80, host_ip: {ip}}}]");
        assert_eq!(web(&port).ports[0].is_loopback(), loopback, "{ip}");
    }
    assert!(!web("ports: ['80:80']").ports[0].is_loopback());
}

#[test]
fn ports_of_the_host_network_publish_nothing() {
    let service = web("ports: ['80:80']\nnetwork_mode: host");
    assert_eq!(
        (service.ports.len(), service.published_ports().count()),
        (1, 0)
    );
    assert_eq!(
        web("ports: ['80:80']\nnetwork_mode: bridge")
            .published_ports()
            .count(),
        1
    );
}

#[test]
fn ranges_of_ports_are_read_and_printed() {
    let range: PortRange = "8000-8009".parse().unwrap();
    assert_eq!(
        (range.first(), range.last(), range.is_range()),
        (8000, 8009, true)
    );
    assert!(range.contains(8009) && !range.contains(8010));
    for text in ["80", "8000-8009", "0", "65535"] {
        assert_eq!(text.parse::<PortRange>().unwrap().to_string(), text);
    }
    for text in ["", "-", "80-", "9-8", "65536", "80/tcp", "a"] {
        assert!(text.parse::<PortRange>().is_err(), "{text}");
    }
    assert_eq!(PortRange::new(2, 1), None);
}

#[test]
fn exposed_ports() {
    let expose = web("expose: [3000, '4000-4001/udp']").workload.expose;
    assert_eq!(
        (expose[0].ports.first(), expose[0].protocol),
        (3000, Protocol::Tcp)
    );
    assert_eq!(
        (expose[1].ports.last(), expose[1].protocol),
        (4001, Protocol::Udp)
    );
}

#[test]
fn health_tests() {
    let shell = |script: &str| HealthTest::Shell {
        script: script.to_owned(),
        arguments: Vec::new(),
    };
    for (written, expected, has) in [
        (
            "curl -f x || exit 1",
            Some(shell("curl -f x || exit 1")),
            true,
        ),
        ("[CMD-SHELL, 'a | b']", Some(shell("a | b")), true),
        (
            "[CMD, a, b]",
            Some(HealthTest::Exec(vec!["a".to_owned(), "b".to_owned()])),
            true,
        ),
        ("[NONE]", Some(HealthTest::None), false),
        ("[]", None, false),
        ("''", None, false),
    ] {
        let service = web(&format!("healthcheck: {{test: {written}, interval: 10s}}"));
        let check = service.healthcheck.as_ref().unwrap();
        assert_eq!(check.test.as_deref(), expected.as_ref(), "{written}");
        assert_eq!(service.has_healthcheck(), has, "{written}");
        assert_eq!(service.untyped, [], "{written}");
    }
    assert!(!web("user: app").has_healthcheck());
    let disabled = web("healthcheck: {disable: true, test: a}");
    assert!(!disabled.has_healthcheck() && disabled.healthcheck.as_ref().unwrap().is_disabled());
}

#[test]
fn mounts() {
    for (written, source) in [
        ("'./conf:/conf'", MountSource::Path("/lab/conf".into())),
        ("'data:/data'", MountSource::Volume("data")),
        ("/data", MountSource::Anonymous),
        ("{type: volume, target: /data}", MountSource::Anonymous),
        ("{type: tmpfs, target: /data}", MountSource::Memory),
        (
            "{type: image, source: busybox, target: /data}",
            MountSource::Image("busybox"),
        ),
        (
            "{type: cluster, source: g, target: /data}",
            MountSource::Cluster("g"),
        ),
        (
            "{type: npipe, source: p, target: /data}",
            MountSource::NamedPipe("p"),
        ),
    ] {
        let service = web(&format!("volumes: [{written}]"));
        assert_eq!(service.volumes[0].mounted(), source, "{written}");
    }
    let service = web("volumes: ['data:/data:ro', './conf:/conf', '/anonymous']");
    assert!(service.volumes[0].is_read_only() && !service.volumes[1].is_read_only());
    let (binds, volumes) = (
        service.bind_mounts().count(),
        service.named_volumes().count(),
    );
    assert_eq!((binds, volumes), (1, 1));
}

#[test]
fn commands() {
    let words = |written: &str| {
        web(&format!("command: {written}"))
            .command
            .clone()
            .map(|it| it.value)
    };
    assert_eq!(
        words("serve --name 'a b'"),
        Some(vec![
            "serve".to_owned(),
            "--name".to_owned(),
            "a b".to_owned()
        ])
    );
    assert_eq!(
        words("[a, 'b c']"),
        Some(vec!["a".to_owned(), "b c".to_owned()])
    );
    // Empty clears what the image has, null does not.
    assert_eq!(words("[]"), Some(Vec::new()));
    assert_eq!(words("''"), Some(Vec::new()));
    assert_eq!(words("null"), None);
}

#[test]
fn replicas() {
    for (written, expected) in [
        ("user: app", 1),
        ("scale: 3", 3),
        ("scale: 0", 0),
        ("deploy: {replicas: 2}", 2),
        ("deploy: {replicas: 2}\nscale: 2", 2),
        ("deploy: {mode: global}", 1),
        ("deploy:", 1),
    ] {
        assert_eq!(web(written).replicas(), expected, "{written}");
    }
}

#[test]
fn restart_policies() {
    for (written, expected) in [
        ("'no'", Restart::No),
        ("no", Restart::No),
        ("always", Restart::Always),
        ("unless-stopped", Restart::UnlessStopped),
        ("on-failure", Restart::OnFailure { max_retries: None }),
        (
            "on-failure:3",
            Restart::OnFailure {
                max_retries: Some(3),
            },
        ),
    ] {
        let restart = web(&format!("restart: {written}")).restart.unwrap().value;
        assert_eq!(restart, expected);
        assert_eq!(restart.to_string(), written.trim_matches('\''));
    }
    for written in ["never", "on-failure:x", "always:1", "no:"] {
        let service = web(&format!("restart: '{written}'"));
        assert_eq!(service.restart.is_some(), written == "no:", "{written}");
        assert_eq!(service.untyped.is_empty(), written == "no:", "{written}");
    }
}

#[test]
fn pull_policies() {
    let day: u64 = 24 * 60 * 60;
    for (written, expected) in [
        ("if_not_present", PullPolicy::Missing),
        ("missing", PullPolicy::Missing),
        ("build", PullPolicy::Build),
    ] {
        let service = web(&format!("pull_policy: {written}"));
        assert_eq!(service.pull_policy.as_deref(), Some(&expected));
    }
    for (written, seconds) in [
        ("daily", day),
        ("weekly", 7 * day),
        ("every_1d12h", day * 3 / 2),
    ] {
        let service = web(&format!("pull_policy: {written}"));
        let Some(PullPolicy::Every(interval)) = service.pull_policy.as_deref() else {
            panic!("{written}");
        };
        assert_eq!(interval.to_std().unwrap().as_secs(), seconds);
    }
}

#[test]
fn namespaces_and_network_modes() {
    let service = web(
        "pid: 'service:db'\nipc: shareable\nuts: host\nuserns_mode: 'container:x'\nnetwork_mode: 'container:x'",
    );
    assert_eq!(
        service.pid.as_deref(),
        Some(&Namespace::Service("db".to_owned()))
    );
    assert_eq!(
        service.ipc.as_deref(),
        Some(&Namespace::Other("shareable".to_owned()))
    );
    assert_eq!(service.uts.as_deref(), Some(&Namespace::Host));
    assert_eq!(
        service.userns_mode.as_deref(),
        Some(&Namespace::Container("x".to_owned()))
    );
    assert_eq!(
        service.network_mode.as_deref(),
        Some(&NetworkMode::Container("x".to_owned()))
    );
    // A shared namespace implies that the other one starts first.
    assert_eq!(*service.depends_on["db"].condition, Condition::Started);
    assert!(service.networks.is_empty());
}

#[test]
fn images() {
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    for (written, tag, pinned) in [
        ("nginx".to_owned(), Some("latest"), false),
        ("nginx:1.27".to_owned(), Some("1.27"), false),
        (format!("nginx:1.27@{digest}"), Some("1.27"), true),
        (format!("nginx@{digest}"), None, true),
    ] {
        let project = project(&format!("services: {{web: {{image: '{written}'}}}}"));
        let image = project.service("web").unwrap().image.clone().unwrap();
        assert_eq!(
            (image.effective_tag(), image.is_pinned()),
            (tag, pinned),
            "{written}"
        );
    }
    // What only an engine refuses is there, as what it is.
    let service = project("services: {web: {image: 'nginx:'}}")
        .service("web")
        .unwrap();
    assert_eq!(service.image, None);
    assert_eq!(
        (&*service.untyped[0].path, service.untyped[0].value.as_str()),
        ("image", Some("nginx:"))
    );
}

#[test]
fn requests_for_devices() {
    let count = |written: &str| web(written).gpus[0].count.as_deref().copied();
    assert_eq!(count("gpus: all"), Some(DeviceCount::All));
    assert_eq!(count("gpus: [{driver: nvidia}]"), Some(DeviceCount::All));
    assert_eq!(count("gpus: [{count: 2}]"), Some(DeviceCount::Exactly(2)));
    assert_eq!(count("gpus: [{device_ids: ['0']}]"), None);
}

#[test]
fn limits_of_processes() {
    let service = web("ulimits: {nproc: 10, nofile: {soft: 1, hard: -1}}");
    let limit = |name: &str| (service.ulimits[name].soft, service.ulimits[name].hard);
    assert_eq!((limit("nproc"), limit("nofile")), ((10, 10), (1, -1)));
    assert_eq!(
        service.ulimits.keys().collect::<Vec<_>>(),
        ["nofile", "nproc"]
    );
}

#[test]
fn hosts_are_one_for_each_address() {
    let expected = ["gw=host-gateway", "nas=192.168.1.2", "nas=fd00::2"];
    for written in [
        "{nas: [192.168.1.2, '[fd00::2]'], gw: host-gateway}",
        "['nas:192.168.1.2', 'nas=[fd00::2]', 'gw=host-gateway']",
    ] {
        let hosts = web(&format!("extra_hosts: {written}")).extra_hosts.clone();
        let hosts: Vec<_> = hosts.iter().map(ToString::to_string).collect();
        assert_eq!(hosts, expected);
    }
}

#[test]
fn single_values_are_lists_of_one() {
    let service = web("dns: 1.1.1.1\ntmpfs: /run\ndns_search: example.org");
    assert_eq!(*service.dns[0], "1.1.1.1".parse::<IpAddr>().unwrap());
    assert_eq!(
        (service.tmpfs[0].as_str(), service.dns_search[0].as_str()),
        ("/run", "example.org")
    );
}

#[test]
fn labels_are_texts_in_natural_order() {
    let service = web("labels: {b10: 1, b9: true, a: , c: 1.50}");
    let labels: Vec<_> = service
        .labels
        .iter()
        .map(|(key, it)| format!("{key}={it}"))
        .collect();
    assert_eq!(labels, ["a=", "b9=true", "b10=1", "c=1.5"]);
}

#[test]
fn names_of_resources() {
    let project = project(
        "services:\n  web:\n    image: nginx\n    networks: [a, b, c]\nnetworks:\n  a:\n  b: {external: true}\n  c: {name: proxy}\n",
    );
    let names: Vec<_> = project
        .networks()
        .map(|it| format!("{} {}", it.key, *it.name))
        .collect();
    assert_eq!(names, ["a lab_a", "b b", "c proxy"]);
    let hidden = project.networks().map(|it| it.name.place().is_none());
    assert_eq!(hidden.collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn the_order_is_that_of_the_printed_project() {
    let text = "services: {web10: {image: a}, web9: {image: a}, Web: {image: a}, a_b: {image: a}, a-b: {image: a}}";
    let project = project(text);
    let printed = project.to_yaml();
    let positions = project
        .services()
        .map(|it| printed.find(&format!("\n  {}:\n", it.name)).unwrap());
    let positions: Vec<_> = positions.collect();
    assert!(positions.is_sorted(), "{positions:?}\n{printed}");
    assert_eq!(positions.len(), 5);
}

#[test]
fn disabled_services_can_be_looked_at() {
    let project = project("services: {web: {image: a}, debug: {image: b, profiles: [debug]}}");
    assert!(project.service("debug").is_none());
    let debug = project.disabled_services().next().unwrap();
    assert_eq!(
        (debug.name.as_str(), debug.profiles[0].as_str()),
        ("debug", "debug")
    );
}

#[test]
fn keys_of_ssh_agents_keep_their_paths() {
    let service = web("build: {context: ., ssh: [default, 'key=/id']}");
    let ssh = &service.build.as_ref().unwrap().ssh;
    assert_eq!(
        (ssh["default"].as_deref(), ssh["key"].as_deref()),
        (None, Some("/id"))
    );
}
