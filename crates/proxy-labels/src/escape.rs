//! The escapes of Go's text and character literals.

/// Reads an escape between quotes and appends what it means; returns its length, or `None` if it is
/// none of Go's.
pub(crate) fn escape(text: &str, quote: u8, bytes: &mut Vec<u8>) -> Option<usize> {
    let code = text.as_bytes().get(1)?;
    let simple = match code {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => *code,
        same if *same == quote => quote,
        b'0'..=b'7' => {
            let value = u16::from_str_radix(text.get(1..4)?, 8).ok()?;
            bytes.push(u8::try_from(value).ok()?);
            return Some(4);
        }
        b'x' => {
            bytes.push(u8::from_str_radix(text.get(2..4)?, 16).ok()?);
            return Some(4);
        }
        b'u' | b'U' => {
            let length = if *code == b'u' { 4 } else { 8 };
            let value = u32::from_str_radix(text.get(2..2 + length)?, 16).ok()?;
            let character = char::from_u32(value)?;
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(2 + length);
        }
        _ => return None,
    };
    bytes.push(simple);
    Some(2)
}
