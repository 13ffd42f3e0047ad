//! What is written down for systemd and for cron.

use std::fmt::Write as _;

use super::{Calendar, Error, Field};

/// A command that is run at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    name: String,
    argv: Vec<String>,
    user: Option<String>,
}

impl Command {
    /// A command by its program and arguments; its units are called `labbackup-NAME`. No secret may be
    /// among the arguments.
    pub fn new<T: Into<String>>(
        name: impl Into<String>,
        argv: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            name: name.into(),
            argv: argv.into_iter().map(Into::into).collect(),
            user: None,
        }
    }

    /// Runs as this user, and not as root.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// The name of its service, `labbackup-NAME.service`.
    pub fn service_name(&self) -> String {
        format!("labbackup-{}.service", self.name)
    }

    /// The name of its timer, `labbackup-NAME.timer`.
    pub fn timer_name(&self) -> String {
        format!("labbackup-{}.timer", self.name)
    }

    /// The text of its service: once, with what the machine has to spare, and stopped by a signal that
    /// lets it clean up.
    ///
    /// # Errors
    /// [`Error::LineBreak`].
    pub fn service(&self) -> Result<String, Error> {
        let argv: Result<Vec<String>, Error> = self.argv.iter().map(|word| in_unit(word)).collect();
        let mut text = format!(
            "[Unit]\nDescription=labbackup {}\nWants=network-online.target\nAfter=network-online.target docker.service\n\n[Service]\nType=oneshot\nExecStart={}\n",
            one_line(&self.name)?,
            argv?.join(" "),
        );
        if let Some(user) = &self.user {
            writeln!(text, "User={}", one_line(user)?).ok();
        }
        // Type=oneshot has no time limit to start; the one to stop leaves time to start again what was
        // stopped.
        text.push_str("KillMode=mixed\nTimeoutStopSec=5min\nNice=10\nIOSchedulingClass=idle\n");
        Ok(text)
    }

    /// The text of its timer. A time that was missed while the machine was off is made up for.
    ///
    /// # Errors
    /// [`Error::LineBreak`].
    pub fn timer(&self, calendar: &Calendar) -> Result<String, Error> {
        Ok(format!(
            "[Unit]\nDescription=labbackup {} at {calendar}\n\n[Timer]\nOnCalendar={calendar}\nRandomizedDelaySec=5min\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
            one_line(&self.name)?,
        ))
    }

    /// Its line in a crontab; with a user, that of `/etc/cron.d`.
    ///
    /// # Errors
    /// [`Error::Cron`] for what cron has no words for, [`Error::LineBreak`].
    pub fn cron(&self, calendar: &Calendar) -> Result<String, Error> {
        let mut line = calendar.cron()?;
        if let Some(user) = &self.user {
            write!(line, " {}", one_line(user)?).ok();
        }
        for word in &self.argv {
            // A per cent sign ends the command for cron, within quotes as well.
            write!(line, " {}", in_shell(one_line(word)?).replace('%', "\\%")).ok();
        }
        Ok(line)
    }
}

impl Calendar {
    /// The five fields of a line of cron.
    fn cron(&self) -> Result<String, Error> {
        let cannot = |why| Error::Cron {
            calendar: self.text.clone(),
            why,
        };
        if !self.seconds.allows(0) || self.seconds.parts.len() != 1 || self.seconds.allows(1) {
            return Err(cannot("it knows no seconds"));
        }
        if !self.years.parts.is_empty() {
            return Err(cannot("it knows no years"));
        }
        if self.zone.is_some() {
            return Err(cannot("it knows no time zones"));
        }
        if !self.weekdays.is_empty() && !self.days.parts.is_empty() {
            return Err(cannot(
                "it takes a day of the month or of the week, not both together",
            ));
        }
        let mut weekdays: Vec<i8> = self
            .weekdays
            .iter()
            .map(|day| day.to_sunday_zero_offset())
            .collect();
        weekdays.sort_unstable();
        weekdays.dedup();
        let weekdays = if weekdays.is_empty() {
            "*".to_owned()
        } else {
            let numbers: Vec<String> = weekdays.iter().map(i8::to_string).collect();
            numbers.join(",")
        };
        Ok(format!(
            "{} {} {} {} {weekdays}",
            self.minutes.cron(59),
            self.hours.cron(23),
            self.days.cron(31),
            self.months.cron(12),
        ))
    }
}

impl Field {
    fn cron(&self, most: i16) -> String {
        if self.parts.is_empty() {
            return "*".to_owned();
        }
        let parts = self.parts.iter().map(|part| match (part.to, part.step) {
            (None, None) => part.from.to_string(),
            (Some(to), None) => format!("{}-{to}", part.from),
            (to, Some(step)) => format!("{}-{}/{step}", part.from, to.unwrap_or(most)),
        });
        parts.collect::<Vec<_>>().join(",")
    }
}

fn one_line(text: &str) -> Result<&str, Error> {
    if text.contains(['\n', '\r', '\0']) {
        return Err(Error::LineBreak(text.escape_default().to_string()));
    }
    Ok(text)
}

/// A word of `ExecStart=`: `%` and `$` have a meaning there.
fn in_unit(word: &str) -> Result<String, Error> {
    let text = one_line(word)?.replace('%', "%%").replace('$', "$$");
    if !text.is_empty() && text.chars().all(is_plain) {
        return Ok(text);
    }
    Ok(format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"")
    ))
}

fn in_shell(word: &str) -> String {
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "/._-=:,@+%".contains(letter)
}
