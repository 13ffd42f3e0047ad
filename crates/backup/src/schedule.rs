//! When backups run: a time in the calendar, the next time it comes, and what to write down for systemd
//! and cron.
//!
//! Times are written as systemd's `OnCalendar`, compared with systemd 252: `daily`, `Mon..Fri 03:30`,
//! `*-*-01 04:00`, `*:0/15`, `Sun *-*-* 05:00 Europe/Berlin`. Days counted from the end of a month
//! (`~`), fractions of seconds and `@` are not supported.
//!
//! ```
//! use backup::schedule::{Calendar, Command};
//!
//! let weekly: Calendar = "Sun 04:30".parse()?;
//! assert_eq!(weekly.next("2026-10-20T12:00:00Z", "UTC")?.as_deref(), Some("2026-10-25T04:30:00+00:00"));
//! let command = Command::new("drill", ["/usr/local/bin/labbackup", "drill", "--yes"]);
//! assert_eq!(command.cron(&weekly)?, "30 4 * * 0 /usr/local/bin/labbackup drill --yes");
//! # Ok::<(), backup::schedule::Error>(())
//! ```

mod parse;
mod units;

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error as ThisError;

pub use self::units::Command;

/// How many days a time that never comes is looked for: 29 February comes within eight years, a
/// 29 February on a given weekday within forty.
const HORIZON: i32 = 366 * 45;

/// Why a schedule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A text that is no time in the calendar.
    #[error(
        "`{text}` is no time in the calendar: {why}; write `daily`, `Sun 04:30` or `*-*-01 03:00`"
    )]
    Calendar {
        /// The text.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A time zone that is not known.
    #[error("there is no time zone `{0}`; write one as `Europe/Berlin`")]
    Zone(String),
    /// A time that is not one of RFC 3339.
    #[error("`{0}` is no time of RFC 3339, such as `2026-01-02T03:04:05Z`")]
    Time(String),
    /// Cron cannot say it.
    #[error("cron cannot say `{calendar}`: {why}; use a systemd timer")]
    Cron {
        /// The time.
        calendar: String,
        /// Why not.
        why: &'static str,
    },
    /// A character that cannot be in a unit or a line of cron.
    #[error("`{0}` has a line break in it")]
    LineBreak(String),
}

/// Recurring times in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    text: String,
    weekdays: Vec<Weekday>,
    years: Field,
    months: Field,
    days: Field,
    hours: Field,
    minutes: Field,
    seconds: Field,
    zone: Option<String>,
}

/// Which numbers a field allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Field {
    /// All, if there are none.
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    from: i16,
    /// The last one; `None` for `from` alone, or without an end if there is a step.
    to: Option<i16>,
    step: Option<i16>,
}

impl Part {
    fn allows(self, number: i16) -> bool {
        let end = match (self.to, self.step) {
            (Some(to), _) => to,
            (None, Some(_)) => i16::MAX,
            (None, None) => self.from,
        };
        let step = self.step.unwrap_or(1);
        number >= self.from && number <= end && (number - self.from) % step == 0
    }
}

impl Field {
    fn allows(&self, number: i16) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|part| part.allows(number))
    }
}

impl Calendar {
    /// The first of these times after `after` (RFC 3339), in its own time zone, or else in `zone`
    /// (`Europe/Berlin`); `None` if there is none in the next 45 years. A time that a clock leaves out
    /// in spring does not come on that day; of one that comes twice in autumn the first counts.
    ///
    /// # Errors
    /// [`Error::Zone`], [`Error::Time`].
    pub fn next(&self, after: &str, zone: &str) -> Result<Option<String>, Error> {
        let after: Timestamp = after.parse().map_err(|_| Error::Time(after.to_owned()))?;
        let zone = self.zone.as_deref().unwrap_or(zone);
        let tz = TimeZone::get(zone).map_err(|_| Error::Zone(zone.to_owned()))?;
        let allowed = |field: &Field, end: i16| -> Vec<i8> {
            let numbers = (0..=end).filter(|&number| field.allows(number));
            numbers
                .filter_map(|number| i8::try_from(number).ok())
                .collect()
        };
        let hours = allowed(&self.hours, 23);
        let minutes = allowed(&self.minutes, 59);
        let seconds = allowed(&self.seconds, 59);
        let first = after.to_zoned(tz.clone()).date();
        for days in 0..HORIZON {
            let Ok(date) = first.checked_add(days.days()) else {
                break;
            };
            if !self.on(date) {
                continue;
            }
            for &hour in &hours {
                for &minute in &minutes {
                    for &second in &seconds {
                        let Ok(time) = Time::new(hour, minute, second, 0) else {
                            continue;
                        };
                        let local = tz.to_ambiguous_zoned(date.to_datetime(time));
                        if matches!(local.offset(), AmbiguousOffset::Gap { .. }) {
                            continue;
                        }
                        if let Ok(zoned) = local.earlier()
                            && zoned.timestamp() > after
                        {
                            let offset = zoned.offset();
                            let shown = zoned.timestamp().display_with_offset(offset);
                            return Ok(Some(shown.to_string()));
                        }
                    }
                }
            }
        }
        Ok(None)
    }

    fn on(&self, date: Date) -> bool {
        (self.weekdays.is_empty() || self.weekdays.contains(&date.weekday()))
            && self.years.allows(date.year())
            && self.months.allows(i16::from(date.month()))
            && self.days.allows(i16::from(date.day()))
    }
}

/// As it was written.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
