//! Which backups stay.
//!
//! The rules are those of `restic forget`: a backup stays when any rule wants it. `last 3` wants the
//! three newest; `daily 7` wants the newest of each of the last seven days *that have one*, and so on
//! for hours, ISO weeks, months and years, in the time zone in which the backup was made; `within 2m`
//! wants all made in the two months before the newest one.
//!
//! One rule is our own: the newest backup that a restore has proven stays, whatever the policy says.
//!
//! ```
//! use backup::retention::{Item, Policy, apply};
//!
//! let policy = Policy { daily: Some(2), ..Policy::default() };
//! let item = |id: &str, time: &str| Item::new(id, time);
//! let mut items = vec![
//!     item("a", "2026-01-01T03:00:00Z"),
//!     item("b", "2026-01-02T03:00:00Z"),
//!     item("c", "2026-01-03T03:00:00Z"),
//!     item("d", "2026-01-03T04:00:00Z"),
//! ];
//! items[0].verified = true;
//! let decision = apply(&items, &policy, "2026-01-04T00:00:00Z")?;
//! assert_eq!(decision.removed, ["c"]);
//! assert_eq!(decision.reasons("a"), ["last verified backup"]);
//! # Ok::<(), backup::retention::BadTime>(())
//! ```
//!
//! Compared with restic 0.14 and, for the newer rule [`Policy::keep_oldest`], written after restic 0.16.

mod moment;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use thiserror::Error as ThisError;

use self::moment::Moment;

pub(crate) use self::moment::instant;

/// What stays; nothing is said for a rule that is `None`. Without any rule everything stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// How many of the newest.
    pub last: Option<u32>,
    /// For how many hours one.
    pub hourly: Option<u32>,
    /// For how many days one.
    pub daily: Option<u32>,
    /// For how many ISO weeks one.
    pub weekly: Option<u32>,
    /// For how many months one.
    pub monthly: Option<u32>,
    /// For how many years one.
    pub yearly: Option<u32>,
    /// All made in this time before the newest.
    pub within: Option<Within>,
    /// One an hour of those.
    pub within_hourly: Option<Within>,
    /// One a day of those.
    pub within_daily: Option<Within>,
    /// One a week of those.
    pub within_weekly: Option<Within>,
    /// One a month of those.
    pub within_monthly: Option<Within>,
    /// One a year of those.
    pub within_yearly: Option<Within>,
    /// Whether a rule with places left also wants the oldest, as restic does since 0.16. It has no
    /// effect on restic itself, which follows its version.
    pub keep_oldest: bool,
}

/// A span of time in the calendar: `2y5m7d3h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Years.
    pub years: u16,
    /// Months.
    pub months: u16,
    /// Days.
    pub days: u16,
    /// Hours.
    pub hours: u16,
}

/// A text that is no span of time.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("`{0}` is no span of time; one is written as `2y5m7d3h`: years, months, days, hours")]
pub struct BadWithin(String);

/// A time that is none.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("`{time}`, the time of `{id}`, is not one of RFC 3339, such as `2026-01-02T03:04:05Z`")]
pub struct BadTime {
    /// Whose time.
    pub id: String,
    /// The text.
    pub time: String,
}

/// A backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// What it is called; each has another.
    pub id: String,
    /// When it was made, RFC 3339, in the time zone in which days begin and end for it.
    pub time: String,
    /// Whether a restore has proven it.
    pub verified: bool,
}

impl Item {
    /// A backup that is not verified.
    pub fn new(id: impl Into<String>, time: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            time: time.into(),
            verified: false,
        }
    }
}

/// What stays and what goes, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// What stays, each with the rules that want it.
    pub kept: Vec<(String, Vec<String>)>,
    /// What goes.
    pub removed: Vec<String>,
}

impl Decision {
    /// The rules that want this one; none if it goes.
    pub fn reasons(&self, id: &str) -> &[String] {
        let found = self.kept.iter().find(|(kept, _)| kept == id);
        found.map_or(&[], |(_, reasons)| reasons)
    }
}

