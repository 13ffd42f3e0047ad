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
    let same = left.bytes().zip(right.bytes()).take_while(|(l, r)| l == r);
    let mut common = same.count();
    while !left.is_char_boundary(common) {
        common -= 1;
    }
    let (left_rest, right_rest) = (&left[common..], &right[common..]);
    let (Some(l), Some(r)) = (left_rest.chars().next(), right_rest.chars().next()) else {
        return left_rest.is_empty() && !right_rest.is_empty();
    };
    let before = left[..common].bytes().rev();
    let mut digits = before.take_while(u8::is_ascii_digit).peekable();
    let after_digit = digits.peek().is_some();
    // Whether the digits so far are a number, and not only zeros.
    let after_number = digits.any(|digit| digit != b'0');
    match (l.is_alphabetic(), r.is_alphabetic()) {
        (true, true) => return l < r,
        // Behind digits, letters come first.
        (false, true) => return !after_digit,
        (true, false) => return after_digit,
        (false, false) => {}
    }
    // Zeros in front of a number do not count, those within it do.
    let start = i64::from((l == '0' || r == '0') && after_number);
    let (left_number, left_end) = number(left_rest, start);
    let (right_number, right_end) = number(right_rest, start);
    (left_number, left_end, l) < (right_number, right_end, r)
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
    let count = items.len();
    if count < 2 {
        return;
    }
    let mut order: Vec<usize> = (0..count).collect();
    let less = |left: usize, right: usize| natural_less(key(&items[left]), key(&items[right]));
    sort(&mut order, &mut Vec::with_capacity(count), &less);
    if order.is_sorted() {
        return;
    }
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken[at].take()));
}

/// Merge sort by hand: what the standard library has may panic if an order is none.
fn sort(order: &mut [usize], spare: &mut Vec<usize>, less: &impl Fn(usize, usize) -> bool) {
    if order.len() < 2 {
        return;
    }
    let (left, right) = order.split_at_mut(order.len() / 2);
    sort(left, spare, less);
    sort(right, spare, less);
    spare.clear();
    spare.extend_from_slice(left);
    let (mut l, mut r) = (0, left.len());
    for at in 0..order.len() {
        // What is left of the right half is in its place already.
        if l == spare.len() {
            return;
        }
        let from_right = r < order.len() && less(order[r], spare[l]);
        if from_right {
            order[at] = order[r];
            r += 1;
        } else {
            order[at] = spare[l];
            l += 1;
        }
    }
}
