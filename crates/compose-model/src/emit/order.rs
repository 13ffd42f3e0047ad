//! The order of keys.

/// Whether Go's YAML library prints the key `left` before `right`.
///
/// Numbers within keys count by their value (`a2` before `a10`), other characters stand before
/// letters, and upper case before lower case. This is no strict order for all keys there are,
/// so that the standard library's sorting is not to be used with it: see [`sort_natural`].
///
/// ```
/// use compose_model::natural_less;
///
/// assert!(natural_less("port2", "port10"));
/// assert!(natural_less("a-b", "ab"));
/// ```
pub fn natural_less(left: &str, right: &str) -> bool {
    let mut lefts = left.chars();
    let mut rights = right.chars();
    let mut common = 0;
    let (mut after_digit, mut after_number) = (false, false);
    loop {
        let (left_rest, right_rest) = (lefts.as_str(), rights.as_str());
        let (Some(l), Some(r)) = (lefts.next(), rights.next()) else {
            return left_rest.is_empty() && !right_rest.is_empty();
        };
        if l == r {
            // Whether the digits so far are a number, and not only zeros.
            after_number = l.is_ascii_digit() && (l != '0' || after_number);
            after_digit = l.is_ascii_digit();
            common += l.len_utf8();
            continue;
        }
        match (l.is_alphabetic(), r.is_alphabetic()) {
            (true, true) => return l < r,
            // Behind digits, letters come first.
            (false, true) => return !after_digit,
            (true, false) => return after_digit,
            (false, false) => {}
        }
        // Zeros in front of a number do not count, those within it do.
        let start = i64::from((l == '0' || r == '0') && after_number);
        let (left_number, left_end) = number(&left[common..], start);
        let (right_number, right_end) = number(&right[common..], start);
        return (left_number, left_end, l) < (right_number, right_end, r);
    }
}

/// The number at the start of `text`, behind the digit `start`, and its length.
fn number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((start, 0), |(number, length), digit| {
        let digit = i64::from(digit - b'0');
        (number.wrapping_mul(10).wrapping_add(digit), length + 1)
    })
}

/// Sorts `items` by [`natural_less`] of their keys, as Go's YAML library sorts mappings.
///
/// ```
/// let mut keys = vec!["b", "a10", "a9", "B"];
/// compose_model::sort_natural(&mut keys, |key| key);
/// assert_eq!(keys, ["B", "a9", "a10", "b"]);
/// ```
pub fn sort_natural<T>(items: &mut Vec<T>, key: impl Fn(&T) -> &str) {
    // By hand: what the standard library has may panic if an order is none.
    sort(items, &key);
}

fn sort<T>(items: &mut Vec<T>, key: &impl Fn(&T) -> &str) {
    if items.len() < 2 {
        return;
    }
    let mut right = items.split_off(items.len() / 2);
    sort(items, key);
    sort(&mut right, key);
    *items = merged(std::mem::take(items), right, key);
}

fn merged<T>(left: Vec<T>, right: Vec<T>, key: &impl Fn(&T) -> &str) -> Vec<T> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let mut lefts = left.into_iter().peekable();
    let mut rights = right.into_iter().peekable();
    while let (Some(l), Some(r)) = (lefts.peek(), rights.peek()) {
        let next = if natural_less(key(r), key(l)) {
            rights.next()
        } else {
            lefts.next()
        };
        out.extend(next);
    }
    out.extend(lefts);
    out.extend(rights);
    out
}