impl Policy {
    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        let counts = self.counts();
        let within = self.withins();
        counts.iter().all(|(_, count, _)| count.unwrap_or(0) == 0)
            && within
                .iter()
                .all(|(_, within, _)| within.is_none_or(|within| within == Within::default()))
    }

    /// The options of `restic forget` that say the same.
    pub fn args(&self) -> Vec<String> {
        let counts = self.counts().into_iter().filter_map(|(name, count, _)| {
            Some(format!(
                "--keep-{name}={}",
                count.filter(|&count| count > 0)?
            ))
        });
        let within = self.withins().into_iter().filter_map(|(name, within, _)| {
            Some(format!(
                "--keep-{name}={}",
                within.filter(|&within| within != Within::default())?
            ))
        });
        counts.chain(within).collect()
    }

    fn counts(&self) -> [(&'static str, Option<u32>, Bucket); 6] {
        [
            ("last", self.last, Bucket::Always),
            ("hourly", self.hourly, Bucket::Hour),
            ("daily", self.daily, Bucket::Day),
            ("weekly", self.weekly, Bucket::Week),
            ("monthly", self.monthly, Bucket::Month),
            ("yearly", self.yearly, Bucket::Year),
        ]
    }

    fn withins(&self) -> [(&'static str, Option<Within>, Bucket); 6] {
        [
            ("within", self.within, Bucket::Always),
            ("within-hourly", self.within_hourly, Bucket::Hour),
            ("within-daily", self.within_daily, Bucket::Day),
            ("within-weekly", self.within_weekly, Bucket::Week),
            ("within-monthly", self.within_monthly, Bucket::Month),
            ("within-yearly", self.within_yearly, Bucket::Year),
        ]
    }
}

/// Of what a rule wants one.
#[derive(Clone, Copy, PartialEq)]
enum Bucket {
    Always,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Bucket {
    /// Two backups with the same number are in the same bucket.
    fn number(self, moment: &Moment, position: usize) -> i64 {
        match self {
            Self::Always => i64::try_from(position).unwrap_or(i64::MAX),
            Self::Hour => moment.day() * 100 + moment.hour(),
            Self::Day => moment.day(),
            Self::Week => moment.week(),
            Self::Month => moment.day() / 100,
            Self::Year => moment.day() / 10_000,
        }
    }
}

/// Decides about the backups of one group, in whatever order they come. `now` is the time at which it
/// is decided: a backup from the future, made by a clock that was wrong, does not move the spans of
/// `within`.
///
/// # Errors
/// [`BadTime`] for a time that is not one of RFC 3339.
pub fn apply(items: &[Item], policy: &Policy, now: &str) -> Result<Decision, BadTime> {
    let now = Moment::parse("now", now)?;
    let mut sorted = Vec::with_capacity(items.len());
    for item in items {
        sorted.push((Moment::parse(&item.id, &item.time)?, item));
    }
    sorted.sort_by_key(|(moment, _)| std::cmp::Reverse(moment.nanos));
    let mut decision = Decision::default();
    let empty = policy.is_empty();
    let newest = sorted.iter().map(|(moment, _)| moment);
    let newest = newest
        .filter(|moment| moment.nanos < now.nanos)
        .max_by_key(|moment| moment.nanos);
    let mut counts = policy
        .counts()
        .map(|(name, count, bucket)| (name, count.unwrap_or(0), bucket, None));
    let mut within = policy.withins().map(|(name, within, bucket)| {
        let wanted = within.filter(|&within| within != Within::default());
        // Without a newest one every time lies within.
        let from = wanted.map(|within| newest.map_or(i128::MIN, |newest| newest.before(within)));
        (name, wanted.unwrap_or_default(), from, bucket, None)
    });
    let mut proven = false;
    for (position, (moment, item)) in sorted.iter().enumerate() {
        let mut reasons = Vec::new();
        if empty {
            reasons.push("no policy".to_owned());
        }
        let oldest = policy.keep_oldest && position + 1 == sorted.len();
        for (name, left, bucket, last) in &mut counts {
            let number = Some(bucket.number(moment, position));
            if *left > 0 && (number != *last || oldest) {
                let old = if number == *last { "oldest " } else { "" };
                reasons.push(format!("{old}{name} snapshot"));
                *last = number;
                *left -= 1;
            }
        }
        for (name, span, from, bucket, last) in &mut within {
            let number = Some(bucket.number(moment, position));
            if from.is_some_and(|from| moment.nanos > from) && number != *last {
                let words = match name.strip_prefix("within-") {
                    Some(every) => format!("{every} within"),
                    None => (*name).to_owned(),
                };
                reasons.push(format!("{words} {span}"));
                *last = number;
            }
        }
        if item.verified && !proven {
            proven = true;
            reasons.push("last verified backup".to_owned());
        }
        if reasons.is_empty() {
            decision.removed.push(item.id.clone());
        } else {
            decision.kept.push((item.id.clone(), reasons));
        }
    }
    Ok(decision)
}

/// Reads rules from pairs of a name (`last`, `daily`, `within`, `within-weekly` …, as restic's options
/// without `--keep-`) and a value.
///
/// # Errors
/// What is wrong with each of them, one line each.
pub fn policy(rules: &BTreeMap<String, String>) -> Result<Policy, Vec<String>> {
    let mut policy = Policy {
        keep_oldest: true,
        ..Policy::default()
    };
    let mut wrong = Vec::new();
    for (name, value) in rules {
        let count = |slot: &mut Option<u32>| match value.parse() {
            Ok(number) => {
                *slot = Some(number);
                None
            }
            Err(_) => Some(format!(
                "`{name}` is `{value}`, which is no number of backups"
            )),
        };
        let within = |slot: &mut Option<Within>| match value.parse() {
            Ok(within) => {
                *slot = Some(within);
                None
            }
            Err(error) => Some(format!("`{name}`: {error}")),
        };
        wrong.extend(match name.as_str() {
            "last" => count(&mut policy.last),
            "hourly" => count(&mut policy.hourly),
            "daily" => count(&mut policy.daily),
            "weekly" => count(&mut policy.weekly),
            "monthly" => count(&mut policy.monthly),
            "yearly" => count(&mut policy.yearly),
            "within" => within(&mut policy.within),
            "within-hourly" => within(&mut policy.within_hourly),
            "within-daily" => within(&mut policy.within_daily),
            "within-weekly" => within(&mut policy.within_weekly),
            "within-monthly" => within(&mut policy.within_monthly),
            "within-yearly" => within(&mut policy.within_yearly),
            _ => Some(format!(
                "there is no rule `{name}`; there are last, hourly, daily, weekly, monthly, yearly, within, and within-hourly to within-yearly"
            )),
        });
    }
    if wrong.is_empty() {
        Ok(policy)
    } else {
        Err(wrong)
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, unit) in [
            (self.years, 'y'),
            (self.months, 'm'),
            (self.days, 'd'),
            (self.hours, 'h'),
        ] {
            if number > 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Within {
    type Err = BadWithin;

    fn from_str(text: &str) -> Result<Self, BadWithin> {
        let bad = || BadWithin(text.to_owned());
        let mut within = Self::default();
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(bad());
        }
        while !rest.is_empty() {
            let end = rest
                .find(|letter: char| !letter.is_ascii_digit())
                .ok_or_else(bad)?;
            let number = rest[..end].parse().map_err(|_| bad())?;
            let unit = match rest.get(end..=end).unwrap_or_default() {
                "y" => &mut within.years,
                "m" => &mut within.months,
                "d" => &mut within.days,
                "h" => &mut within.hours,
                _ => return Err(bad()),
            };
            *unit = number;
            rest = &rest[end + 1..];
        }
        Ok(within)
    }
}

#[cfg(test)]
mod tests;
