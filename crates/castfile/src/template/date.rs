//! Times in the layouts of Go, which are written as the time Mon Jan 2 15:04:05 MST 2006 would be.

use jiff::Zoned;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// What stands for a part of the time. Of two with the same start, the longer comes first.
const ELEMENTS: &[&str] = &[
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "__2",
    "_2006",
    "_2",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "1",
    "2",
    "3",
    "4",
    "5",
    "PM",
    "pm",
    "-07:00:00",
    "-070000",
    "-07:00",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z070000",
    "Z07:00",
    "Z0700",
    "Z07",
];

/// Writes `time` in the given layout.
pub(super) fn format(time: &Zoned, layout: &str) -> String {
    let mut text = String::with_capacity(layout.len() + 8);
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = fraction_length(rest) {
            text.push_str(&fraction(time, &rest[..length]));
            rest = &rest[length..];
            continue;
        }
        let element = ELEMENTS.iter().find(|element| rest.starts_with(**element));
        match element {
            // `_2006` is an underscore and a year; `Janet` has no month in it
            Some(&"_2006") => {
                text.push('_');
                rest = &rest[1..];
            }
            Some(element)
                if !(matches!(*element, "Jan" | "Mon")
                    && rest[3..].starts_with(|c: char| c.is_ascii_lowercase())) =>
            {
                text.push_str(&part(time, element));
                rest = &rest[element.len()..];
            }
            _ => {
                text.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    text
}

fn part(time: &Zoned, element: &str) -> String {
    let month = usize::from(time.month().unsigned_abs()).clamp(1, 12) - 1;
    let day = usize::from(time.weekday().to_sunday_zero_offset().unsigned_abs()).min(6);
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match element {
        "January" => MONTHS[month].to_owned(),
        "Jan" => MONTHS[month][..3].to_owned(),
        "Monday" => DAYS[day].to_owned(),
        "Mon" => DAYS[day][..3].to_owned(),
        "MST" => time.strftime("%Z").to_string(),
        "2006" => format!("{:04}", time.year()),
        "06" => format!("{:02}", time.year().rem_euclid(100)),
        "01" => format!("{:02}", time.month()),
        "1" => time.month().to_string(),
        "02" => format!("{:02}", time.day()),
        "_2" => format!("{:2}", time.day()),
        "2" => time.day().to_string(),
        "002" => format!("{:03}", time.day_of_year()),
        "__2" => format!("{:3}", time.day_of_year()),
        "15" => format!("{:02}", time.hour()),
        "03" => format!("{hour12:02}"),
        "3" => hour12.to_string(),
        "04" => format!("{:02}", time.minute()),
        "4" => time.minute().to_string(),
        "05" => format!("{:02}", time.second()),
        "5" => time.second().to_string(),
        "PM" => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        "pm" => if time.hour() < 12 { "am" } else { "pm" }.to_owned(),
        offset => zone_offset(time, offset),
    }
}

/// `-0700` and its like; those with a `Z` write it for UTC.
fn zone_offset(time: &Zoned, element: &str) -> String {
    let seconds = time.offset().seconds();
    if element.starts_with('Z') && seconds == 0 {
        return "Z".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match &element[1..] {
        "07" => format!("{sign}{hours:02}"),
        "0700" => format!("{sign}{hours:02}{minutes:02}"),
        "07:00" => format!("{sign}{hours:02}:{minutes:02}"),
        "070000" => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// The length of `.000` or `.999` (also with a comma) at the start, which no digit may follow.
fn fraction_length(layout: &str) -> Option<usize> {
    let digits = layout.strip_prefix(['.', ','])?;
    let digit = digits
        .chars()
        .next()
        .filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.len() - digits.trim_start_matches(digit).len();
    let followed = digits[count..].starts_with(|c: char| c.is_ascii_digit());
    (!followed).then_some(1 + count)
}

/// The fraction of the second; nines drop trailing zeros.
fn fraction(time: &Zoned, element: &str) -> String {
    let nanoseconds = format!("{:09}", time.subsec_nanosecond());
    let mut digits: String = nanoseconds
        .chars()
        .chain(std::iter::repeat('0'))
        .take(element.len() - 1)
        .collect();
    if element.ends_with('9') {
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return digits;
        }
    }
    format!("{}{digits}", &element[..1])
}
