//! Times of signatures: seconds since 1970, written as `YYYYMMDDHHMMSS`.

/// Reads a time as 14 digits, or as seconds since 1970.
pub(crate) fn read(word: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(word).ok()?;
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if text.len() != 14 {
        return text.parse().ok();
    }
    let part = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap_or_default();
    let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
    let (hour, minute, second) = (part(8, 10), part(10, 12), part(12, 14));
    if !(1970..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    let days = days(year, month, day);
    // There is no 30th of February.
    if date(days) != (year, month, day) {
        return None;
    }
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    u32::try_from(seconds).ok()
}

/// Writes a time as 14 digits.
pub(crate) fn write(time: u32, out: &mut Vec<u8>) {
    let (year, month, day) = date(i64::from(time) / 86_400);
    let seconds = time % 86_400;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}");
    out.extend_from_slice(text.as_bytes());
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub(crate) fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_and_back() {
        for text in [
            "19700101000000",
            "20240229235959",
            "20300101000000",
            "21060207062815",
        ] {
            let mut out = Vec::new();
            super::write(super::read(text.as_bytes()).unwrap(), &mut out);
            assert_eq!(out, text.as_bytes());
        }
        assert_eq!(super::read(b"1234567890"), Some(1_234_567_890));
        for wrong in [
            "20241301000000",
            "20230229000000",
            "20240101000060",
            "21060207062816",
        ] {
            assert_eq!(super::read(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(super::read(b"x"), None);
    }
}
