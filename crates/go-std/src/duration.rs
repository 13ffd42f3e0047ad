//! Lengths of time, as Go's package `time` reads and writes them.

use std::fmt::Write as _;

/// The nanoseconds of `[+-](digits[.digits]unit)+`, as `time.ParseDuration` reads it; `0` needs no
/// unit. `None` for anything else, and for more than about 292 years.
pub fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let limit = 1_u64 << 63;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_end = digits(rest);
        let whole: u64 = match &rest[..whole_end] {
            "" => 0,
            number => number.parse().ok().filter(|number| *number <= limit)?,
        };
        rest = &rest[whole_end..];
        let mut fraction = "";
        if let Some(after) = rest.strip_prefix('.') {
            let end = digits(after);
            fraction = &after[..end];
            rest = &after[end..];
        }
        if whole_end == 0 && fraction.is_empty() {
            return None;
        }
        let unit_end = rest
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(rest.len());
        let unit: u64 = match &rest[..unit_end] {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        rest = &rest[unit_end..];
        let mut value = whole.checked_mul(unit).filter(|value| *value <= limit)?;
        value = value.checked_add(part(fraction, unit))?;
        total = total.checked_add(value).filter(|total| *total <= limit)?;
    }
    if negative {
        return Some((total.wrapping_neg()).cast_signed());
    }
    i64::try_from(total).ok()
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// A fraction of a unit, cut off below the nanosecond; digits beyond what a number holds are
/// dropped, as in Go.
fn part(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1_u64);
    for digit in fraction.bytes() {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|next| *next < (1 << 63)) else {
            break;
        };
        let Some(wider) = scale.checked_mul(10) else {
            break;
        };
        (value, scale) = (next, wider);
    }
    let product = u128::from(value) * u128::from(unit) / u128::from(scale);
    u64::try_from(product).unwrap_or(u64::MAX)
}

/// As `Duration.String` writes it: `1m30s`, `1h0m0s`, `1.5ms`, `0s`.
pub fn format(nanos: i64) -> String {
    let mut out = String::new();
    if nanos < 0 {
        out.push('-');
    }
    let nanos = nanos.unsigned_abs();
    if nanos == 0 {
        return "0s".to_owned();
    }
    for (unit, name) in [(1_000, "ns"), (1_000_000, "µs"), (1_000_000_000, "ms")] {
        if nanos < unit {
            decimal(&mut out, nanos, unit / 1_000, name);
            return out;
        }
    }
    let seconds = nanos / 1_000_000_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    // Writing to a string cannot fail.
    if hours > 0 {
        let _ = write!(out, "{hours}h");
    }
    if hours > 0 || minutes > 0 {
        let _ = write!(out, "{minutes}m");
    }
    decimal(&mut out, nanos % 60_000_000_000, 1_000_000_000, "s");
    out
}

/// `value / unit` without zeros at its end; `unit` is a power of ten.
fn decimal(out: &mut String, value: u64, unit: u64, name: &str) {
    let _ = write!(out, "{}", value / unit);
    let rest = value % unit;
    if rest > 0 {
        let width = unit.ilog10() as usize;
        let digits = format!("{rest:0width$}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
    out.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::{format, parse};
    use proptest::prelude::*;

    #[test]
    fn as_in_go() {
        for (written, expected) in [
            ("0", Some("0s")),
            ("-1s", Some("-1s")),
            ("1.5h", Some("1h30m0s")),
            (".5s", Some("500ms")),
            ("1μs", Some("1µs")),
            ("1500us", Some("1.5ms")),
            ("9223372036854775807ns", Some("2562047h47m16.854775807s")),
            ("-9223372036854775808ns", Some("-2562047h47m16.854775808s")),
            ("9223372036854775808ns", None),
            ("1", None),
            ("1d", None),
            (".s", None),
            ("", None),
        ] {
            let shown = parse(written).map(format);
            assert_eq!(shown.as_deref(), expected, "{written}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(nanos: i64) {
            prop_assert_eq!(parse(&format(nanos)), Some(nanos));
        }
    }
}
