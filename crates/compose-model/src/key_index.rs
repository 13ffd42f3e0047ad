//! Finding a name in a fixed table.

/// Where the names of a table are, computed when the program is compiled: telling whether a key is
/// among a hundred names takes one comparison.
#[derive(Debug)]
pub(crate) struct KeyIndex {
    /// Numbers of names by [`slot`], [`FREE`] where there is none. A name whose slot is taken is in
    /// the next free one.
    slots: [u8; SLOTS],
}

/// A power of two.
const SLOTS: usize = 256;
const FREE: u8 = u8::MAX;

impl KeyIndex {
    /// An index without names.
    pub(crate) const fn new() -> Self {
        Self {
            slots: [FREE; SLOTS],
        }
    }

    /// Adds the name with this number, which is below 128.
    pub(crate) const fn with(mut self, name: &str, number: usize) -> Self {
        assert!(number < SLOTS / 2, "too many names");
        let mut at = slot(name.as_bytes());
        while self.slots[at] != FREE {
            at = (at + 1) % SLOTS;
        }
        #[expect(clippy::cast_possible_truncation, reason = "asserted above")]
        let small = number as u8;
        self.slots[at] = small;
        self
    }

    /// The number of `key`; `name` says which name has a number.
    pub(crate) fn find(&self, key: &str, name: impl Fn(usize) -> &'static str) -> Option<usize> {
        let mut at = slot(key.as_bytes());
        loop {
            let number = match self.slots[at] {
                FREE => return None,
                number => usize::from(number),
            };
            if name(number) == key {
                return Some(number);
            }
            at = (at + 1) % SLOTS;
        }
    }
}

/// The first slot to look for a name: from its length and three of its bytes, which tells nearly all
/// names of a table apart.
const fn slot(name: &[u8]) -> usize {
    let length = name.len();
    if length == 0 {
        return 0;
    }
    let (first, middle, last) = (name[0], name[length / 2], name[length - 1]);
    let mixed = length * 37 + first as usize * 131 + middle as usize * 7 + last as usize * 29;
    mixed % SLOTS
}

#[cfg(test)]
mod tests {
    use super::KeyIndex;

    #[test]
    fn names_are_found_and_others_are_not() {
        // The second and third have the same slot.
        const NAMES: [&str; 4] = ["ports", "abc", "axbyc", "dns"];
        let index = (0..NAMES.len()).fold(KeyIndex::new(), |index, at| index.with(NAMES[at], at));
        for (at, name) in NAMES.iter().enumerate() {
            assert_eq!(index.find(name, |at| NAMES[at]), Some(at));
        }
        for other in ["", "port", "portss", "abd", "é"] {
            assert_eq!(index.find(other, |at| NAMES[at]), None);
        }
    }
}
