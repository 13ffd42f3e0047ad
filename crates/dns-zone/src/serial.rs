//! Serial numbers of zones.

use std::fmt;

use crate::rdata::time::date;

/// The number of a state of a zone, on a circle of 2^32 (RFC 1982).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Serial(pub u32);

impl Serial {
    /// Whether this number comes after `other`: the way up is shorter than half of the circle. Of two
    /// numbers exactly opposite of each other neither does.
    ///
    /// ```
    /// use dns_zone::Serial;
    /// assert!(Serial(2).is_after(Serial(1)));
    /// assert!(Serial(0).is_after(Serial(u32::MAX)));
    /// assert!(!Serial(1 << 31).is_after(Serial(0)) && !Serial(0).is_after(Serial(1 << 31)));
    /// ```
    pub fn is_after(self, other: Self) -> bool {
        let up = self.0.wrapping_sub(other.0);
        up > 0 && up < 1 << 31
    }

    /// The number one higher; never 0, which some secondaries take for "none".
    #[must_use]
    pub fn increment(self) -> Self {
        Self(self.0.wrapping_add(1).max(1))
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How the serial number of a changed zone is chosen. The result always comes after the old one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SerialPolicy {
    /// `YYYYMMDDnn`: the day and a number; after 99 changes it counts on into the next day.
    #[default]
    Date,
    /// Seconds since 1970.
    UnixTime,
    /// One higher than before.
    Increment,
}

impl SerialPolicy {
    /// The number that follows `old` (none for a new zone) at `now`, in seconds since 1970 UTC.
    ///
    /// Where `old` is ahead of what the policy would choose, since a clock was wrong or the policy was
    /// another one, it is counted up from there; [`SerialPolicy::is_ahead`] tells.
    ///
    /// ```
    /// use dns_zone::{Serial, SerialPolicy};
    /// let now = 1_764_028_800; // 2025-11-25
    /// assert_eq!(SerialPolicy::Date.next(None, now), Serial(2025112500));
    /// assert_eq!(SerialPolicy::Date.next(Some(Serial(2025112500)), now), Serial(2025112501));
    /// assert_eq!(SerialPolicy::Date.next(Some(Serial(2025112599)), now), Serial(2025112600));
    /// assert_eq!(SerialPolicy::Increment.next(Some(Serial(u32::MAX)), now), Serial(1));
    /// ```
    pub fn next(self, old: Option<Serial>, now: u64) -> Serial {
        let wanted = self.wanted(now);
        match (old, wanted) {
            (None, Some(wanted)) => wanted,
            (None, None) => Serial(1),
            (Some(old), Some(wanted)) if wanted.is_after(old) => wanted,
            (Some(old), _) => old.increment(),
        }
    }

    /// Whether `old` is further ahead than changes of this policy up to `now` make it: more than
    /// two days for dates, at all for seconds.
    pub fn is_ahead(self, old: Serial, now: u64) -> bool {
        match self {
            Self::Increment => false,
            Self::Date => self
                .wanted(now + 2 * 86_400)
                .is_some_and(|later| old.is_after(later)),
            Self::UnixTime => self.wanted(now).is_some_and(|wanted| old.is_after(wanted)),
        }
    }

    fn wanted(self, now: u64) -> Option<Serial> {
        let serial = match self {
            Self::Increment => return None,
            // The circle closes in 2106.
            Self::UnixTime => u32::try_from(now & 0xffff_ffff).ok()?,
            Self::Date => {
                let days = i64::try_from(now / 86_400).ok()?;
                let (year, month, day) = date(days);
                u32::try_from(((year * 100 + month) * 100 + day) * 100).ok()?
            }
        };
        Some(Serial(serial.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_goes_up() {
        let policies = [
            SerialPolicy::Date,
            SerialPolicy::UnixTime,
            SerialPolicy::Increment,
        ];
        let serials = [
            0,
            1,
            99,
            2_025_112_599,
            1 << 31,
            (1 << 31) + 7,
            u32::MAX - 1,
            u32::MAX,
        ];
        for policy in policies {
            for old in serials.map(Serial) {
                for now in [0, 1_764_028_800, 4_294_967_296, 72_000_000_000] {
                    let next = policy.next(Some(old), now);
                    assert!(next.is_after(old), "{policy:?} {old} {now}: {next}");
                    assert_ne!(next, Serial(0));
                }
            }
        }
    }

    #[test]
    fn numbers_from_the_future_are_noticed() {
        let now = 1_764_028_800;
        assert!(SerialPolicy::UnixTime.is_ahead(Serial(2_025_112_500), now));
        assert!(!SerialPolicy::Date.is_ahead(Serial(2_025_112_607), now));
        assert!(SerialPolicy::Date.is_ahead(Serial(2_026_010_100), now));
    }
}
