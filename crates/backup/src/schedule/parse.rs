//! The text of a time in the calendar.

use std::str::FromStr;

use jiff::civil::Weekday;

use super::{Calendar, Error, Field, Part};

/// Names for common times, with what they stand for.
const NAMES: [(&str, &str); 9] = [
    ("minutely", "*-*-* *:*:00"),
    ("hourly", "*-*-* *:00:00"),
    ("daily", "*-*-* 00:00:00"),
    ("weekly", "Mon *-*-* 00:00:00"),
    ("monthly", "*-*-01 00:00:00"),
    ("yearly", "*-01-01 00:00:00"),
    ("annually", "*-01-01 00:00:00"),
    ("quarterly", "*-01,04,07,10-01 00:00:00"),
    ("semiannually", "*-01,07-01 00:00:00"),
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

impl FromStr for Calendar {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let mut words = text.split_whitespace().peekable();
        let mut long = String::new();
        if let Some(word) = words.peek()
            && let Some((_, meaning)) = NAMES
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(word))
        {
            words.next();
            (*meaning).clone_into(&mut long);
        }
        let words: Vec<&str> = long.split_whitespace().chain(words).collect();
        parse(&words, text).map_err(|why| Error::Calendar {
            text: text.to_owned(),
            why,
        })
    }
}

fn parse(words: &[&str], text: &str) -> Result<Calendar, String> {
    let zero = || Field {
        parts: vec![Part {
            from: 0,
            to: None,
            step: None,
        }],
    };
    let mut calendar = Calendar {
        text: text.to_owned(),
        weekdays: Vec::new(),
        years: Field::default(),
        months: Field::default(),
        days: Field::default(),
        hours: zero(),
        minutes: zero(),
        seconds: zero(),
        zone: None,
    };
    let mut words = words.iter().peekable();
    if words.peek().is_none() {
        return Err("it is empty".to_owned());
    }
    if let Some(word) =
        words.next_if(|word| word.starts_with(|letter: char| letter.is_ascii_alphabetic()))
    {
        calendar.weekdays = weekdays(word)?;
    }
    if let Some(word) = words.next_if(|word| !word.contains(':') && word.contains('-')) {
        date(word, &mut calendar)?;
    } else if let Some(word) = words.peek()
        && word.contains('~')
    {
        return Err("days counted from the end of a month are not supported".to_owned());
    }
    if let Some(word) = words.next_if(|word| word.contains(':')) {
        time(word, &mut calendar)?;
    }
    if let Some(word) =
        words.next_if(|word| word.starts_with(|letter: char| letter.is_ascii_alphabetic()))
    {
        calendar.zone = Some((*word).to_owned());
    }
    match words.next() {
        Some(word) => Err(format!("`{word}` is not understood")),
        None => Ok(calendar),
    }
}

fn weekdays(text: &str) -> Result<Vec<Weekday>, String> {
    let one = |name: &str| {
        let name = name.to_ascii_lowercase();
        let found = WEEKDAYS
            .iter()
            .position(|(long, _)| *long == name || long[..3] == *name);
        found.ok_or_else(|| format!("`{name}` is no day of the week"))
    };
    let mut days = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (from, to) = match part.split_once("..").or_else(|| part.split_once('-')) {
            Some((from, to)) => (one(from)?, one(to)?),
            None => (one(part)?, one(part)?),
        };
        if from > to {
            return Err(format!("`{part}` goes backwards; a week begins on Monday"));
        }
        days.extend(WEEKDAYS[from..=to].iter().map(|(_, day)| *day));
    }
    Ok(days)
}

fn date(text: &str, calendar: &mut Calendar) -> Result<(), String> {
    if text.contains('~') {
        return Err("days counted from the end of a month are not supported".to_owned());
    }
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [month, day] => ("*", *month, *day),
        [year, month, day] => (*year, *month, *day),
        _ => return Err(format!("`{text}` is no date")),
    };
    calendar.years = field(year, "year", 1970, 2199)?;
    calendar.months = field(month, "month", 1, 12)?;
    calendar.days = field(day, "day", 1, 31)?;
    Ok(())
}

fn time(text: &str, calendar: &mut Calendar) -> Result<(), String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, "0"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return Err(format!("`{text}` is no time of the day")),
    };
    calendar.hours = field(hour, "hour", 0, 23)?;
    calendar.minutes = field(minute, "minute", 0, 59)?;
    calendar.seconds = field(second, "second", 0, 59)?;
    Ok(())
}

fn field(text: &str, what: &str, least: i16, most: i16) -> Result<Field, String> {
    if text == "*" {
        return Ok(Field::default());
    }
    let number = |text: &str| match text.parse::<i16>().map(|number| full(number, what)) {
        Ok(number)
            if (least..=most).contains(&number)
                && text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(number)
        }
        _ => Err(format!("`{text}` is no {what}")),
    };
    let mut parts = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                let step = step.parse().ok().filter(|&step: &i16| step > 0);
                (
                    range,
                    Some(step.ok_or_else(|| format!("`{part}` has no step"))?),
                )
            }
            None => (part, None),
        };
        let (from, to) = match range.split_once("..") {
            Some((from, to)) => (number(from)?, Some(number(to)?)),
            None => (number(range)?, None),
        };
        if to.is_some_and(|to| to < from) {
            return Err(format!("`{part}` goes backwards"));
        }
        // systemd refuses these as well: a step that is never taken, and a range of one second.
        let never = to.is_none() && step.is_some_and(|step| step > most - from);
        let second = what == "second" && to == Some(from) && step.is_none();
        if never || second {
            return Err(format!("`{part}` has one value alone"));
        }
        parts.push(Part { from, to, step });
    }
    Ok(Field { parts })
}

/// Years of two digits are those from 1970 to 2069.
fn full(number: i16, what: &str) -> i16 {
    match number {
        0..70 if what == "year" => number + 2000,
        70..100 if what == "year" => number + 1900,
        _ => number,
    }
}
