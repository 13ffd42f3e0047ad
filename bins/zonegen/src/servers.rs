//! The servers of a Corefile.

use std::time::Duration;

use dns_zone::corefile::{Plugin, Server};

use crate::config::{CorefileConfig, ZoneConfig};

/// A server for every zone, the views of a zone in front of what everybody sees, and one for all other
/// queries if they are forwarded.
pub(crate) fn of(config: &CorefileConfig, zones: &[ZoneConfig]) -> Vec<Server> {
    let mut servers = Vec::new();
    for zone in zones {
        let name = zone.name.to_string();
        let key = key(name.trim_end_matches('.'), config);
        for view in &zone.views {
            let networks: Vec<String> = view.networks.iter().map(ToString::to_string).collect();
            let front = Plugin::view_of(&view.name, networks.iter().map(String::as_str));
            servers.push(zone_server(&key, Some(front), &view.file, config));
        }
        servers.push(zone_server(&key, None, &zone.file, config));
    }
    if !config.forward.is_empty() {
        servers.push(forwarding(config));
    }
    if let Some(last) = servers.last_mut() {
        // What the process has once.
        last.plugins.extend(
            config
                .health
                .clone()
                .map(|address| Plugin::Health(Some(address))),
        );
        last.plugins.extend(
            config
                .ready
                .clone()
                .map(|address| Plugin::Ready(Some(address))),
        );
        last.plugins.push(Plugin::Reload(None));
    }
    servers
}

fn key(zone: &str, config: &CorefileConfig) -> String {
    match config.port {
        Some(port) => format!("{zone}:{port}"),
        None => zone.to_owned(),
    }
}

fn zone_server(key: &str, view: Option<Plugin>, file: &str, config: &CorefileConfig) -> Server {
    let mut server = Server::new([key]);
    server.plugins.extend(view);
    bind(&mut server, config);
    server.plugins.push(Plugin::File {
        path: format!("{}/{file}", config.zones),
        reload: config
            .reload
            .map(|seconds| Duration::from_secs(seconds.into())),
        fallthrough: false,
    });
    telling(&mut server, config);
    server
}

fn forwarding(config: &CorefileConfig) -> Server {
    let mut server = Server::new([key(".", config).as_str()]);
    bind(&mut server, config);
    if !config.allow.is_empty() {
        server.plugins.push(Plugin::Allow(config.allow.clone()));
    }
    server.plugins.push(Plugin::Forward {
        from: ".".to_owned(),
        to: config.forward.clone(),
        tls_servername: config.tls_servername.clone(),
        except: Vec::new(),
    });
    server
        .plugins
        .extend(config.cache.map(|seconds| Plugin::Cache(Some(seconds))));
    telling(&mut server, config);
    server.plugins.push(Plugin::Loop);
    server
}

fn bind(server: &mut Server, config: &CorefileConfig) {
    if !config.bind.is_empty() {
        server.plugins.push(Plugin::Bind(config.bind.clone()));
    }
}

fn telling(server: &mut Server, config: &CorefileConfig) {
    server.plugins.push(Plugin::Errors);
    server
        .plugins
        .extend(config.log.clone().map(|class| Plugin::Log(Some(class))));
    server.plugins.extend(
        config
            .prometheus
            .clone()
            .map(|address| Plugin::Prometheus(Some(address))),
    );
}
