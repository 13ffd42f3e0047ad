//! sprig's functions for dates.

use super::RenderOptions;
use crate::duration;
use crate::template::date::format;
use go_template::Param::{Any, Text};
use go_template::{Data, Foreign, Meter, Outcome, Own, Trouble};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::any::Any as AnyType;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

pub(super) fn add<'d>(own: &mut Vec<Own<'d>>, options: &'d RenderOptions) {
    own.push(Own::new("now", &[], |_, _| Ok(data(options.now))));
    own.push(Own::new("date", &[Text, Any], |meter, a| {
        write(meter, a[0].as_text(), time(options, &a[1]), &local(options))
    }));
    for name in ["dateInZone", "date_in_zone"] {
        own.push(Own::new(name, &[Text, Any, Text], |meter, a| {
            let zone = zone(options, a[2].as_text());
            write(meter, a[0].as_text(), time(options, &a[1]), &zone)
        }));
    }
    own.push(Own::new("htmlDate", &[Any], |meter, a| {
        write(meter, "2006-01-02", time(options, &a[0]), &local(options))
    }));
    own.push(Own::new("htmlDateInZone", &[Any, Text], |meter, a| {
        let zone = zone(options, a[1].as_text());
        write(meter, "2006-01-02", time(options, &a[0]), &zone)
    }));
    for name in [
        "dateModify",
        "date_modify",
        "mustDateModify",
        "must_date_modify",
    ] {
        own.push(Own::new(name, &[Text, Any], |_, a| {
            modify(a[0].as_text(), &a[1])
        }));
    }
    own.push(Own::new("unixEpoch", &[Any], |_, a| match point(&a[0]) {
        Some(time) => Ok(Data::Text(timestamp(time).as_second().to_string())),
        None => Err(Trouble::argument("a time", &a[0])),
    }));
    own.push(Own::new("ago", &[Any], |_, a| {
        let (sign, ago) = match options.now.duration_since(time(options, &a[0])) {
            Ok(ago) => ("", ago),
            Err(error) => ("-", error.duration()),
        };
        let seconds = ago.as_secs() + u64::from(ago.subsec_millis() >= 500);
        let ago = duration::format(Duration::from_secs(seconds));
        Ok(Data::Text(format!("{sign}{ago}")))
    }));
    // sprig takes only an int64 or a text for a number of seconds.
    own.push(Own::new("duration", &[Any], |_, a| {
        let seconds = match &a[0] {
            Data::Text(text) => text.trim().parse().unwrap_or(0),
            other => other.as_int(),
        };
        let sign = if seconds < 0 { "-" } else { "" };
        let text = duration::format(Duration::from_secs(seconds.unsigned_abs()));
        Ok(Data::Text(format!("{sign}{text}")))
    }));
}

/// A point in time, on its way from one function to another.
#[derive(Debug)]
struct Time(SystemTime);

impl Foreign for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn kind(&self) -> &'static str {
        "struct"
    }

    fn noun(&self) -> &'static str {
        "a time"
    }

    fn text(&self) -> String {
        crate::value::Value::Time(self.0).to_string()
    }

    fn json(&self) -> Option<String> {
        let time = Timestamp::try_from(self.0).ok()?;
        Some(time.to_string())
    }
}

/// A point in time as a value of a template.
pub(in crate::template) fn data(time: SystemTime) -> Data {
    Data::Foreign(Rc::new(Time(time)))
}

fn point(value: &Data) -> Option<SystemTime> {
    let Data::Foreign(foreign) = value else {
        return None;
    };
    let foreign: &dyn AnyType = &**foreign;
    foreign.downcast_ref::<Time>().map(|time| time.0)
}

/// As sprig: a time, or seconds since 1970; the current time for anything else.
fn time(options: &RenderOptions, value: &Data) -> SystemTime {
    match value {
        Data::Int(seconds) | Data::Long(seconds) => {
            Timestamp::from_second(*seconds).map_or(options.now, SystemTime::from)
        }
        other => point(other).unwrap_or(options.now),
    }
}

/// Times beyond the years -9999 to 9999 become the nearest ones there are.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or_else(|_| {
        if time < SystemTime::UNIX_EPOCH {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        }
    })
}

fn local(options: &RenderOptions) -> TimeZone {
    let name = options.time_zone.as_deref();
    name.and_then(|name| TimeZone::get(name).ok())
        .unwrap_or(TimeZone::UTC)
}

/// As sprig: UTC for a zone which is not known.
fn zone(options: &RenderOptions, name: &str) -> TimeZone {
    match name {
        "Local" => local(options),
        "" => TimeZone::UTC,
        name => TimeZone::get(name).unwrap_or(TimeZone::UTC),
    }
}

fn write(meter: &mut Meter, layout: &str, time: SystemTime, zone: &TimeZone) -> Outcome {
    meter.charge(layout.len() * 10)?;
    let time = Zoned::new(timestamp(time), zone.clone());
    Ok(Data::Text(format(&time, layout)))
}

/// `dateModify "-1h30m" time`.
fn modify(text: &str, time: &Data) -> Outcome {
    let Some(point) = point(time) else {
        return Err(Trouble::argument("a time", time));
    };
    let (back, amount) = match text.strip_prefix('-') {
        Some(amount) => (true, amount),
        None => (false, text),
    };
    let amount = duration::parse(amount).map_err(|error| error.to_string())?;
    let moved = if back {
        point.checked_sub(amount)
    } else {
        point.checked_add(amount)
    };
    moved.map(data).ok_or(Trouble::Overflow)
}
