//! Character numbers, as the parser counts them, to byte offsets.

/// Distance in characters between two remembered offsets.
const STEP: usize = 64;

/// Finds the byte at which the n-th character of a text starts.
pub(crate) struct Offsets<'t> {
    text: &'t str,
    /// Byte offset of every [`STEP`]-th character; empty for an ASCII text, where the two numbers
    /// are the same.
    steps: Vec<usize>,
}

impl<'t> Offsets<'t> {
    /// Looks through `text` once.
    ///
    /// # Errors
    /// What [`forbidden`] finds.
    pub(crate) fn new(text: &'t str) -> Result<Self, (usize, char)> {
        if let Some(found) = forbidden(text) {
            return Err(found);
        }
        let mut steps = Vec::new();
        if !text.is_ascii() {
            let starts = text.char_indices().map(|(at, _)| at);
            steps.extend(starts.step_by(STEP));
        }
        Ok(Self { text, steps })
    }

    /// The number of the character at byte `at`.
    pub(crate) fn number(&self, at: usize) -> usize {
        if self.steps.is_empty() {
            return at;
        }
        let step = self
            .steps
            .partition_point(|base| *base <= at)
            .saturating_sub(1);
        step * STEP + self.text[self.steps[step]..at].chars().count()
    }

    /// The byte offset of character `number`; the end of the text for a number past it.
    pub(crate) fn byte(&self, number: usize) -> usize {
        if self.steps.is_empty() {
            return number.min(self.text.len());
        }
        let Some(&base) = self.steps.get(number / STEP) else {
            return self.text.len();
        };
        self.text[base..]
            .char_indices()
            .nth(number % STEP)
            .map_or(self.text.len(), |(at, _)| base + at)
    }
}

/// Offset and character of the first one that YAML does not allow in a text: control characters
/// other than tab, line feed, carriage return and next line, and the two non-characters U+FFFE and
/// U+FFFF. Go's YAML library refuses the same ones.
pub(crate) fn forbidden(text: &str) -> Option<(usize, char)> {
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7f;
    // Without an early end the compiler looks at many bytes at once.
    let suspicious = |chunk: &[u8]| {
        chunk.iter().fold(false, |found, byte| {
            found | control(*byte) | !byte.is_ascii()
        })
    };
    let mut chunks = text.as_bytes().chunks(64);
    if !chunks.any(suspicious) {
        return None;
    }
    text.char_indices().find(|(_, character)| match character {
        '\0'..='\u{7f}' => control(*character as u8),
        '\u{85}' => false,
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    #[test]
    fn every_character_of_a_mixed_text() {
        let text = "aé漢😀\u{feff}-".repeat(50);
        let offsets = Offsets::new(&text).ok().unwrap();
        for (number, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.byte(number), at);
            assert_eq!(offsets.number(at), number);
        }
        assert_eq!(offsets.byte(300), text.len());
        assert_eq!(offsets.byte(usize::MAX), text.len());
    }

    #[test]
    fn control_characters_are_found() {
        assert_eq!(Offsets::new("a\0").err(), Some((1, '\0')));
        assert_eq!(Offsets::new("é\u{1b}").err(), Some((2, '\u{1b}')));
        assert_eq!(Offsets::new("é\u{9f}").err(), Some((2, '\u{9f}')));
        assert!(Offsets::new("a\tb\r\n\u{85}\u{2028}\u{feff}").is_ok());
    }
}
