//! How names compare and sort.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{MAX_NAME, Name};

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        // Lengths are at most 63, below all letters.
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut lower = [0; MAX_NAME];
        let lower = &mut lower[..self.0.len()];
        lower.copy_from_slice(&self.0);
        lower.make_ascii_lowercase();
        state.write(lower);
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        let (mut one, mut two) = (Starts::of(&self.0), Starts::of(&other.0));
        loop {
            let (label, against) = match (one.last(&self.0), two.last(&other.0)) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(label), Some(against)) => (label, against),
            };
            if label == against {
                continue;
            }
            let (label, against) = (label.iter(), against.iter());
            let lower = u8::to_ascii_lowercase;
            let order = label.map(lower).cmp(against.map(lower));
            if order.is_ne() {
                return order;
            }
        }
    }
}

/// Where the labels of a name start, to go through them from the right.
struct Starts {
    starts: [u8; 128],
    count: usize,
}

impl Starts {
    fn of(wire: &[u8]) -> Self {
        let mut found = Self {
            starts: [0; 128],
            count: 0,
        };
        let mut at = 0;
        while wire[at] != 0 {
            // A name has 255 octets at most, so that this loses nothing.
            found.starts[found.count] = u8::try_from(at).unwrap_or(u8::MAX);
            found.count += 1;
            at += usize::from(wire[at]) + 1;
        }
        found
    }

    /// Takes the rightmost label away.
    fn last<'w>(&mut self, wire: &'w [u8]) -> Option<&'w [u8]> {
        self.count = self.count.checked_sub(1)?;
        let start = usize::from(self.starts[self.count]);
        Some(&wire[start + 1..=start + usize::from(wire[start])])
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes octets that sort as the names do (RFC 4034 section 6.1): labels from the right, lower
/// case, each ended by a zero. The key of a name is the beginning of the keys of all names below it.
pub(crate) fn write_sort_key(wire: &[u8], out: &mut Vec<u8>) {
    let mut starts = Starts::of(wire);
    while let Some(label) = starts.last(wire) {
        if label.iter().all(|b| *b > 1) {
            let from = out.len();
            out.extend_from_slice(label);
            out[from..].make_ascii_lowercase();
        } else {
            for byte in label {
                match byte {
                    0 | 1 => out.extend_from_slice(&[1, byte + 1]),
                    byte => out.push(byte.to_ascii_lowercase()),
                }
            }
        }
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::write_sort_key;
    use crate::Name;

    fn key(name: &Name) -> Vec<u8> {
        let mut key = Vec::new();
        write_sort_key(name.as_wire(), &mut key);
        key
    }

    proptest! {
        #[test]
        fn keys_sort_as_names_do(one in labels(), other in labels()) {
            let (one, other) = (Name::from_labels(one).unwrap(), Name::from_labels(other).unwrap());
            prop_assert_eq!(one.cmp(&other), key(&one).cmp(&key(&other)));
            prop_assert_eq!(one.cmp(&other).is_eq(), one == other);
        }
    }

    /// Few different octets, so that names are often nearly the same.
    fn labels() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let octet = prop_oneof![
            Just(0_u8),
            Just(1),
            Just(2),
            Just(b'A'),
            Just(b'a'),
            Just(b'b'),
            Just(b'-'),
            Just(0xff)
        ];
        prop::collection::vec(prop::collection::vec(octet, 1..4), 0..4)
    }
}
