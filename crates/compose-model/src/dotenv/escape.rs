//! Escapes between double quotes.

use std::borrow::Cow;

/// `text` with its escapes replaced, ready to be interpolated: `\$` becomes `$$`.
pub(super) fn expand(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let Some(letter) = escape.chars().next() else {
            rest = &rest[at..];
            break;
        };
        let plain = match letter {
            'a' => "\u{7}",
            'b' => "\u{8}",
            'f' => "\u{c}",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\u{b}",
            '"' => "\"",
            '\\' => "\\",
            '$' => "$$",
            '0' => {
                rest = octal(&escape[1..], &mut out);
                continue;
            }
            _ => {
                // No escape: the backslash stays, and what follows is looked at again.
                out.push('\\');
                rest = escape;
                continue;
            }
        };
        out.push_str(plain);
        rest = &escape[letter.len_utf8()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends what up to three digits after `\0` mean, and gives the text behind them. Anything but
/// the octal number of a character up to 255 stays, though without its `0`.
fn octal<'t>(text: &'t str, out: &mut String) -> &'t str {
    let digits = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(digits);
    match u8::from_str_radix(digits, 8) {
        Ok(code) if digits.len() == 3 => out.push(char::from(code)),
        _ => {
            out.push('\\');
            out.push_str(digits);
        }
    }
    rest
}
