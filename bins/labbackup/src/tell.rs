//! Who is told how it went: people by notifications, Prometheus by figures.

use std::collections::BTreeMap;
use std::time::Duration;

use backup::metrics::{self, Figures};
use backup::notify::{self, Channel, Level, Mailbox, Message};
use backup::store::SecretSource as _;

use crate::world::World;

const LIMIT: Duration = Duration::from_secs(60);

/// Changes the figures in the file of `--metrics` or `LABBACKUP_METRICS`, if there is one.
pub(crate) fn figures(world: &mut World<'_, '_>, change: impl FnOnce(&mut Figures)) {
    let path = world
        .args
        .metrics
        .clone()
        .or_else(|| world.variable("LABBACKUP_METRICS").map(Into::into));
    let Some(path) = path else { return };
    let path = world.dir.join(path);
    if let Err(error) = metrics::update(&path, change) {
        world
            .io
            .message(format!("warning: the figures cannot be written: {error}\n"));
    }
}

/// Tells everybody that `LABBACKUP_NOTIFY_*` names. Of what went well only with
/// `LABBACKUP_NOTIFY_SUCCESS`.
pub(crate) async fn everybody(world: &mut World<'_, '_>, message: Message) {
    if message.level == Level::Info && world.variable("LABBACKUP_NOTIFY_SUCCESS").is_none() {
        return;
    }
    for channel in channels(world) {
        if let Err(error) = notify::send(&channel, &message, LIMIT).await {
            world.io.message(format!("warning: {error}\n"));
        }
    }
}

fn channels(world: &mut World<'_, '_>) -> Vec<Channel> {
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    let variable = |name: &str| world.variable(&format!("LABBACKUP_NOTIFY_{name}"));
    let mut secret = |name: &str| {
        let name = format!("LABBACKUP_NOTIFY_{name}");
        world.vaults.secret(&name).unwrap_or_else(|why| {
            wrong.push(format!("`{name}` cannot be had: {why}"));
            None
        })
    };
    if let Some(url) = secret("WEBHOOK") {
        all.push(Channel::Webhook {
            url,
            headers: BTreeMap::new(),
        });
    }
    if let Some(url) = secret("NTFY") {
        let token = secret("NTFY_TOKEN");
        all.push(Channel::Ntfy { url, token });
    }
    if let Some(command) = variable("EXEC") {
        all.push(Channel::Exec {
            argv: vec!["sh".to_owned(), "-c".to_owned(), command.to_owned()],
            env: world.env.clone(),
        });
    }
    if let (Some(host), Some(from), Some(to)) = (
        variable("SMTP_HOST"),
        variable("SMTP_FROM"),
        variable("SMTP_TO"),
    ) {
        let login = variable("SMTP_USER").zip(secret("SMTP_PASSWORD"));
        all.push(Channel::Smtp(Mailbox {
            host: host.to_owned(),
            port: variable("SMTP_PORT").and_then(|port| port.parse().ok()),
            encryption: notify::Encryption::default(),
            login: login.map(|(user, password)| (user.to_owned(), password)),
            from: from.to_owned(),
            to: to
                .split(',')
                .map(|address| address.trim().to_owned())
                .collect(),
        }));
    }
    for why in wrong {
        world.io.message(format!("warning: {why}\n"));
    }
    all
}
