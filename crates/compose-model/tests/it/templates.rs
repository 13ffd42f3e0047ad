//! Projects loaded without interpolation: what can be typed is, the rest is listed.

use compose_model::Project;

use crate::support::{options, project_with};

fn uninterpolated(text: &str) -> Project {
    let mut options = options();
    options.interpolate = false;
    project_with(&options, [("compose.yaml", text)])
}

#[test]
fn what_holds_variables_is_listed_and_the_rest_typed() {
    let project = uninterpolated(
        "services:\n  web:\n    image: nginx:${TAG}\n    user: ${USER}\n    mem_limit: ${MEM}\n    cpus: 0.5\n    \
         ports: ['${P}:80', '81:81']\n    volumes: ['/x${V}:/v', 'a:/a']\n    \
         environment: {A: '${A:-x}', B: b}\n    privileged: ${ROOT}\n    \
         ulimits: {nofile: {soft: '${SOFT}', hard: 2}, nproc: 3}\n    deploy: {replicas: '${N}', mode: global}\n    \
         networks: {front: {ipv4_address: '${IP}', aliases: [a]}}\nnetworks: {front: {internal: '${INTERNAL}'}}\nvolumes: {a: }\n",
    );
    let web = project.service("web").unwrap();
    let untyped: Vec<_> = web.untyped.iter().map(|it| it.path.as_str()).collect();
    let expected = [
        "image",
        "mem_limit",
        "networks.front.ipv4_address",
        "privileged",
        "ulimits.nofile",
        "ports[0]",
        "deploy.replicas",
    ];
    assert_eq!(untyped, expected);
    assert_eq!(web.untyped[0].value.as_str(), Some("nginx:${TAG}"));
    assert_eq!(
        web.untyped[0].value.place().unwrap().to_string(),
        "compose.yaml:3:12"
    );

    // Texts are texts, with variables or without.
    assert_eq!(web.user.as_ref().unwrap().as_str(), "${USER}");
    assert!(web.user.as_ref().unwrap().is_interpolated());
    assert_eq!(web.cpus.as_deref(), Some(&0.5));
    assert_eq!(web.ports.len(), 1);
    assert_eq!(web.volumes.len(), 2);
    let a = &web.environment["A"];
    assert_eq!(
        (a.as_deref(), a.variables()[0].default),
        (Some("${A:-x}"), Some("x"))
    );
    assert_eq!(web.ulimits.keys().collect::<Vec<_>>(), ["nproc"]);
    assert_eq!(*web.networks["front"].aliases[0], "a");
    let front = project.network("front").unwrap();
    assert_eq!(front.untyped[0].path, "internal");
}
