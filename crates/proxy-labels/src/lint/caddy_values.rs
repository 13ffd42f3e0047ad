//! Caddy: what the values of labels become.

use super::Context;
use super::caddy::{Labels, Level};
use crate::caddy::{Unrepresentable, quote, tokens};
use crate::facts::{self, Proxy, Topic};
use crate::{Finding, LabelFix};

/// DNS providers, all of them modules.
const DNS_MODULE: &str = "github.com/caddy-dns/";

/// The values of the Caddy labels of one container.
pub(super) fn check(labels: &Labels<'_>, context: &Context, found: &mut Vec<Finding>) {
    for level in &labels.levels {
        let here = Here { labels, level };
        here.words(found);
        here.template(found);
        match level.names.last().map(String::as_str) {
            Some("reverse_proxy") => {
                here.upstreams(found);
                if context.zero_downtime {
                    here.bridge(found);
                }
                here.path(found);
            }
            Some("handle" | "handle_path" | "route") => here.path(found),
            Some("dns" | "acme_dns") => here.dns(context, found),
            Some("tls") => here.dns_in_tls(context, found),
            _ => {}
        }
    }
}

struct Here<'l, 'c> {
    labels: &'l Labels<'c>,
    level: &'l Level<'c>,
}

impl Here<'_, '_> {
    fn finding(&self, finding: Finding) -> Finding {
        finding
            .on(&self.labels.container.name)
            .value(self.level.key)
    }

    /// Words that do not survive.
    fn words(&self, found: &mut Vec<Finding>) {
        let value = self.level.value;
        for word in tokens::split(value) {
            let Err(
                why @ (Unrepresentable::Empty
                | Unrepresentable::BothQuotes
                | Unrepresentable::Comment
                | Unrepresentable::Brace
                | Unrepresentable::Blank),
            ) = quote(&word)
            else {
                continue;
            };
            // A template is not a word yet.
            if value.contains("{{")
                && !matches!(why, Unrepresentable::BothQuotes | Unrepresentable::Comment)
            {
                continue;
            }
            let message = format!("a word of the value does not get into the Caddyfile: {why}");
            found.push(self.finding(Finding::error("labels::CDY005", message)));
        }
        let line_break = value.trim_end().contains('\n') && !value.contains(['`', '"']);
        if line_break {
            let message = "a line end is a blank here: both lines become one";
            let help = "write one label for each line";
            found.push(self.finding(Finding::error("labels::CDY005", message).help(help)));
        }
    }

    fn template(&self, found: &mut Vec<Finding>) {
        let value = self.level.value;
        let inside = value
            .find("{{")
            .and_then(|open| Some((open, open + value[open..].find("}}")?)));
        let Some((open, close)) = inside else { return };
        let action = value[open + 2..close].trim();
        let quoted = value[..open].ends_with('"') && value[close + 2..].starts_with('"');
        if action.starts_with("upstreams") && quoted {
            let message =
                "in quotes all upstreams become one word, which breaks with the second container";
            let fixed = format!(
                "{}{}{}",
                &value[..open - 1],
                &value[open..close + 2],
                &value[close + 3..]
            );
            found.push(
                self.finding(
                    Finding::error("labels::CDY003", message).fix(LabelFix::SetValue(fixed)),
                ),
            );
        }
        if let Some(arguments) = action.strip_prefix("upstreams") {
            for argument in arguments.split_whitespace() {
                let bare = argument.trim_matches(['"', '`']);
                if bare.len() != argument.len() && bare.parse::<u32>().is_ok() {
                    let message = "a port in quotes is taken for a scheme";
                    let fixed = value.replacen(argument, bare, 1);
                    found.push(self.finding(
                        Finding::error("labels::CDY003", message).fix(LabelFix::SetValue(fixed)),
                    ));
                }
                if bare
                    .parse::<u32>()
                    .is_ok_and(|port| port == 0 || port > 65_535)
                {
                    let message = format!("there is no port {bare}; ports are 1 to 65535");
                    found.push(self.finding(Finding::error("labels::CDY012", message)));
                }
            }
            let words: Vec<&str> = arguments.split_whitespace().collect();
            if words.contains(&"https") && words.contains(&"80")
                || words.contains(&"http") && words.contains(&"443")
            {
                let message = "the scheme does not go with the port; Caddy refuses it";
                found.push(self.finding(Finding::error("labels::CDY012", message)));
            }
        }
    }

