//! What single labels of ours mean.

use yaml_tree::{Diagnostic, nearest};

use super::{Compress, Format, KEYS, Label, Settings, Sqlite, smoke, value};
use crate::kind::Kind;

pub(super) struct Reader<'s> {
    pub(super) subject: &'s str,
    pub(super) settings: Settings,
    pub(super) found: Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn report(&mut self, found: Diagnostic, label: &Label) {
        self.found.push(match label.place() {
            Some(span) => found.primary(span.clone(), ""),
            None => found,
        });
    }

    pub(super) fn own(&mut self, key: &str, label: &Label) {
        if let Err(problem) = self.set(key, &label.value) {
            let found = match problem {
                Problem::Unknown => self.unknown(key, label),
                Problem::Value(expected) => Diagnostic::error(
                    "backup::label-value",
                    format!(
                        "`{}` has `{key}={}`, which is not {expected}",
                        self.subject, label.value
                    ),
                ),
            };
            self.report(found, label);
        }
    }

    fn unknown(&self, key: &str, label: &Label) -> Diagnostic {
        let found = Diagnostic::error(
            "backup::unknown-label",
            format!(
                "`{}` has the label `{key}`, which does not exist",
                self.subject
            ),
        );
        let near = nearest(key, KEYS.iter().map(|(key, _, _)| *key));
        match (near, &label.key) {
            (Some(near), Some(span)) if span.text() == key => {
                found.fix(format!("did you mean `{near}`?"), span.clone(), near)
            }
            (Some(near), _) => found.help(format!("did you mean `{near}`?")),
            (None, _) => found.help(format!(
                "the labels are: {}",
                KEYS.iter()
                    .map(|(key, _, _)| *key)
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
        }
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), Problem> {
        let settings = &mut self.settings;
        let owned = || value::text(text);
        match key {
            "backup.enable" => settings.enable = Some(value::boolean(text)?),
            "backup.engine" => {
                settings.engine = Some(match text {
                    "none" => None,
                    text => Some(
                        Kind::from_name(text)
                            .ok_or_else(|| Problem::Value(format!("one of {}", KEYS[1].1)))?,
                    ),
                });
            }
            "backup.databases" => settings.databases = value::list(text)?,
            "backup.user" => settings.user = Some(owned()?),
            "backup.password-file" => settings.password_file = Some(value::absolute(text)?),
            "backup.format" => {
                settings.format = match text {
                    "plain" => Format::Plain,
                    "custom" => Format::Custom,
                    _ => return Err(Problem::expected("`plain` or `custom`")),
                }
            }
            "backup.compress" => {
                settings.compress = match text {
                    "host" => Compress::Host,
                    "container" => Compress::Container,
                    _ => return Err(Problem::expected("`host` or `container`")),
                }
            }
            "backup.retain" => settings.retain = Some(owned()?),
            "backup.hook.pre" => settings.pre = Some(owned()?),
            "backup.hook.post" => settings.post = Some(owned()?),
            "backup.hook.on-failure" => settings.on_failure = Some(owned()?),
            "backup.stop" => settings.stop = value::stop(text)?,
            "backup.group" => settings.group = Some(owned()?),
            "backup.group-order" => {
                settings.group_order = text
                    .trim()
                    .parse()
                    .map_err(|_| Problem::expected("a whole number"))?;
            }
            "backup.restore.smoke" => settings.smoke = smoke::split(text)?,
            "backup.restore.start" => settings.start = Some(value::boolean(text)?),
            "backup.restore.with" => settings.with = value::list(text)?,
            "backup.timeout" => settings.timeout = Some(value::positive(text)?),
            "backup.stall-timeout" => settings.stall_timeout = Some(value::positive(text)?),
            "backup.volumes" => settings.volumes = Some(value::boolean(text)?),
            "backup.volumes.include" => settings.include = value::list(text)?,
            "backup.volumes.exclude" => settings.exclude = value::list(text)?,
            "backup.sqlite" => {
                settings.sqlite = match value::boolean(text) {
                    Ok(true) => Sqlite::Look,
                    Ok(false) => Sqlite::Skip,
                    Err(_) => Sqlite::Paths(
                        value::list(text)?
                            .iter()
                            .map(|path| value::absolute(path))
                            .collect::<Result<_, _>>()?,
                    ),
                }
            }
            _ => return Err(Problem::Unknown),
        }
        Ok(())
    }
}

/// What is wrong with a label.
#[derive(Debug)]
pub(super) enum Problem {
    /// There is no such key.
    Unknown,
    /// The value is not what it has to be.
    Value(String),
}

impl Problem {
    pub(super) fn expected(what: &str) -> Self {
        Self::Value(what.to_owned())
    }
}
