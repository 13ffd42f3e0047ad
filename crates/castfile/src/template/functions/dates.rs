//! sprig's functions for dates.

use super::{Arguments, Context, Function, Outcome, function};
use crate::duration;
use crate::template::date::format;
use crate::value::Value;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::time::{Duration, SystemTime};

pub(super) const FUNCTIONS: &[Function] = &[
    function("now", 0, 0, |context, _| Ok(context.options.now.into())),
    function("date", 2, 2, |context, mut arguments| {
        let layout = arguments.text()?;
        let time = time(context, &arguments.next());
        write(context, &layout, time, &local(context))
    }),
    function("dateInZone", 3, 3, date_in_zone),
    function("date_in_zone", 3, 3, date_in_zone),
    function("htmlDate", 1, 1, |context, mut arguments| {
        let time = time(context, &arguments.next());
        write(context, "2006-01-02", time, &local(context))
    }),
    function("htmlDateInZone", 2, 2, |context, mut arguments| {
        let time = time(context, &arguments.next());
        let zone = zone(context, &arguments.text()?);
        write(context, "2006-01-02", time, &zone)
    }),
    function("dateModify", 2, 2, modify),
    function("date_modify", 2, 2, modify),
    function("mustDateModify", 2, 2, modify),
    function("must_date_modify", 2, 2, modify),
    function("unixEpoch", 1, 1, |_, mut arguments| {
        match arguments.next() {
            Value::Time(time) => Ok(timestamp(time).as_second().to_string().into()),
            other => arguments.wants("a time", &other),
        }
    }),
    function("ago", 1, 1, |context, mut arguments| {
        let time = time(context, &arguments.next());
        let (sign, ago) = match context.options.now.duration_since(time) {
            Ok(ago) => ("", ago),
            Err(error) => ("-", error.duration()),
        };
        let seconds = ago.as_secs() + u64::from(ago.subsec_millis() >= 500);
        Ok(format!("{sign}{}", duration::format(Duration::from_secs(seconds))).into())
    }),
    function("duration", 1, 1, |_, mut arguments| {
        let seconds = match arguments.next() {
            Value::Int(seconds) => seconds,
            Value::Str(text) => text.trim().parse().unwrap_or(0),
            _ => 0,
        };
        let text = duration::format(Duration::from_secs(seconds.unsigned_abs()));
        Ok(if seconds < 0 {
            format!("-{text}")
        } else {
            text
        }
        .into())
    }),
];

/// As sprig: a time, or seconds since 1970; the current time for anything else.
fn time(context: &Context<'_>, value: &Value) -> SystemTime {
    match value {
        Value::Time(time) => *time,
        Value::Int(seconds) => {
            Timestamp::from_second(*seconds).map_or(context.options.now, SystemTime::from)
        }
        _ => context.options.now,
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

fn local(context: &Context<'_>) -> TimeZone {
    let name = context.options.time_zone.as_deref();
    name.and_then(|name| TimeZone::get(name).ok())
        .unwrap_or(TimeZone::UTC)
}

/// As sprig: UTC for a zone which is not known.
fn zone(context: &Context<'_>, name: &str) -> TimeZone {
    match name {
        "Local" => local(context),
        "" => TimeZone::UTC,
        name => TimeZone::get(name).unwrap_or(TimeZone::UTC),
    }
}

fn write(context: &mut Context<'_>, layout: &str, time: SystemTime, zone: &TimeZone) -> Outcome {
    context.charge(layout.len() * 10)?;
    Ok(format(&Zoned::new(timestamp(time), zone.clone()), layout).into())
}

fn date_in_zone(context: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let layout = arguments.text()?;
    let time = time(context, &arguments.next());
    let zone = zone(context, &arguments.text()?);
    write(context, &layout, time, &zone)
}

/// `dateModify "-1h30m" time`.
fn modify(_: &mut Context<'_>, mut arguments: Arguments) -> Outcome {
    let text = arguments.text()?;
    let time = match arguments.next() {
        Value::Time(time) => time,
        other => return arguments.wants("a time", &other),
    };
    let (back, amount) = match text.strip_prefix('-') {
        Some(amount) => (true, amount),
        None => (false, text.as_str()),
    };
    let amount = match duration::parse(amount) {
        Ok(amount) => amount,
        Err(error) => return arguments.bad_input(error.to_string()),
    };
    let moved = if back {
        time.checked_sub(amount)
    } else {
        time.checked_add(amount)
    };
    moved.map(Value::Time).ok_or_else(|| arguments.overflow())
}
