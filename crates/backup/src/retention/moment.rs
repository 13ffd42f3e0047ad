//! Times of backups, in the time zone in which they were made.

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use jiff::{SignedDuration, Span};

use super::{BadTime, Within};

/// A time with the offset of its zone.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// Nanoseconds since 1970 in UTC.
    pub(super) nanos: i128,
    local: DateTime,
    offset: Offset,
}

impl Moment {
    pub(super) fn parse(id: &str, time: &str) -> Result<Self, BadTime> {
        Self::read(time).ok_or_else(|| BadTime {
            id: id.to_owned(),
            time: time.to_owned(),
        })
    }

    fn read(time: &str) -> Option<Self> {
        let pieces = Pieces::parse(time).ok()?;
        let offset = pieces.to_numeric_offset()?;
        let local = pieces.date().to_datetime(pieces.time()?);
        let nanos = offset.to_timestamp(local).ok()?.as_nanosecond();
        Some(Self {
            nanos,
            local,
            offset,
        })
    }

    /// Year, month and day in one number, `20260102`.
    pub(super) fn day(&self) -> i64 {
        let date = self.local.date();
        i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
    }

    pub(super) fn hour(&self) -> i64 {
        i64::from(self.local.hour())
    }

    /// Year and week of ISO 8601 in one number, `202601`.
    pub(super) fn week(&self) -> i64 {
        let week = self.local.date().iso_week_date();
        i64::from(week.year()) * 100 + i64::from(week.week())
    }

    /// The time that lies a span before this one, in nanoseconds; the beginning of time if there is
    /// none. A day that a month does not have counts on into the next month, as in Go: a month before
    /// 31 March is 3 March, or 2 March in a leap year.
    pub(super) fn before(&self, within: Within) -> i128 {
        self.checked_before(within).unwrap_or(i128::MIN)
    }

    fn checked_before(&self, within: Within) -> Option<i128> {
        let date = self.local.date();
        let months = i32::from(date.year()) * 12 + i32::from(date.month())
            - 1
            - i32::from(within.years) * 12
            - i32::from(within.months);
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        let days = i64::from(date.day()) - 1 - i64::from(within.days);
        let date = Date::new(year, month, 1).ok()?;
        let date = date.checked_add(Span::new().try_days(days).ok()?).ok()?;
        let local = date.to_datetime(self.local.time());
        let time = self.offset.to_timestamp(local).ok()?;
        let time = time.checked_sub(SignedDuration::from_hours(i64::from(within.hours)));
        Some(time.ok()?.as_nanosecond())
    }
}

/// Nanoseconds since 1970 of a time of RFC 3339.
pub(crate) fn instant(time: &str) -> Option<i128> {
    Moment::read(time).map(|moment| moment.nanos)
}
