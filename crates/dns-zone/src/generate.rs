//! `$GENERATE`: many records from one line.

/// The numbers of a directive: `start-stop` or `start-stop/step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    start: u32,
    stop: u32,
    step: u32,
}

impl Numbers {
    pub(crate) fn read(word: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(word).ok()?;
        let (start, rest) = text.split_once('-')?;
        let (stop, step) = match rest.split_once('/') {
            Some((stop, step)) => (stop, number(step)?),
            None => (rest, 1),
        };
        let (start, stop) = (number(start)?, number(stop)?);
        (start <= stop && step > 0).then_some(Self { start, stop, step })
    }

    /// How many numbers there are.
    pub(crate) fn count(self) -> u64 {
        u64::from((self.stop - self.start) / self.step) + 1
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> {
        (self.start..=self.stop).step_by(self.step as usize)
    }
}

/// A number as C has it: up to 2^31 - 1.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let value: u32 = text.parse().ok()?;
    (digits && i32::try_from(value).is_ok()).then_some(value)
}

/// Puts a number in for every `$` of a text; `$$` and `\$` are a dollar, `${offset,width,base}` says
/// how. `None` if the braces make no sense or the number leaves its range.
pub(crate) fn substitute(text: &[u8], number: u32, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'\\' => {
                out.push(b'\\');
                if let Some((next, behind)) = rest.split_first() {
                    out.push(*next);
                    rest = behind;
                }
            }
            b'$' if rest.first() == Some(&b'$') => {
                // A dollar in front of a master file's word could be a directive.
                out.extend_from_slice(b"\\$");
                rest = &rest[1..];
            }
            b'$' if rest.first() == Some(&b'{') => {
                let end = rest.iter().position(|b| *b == b'}')?;
                format(&rest[1..end], number, out)?;
                rest = &rest[end + 1..];
            }
            b'$' => out.extend_from_slice(number.to_string().as_bytes()),
            byte => out.push(byte),
        }
    }
    Some(())
}

fn format(inner: &[u8], number: u32, out: &mut Vec<u8>) -> Option<()> {
    let text = std::str::from_utf8(inner).ok()?;
    let mut parts = text.split(',').map(str::trim);
    let offset: i64 = parts.next()?.parse().ok()?;
    let width: usize = match parts.next() {
        Some(width) => width.parse().ok()?,
        None => 0,
    };
    let base = parts.next().unwrap_or("d");
    if parts.next().is_some() || width > 255 {
        return None;
    }
    // Numbers below 0 are those of C, as BIND prints them.
    let value = i32::try_from(i64::from(number) + offset).ok()?;
    let shown = match base {
        "d" => format!("{value:0width$}"),
        "o" => format!("{value:0width$o}"),
        "x" => format!("{value:0width$x}"),
        "X" => format!("{value:0width$X}"),
        "n" => nibbles(value.cast_unsigned(), width),
        "N" => nibbles(value.cast_unsigned(), width).to_ascii_uppercase(),
        _ => return None,
    };
    out.extend_from_slice(shown.as_bytes());
    Some(())
}

/// Hexadecimal digits from the lowest on, with dots between; `width` counts the dots.
fn nibbles(mut value: u32, mut width: usize) -> String {
    let mut shown = String::new();
    loop {
        shown.extend(char::from_digit(value & 15, 16));
        value >>= 4;
        width = width.saturating_sub(1);
        if width == 0 && value == 0 {
            return shown;
        }
        shown.push('.');
        width = width.saturating_sub(1);
        if width == 0 && value == 0 {
            return shown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_in(text: &str, number: u32) -> Option<String> {
        let mut out = Vec::new();
        substitute(text.as_bytes(), number, &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn ranges() {
        let count = |text: &str| Numbers::read(text.as_bytes()).map(Numbers::count);
        assert_eq!(count("1-3"), Some(3));
        assert_eq!(count("0-9/3"), Some(4));
        assert_eq!(count("0-2147483647"), Some(1 << 31));
        for wrong in ["3-1", "1-3/0", "1", "-1-3", "1-2147483648", "a-b", "1-", ""] {
            assert_eq!(count(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dollars() {
        for (text, shown) in [
            ("h$", "h11"),
            ("${1}", "12"),
            ("${-1,4}", "0010"),
            ("${-12}", "-1"),
            ("${-13,4}", "-002"),
            ("${-12,0,x}", "ffffffff"),
            ("${0,2,x}", "0b"),
            ("${0,0,X}", "B"),
            ("${0,3,o}", "013"),
            ("${16,3,n}", "b.1"),
            ("${0,5,N}", "B.0.0"),
            ("a$$b", "a\\$b"),
            ("a\\$b$", "a\\$b11"),
        ] {
            assert_eq!(put_in(text, 11).as_deref(), Some(shown), "{text}");
        }
        for wrong in ["${", "${x}", "${0,1,q}", "${0,1,d,1}", "${2147483647}"] {
            assert_eq!(put_in(wrong, 11), None, "{wrong}");
        }
    }
}