    /// A proxy without anything to send to.
    fn upstreams(&self, found: &mut Vec<Finding>) {
        let words = tokens::split(self.level.value);
        let matcher = usize::from(
            words
                .first()
                .is_some_and(|word| word.starts_with(['/', '@']) || word == "*"),
        );
        let below = format!("{}.", self.level.path);
        let others = self.labels.levels.iter().any(|level| {
            level.path.starts_with(&below)
                && matches!(
                    level.names.last().map(String::as_str),
                    Some("to" | "dynamic")
                )
        });
        if words.len() == matcher && !others {
            let message = "the proxy has nothing to send to: Caddy takes it and answers every request with 503";
            found.push(
                self.finding(Finding::error("labels::CDY002", message))
                    .help("write `{{upstreams PORT}}`, with the port the service listens on"),
            );
        }
    }

    /// What an update needs.
    fn bridge(&self, found: &mut Vec<Finding>) {
        let below = format!("{}.", self.level.path);
        let bridged = self.labels.levels.iter().any(|level| {
            level.path.starts_with(&below)
                && matches!(
                    level.names.last().map(String::as_str),
                    Some("lb_try_duration" | "health_uri" | "fail_duration")
                )
        });
        if !bridged {
            let key = format!("{}.lb_try_duration", self.level.key);
            let message = "while the container is replaced, requests fail at once";
            let needs = facts::needs(Proxy::Caddy, Topic::Gate)
                .chain(facts::needs(Proxy::Caddy, Topic::Bridge));
            let finding = needs.fold(
                Finding::warning("labels::CDY013", message),
                |finding, need| finding.help(format!("`{}`: {}", need.setting, need.why)),
            );
            found.push(self.finding(finding).fix(LabelFix::Add {
                key,
                value: "30s".to_owned(),
            }));
        }
    }

    /// An exact path where everything below it is meant.
    fn path(&self, found: &mut Vec<Finding>) {
        let words = tokens::split(self.level.value);
        let Some(path) = words.first().filter(|word| word.starts_with('/')) else {
            return;
        };
        let file = path
            .rsplit('/')
            .next()
            .is_some_and(|last| last.contains('.'));
        if !path.contains('*') && !file && path.len() > 1 {
            let message = format!("`{path}` matches that path alone, and nothing below it");
            let fixed = self
                .level
                .value
                .replacen(path.as_str(), &format!("{path}*"), 1);
            found.push(
                self.finding(Finding::warning("labels::CDY015", message))
                    .fix(LabelFix::SetValue(fixed)),
            );
        }
    }

    fn dns(&self, context: &Context, found: &mut Vec<Finding>) {
        if let Some(provider) = tokens::split(self.level.value).first() {
            self.provider(provider, context, found);
        }
    }

    /// `tls` with the words `dns NAME` cannot be: it is a block.
    fn dns_in_tls(&self, context: &Context, found: &mut Vec<Finding>) {
        let words = tokens::split(self.level.value);
        if let [first, provider, ..] = words.as_slice()
            && first == "dns"
        {
            let key = format!("{}.dns", self.level.key);
            let message = "`dns` is a line of its own below `tls`";
            found.push(
                self.finding(Finding::error("labels::CDY011", message))
                    .help(format!("write the label `{key}`")),
            );
            self.provider(provider, context, found);
        }
    }

    fn provider(&self, provider: &str, context: &Context, found: &mut Vec<Finding>) {
        if !context.caddy_modules.contains(provider) {
            let message = format!("the DNS provider `{provider}` is in no stock Caddy");
            found.push(
                self.finding(Finding::warning("labels::CDY010", message))
                    .help(format!("build Caddy with `{DNS_MODULE}{provider}`")),
            );
        }
    }
}
